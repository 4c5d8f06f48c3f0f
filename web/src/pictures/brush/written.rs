//! What the nets have written, a character once for each hand.

use std::collections::HashMap;
use std::rc::Rc;

use lampwork_protocol::{Command, Event, Failure, RedrawOrder, Way};
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::state::HANDS;
use super::table::Table;
use crate::browser;
use crate::library::unexpected;
use crate::pictures::room::Room;

/// Nets by cycle, both ways.
pub const CYCLE: &str = "cycle-brush";

/// A net by pairs, there alone.
pub const PAIRS: &str = "brush-pairs";

/// Side of a character, in pixels.
const GLYPH: usize = lampwork_pictures::scroll::GLYPH;

/// Who wrote a character.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Writer {
    /// The nets by cycle, in a hand.
    Cycle(u8),
    /// The net by pairs, in a hand.
    Pairs(u8),
    /// The nets by cycle, made plain again of what they wrote in a hand.
    Back(u8),
}

impl Writer {
    /// Which model it is, and which way.
    fn order(self) -> (&'static str, Way) {
        match self {
            Writer::Cycle(hand) => (CYCLE, Way::To(hand)),
            Writer::Pairs(hand) => (PAIRS, Way::To(hand)),
            Writer::Back(_) => (CYCLE, Way::Back),
        }
    }
}

/// Characters as somebody wrote them, 255 for ink.
type Glyphs = HashMap<(Writer, char), Rc<Vec<u8>>>;

/// What has been written, `Copy`.
#[derive(Clone, Copy)]
pub struct Written {
    room: Room,
    /// Characters that can be written; none until they are there.
    pub table: RwSignal<Option<Rc<Table>>, LocalStorage>,
    glyphs: StoredValue<Glyphs, LocalStorage>,
    /// Counts what has come.
    pub came: RwSignal<u32>,
    /// What went wrong last.
    pub failure: RwSignal<Option<Failure>>,
    /// Whether somebody is at it.
    pub busy: RwSignal<bool>,
    /// The newest asking; older ones stop.
    asking: StoredValue<u32>,
}

impl Written {
    /// Nothing yet; the characters are fetched.
    pub fn new(room: Room) -> Written {
        let written = Written {
            room,
            table: RwSignal::new_local(None),
            glyphs: StoredValue::new_local(HashMap::new()),
            came: RwSignal::new(0),
            failure: RwSignal::new(None),
            busy: RwSignal::new(false),
            asking: StoredValue::new(0),
        };
        written.fetch();
        written
    }

    /// Fetches the characters.
    pub fn fetch(self) {
        self.failure.set(None);
        spawn_local(async move {
            match Table::fetch().await {
                Ok(table) => {
                    self.table.try_set(Some(table));
                }
                Err(failure) => {
                    self.failure.try_set(Some(failure));
                }
            }
        });
    }

    /// A character as somebody wrote it, 255 for ink; tracked.
    pub fn get(&self, writer: Writer, character: char) -> Option<Rc<Vec<u8>>> {
        self.came.track();
        self.glyphs
            .with_value(|all| all.get(&(writer, character)).cloned())
    }

    /// Has characters written: in the hand that is chosen first, then in the others;
    /// `beside` asks for the net by pairs and the way back, too.
    pub fn ask(self, characters: Vec<char>, hand: u8, beside: bool) {
        let Some(asking) = self.asking.try_update_value(|asking| {
            *asking += 1;
            *asking
        }) else {
            return;
        };
        let mut writers = vec![Writer::Cycle(hand)];
        if beside {
            writers.extend([Writer::Back(hand), Writer::Pairs(hand)]);
        }
        writers.extend((0..HANDS).filter(|&other| other != hand).map(Writer::Cycle));
        spawn_local(async move {
            self.busy.try_set(true);
            self.failure.try_set(None);
            for writer in writers {
                let done = self.write(writer, &characters).await;
                // Somebody asked for something else, or the tool was left.
                if self.asking.try_get_value() != Some(asking) {
                    return;
                }
                if let Err(failure) = done {
                    self.failure.try_set(Some(failure));
                    if matches!(writer, Writer::Cycle(_)) {
                        break;
                    }
                }
            }
            self.busy.try_set(false);
        });
    }

    /// Writes what is missing of some characters.
    async fn write(self, writer: Writer, characters: &[char]) -> Result<(), Failure> {
        let source = |character: char| match writer {
            Writer::Back(hand) => {
                let key = (Writer::Cycle(hand), character);
                let glyph = self.glyphs.try_with_value(|all| all.get(&key).cloned())??;
                Some(glyph.to_vec())
            }
            _ => {
                let table = self.table.try_get_untracked()??;
                table.plain(character)
            }
        };
        let there = |character: &char| {
            let key = (writer, *character);
            self.glyphs
                .try_with_value(|all| all.contains_key(&key))
                .unwrap_or(true)
        };
        let missing: Vec<(char, Vec<u8>)> = characters
            .iter()
            .filter(|character| !there(character))
            .filter_map(|&character| Some((character, source(character)?)))
            .collect();
        if missing.is_empty() {
            return Ok(());
        }
        let (model, way) = writer.order();
        let count = missing.len() as u32;
        let bytes: Vec<u8> = missing
            .iter()
            .flat_map(|(_, glyph)| glyph.clone())
            .collect();
        // Where another device takes over, the same is asked of that one.
        for _ in 0..20 {
            let info = self.room.library.ready(model).await?;
            let order = RedrawOrder {
                model: model.to_owned(),
                weights: info.weights,
                count,
                way,
            };
            let command = Command::Redraw { order };
            match self.room.link.ask(command, vec![bytes.clone()]).await? {
                (Event::Redrawn { .. }, mut payload) if !payload.is_empty() => {
                    let made = payload.remove(0);
                    let made = made.chunks_exact(GLYPH * GLYPH);
                    self.glyphs.try_update_value(|all| {
                        for ((character, _), glyph) in missing.iter().zip(made) {
                            all.insert((writer, *character), Rc::new(glyph.to_vec()));
                        }
                    });
                    self.came.try_update(|came| *came += 1);
                    return Ok(());
                }
                (Event::Cancelled, _) => browser::sleep(50).await,
                (event, _) => return Err(unexpected(&event)),
            }
        }
        Ok(())
    }
}
