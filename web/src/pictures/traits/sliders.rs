//! Directions of the space of styles, a slider each.

use lampwork_protocol::{Direction, Level};
use leptos::prelude::*;

use super::bench::Bench;
use super::steps::Move;
use crate::i18n::*;
use crate::pictures::room::{short, use_room};

/// How far a slider goes, in standard deviations.
const FARTHEST: f32 = 4.0;

/// Sliders that are not for a direction.
const VARIETY: u32 = 1000;

/// The sliders.
#[component]
pub fn Sliders(bench: Bench) -> impl IntoView {
    let i18n = use_i18n();
    let room = use_room();
    let level = RwSignal::new(Level::All);
    let directions = Memo::new(move |_| {
        room.info.with(|info| {
            info.as_ref()
                .map(|info| info.card.directions.clone())
                .unwrap_or_default()
        })
    });
    let group = move |named: bool| {
        directions.with(|all| {
            let numbered = all.iter().cloned().enumerate();
            let own = numbered.filter(|(_, direction)| direction.en.is_empty() != named);
            own.collect::<Vec<(usize, Direction)>>()
        })
    };
    let row = move |(number, direction): (usize, Direction)| {
        view! { <Push bench number direction level /> }
    };
    let varies = move || bench.now.with(|face| face.as_ref()?.variety());
    view! {
        <div class="traits-sliders" on:change=move |_| bench.rest()>
            <Levels level />
            <Show when=move || !group(true).is_empty()>
                <h3>{t!(i18n, pictures.traits.labels)}</h3>
                <div class="traits-knobs" data-testid="traits-labels">
                    {move || group(true).into_iter().map(row).collect_view()}
                </div>
            </Show>
            <Show
                when=move || !group(false).is_empty()
                fallback=move || view! { <p class="hint">{t!(i18n, pictures.traits.no_directions)}</p> }
            >
                <h3>{t!(i18n, pictures.traits.components)}</h3>
                <p class="hint">{t!(i18n, pictures.traits.components_about)}</p>
                <div class="traits-knobs" data-testid="traits-components">
                    {move || group(false).into_iter().map(row).collect_view()}
                </div>
            </Show>
            <Show when=move || varies().is_some()>
                <div class="traits-knobs">
                    <Knob
                        id="traits-variety".to_owned()
                        label=Signal::derive(move || {
                            t_string!(i18n, pictures.traits.variety).to_owned()
                        })
                        value=Signal::derive(move || varies().unwrap_or_default())
                        range=(0.0, 1.5)
                        rest=None
                        on_move=move |variety| {
                            bench.change(Move::Of(VARIETY), |face| face.varied(variety));
                        }
                    />
                </div>
                <p class="hint">{t!(i18n, pictures.traits.variety_about)}</p>
            </Show>
        </div>
    }
}

/// Which layers the sliders push.
#[component]
fn Levels(level: RwSignal<Level>) -> impl IntoView {
    let i18n = use_i18n();
    let word = move |level| match level {
        Level::All => t_string!(i18n, pictures.traits.level_all),
        Level::Coarse => t_string!(i18n, pictures.traits.level_coarse),
        Level::Middle => t_string!(i18n, pictures.traits.level_middle),
        Level::Fine => t_string!(i18n, pictures.traits.level_fine),
    };
    let name = |level| match level {
        Level::All => "all",
        Level::Coarse => "coarse",
        Level::Middle => "middle",
        Level::Fine => "fine",
    };
    view! {
        <div class="chips" role="group" aria-label=move || t_string!(i18n, pictures.traits.levels)>
            {Level::ALL
                .map(|each| {
                    view! {
                        <button
                            type="button"
                            class="chip"
                            aria-pressed=move || (level.get() == each).to_string()
                            data-testid=format!("traits-level-{}", name(each))
                            on:click=move |_| level.set(each)
                        >
                            {move || word(each)}
                        </button>
                    }
                })
                .collect_view()}
        </div>
        <p class="hint">{t!(i18n, pictures.traits.levels_about)}</p>
    }
}

/// One direction.
#[component]
fn Push(
    bench: Bench,
    number: usize,
    direction: Direction,
    level: RwSignal<Level>,
) -> impl IntoView {
    let i18n = use_i18n();
    let at = number as u8;
    let label = Signal::derive(move || {
        if direction.en.is_empty() {
            let number = number + 1;
            return t_string!(i18n, pictures.traits.direction, number = number);
        }
        match i18n.get_locale() {
            Locale::zh => direction.zh.clone(),
            Locale::en => direction.en.clone(),
        }
    });
    let value = Signal::derive(move || {
        bench.now.with(|face| {
            face.as_ref()
                .map_or(0.0, |face| face.amount(at, level.get()))
        })
    });
    let push = move |by: Move, amount: f32| {
        let level = level.get_untracked();
        bench.change(by, |face| face.pushed(at, level, amount));
    };
    // Each level of a direction is a slider of its own.
    let slider = move || {
        let level = level.get_untracked();
        let place = Level::ALL.iter().position(|each| *each == level);
        (number * Level::ALL.len() + place.unwrap_or(0)) as u32
    };
    view! {
        <Knob
            id=format!("traits-{number}")
            label
            value
            range=(-FARTHEST, FARTHEST)
            rest=Some(Callback::new(move |()| push(Move::Alone, 0.0)))
            on_move=move |amount| push(Move::Of(slider()), amount)
        />
    }
}

/// A slider with its value, and a way back to nothing.
#[component]
pub fn Knob(
    /// Its id and test id.
    id: String,
    /// Its name.
    label: Signal<String>,
    /// Where it stands.
    value: Signal<f32>,
    /// Lowest and highest value.
    range: (f32, f32),
    /// Puts it back to nothing, where that can be.
    rest: Option<Callback<()>>,
    /// Called with every move.
    on_move: impl Fn(f32) + 'static,
) -> impl IntoView {
    let i18n = use_i18n();
    let shown = move || short(value.get());
    let zero = format!("{id}-zero");
    view! {
        <div class="knob">
            <label for=id.clone()>{label}</label>
            <span class="knob-pair">
                <input
                    id=id.clone()
                    type="range"
                    min=range.0.to_string()
                    max=range.1.to_string()
                    step="0.05"
                    data-testid=id.clone()
                    prop:value=shown
                    aria-valuetext=shown
                    on:input=move |event| {
                        if let Ok(value) = event_target_value(&event).parse() {
                            on_move(value);
                        }
                    }
                />
                <output for=id class="knob-value">{shown}</output>
                {rest
                    .map(|rest| {
                        view! {
                            <button
                                type="button"
                                class="button quiet traits-zero"
                                aria-label=move || {
                                    let name = label.get();
                                    t_string!(i18n, pictures.traits.zero, name = name)
                                }
                                aria-disabled=move || (value.get() == 0.0).to_string()
                                data-testid=zero
                                on:click=move |_| rest.run(())
                            >
                                "0"
                            </button>
                        }
                    })}
            </span>
        </div>
    }
}
