//! Poems: their forms, what they are about, how they are told to a model.

mod form;
mod layout;
mod lexicon;
mod tokens;

pub use form::{Form, SHI_FORMS, SHI_NAMES};
pub use layout::{Heads, PoemPrompt, Told, lines_of};
pub use lexicon::{Labels, Lexicon, Mood, Theme};
pub use tokens::{COMMA, PoemTokens, STOP, STOPS, specials};
