//! Measuring a model in this tab.

use lampwork_protocol::{MeasureStage, ModelCard, ModelConfig};
use leptos::prelude::*;

use super::result::Table;
use super::work::{Standing, Wish, Work, sampling};
use crate::app::FIRST_MODEL;
use crate::failure::words as failure_words;
use crate::i18n::*;
use crate::library::use_library;
use crate::link::Link;
use crate::pictures::{data_name, model_name};

/// Pictures on each side, to choose from; the last means all that there are.
const COUNTS: [u32; 3] = [128, 256, 1000];

/// Leaps from noise to picture, to choose from.
const LEAPS: [u16; 4] = [1, 2, 4, 8];

/// What is chosen.
#[derive(Clone, Copy)]
struct Choice {
    cards: Signal<Vec<ModelCard>>,
    model: RwSignal<String>,
    count: RwSignal<u32>,
    seed: RwSignal<u64>,
    steps: RwSignal<u16>,
    guidance: RwSignal<f32>,
}

impl Choice {
    /// The card of the model; tracked.
    fn card(&self) -> Option<ModelCard> {
        let name = self.model.get();
        self.cards
            .with(|cards| cards.iter().find(|card| card.name == name).cloned())
    }

    /// Takes another model, and its usual way.
    fn take(&self, name: String) {
        self.model.set(name);
        let card = untrack(|| self.card());
        if let Some(way) = card.and_then(|card| sampling_usual(&card.recipe.model)) {
            self.steps.set(way.0);
            self.guidance.set(way.1);
        }
    }
}

/// Steps and guidance that a flow usually goes with.
fn sampling_usual(model: &ModelConfig) -> Option<(u16, f32)> {
    lampwork_protocol::Sampling::usual(model).map(|way| (way.steps, way.guidance))
}

/// The section.
#[component]
pub fn Here(
    /// The shipped models.
    cards: Vec<ModelCard>,
) -> impl IntoView {
    let i18n = use_i18n();
    let library = use_library();
    let work = Work::new(expect_context::<Link>(), library);
    // The one that is loaded already, and quick to measure.
    let first = cards.iter().find(|card| card.name == FIRST_MODEL);
    let first = first.or_else(|| cards.iter().find(|card| card.recipe.data.judged()));
    let first = first.map_or_else(String::new, |card| card.name.clone());
    let choice = Choice {
        cards: Signal::derive(move || {
            let yours = library.yours().map(|info| ModelCard {
                name: ModelCard::YOURS.to_owned(),
                ..info.card
            });
            cards.iter().cloned().chain(yours).collect()
        }),
        model: RwSignal::new(String::new()),
        count: RwSignal::new(COUNTS[0]),
        seed: RwSignal::new(1),
        steps: RwSignal::new(1),
        guidance: RwSignal::new(1.0),
    };
    choice.take(first);
    let unjudged = move || {
        let data = choice.card()?.recipe.data;
        (!data.judged()).then(|| {
            let data = data_name(i18n, data);
            t_string!(i18n, measures.here.no_judge, data = data)
        })
    };
    let busy = Memo::new(move |_| work.busy());
    let start = move || {
        if let Some(card) = untrack(|| choice.card()) {
            let (steps, guidance) = (
                choice.steps.get_untracked(),
                choice.guidance.get_untracked(),
            );
            work.start(Wish {
                sampling: sampling(&card.recipe.model, steps, guidance),
                model: card.name,
                count: choice.count.get_untracked(),
                seed: choice.seed.get_untracked(),
            });
        }
    };
    view! {
        <section class="here" aria-labelledby="here-heading">
            <div class="measure-words">
                <h2 id="here-heading">{t!(i18n, measures.here.heading)}</h2>
                <p>{t!(i18n, measures.here.lead)}</p>
            </div>
            <div class="here-knobs">
                <Knobs choice />
                // One button for both, so that it keeps the focus.
                <button
                    type="button"
                    class="button"
                    class:primary=move || !busy.get()
                    data-testid=move || if busy.get() { "here-cancel" } else { "here-start" }
                    disabled=move || !busy.get() && unjudged().is_some()
                    on:click=move |_| if busy.get_untracked() { work.stop() } else { start() }
                >
                    {move || match busy.get() {
                        true => t_string!(i18n, measures.here.stop),
                        false => t_string!(i18n, measures.here.start),
                    }}
                </button>
            </div>
            {move || unjudged().map(|word| view! {
                <p class="hint" data-testid="here-no-judge">{word}</p>
            })}
            <Progress work />
            {move || match work.standing().get() {
                Standing::Done(measured) => Some(view! { <Table measured /> }.into_any()),
                Standing::Failed(failure) => {
                    let (what, hint) = failure_words(i18n, &failure);
                    Some(view! {
                        <p role="alert" class="trouble" data-testid="here-trouble">
                            {what} " " <span class="hint">{hint}</span>
                        </p>
                    }
                    .into_any())
                }
                _ => None,
            }}
        </section>
    }
}

