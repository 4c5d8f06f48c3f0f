//! How characters were read: their rhymes and tones, as one small file.
//!
//! `characters` is UTF-8, in order; `counts` `[n]` says how many readings each has,
//! `readings` are their rhymes by number; `simplified` is UTF-8: a traditional
//! character and the simplified one, in turn. Tunes stand as JSON in the metadata,
//! beside the card.

use std::borrow::Cow;
use std::collections::BTreeMap;

use lampwork_datasets::safetensors_file::{Tensor, serialize};
use safetensors::tensor::{Dtype, SafeTensors};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::rhymes::Rhyme;
use super::tune::Tune;
use crate::TextError;
use crate::corpus::{CorpusCard, TextOrigin};

const TUNES_KEY: &str = "tunes";

/// What a table of readings is and where it comes from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReadingsCard {
    /// Version of this form; [`ReadingsCard::VERSION`].
    pub version: u32,
    /// Its name in full.
    pub title: String,
    /// Where everything in it comes from.
    pub sources: Vec<TextOrigin>,
    /// How it was made of its sources.
    pub how: String,
    /// SHA-256, in hexadecimal, of all there is but this card.
    pub checksum: String,
}

impl ReadingsCard {
    /// Version of the form written now.
    pub const VERSION: u32 = 1;

    /// The card as the JSON that stands beside the file.
    pub fn to_json(&self) -> String {
        let mut json = serde_json::to_string_pretty(self).expect("a card of strings and numbers");
        json.push('\n');
        json
    }
}

/// Readings of characters, simplified forms, and tunes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Readings {
    /// What it is and where it comes from.
    pub card: ReadingsCard,
    /// Characters in order, each with the end of its readings.
    ends: Vec<(char, u32)>,
    readings: Vec<Rhyme>,
    /// Traditional characters in order, each with the simplified one.
    simplified: Vec<(char, char)>,
    tunes: Vec<Tune>,
}

impl Readings {
    /// Largest file that is read.
    pub const LIMIT: usize = 1 << 20;

    /// Most tunes.
    pub const MAX_TUNES: usize = crate::poem::Form::MAX_TUNES;

    /// Joins readings, simplified forms (each in the order of the characters, none
    /// twice) and tunes with a card, whose checksum is filled in.
    ///
    /// # Errors
    /// A character is there twice or out of order, or a tune is not one.
    pub fn new(
        readings: &[(char, Vec<Rhyme>)],
        simplified: Vec<(char, char)>,
        tunes: Vec<Tune>,
        card: ReadingsCard,
    ) -> Result<Self, TextError> {
        let mut all = Vec::new();
        let mut ends = Vec::with_capacity(readings.len());
        for (character, rhymes) in readings {
            all.extend(rhymes);
            ends.push((*character, all.len() as u32));
        }
        let mut made = Self {
            card,
            ends,
            readings: all,
            simplified,
            tunes,
        };
        made.check()?;
        made.card.checksum = made.checksum();
        Ok(made)
    }

    /// The rhymes that a character may have; none if it is not known.
    pub fn of(&self, character: char) -> &[Rhyme] {
        match self.ends.binary_search_by_key(&character, |entry| entry.0) {
            Ok(at) => {
                let start = at.checked_sub(1).map_or(0, |before| self.ends[before].1);
                &self.readings[start as usize..self.ends[at].1 as usize]
            }
            Err(_) => &[],
        }
    }

    /// Whether a character may be read in the level tone, and in an oblique one.
    /// One that is not known may be either.
    pub fn tones(&self, character: char) -> (bool, bool) {
        let readings = self.of(character);
        if readings.is_empty() {
            return (true, true);
        }
        let oblique = |rhyme: &Rhyme| rhyme.tone().is_oblique();
        (!readings.iter().all(oblique), readings.iter().any(oblique))
    }

    /// A text in simplified characters.
    pub fn simplify(&self, text: &str) -> String {
        text.chars()
            .map(|one| {
                let at = self.simplified.binary_search_by_key(&one, |pair| pair.0);
                at.map_or(one, |at| self.simplified[at].1)
            })
            .collect()
    }

    /// The traditional characters that a simplified one stands for.
    pub fn traditional(&self, simplified: char) -> impl Iterator<Item = char> {
        let pairs = self.simplified.iter();
        pairs
            .filter(move |pair| pair.1 == simplified)
            .map(|pair| pair.0)
    }

    /// The tunes of the corpus, in its order.
    pub fn tunes(&self) -> &[Tune] {
        &self.tunes
    }

    /// Characters whose readings are known.
    pub fn characters(&self) -> impl Iterator<Item = char> {
        self.ends.iter().map(|entry| entry.0)
    }

    /// The file, the same bytes every time.
    pub fn to_bytes(&self) -> Vec<u8> {
        let card = serde_json::to_string(&self.card).expect("a card of strings and numbers");
        let metadata = BTreeMap::from([
            (CorpusCard::METADATA_KEY, card),
            (TUNES_KEY, self.tunes_json()),
        ]);
        let tensors = self.columns().map(|(name, bytes)| Tensor {
            name: name.to_owned(),
            dtype: "U8",
            shape: vec![bytes.len()],
            bytes: Cow::Owned(bytes),
        });
        serialize(metadata, &tensors)
    }

