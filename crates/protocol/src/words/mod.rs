//! What the page and the worker of words say to each other.
//!
//! Beside [`crate::Command`] and [`crate::Event`], which are of pictures: words have
//! a worker of their own, so that a visitor who only looks at pictures fetches
//! nothing for them. Runs, cards and failures are the same values for both.
//!
//! - [`TextRecipe`]: how one text was written; the share link (by
//!   [`crate::link::encode_text`]) and the [`front_matter`] of an exported file.
//! - [`Command`] and [`Event`]: page to worker, and back.
//! - [`charset`]: what a file that a visitor opens is written in.

pub mod charset;
mod command;
mod event;
pub mod front_matter;
mod recipe;

pub use charset::Charset;
pub use command::{Base, Command, Request, RunOrder, Source};
pub use event::{
    Candidate, CharacterPlace, CharacterTone, CopiedRun, Event, FormCheck, Gist, LineCheck, Opened,
    Piece, Reply, Seen, Sentence, TextEnd, TextModelInfo,
};
pub use recipe::{
    Adapter, FORMS, Keep, MOODS, Passage, PassageKind, Poem, THEMES, TextPrompt, TextRecipe,
};

/// Key of the tokenizer in the metadata of a weights file of words: the JSON by which
/// its tokens are read.
pub const TOKENIZER_KEY: &str = "lampwork.tokenizer";

/// Largest text file that a visitor may open, in bytes.
pub const MAX_FILE: usize = 4 << 20;

/// Most recipes of one [`Command::Write`].
pub const MAX_ROWS: usize = 64;

/// Most candidates that are told for a token.
pub const MAX_SHOWN: u8 = 50;
