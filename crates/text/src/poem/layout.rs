//! How a poem is told to a model, the same in training and in writing.
//!
//! ```text
//! start [form] [mood] [theme] [heads c c c c] body line ， line 。 … end
//! start [form] [mood] [theme] [heads c c c c] body line ， hole line 。 … fill line 。 end
//! ```
//!
//! What stands in brackets may be left out. In the second, lines are missing where
//! `hole` stands and come behind `fill` (filling in the middle, Bavarian 2022).

use std::ops::Range;

use super::form::Form;
use super::lexicon::{Mood, Theme};
use super::tokens::PoemTokens;
use crate::TextError;

/// First characters of the lines, in order: an acrostic.
pub type Heads = Vec<u16>;

/// What is said of a poem before it begins.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Told {
    /// Its form.
    pub form: Option<Form>,
    /// Its mood.
    pub mood: Option<Mood>,
    /// What it is about.
    pub theme: Option<Theme>,
    /// First characters of its lines; none if it is no acrostic.
    pub heads: Heads,
}

/// A poem of which something is missing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PoemPrompt {
    /// What is said of it.
    pub told: Told,
    /// What comes before the missing part, with its marks; it may end within a line.
    pub before: Vec<u16>,
    /// Lines that come behind the missing part, with their marks; `None` if it goes
    /// to the end.
    pub after: Option<Vec<u16>>,
}

impl PoemPrompt {
    /// Most first characters that are told.
    pub const MAX_HEADS: usize = 32;

    /// What a model is given; what it says next is the missing part, then `end`.
    ///
    /// # Errors
    /// The tune is not there, or there are too many heads, or a head is no character.
    pub fn tokens(&self, tokens: &PoemTokens) -> Result<Vec<u16>, TextError> {
        let mut all = vec![tokens.start];
        if let Some(form) = self.told.form {
            let form = tokens.form(form).ok_or_else(|| {
                TextError::Prompt(format!("the vocabulary has no tune for {form:?}"))
            })?;
            all.push(form);
        }
        all.extend(self.told.mood.map(|mood| tokens.moods[mood.number()]));
        all.extend(self.told.theme.map(|theme| tokens.themes[theme.number()]));
        let heads = &self.told.heads;
        if heads.len() > Self::MAX_HEADS {
            return Err(TextError::Prompt(format!(
                "there are {} first characters, and at most {} are told; leave some out",
                heads.len(),
                Self::MAX_HEADS
            )));
        }
        if !heads.is_empty() {
            all.push(tokens.heads);
            all.extend(heads);
        }
        all.push(tokens.body);
        all.extend(&self.before);
        if let Some(after) = &self.after {
            all.push(tokens.hole);
            all.extend(after);
            all.push(tokens.fill);
        }
        Ok(all)
    }
}

/// The lines of a poem, each without the mark behind it: ranges of its tokens.
pub fn lines_of(poem: &[u16], tokens: &PoemTokens) -> Vec<Range<usize>> {
    let mut lines = Vec::new();
    let mut start = 0;
    for (at, &token) in poem.iter().enumerate() {
        if tokens.is_stop(token) {
            if at > start {
                lines.push(start..at);
            }
            start = at + 1;
        }
    }
    if start < poem.len() {
        lines.push(start..poem.len());
    }
    lines
}
