//! Text to learn from and to write: tokenizers, packed corpora, prompts, examples,
//! and what the forms of classical Chinese verse ask for.
//!
//! - [`tokenizer`]: text to tokens and back, by characters or by pairs of bytes.
//! - [`corpus`]: documents in three splits, as one file.
//! - [`poem`] and [`passage`]: how a poem, or a passage of English, is told.
//! - [`copied`]: the longest run of a text that stands in a corpus as well.
//! - [`prosody`]: rhymes, tones, patterns and tunes.
//! - [`examples`]: sequences and batches to learn from.
//!
//! Nothing here knows of burn, the browser or files.

pub mod copied;
pub mod corpus;
mod error;
pub mod examples;
pub mod passage;
pub mod poem;
pub mod prosody;
mod random;
mod safetensors_file;
pub mod tokenizer;

pub use corpus::{About, Corpus, CorpusCard, Documents, Split, TextOrigin, Texts};
pub use error::TextError;
pub use examples::{Batch, Example, Pass, Telling};
pub use tokenizer::{Decoder, Tokenizer, TokenizerForm};
