//! Data sets: from a package's files to batches that a net is shown.
//!
//! - [`idx`] and [`digits`] read what the packages hold.
//! - [`split`] divides examples into training, validation and test, so that no
//!   picture, nor a copy of it, stands in two of them, and draws the subset that
//!   a tab fetches.
//! - [`pack`] writes a set as one safetensors file with its [`DataCard`], and
//!   reads it back without trusting it.
//! - [`captioned`] does the same for the colour sets, whose pictures have
//!   captions and styles rather than classes.
//! - [`glyphs`] does the same for characters, each written by several hands.
//! - [`safetensors_file`] writes such files the same every time.
//! - [`batches`] says which examples a step is shown, [`augment()`] changes them,
//!   and [`nearest()`] finds the training pictures closest to one.
//!
//! The `pack` binary makes the files under `static/datasets/` and the full sets
//! that the native trainer reads; [`sources`] says where the raw files come from.
//!
//! Everything random here is drawn from ChaCha8 under a key made of its purpose,
//! the seed and a number, so that the same recipe sees the same examples in the
//! same order, on any machine, also after a run was stopped and taken up again.
//!
//! ```
//! use lampwork_datasets::{Batches, Examples, batch};
//! use lampwork_protocol::{Augment, DataSet};
//!
//! let examples = Examples::grey(vec![255; 5 * 784], vec![0, 1, 2, 3, 4]);
//! let mut batches = Batches::new(examples.len(), 2, 7);
//! let first = batches.indices(0, 0);
//! let batch = batch(&examples, &first, DataSet::Digits, &Augment::default(), None, 7, 0);
//! assert_eq!(batch.pictures.len(), 2 * 784);
//! assert_eq!(batch.pictures[0], 1.0);
//! ```

pub mod augment;
pub mod batches;
pub mod captioned;
pub mod card;
pub mod digits;
mod error;
mod examples;
pub mod glyphs;
pub mod idx;
mod kin;
pub mod nearest;
pub mod pack;
pub mod photos;
mod phrases;
mod random;
pub mod safetensors_file;
pub mod sources;
pub mod split;

pub use augment::augment;
pub use batches::{Batch, Batches, batch, steps_per_epoch};
pub use captioned::{Captioned, CaptionedCard, Concept, Drawings, Origin};
pub use card::{DataCard, class_names};
pub use error::DataError;
pub use examples::Examples;
pub use glyphs::{GlyphCard, Glyphs};
pub use kin::kin;
pub use nearest::nearest;
pub use pack::Packed;
pub use phrases::Phrases;
