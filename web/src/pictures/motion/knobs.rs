//! What is shown, for how long, and how it goes.

use lampwork_protocol::{Course, Easing, Ends, Motion};
use leptos::prelude::*;

use super::super::room::{is_flow, use_room};
use super::clip::Clip;
use crate::i18n::*;

/// The knobs of a clip.
#[component]
pub fn Knobs(
    /// Whose.
    clip: Clip,
) -> impl IntoView {
    let i18n = use_i18n();
    let fps = move || {
        clip.motion
            .with(|motion| motion.as_ref().map_or(1, |m| m.fps))
    };
    let ends = move || {
        clip.motion
            .with(|motion| motion.as_ref().map_or(Ends::Loop, |m| m.ends))
    };
    view! {
        <Courses clip />
        <div class="knobs-row">
            <Show when=move || clip.walks()>
                <Length clip />
            </Show>
            <Number
                id="motion-fps"
                label=Signal::derive(move || t_string!(i18n, pictures.motion.fps).to_owned())
                value=Signal::derive(move || f64::from(fps()))
                range=(1.0, f64::from(Motion::MAX_FPS), 1.0)
                on_change=move |fps| clip.change(|motion| set_fps(motion, fps as u8))
            />
            <Show when=move || clip.walks()>
                <Easings clip />
            </Show>
            <div class="knob">
                <label for="motion-ends">{t!(i18n, pictures.motion.ends)}</label>
                <select
                    id="motion-ends"
                    data-testid="motion-ends"
                    prop:value=move || if ends() == Ends::Loop { "loop" } else { "back" }
                    on:change=move |event| {
                        let back = event_target_value(&event) == "back";
                        clip.change(|motion| motion.ends = if back { Ends::Back } else { Ends::Loop });
                    }
                >
                    <option value="loop">{t!(i18n, pictures.motion.ends_loop)}</option>
                    <option value="back">{t!(i18n, pictures.motion.ends_back)}</option>
                </select>
            </div>
        </div>
    }
}

/// A walk, or the path of one picture out of noise; the latter of a flow alone.
#[component]
fn Courses(clip: Clip) -> impl IntoView {
    let i18n = use_i18n();
    let room = use_room();
    // Not before there is a clip: words that are said wait for their table.
    let flow = Memo::new(move |_| {
        clip.motion.with(Option::is_some)
            && room.info.with(|info| info.as_ref().is_some_and(is_flow))
    });
    view! {
        <Show when=move || flow.get()>
            <div class="chips" role="group" aria-label=move || t_string!(i18n, pictures.motion.course)>
                <button
                    type="button"
                    class="chip"
                    aria-pressed=move || clip.walks().to_string()
                    data-testid="motion-walk"
                    on:click=move |_| clip.show_path(false)
                >
                    {t!(i18n, pictures.motion.walk)}
                </button>
                <button
                    type="button"
                    class="chip"
                    aria-pressed=move || (!clip.walks()).to_string()
                    data-testid="motion-path"
                    on:click=move |_| clip.show_path(true)
                >
                    {t!(i18n, pictures.motion.path)}
                </button>
            </div>
        </Show>
    }
}

/// How long a walk is, in seconds and in frames.
#[component]
fn Length(clip: Clip) -> impl IntoView {
    let i18n = use_i18n();
    let frames = Memo::new(move |_| {
        clip.motion
            .with(|motion| motion.as_ref().map_or(0, frames_of))
    });
    let fps = move || {
        clip.motion
            .with(|motion| motion.as_ref().map_or(1, |m| m.fps))
    };
    let set = move |frames: f64| {
        clip.change(|motion| {
            if let Course::Walk { frames: there, .. } = &mut motion.course {
                *there = limited(frames);
            }
        });
    };
    view! {
        <Number
            id="motion-seconds"
            label=Signal::derive(move || t_string!(i18n, pictures.motion.seconds).to_owned())
            value=Signal::derive(move || f64::from(frames.get()) / f64::from(fps()))
            range=(0.1, f64::from(Motion::MAX_FRAMES), 0.1)
            on_change=move |seconds| {
                let fps = clip.motion.with_untracked(|motion| motion.as_ref().map_or(1, |m| m.fps));
                set(seconds * f64::from(fps));
            }
        />
        <Number
            id="motion-frames"
            label=Signal::derive(move || t_string!(i18n, pictures.motion.frames).to_owned())
            value=Signal::derive(move || f64::from(frames.get()))
            range=(2.0, f64::from(Motion::MAX_FRAMES), 1.0)
            on_change=set
        />
    }
}

