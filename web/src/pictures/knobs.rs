//! Seed, class, temperature, count, and the way of a flow.

use leptos::prelude::*;

use lampwork_protocol::Solver;

use super::maker::Maker;
use super::prompt::MakeOrStop;
use super::room::{
    MOST_GUIDANCE, MOST_STEPS, classes, has_leaps, has_words, is_flow, short, use_room,
};
use super::sheet::COUNTS;
use super::words::class_name;
use crate::i18n::*;
use crate::route::History;

/// Leaps from noise to picture, to choose from.
const LEAPS: [u16; 4] = [1, 2, 4, 8];

/// The seed, and a die to throw for another.
#[component]
pub fn Seed() -> impl IntoView {
    let i18n = use_i18n();
    let room = use_room();
    let set = move |seed: u64, history| {
        room.address
            .set(&[("seed", Some(seed.to_string()))], history);
    };
    let throw = move |_| set((js_sys::Math::random() * 1e6) as u64, History::Push);
    view! {
        <div class="knob knob-seed">
            <label for="seed">{t!(i18n, pictures.seed)}</label>
            <span class="knob-pair">
                <input
                    id="seed"
                    type="number"
                    min="0"
                    max="9007199254740991"
                    step="1"
                    inputmode="numeric"
                    data-testid="seed"
                    prop:value=move || room.seed.get().to_string()
                    on:change=move |event| {
                        if let Ok(seed) = event_target_value(&event).parse() {
                            set(seed, History::Push);
                        }
                    }
                />
                <button
                    type="button"
                    class="button die"
                    title=move || t_string!(i18n, pictures.die)
                    aria-label=move || t_string!(i18n, pictures.die)
                    data-testid="die"
                    on:click=throw
                >
                    <svg viewBox="0 0 20 20" width="20" height="20" aria-hidden="true">
                        <rect x="2" y="2" width="16" height="16" rx="4" fill="none" stroke="currentColor" stroke-width="1.5" />
                        <circle cx="6.5" cy="6.5" r="1.6" fill="currentColor" />
                        <circle cx="10" cy="10" r="1.6" fill="currentColor" />
                        <circle cx="13.5" cy="13.5" r="1.6" fill="currentColor" />
                    </svg>
                </button>
            </span>
        </div>
    }
}

/// A slider with its value beside.
#[component]
pub fn Slider(
    /// Its id and test id.
    id: &'static str,
    /// Its name.
    #[prop(into)]
    label: Signal<String>,
    /// Where it stands.
    #[prop(into)]
    value: Signal<f32>,
    /// Lowest and highest value.
    range: (f32, f32),
    /// Called with every move.
    on_move: impl Fn(f32) + 'static,
) -> impl IntoView {
    let shown = move || short(value.get());
    view! {
        <div class="knob">
            <label for=id>{label}</label>
            <span class="knob-pair">
                <input
                    id=id
                    type="range"
                    min=range.0.to_string()
                    max=range.1.to_string()
                    step="0.01"
                    data-testid=id
                    prop:value=shown
                    aria-valuetext=shown
                    on:input=move |event| {
                        if let Ok(value) = event_target_value(&event).parse() {
                            on_move(value);
                        }
                    }
                />
                <output for=id class="knob-value">{shown}</output>
            </span>
        </div>
    }
}

/// Standard deviation of the draws.
#[component]
pub fn Temperature() -> impl IntoView {
    let i18n = use_i18n();
    let room = use_room();
    view! {
        <Slider
            id="temperature"
            label=Signal::derive(move || t_string!(i18n, pictures.temperature).to_owned())
            value=room.temperature
            range=(0.0, 1.5)
            on_move=move |value| {
                room.address.set(&[("temperature", Some(short(value)))], History::Replace);
            }
        />
    }
}

