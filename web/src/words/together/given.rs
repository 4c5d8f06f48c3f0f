//! What the model is given of the page.

use std::ops::Range;

use lampwork_protocol::DataSet;
use lampwork_protocol::words::{Base, Passage, PassageKind, TextPrompt, TextRecipe};
use leptos::prelude::*;

use super::paper::{head, tail};
use super::sheet::{Place, Sheet};

/// Bytes of what comes before that a recipe keeps, and of what comes behind.
const BEFORE: usize = 4 << 10;
const AFTER: usize = 1 << 10;

/// Bytes of English that a token has, at least mostly; by it hints are cut to what the
/// model sees.
const BYTES_A_TOKEN: f32 = 2.4;

impl Sheet {
    /// What the model is asked, and whether a ghost is wanted.
    pub(super) fn asked(&self) -> Option<(Base, TextPrompt, bool)> {
        let base = untrack(|| self.room.base())?;
        let context = self.room.info.with_untracked(|info| {
            info.as_ref()
                .filter(|info| !info.poems)
                .map(|info| info.context)
        })?;
        let seen = (context as f32 * BYTES_A_TOKEN) as usize;
        let place = self.place.get_untracked();
        self.paper.with_value(|paper| {
            let text = paper.text();
            let (before, after) = match place {
                Place::End => (text, None),
                Place::Middle(at) => (text.get(..at)?, text.get(at..)),
                Place::Selected(_) => return None,
            };
            let ghostly = after.is_none();
            let after = after.filter(|after| !after.trim().is_empty());
            let room = if after.is_some() { seen / 2 } else { seen };
            let prompt = TextPrompt::Passage(Passage {
                of: self.kind(),
                before: steady_tail(before, room).to_owned(),
                after: after.map(|after| head(after, seen / 3).to_owned()),
            });
            Some((base, prompt, ghostly))
        })
    }

    /// What kind of text the model is told that it is: what it has learned from, where
    /// that is one kind.
    fn kind(&self) -> Option<PassageKind> {
        let data = self
            .room
            .info
            .with_untracked(|info| info.as_ref().map(|info| info.card.recipe.data));
        (data == Some(DataSet::Plays)).then_some(PassageKind::Play)
    }

    /// The recipe of a text in the place of these bytes.
    pub fn recipe(&self, place: Range<usize>, most: u16, index: u32) -> Option<TextRecipe> {
        let base = untrack(|| self.room.base())?;
        let (before, after) = self.paper.with_value(|paper| {
            let text = paper.text();
            let after = &text[place.end..];
            let after = (!after.trim().is_empty()).then(|| head(after, AFTER).to_owned());
            (tail(&text[..place.start], BEFORE).to_owned(), after)
        });
        Some(TextRecipe {
            model: base.model,
            weights: base.weights,
            adapter: base.adapter,
            prompt: TextPrompt::Passage(Passage {
                of: self.kind(),
                before,
                after,
            }),
            writing: self.knobs.writing.get_untracked(),
            keep: None,
            most,
            seed: self.knobs.seed.get_untracked(),
            index,
        })
    }
}

/// The end of a text, of some `most` bytes. It begins at the same place while one types
/// on, and moves on in leaps: what a model has read of it need not be read anew with
/// each letter.
fn steady_tail(text: &str, most: usize) -> &str {
    let leap = (most / 2).max(1);
    let over = text.len().saturating_sub(most);
    let from = over.div_ceil(leap) * leap;
    let from = (from..=text.len()).find(|&at| text.is_char_boundary(at));
    &text[from.unwrap_or(text.len())..]
}

#[cfg(test)]
mod tests {
    use super::steady_tail;

    #[test]
    fn the_end_of_a_text_begins_where_it_began_while_one_types() {
        let text = "abcdefghijklmnopqrstuvwxyz";
        let mut begins = Vec::new();
        for end in 0..=text.len() {
            let tail = steady_tail(&text[..end], 8);
            assert!(tail.len() <= 8 && text[..end].ends_with(tail));
            assert!(tail.len() >= end.min(4), "{tail}");
            begins.push(end - tail.len());
        }
        begins.dedup();
        assert_eq!(begins, [0, 4, 8, 12, 16, 20]);
        assert_eq!(steady_tail("🌙🌙🌙", 5), "🌙");
    }
}
