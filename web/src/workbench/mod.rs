//! The Workbench: train a model in the tab and watch it learn.
//!
//! [`Board`] is the state and outlives the room; the rest are views of it.
//! `series`, `scale`, `drawing`, `knobs`, `presets`, `address`, `run_log` and `file` know
//! nothing of the browser and are tested natively.

mod actions;
pub mod address;
pub mod board;
mod chart;
mod curves;
mod drawing;
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
use self::transport::{Standing, State, Transport};
use self::weights::{DropTarget, Weights};
use crate::explain::look::{Turn, of_run};
use crate::explain::{HowItWorks, motion_of};
use crate::i18n::*;
use crate::route::{Address, History, Room, use_address};

/// The room.
#[component]
pub fn Workbench() -> impl IntoView {
    let i18n = use_i18n();
    let board = expect_context::<Board>();
    follow_address(board, use_address());
    board.welcome();

    let family = Memo::new(move |_| {
        let of_run = board.status.with(|status| {
            status
                .as_ref()
                .map(|status| Family::of(&status.recipe.model))
        });
        of_run.unwrap_or_else(|| board.draft.with(|draft| corner(draft).0))
    });
    view! {
        <DropTarget board>
            <div class="workbench">
                <header class="workbench-head">
                    <h1>{t!(i18n, workbench.title)}</h1>
                    <p class="lead">{t!(i18n, workbench.lead)}</p>
                </header>
                <div class="workbench-choose">
                    <Corner board />
                </div>
                <div class="workbench-drive">
                    <Transport board />
                    <Standing board />
                    <State board />
                    <Notices board />
                </div>
                <div class="workbench-samples">
                    <Samples board />
                </div>
                <div class="workbench-charts">
                    <Curves board />
                </div>
                <div class="workbench-film">
                    <Filmstrip board />
                </div>
                <div class="workbench-knobs">
                    <Knobs board />
                </div>
                <div class="workbench-weights">
                    <Weights board />
                </div>
                <div class="workbench-explain">
                    <HowItWorks
                        family
                        look=of_run(board)
                        motion=motion_of(board)
                        training=Signal::derive(move || Turn::of(board.side.get()))
                    />
                    <Experiments board />
                </div>
            </div>
        </DropTarget>
    }
}

/// Keeps the form and the address alike: a link sets the form, and the form keeps
/// the address such that it can be copied at any time.
fn follow_address(board: Board, address: Address) {
    let linked = move || {
        address
            .get("family")
            .is_some()
            .then(|| address::recipe(|name| address.get(name)))
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
