//! Poems in simplified characters: what is shown, not what is written.

use std::collections::{HashMap, HashSet};

use lampwork_protocol::words::{Command, Event};
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::words::room::Room;

/// What the worker's table says of characters, learned as they come.
#[derive(Clone, Copy)]
pub struct Reading {
    room: Room,
    /// Whether poems are shown so.
    pub on: Memo<bool>,
    known: RwSignal<HashMap<char, char>>,
    asked: StoredValue<HashSet<char>>,
}

impl Reading {
    /// As the address has it.
    pub fn new(room: Room) -> Reading {
        Reading {
            room,
            on: Memo::new(move |_| room.address.get("reading").as_deref() == Some("simplified")),
            known: RwSignal::new(HashMap::new()),
            asked: StoredValue::new(HashSet::new()),
        }
    }

    /// A text as it is read; tracked. A character that was never asked about is shown as
    /// it is until the worker has answered.
    pub fn shown(&self, text: String) -> String {
        if !self.on.get() {
            return text;
        }
        self.ask(&text);
        self.known.with(|known| {
            text.chars()
                .map(|one| known.get(&one).copied().unwrap_or(one))
                .collect()
        })
    }

    fn ask(&self, text: &str) {
        let new: String = self
            .asked
            .try_update_value(|asked| {
                text.chars()
                    .filter(|one| !one.is_ascii() && asked.insert(*one))
                    .collect()
            })
            .unwrap_or_default();
        if new.is_empty() {
            return;
        }
        let reading = *self;
        spawn_local(async move {
            let command = Command::Simplify { text: new.clone() };
            match reading.room.shelf.link.ask(command, vec![]).await {
                Ok((Event::Simplified { text }, _)) => {
                    reading.known.try_update(|known| {
                        known.extend(new.chars().zip(text.chars()));
                    });
                }
                // Without the table they stay as they are, and may be asked about again.
                _ => {
                    reading.asked.try_update_value(|asked| {
                        asked.retain(|one| !new.contains(*one));
                    });
                }
            }
        });
    }
}
