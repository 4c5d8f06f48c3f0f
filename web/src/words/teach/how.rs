//! What of the model moves, the few knobs there are, and the button.

use lampwork_protocol::ModelConfig;
use lampwork_protocol::words::PassageKind;
use leptos::prelude::*;

use super::lesson::Stage;
use super::plan::{LONGEST_NAME, Method, Plan};
use crate::i18n::*;
use crate::words::room::use_room;

/// A slider of a plan: its range, how it is read and written, how it is told.
struct Slider {
    name: &'static str,
    min: f64,
    max: f64,
    step: f64,
    read: fn(&Plan) -> f64,
    write: fn(&mut Plan, f64),
    told: fn(f64) -> String,
}

const RANK: Slider = Slider {
    name: "rank",
    min: 1.0,
    max: 32.0,
    step: 1.0,
    read: |plan| plan.rank as f64,
    write: |plan, value| plan.rank = value as usize,
    told: |value| format!("{value:.0}"),
};

const LAYERS: Slider = Slider {
    name: "layers",
    min: 1.0,
    max: 6.0,
    step: 1.0,
    read: |plan| plan.layers as f64,
    write: |plan, value| plan.layers = value as usize,
    told: |value| format!("{value:.0}"),
};

/// By its logarithm, as a tenth more means nothing and ten times as much a lot.
const RATE: Slider = Slider {
    name: "rate",
    min: -5.0,
    max: -2.0,
    step: 0.05,
    read: |plan| f64::from(plan.rate).log10(),
    write: |plan, value| plan.rate = 10_f64.powf(value) as f32,
    told: |value| format!("{:.1e}", 10_f64.powf(value)),
};

const EPOCHS: Slider = Slider {
    name: "epochs",
    min: 1.0,
    max: 60.0,
    step: 1.0,
    read: |plan| plan.epochs as f64,
    write: |plan, value| plan.epochs = value as usize,
    told: |value| format!("{value:.0}"),
};

const HELD_OUT: Slider = Slider {
    name: "held-out",
    min: 0.05,
    max: 0.5,
    step: 0.05,
    read: |plan| f64::from(plan.held_out),
    write: |plan, value| plan.held_out = value as f32,
    told: |value| format!("{:.0}\u{a0}%", value * 100.0),
};

