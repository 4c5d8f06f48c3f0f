//! The card of a table: what it is, where it comes from and what may be done with it.

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::table::Parts;

/// A package that something of the table was taken from.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Origin {
    /// What was taken.
    pub what: String,
    /// Package and version.
    pub package: String,
    /// Licence, an SPDX expression.
    pub licence: String,
    /// Whose it is.
    pub copyright: String,
}

/// How many words there are.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    /// Words without a Chinese character.
    pub en: u32,
    /// Words with one.
    pub zh: u32,
}

/// What a table of words is.
///
/// The same JSON stands beside the file and in its metadata under
/// [`WordsCard::METADATA_KEY`].
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct WordsCard {
    /// Version of this form; [`WordsCard::VERSION`].
    pub version: u32,
    /// Its name in full.
    pub title: String,
    /// Where everything in it comes from.
    pub sources: Vec<Origin>,
    /// Licence of the whole, an SPDX expression.
    pub licence: String,
    /// Length of a vector.
    pub dimensions: u32,
    /// How many words there are.
    pub counts: Counts,
    /// SHA-256, in hexadecimal, of all there is but this card; see [`checksum`].
    pub checksum: String,
    /// How the table was made, and what was measured of it.
    pub how: String,
}

impl WordsCard {
    /// Version of the form written now.
    pub const VERSION: u32 = 1;

    /// Key of the card in the safetensors file's metadata.
    pub const METADATA_KEY: &'static str = "lampwork.card";

    /// A card that says nothing yet of what is in the file;
    /// [`Table::new`](crate::Table::new) fills that in.
    pub fn new(title: &str, licence: &str, sources: Vec<Origin>, how: &str) -> Self {
        Self {
            version: Self::VERSION,
            title: title.to_owned(),
            licence: licence.to_owned(),
            sources,
            how: how.to_owned(),
            ..Self::default()
        }
    }

    /// The card as the JSON that stands beside the file.
    pub fn to_json(&self) -> String {
        let mut json = serde_json::to_string_pretty(self).expect("a card of strings and numbers");
        json.push('\n');
        json
    }
}

/// SHA-256 of the vectors, the scales (four bytes each, the lowest first), the
/// words joined by newlines, and the folds one after the other, as in the file.
pub fn checksum(parts: &Parts) -> String {
    let mut hasher = Sha256::new();
    for value in &parts.vectors {
        hasher.update(value.to_le_bytes());
    }
    for scale in &parts.scales {
        hasher.update(scale.to_le_bytes());
    }
    hasher.update(parts.words.join("\n"));
    for (from, to) in &parts.folds {
        let mut bytes = [0; 4];
        hasher.update(from.encode_utf8(&mut bytes));
        hasher.update(to.encode_utf8(&mut bytes));
    }
    hasher
        .finalize()
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}
