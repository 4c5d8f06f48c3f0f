//! The Workbench: train a model in the tab and watch it learn.
//!
//! [`Board`] is the state and outlives the room; the rest are views of it.
//! `series`, `scale`, `drawing`, `knobs`, `presets`, `address`, `run_log` and `file` know
//! nothing of the browser and are tested natively.

mod actions;
pub mod address;
pub mod bench;
pub mod board;
pub mod chart;
mod curves;
pub mod drawing;
mod experiments;
mod file;
mod film;
mod knob_row;
mod knob_values;
pub mod knobs;
pub mod measure;
mod notice;
pub mod paint;
pub mod presets;
pub mod run_log;
pub mod scale;
pub mod series;
mod setup;
mod text_corner;
mod text_presets;
mod transport;
mod weights;
mod words;

use leptos::prelude::*;

pub use self::board::Board;
pub use self::board::kept_examples as examples;
use self::curves::Curves;
use self::experiments::Experiments;
use self::film::{Filmstrip, Samples};
use self::notice::Notices;
use self::presets::{Family, corner};
use self::setup::{Corner, Knobs};
use self::text_corner::Written;
use self::transport::{Standing, State, Transport};
use self::weights::{DropTarget, Weights};
use crate::explain::look::{Turn, of_run};
use crate::explain::{HowItWorks, motion_of};
use crate::i18n::*;
use crate::route::{Address, History, Room, use_address};

/// The board of the run that writes; its like for pictures is [`Board`] itself.
#[derive(Clone, Copy)]
pub struct TextBoard(pub Board);

/// The room: a bench for pictures and one for words, each with a run of its own.
#[component]
pub fn Workbench() -> impl IntoView {
    let i18n = use_i18n();
    let address = use_address();
    let pictures = expect_context::<Board>();
    let TextBoard(words) = expect_context();
    let writes = Memo::new(move |_| family_named(address).is_some_and(Family::writes));
    let go = move |board: Board| {
        let query = board.draft.with_untracked(address::query);
        address.go(Room::Workbench, &query, History::Push);
    };
    let tab = move |name: &'static str, of_words: bool, board: Board| {
        view! {
            <button
                type="button"
                class="tab"
                aria-pressed=move || (writes.get() == of_words).to_string()
                data-testid=format!("workbench-trains-{name}")
                on:click=move |_| go(board)
            >
                {move || {
                    if of_words {
                        t_string!(i18n, workbench.trains_words)
                    } else {
                        t_string!(i18n, workbench.trains_pictures)
                    }
                }}
            </button>
        }
    };
    view! {
        <header class="workbench-head">
            <h1>{t!(i18n, workbench.title)}</h1>
            <p class="lead">{t!(i18n, workbench.lead)}</p>
            <div
                class="tools"
                role="group"
                aria-label=move || t_string!(i18n, workbench.trains)
            >
                {tab("pictures", false, pictures)} {tab("words", true, words)}
            </div>
        </header>
        {move || {
            let board = if writes.get() { words } else { pictures };
            view! { <OneBench board /> }
        }}
    }
}

fn family_named(address: Address) -> Option<Family> {
    Family::named(&address.get("family")?)
}

/// A run, what drives it, and what it shows.
#[component]
fn OneBench(board: Board) -> impl IntoView {
    follow_address(board, use_address());
    board.welcome();
    view! {
        <DropTarget board>
            <div class="workbench">
                <div class="workbench-choose">
                    <Corner board />
                </div>
                <div class="workbench-drive">
                    <Transport board />
                    <Standing board />
                    <State board />
                    <Notices board />
                </div>
                {if board.bench.writes() {
                    view! {
                        <div class="workbench-samples">
                            <Written board />
                        </div>
                    }
                        .into_any()
                } else {
                    view! {
                        <div class="workbench-samples">
                            <Samples board />
                        </div>
                        <div class="workbench-film">
                            <Filmstrip board />
                        </div>
                    }
                        .into_any()
                }}
                <div class="workbench-charts">
                    <Curves board />
                </div>
                <div class="workbench-knobs">
                    <Knobs board />
                </div>
                <div class="workbench-weights">
                    <Weights board />
                </div>
                {(!board.bench.writes()).then(|| view! { <Explained board /> })}
            </div>
        </DropTarget>
    }
}

/// The drawing of the net, alive while it trains, and runs worth seeing once.
#[component]
fn Explained(board: Board) -> impl IntoView {
    let family = Memo::new(move |_| {
        let of_run = board.status.with(|status| {
            status
                .as_ref()
                .map(|status| Family::of(&status.recipe.model))
        });
        of_run.unwrap_or_else(|| board.draft.with(|draft| corner(draft).0))
    });
    view! {
        <div class="workbench-explain">
            <HowItWorks
                family
                look=of_run(board)
                motion=motion_of(board)
                training=Signal::derive(move || Turn::of(board.side.get()))
            />
            <Experiments board />
        </div>
    }
}

/// Keeps the form and the address alike: a link sets the form, and the form keeps
/// the address such that it can be copied at any time.
fn follow_address(board: Board, address: Address) {
    // An address of the other bench is nothing to this one.
    let linked = move || {
        let family = address.get("family")?;
        let writes = Family::named(&family).is_some_and(Family::writes);
        (writes == board.bench.writes()).then(|| address::recipe(|name| address.get(name)))
    };
    if let Some(recipe) = untrack(linked) {
        board.draft.set(recipe);
    }
    // The back button, or an address typed by hand.
    Effect::watch(
        linked,
        move |recipe, _, _| {
            if let Some(recipe) = recipe
                && board.draft.with_untracked(|draft| draft != recipe)
            {
                board.draft.set(recipe.clone());
            }
        },
        false,
    );
    Effect::new(move |before: Option<String>| {
        let query = board.draft.with(address::query);
        // Also where the room was opened by a plain link, without a run in it.
        let unsaid = address.get("family").is_none();
        let here = address.room().get_untracked() == Room::Workbench;
        if here && (unsaid || before.as_ref() != Some(&query)) {
            address.go(Room::Workbench, &query, History::Replace);
        }
        query
    });
}
