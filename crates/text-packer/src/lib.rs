//! The corpora, from packages' files to what a trainer and a tab read.
//!
//! - [`characters`] brings Chinese characters to one form each, by OpenCC's tables.
//! - [`shi`], [`ci`] and [`english`] read their packages and give [`Text`]s.
//! - [`guangyun`] reads how characters were pronounced, [`tunes`] learns patterns.
//! - [`alike`] finds what is nearly the same, [`divide`] puts each text into a split.
//! - [`poems`] and [`passages`] make the packed files, [`samples`] two plain texts.
//!
//! Everything here is arithmetic on whole numbers, so the same packages give the
//! same files.

pub mod alike;
pub mod characters;
pub mod ci;
pub mod divide;
pub mod english;
pub mod guangyun;
pub mod passages;
pub mod poems;
pub mod samples;
pub mod shi;
pub mod sources;
pub mod tunes;

use lampwork_text::TextError;

/// A text that was read and cleaned.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Text {
    /// Who wrote it.
    pub author: String,
    /// Its title; of a ci, its tune.
    pub title: String,
    /// The text, marks included.
    pub body: String,
}

/// How many texts were left out, and why, to be said aloud and on the card.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LeftOut(Vec<(String, usize)>);

impl LeftOut {
    /// Counts one more that was left out for a reason.
    pub fn add(&mut self, why: &str) {
        self.add_many(why, 1);
    }

    /// Counts so many more.
    pub fn add_many(&mut self, why: &str, count: usize) {
        match self.0.iter_mut().find(|(known, _)| known == why) {
            Some((_, total)) => *total += count,
            None if count > 0 => self.0.push((why.to_owned(), count)),
            None => {}
        }
    }

    /// The reasons with their counts, as sentences.
    pub fn lines(&self) -> Vec<String> {
        let line = |(why, count): &(String, usize)| format!("{count} {why}");
        self.0.iter().map(line).collect()
    }
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
    /// What was made is no corpus.
    #[error(transparent)]
    Text(#[from] TextError),
    /// The byte-pair encoding cannot be trained.
    #[error("cannot train the byte-pair encoding: {0}")]
    Bpe(String),
    /// A file cannot be written.
    #[error("cannot write {path}: {error}")]
    Write {
        /// Which one.
        path: String,
        /// Why not.
        error: std::io::Error,
    },
    /// A file for a tab would be too large to fetch.
    #[error("{name} for a tab is {bytes} bytes packed by gzip, more than {limit}")]
    TooLarge {
        /// Which one.
        name: &'static str,
        /// Its size.
        bytes: usize,
        /// What is allowed.
        limit: usize,
    },
}
