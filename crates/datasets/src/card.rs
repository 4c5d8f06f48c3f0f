//! The card of a data set: what it is, where it comes from and what may be done with it.

use std::collections::HashMap;

use lampwork_protocol::DataSet;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::{DataError, Examples};

/// What a packed data set is.
///
/// The same JSON stands beside the file and in its metadata under
/// [`DataCard::METADATA_KEY`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DataCard {
    /// Version of this form; [`DataCard::VERSION`].
    pub version: u32,
    /// Which data set.
    pub data: DataSet,
    /// Its name in full.
    pub title: String,
    /// Where it comes from: the paper and the package.
    pub source: String,
    /// Licence, an SPDX expression.
    pub licence: String,
    /// Whose it is.
    pub copyright: String,
    /// Names of the classes, in English, in order.
    pub classes: Vec<String>,
    /// Examples in the training, validation and test split.
    pub counts: [u32; 3],
    /// SHA-256, in hexadecimal, of the pictures and labels of the three splits
    /// in order; see [`checksum`].
    pub checksum: String,
    /// How the splits were made of the source.
    pub how: String,
}

impl DataCard {
    /// Version of the form written now.
    pub const VERSION: u32 = 1;

    /// Key of the card in the safetensors file's metadata.
    pub const METADATA_KEY: &'static str = "lampwork.card";

    /// The card as the JSON that stands beside the file.
    pub fn to_json(&self) -> String {
        let mut json = serde_json::to_string_pretty(self).expect("a card of strings and numbers");
        json.push('\n');
        json
    }
}

/// SHA-256 of the splits: the pictures, then the labels, of each in order.
pub fn checksum(splits: [&Examples; 3]) -> String {
    let mut hasher = Sha256::new();
    for examples in splits {
        hasher.update(&examples.pictures);
        hasher.update(&examples.labels);
    }
    hexadecimal(&hasher.finalize())
}

/// Refuses a card of another version than the one that is read.
///
/// # Errors
/// [`DataError::Card`], with both.
pub(crate) fn check_version(found: u32, read: u32) -> Result<(), DataError> {
    match found == read {
        true => Ok(()),
        false => Err(DataError::Card(format!(
            "it is of version {found}, and version {read} is read"
        ))),
    }
}

/// What is written beside the tensors of a packed file.
///
/// # Errors
/// [`DataError::TooLarge`] above `limit` bytes, [`DataError::Safetensors`].
pub(crate) fn metadata(bytes: &[u8], limit: usize) -> Result<HashMap<String, String>, DataError> {
    if bytes.len() > limit {
        return Err(DataError::TooLarge {
            bytes: bytes.len() as u64,
            limit: limit as u64,
        });
    }
    let (_, metadata) = safetensors::SafeTensors::read_metadata(bytes).map_err(broken)?;
    Ok(metadata.metadata().clone().unwrap_or_default())
}

/// The card among what is written beside the tensors.
///
/// # Errors
/// [`DataError::Card`].
pub(crate) fn read_card<Card: DeserializeOwned>(
    metadata: &HashMap<String, String>,
) -> Result<Card, DataError> {
    let card = metadata
        .get(DataCard::METADATA_KEY)
        .ok_or_else(|| DataError::Card("there is none".to_owned()))?;
    serde_json::from_str(card).map_err(|error| DataError::Card(error.to_string()))
}

/// What a broken file is told by.
pub(crate) fn broken(error: safetensors::SafeTensorError) -> DataError {
    DataError::Safetensors(error.to_string())
}

/// Refuses a card of another data set.
///
/// # Errors
/// [`DataError::OtherData`].
pub(crate) fn check_data(found: DataSet, wanted: DataSet) -> Result<(), DataError> {
    match found == wanted {
        true => Ok(()),
        false => Err(DataError::OtherData {
            wanted: wanted.name(),
            found: found.name(),
        }),
    }
}

pub(crate) fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Names of the classes of a data set, in English, in order; of a captioned set,
/// of its styles.
pub fn class_names(data: DataSet) -> &'static [&'static str] {
    match data {
        DataSet::Fashion => &[
            "T-shirt or top",
            "Trousers",
            "Pullover",
            "Dress",
            "Coat",
            "Sandal",
            "Shirt",
            "Sneaker",
            "Bag",
            "Ankle boot",
        ],
        DataSet::Digits => &["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"],
        DataSet::Emoji => &["flat", "3d", "noto", "twemoji"],
        DataSet::Pixel => &["mon", "item", "dngn", "player", "effect"],
        DataSet::Faces => &["lorelei", "notionists", "openPeeps", "pixelArt", "thumbs"],
        DataSet::Brush => &crate::glyphs::HANDS,
        DataSet::Photos | DataSet::Poems | DataSet::Plays => &[],
    }
}
