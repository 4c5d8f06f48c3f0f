//! What the visitor is told once.

use lampwork_protocol::Failure;
use leptos::prelude::*;
use leptos_i18n::I18nContext;

use super::board::{Board, Notice};
use super::file::size;
use super::weights::YOURS;
use crate::i18n::*;
use crate::route::Room;

/// What the visitor is told, and a way to dismiss it.
#[component]
pub fn Notices(board: Board) -> impl IntoView {
    let i18n = use_i18n();
    let bad = move || {
        board
            .notice
            .with(|notice| matches!(notice, Some(Notice::Failed(_) | Notice::DeviceLost)))
    };
    view! {
        <div role="status" aria-live="polite" class="notices" data-testid="workbench-notice">
            {move || {
                board
                    .notice
                    .get()
                    .map(|notice| {
                        view! {
                            <div class="notice" class:bad=bad>
                                {body(i18n, notice, board.bench.writes())}
                                <button
                                    type="button"
                                    class="button quiet"
                                    data-testid="workbench-dismiss"
                                    on:click=move |_| board.notice.set(None)
                                >
                                    {t!(i18n, workbench.dismiss)}
                                </button>
                            </div>
                        }
                    })
            }}
        </div>
    }
}

/// A notice in words.
fn body(i18n: I18nContext<Locale>, notice: Notice, writes: bool) -> AnyView {
    match notice {
        Notice::Failed(Failure::OutOfMemory) => {
            view! { <p>{t!(i18n, workbench.out_of_memory)}</p> }.into_any()
        }
        Notice::Failed(Failure::TooLarge { bytes, limit }) => {
            let (size, limit) = (size(bytes), size(limit));
            view! {
                <p>{t_string!(i18n, workbench.file_too_large, size = size, limit = limit)}</p>
            }
            .into_any()
        }
        Notice::Failed(failure) => {
            let (what, hint) = crate::failure::words(i18n, &failure);
            view! {
                <p>{what}</p>
                <p class="hint">{hint}</p>
            }
            .into_any()
        }
        Notice::DeviceLost if writes => {
            view! { <p>{t!(i18n, workbench.device_lost_words)}</p> }.into_any()
        }
        Notice::DeviceLost => view! { <p>{t!(i18n, workbench.device_lost)}</p> }.into_any(),
        Notice::Restored(name) => {
            view! { <p>{t_string!(i18n, workbench.weights.restored, name = name)}</p> }.into_any()
        }
        Notice::Loaded(name) if writes => view! {
            <p>
                {t_string!(i18n, workbench.weights.loaded_words, name = name)} " "
                <a href=format!("{}?{YOURS}", Room::Words.href())>
                    {t!(i18n, workbench.weights.open_words)}
                </a>
            </p>
        }
        .into_any(),
        Notice::Loaded(name) => view! {
            <p>
                {t_string!(i18n, workbench.weights.loaded, name = name)} " "
                <a href=format!("{}?{YOURS}", Room::Pictures.href())>
                    {t!(i18n, workbench.weights.open_pictures)}
                </a>
            </p>
        }
        .into_any(),
        Notice::Downloaded(name, bytes) => {
            let size = size(bytes as u64);
            view! {
                <p>{t_string!(i18n, workbench.weights.downloaded, name = name, size = size)}</p>
            }
            .into_any()
        }
    }
}