    /// Reads a file that nothing is known of.
    ///
    /// # Errors
    /// The file is no table of readings, or its contents are not the ones its card
    /// was written for.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, TextError> {
        if bytes.len() > Self::LIMIT {
            return Err(TextError::TooLarge {
                bytes: bytes.len(),
                limit: Self::LIMIT,
            });
        }
        let broken =
            |error: safetensors::SafeTensorError| TextError::Safetensors(error.to_string());
        let (_, metadata) = SafeTensors::read_metadata(bytes).map_err(broken)?;
        let entry = |key: &str| metadata.metadata().as_ref()?.get(key).map(String::as_str);
        let card = entry(CorpusCard::METADATA_KEY)
            .ok_or_else(|| TextError::Card("there is none".to_owned()))?;
        let card: ReadingsCard =
            serde_json::from_str(card).map_err(|error| TextError::Card(error.to_string()))?;
        if card.version != ReadingsCard::VERSION {
            return Err(TextError::Card(format!(
                "it is of version {}, and version {} is read",
                card.version,
                ReadingsCard::VERSION
            )));
        }
        let tunes = entry(TUNES_KEY).unwrap_or("[]");
        let tunes: Vec<Tune> =
            serde_json::from_str(tunes).map_err(|error| TextError::Readings(error.to_string()))?;

        let file = SafeTensors::deserialize(bytes).map_err(broken)?;
        let column = |name: &str| {
            let tensor = file.tensor(name);
            let tensor = tensor
                .ok()
                .filter(|t| t.dtype() == Dtype::U8 && t.shape().len() == 1);
            tensor
                .map(|tensor| tensor.data())
                .ok_or_else(|| TextError::Tensors(format!("there is no tensor {name} of bytes")))
        };
        let text = |name: &str| {
            std::str::from_utf8(column(name)?)
                .map_err(|error| TextError::Readings(format!("{name}: {error}")))
        };
        let counts = column("counts")?;
        let mut end = 0;
        let mut ends = Vec::with_capacity(counts.len());
        for (character, &count) in text("characters")?.chars().zip(counts) {
            end += u32::from(count);
            ends.push((character, end));
        }
        let readings = column("readings")?;
        if ends.len() != counts.len()
            || text("characters")?.chars().count() != counts.len()
            || end as usize != readings.len()
        {
            return Err(TextError::Readings(format!(
                "there are {} counts for {end} readings, of which {} are there",
                counts.len(),
                readings.len()
            )));
        }
        let readings: Option<Vec<Rhyme>> = readings
            .iter()
            .map(|&number| Rhyme::from_number(number))
            .collect();
        let readings =
            readings.ok_or_else(|| TextError::Readings("a rhyme is not there".to_owned()))?;
        let pairs: Vec<char> = text("simplified")?.chars().collect();
        if pairs.len() % 2 == 1 {
            return Err(TextError::Readings(
                "a simplified character is missing".to_owned(),
            ));
        }
        let read = Self {
            card,
            ends,
            readings,
            simplified: pairs
                .chunks_exact(2)
                .map(|pair| (pair[0], pair[1]))
                .collect(),
            tunes,
        };
        read.check()?;
        if read.checksum() != read.card.checksum {
            return Err(TextError::Checksum);
        }
        Ok(read)
    }

    fn tunes_json(&self) -> String {
        serde_json::to_string(&self.tunes).expect("strings and numbers")
    }

    fn columns(&self) -> [(&'static str, Vec<u8>); 4] {
        let characters: String = self.characters().collect();
        let ends = std::iter::once(0).chain(self.ends.iter().map(|entry| entry.1));
        let counts = ends
            .zip(&self.ends)
            .map(|(start, entry)| (entry.1 - start) as u8);
        let simplified: String = self.simplified.iter().flat_map(|&(a, b)| [a, b]).collect();
        [
            ("characters", characters.into_bytes()),
            ("counts", counts.collect()),
            (
                "readings",
                self.readings.iter().map(|rhyme| rhyme.number()).collect(),
            ),
            ("simplified", simplified.into_bytes()),
        ]
    }

    fn checksum(&self) -> String {
        let mut hasher = Sha256::new();
        hasher.update(self.tunes_json());
        for (_, bytes) in self.columns() {
            hasher.update(bytes);
        }
        hasher
            .finalize()
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect()
    }

    fn check(&self) -> Result<(), TextError> {
        let wrong = |what: &str| Err(TextError::Readings(what.to_owned()));
        if !self.ends.is_sorted_by(|a, b| a.0 < b.0) {
            return wrong("a character is there twice or out of order");
        }
        let mut start = 0;
        for &(character, end) in &self.ends {
            if end <= start || end - start > 255 {
                return wrong(&format!("`{character}` has no reading, or too many"));
            }
            start = end;
        }
        if !self.simplified.is_sorted_by(|a, b| a.0 < b.0) {
            return wrong("a traditional character is there twice or out of order");
        }
        if self.tunes.len() > Self::MAX_TUNES || !self.tunes.iter().all(Tune::is_sound) {
            return wrong("there are too many tunes, or one is none");
        }
        Ok(())
    }
}
