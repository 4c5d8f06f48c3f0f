//! What a long text says in short: by extraction, and by the model.

use lampwork_protocol::Failure;
use lampwork_protocol::words::{MAX_FILE, Sentence};
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::segments::{Segment, segments};
use super::summed::{MOST, Summary};
use crate::browser;
use crate::failure::words as failure_words;
use crate::files::FileButton;
use crate::i18n::*;
use crate::link::words::read_text;
use crate::route::History;
use crate::words::room::use_room;

/// The text, and both summaries of it.
#[component]
pub fn SummaryMode() -> impl IntoView {
    let i18n = use_i18n();
    let room = use_room();
    let summary = Summary::new(room, t_string!(i18n, words.together.sample));
    Effect::new(move |_| {
        if room.plain.with(Option::is_some)
            && let Some(text) = room.plain.try_update(Option::take).flatten()
        {
            summary.take(text);
        }
    });
    let open = move |file: web_sys::File| {
        spawn_local(async move {
            let bytes = file.size() as u64;
            let answer = if bytes > MAX_FILE as u64 {
                Err(Failure::TooLarge {
                    bytes,
                    limit: MAX_FILE as u64,
                })
            } else {
                browser::read_file(&file)
                    .await
                    .and_then(|bytes| read_text(&bytes))
            };
            match answer {
                Ok(text) => summary.take(text),
                Err(failure) => {
                    summary.failure.try_set(Some(failure));
                }
            }
        });
    };
    view! {
        <div class="together-summary">
            <div class="together-source">
                <label for="together-source">{t!(i18n, words.together.source)}</label>
                <textarea
                    id="together-source"
                    rows="12"
                    dir="auto"
                    placeholder=move || t_string!(i18n, words.together.source_ask)
                    data-testid="source"
                    prop:value=move || summary.text.get()
                    on:input=move |event| {
                        let composing = js_sys::Reflect::get(&event, &"isComposing".into());
                        if !composing.is_ok_and(|composing| composing.is_truthy()) {
                            summary.take(event_target_value(&event));
                        }
                    }
                    on:compositionend=move |event| summary.take(event_target_value(&event))
                ></textarea>
                <div class="together-do">
                    <FileButton
                        name="source-open"
                        input_name="source-file"
                        label=Signal::derive(move || t_string!(i18n, words.together.source_open).to_owned())
                        accept=".txt,.md,text/plain,text/markdown"
                        take=open
                    />
                    <button
                        type="button"
                        class="button quiet"
                        data-testid="source-sample"
                        on:click=move |_| summary.take(t_string!(i18n, words.together.sample).to_owned())
                    >
                        {t!(i18n, words.together.source_sample)}
                    </button>
                    <button
                        type="button"
                        class="button quiet"
                        disabled=move || summary.text.with(String::is_empty)
                        data-testid="source-clear"
                        on:click=move |_| summary.take(String::new())
                    >
                        {t!(i18n, words.together.source_clear)}
                    </button>
                </div>
                <div class="together-count">
                    <label for="together-sentences">{t!(i18n, words.together.sentences)}</label>
                    <input
                        id="together-sentences"
                        type="range"
                        min="1"
                        max=MOST.to_string()
                        step="1"
                        data-testid="sentences"
                        prop:value=move || summary.sentences.get().to_string()
                        on:input=move |event| {
                            room.address
                                .set(
                                    &[("sentences", Some(event_target_value(&event)))],
                                    History::Replace,
                                );
                        }
                    />
                    <output for="together-sentences">{move || summary.sentences.get()}</output>
                </div>
                <Trouble failure=summary.failure name="source-trouble" />
            </div>
            <div class="together-results">
                <Extracted summary />
                <ByModel summary />
            </div>
            <Marked summary />
        </div>
    }
}

#[component]
fn Trouble(failure: RwSignal<Option<Failure>>, name: &'static str) -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <div role="alert" class="trouble" data-testid=name>
            {move || {
                failure
                    .get()
                    .map(|failure| {
                        let (what, hint) = failure_words(i18n, &failure);
                        view! { <p>{what} " " <span class="hint">{hint}</span></p> }
                    })
            }}
        </div>
    }
}

/// Sentences of a text as a list, with what each is worth.
#[component]
fn Sentences(
    summary: Summary,
    all: RwSignal<Vec<Sentence>>,
    name: &'static str,
    worth: Callback<f32, String>,
) -> impl IntoView {
    let found = move || {
        let text = summary.text.get_untracked();
        all.get()
            .into_iter()
            .filter_map(|one| {
                let said = text.get(one.start as usize..one.end as usize)?;
                Some((
                    said.split_whitespace().collect::<Vec<_>>().join(" "),
                    one.rank,
                ))
            })
            .map(|(said, rank)| {
                view! {
                    <li>
                        <span dir="auto">{said}</span>
                        " "
                        <span class="hint">{worth.run(rank)}</span>
                    </li>
                }
            })
            .collect_view()
    };
    view! {
        <ul class="together-found" data-testid=name>
            {found}
        </ul>
    }
}

