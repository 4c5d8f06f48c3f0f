//! The text of a prompt: what is typed, what it might become, and when it is said.

use std::time::Duration;

use leptos::prelude::*;

use super::room::Room;
use super::said::{Suggestion, suggest, tidy};
use crate::route::History;

/// How long typing rests before pictures are made of it.
const REST: Duration = Duration::from_millis(700);

/// What is typed, and what it might become.
#[derive(Clone, Copy)]
pub struct Typed {
    /// The room that it is said in.
    pub room: Room,
    /// The text as it stands.
    pub text: RwSignal<String>,
    /// What its end might become.
    pub suggestions: RwSignal<Vec<Suggestion>>,
    /// The suggestion that Enter takes.
    pub active: RwSignal<Option<usize>>,
    /// What else might be said, with `|` between.
    pub examples: Memo<&'static str>,
    /// Whether something was typed that the table of words was not there for.
    wanted: StoredValue<bool>,
    /// Runs while something typed is not yet in the address.
    timer: StoredValue<Option<TimeoutHandle>>,
}

impl Typed {
    /// What the address says, to begin with.
    pub fn new(room: Room, examples: Memo<&'static str>) -> Typed {
        let typed = Typed {
            room,
            text: RwSignal::new(room.words.get_untracked().unwrap_or_default()),
            suggestions: RwSignal::new(vec![]),
            active: RwSignal::new(None),
            examples,
            wanted: StoredValue::new(false),
            timer: StoredValue::new(None),
        };
        // The address changes by links and the back button as well.
        Effect::new(move |_| {
            let words = room.words.get();
            if typed.text.with_untracked(|text| tidy(text)) != words {
                typed.text.set(words.unwrap_or_default());
                typed.close();
            }
        });
        // The table of words may come after the first of them was typed.
        Effect::new(move |_| {
            if room.library.table().is_some() && typed.wanted.get_value() {
                typed.open();
            }
        });
        on_cleanup(move || typed.forget());
        typed
    }

    fn forget(&self) {
        if let Some(Some(timer)) = self.timer.try_update_value(Option::take) {
            timer.clear();
        }
    }

    /// Puts the suggestions away.
    pub fn close(&self) {
        self.wanted.set_value(false);
        self.suggestions.set(vec![]);
        self.active.set(None);
    }

    /// Takes what was typed; pictures are made of it once typing rests.
    pub fn put(&self, text: String, at_end: bool) {
        self.text.set(text);
        self.active.set(None);
        if at_end {
            self.open();
        } else {
            self.close();
        }
        self.forget();
        let typed = *self;
        let say = move || {
            typed.say(History::Replace);
        };
        let timer = set_timeout_with_handle(say, REST);
        self.timer.set_value(timer.ok());
    }

    fn open(&self) {
        let found = untrack(|| self.room.library.table()).map(|table| {
            // Of all words that begin so, those for things like the examples first.
            let kin = table.read(self.examples.get_untracked()).vector;
            self.text
                .with_untracked(|text| suggest(&table, text, kin.as_deref()))
        });
        self.wanted.set_value(found.is_none());
        self.suggestions.set(found.unwrap_or_default());
    }

    /// Puts what is typed in the address, of which pictures are made; whether it is
    /// anything new.
    pub fn say(&self, history: History) -> bool {
        self.forget();
        let words = self.text.with_untracked(|text| tidy(text));
        let new = words != self.room.words.get_untracked();
        if new {
            self.room.address.set(&[("words", words)], history);
        }
        new
    }

    /// Takes a suggestion, of which pictures are made at once.
    pub fn take(&self, index: usize) {
        let suggestion = self
            .suggestions
            .with_untracked(|all| all.get(index).cloned());
        if let Some(suggestion) = suggestion {
            self.text.update(|text| *text = suggestion.within(text));
            self.close();
            self.say(History::Push);
        }
    }

    /// Goes to the next suggestion, or the one before.
    pub fn walk(&self, forward: bool) {
        let count = self.suggestions.with_untracked(Vec::len);
        if count == 0 {
            self.open();
        }
        let count = self.suggestions.with_untracked(Vec::len);
        if count > 0 {
            self.active.update(|active| {
                *active = Some(match (*active, forward) {
                    (None, true) => 0,
                    (None, false) => count - 1,
                    (Some(at), true) => (at + 1) % count,
                    (Some(at), false) => (at + count - 1) % count,
                });
            });
        }
    }
}
