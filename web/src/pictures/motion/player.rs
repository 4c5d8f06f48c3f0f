//! Plays the clip: its picture, and what it is driven by.

use lampwork_protocol::{Course, Motion, Reel, Still};
use leptos::prelude::*;

use super::super::maker::{Made, Pixels};
use super::super::picture::Picture;
use super::super::room::{number, use_room};
use super::clip::Clip;
use super::roll::Roll;
use crate::browser;
use crate::i18n::*;
use crate::route::History;

/// Speeds to choose from.
const SPEEDS: [f64; 5] = [0.25, 0.5, 1.0, 2.0, 4.0];

/// Milliseconds after which a page that was asleep goes on as if they were all.
const LONGEST: f64 = 250.0;

/// Which frame is seen, and what comes next.
#[derive(Clone, Copy)]
pub struct Player {
    /// The clip's frames.
    pub reel: Memo<Reel>,
    /// The frame that is seen.
    pub at: RwSignal<usize>,
    /// Whether it plays.
    pub playing: RwSignal<bool>,
    /// The still that is seen: while that of the frame is missing, the one before.
    pub still: Memo<Option<usize>>,
    /// How much faster than it is it plays.
    speed: Memo<f64>,
    fps: Memo<u8>,
    /// Counts the times that it began to play.
    begun: StoredValue<u32>,
}

impl Player {
    /// Plays, unless the visitor asked for no motion.
    pub fn new(clip: Clip, roll: Roll) -> Player {
        let room = use_room();
        let reel = Memo::new(move |_| {
            let empty = Reel {
                stills: vec![],
                frames: vec![],
            };
            clip.motion
                .with(|motion| motion.as_ref().map_or(empty, Motion::reel))
        });
        let at = RwSignal::new(0);
        let still = Memo::new(move |_| {
            let at = at.get();
            reel.with(|reel| roll.stills.with(|stills| seen(reel, stills, at)))
        });
        let player = Player {
            reel,
            at,
            playing: RwSignal::new(!browser::reduced_motion()),
            still,
            speed: Memo::new(move |_| {
                number::<f64>(room.address.get("speed"))
                    .filter(|speed| SPEEDS.contains(speed))
                    .unwrap_or(1.0)
            }),
            fps: Memo::new(move |_| {
                clip.motion
                    .with(|motion| motion.as_ref().map_or(1, |motion| motion.fps))
            }),
            begun: StoredValue::new(0),
        };
        Effect::new(move |_| {
            if player.playing.get() {
                player.begun.update_value(|begun| *begun += 1);
                player.play(player.begun.get_value(), browser::now(), 0.0);
            }
        });
        // A clip that became shorter is still somewhere.
        Effect::new(move |_| {
            let count = reel.with(|reel| reel.frames.len());
            if count > 0 && at.get_untracked() >= count {
                at.set(0);
            }
        });
        player
    }

    /// Shows one frame and stays there.
    pub fn show(&self, frame: usize) {
        self.playing.set(false);
        self.at.set(frame);
    }

    /// Waits for the browser's next frame, and goes on by the time that has passed.
    fn play(self, begun: u32, before: f64, rest: f64) {
        request_animation_frame(move || {
            // The view may be gone, or it was paused and plays anew.
            let goes_on = self.playing.try_get_untracked() == Some(true)
                && self.begun.try_get_value() == Some(begun);
            if !goes_on {
                return;
            }
            let now = browser::now();
            let seconds = (now - before).clamp(0.0, LONGEST) / 1e3;
            let pace = f64::from(self.fps.get_untracked()) * self.speed.get_untracked();
            let frames = rest + seconds * pace;
            let count = self.reel.with_untracked(|reel| reel.frames.len());
            // Until there is something to see, it stands at its beginning.
            if count > 0 && self.still.get_untracked().is_some() && frames >= 1.0 {
                let at = self.at.get_untracked();
                self.at.set((at + frames as usize) % count);
            }
            self.play(begun, now, frames.fract());
        });
    }
}

/// The still of a frame, or of the last one before it, around the end, that is there.
fn seen(reel: &Reel, stills: &[Option<Pixels>], at: usize) -> Option<usize> {
    let count = reel.frames.len();
    (0..count)
        .map(|back| reel.frames[(at % count + count - back) % count])
        .find(|still| stills.get(*still).is_some_and(Option::is_some))
}

