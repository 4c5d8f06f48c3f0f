//! The samples from fixed noise: the newest, large, and the strip of all.

use leptos::html;
use leptos::prelude::*;

use super::board::Board;
use super::paint::{paint, side_of};
use super::run_log::Frame;
use super::scale::whole;
use crate::i18n::*;
use crate::pictures::tint::Ramp;
use crate::theme::use_look;

/// Frames of the strip that are drawn, spread evenly over the run.
const THUMBS: usize = 12;

/// Pictures of a frame that its thumb shows.
const THUMB_PICTURES: usize = 4;

/// The samples shown, large.
#[component]
pub fn Samples(board: Board) -> impl IntoView {
    let i18n = use_i18n();
    let canvas = NodeRef::<html::Canvas>::new();
    let frame = Memo::new(move |_| board.frame());
    let look = use_look();
    Effect::new(move |_| {
        if let Some(canvas) = canvas.get() {
            frame.with(|frame| {
                if let Some(frame) = frame {
                    let ramp = Ramp::of(look);
                    paint(&canvas, &frame.pictures, frame.shape, frame.count, &ramp);
                }
            });
        }
    });
    let label = move || {
        frame.with(|frame| match frame {
            Some(frame) => {
                t_string!(
                    i18n,
                    workbench.film.sheet,
                    count = frame.count,
                    step = frame.step
                )
            }
            None => t_string!(i18n, workbench.film.empty).to_owned(),
        })
    };
    view! {
        <figure class="samples" data-testid="workbench-samples">
            <canvas
                node_ref=canvas
                width="28"
                height="28"
                role="img"
                aria-label=label
                class:smooth=move || look.smooth.get()
                class:empty=move || frame.with(Option::is_none)
            />
            <figcaption>{label}</figcaption>
        </figure>
    }
}

/// The strip, and the slider that scrubs through it.
#[component]
pub fn Filmstrip(board: Board) -> impl IntoView {
    let i18n = use_i18n();
    let steps = Memo::new(move |_| {
        board.log(|log| {
            log.frames()
                .iter()
                .map(|frame| frame.step)
                .collect::<Vec<_>>()
        })
    });
    // Which frame is shown, by its number in the strip.
    let at = Memo::new(move |_| {
        let shown = board.shown.get();
        steps.with(|steps| {
            let last = steps.len().saturating_sub(1);
            shown.map_or(last, |step| {
                steps
                    .partition_point(|other| *other <= step)
                    .saturating_sub(1)
            })
        })
    });
    let show = move |index: usize| {
        steps.with_untracked(|steps| {
            // The last one follows what comes.
            let newest = index + 1 >= steps.len();
            board.shown.set(if newest {
                None
            } else {
                steps.get(index).copied()
            });
        });
    };
    let thumbs = Memo::new(move |_| {
        board.log(|log| {
            spread(log.frames().len(), THUMBS)
                .map(|index| log.frames()[index].clone())
                .collect::<Vec<_>>()
        })
    });
    let step_shown = move || {
        steps
            .with(|steps| steps.get(at.get()).copied())
            .unwrap_or(0)
    };
    view! {
        <section class="film" aria-labelledby="film-heading">
            <div class="film-head">
                <h2 id="film-heading">{t!(i18n, workbench.film.heading)}</h2>
                <p>{t!(i18n, workbench.film.about)}</p>
            </div>
            <ol class="film-strip" data-testid="workbench-filmstrip" aria-hidden="true">
                <For each=move || thumbs.get() key=|frame| frame.step let:frame>
                    <Thumb
                        shown=Signal::derive({
                            let step = frame.step;
                            move || step_shown() == step
                        })
                        choose=Callback::new({
                            let step = frame.step;
                            move |()| {
                                let index = steps
                                    .with_untracked(|steps| steps.iter().position(|other| *other == step));
                                show(index.unwrap_or(0));
                            }
                        })
                        frame
                    />
                </For>
            </ol>
            <div class="film-scrub">
                <label for="film-scrub">{t!(i18n, workbench.film.scrub)}</label>
                <input
                    id="film-scrub"
                    type="range"
                    min="0"
                    max=move || steps.with(|steps| steps.len().saturating_sub(1)).to_string()
                    step="1"
                    prop:value=move || at.get().to_string()
                    aria-valuetext=move || t_string!(i18n, workbench.film.at, step = step_shown())
                    data-testid="workbench-scrub"
                    disabled=move || steps.with(|steps| steps.len() < 2)
                    on:input=move |event| {
                        show(event_target_value(&event).parse().unwrap_or(0));
                    }
                />
                <output data-testid="workbench-scrub-step">
                    {move || t_string!(i18n, workbench.film.at, step = whole(step_shown()))}
                </output>
                <button
                    type="button"
                    class="button quiet"
                    data-testid="workbench-follow"
                    disabled=move || board.shown.get().is_none()
                    on:click=move |_| board.shown.set(None)
                >
                    {t!(i18n, workbench.film.follow)}
                </button>
            </div>
        </section>
    }
}

#[component]
fn Thumb(frame: Frame, shown: Signal<bool>, choose: Callback<()>) -> impl IntoView {
    let canvas = NodeRef::<html::Canvas>::new();
    let step = whole(frame.step);
    let look = use_look();
    Effect::new(move |_| {
        if let Some(canvas) = canvas.get() {
            let count = frame.count.min(THUMB_PICTURES);
            let bytes = count * frame.shape.values();
            let ramp = Ramp::of(look);
            paint(&canvas, &frame.pictures[..bytes], frame.shape, count, &ramp);
        }
    });
    let side = side_of(THUMB_PICTURES, frame.shape).to_string();
    view! {
        <li class:shown=move || shown.get() on:click=move |_| choose.run(())>
            <canvas node_ref=canvas width=side.clone() height=side />
            <span>{step}</span>
        </li>
    }
}

/// At most `most` of the numbers below `count`, spread evenly, the first and the
/// last among them.
fn spread(count: usize, most: usize) -> impl Iterator<Item = usize> {
    let shown = count.min(most);
    (0..shown).map(move |index| {
        if shown < 2 {
            index
        } else {
            index * (count - 1) / (shown - 1)
        }
    })
}

#[cfg(test)]
mod tests {
    use super::spread;

    #[test]
    fn a_strip_has_its_ends() {
        let strip = |count| spread(count, 12).collect::<Vec<_>>();
        assert!(strip(0).is_empty());
        assert_eq!(strip(1), [0]);
        assert_eq!(strip(3), [0, 1, 2]);
        let long = strip(96);
        assert_eq!((long.len(), long[0], long[11]), (12, 0, 95));
        assert!(long.windows(2).all(|pair| pair[0] < pair[1]));
    }
}
