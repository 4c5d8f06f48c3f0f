//! Which room is open, and its state, in the part of the address after `#`.
//!
//! `#/workbench?family=gan`: it never reaches a server, so any static host and
//! any sub-path serves every address, reload works, and a recipe in a link stays
//! between the two who share it.

use std::time::Duration;

use leptos::prelude::*;
use wasm_bindgen::JsValue;
use web_sys::UrlSearchParams;

/// The rooms of the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Room {
    /// Sampling.
    Pictures,
    /// Writing.
    Words,
    /// Training.
    Workbench,
    /// How it works.
    Explain,
    /// How good the models are.
    Measures,
}

impl Room {
    /// Every room, in the order of the navigation.
    pub const ALL: [Room; 5] = [
        Room::Pictures,
        Room::Words,
        Room::Workbench,
        Room::Explain,
        Room::Measures,
    ];

    /// Its name in an address.
    pub fn name(self) -> &'static str {
        match self {
            Room::Pictures => "",
            Room::Words => "words",
            Room::Workbench => "workbench",
            Room::Explain => "how",
            Room::Measures => "measures",
        }
    }

    /// Address of the room as it opens.
    pub fn href(self) -> String {
        format!("#/{}", self.name())
    }
}

/// Whether a change of address is a place to come back to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum History {
    /// The back button returns to what was before.
    Push,
    /// What was before is forgotten; for what changes many times a second.
    Replace,
}

/// The address of the page, as a signal.
#[derive(Debug, Clone, Copy)]
pub struct Address {
    hash: RwSignal<String>,
    room: Memo<Room>,
    /// Runs while the browser's address is behind.
    timer: StoredValue<Option<TimeoutHandle>>,
}

/// How long a drag rests before the browser's address follows.
const REST: Duration = Duration::from_millis(200);

impl Address {
    /// Follows the address from here on.
    pub fn new() -> Address {
        let hash = RwSignal::new(current());
        let timer = StoredValue::new(None::<TimeoutHandle>);
        // Both, as `pushState` fires neither, and a typed address fires one.
        for event in ["hashchange", "popstate"] {
            let handle = window_event_listener_untyped(event, move |_| {
                // What was about to be written belongs to the place just left.
                if let Some(Some(timer)) = timer.try_update_value(Option::take) {
                    timer.clear();
                }
                let now = current();
                if hash.with_untracked(|before| *before != now) {
                    hash.set(now);
                }
            });
            on_cleanup(move || handle.remove());
        }
        let room = Memo::new(move |_| hash.with(|hash| room(hash)));
        Address { hash, room, timer }
    }

    /// Which room is open.
    pub fn room(&self) -> Memo<Room> {
        self.room
    }

    /// A value of the query; tracked.
    pub fn get(&self, name: &str) -> Option<String> {
        self.hash.with(|hash| value(split(hash).1, name))
    }

    /// A value of the query; not tracked.
    pub fn get_untracked(&self, name: &str) -> Option<String> {
        self.hash.with_untracked(|hash| value(split(hash).1, name))
    }

    /// Changes values of the query of the room that is open; `None` takes one out.
    pub fn set(&self, changes: &[(&str, Option<String>)], history: History) {
        let Ok(params) = UrlSearchParams::new_with_str(
            &self.hash.with_untracked(|hash| split(hash).1.to_owned()),
        ) else {
            return;
        };
        for (name, value) in changes {
            match value {
                Some(value) => params.set(name, value),
                None => params.delete(name),
            }
        }
        let query = String::from(params.to_string());
        self.go(self.room.get_untracked(), &query, history);
    }

    /// Opens a room with this query (without its `?`).
    pub fn go(&self, room: Room, query: &str, history: History) {
        let mut hash = room.href();
        if !query.is_empty() {
            hash.push('?');
            hash.push_str(query);
        }
        if self.hash.with_untracked(|before| *before == hash) {
            return;
        }
        let Ok(browser) = window().history() else {
            return;
        };
        match history {
            History::Push => {
                self.settle();
                if browser
                    .push_state_with_url(&JsValue::NULL, "", Some(&hash))
                    .is_err()
                {
                    leptos::logging::warn!("the address could not be changed");
                }
                self.hash.set(hash);
            }
            // Browsers limit how often an address may change: a drag changes it
            // when it rests.
            History::Replace => {
                self.hash.set(hash);
                self.forget();
                let address = *self;
                let timer = set_timeout_with_handle(move || address.settle(), REST);
                self.timer.set_value(timer.ok());
            }
        }
    }

    /// Brings the browser's address up to date.
    fn settle(&self) {
        let waits = self.forget();
        let hash = self.hash.get_untracked();
        if let (true, Ok(browser)) = (waits, window().history())
            && browser
                .replace_state_with_url(&JsValue::NULL, "", Some(&hash))
                .is_err()
        {
            leptos::logging::warn!("the address could not be changed");
        }
    }

    /// Whether a change was waiting; it does no more.
    fn forget(&self) -> bool {
        let timer = self.timer.try_update_value(Option::take).flatten();
        if let Some(timer) = &timer {
            timer.clear();
        }
        timer.is_some()
    }
}

/// The address, from the context.
pub fn use_address() -> Address {
    expect_context()
}

fn current() -> String {
    window().location().hash().unwrap_or_default()
}

fn split(hash: &str) -> (&str, &str) {
    hash.trim_start_matches('#')
        .split_once('?')
        .unwrap_or((hash.trim_start_matches('#'), ""))
}

fn room(hash: &str) -> Room {
    let name = split(hash).0.trim_matches('/');
    Room::ALL
        .into_iter()
        .find(|room| room.name() == name)
        .unwrap_or(Room::Pictures)
}

fn value(query: &str, name: &str) -> Option<String> {
    UrlSearchParams::new_with_str(query).ok()?.get(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rooms_are_read_from_the_hash() {
        assert_eq!(room(""), Room::Pictures);
        assert_eq!(room("#/"), Room::Pictures);
        assert_eq!(room("#/workbench?family=gan"), Room::Workbench);
        assert_eq!(room("#/words?tool=poem"), Room::Words);
        assert_eq!(room("#/how"), Room::Explain);
        assert_eq!(room("#/measures?figure=recall"), Room::Measures);
        assert_eq!(room("#/nowhere"), Room::Pictures);
        assert_eq!(split("#/workbench?a=1&b=2"), ("/workbench", "a=1&b=2"));
    }
}
