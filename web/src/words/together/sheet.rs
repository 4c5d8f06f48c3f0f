//! The page: its text, where the visitor stands in it, and who is writing.
//!
//! The page is a plain `<textarea>`. Screen readers, spelling, dictation, the keyboards
//! of phones and input methods all know it, and nothing is written into it while an
//! input method composes, or the characters under way would be lost. What cannot stand
//! in one, the ghost text, stands in a layer behind it that has the same text unseen
//! (`mirror`), is hidden from screen readers, and gives the sheet its height. A
//! `contenteditable` could hold the ghost itself, but then it would be read out, and
//! selected, as if it had been written.

use std::ops::Range;
use std::time::Duration;

use lampwork_protocol::Failure;
use leptos::prelude::*;
use web_sys::HtmlTextAreaElement;

use super::hint::Hint;
use super::knobs::Knobs;
use super::mirror::Mirror;
use super::paper::{Paper, byte_at, first_word, typed_through, unit_at};
use super::store;
use crate::browser;
use crate::words::room::{Opened, Room};
use crate::words::writing::Writing;

/// Bytes above which the sheet keeps its height and nothing is hinted at: to lay it all
/// out with each letter would be felt.
pub const LONG: usize = 60_000;

/// Bytes that the page takes.
pub const MOST: usize = 1 << 20;

/// How long the page rests before it is kept.
const REST: Duration = Duration::from_millis(400);

/// What the page opens with on a first visit; the model writes on by itself.
const OPENING: &str = "LAMPLIGHTER.\nThe night is come, and all the windows of the town\n";

/// Where the visitor stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// Behind all that is written.
    End,
    /// In the middle, at this byte.
    Middle(usize),
    /// These bytes are selected.
    Selected(Range<usize>),
}

/// The page.
#[derive(Clone, Copy)]
pub struct Sheet {
    /// The room.
    pub room: Room,
    /// How tokens are chosen.
    pub knobs: Knobs,
    /// What may come next.
    pub hint: Hint,
    /// What is being written into the page.
    pub writing: Writing,
    /// The field, while it is shown.
    pub(super) area: StoredValue<Option<HtmlTextAreaElement>, LocalStorage>,
    /// The layer behind it.
    mirror: StoredValue<Option<Mirror>, LocalStorage>,
    pub(super) paper: StoredValue<Paper>,
    /// Where the visitor stands.
    pub place: RwSignal<Place>,
    /// Counts the changes of the text.
    pub changes: RwSignal<u32>,
    /// Whether a step can be taken back, or again.
    pub past: RwSignal<bool>,
    /// See `past`.
    pub future: RwSignal<bool>,
    /// Whether anything stands on the page.
    pub empty: RwSignal<bool>,
    /// Whether it is longer than [`LONG`].
    pub long: RwSignal<bool>,
    /// What of the tokens that came stands on the page.
    pub(super) poured: StoredValue<usize>,
    /// What came since the page was drawn.
    pub(super) drop: StoredValue<String>,
    pub(super) framed: StoredValue<bool>,
    timer: StoredValue<Option<TimeoutHandle>>,
    /// What was written last, to keep; gone once it stands on the page no more.
    pub made: RwSignal<Option<Opened>>,
    /// Whether the model has not been given the pen on a first visit.
    pub fresh: StoredValue<bool>,
    /// Said once something is done.
    pub word: RwSignal<&'static str>,
    /// What is wrong with what was put on the page.
    pub trouble: RwSignal<Option<Failure>>,
}

impl Sheet {
    /// The page as it was left.
    pub fn new(room: Room, knobs: Knobs) -> Sheet {
        let kept = store::page();
        let fresh = kept.is_none();
        let text = kept.unwrap_or_else(|| OPENING.to_owned());
        let sheet = Sheet {
            room,
            knobs,
            hint: Hint::new(room.shelf),
            writing: Writing::veiled(room.shelf),
            area: StoredValue::new_local(None),
            mirror: StoredValue::new_local(None),
            place: RwSignal::new(Place::End),
            changes: RwSignal::new(0),
            past: RwSignal::new(false),
            future: RwSignal::new(false),
            empty: RwSignal::new(text.is_empty()),
            long: RwSignal::new(text.len() > LONG),
            paper: StoredValue::new(Paper::new(text)),
            poured: StoredValue::new(0),
            drop: StoredValue::new(String::new()),
            framed: StoredValue::new(false),
            timer: StoredValue::new(None),
            made: RwSignal::new(None),
            fresh: StoredValue::new(fresh),
            word: RwSignal::new(""),
            trouble: RwSignal::new(None),
        };
        sheet.follow_writing();
        let leave = window_event_listener_untyped("pagehide", move |_| sheet.keep());
        on_cleanup(move || {
            leave.remove();
            sheet.keep();
        });
        sheet
    }