/// Model, count, seed, and a flow's way.
#[component]
fn Knobs(choice: Choice) -> impl IntoView {
    let i18n = use_i18n();
    let names = Memo::new(move |_| {
        let names = |cards: &Vec<ModelCard>| -> Vec<String> {
            cards.iter().map(|card| card.name.clone()).collect()
        };
        choice.cards.with(names)
    });
    let leaps = Memo::new(move |_| {
        let model = choice.card().map(|card| card.recipe.model);
        matches!(model, Some(ModelConfig::Flow(config)) if config.shortcut.is_some())
    });
    let flow = Memo::new(move |_| {
        let model = choice.card().map(|card| card.recipe.model);
        matches!(model, Some(ModelConfig::Flow(_)))
    });
    view! {
        <label class="here-knob">
            <span>{t!(i18n, measures.here.model)}</span>
            <select
                data-testid="here-model"
                prop:value=move || choice.model.get()
                on:change=move |event| choice.take(event_target_value(&event))
            >
                {move || names
                    .get()
                    .into_iter()
                    .map(|name| {
                        let chosen = choice.model.get_untracked() == name;
                        let shown = model_name(i18n, &name);
                        view! { <option value=name selected=chosen>{shown}</option> }
                    })
                    .collect_view()}
            </select>
        </label>
        <label class="here-knob">
            <span>{t!(i18n, measures.here.count)}</span>
            <select
                data-testid="here-count"
                on:change=move |event| {
                    if let Ok(count) = event_target_value(&event).parse() {
                        choice.count.set(count);
                    }
                }
            >
                {COUNTS
                    .map(|count| {
                        let all = count == COUNTS[COUNTS.len() - 1];
                        view! {
                            <option value=count.to_string()>
                                {move || match all {
                                    true => t_string!(i18n, measures.here.all).to_owned(),
                                    false => count.to_string(),
                                }}
                            </option>
                        }
                    })
                    .collect_view()}
            </select>
        </label>
        <Number
            testid="here-seed"
            label=Signal::derive(move || t_string!(i18n, measures.here.seed))
            value=Signal::derive(move || choice.seed.get().to_string())
            range=("0", "9007199254740991", "1")
            take=move |text: &str| {
                if let Ok(seed) = text.parse() {
                    choice.seed.set(seed);
                }
            }
        />
        <Show when=move || flow.get() && leaps.get()>
            <label class="here-knob">
                <span>{t!(i18n, measures.here.steps)}</span>
                <select
                    data-testid="here-leaps"
                    on:change=move |event| {
                        if let Ok(steps) = event_target_value(&event).parse() {
                            choice.steps.set(steps);
                        }
                    }
                >
                    {LEAPS
                        .map(|steps| {
                            let chosen = choice.steps.get_untracked() == steps;
                            view! {
                                <option value=steps.to_string() selected=chosen>{steps}</option>
                            }
                        })
                        .collect_view()}
                </select>
            </label>
        </Show>
        <Show when=move || flow.get() && !leaps.get()>
            <Number
                testid="here-steps"
                label=Signal::derive(move || t_string!(i18n, measures.here.steps))
                value=Signal::derive(move || choice.steps.get().to_string())
                range=("1", "50", "1")
                take=move |text: &str| {
                    if let Ok(steps) = text.parse::<u16>() {
                        choice.steps.set(steps.clamp(1, 50));
                    }
                }
            />
            <Number
                testid="here-guidance"
                label=Signal::derive(move || t_string!(i18n, measures.here.guidance))
                value=Signal::derive(move || choice.guidance.get().to_string())
                range=("0", "5", "0.1")
                take=move |text: &str| {
                    if let Ok(guidance) = text.parse::<f32>() {
                        choice.guidance.set(guidance.clamp(0.0, 5.0));
                    }
                }
            />
        </Show>
    }
}

/// A number to type.
#[component]
fn Number(
    /// Its test id.
    testid: &'static str,
    /// Its name.
    label: Signal<&'static str>,
    /// What stands in it.
    value: Signal<String>,
    /// Lowest and highest value, and the step between.
    range: (&'static str, &'static str, &'static str),
    /// Called with what was typed.
    take: impl Fn(&str) + Send + Sync + 'static,
) -> impl IntoView {
    view! {
        <label class="here-knob">
            <span>{label}</span>
            <input
                type="number"
                min=range.0
                max=range.1
                step=range.2
                data-testid=testid
                prop:value=value
                on:change=move |event| take(&event_target_value(&event))
            />
        </label>
    }
}

/// How far it is.
#[component]
fn Progress(work: Work) -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <div class="progress" role="status" data-testid="here-progress">
            {move || {
                let (word, part) = match work.standing().get() {
                    Standing::Preparing => {
                        (t_string!(i18n, measures.here.preparing).to_owned(), None)
                    }
                    Standing::Under(stage, progress) => {
                        let (done, total) = (progress.done, progress.total);
                        let part = done as f64 / total.max(1) as f64;
                        // In steps that can be listened to.
                        let percent = (part * 10.0).floor() * 10.0;
                        let word = match stage {
                            MeasureStage::Making => {
                                t_string!(i18n, measures.here.making, done = done, total = total)
                            }
                            MeasureStage::Looking => {
                                t_string!(i18n, measures.here.looking, done = done, total = total)
                            }
                            MeasureStage::Comparing => {
                                t_string!(i18n, measures.here.comparing, percent = percent)
                            }
                        };
                        (word, Some(part))
                    }
                    Standing::Cancelled => {
                        (t_string!(i18n, measures.here.cancelled).to_owned(), None)
                    }
                    Standing::Idle | Standing::Done(_) | Standing::Failed(_) => return None,
                };
                Some(view! {
                    <p>{word}</p>
                    {part.map(|part| view! {
                        <progress max="1" value=part aria-hidden="true"></progress>
                    })}
                })
            }}
        </div>
    }
}
