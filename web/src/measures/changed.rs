//! Nets that make pictures of pictures: what was measured of each.

use lampwork_protocol::{Figure, ModelCard};
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::rows::shown;
use crate::i18n::*;
use crate::library::use_library;

/// The table, once the cards are there; nothing where no such net is shipped, or its card
/// cannot be had.
#[component]
pub fn Changed() -> impl IntoView {
    let i18n = use_i18n();
    let library = use_library();
    let cards = RwSignal::new(Vec::<ModelCard>::new());
    spawn_local(async move {
        if let Ok(found) = library.cards_of_changers().await {
            cards.try_set(found);
        }
    });
    let rows = move |card: ModelCard| {
        let count = card.figures.len();
        card.figures
            .into_iter()
            .enumerate()
            .map(|(at, figure)| {
                let name = (at == 0).then(|| {
                    view! { <th scope="rowgroup" rowspan=count>{card.name.clone()}</th> }
                });
                let Figure {
                    name: what,
                    value,
                    unit,
                    how,
                    ..
                } = figure;
                view! {
                    <tr>
                        {name}
                        <th scope="row">
                            {what.replace('_', " ")}
                            <details>
                                <summary>{t!(i18n, measures.changed_how)}</summary>
                                <p class="hint" lang="en">{how}</p>
                            </details>
                        </th>
                        <td class="value">{shown(value)} " " {unit}</td>
                    </tr>
                }
            })
            .collect_view()
    };
    view! {
        <Show when=move || cards.with(|cards| cards.iter().any(|card| !card.figures.is_empty()))>
            <section class="measure" aria-labelledby="changed-heading">
                <h2 id="changed-heading">{t!(i18n, measures.changed)}</h2>
                <p>{t!(i18n, measures.changed_about)}</p>
                <table class="measure-table" data-testid="measures-changed">
                    <thead>
                        <tr>
                            <th scope="col">{t!(i18n, measures.model)}</th>
                            <th scope="col">{t!(i18n, measures.changed_figure)}</th>
                            <th scope="col">{t!(i18n, measures.value)}</th>
                        </tr>
                    </thead>
                    {move || {
                        cards
                            .get()
                            .into_iter()
                            .map(|card| view! { <tbody>{rows(card)}</tbody> })
                            .collect_view()
                    }}
                </table>
            </section>
        </Show>
    }
}