    /// The text as it stands.
    pub fn text(&self) -> String {
        self.paper.with_value(|paper| paper.text().to_owned())
    }

    /// Puts the text into the field and the layer behind it, as they are made.
    pub fn begin(&self, area: HtmlTextAreaElement, mirror: Mirror) {
        let text = self.text();
        area.set_value(&text);
        let end = unit_at(&text, text.len());
        // No field that is in the page refuses a selection.
        let _ = area.set_selection_range(end, end);
        self.area.set_value(Some(area));
        self.mirror.set_value(Some(mirror));
        self.place.set(Place::End);
        self.hint.clear();
        self.draw(&text);
    }

    /// The field is gone, and with it what was being written into it.
    pub fn leave(&self) {
        self.writing.stop();
        self.hint.forget();
        self.area.try_set_value(None);
        self.mirror.try_set_value(None);
    }

    /// Goes back to the field.
    pub fn focus(&self) {
        if let Some(area) = self.area.get_value() {
            // Where it cannot be focused, nothing is lost.
            let _ = area.focus();
        }
    }

    /// What an input method shows while it composes: it is drawn, and nothing more, for
    /// it is no text yet.
    pub fn composing(&self) {
        self.yield_pen();
        self.hint.clear();
        if let Some(area) = self.area.get_value() {
            self.draw(&area.value());
        }
    }

    /// What the visitor has typed.
    pub fn typed(&self) {
        let Some(area) = self.area.get_value() else {
            return;
        };
        let text = area.value();
        if text.len() > MOST {
            self.refuse(&area, text.len());
            return;
        }
        self.yield_pen();
        self.fresh.set_value(false);
        self.trouble.set(None);
        let ghost = self.hint.ghost.get_untracked();
        let left = self
            .paper
            .with_value(|paper| typed_through(paper.text(), &text, &ghost).map(str::to_owned));
        self.hint.changed();
        self.hint.set_ghost(&left.unwrap_or_default());
        self.paper
            .update_value(|paper| paper.typed(&text, browser::now()));
        self.after_change();
        self.look();
        self.want();
    }

    /// Stops the model where the visitor writes, and touches nothing in the field.
    fn yield_pen(&self) {
        if untrack(|| self.writing.is_busy()) {
            self.drop.set_value(String::new());
            self.writing.stop();
        }
    }

    fn refuse(&self, area: &HtmlTextAreaElement, bytes: usize) {
        let text = self.text();
        let at = area.selection_start().ok().flatten().unwrap_or(0);
        area.set_value(&text);
        let _ = area.set_selection_range(at, at);
        self.trouble.set(Some(Failure::TooLarge {
            bytes: bytes as u64,
            limit: MOST as u64,
        }));
    }

    /// Looks where the visitor stands.
    pub fn look(&self) {
        let Some(area) = self.area.get_value() else {
            return;
        };
        let start = area.selection_start().ok().flatten().unwrap_or(0);
        let end = area.selection_end().ok().flatten().unwrap_or(start);
        let place = self.paper.with_value(|paper| {
            let text = paper.text();
            let (start, end) = (byte_at(text, start), byte_at(text, end));
            if start < end {
                Place::Selected(start..end)
            } else if end == text.len() {
                Place::End
            } else {
                Place::Middle(end)
            }
        });
        if self.place.with_untracked(|before| *before != place) {
            let from_end = self.place.with_untracked(|before| *before == Place::End);
            if from_end {
                self.hint.set_ghost("");
            }
            self.place.set(place);
            self.want();
        }
    }

    /// Asks what may come next where the visitor stands.
    pub fn want(&self) {
        let sheet = *self;
        let selected = matches!(self.place.get_untracked(), Place::Selected(_));
        if selected || self.long.get_untracked() || untrack(|| self.writing.is_busy()) {
            self.hint.clear();
            return;
        }
        self.hint.want(move || sheet.asked());
    }

