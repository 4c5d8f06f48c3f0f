//! A scribble, encoded and decoded: the nearest thing the model can think of.

use std::sync::Arc;

use lampwork_protocol::{Command, Event, Failure, Latent, Recipe};
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::blend::Big;
use super::knobs::Slider;
use super::maker::Made;
use super::pad::{Pad, Scribble};
use super::room::{number, short, use_room};
use super::sheet::Grid;
use super::words::class_name;
use crate::i18n::*;
use crate::library::unexpected;
use crate::route::History;

/// Neighbours of what was found.
const NEIGHBOURS: u32 = 12;

/// Seed of their noise: always the same, so that they do not jump while drawing.
const SEED: u64 = 1;

/// The tool.
#[component]
pub fn Draw() -> impl IntoView {
    let i18n = use_i18n();
    let room = use_room();
    let scribble = Scribble::new();
    let erase = RwSignal::new(false);
    let found = RwSignal::new(None::<Made>);
    let failure = RwSignal::new(None::<Failure>);
    encode_strokes(scribble, found, failure);

    let amount = Memo::new(move |_| {
        number::<f32>(room.address.get("amount"))
            .filter(|amount| amount.is_finite())
            .unwrap_or(0.4)
            .clamp(0.0, 1.0)
    });
    let maker = room.follow(move || {
        let Some(found) = found.get() else {
            return Some(vec![]);
        };
        let near = |index| -> Option<Recipe> {
            room.recipe(Latent::Near {
                of: Box::new(found.recipe.latent.clone()),
                seed: SEED,
                index,
                amount: amount.get(),
            })
        };
        (0..NEIGHBOURS).map(near).collect()
    });
    let says = move || {
        let found = found.get()?;
        let Latent::At { class, .. } = found.recipe.latent else {
            return None;
        };
        Some(match class {
            Some(class) => {
                let name = class_name(i18n, room.data(), class);
                t_string!(i18n, pictures.draw_found_class, name = name)
            }
            None => t_string!(i18n, pictures.draw_found).to_owned(),
        })
    };
    let count = Signal::derive(move || {
        if found.with(Option::is_some) {
            NEIGHBOURS as usize
        } else {
            0
        }
    });
    view! {
        <section class="tool tool-draw" aria-labelledby="draw-heading">
            <h2 id="draw-heading" class="unseen">{t!(i18n, pictures.tool_draw)}</h2>
            <div class="draw-row">
                <div class="draw-pad">
                    <Pad scribble erase />
                    <div class="draw-do">
                        <button
                            type="button"
                            class="button"
                            aria-pressed=move || erase.get().to_string()
                            data-testid="draw-erase"
                            on:click=move |_| erase.update(|erase| *erase = !*erase)
                        >
                            {t!(i18n, pictures.draw_erase)}
                        </button>
                        <button
                            type="button"
                            class="button"
                            data-testid="draw-clear"
                            on:click=move |_| scribble.clear()
                        >
                            {t!(i18n, pictures.draw_clear)}
                        </button>
                    </div>
                </div>
                <span class="draw-arrow" aria-hidden="true">"→"</span>
                <div class="draw-found">
                    <Big made=Memo::new(move |_| found.get()) testid="draw-big" />
                    <p role="status" class="hint" data-testid="draw-says">
                        {move || says().unwrap_or_else(|| t_string!(i18n, pictures.draw_about).to_owned())}
                    </p>
                </div>
            </div>
            {move || {
                failure
                    .get()
                    .map(|failure| {
                        let (what, hint) = crate::failure::words(i18n, &failure);
                        view! { <p role="alert">{what} " " <span class="hint">{hint}</span></p> }
                    })
            }}
            <div class="draw-near" class:nothing=move || count.get() == 0>
                <Slider
                    id="amount"
                    label=Signal::derive(move || t_string!(i18n, pictures.amount).to_owned())
                    value=amount
                    range=(0.0, 1.0)
                    on_move=move |value| {
                        room.address.set(&[("amount", Some(short(value)))], History::Replace);
                    }
                />
                <Grid maker count name="near" on_pick=move |made| room.pick(made) />
            </div>
        </section>
    }
}

/// Encodes the scribble after every stroke; while one is under way, only the
/// newest is kept for after it.
fn encode_strokes(
    scribble: Scribble,
    found: RwSignal<Option<Made>>,
    failure: RwSignal<Option<Failure>>,
) {
    let room = use_room();
    let busy = StoredValue::new(false);
    let again = RwSignal::new(0_u32);
    let generation = room.link.generation();
    Effect::new(move |_| {
        generation.track();
        again.track();
        scribble.strokes.track();
        let Some(info) = room.info.get() else {
            return;
        };
        if scribble.is_empty() {
            found.set(None);
            return;
        }
        if busy.get_value() {
            return;
        }
        busy.set_value(true);
        let model = room.model.get();
        let stroke = scribble.strokes.get_untracked();
        let pixels = scribble.pixels.get_untracked();
        spawn_local(async move {
            let command = Command::Encode {
                model: model.clone(),
                class: None,
            };
            let answer = room.link.ask(command, vec![pixels]).await;
            busy.try_set_value(false);
            // The visitor may have left the tool, or wiped the pad, meanwhile.
            let Some(now) = scribble.strokes.try_get_untracked() else {
                return;
            };
            match answer {
                Ok((Event::Encoded { z, class }, payload)) => {
                    if let (true, Some(pixels)) = (now == stroke, payload.first()) {
                        found.set(Some(Made {
                            recipe: Recipe {
                                model,
                                weights: info.weights,
                                latent: Latent::At { z, class },
                                sampling: None,
                                start: None,
                            },
                            pixels: Arc::from(pixels.as_slice()),
                            whole: true,
                        }));
                        failure.set(None);
                    }
                }
                Ok((Event::Cancelled, _)) => {}
                Ok((event, _)) => failure.set(Some(unexpected(&event))),
                Err(why) => failure.set(Some(why)),
            }
            if now != stroke {
                again.update(|n| *n += 1);
            }
        });
    });
}
