//! Asking the model, and what it proposes.

use lampwork_protocol::{Recipe, Sampling, Solver, link as codec};
use leptos::prelude::*;

use super::Way;
use super::desk::Desk;
use super::work::Work;
use crate::i18n::*;
use crate::pictures::knobs::{Classes, Seed, Slider};
use crate::pictures::maker::Maker;
use crate::pictures::room::{Room, number, short, use_room};
use crate::pictures::sheet::Grid;
use crate::route::History;

/// Pictures that are proposed at once.
const PROPOSALS: u32 = 4;

/// Steps of a fill: one evaluation of the net each. More gain little (see
/// ARCHITECTURE.md).
const FILL_STEPS: u16 = 30;

/// Steps of the whole path where all is made anew; a strength below 1 goes a part.
const REDRAW_STEPS: u16 = 20;

/// What the model is asked, and what it answers.
#[derive(Clone, Copy)]
pub struct Asked {
    /// Who makes the proposals.
    pub maker: Maker,
    /// How much is made anew.
    strength: Memo<f32>,
    /// Counts the times that it was asked.
    times: RwSignal<u32>,
}

impl Asked {
    /// Nothing asked yet. Once something is, another seed, strength or other words
    /// ask again, of what is then on the desk.
    pub fn new(room: Room, desk: Desk, way: Memo<Way>) -> Asked {
        let times = RwSignal::new(0);
        let strength = Memo::new(move |_| {
            // Each way keeps its own.
            let (name, usual) = match way.get() {
                Way::Fill => ("anew", 1.0),
                Way::Redraw | Way::Adjust => ("strength", 0.6),
            };
            number::<f32>(room.address.get(name))
                .filter(|strength| strength.is_finite())
                .unwrap_or(usual)
                .clamp(0.0, 1.0)
        });
        // Another way, or another model, has not been asked.
        Effect::new(move |before: Option<(Way, String)>| {
            let now = (way.get(), room.model.get());
            if before.is_some_and(|before| before != now) {
                times.set(0);
            }
            now
        });
        // Who says something new wants to see it.
        Effect::new(move |before: Option<Option<(String, Option<String>)>>| {
            // What the address says as the model comes is nothing new.
            let now = room
                .info
                .get()
                .map(|_| (room.model.get(), room.words.get()));
            if let (Some(Some((model, words))), Some(now)) = (before, &now)
                && model == now.0
                && words != now.1
            {
                times.update(|times| *times += 1);
            }
            now
        });
        let maker = room.follow(move || {
            if times.get() == 0 {
                return Some(vec![]);
            }
            let sheet = room.sheet(PROPOSALS)?;
            let fills = way.get() == Way::Fill;
            let start = desk.work.with_untracked(|work| {
                let work = work.as_ref()?;
                let can = !fills || work.is_masked();
                can.then(|| work.start(strength.get(), fills))
            });
            let Some(start) = start else {
                return Some(vec![]);
            };
            let sampling = sheet.sampling.map(|sampling| way_of(sampling, fills));
            Some(
                sheet
                    .recipes()
                    .into_iter()
                    .map(|recipe| Recipe {
                        sampling,
                        start: Some(start.clone()),
                        ..recipe
                    })
                    .collect(),
            )
        });
        Asked {
            maker,
            strength,
            times,
        }
    }
}

/// How a flow goes about it: in steps, and as strongly guided as elsewhere.
fn way_of(usual: Sampling, fills: bool) -> Sampling {
    Sampling {
        steps: if fills { FILL_STEPS } else { REDRAW_STEPS },
        solver: if fills { Solver::Euler } else { Solver::Heun },
        ..usual
    }
}