    /// Takes the ghost, or its first word.
    pub fn take(&self, whole: bool) {
        let ghost = self.hint.ghost.get_untracked();
        let part = if whole { &*ghost } else { first_word(&ghost) };
        if part.is_empty() {
            return;
        }
        let left = ghost[part.len()..].to_owned();
        let end = self.paper.with_value(|paper| paper.text().len());
        self.put(end..end, part);
        self.hint.set_ghost(&left);
        self.want();
    }

    /// Puts a candidate where the visitor stands.
    pub fn take_other(&self, text: &str) {
        let at = match self.place.get_untracked() {
            Place::Middle(at) => at,
            Place::End | Place::Selected(_) => self.paper.with_value(|paper| paper.text().len()),
        };
        self.hint.set_ghost("");
        self.put(at..at, text);
        self.want();
    }

    /// Puts a text in the place of some bytes, as one step, and stands behind it.
    pub fn put(&self, range: Range<usize>, text: &str) {
        let Some(area) = self.area.get_value() else {
            return;
        };
        let units = self.paper.with_value(|paper| {
            let text = paper.text();
            [unit_at(text, range.start), unit_at(text, range.end)]
        });
        let _ = area.set_range_text_with_start_and_end(text, units[0], units[1]);
        let mut end = 0;
        self.paper
            .update_value(|paper| end = paper.replace(range, text));
        self.hint.changed();
        self.stand(&area, end);
        self.after_change();
    }

    /// Puts the caret at a byte.
    pub(super) fn stand(&self, area: &HtmlTextAreaElement, at: usize) {
        let unit = self.paper.with_value(|paper| unit_at(paper.text(), at));
        let _ = area.set_selection_range(unit, unit);
        let end = self.paper.with_value(|paper| at == paper.text().len());
        let place = if end { Place::End } else { Place::Middle(at) };
        if self.place.with_untracked(|before| *before != place) {
            self.place.set(place);
        }
    }

    /// Takes a step back, or again.
    pub fn step(&self, back: bool) {
        self.pour();
        self.writing.stop();
        let Some(area) = self.area.get_value() else {
            return;
        };
        let mut changed = None;
        self.paper.update_value(|paper| {
            changed = if back { paper.undo() } else { paper.redo() };
        });
        let Some(changed) = changed else {
            return;
        };
        area.set_value(&self.text());
        self.made.set(None);
        self.hint.changed();
        self.hint.set_ghost("");
        self.stand(&area, changed.end);
        self.after_change();
        self.want();
    }

    /// Puts another text in the place of all, as one step.
    pub fn replace_all(&self, text: &str) {
        self.writing.stop();
        self.fresh.set_value(false);
        let all = self.paper.with_value(|paper| paper.text().len());
        if text.len() > MOST {
            self.trouble.set(Some(Failure::TooLarge {
                bytes: text.len() as u64,
                limit: MOST as u64,
            }));
            return;
        }
        self.made.set(None);
        self.hint.clear();
        self.put(0..all, text);
        self.want();
    }

    /// What follows from each change.
    pub(super) fn after_change(&self) {
        let (past, future, bytes) = self
            .paper
            .with_value(|paper| (paper.has_past(), paper.has_future(), paper.text().len()));
        for (signal, is) in [
            (self.past, past),
            (self.future, future),
            (self.empty, bytes == 0),
            (self.long, bytes > LONG),
        ] {
            if signal.get_untracked() != is {
                signal.set(is);
            }
        }
        self.paper.with_value(|paper| self.draw(paper.text()));
        self.changes
            .update(|changes| *changes = changes.wrapping_add(1));
        if let Some(Some(timer)) = self.timer.try_update_value(Option::take) {
            timer.clear();
        }
        let sheet = *self;
        self.timer
            .set_value(set_timeout_with_handle(move || sheet.keep(), REST).ok());
    }

    /// Draws the layer behind the field.
    fn draw(&self, text: &str) {
        let long = self.long.get_untracked();
        self.mirror.update_value(|mirror| {
            if let Some(mirror) = mirror {
                mirror.draw(if long { "" } else { text });
            }
        });
    }

    /// Keeps the page in the browser.
    fn keep(&self) {
        let changed = |paper: &Paper| paper.has_past() || paper.has_future();
        let known = self
            .paper
            .try_with_value(|paper| changed(paper).then(|| paper.text().to_owned()));
        if let Some(Some(text)) = known {
            store::keep_page(&text);
        }
    }
}
