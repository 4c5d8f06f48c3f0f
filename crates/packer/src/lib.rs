//! The colour data sets, from packages' files to what a trainer and a tab read.
//!
//! - [`sources`] names the raw files and refuses those that have changed.
//! - [`draw`] turns SVG, WebP and PNG into small pictures on white.
//! - [`emoji`], [`pixel`] and [`faces`] each read their packages and give a
//!   [`Collection`]: concepts with captions, and drawings of them.
//! - [`brush`] draws characters out of fonts.
//! - [`divide`] puts every concept into one split, and look-alikes into the same.
//! - [`set`] makes the packed files, [`sheet`] pictures of them to look at.
//!
//! Everything here is arithmetic on whole numbers but for drawing curves, so
//! the same packages give the same files.

pub mod brush;
pub mod divide;
pub mod draw;
pub mod emoji;
pub mod faces;
pub mod pixel;
pub mod restyle;
pub mod set;
pub mod sheet;
pub mod sources;
mod woff;
mod words;

use lampwork_datasets::{Concept, DataError};

/// Sides of the pictures that are drawn, in pixels.
pub const SIDES: [usize; 2] = [32, 64];

/// One drawing of a concept, at one or more sizes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Drawing {
    /// Row of [`Collection::concepts`].
    pub concept: usize,
    /// Row of [`Collection::styles`].
    pub style: usize,
    /// The picture at each of the collection's sides, `[side, side, 3]` bytes.
    pub pictures: Vec<Vec<u8>>,
}

/// All that was read of a set, not yet split.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Collection {
    /// What is drawn.
    pub concepts: Vec<Concept>,
    /// For each concept, what decides its split: variants of a thing share one.
    pub keys: Vec<String>,
    /// How things are drawn.
    pub styles: Vec<String>,
    /// Sides of the pictures, in pixels, ascending.
    pub sides: Vec<usize>,
    /// The drawings.
    pub drawings: Vec<Drawing>,
    /// What was left out, and why, to be said aloud.
    pub left_out: Vec<String>,
}

/// What ends the packing.
#[derive(Debug, thiserror::Error)]
pub enum Fault {
    /// A raw file is missing, cannot be read or has changed.
    #[error("{path}: {reason}; fetch the packages with `cargo xtask data`")]
    Source {
        /// The file or folder.
        path: String,
        /// What is wrong with it.
        reason: String,
    },
    /// A drawing cannot be read.
    #[error("cannot draw {name}: {reason}")]
    Drawing {
        /// Which one.
        name: String,
        /// Why not.
        reason: String,
    },
    /// What was made is no data set.
    #[error(transparent)]
    Data(#[from] DataError),
    /// A file cannot be written.
    #[error("cannot write {path}: {error}")]
    Write {
        /// Which one.
        path: String,
        /// Why not.
        error: std::io::Error,
    },
    /// A subset for a tab would be too large to fetch.
    #[error("{name} for a tab is {bytes} bytes packed by gzip, more than {limit}")]
    TooLarge {
        /// Which set.
        name: &'static str,
        /// Its size.
        bytes: usize,
        /// What is allowed.
        limit: usize,
    },
}
