//! A lesson under way: how far it is, the loss on what is held out, and the curve.

use lampwork_protocol::event::RunState;
use leptos::prelude::*;

use super::held_out::HeldOut;
use super::lesson::{Stage, Taught};
use super::plan::clock;
use crate::failure::words as failure_words;
use crate::i18n::*;
use crate::words::adapters::signed;
use crate::words::room::use_room;
use crate::workbench::board::Notice;
use crate::workbench::chart::Chart;
use crate::workbench::drawing::{Curve, Style};
use crate::workbench::run_log::RunLog;
use crate::workbench::series::Series;

/// How the curve is drawn: what is held out has few points, so that nothing is smoothed.
const STYLE: Style = Style {
    smoothing: 0.6,
    ignore_outliers: false,
};

/// The lesson; nothing before there is one.
#[component]
pub fn Course() -> impl IntoView {
    let i18n = use_i18n();
    let lesson = use_room().lesson;
    let board = lesson.board;
    let stage = Memo::new(move |_| lesson.stage());
    let held_out = Memo::new(move |_| lesson.held_out());
    let reading = RwSignal::new(None);
    let part = Memo::new(move |_| {
        // It may be over before the last epoch.
        if stage.get() == Stage::Over {
            return Some(1.0);
        }
        board.log(|log| {
            let status = log.status()?;
            let total = (status.recipe.epochs as u64 * status.steps_per_epoch).max(1);
            Some(log.step() as f64 / total as f64)
        })
    });
    let curves = Signal::derive(move || {
        board.log(|log| {
            curves(
                log,
                t_string!(i18n, words.teach.learned_from),
                t_string!(i18n, words.teach.held_out),
            )
        })
    });
    let diverged = move || {
        board.status.with(|status| {
            matches!(
                status.as_ref().map(|status| &status.state),
                Some(RunState::Diverged { .. })
            )
        })
    };
    let state = move || match stage.get() {
        Stage::None => String::new(),
        Stage::Setting => t_string!(i18n, words.teach.setting).to_owned(),
        Stage::Training => t_string!(i18n, words.teach.training).to_owned(),
        Stage::Paused if diverged() => t_string!(i18n, words.teach.diverged).to_owned(),
        Stage::Paused => t_string!(i18n, words.teach.paused).to_owned(),
        Stage::Over => t_string!(i18n, words.teach.over).to_owned(),
    };
    let left = move || {
        let training = stage.get() == Stage::Training;
        let seconds = training.then(|| lesson.seconds_left()).flatten()?;
        Some(t_string!(i18n, words.teach.left, time = clock(seconds)))
    };
    let lost = move || {
        board.notice.with(|notice| match notice {
            Some(Notice::Failed(failure)) => Some(failure_words(i18n, failure)),
            _ => None,
        })
    };
    view! {
        <Show when=move || stage.get() != Stage::None>
            <section class="teach-course" aria-labelledby="teach-course-heading">
                <h2 id="teach-course-heading" class="unseen">{t!(i18n, words.teach.course)}</h2>
                <div class="teach-drive">
                    <p class="teach-state">
                        <span role="status" data-testid="teach-state">{state}</span>
                        " "
                        <span class="hint" data-testid="teach-left">{left}</span>
                    </p>
                    <progress
                        max="1"
                        prop:value=move || part.get().unwrap_or(0.0)
                        aria-label=move || t_string!(i18n, words.teach.progress)
                        data-testid="teach-progress"
                    ></progress>
                    <Drive stage />
                </div>
                <Figures held_out />
                {move || {
                    lost()
                        .map(|(what, hint)| {
                            view! {
                                <p class="trouble" role="alert">
                                    {what} " " <span class="hint">{hint}</span>
                                </p>
                            }
                        })
                }}
                <Chart
                    title=Signal::derive(move || t_string!(i18n, words.teach.curve).to_owned())
                    hint=Signal::derive(move || t_string!(i18n, words.teach.curve_about).to_owned())
                    curves
                    style=Signal::stored(STYLE)
                    reading
                    testid="teach-chart"
                />
            </section>
        </Show>
        <Show when=move || lesson.rescued.get()>
            <p class="trouble" role="status">
                {t!(i18n, words.teach.rescued)}
            </p>
        </Show>
    }
}

