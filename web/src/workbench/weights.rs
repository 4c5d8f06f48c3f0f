//! The run's weights: used in Pictures, written to a file, read from one.

use lampwork_protocol::Failure;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::board::{Board, Busy, Notice};
use super::file::{LIMIT, card, same_net};
use crate::files::{FileButton, FileDrop};
use crate::i18n::*;
use crate::route::{History, Room, use_address};

/// Query of Pictures with the visitor's own model in use.
pub const YOURS: &str = "model=yours";

impl Board {
    /// Writes the run's weights to a file and hands it to the browser.
    fn download(&self) {
        let board = *self;
        spawn_local(async move {
            board.busy.set(Some(Busy::File));
            let answer = board.bench.export().await;
            board.busy.set(None);
            if let Some((name, bytes)) = board.tell_failure(answer) {
                let name = format!("{name}.safetensors");
                crate::browser::save_file(&name, "application/octet-stream", &bytes);
                board
                    .notice
                    .set(Some(Notice::Downloaded(name, bytes.len())));
            }
        });
    }

    /// Reads a weights file: into the run where it is of the same net, else as
    /// the model `yours`.
    fn load(&self, file: web_sys::File) {
        let board = *self;
        spawn_local(async move {
            board.busy.set(Some(Busy::File));
            let answer = board.take_file(&file).await;
            board.busy.set(None);
            if let Some(notice) = board.tell_failure(answer) {
                board.notice.set(Some(notice));
            }
        });
    }

    async fn take_file(&self, file: &web_sys::File) -> Result<Notice, Failure> {
        let bytes = file.size() as u64;
        if bytes > LIMIT {
            return Err(Failure::TooLarge {
                bytes,
                limit: LIMIT,
            });
        }
        let bytes = crate::browser::read_file(file).await?;
        let name = file.name();
        let card = card(&bytes);
        let run = self.status.get_untracked();
        let fits = match (&card, &run) {
            (Some(card), Some(run)) => same_net(&card.recipe.model, &run.recipe.model),
            // Without a card only the worker can tell, by the shapes.
            (None, Some(_)) => true,
            (_, None) => false,
        };
        if let (true, Some(run)) = (fits, run) {
            match self.bench.restore(run.recipe, bytes.clone()).await {
                Ok(()) => return Ok(Notice::Restored(name)),
                Err(Failure::WrongNet { .. }) if card.is_some() => {}
                Err(failure) => return Err(failure),
            }
        }
        self.bench.load_yours(bytes).await?;
        Ok(Notice::Loaded(name))
    }
}

/// What can be done with the weights.
#[component]
pub fn Weights(board: Board) -> impl IntoView {
    let i18n = use_i18n();
    let address = use_address();
    let none = Memo::new(move |_| board.status.with(Option::is_none) || board.busy.get().is_some());
    let use_run = move |_| {
        spawn_local(async move {
            let answer = board.bench.use_run().await;
            if board.tell_failure(answer).is_some() {
                let room = if board.bench.writes() {
                    Room::Words
                } else {
                    Room::Pictures
                };
                address.go(room, YOURS, History::Push);
            }
        });
    };
    view! {
        <section class="weights" aria-labelledby="weights-heading">
            <h2 id="weights-heading">{t!(i18n, workbench.weights.heading)}</h2>
            <div class="weights-row">
                <button
                    type="button"
                    class="button"
                    data-testid="workbench-use-run"
                    disabled=none
                    on:click=use_run
                >
                    {move || {
                        if board.bench.writes() {
                            t_string!(i18n, workbench.weights.use_run_words)
                        } else {
                            t_string!(i18n, workbench.weights.use_run)
                        }
                    }}
                </button>
                <button
                    type="button"
                    class="button"
                    data-testid="workbench-download"
                    disabled=none
                    on:click=move |_| board.download()
                >
                    {t!(i18n, workbench.weights.download)}
                </button>
                <FileButton
                    name="workbench-load"
                    input_name="workbench-file"
                    label=Signal::derive(move || t_string!(i18n, workbench.weights.load).to_owned())
                    accept=".safetensors"
                    take=move |file| board.load(file)
                />
            </div>
            <p>
                {move || {
                    if board.bench.writes() {
                        t_string!(i18n, workbench.weights.load_about_words)
                    } else {
                        t_string!(i18n, workbench.weights.load_about)
                    }
                }}
            </p>
        </section>
    }
}

/// Takes weights files that are dropped anywhere on the Workbench.
#[component]
pub fn DropTarget(board: Board, children: Children) -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <FileDrop
            name="workbench-drop"
            word=Signal::derive(move || t_string!(i18n, workbench.weights.drop_here).to_owned())
            take=move |file| board.load(file)
        >
            {children()}
        </FileDrop>
    }
}
