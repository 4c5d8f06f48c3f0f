//! What is only there where nets write: one's own text in place of the data, and a list
//! of what the run wrote.

use lampwork_protocol::words::{PassageKind, Source};
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::bench::Bench;
use super::board::Board;
use super::scale::whole;
use crate::i18n::*;
use crate::route::Room;

/// Share of one's own text that is held out.
const HELD_OUT: f32 = 0.1;

/// Texts that are shown at once, the newest first.
const SHOWN: usize = 12;

/// Whether the run learns from one's own text; the data then says by which tokens it is
/// read.
#[component]
pub fn OwnText(board: Board) -> impl IntoView {
    let i18n = use_i18n();
    let Bench::Words(shelf) = board.bench else {
        return ().into_any();
    };
    let own = Memo::new(move |_| shelf.own());
    spawn_local(async move {
        // One of an earlier visit may be kept; there may be none.
        shelf.recall_own().await;
    });
    let learns = move || matches!(board.source.get(), Source::Own { .. });
    let choose = move |event: leptos::ev::Event| {
        let of = Some(PassageKind::Prose);
        board.source.set(if event_target_checked(&event) {
            Source::Own {
                held_out: HELD_OUT,
                of,
            }
        } else {
            Source::Corpus
        });
    };
    let about = move || {
        own.with(|own| match own {
            None => t_string!(i18n, workbench.own_none).to_owned(),
            Some(own) => {
                let characters = whole(own.opened.characters.into());
                t_string!(i18n, workbench.own_about, characters = characters)
            }
        })
    };
    view! {
        <fieldset class="choice">
            <legend>{t!(i18n, workbench.own)}</legend>
            <div class="choice-row">
                <label>
                    <input
                        type="checkbox"
                        data-testid="workbench-own"
                        prop:checked=learns
                        disabled=move || own.with(Option::is_none) && !learns()
                        on:change=choose
                    />
                    <span>{t!(i18n, workbench.own_use)}</span>
                </label>
            </div>
            <p>
                {about} " "
                <a href=format!("{}?tool=teach", Room::Words.href())>
                    {t!(i18n, workbench.own_give)}
                </a>
            </p>
        </fieldset>
    }
    .into_any()
}

/// What the run wrote, step by step: always from the same noise.
#[component]
pub fn Written(board: Board) -> impl IntoView {
    let i18n = use_i18n();
    let all = RwSignal::new(false);
    let samples = Memo::new(move |_| {
        let most = if all.get() { usize::MAX } else { SHOWN };
        board.log(|log| {
            let newest = log.samples().iter().rev().take(most);
            newest.cloned().collect::<Vec<_>>()
        })
    });
    let shown = move |text: &str| match board.bench {
        Bench::Words(shelf) => shelf.filter.shown(text),
        Bench::Pictures(..) => text.to_owned(),
    };
    let more = move || !all.get() && board.log(|log| log.samples().len() > SHOWN);
    let chinese = Memo::new(move |_| {
        let learned = board
            .status
            .with(|status| status.as_ref().map(|status| status.recipe.data));
        learned.unwrap_or_else(|| board.draft.with(|draft| draft.data))
            == lampwork_protocol::DataSet::Poems
    });
    view! {
        <section class="written" aria-labelledby="written-heading">
            <div class="film-head">
                <h2 id="written-heading">{t!(i18n, workbench.written.heading)}</h2>
                <p>{t!(i18n, workbench.written.about)}</p>
            </div>
            <ol
                class="written-list"
                reversed
                data-testid="workbench-written"
                lang=move || if chinese.get() { "zh-Hant" } else { "en" }
            >
                <For each=move || samples.get() key=|sample| sample.step let:sample>
                    <li>
                        <span class="written-step">
                            {move || t_string!(i18n, workbench.film.at, step = whole(sample.step))}
                        </span>
                        <p dir="auto">{move || shown(&sample.text)}</p>
                    </li>
                </For>
            </ol>
            <p class="hint" hidden=move || samples.with(|samples| !samples.is_empty())>
                {t!(i18n, workbench.written.empty)}
            </p>
            <Show when=more>
                <button
                    type="button"
                    class="button quiet"
                    data-testid="workbench-written-all"
                    on:click=move |_| all.set(true)
                >
                    {t!(i18n, workbench.written.all)}
                </button>
            </Show>
        </section>
    }
}
