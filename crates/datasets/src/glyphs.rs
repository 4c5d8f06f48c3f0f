//! Characters, each written by several hands, as one safetensors file.
//!
//! `characters` is `[n]` code points of 32 bits, `splits` `[n]` bytes (0 training, 1
//! validation, 2 test), `drawn` `[hands, n]` bytes, 1 where a hand has the character, and
//! `pictures` `[hands, n, side, side]` bytes: 255 is ink. The card stands in the metadata.
//!
//! A character stands in one split alone in whichever hand, so what a net writes of a
//! test character it has not learnt by heart.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashSet};

use lampwork_protocol::{DataSet, Shape};
use safetensors::tensor::{Dtype, SafeTensors};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::card::{DataCard, broken, check_data, check_version, hexadecimal, metadata, read_card};
use crate::safetensors_file::{Tensor, serialize};
use crate::{Concept, DataError, Examples, Origin, Packed};

/// The plain hand and those of the brush, in the order of their classes.
pub const HANDS: [&str; 7] = [
    "plain",
    "kouzan-regular",
    "kouzan-semicursive",
    "kouzan-cursive",
    "ma-shan-zheng",
    "zhi-mang-xing",
    "liu-jian-mao-cao",
];

/// What a set of characters is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GlyphCard {
    /// Version of this form; [`GlyphCard::VERSION`].
    pub version: u32,
    /// Which set.
    pub data: DataSet,
    /// Its name in full.
    pub title: String,
    /// Where the hands come from.
    pub sources: Vec<Origin>,
    /// Licence of the whole, an SPDX expression or what stands for one.
    pub licence: String,
    /// Side of a picture, in pixels.
    pub side: u32,
    /// Names of the hands, in order.
    pub hands: Vec<String>,
    /// Characters in the training, validation and test split.
    pub characters: [u32; 3],
    /// Pictures of each hand.
    pub drawn: Vec<u32>,
    /// SHA-256, in hexadecimal, of all there is but this card.
    pub checksum: String,
    /// How the set was made of its sources.
    pub how: String,
}

impl GlyphCard {
    /// Version of the form written now.
    pub const VERSION: u32 = 1;

    /// The card as the JSON that stands beside the file.
    pub fn to_json(&self) -> String {
        let mut json = serde_json::to_string_pretty(self).expect("a card of strings and numbers");
        json.push('\n');
        json
    }
}

/// Characters, each written by several hands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Glyphs {
    /// The characters, none of them twice, `[n]`.
    pub characters: Vec<char>,
    /// 0 for training, 1 for validation, 2 for test, `[n]`.
    pub splits: Vec<u8>,
    /// 1 where a hand has a character, `[hands, n]`.
    pub drawn: Vec<u8>,
    /// `[hands, n, side, side]` bytes: 255 is ink.
    pub pictures: Vec<u8>,
    /// What it is and where it comes from.
    pub card: GlyphCard,
}

impl Glyphs {
    /// Largest file that is read.
    pub const LIMIT: usize = 256 << 20;

    /// Joins pictures with a card, whose counts and checksum are filled in.
    ///
    /// # Errors
    /// The parts contradict each other.
    pub fn new(
        characters: Vec<char>,
        splits: Vec<u8>,
        drawn: Vec<u8>,
        pictures: Vec<u8>,
        card: GlyphCard,
    ) -> Result<Self, DataError> {
        let mut glyphs = Self {
            characters,
            splits,
            drawn,
            pictures,
            card,
        };
        glyphs.check()?;
        glyphs.card = GlyphCard {
            characters: glyphs.counts(),
            drawn: glyphs.drawn_counts(),
            checksum: glyphs.checksum(),
            ..glyphs.card
        };
        Ok(glyphs)
    }

    /// How many characters there are.
    pub fn len(&self) -> usize {
        self.characters.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.characters.is_empty()
    }

    /// Side of a picture, in pixels.
    pub fn side(&self) -> usize {
        self.card.side as usize
    }

    /// A character as a hand writes it, `[side, side]` bytes; none where it does not.
    pub fn picture(&self, hand: usize, character: usize) -> Option<&[u8]> {
        let (count, pixels) = (self.len(), self.side() * self.side());
        let at = hand * count + character;
        (self.drawn[at] == 1).then(|| &self.pictures[at * pixels..(at + 1) * pixels])
    }

