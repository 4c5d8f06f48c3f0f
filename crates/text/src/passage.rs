//! How a passage of English is told to a model, the same in training and in writing.
//!
//! ```text
//! start [kind] text … end
//! start [kind] prefix text before suffix text behind middle what is missing end
//! ```
//!
//! `kind` may be left out. The second is filling in the middle in the order prefix,
//! suffix, middle (Bavarian 2022). `end` comes where a document ends.

use crate::tokenizer::{END, PAD, UNKNOWN};
use crate::{TextError, Tokenizer};

const START: &str = "start";
const PREFIX: &str = "prefix";
const SUFFIX: &str = "suffix";
const MIDDLE: &str = "middle";
const PLAY: &str = "play";
const PROSE: &str = "prose";

/// The special tokens of a vocabulary for English, in order.
pub fn specials() -> Vec<String> {
    [
        PAD, END, UNKNOWN, START, PREFIX, SUFFIX, MIDDLE, PLAY, PROSE,
    ]
    .map(str::to_owned)
    .to_vec()
}

/// What kind of text it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PassageKind {
    /// A play: each speech begins with the speaker's name in capitals and a full
    /// stop, on a line of its own, with an empty line before it.
    Play,
    /// Prose: paragraphs with an empty line between them.
    Prose,
}

/// The tokens by which a passage is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PassageTokens {
    /// Fills up a row of a batch.
    pub pad: u16,
    /// Ends a document, or what was missing.
    pub end: u16,
    /// Begins everything.
    pub start: u16,
    /// Comes before what stands before the missing part.
    pub prefix: u16,
    /// Comes before what stands behind the missing part.
    pub suffix: u16,
    /// Comes before the missing part.
    pub middle: u16,
    /// Says that it is a play.
    pub play: u16,
    /// Says that it is prose.
    pub prose: u16,
}

impl PassageTokens {
    /// Looks them up.
    ///
    /// # Errors
    /// The vocabulary lacks one, as one for poems does.
    pub fn new(tokenizer: &Tokenizer) -> Result<Self, TextError> {
        Ok(Self {
            pad: tokenizer.required(PAD)?,
            end: tokenizer.required(END)?,
            start: tokenizer.required(START)?,
            prefix: tokenizer.required(PREFIX)?,
            suffix: tokenizer.required(SUFFIX)?,
            middle: tokenizer.required(MIDDLE)?,
            play: tokenizer.required(PLAY)?,
            prose: tokenizer.required(PROSE)?,
        })
    }

    /// The token of a kind.
    pub fn kind(&self, kind: PassageKind) -> u16 {
        match kind {
            PassageKind::Play => self.play,
            PassageKind::Prose => self.prose,
        }
    }
}

/// A passage of which something is missing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PassagePrompt {
    /// What kind of text it is, if that is said.
    pub kind: Option<PassageKind>,
    /// What comes before the missing part.
    pub before: Vec<u16>,
    /// What comes behind it; `None` if it goes on to the end.
    pub after: Option<Vec<u16>>,
}

impl PassagePrompt {
    /// What a model is given; what it says next is the missing part, then `end`.
    pub fn tokens(&self, tokens: &PassageTokens) -> Vec<u16> {
        let mut all = vec![tokens.start];
        all.extend(self.kind.map(|kind| tokens.kind(kind)));
        match &self.after {
            None => all.extend(&self.before),
            Some(after) => {
                all.push(tokens.prefix);
                all.extend(&self.before);
                all.push(tokens.suffix);
                all.extend(after);
                all.push(tokens.middle);
            }
        }
        all
    }
}