/// The picture that moves, and its controls.
#[component]
pub fn Watch(
    /// What is shown.
    clip: Clip,
    /// Who makes its pictures.
    roll: Roll,
    /// Which of them is seen.
    player: Player,
) -> impl IntoView {
    let i18n = use_i18n();
    let room = use_room();
    let pixels = Memo::new(move |_| {
        match player.still.get() {
            Some(still) => roll.stills.with(|stills| stills.get(still).cloned()?),
            // The first picture, on its way.
            None => roll.keys.with(|keys| keys.first().cloned()?),
        }
    });
    let count = Memo::new(move |_| player.reel.with(|reel| reel.frames.len()));
    let look = move |_| {
        let made = untrack(|| {
            let motion = clip.motion.get()?;
            let still = player.still.get()?;
            let point = match (
                &motion.course,
                player.reel.with(|r| r.stills.get(still).cloned())?,
            ) {
                (_, Still::Point(latent)) => latent,
                // What is on its way has no recipe; what it comes to has.
                (Course::Path { of }, Still::Step(_)) => of.clone(),
                (Course::Walk { .. }, Still::Step(_)) => return None,
            };
            let last = match &motion.course {
                Course::Path { .. } => player.reel.with(|reel| reel.stills.len()) - 1,
                Course::Walk { .. } => still,
            };
            Some(Made {
                recipe: motion.recipe(point),
                pixels: roll.stills.with(|stills| stills.get(last).cloned()?)?,
                whole: true,
            })
        });
        if let Some(made) = made {
            player.playing.set(false);
            room.pick(made);
        }
    };
    let place = move || {
        let (number, count) = (player.at.get() + 1, count.get());
        t_string!(i18n, pictures.motion.frame, number = number, count = count)
    };
    view! {
        <div class="motion-watch">
            <button
                type="button"
                class="big"
                aria-label=move || t_string!(i18n, pictures.look_closely)
                data-testid="motion-big"
                data-still=move || player.still.get().map(|still| still.to_string())
                on:click=look
            >
                <Picture pixels />
            </button>
            <div class="motion-drive">
                <button
                    type="button"
                    class="button primary motion-play"
                    data-testid="motion-play"
                    data-playing=move || player.playing.get().to_string()
                    on:click=move |_| player.playing.update(|playing| *playing = !*playing)
                >
                    {move || {
                        if player.playing.get() {
                            t_string!(i18n, pictures.motion.pause)
                        } else {
                            t_string!(i18n, pictures.play)
                        }
                    }}
                </button>
                <div class="knob motion-scrub">
                    <span class="motion-place">
                        <label for="motion-at">{t!(i18n, pictures.motion.scrub)}</label>
                        " "
                        // The slider says the same to who does not see it.
                        <span aria-hidden="true">
                            {move || format!("{} / {}", player.at.get() + 1, count.get())}
                        </span>
                    </span>
                    <input
                        id="motion-at"
                        type="range"
                        min="0"
                        max=move || count.get().saturating_sub(1).to_string()
                        step="1"
                        data-testid="motion-at"
                        prop:value=move || player.at.get().to_string()
                        aria-valuetext=place
                        on:input=move |event| {
                            if let Ok(frame) = event_target_value(&event).parse() {
                                player.show(frame);
                            }
                        }
                    />
                </div>
                <div class="knob">
                    <label for="motion-speed">{t!(i18n, pictures.motion.speed)}</label>
                    <select
                        id="motion-speed"
                        data-testid="motion-speed"
                        prop:value=move || player.speed.get().to_string()
                        on:change=move |event| {
                            let speed = Some(event_target_value(&event)).filter(|speed| speed != "1");
                            room.address.set(&[("speed", speed)], History::Replace);
                        }
                    >
                        {SPEEDS
                            .map(|speed| {
                                let value = speed.to_string();
                                let shown = format!("{speed} ×");
                                view! { <option value=value>{shown}</option> }
                            })
                            .collect_view()}
                    </select>
                </div>
            </div>
            <Progress roll />
        </div>
    }
}

/// How many of its pictures are there; a way to give up and to go on.
#[component]
fn Progress(roll: Roll) -> impl IntoView {
    let i18n = use_i18n();
    let shown = move || !roll.whole() && roll.progress().1 > 0;
    let part = move || {
        let (there, all) = roll.progress();
        there as f64 / all.max(1) as f64
    };
    view! {
        <div
            class="motion-progress"
            data-testid="motion-progress"
            data-busy=move || roll.busy.get().to_string()
        >
            <Show when=shown>
                <progress max="1" value=part aria-hidden="true"></progress>
                <span class="hint">
                    {move || {
                        let (there, all) = roll.progress();
                        t_string!(i18n, pictures.motion.making, there = there, all = all)
                    }}
                </span>
                <button
                    type="button"
                    class="button quiet"
                    data-testid="motion-stop"
                    on:click=move |_| {
                        if roll.busy.get_untracked() { roll.stop() } else { roll.go_on() }
                    }
                >
                    {move || {
                        if roll.busy.get() {
                            t_string!(i18n, pictures.prompt_stop)
                        } else {
                            t_string!(i18n, pictures.motion.go_on)
                        }
                    }}
                </button>
            </Show>
            <span role="status" class="faults">
                {move || {
                    roll.failure
                        .get()
                        .map(|failure| {
                            let (what, hint) = crate::failure::words(i18n, &failure);
                            view! { {what} " " <span class="hint">{hint}</span> }
                        })
                }}
            </span>
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_frame_before_stands_in_for_one_that_is_missing() {
        let reel = Reel {
            stills: vec![Still::Step(0), Still::Step(1), Still::Step(2)],
            frames: vec![0, 1, 2, 1],
        };
        let there = |which: [bool; 3]| -> Vec<Option<Pixels>> {
            which.map(|is| is.then(|| vec![0].into())).into()
        };
        let at = |which, at| seen(&reel, &there(which), at);
        assert_eq!(at([true, true, true], 2), Some(2));
        assert_eq!(at([true, false, false], 2), Some(0));
        assert_eq!(at([false, false, true], 1), Some(2), "around the end");
        assert_eq!(at([false, false, false], 1), None);
        let nothing = Reel {
            stills: vec![],
            frames: vec![],
        };
        assert_eq!(seen(&nothing, &[], 0), None);
    }
}