/// The form, and the button that begins.
#[component]
pub fn How() -> impl IntoView {
    let i18n = use_i18n();
    let room = use_room();
    let lesson = room.lesson;
    let plan = lesson.plan;
    let method = Memo::new(move |_| plan.with(|plan| plan.method));
    let passages = move || !room.poems();
    let locked = Memo::new(move |_| matches!(lesson.stage(), Stage::Training | Stage::Setting));
    // Only what attends has an adapter here.
    let attends = move || {
        room.info.with(|info| {
            info.as_ref()
                .is_none_or(|info| matches!(info.card.recipe.model, ModelConfig::Transformer(_)))
        })
    };
    let words_of = move |method| match method {
        Method::Lora => (
            t_string!(i18n, words.teach.lora),
            t_string!(i18n, words.teach.lora_about),
        ),
        Method::Last => (
            t_string!(i18n, words.teach.last),
            t_string!(i18n, words.teach.last_about),
        ),
        Method::Full => (
            t_string!(i18n, words.teach.full),
            t_string!(i18n, words.teach.full_about),
        ),
    };
    let start = move |_| {
        let base = untrack(|| room.base());
        if let (Some(info), Some(base)) = (room.info.get_untracked(), base) {
            lesson.start(&info, &base);
        }
    };
    let ready = move || {
        lesson.own().is_some() && room.info.with(Option::is_some) && !locked.get() && attends()
    };
    let again = move || matches!(lesson.stage(), Stage::Paused | Stage::Over);
    view! {
        <section class="teach-how" aria-labelledby="teach-how-heading">
            <h2 id="teach-how-heading">{t!(i18n, words.teach.how)}</h2>
            <fieldset class="choice" disabled=move || locked.get()>
                <legend class="unseen">{t!(i18n, words.teach.moves)}</legend>
                <div class="choice-row">
                    {Method::ALL
                        .map(|one| {
                            view! {
                                <label>
                                    <input
                                        type="radio"
                                        name="teach-method"
                                        data-testid=format!("teach-method-{}", one.name())
                                        prop:checked=move || method.get() == one
                                        on:change=move |_| {
                                            plan.update(|plan| {
                                                plan.method = one;
                                                plan.rate = one.rate();
                                            });
                                        }
                                    />
                                    <span>{move || words_of(one).0}</span>
                                </label>
                            }
                        })
                        .collect_view()}
                </div>
                <p>{move || words_of(method.get()).1}</p>
            </fieldset>
            <div class="teach-start">
                <button
                    type="button"
                    class="button primary"
                    data-testid="teach-start"
                    disabled=move || !ready()
                    on:click=start
                >
                    {move || {
                        if again() {
                            t_string!(i18n, words.teach.start_again)
                        } else {
                            t_string!(i18n, words.teach.start)
                        }
                    }}
                </button>
                <p class="hint" hidden=move || lesson.own().is_some()>
                    {t!(i18n, words.teach.needs_text)}
                </p>
                <p class="hint" hidden=attends>
                    {t!(i18n, words.teach.needs_transformer)}
                </p>
            </div>
            <details class="knobs-more" data-testid="teach-more">
                <summary>{t!(i18n, words.teach.more)}</summary>
                <fieldset class="teach-knobs" disabled=move || locked.get()>
                    <legend class="unseen">{t!(i18n, words.teach.more)}</legend>
                    <label class="teach-knob">
                        <span>{t!(i18n, words.teach.name)}</span>
                        <input
                            type="text"
                            data-testid="teach-name"
                            maxlength=LONGEST_NAME.to_string()
                            placeholder=move || t_string!(i18n, words.teach.name_placeholder)
                            prop:value=move || lesson.name.get()
                            on:input=move |event| lesson.name.set(event_target_value(&event))
                        />
                    </label>
                    <Show when=passages>
                        <label class="teach-knob">
                            <span>{t!(i18n, words.teach.kind)}</span>
                            <select
                                data-testid="teach-kind"
                                prop:value=move || {
                                    match plan.with(|plan| plan.of) {
                                        PassageKind::Play => "play",
                                        PassageKind::Prose => "prose",
                                    }
                                }
                                on:change=move |event| {
                                    let of = match event_target_value(&event).as_str() {
                                        "play" => PassageKind::Play,
                                        _ => PassageKind::Prose,
                                    };
                                    plan.update(|plan| plan.of = of);
                                }
                            >
                                <option value="prose">{t!(i18n, words.teach.prose)}</option>
                                <option value="play">{t!(i18n, words.teach.play)}</option>
                            </select>
                        </label>
                    </Show>
                    <Show when=move || method.get() == Method::Lora>
                        <Knob
                            slider=&RANK
                            label=Signal::derive(move || t_string!(i18n, words.teach.rank))
                        />
                    </Show>
                    <Show when=move || method.get() == Method::Last>
                        <Knob
                            slider=&LAYERS
                            label=Signal::derive(move || t_string!(i18n, words.teach.layers))
                        />
                    </Show>
                    <Knob
                        slider=&RATE
                        label=Signal::derive(move || t_string!(i18n, words.teach.rate))
                    />
                    <Knob
                        slider=&EPOCHS
                        label=Signal::derive(move || t_string!(i18n, words.teach.epochs))
                    />
                    <Knob
                        slider=&HELD_OUT
                        label=Signal::derive(move || t_string!(i18n, words.teach.held_out))
                    />
                </fieldset>
            </details>
        </section>
    }
}

#[component]
fn Knob(slider: &'static Slider, label: Signal<&'static str>) -> impl IntoView {
    let plan = use_room().lesson.plan;
    let value = Memo::new(move |_| plan.with(slider.read));
    view! {
        <label class="teach-knob">
            <span>{label}</span>
            <input
                type="range"
                min=slider.min.to_string()
                max=slider.max.to_string()
                step=slider.step.to_string()
                data-testid=format!("teach-{}", slider.name)
                prop:value=move || value.get().to_string()
                aria-valuetext=move || (slider.told)(value.get())
                on:input=move |event| {
                    if let Ok(value) = event_target_value(&event).parse::<f64>() {
                        let value = value.clamp(slider.min, slider.max);
                        plan.update(|plan| (slider.write)(plan, value));
                    }
                }
            />
            <output class="knob-value">{move || (slider.told)(value.get())}</output>
        </label>
    }
}