    fn counts(&self) -> [u32; 3] {
        let count = |split| self.splits.iter().filter(|&&s| s == split).count() as u32;
        [count(0), count(1), count(2)]
    }

    fn drawn_counts(&self) -> Vec<u32> {
        let each = self.drawn.chunks(self.len().max(1));
        each.map(|hand| hand.iter().map(|&d| u32::from(d)).sum())
            .collect()
    }

    fn checksum(&self) -> String {
        let mut hasher = Sha256::new();
        for &character in &self.characters {
            hasher.update(u32::from(character).to_le_bytes());
        }
        hasher.update(&self.splits);
        hasher.update(&self.drawn);
        hasher.update(&self.pictures);
        hexadecimal(&hasher.finalize())
    }

    fn check(&self) -> Result<(), DataError> {
        let wrong = |what: &str| Err(DataError::Tensors(what.to_owned()));
        let (count, hands) = (self.characters.len(), self.card.hands.len());
        let pixels = self.side() * self.side();
        if count == 0 || hands == 0 || self.splits.len() != count {
            return wrong("there are no characters, or not as many splits");
        }
        if count > usize::from(u16::MAX) || hands > 256 || self.side() > 512 {
            return wrong("there are more characters or hands than a set holds");
        }
        if self.drawn.len() != hands * count || self.pictures.len() != hands * count * pixels {
            return wrong("there are not as many pictures as hands and characters");
        }
        if self.splits.iter().any(|&split| split > 2) || self.drawn.iter().any(|&drawn| drawn > 1) {
            return wrong("a split or a mark is none");
        }
        let known: HashSet<char> = self.characters.iter().copied().collect();
        if known.len() != count {
            return wrong("a character stands there twice");
        }
        Ok(())
    }

    /// The file.
    pub fn to_bytes(&self) -> Vec<u8> {
        let (count, hands, side) = (self.len(), self.card.hands.len(), self.side());
        let points: Vec<u8> = self
            .characters
            .iter()
            .flat_map(|&character| u32::from(character).to_le_bytes())
            .collect();
        let tensor = |name: &str, dtype, shape, bytes| Tensor {
            name: name.to_owned(),
            dtype,
            shape,
            bytes,
        };
        let card = serde_json::to_string(&self.card).expect("a card of strings and numbers");
        serialize(
            BTreeMap::from([(DataCard::METADATA_KEY, card)]),
            &[
                tensor("characters", "U32", vec![count], Cow::Owned(points)),
                tensor("splits", "U8", vec![count], Cow::Borrowed(&self.splits)),
                tensor(
                    "drawn",
                    "U8",
                    vec![hands, count],
                    Cow::Borrowed(&self.drawn),
                ),
                tensor(
                    "pictures",
                    "U8",
                    vec![hands, count, side, side],
                    Cow::Borrowed(&self.pictures),
                ),
            ],
        )
    }