/// The knobs, and the button that asks.
#[component]
pub fn Ask(
    /// What is asked.
    asked: Asked,
    /// Of what.
    desk: Desk,
    /// What is done with it.
    way: Memo<Way>,
) -> impl IntoView {
    let i18n = use_i18n();
    let room = use_room();
    let busy = asked.maker.busy();
    let marked = Memo::new(move |_| {
        desk.work
            .with(|work| work.as_ref().is_some_and(Work::is_masked))
    });
    let can = move || way.get() != Way::Fill || marked.get();
    let press = move |_| {
        if busy.get_untracked() {
            asked.maker.stop();
        } else if can() {
            asked.times.update(|times| *times += 1);
        }
    };
    let name = move || match way.get() {
        Way::Fill => "anew",
        _ => "strength",
    };
    view! {
        <div class="knobs-row">
            <Slider
                id="edit-strength"
                label=Signal::derive(move || {
                    match way.get() {
                        Way::Fill => t_string!(i18n, pictures.edit.anew),
                        _ => t_string!(i18n, pictures.edit.strength),
                    }
                    .to_owned()
                })
                value=asked.strength
                range=(0.0, 1.0)
                on_move=move |value| {
                    room.address.set(&[(name(), Some(short(value)))], History::Replace);
                }
            />
            <Seed />
        </div>
        <p class="hint edit-strength-about">
            {move || match way.get() {
                Way::Fill => t_string!(i18n, pictures.edit.anew_about),
                _ => t_string!(i18n, pictures.edit.strength_about),
            }}
        </p>
        <Show when=move || way.get() == Way::Redraw>
            <div class="chips" role="group" aria-label=move || t_string!(i18n, pictures.edit.strength)>
                {[0.25_f32, 0.5, 0.75]
                    .map(|value| {
                        let word = move || match value {
                            value if value < 0.4 => t_string!(i18n, pictures.edit.variation),
                            value if value < 0.6 => t_string!(i18n, pictures.edit.midway),
                            _ => t_string!(i18n, pictures.edit.scribble),
                        };
                        view! {
                            <button
                                type="button"
                                class="chip"
                                aria-pressed=move || {
                                    ((asked.strength.get() - value).abs() < 0.005).to_string()
                                }
                                data-testid=format!("edit-strength-{}", (value * 100.0) as u32)
                                on:click=move |_| {
                                    room.address
                                        .set(&[("strength", Some(short(value)))], History::Push);
                                }
                            >
                                {word}
                            </button>
                        }
                    })
                    .collect_view()}
            </div>
        </Show>
        <Classes />
        <div class="edit-ask">
            <button
                type="button"
                class="button primary"
                aria-disabled=move || (!busy.get() && !can()).to_string()
                data-testid="edit-ask"
                on:click=press
            >
                {move || {
                    if busy.get() {
                        t_string!(i18n, pictures.stop)
                    } else if way.get() == Way::Fill {
                        t_string!(i18n, pictures.edit.ask_fill)
                    } else {
                        t_string!(i18n, pictures.edit.ask_redraw)
                    }
                }}
            </button>
            <p class="hint" role="status">
                {move || (!can()).then(|| t_string!(i18n, pictures.edit.mark_first))}
            </p>
        </div>
    }
}

/// What is proposed; a click takes it.
#[component]
pub fn Proposals(
    /// Who proposes.
    asked: Asked,
    /// Where what is taken goes.
    desk: Desk,
) -> impl IntoView {
    let i18n = use_i18n();
    let room = use_room();
    let made = asked.maker.made();
    let count = Signal::derive(move || made.with(Vec::len));
    view! {
        <div class="edit-proposals" class:nothing=move || count.get() == 0>
            <p class="hint">{t!(i18n, pictures.edit.take)}</p>
            <Grid
                maker=asked.maker
                count
                name="proposals"
                on_pick=move |made| {
                    let shape = desk.work.with_untracked(|work| work.as_ref().map(|w| w.shape));
                    if let Some(shape) = shape.filter(|s| s.values() == made.pixels.len()) {
                        let mask = desk
                            .work
                            .with_untracked(|work| work.as_ref().map(|work| work.mask.clone()));
                        let work = Work::new(shape, made.pixels.to_vec(), Some(made.recipe.clone()));
                        // What was marked stays so: another proposal may be taken.
                        let mask = mask.unwrap_or_else(|| work.mask.clone());
                        desk.step(Work { mask, ..work });
                        // Looked at closely beside the desk, without going there.
                        let code = codec::encode(&made.recipe);
                        room.picked.set(Some(made));
                        room.address.set(&[("pick", Some(code))], History::Push);
                    }
                }
            />
        </div>
    }
}