/// How a flow goes from noise to picture; nothing for other models.
#[component]
pub fn Path() -> impl IntoView {
    let i18n = use_i18n();
    let room = use_room();
    let flow = Memo::new(move |_| room.info.with(|info| info.as_ref().is_some_and(is_flow)));
    let can_leap = Memo::new(move |_| room.info.with(|info| info.as_ref().is_some_and(has_leaps)));
    let leaps = Memo::new(move |_| room.path.get().solver == Solver::Shortcut);
    let solver = move || match room.path.get().solver {
        Solver::Euler => "euler",
        Solver::Heun => "heun",
        Solver::Shortcut => "shortcut",
    };
    view! {
        <Show when=move || flow.get()>
            <Show when=move || leaps.get()>
                <div class="knob knob-steps">
                    <label for="leaps">{t!(i18n, pictures.steps)}</label>
                    <select
                        id="leaps"
                        data-testid="leaps"
                        prop:value=move || room.path.get().steps.to_string()
                        on:change=move |event| {
                            room.address
                                .set(&[("steps", Some(event_target_value(&event)))], History::Push);
                        }
                    >
                        {LEAPS
                            .map(|count| view! { <option value=count.to_string()>{count}</option> })
                            .collect_view()}
                    </select>
                </div>
            </Show>
            <Show when=move || !leaps.get()>
            <div class="knob knob-steps">
                <label for="steps">{t!(i18n, pictures.steps)}</label>
                <input
                    id="steps"
                    type="number"
                    min="1"
                    max=MOST_STEPS.to_string()
                    step="1"
                    inputmode="numeric"
                    data-testid="steps"
                    prop:value=move || room.path.get().steps.to_string()
                    on:change=move |event| {
                        if let Ok(steps) = event_target_value(&event).parse::<u16>() {
                            let steps = steps.clamp(1, MOST_STEPS).to_string();
                            room.address.set(&[("steps", Some(steps))], History::Push);
                        }
                    }
                />
            </div>
            <Slider
                id="guidance"
                label=Signal::derive(move || t_string!(i18n, pictures.guidance).to_owned())
                value=Signal::derive(move || room.path.get().guidance)
                range=(0.0, MOST_GUIDANCE)
                on_move=move |value| {
                    room.address.set(&[("guidance", Some(short(value)))], History::Replace);
                }
            />
            </Show>
            <div class="knob knob-solver">
                <label for="solver">{t!(i18n, pictures.solver)}</label>
                <select
                    id="solver"
                    data-testid="solver"
                    prop:value=solver
                    on:change=move |event| {
                        room.address
                            .set(&[("solver", Some(event_target_value(&event)))], History::Push);
                    }
                >
                    <option value="shortcut" hidden=move || !can_leap.get() disabled=move || !can_leap.get()>
                        {t!(i18n, pictures.solver_shortcut)}
                    </option>
                    <option value="heun">"Heun"</option>
                    <option value="euler">"Euler"</option>
                </select>
            </div>
        </Show>
    }
}

/// Stops what is being made, and takes it up again; for flows, which take their
/// time. Nothing where the prompt does so.
#[component]
pub fn Stop(
    /// Who is stopped.
    maker: Maker,
) -> impl IntoView {
    let room = use_room();
    let there = Memo::new(move |_| {
        room.info.with(|info| {
            info.as_ref()
                .is_some_and(|info| is_flow(info) && !has_words(info))
        })
    });
    view! {
        <Show when=move || there.get()>
            <MakeOrStop maker make=move || maker.go_on() />
        </Show>
    }
}

/// How many pictures.
#[component]
pub fn Count(
    /// How many there are now.
    #[prop(into)]
    count: Signal<u32>,
) -> impl IntoView {
    let i18n = use_i18n();
    let room = use_room();
    view! {
        <div class="knob knob-count">
            <label for="count">{t!(i18n, pictures.count)}</label>
            <select
                id="count"
                data-testid="count"
                prop:value=move || count.get().to_string()
                on:change=move |event| {
                    room.address
                        .set(&[("count", Some(event_target_value(&event)))], History::Push);
                }
            >
                {COUNTS
                    .map(|count| view! { <option value=count.to_string()>{count}</option> })
                    .collect_view()}
            </select>
        </div>
    }
}

/// The class asked for, by name; nothing for a model without classes.
#[component]
pub fn Classes() -> impl IntoView {
    let i18n = use_i18n();
    let room = use_room();
    let set = move |class: Option<u8>| {
        room.address.set(
            &[("class", class.map(|class| class.to_string()))],
            History::Push,
        );
    };
    let there_are = move || {
        room.info
            .with(|info| info.as_ref().map_or(0, classes))
            .min(usize::from(u8::MAX)) as u8
    };
    let count = Memo::new(move |_| there_are());
    view! {
        <div
            class="chips"
            role="group"
            aria-label=move || {
                if room.data().captioned() {
                    t_string!(i18n, pictures.style)
                } else {
                    t_string!(i18n, pictures.class)
                }
            }
        >
            {move || {
                let count = count.get();
                (count > 0)
                    .then(|| {
                        let any = view! {
                            <button
                                type="button"
                                class="chip"
                                aria-pressed=move || room.class.get().is_none().to_string()
                                data-testid="class-any"
                                on:click=move |_| set(None)
                            >
                                {t!(i18n, pictures.class_any)}
                            </button>
                        };
                        let each = (0..count)
                            .map(|class| {
                                view! {
                                    <button
                                        type="button"
                                        class="chip"
                                        aria-pressed=move || {
                                            (room.class.get() == Some(class)).to_string()
                                        }
                                        data-testid=format!("class-{class}")
                                        on:click=move |_| set(Some(class))
                                    >
                                        {move || class_name(i18n, room.data(), class)}
                                    </button>
                                }
                            })
                            .collect_view();
                        (any, each)
                    })
            }}
        </div>
    }
}