    /// Reads a file that nothing is known of.
    ///
    /// # Errors
    /// The file is no set of characters, or its contents are not the ones its card was
    /// written for.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, DataError> {
        let card: GlyphCard = read_card(&metadata(bytes, Self::LIMIT)?)?;
        check_version(card.version, GlyphCard::VERSION)?;
        check_data(card.data, DataSet::Brush)?;
        let tensors = SafeTensors::deserialize(bytes).map_err(broken)?;
        let read = |name: &str, dtype: Dtype| {
            let view = tensors.tensor(name).map_err(broken)?;
            if view.dtype() != dtype {
                return Err(DataError::Tensors(format!("{name} is of other numbers")));
            }
            Ok(view.data().to_vec())
        };
        let points = read("characters", Dtype::U32)?;
        let characters: Option<Vec<char>> = points
            .chunks_exact(4)
            .map(|point| {
                char::from_u32(u32::from_le_bytes([point[0], point[1], point[2], point[3]]))
            })
            .collect();
        let characters =
            characters.ok_or_else(|| DataError::Tensors("a character is none".to_owned()))?;
        let glyphs = Self {
            characters,
            splits: read("splits", Dtype::U8)?,
            drawn: read("drawn", Dtype::U8)?,
            pictures: read("pictures", Dtype::U8)?,
            card,
        };
        glyphs.check()?;
        if glyphs.checksum() != glyphs.card.checksum {
            return Err(DataError::Checksum);
        }
        Ok(glyphs)
    }

    /// As a set that nets are shown: the pictures of each split, character by character,
    /// their hands as classes; ink is 1.
    pub fn packed(&self) -> Packed {
        let shape = Shape {
            side: self.side(),
            channels: 1,
        };
        let mut parts: [Examples; 3] = std::array::from_fn(|_| Examples {
            shape,
            ..Examples::default()
        });
        for character in 0..self.len() {
            let part = &mut parts[usize::from(self.splits[character])];
            for hand in 0..self.card.hands.len() {
                if let Some(picture) = self.picture(hand, character) {
                    part.pictures.extend_from_slice(picture);
                    part.labels.push(hand as u8);
                    part.concepts.push(character as u16);
                }
            }
        }
        let of = |what: fn(&Origin) -> &str| {
            let all: Vec<&str> = self.card.sources.iter().map(what).collect();
            all.join("; ")
        };
        let [train, validation, test] = parts;
        let concept = |character: &char| Concept {
            name: character.to_string(),
            ..Concept::default()
        };
        Packed {
            data: self.card.data,
            card: DataCard {
                version: DataCard::VERSION,
                data: self.card.data,
                title: self.card.title.clone(),
                source: of(|origin| &origin.package),
                licence: self.card.licence.clone(),
                copyright: of(|origin| &origin.copyright),
                classes: self.card.hands.clone(),
                counts: [&train, &validation, &test].map(|split| split.len() as u32),
                checksum: self.card.checksum.clone(),
                how: self.card.how.clone(),
            },
            train,
            validation,
            test,
            concepts: self.characters.iter().map(concept).collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn glyphs() -> Glyphs {
        let card = GlyphCard {
            version: GlyphCard::VERSION,
            data: DataSet::Brush,
            title: "Three characters".to_owned(),
            sources: vec![],
            licence: "CC0-1.0".to_owned(),
            side: 2,
            hands: vec!["plain".to_owned(), "brush".to_owned()],
            characters: [0; 3],
            drawn: vec![],
            checksum: String::new(),
            how: String::new(),
        };
        let drawn = vec![1, 1, 1, 1, 0, 1];
        Glyphs::new(
            vec!['永', '月', '光'],
            vec![0, 1, 2],
            drawn,
            (0..24).collect(),
            card,
        )
        .unwrap()
    }

    #[test]
    fn a_file_reads_back_and_says_what_is_in_it() {
        let glyphs = glyphs();
        assert_eq!(glyphs.card.characters, [1, 1, 1]);
        assert_eq!(glyphs.card.drawn, [3, 2]);
        let bytes = glyphs.to_bytes();
        assert_eq!(Glyphs::from_bytes(&bytes), Ok(glyphs));
    }

    #[test]
    fn each_picture_keeps_its_hand_and_character() {
        let packed = glyphs().packed();
        assert_eq!(packed.train.labels, [0, 1]);
        assert_eq!(packed.train.pictures, [0, 1, 2, 3, 12, 13, 14, 15]);
        // The second hand has no second character.
        assert_eq!(packed.validation.labels, [0]);
        assert_eq!(packed.test.concepts, [2, 2]);
        assert_eq!(packed.concepts[2].name, "光");
    }

    #[test]
    fn what_is_broken_is_refused() {
        let bytes = glyphs().to_bytes();
        for cut in [0, 7, 100, bytes.len() - 1] {
            assert!(Glyphs::from_bytes(&bytes[..cut]).is_err(), "{cut}");
        }
        let mut changed = bytes.clone();
        *changed.last_mut().unwrap() ^= 1;
        assert_eq!(Glyphs::from_bytes(&changed), Err(DataError::Checksum));
        let twice = Glyphs {
            characters: vec!['永', '永', '光'],
            ..glyphs()
        };
        assert!(twice.check().is_err());
    }
}
