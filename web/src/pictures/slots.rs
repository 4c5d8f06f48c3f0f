//! Places for pictures that something is done with: A, B, C.
//!
//! Each is filled from a tray of samples; empty ones hold the first of the tray,
//! so that there is something to see at once.

use lampwork_protocol::Latent;
use leptos::prelude::*;

use super::knobs::{Classes, Seed};
use super::maker::Made;
use super::picture::Picture;
use super::prompt::Prompt;
use super::room::{Room, use_room};
use super::sheet::Grid;
use super::words::name_of;
use crate::i18n::*;

/// Pictures in the tray.
const TRAY: u32 = 16;

/// The places of a tool.
#[derive(Clone, Copy)]
pub struct Slots {
    room: Room,
    names: &'static [&'static str],
    /// Which of them the next picture goes to.
    active: RwSignal<usize>,
}

impl Slots {
    /// Places under these names in the address.
    pub fn new(room: Room, names: &'static [&'static str]) -> Slots {
        Slots {
            room,
            names,
            active: RwSignal::new(0),
        }
    }

    /// What is in place `index`; tracked.
    pub fn latent(&self, index: usize) -> Option<Latent> {
        let name = self.names.get(index)?;
        self.room.slot(name).or_else(|| {
            let recipe = self.room.sheet(TRAY)?.recipe(index as u32);
            Some(recipe.latent)
        })
    }

    fn take(&self, made: &Made) {
        let active = self.active.get_untracked();
        if let Some(name) = self.names.get(active) {
            self.room.fill(name, &made.recipe);
            self.active.set((active + 1) % self.names.len());
        }
    }
}

/// One place, which can be made the one that the next picture goes to.
#[component]
pub fn Slot(
    /// All of them.
    slots: Slots,
    /// Which of them.
    index: usize,
) -> impl IntoView {
    let i18n = use_i18n();
    let room = use_room();
    let maker = room.follow(move || Some(vec![room.recipe(slots.latent(index)?)?]));
    let made = maker.get(0);
    let letter = slots
        .names
        .get(index)
        .copied()
        .unwrap_or_default()
        .to_uppercase();
    let label = {
        let letter = letter.clone();
        move || {
            let what = slots
                .latent(index)
                .map(|latent| name_of(i18n, room.data(), &latent))
                .unwrap_or_default();
            let letter = letter.clone();
            t_string!(i18n, pictures.slot, letter = letter, what = what)
        }
    };
    view! {
        <button
            type="button"
            class="slot"
            aria-pressed=move || (slots.active.get() == index).to_string()
            aria-label=label
            data-testid=format!("slot-{}", letter.to_lowercase())
            on:click=move |_| slots.active.set(index)
        >
            <Picture pixels=Signal::derive(move || made.get().map(|made| made.pixels)) />
            <span class="slot-letter" aria-hidden="true">{letter.clone()}</span>
        </button>
    }
}

/// The samples that places are filled from.
#[component]
pub fn Tray(
    /// Where they go.
    slots: Slots,
) -> impl IntoView {
    let i18n = use_i18n();
    let room = use_room();
    let maker = room.follow(move || Some(room.sheet(TRAY)?.recipes()));
    let letter = move || {
        let index = slots.active.get();
        slots
            .names
            .get(index)
            .copied()
            .unwrap_or_default()
            .to_uppercase()
    };
    let ask = move || {
        let letter = letter();
        t_string!(i18n, pictures.tray, letter = letter)
    };
    view! {
        <div class="tray">
            <p class="hint">{ask}</p>
            <Prompt maker />
            <div class="knobs-row">
                <Seed />
            </div>
            <Classes />
            <Grid maker count=TRAY as usize name="tray" on_pick=move |made| slots.take(&made) />
        </div>
    }
}
