//! What the model writes, poured onto the page.

use lampwork_protocol::words::TextPrompt;
use leptos::prelude::*;

use super::paper::unit_at;
use super::sheet::{Place, Sheet};
use crate::route::History;
use crate::words::room::Opened;
use crate::words::writing::Made;

impl Sheet {
    /// Lets the model write on where the visitor stands; whether it could begin.
    pub fn go_on(&self, most: u16) -> bool {
        let at = match self.place.get_untracked() {
            Place::End => self.paper.with_value(|paper| paper.text().len()),
            Place::Middle(at) => at,
            Place::Selected(range) => range.end,
        };
        if self.area.get_value().is_none() {
            return false;
        }
        // Behind it something may stand: the model is told what it must lead to.
        let Some(recipe) = self.recipe(at..at, most, 0) else {
            return false;
        };
        self.hint.clear();
        self.put(at..at, "");
        self.poured.set_value(0);
        self.drop.set_value(String::new());
        self.made.set(None);
        self.forget_link();
        self.writing.write(vec![recipe], None);
        true
    }

    /// Stops what is being written; what is there stays.
    pub fn stop(&self) {
        self.pour();
        self.writing.stop();
        self.want();
    }

    /// Pours what comes onto the page, a frame at a time.
    pub(super) fn follow_writing(&self) {
        let sheet = *self;
        Effect::new(move |_| {
            let row = sheet.writing.rows.with(|rows| rows.first().copied());
            let Some(row) = row else {
                return;
            };
            let ended = row.with(|made| {
                let from = sheet.poured.get_value().min(made.tokens.len());
                let more: String = made.tokens[from..].iter().map(|one| &*one.text).collect();
                sheet.poured.set_value(made.tokens.len());
                sheet.drop.update_value(|drop| drop.push_str(&more));
                made.end.is_some()
            });
            if ended {
                sheet.pour();
                sheet.finished(&row.get_untracked());
            } else if !sheet.framed.get_value() {
                sheet.framed.set_value(true);
                request_animation_frame(move || {
                    if sheet.framed.try_set_value(false).is_none() {
                        sheet.pour();
                    }
                });
            }
        });
    }

    /// Puts what came onto the page.
    pub(super) fn pour(&self) {
        let more = self
            .drop
            .try_update_value(std::mem::take)
            .unwrap_or_default();
        let Some(area) = self.area.get_value().filter(|_| !more.is_empty()) else {
            return;
        };
        let mut end = 0;
        self.paper.update_value(|paper| end = paper.more(&more));
        let unit = self
            .paper
            .with_value(|paper| unit_at(paper.text(), end - more.len()));
        let _ = area.set_range_text_with_start_and_end(&more, unit, unit);
        self.stand(&area, end);
        self.after_change();
    }

    fn finished(&self, made: &Made) {
        self.made.set(Some(Opened {
            recipe: made.recipe.clone(),
            text: Some(made.whole()),
        }));
        self.want();
    }

    /// Shows a text that was opened, or has the model write it anew.
    pub fn open(&self, opened: Opened) {
        let TextPrompt::Passage(passage) = &opened.recipe.prompt else {
            return;
        };
        let after = passage.after.clone().unwrap_or_default();
        if let Some(text) = &opened.text {
            self.replace_all(text);
            self.made.set(Some(opened));
            return;
        }
        let at = passage.before.len();
        self.replace_all(&format!("{}{after}", passage.before));
        self.hint.clear();
        self.put(at..at, "");
        self.poured.set_value(0);
        self.drop.set_value(String::new());
        self.writing.write(vec![opened.recipe], None);
    }

    /// The address names a text that was opened; what is written now is another.
    fn forget_link(&self) {
        if self.room.address.get_untracked("text").is_some() {
            self.room.address.set(&[("text", None)], History::Push);
        }
    }
}
