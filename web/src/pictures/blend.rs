//! From one picture to another, along the great circle between them.

use std::time::Duration;

use lampwork_protocol::Latent;
use leptos::prelude::*;

use super::knobs::Slider;
use super::maker::Made;
use super::picture::Picture;
use super::room::{number, short, use_room};
use super::sheet::Faults;
use super::slots::{Slot, Slots, Tray};
use crate::browser;
use crate::i18n::*;
use crate::route::History;

/// Stills of the way.
const STILLS: usize = 9;

/// Seconds from one end to the other.
const SECONDS: f64 = 4.0;

/// Time between two frames; a bit more than one picture takes.
const FRAME: Duration = Duration::from_millis(40);

/// The tool.
#[component]
pub fn Blend() -> impl IntoView {
    let i18n = use_i18n();
    let room = use_room();
    let slots = Slots::new(room, &["a", "b"]);
    let t = Memo::new(move |_| {
        number::<f32>(room.address.get("t"))
            .filter(|t| t.is_finite())
            .unwrap_or(0.5)
            .clamp(0.0, 1.0)
    });
    let playing = RwSignal::new(false);
    // While it plays, the way is walked here and not in the address.
    let walked = RwSignal::new(0.5_f32);
    let at = Memo::new(move |_| if playing.get() { walked.get() } else { t.get() });
    let point = move |t| {
        Some(Latent::Blend {
            a: Box::new(slots.latent(0)?),
            b: Box::new(slots.latent(1)?),
            t,
        })
    };
    let big = room.follow(move || Some(vec![room.recipe(point(at.get())?)?]));
    let stills = room.follow(move || {
        (0..STILLS)
            .map(|i| room.recipe(point(i as f32 / (STILLS - 1) as f32)?))
            .collect()
    });
    let set = move |value: f32| {
        room.address
            .set(&[("t", Some(short(value)))], History::Replace);
    };
    play(playing, walked, set);
    let made = big.get(0);
    view! {
        <section class="tool tool-blend" aria-labelledby="blend-heading">
            <h2 id="blend-heading" class="unseen">{t!(i18n, pictures.tool_blend)}</h2>
            <div class="blend-row">
                <Slot slots index=0 />
                <Big made testid="blend-big" />
                <Slot slots index=1 />
            </div>
            <div class="blend-drive">
                <button
                    type="button"
                    class="button primary"
                    aria-pressed=move || playing.get().to_string()
                    data-testid="blend-play"
                    on:click=move |_| {
                        if !playing.get_untracked() {
                            walked.set(t.get_untracked());
                        }
                        playing.update(|playing| *playing = !*playing);
                    }
                >
                    {move || {
                        if playing.get() {
                            t_string!(i18n, pictures.stop)
                        } else {
                            t_string!(i18n, pictures.play)
                        }
                    }}
                </button>
                <Slider
                    id="blend-t"
                    label=Signal::derive(move || t_string!(i18n, pictures.blend_t).to_owned())
                    value=at
                    range=(0.0, 1.0)
                    on_move=move |value| {
                        playing.set(false);
                        set(value);
                    }
                />
            </div>
            <div class="strip" role="group" aria-label=move || t_string!(i18n, pictures.stills)>
                {(0..STILLS)
                    .map(|i| {
                        let still = stills.get(i);
                        let value = i as f32 / (STILLS - 1) as f32;
                        let percent = (value * 100.0).round();
                        view! {
                            <button
                                type="button"
                                class="cell"
                                aria-label=move || {
                                    t_string!(i18n, pictures.still, percent = percent)
                                }
                                data-testid=format!("still-{i}")
                                on:click=move |_| {
                                    playing.set(false);
                                    set(value);
                                }
                            >
                                <Picture pixels=Signal::derive(move || {
                                    still.get().map(|made| made.pixels)
                                }) />
                            </button>
                        }
                    })
                    .collect_view()}
            </div>
            <Faults maker=big />
            <Tray slots />
        </section>
    }
}

/// Walks from end to end and back while it plays; where it stops, it stays.
fn play(playing: RwSignal<bool>, walked: RwSignal<f32>, settle: impl Fn(f32) + 'static) {
    let timer = StoredValue::new(None::<IntervalHandle>);
    let stop = move || {
        if let Some(Some(timer)) = timer.try_update_value(Option::take) {
            timer.clear();
        }
    };
    Effect::new(move |before: Option<bool>| {
        let now = playing.get();
        stop();
        if now {
            // The triangle wave that passes through where it stands.
            let began = browser::now() - f64::from(walked.get_untracked()) * SECONDS * 1e3;
            let step = move || {
                let place = (browser::now() - began) / 1e3 / SECONDS % 2.0;
                walked.set((1.0 - (place - 1.0).abs()) as f32);
            };
            timer.set_value(set_interval_with_handle(step, FRAME).ok());
        } else if before == Some(true) {
            settle(walked.get_untracked());
        }
        now
    });
    on_cleanup(stop);
}

/// One big picture; a click looks at it closely.
#[component]
pub fn Big(
    /// What is shown.
    made: Memo<Option<Made>>,
    /// Its test id.
    testid: &'static str,
) -> impl IntoView {
    let i18n = use_i18n();
    let room = use_room();
    view! {
        <button
            type="button"
            class="big"
            aria-label=move || t_string!(i18n, pictures.look_closely)
            data-testid=testid
            on:click=move |_| {
                if let Some(made) = made.get_untracked() {
                    room.pick(made);
                }
            }
        >
            <Picture pixels=Signal::derive(move || made.get().map(|made| made.pixels)) />
        </button>
    }
}
