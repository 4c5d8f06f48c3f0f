//! Word vectors in English and Chinese: what a prompt means, as one vector.
//!
//! A [`Table`] holds a vector for each of its words, and for each how much it
//! counts. [`Table::read`] splits a text into words and takes the weighted sum
//! of their vectors, made unit length (Arora 2017, "A simple but
//! tough-to-beat baseline for sentence embeddings", without the removal of a
//! common component, which the table's maker has done). The README says how the
//! shipped table was made and what it is worth.
//!
//! A [`Filter`] masks the words of a list in a text, for classrooms.
//!
//! Nothing here adds numbers in an order that a platform chooses: the page, the
//! worker and a native program get the same bits.

mod card;
mod error;
mod filter;
mod fold;
mod inflect;
mod read;
mod search;
mod table;

#[cfg(test)]
mod tests;

pub use card::{Counts, Origin, WordsCard, checksum};
pub use error::WordsError;
pub use filter::{Filter, FilterError, Masked};
pub use read::{MAX_TEXT, Reading, Token};
pub use table::{Parts, Table};
