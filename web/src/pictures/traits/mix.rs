//! The coarse layers of one picture with the fine ones of another.

use lampwork_protocol::StyleConfig;
use leptos::prelude::*;

use super::bench::Bench;
use super::face::{Face, crossed};
use super::steps::Move;
use crate::i18n::*;
use crate::pictures::knobs::{Seed, Temperature};
use crate::pictures::room::use_room;
use crate::pictures::sheet::{Cell, Grid, focus_child};

/// The slider between coarse and fine.
const CROSSOVER: u32 = 1001;

/// First layers of the second picture that are shown side by side.
const SHOWN: [u8; 3] = [1, 3, 5];

/// Pictures to choose from.
const TRAY: u32 = 16;

/// Where the next picture of the tray goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    First,
    Second,
}

/// Mixing, and the tray that both pictures come from.
#[component]
pub fn Mix(bench: Bench) -> impl IntoView {
    let i18n = use_i18n();
    let room = use_room();
    let place = RwSignal::new(Place::First);
    let tray = room.follow(move || Some(room.sheet(TRAY)?.recipes()));
    let choice = move |each: Place, name: &'static str| {
        let word = move || match each {
            Place::First => t_string!(i18n, pictures.traits.first),
            Place::Second => t_string!(i18n, pictures.traits.second),
        };
        view! {
            <button
                type="button"
                class="chip"
                aria-pressed=move || (place.get() == each).to_string()
                data-testid=name
                on:click=move |_| place.set(each)
            >
                {word}
            </button>
        }
    };
    view! {
        <div class="traits-mix">
            <h3>{t!(i18n, pictures.traits.mix)}</h3>
            <Crossing bench />
            <p class="hint">{t!(i18n, pictures.traits.tray)}</p>
            <div class="chips" role="group" aria-label=move || t_string!(i18n, pictures.traits.places)>
                {choice(Place::First, "traits-first")} {choice(Place::Second, "traits-second")}
            </div>
            <div class="knobs-row">
                <Seed />
                <Temperature />
            </div>
            <Grid
                maker=tray
                count=TRAY as usize
                name="tray"
                on_pick=move |made| {
                    let latent = made.recipe.latent;
                    bench
                        .change(
                            Move::Alone,
                            |face| match place.get_untracked() {
                                Place::First => Face { base: latent, ..face.clone() },
                                Place::Second => face.mixed(latent),
                            },
                        );
                }
            />
        </div>
    }
}

/// How the two are mixed; nothing while there is one alone.
#[component]
fn Crossing(bench: Bench) -> impl IntoView {
    let i18n = use_i18n();
    let mixes = Memo::new(move |_| {
        bench
            .now
            .with(|face| face.as_ref().is_some_and(|face| face.second.is_some()))
    });
    view! {
        <Show
            when=move || mixes.get()
            fallback=move || view! { <p class="hint">{t!(i18n, pictures.traits.mix_about)}</p> }
        >
            <Mixed bench />
        </Show>
    }
}

#[component]
fn Mixed(bench: Bench) -> impl IntoView {
    let i18n = use_i18n();
    let room = use_room();
    let from = Signal::derive(move || {
        let face = bench.now.get();
        face.and_then(|face| Some(face.second?.1)).unwrap_or(3)
    });
    // Of what is mixed alone: sliders that move need not make six pictures more.
    let pair = Memo::new(move |_| {
        let face = bench.now.get()?;
        Some((face.base, face.second?.0))
    });
    let maker = room.follow(move || {
        let (first, second) = pair.get()?;
        let row = |a, b| SHOWN.map(|from| room.recipe(crossed(a, b, from)));
        let rows = [row(&first, &second), row(&second, &first)];
        rows.into_iter().flatten().collect()
    });
    let focus = RwSignal::new(0);
    let grid = NodeRef::<leptos::html::Div>::new();
    let word = move |from: u8| match from {
        0..3 => t_string!(i18n, pictures.traits.from_coarse),
        3..5 => t_string!(i18n, pictures.traits.from_middle),
        _ => t_string!(i18n, pictures.traits.from_fine),
    };
    let last = StyleConfig::LAYERS as u8 - 1;
    let cell = move |index: usize| {
        let (turned, from) = (index >= SHOWN.len(), SHOWN[index % SHOWN.len()]);
        let called = Signal::derive(move || {
            let row = match turned {
                false => t_string!(i18n, pictures.traits.row_first),
                true => t_string!(i18n, pictures.traits.row_second),
            };
            format!("{row}, {}", word(from))
        });
        view! {
            <Cell
                maker
                index
                name="traits-crossed"
                focus
                called
                on_pick=move |_| {
                    bench
                        .change(
                            Move::Alone,
                            |face| {
                                let mut face = if turned { face.swapped() } else { face.clone() };
                                if let Some((_, layer)) = &mut face.second {
                                    *layer = from;
                                }
                                face
                            },
                        );
                }
            />
        }
    };
    let step = move |event: web_sys::KeyboardEvent| {
        let at = focus.get_untracked();
        let (row, all) = (SHOWN.len(), 2 * SHOWN.len());
        let to = match event.key().as_str() {
            "ArrowRight" => at + 1,
            "ArrowLeft" => at.wrapping_sub(1),
            "ArrowDown" => at + row,
            "ArrowUp" => at.wrapping_sub(row),
            _ => return,
        };
        event.prevent_default();
        if to < all {
            focus.set(to);
            if let Some(grid) = grid.get_untracked() {
                focus_child(&grid, to);
            }
        }
    };
    view! {
        <div class="knob traits-from" on:change=move |_| bench.rest()>
            <label for="traits-from">{t!(i18n, pictures.traits.from)}</label>
            <span class="knob-pair">
                <input
                    id="traits-from"
                    type="range"
                    min="1"
                    max=last.to_string()
                    step="1"
                    data-testid="traits-from"
                    prop:value=move || from.get().to_string()
                    aria-valuetext=move || word(from.get())
                    on:input=move |event| {
                        if let Ok(value) = event_target_value(&event).parse::<u8>() {
                            bench
                                .change(
                                    Move::Of(CROSSOVER),
                                    |face| {
                                        let mut face = face.clone();
                                        if let Some((_, from)) = &mut face.second {
                                            *from = value.clamp(1, last);
                                        }
                                        face
                                    },
                                );
                        }
                    }
                />
                <output for="traits-from" class="knob-value">{move || from.get()}</output>
            </span>
            <p class="hint">{move || word(from.get())}</p>
        </div>
        <div
            class="traits-crossed"
            role="group"
            aria-label=move || t_string!(i18n, pictures.traits.crossed)
            node_ref=grid
            on:keydown=step
        >
            {(0..2 * SHOWN.len()).map(cell).collect_view()}
        </div>
        <div class="traits-do">
            <button
                type="button"
                class="button"
                data-testid="traits-swap"
                on:click=move |_| bench.change(Move::Alone, Face::swapped)
            >
                {t!(i18n, pictures.traits.swap)}
            </button>
            <button
                type="button"
                class="button"
                data-testid="traits-unmix"
                on:click=move |_| {
                    bench.change(Move::Alone, |face| Face { second: None, ..face.clone() });
                }
            >
                {t!(i18n, pictures.traits.unmix)}
            </button>
        </div>
    }
}