#[component]
fn Easings(clip: Clip) -> impl IntoView {
    let i18n = use_i18n();
    let name = |easing| match easing {
        Easing::Linear => "linear",
        Easing::Ease => "ease",
        Easing::Hold => "hold",
    };
    let now = move || {
        clip.motion
            .with(|motion| match motion.as_ref().map(|m| &m.course) {
                Some(Course::Walk { easing, .. }) => name(*easing),
                _ => name(Easing::default()),
            })
    };
    view! {
        <div class="knob">
            <label for="motion-easing">{t!(i18n, pictures.motion.easing)}</label>
            <select
                id="motion-easing"
                data-testid="motion-easing"
                prop:value=now
                on:change=move |event| {
                    let value = event_target_value(&event);
                    let chosen = Easing::ALL.into_iter().find(|easing| name(*easing) == value);
                    clip.change(|motion| {
                        if let (Course::Walk { easing, .. }, Some(chosen)) = (&mut motion.course, chosen) {
                            *easing = chosen;
                        }
                    });
                }
            >
                <option value="linear">{t!(i18n, pictures.motion.easing_linear)}</option>
                <option value="ease">{t!(i18n, pictures.motion.easing_ease)}</option>
                <option value="hold">{t!(i18n, pictures.motion.easing_hold)}</option>
            </select>
        </div>
    }
}

/// A number to type.
#[component]
fn Number(
    id: &'static str,
    label: Signal<String>,
    value: Signal<f64>,
    /// Lowest, highest, step.
    range: (f64, f64, f64),
    on_change: impl Fn(f64) + 'static,
) -> impl IntoView {
    let (least, most, step) = range;
    let shown = move || {
        let value = value.get();
        if step < 1.0 {
            format!("{value:.1}")
        } else {
            format!("{value:.0}")
        }
    };
    view! {
        <div class="knob motion-figure">
            <label for=id>{label}</label>
            <input
                id=id
                type="number"
                min=least.to_string()
                max=most.to_string()
                step=step.to_string()
                inputmode="decimal"
                data-testid=id
                prop:value=shown
                on:change=move |event| {
                    // What is no number, or none of these, leaves all as it was.
                    let typed = event_target_value(&event).parse::<f64>();
                    if let Some(typed) = typed.ok().filter(|typed| typed.is_finite()) {
                        on_change(typed.clamp(least, most));
                    }
                    let input: web_sys::HtmlInputElement = event_target(&event);
                    input.set_value(&untrack(shown));
                }
            />
        </div>
    }
}

fn frames_of(motion: &Motion) -> u16 {
    match &motion.course {
        Course::Walk { frames, .. } => *frames,
        Course::Path { .. } => 0,
    }
}

fn limited(frames: f64) -> u16 {
    frames.round().clamp(2.0, f64::from(Motion::MAX_FRAMES)) as u16
}

/// Sets the frames a second; a walk takes as long as before.
fn set_fps(motion: &mut Motion, fps: u8) {
    let before = motion.fps;
    motion.fps = fps.clamp(1, Motion::MAX_FPS);
    if let Course::Walk { frames, .. } = &mut motion.course {
        let seconds = f64::from(*frames) / f64::from(before.max(1));
        *frames = limited(seconds * f64::from(motion.fps));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_pace_leaves_the_time_as_it_was() {
        let mut motion = Motion {
            model: "m".to_owned(),
            weights: [0; 8],
            sampling: None,
            course: Course::Walk {
                keys: vec![],
                frames: 48,
                easing: Easing::Ease,
            },
            ends: Ends::Loop,
            fps: 12,
        };
        set_fps(&mut motion, 24);
        assert_eq!((frames_of(&motion), motion.fps), (96, 24));
        set_fps(&mut motion, 255);
        assert_eq!((frames_of(&motion), motion.fps), (200, 50));
        set_fps(&mut motion, 0);
        assert_eq!((frames_of(&motion), motion.fps), (4, 1));
        set_fps(&mut motion, 50);
        set_fps(&mut motion, 1);
        assert_eq!(frames_of(&motion), 4);
        assert_eq!((limited(f64::MAX), limited(-1.0)), (360, 2));
    }
}
