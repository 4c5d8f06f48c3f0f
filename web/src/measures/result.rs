//! The table of what was measured in this tab.

use lampwork_protocol::Measurement;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::told::{hexadecimal, json, lacks_frechet, text};
use super::words::said;
use super::{Values, figure_name};
use crate::browser;
use crate::i18n::*;

/// What was measured.
#[component]
pub fn Table(
    /// The figures, and of what they are.
    measured: Measurement,
) -> impl IntoView {
    let i18n = use_i18n();
    let lines = measured
        .figures
        .iter()
        .map(|figure| {
            let figure = figure.clone();
            let (name, means) = (figure.name.clone(), figure.name.clone());
            let testid = format!("here-row-{name}");
            view! {
                <tr data-testid=testid>
                    <th scope="row" class="model">
                        <details>
                            <summary>{move || figure_name(said(i18n, &name), &name)}</summary>
                            {move || said(i18n, &means).map(|said| view! {
                                <p>{said.means}</p>
                                <p>{said.silent}</p>
                            })}
                            <p>{figure.how.clone()}</p>
                        </details>
                    </th>
                    <Values figure />
                </tr>
            }
        })
        .collect_view();
    let order = measured.order.clone();
    let (weights, judge) = (hexadecimal(&order.weights), hexadecimal(&measured.judge));
    let facts = move || {
        let way = order.sampling.map(|way| {
            let (steps, guidance) = (way.steps, way.guidance);
            t_string!(i18n, measures.here.way, steps = steps, guidance = guidance)
        });
        let facts = t_string!(
            i18n,
            measures.here.facts,
            model = order.model.clone(),
            weights = weights.clone(),
            count = order.count,
            seed = order.seed,
            judge = judge.clone()
        );
        [Some(facts), way]
            .into_iter()
            .flatten()
            .collect::<Vec<_>>()
            .join(" · ")
    };
    let few = lacks_frechet(&measured.figures);
    view! {
        <table class="measure-table no-way" data-testid="here-table">
            <caption class="hint">
                <p data-testid="here-facts">{facts}</p>
                <p>
                    {move || match few {
                        true => t_string!(i18n, measures.here.no_frechet),
                        false => t_string!(i18n, measures.here.few),
                    }}
                </p>
            </caption>
            <thead>
                <tr>
                    <th scope="col" class="model">{t!(i18n, measures.here.figure)}</th>
                    <th scope="col">{t!(i18n, measures.here.this)}</th>
                    <th scope="col">{t!(i18n, measures.real)}</th>
                    <th scope="col">{t!(i18n, measures.noise)}</th>
                </tr>
            </thead>
            <tbody>{lines}</tbody>
        </table>
        <Copy measured />
    }
}

/// The figures to take along.
#[component]
fn Copy(measured: Measurement) -> impl IntoView {
    let i18n = use_i18n();
    let word = RwSignal::new(None::<bool>);
    let measured = StoredValue::new(measured);
    let copy = move |form: fn(&Measurement) -> String| {
        let text = measured.with_value(form);
        spawn_local(async move {
            let done = browser::copy(&text).await;
            // The table may be gone by now.
            word.try_set(Some(done));
        });
    };
    view! {
        <div class="here-copy">
            <button
                type="button"
                class="button"
                data-testid="here-copy-text"
                on:click=move |_| copy(text)
            >
                {t!(i18n, measures.here.copy_text)}
            </button>
            <button
                type="button"
                class="button"
                data-testid="here-copy-json"
                on:click=move |_| copy(json)
            >
                {t!(i18n, measures.here.copy_json)}
            </button>
            <span role="status" class="hint" data-testid="here-word">
                {move || word.get().map(|done| match done {
                    true => t_string!(i18n, measures.here.copied),
                    false => t_string!(i18n, measures.here.not_copied),
                })}
            </span>
        </div>
    }
}