/// The buttons that make sense.
#[component]
fn Drive(stage: Memo<Stage>) -> impl IntoView {
    let i18n = use_i18n();
    let lesson = use_room().lesson;
    let kept = move || lesson.taught.with(Option::is_some);
    view! {
        <p class="teach-do">
            <Show when=move || stage.get() == Stage::Training>
                <button
                    type="button"
                    class="button"
                    data-testid="teach-pause"
                    on:click=move |_| lesson.pause()
                >
                    {t!(i18n, words.teach.pause)}
                </button>
            </Show>
            <Show when=move || stage.get() == Stage::Paused>
                <button
                    type="button"
                    class="button"
                    data-testid="teach-play"
                    on:click=move |_| lesson.play()
                >
                    {t!(i18n, words.teach.go_on)}
                </button>
            </Show>
            <Show when=move || {
                matches!(stage.get(), Stage::Training | Stage::Paused) && !kept()
            }>
                <button
                    type="button"
                    class="button"
                    data-testid="teach-keep"
                    on:click=move |_| lesson.keep()
                >
                    {t!(i18n, words.teach.keep)}
                </button>
            </Show>
        </p>
    }
}

/// Loss before and after, the fall, and what it says.
#[component]
fn Figures(held_out: Memo<Option<HeldOut>>) -> impl IntoView {
    let i18n = use_i18n();
    let lesson = use_room().lesson;
    let pair = |[nats, bits]: [f32; 2]| format!("{nats:.3} · {bits:.2}");
    let verdict = move |held: &HeldOut| {
        let full = lesson
            .taught
            .with(|taught| matches!(taught, Some(Taught::Model(_))));
        if held.step == 0 {
            ""
        } else if held.fall() <= 0.5 {
            t_string!(i18n, words.teach.verdict_nothing)
        } else if held.rises() && !full {
            t_string!(i18n, words.teach.verdict_heart)
        } else {
            t_string!(i18n, words.teach.verdict_style)
        }
    };
    view! {
        {move || {
            held_out
                .get()
                .map(|held| {
                    view! {
                        <dl class="teach-figures">
                            <div>
                                <dt>{t!(i18n, words.teach.before)}</dt>
                                <dd data-testid="teach-before">{pair(held.before)}</dd>
                            </div>
                            <div>
                                <dt>{t!(i18n, words.teach.after)}</dt>
                                <dd data-testid="teach-after">{pair(held.best)}</dd>
                            </div>
                            <div class="teach-fall">
                                <dt>{t!(i18n, words.teach.fall)}</dt>
                                <dd data-testid="teach-fall">
                                    {if held.step == 0 {
                                        "\u{2013}".to_owned()
                                    } else {
                                        signed(held.fall())
                                    }}
                                </dd>
                            </div>
                        </dl>
                        <p class="hint">
                            {t!(i18n, words.teach.units)} " "
                            <span data-testid="teach-verdict">{verdict(&held)}</span>
                        </p>
                    }
                })
        }}
    }
}

/// The loss in training, and on what is held out, in nats a token.
fn curves(log: &RunLog, training: &str, held_out: &str) -> Vec<Curve> {
    let one = |series: Option<&Series>, label: &str, validation: bool| {
        series.map(|series| Curve {
            label: label.to_owned(),
            colour: usize::from(!validation),
            validation,
            points: series.points().to_vec(),
        })
    };
    let curves = [
        one(log.validation("loss"), held_out, true),
        one(log.train("loss"), training, false),
    ];
    curves.into_iter().flatten().collect()
}