#[component]
fn Extracted(summary: Summary) -> impl IntoView {
    let i18n = use_i18n();
    let worth = Callback::new(move |rank: f32| {
        let rank = format!("{rank:.2}");
        t_string!(i18n, words.together.rank, rank = rank)
    });
    view! {
        <section class="by-rank" aria-labelledby="together-by-rank">
            <h2 id="together-by-rank">{t!(i18n, words.together.extracted)}</h2>
            <p class="hint">{t!(i18n, words.together.extracted_about)}</p>
            <Sentences summary all=summary.ranked name="extracted" worth />
        </section>
    }
}

#[component]
fn ByModel(summary: Summary) -> impl IntoView {
    let i18n = use_i18n();
    let worth = Callback::new(move |gain: f32| {
        let nats = format!("{gain:+.1}");
        t_string!(i18n, words.together.gain, nats = nats)
    });
    let busy = Memo::new(move |_| summary.far.with(Option::is_some));
    let ready = Memo::new(move |_| {
        summary
            .room
            .info
            .with(|info| info.as_ref().is_some_and(|info| !info.poems))
    });
    let none = move || {
        let none = summary.lines.with(Vec::is_empty);
        none && !busy.get() && summary.weighed.with(|all| !all.is_empty())
    };
    view! {
        <section class="by-model" aria-labelledby="together-by-model">
            <h2 id="together-by-model">{t!(i18n, words.together.by_model)}</h2>
            <p class="hint">{t!(i18n, words.together.by_model_about)}</p>
            <p class="together-do">
                <button
                    type="button"
                    class="button"
                    disabled=move || !ready.get() || summary.text.with(|text| text.trim().is_empty())
                    data-testid="weigh"
                    on:click=move |_| {
                        if busy.get_untracked() {
                            summary.stop();
                        } else {
                            summary.weigh();
                        }
                    }
                >
                    {move || {
                        if busy.get() {
                            t_string!(i18n, words.stop)
                        } else {
                            t_string!(i18n, words.together.weigh)
                        }
                    }}
                </button>
                {move || {
                    summary
                        .far
                        .get()
                        .map(|(done, of)| {
                            view! {
                                <progress
                                    max="1"
                                    value=f64::from(done) / f64::from(of.max(1))
                                    aria-label=move || t_string!(i18n, words.together.weighing)
                                ></progress>
                            }
                        })
                }}
            </p>
            <Trouble failure=summary.model_failure name="model-trouble" />
            <Sentences summary all=summary.weighed name="weighed" worth />
            <Show when=move || summary.lines.with(|lines| !lines.is_empty())>
                <h3>{t!(i18n, words.together.lines)}</h3>
                <p class="hint">{t!(i18n, words.together.lines_about)}</p>
                <ul class="together-found" data-testid="lines">
                    {move || {
                        summary
                            .lines
                            .get()
                            .into_iter()
                            .map(|line| {
                                view! {
                                    <li>
                                        <span lang="en">{line.text}</span>
                                        " "
                                        <span class="hint">{worth.run(line.gain)}</span>
                                    </li>
                                }
                            })
                            .collect_view()
                    }}
                </ul>
            </Show>
            <Show when=none>
                <p class="hint">{t!(i18n, words.together.lines_none)}</p>
            </Show>
            <span class="unseen" role="status">
                {move || {
                    let done = summary.asked.get() && !busy.get();
                    let done = done && summary.weighed.with(|all| !all.is_empty());
                    done.then(|| t_string!(i18n, words.together.weighed))
                }}
            </span>
        </section>
    }
}

/// The text with its main sentences marked.
#[component]
fn Marked(summary: Summary) -> impl IntoView {
    let i18n = use_i18n();
    let parts = move || {
        let (ranked, weighed) = (summary.ranked.get(), summary.weighed.get());
        if ranked.is_empty() && weighed.is_empty() {
            return vec![];
        }
        summary
            .text
            .with_untracked(|text| segments(text, &ranked, &weighed))
    };
    let there = Memo::new(move |_| {
        summary.ranked.with(|all| !all.is_empty()) || summary.weighed.with(|all| !all.is_empty())
    });
    view! {
        <Show when=move || there.get()>
            <section class="together-marked" aria-labelledby="together-marked-head">
                <h2 id="together-marked-head">{t!(i18n, words.together.marked)}</h2>
                <p class="hint together-legend">
                    <mark class="rank">{t!(i18n, words.together.marked_rank)}</mark>
                    <mark class="model">{t!(i18n, words.together.marked_model)}</mark>
                </p>
                <div class="together-text" role="group" dir="auto" tabindex="0" data-testid="marked" aria-label=move || t_string!(i18n, words.together.marked)>
                    {move || parts().into_iter().map(part).collect_view()}
                </div>
            </section>
        </Show>
    }
}

fn part(segment: Segment) -> impl IntoView {
    let Segment { text, marks, gap } = segment;
    let gap = gap.then_some(" … ");
    if marks.rank || marks.model {
        view! {
            <mark class:rank=marks.rank class:model=marks.model>
                {text}
            </mark>
        }
        .into_any()
    } else {
        view! { {gap} {text} }.into_any()
    }
}
