//! Play, pause, step, reset, and how the run stands.

use lampwork_protocol::event::RunState;
use lampwork_protocol::{ModelConfig, Side};
use leptos::prelude::*;

use super::board::{Board, Busy};
use super::scale::whole;
use crate::i18n::*;

/// The buttons that drive a run.
#[component]
pub fn Transport(board: Board) -> impl IntoView {
    let i18n = use_i18n();
    let busy = Memo::new(move |_| board.busy.get().is_some());
    let gan = Memo::new(move |_| {
        board
            .draft
            .with(|draft| matches!(draft.model, ModelConfig::Gan(_)))
    });
    let stopped = Memo::new(move |_| busy.get() || board.playing.get());
    // What is being set up goes on by itself: were there a button to train until then, it
    // would turn into this one under the pointer.
    let goes = Memo::new(move |_| {
        board.playing.get() || matches!(board.busy.get(), Some(Busy::Data | Busy::SettingUp))
    });
    view! {
        <div class="transport" role="group" aria-label=move || t_string!(i18n, workbench.playback)>
            {move || {
                if goes.get() {
                    view! {
                        <button
                            class="button primary play"
                            type="button"
                            data-testid="workbench-pause"
                            on:click=move |_| board.pause()
                        >
                            <svg viewBox="0 0 16 16" aria-hidden="true">
                                <path d="M4 3h3v10H4zM9 3h3v10H9z" />
                            </svg>
                            {t!(i18n, workbench.pause)}
                        </button>
                    }
                        .into_any()
                } else {
                    view! {
                        <button
                            class="button primary play"
                            type="button"
                            data-testid="workbench-play"
                            on:click=move |_| board.play()
                        >
                            <svg viewBox="0 0 16 16" aria-hidden="true">
                                <path d="M4 2.5v11l9-5.5z" />
                            </svg>
                            {move || {
                                if board.elsewhere.get() {
                                    t_string!(i18n, workbench.reset_and_play)
                                } else {
                                    t_string!(i18n, workbench.play)
                                }
                            }}
                        </button>
                    }
                        .into_any()
                }
            }}
            <button
                class="button"
                type="button"
                data-testid="workbench-step"
                title=move || t_string!(i18n, workbench.step_title)
                disabled=stopped
                on:click=move |_| board.step(1)
            >
                {t!(i18n, workbench.step)}
            </button>
            <button
                class="button"
                type="button"
                data-testid="workbench-step-ten"
                disabled=stopped
                on:click=move |_| board.step(10)
            >
                {t!(i18n, workbench.step_ten)}
            </button>
            <Show when=move || gan.get()>
                <button
                    class="button side-d"
                    type="button"
                    data-testid="workbench-step-d"
                    title=move || t_string!(i18n, workbench.step_d_title)
                    disabled=stopped
                    on:click=move |_| board.step_side(Side::Discriminator)
                >
                    {t!(i18n, workbench.step_d)}
                </button>
                <button
                    class="button side-g"
                    type="button"
                    data-testid="workbench-step-g"
                    title=move || t_string!(i18n, workbench.step_g_title)
                    disabled=stopped
                    on:click=move |_| board.step_side(Side::Generator)
                >
                    {t!(i18n, workbench.step_g)}
                </button>
            </Show>
            <button
                class="button"
                type="button"
                data-testid="workbench-reset"
                title=move || t_string!(i18n, workbench.reset_title)
                disabled=busy
                on:click=move |_| board.reset()
            >
                {t!(i18n, workbench.reset)}
            </button>
        </div>
    }
}

/// Step, epoch, pace and device.
#[component]
pub fn Standing(board: Board) -> impl IntoView {
    let i18n = use_i18n();
    let step = move || board.log(|log| whole(log.step()));
    let epoch = move || {
        let done = board.log(super::run_log::RunLog::epoch);
        let of = board
            .status
            .with(|status| status.as_ref().map(|status| status.recipe.epochs));
        match of {
            Some(of) => format!("{done:.1} / {of}"),
            None => "0".to_owned(),
        }
    };
    let rate = move || {
        let rate = board.log(super::run_log::RunLog::examples_per_second);
        if board.playing.get() || rate > 0.0 {
            whole(rate.round() as u64)
        } else {
            "\u{2013}".to_owned()
        }
    };
    let device = move || {
        board.bench.device().map_or_else(
            || t_string!(i18n, workbench.device_none).to_owned(),
            |device| device.name,
        )
    };
    view! {
        <dl class="standing">
            <div>
                <dt>{t!(i18n, workbench.fig_step)}</dt>
                <dd data-testid="workbench-step-count">{step}</dd>
            </div>
            <div>
                <dt>{t!(i18n, workbench.fig_epoch)}</dt>
                <dd data-testid="workbench-epoch">{epoch}</dd>
            </div>
            <div>
                <dt>{t!(i18n, workbench.fig_rate)}</dt>
                <dd data-testid="workbench-rate">{rate}</dd>
            </div>
            <div>
                <dt>{t!(i18n, workbench.fig_device)}</dt>
                <dd data-testid="workbench-device">{device}</dd>
            </div>
        </dl>
    }
}

/// In a sentence: what the run does, or why it stopped.
#[component]
pub fn State(board: Board) -> impl IntoView {
    let i18n = use_i18n();
    // Compared, so that a screen reader hears a change of state and not each step.
    let state = Memo::new(move |_| {
        board
            .status
            .with(|status| status.as_ref().map(|status| status.state.clone()))
    });
    let text = move || match (board.busy.get(), state.get()) {
        (Some(Busy::Data), _) => t_string!(i18n, workbench.status_loading_data).to_owned(),
        (Some(Busy::SettingUp), _) => t_string!(i18n, workbench.status_setting_up).to_owned(),
        (Some(Busy::File), _) => t_string!(i18n, workbench.status_file).to_owned(),
        (None, None) => t_string!(i18n, workbench.status_none).to_owned(),
        (None, Some(RunState::Paused)) => t_string!(i18n, workbench.status_paused).to_owned(),
        (None, Some(RunState::Playing)) => t_string!(i18n, workbench.status_playing).to_owned(),
        (None, Some(RunState::Finished)) => t_string!(i18n, workbench.status_finished).to_owned(),
        (None, Some(RunState::StoppedEarly { best_epoch })) => {
            t_string!(i18n, workbench.status_early, epoch = best_epoch)
        }
        (None, Some(RunState::Diverged { step, restored })) => {
            t_string!(
                i18n,
                workbench.status_diverged,
                step = step,
                restored = restored
            )
        }
    };
    let grave = move || matches!(state.get(), Some(RunState::Diverged { .. }));
    view! {
        <p class="run-state" class:grave=grave role="status" data-testid="workbench-state">
            {text}
        </p>
    }
}
