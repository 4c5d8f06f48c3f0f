//! Colour pictures with captions, as one safetensors file.
//!
//! For each split, `{split}.pictures` is `[n, side, side, 3]` bytes (red, green,
//! blue, on white), `{split}.concepts` `[n]` numbers of 16 bits, rows of the
//! table of concepts, and `{split}.styles` `[n]` bytes, rows of the list of
//! styles. Both tables stand as JSON in the metadata, beside the card.
//!
//! A concept stands in one split alone, so what a net makes of a test concept
//! it has not learnt by heart.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashSet};

use lampwork_protocol::DataSet;
use safetensors::tensor::{Dtype, SafeTensors};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::DataError;
use crate::card::{DataCard, broken, check_data, check_version, hexadecimal, metadata, read_card};
use crate::safetensors_file::{Tensor, serialize};

const SPLITS: [&str; 3] = ["train", "validation", "test"];
const CONCEPTS_KEY: &str = "concepts";
const STYLES_KEY: &str = "styles";

/// What is drawn, in words.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Concept {
    /// What it is known by within its set; never the same twice.
    pub name: String,
    /// A caption in English.
    pub en: String,
    /// A caption in Chinese; empty where there is none.
    pub zh: String,
    /// Words that go with it, in English.
    pub tags_en: Vec<String>,
    /// Words that go with it, in Chinese.
    pub tags_zh: Vec<String>,
    /// What kind of thing it is: `flags`, `food-drink`, `mon/undead`, ...
    pub group: String,
}

/// Pictures, each with its concept and its style, in order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Drawings {
    /// `[n, side, side, 3]` bytes: red, green, blue; 255 is white.
    pub pictures: Vec<u8>,
    /// `[n]` rows of [`Captioned::concepts`].
    pub concepts: Vec<u16>,
    /// `[n]` rows of [`Captioned::styles`].
    pub styles: Vec<u8>,
}

impl Drawings {
    /// How many there are.
    pub fn len(&self) -> usize {
        self.concepts.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.concepts.is_empty()
    }

    /// Picture `index`, `[side, side, 3]` bytes.
    ///
    /// # Panics
    /// There is no such picture.
    pub fn picture(&self, index: usize, side: usize) -> &[u8] {
        let size = side * side * 3;
        &self.pictures[index * size..(index + 1) * size]
    }
}

/// A package that pictures or captions were taken from.
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

/// How many pictures there are of a style.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct StyleCount {
    /// The style.
    pub name: String,
    /// Pictures in the training, validation and test split.
    pub counts: [u32; 3],
}

/// What a captioned set is; [`DataCard`] for sets without classes.
///
/// The same JSON stands beside the file and in its metadata under
/// [`DataCard::METADATA_KEY`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CaptionedCard {
    /// Version of this form; [`CaptionedCard::VERSION`].
    pub version: u32,
    /// Which set.
    pub data: DataSet,
    /// Its name in full.
    pub title: String,
    /// Where everything in it comes from.
    pub sources: Vec<Origin>,
    /// Licence of the whole, an SPDX expression.
    pub licence: String,
    /// Side of a picture, in pixels.
    pub side: u32,
    /// Pictures in the training, validation and test split.
    pub counts: [u32; 3],
    /// Concepts in the training, validation and test split.
    pub concepts: [u32; 3],
    /// Pictures of each style.
    pub styles: Vec<StyleCount>,
    /// SHA-256, in hexadecimal, of all there is but this card; see [`checksum`].
    pub checksum: String,
    /// How the set was made of its sources.
    pub how: String,
}

impl CaptionedCard {
    /// Version of the form written now.
    pub const VERSION: u32 = 1;

    /// A card that says nothing yet of what is in the file; [`Captioned::new`]
    /// fills that in.
    pub fn new(data: DataSet, title: &str, sources: Vec<Origin>, how: &str) -> Self {
        let mut licences: Vec<&str> = Vec::new();
        for source in &sources {
            if !licences.contains(&source.licence.as_str()) {
                licences.push(&source.licence);
            }
        }
        Self {
            version: Self::VERSION,
            data,
            title: title.to_owned(),
            licence: licences.join(" AND "),
            sources,
            side: 0,
            counts: [0; 3],
            concepts: [0; 3],
            styles: Vec::new(),
            checksum: String::new(),
            how: how.to_owned(),
        }
    }

    /// The card as the JSON that stands beside the file.
    pub fn to_json(&self) -> String {
        let mut json = serde_json::to_string_pretty(self).expect("a card of strings and numbers");
        json.push('\n');
        json
    }
}

/// A captioned set, split, with its card.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Captioned {
    /// Which one.
    pub data: DataSet,
    /// Side of a picture, in pixels.
    pub side: usize,
    /// What the pictures show.
    pub concepts: Vec<Concept>,
    /// How they are drawn.
    pub styles: Vec<String>,
    /// What nets learn from.
    pub train: Drawings,
    /// What decides when to stop.
    pub validation: Drawings,
    /// What figures are measured on.
    pub test: Drawings,
    /// What it is and where it comes from.
    pub card: CaptionedCard,
}

impl Captioned {
    /// Largest file that is read; 10,000 faces of 64 x 64 are 126 MB.
    pub const LIMIT: usize = 192 << 20;

    /// Largest side of a picture, in pixels.
    pub const MAX_SIDE: usize = 128;

    /// Joins splits, in the order training, validation, test, with the tables
    /// and a card, whose figures and checksum are filled in.
    ///
    /// # Errors
    /// A picture has no such concept or style, a concept stands in two splits,
    /// there are not as many of one thing as of the other, or a split is empty.
    pub fn new(
        side: usize,
        concepts: Vec<Concept>,
        styles: Vec<String>,
        splits: [Drawings; 3],
        card: CaptionedCard,
    ) -> Result<Self, DataError> {
        check(side, &concepts, &styles, splits.each_ref())?;
        let card = filled(card, side, &concepts, &styles, splits.each_ref());
        let [train, validation, test] = splits;
        Ok(Self {
            data: card.data,
            side,
            concepts,
            styles,
            train,
            validation,
            test,
            card,
        })
    }

    /// Training, validation and test, in that order.
    pub fn splits(&self) -> [&Drawings; 3] {
        [&self.train, &self.validation, &self.test]
    }

    /// The file, the same bytes every time.
    pub fn to_bytes(&self) -> Vec<u8> {
        let metadata = BTreeMap::from([
            (DataCard::METADATA_KEY, json(&self.card)),
            (CONCEPTS_KEY, json(&self.concepts)),
            (STYLES_KEY, json(&self.styles)),
        ]);
        // The 16-bit numbers first: behind bytes they might lie at odd places.
        let mut tensors = Vec::with_capacity(9);
        for (split, drawings) in SPLITS.iter().zip(self.splits()) {
            let bytes = drawings.concepts.iter().flat_map(|row| row.to_le_bytes());
            let shape = vec![drawings.len()];
            tensors.push(of_split(split, "concepts", "U16", shape, bytes.collect()));
        }
        for (split, drawings) in SPLITS.iter().zip(self.splits()) {
            let shape = vec![drawings.len(), self.side, self.side, 3];
            let bytes = Cow::Borrowed(&*drawings.pictures);
            tensors.push(of_split(split, "pictures", "U8", shape, bytes));
        }
        for (split, drawings) in SPLITS.iter().zip(self.splits()) {
            let shape = vec![drawings.len()];
            let bytes = Cow::Borrowed(&*drawings.styles);
            tensors.push(of_split(split, "styles", "U8", shape, bytes));
        }
        serialize(metadata, &tensors)
    }

    /// Reads a file that nothing is known of.
    ///
    /// # Errors
    /// The file is not a captioned set, is another one than `data`, or its
    /// contents are not the ones its card was written for.
    pub fn from_bytes(data: DataSet, bytes: &[u8]) -> Result<Self, DataError> {
        let metadata = metadata(bytes, Self::LIMIT)?;
        let card: CaptionedCard = read_card(&metadata)?;
        check_version(card.version, CaptionedCard::VERSION)?;
        check_data(card.data, data)?;
        let entry = |key: &str| metadata.get(key).map(String::as_str);
        let concepts: Vec<Concept> = table(CONCEPTS_KEY, entry(CONCEPTS_KEY))?;
        let styles: Vec<String> = table(STYLES_KEY, entry(STYLES_KEY))?;

        let file = SafeTensors::deserialize(bytes).map_err(broken)?;
        if file.len() != 3 * SPLITS.len() {
            return Err(DataError::Tensors(format!(
                "the file holds {} tensors, and a captioned set has 9",
                file.len()
            )));
        }
        let side = card.side as usize;
        let [train, validation, test] = SPLITS.map(|split| read_split(&file, split, side));
        let splits = [train?, validation?, test?];
        check(side, &concepts, &styles, splits.each_ref())?;
        if filled(card.clone(), side, &concepts, &styles, splits.each_ref()) != card {
            return Err(DataError::Checksum);
        }
        let [train, validation, test] = splits;
        Ok(Self {
            data,
            side,
            concepts,
            styles,
            train,
            validation,
            test,
            card,
        })
    }
}

/// A tensor of a split.
fn of_split<'a>(
    split: &str,
    name: &str,
    dtype: &'static str,
    shape: Vec<usize>,
    bytes: Cow<'a, [u8]>,
) -> Tensor<'a> {
    Tensor {
        name: format!("{split}.{name}"),
        dtype,
        shape,
        bytes,
    }
}

fn json(value: &impl Serialize) -> String {
    serde_json::to_string(value).expect("strings and numbers")
}

fn table<T: serde::de::DeserializeOwned>(key: &str, json: Option<&str>) -> Result<T, DataError> {
    let json = json.ok_or_else(|| DataError::Captions(format!("there is no table `{key}`")))?;
    serde_json::from_str(json)
        .map_err(|error| DataError::Captions(format!("the table `{key}`: {error}")))
}

fn read_split(file: &SafeTensors<'_>, split: &str, side: usize) -> Result<Drawings, DataError> {
    // The bytes are borrowed until all is known to be right.
    let bytes = |name: &str, dtype: Dtype, inner: &[usize]| {
        let name = format!("{split}.{name}");
        let tensor = file
            .tensor(&name)
            .map_err(|_| DataError::Tensors(format!("the tensor {name} is missing")))?;
        let [count, rest @ ..] = tensor.shape() else {
            return Err(DataError::Tensors(format!("{name} is a single number")));
        };
        if tensor.dtype() != dtype || rest != inner || *count == 0 {
            return Err(DataError::Tensors(format!(
                "{name} is {:?} {:?}, and {dtype:?} of shape [n{}] was looked for",
                tensor.dtype(),
                tensor.shape(),
                inner
                    .iter()
                    .map(|side| format!(", {side}"))
                    .collect::<String>()
            )));
        }
        Ok(tensor.data())
    };
    let pictures = bytes("pictures", Dtype::U8, &[side, side, 3])?;
    let concepts = bytes("concepts", Dtype::U16, &[])?;
    let styles = bytes("styles", Dtype::U8, &[])?;
    Ok(Drawings {
        pictures: pictures.to_vec(),
        concepts: concepts
            .chunks_exact(2)
            .map(|pair| u16::from_le_bytes([pair[0], pair[1]]))
            .collect(),
        styles: styles.to_vec(),
    })
}

/// What must hold whoever made the set.
fn check(
    side: usize,
    concepts: &[Concept],
    styles: &[String],
    splits: [&Drawings; 3],
) -> Result<(), DataError> {
    if side == 0 || side > Captioned::MAX_SIDE {
        return Err(DataError::Tensors(format!(
            "pictures have a side of {side}, and 1 to {} is read",
            Captioned::MAX_SIDE
        )));
    }
    for (what, count, most) in [
        ("concepts", concepts.len(), 1 << 16),
        ("styles", styles.len(), 1 << 8),
    ] {
        if count > most {
            return Err(DataError::Captions(format!(
                "there are {count} {what}, and at most {most} can be told apart"
            )));
        }
    }
    unique("concept", concepts.iter().map(|concept| &*concept.name))?;
    unique("style", styles.iter().map(|style| &**style))?;
    let mut home = vec![None; concepts.len()];
    for (split, drawings) in splits.into_iter().enumerate() {
        let name = SPLITS[split];
        let count = drawings.len();
        if count == 0 {
            return Err(DataError::Tensors(format!("{name} holds no picture")));
        }
        if drawings.styles.len() != count || drawings.pictures.len() != count * side * side * 3 {
            return Err(DataError::Tensors(format!(
                "{name} holds {} pictures, {count} concepts and {} styles",
                drawings.pictures.len() / (side * side * 3),
                drawings.styles.len()
            )));
        }
        for index in 0..count {
            let concept = usize::from(drawings.concepts[index]);
            let style = usize::from(drawings.styles[index]);
            if style >= styles.len() {
                return Err(DataError::Captions(format!(
                    "picture {index} of {name} is of style {style}, and there are {}",
                    styles.len()
                )));
            }
            let Some(home) = home.get_mut(concept) else {
                return Err(DataError::Captions(format!(
                    "picture {index} of {name} shows concept {concept}, and there are {}",
                    concepts.len()
                )));
            };
            if *home.get_or_insert(split) != split {
                return Err(DataError::Captions(format!(
                    "the concept `{}` stands in two splits",
                    concepts[concept].name
                )));
            }
        }
    }
    Ok(())
}

fn unique<'a>(what: &str, names: impl Iterator<Item = &'a str>) -> Result<(), DataError> {
    let mut seen = HashSet::new();
    for name in names {
        if name.is_empty() {
            return Err(DataError::Captions(format!("a {what} has no name")));
        }
        if !seen.insert(name) {
            return Err(DataError::Captions(format!(
                "two are named {what} `{name}`"
            )));
        }
    }
    Ok(())
}

/// The card with every figure that follows from the contents.
fn filled(
    card: CaptionedCard,
    side: usize,
    concepts: &[Concept],
    styles: &[String],
    splits: [&Drawings; 3],
) -> CaptionedCard {
    let count = |style: usize| {
        splits.map(|drawings| {
            let same = |&&row: &&u8| usize::from(row) == style;
            drawings.styles.iter().filter(same).count() as u32
        })
    };
    CaptionedCard {
        side: side as u32,
        counts: splits.map(|drawings| drawings.len() as u32),
        concepts: splits
            .map(|drawings| drawings.concepts.iter().collect::<HashSet<_>>().len() as u32),
        styles: styles
            .iter()
            .enumerate()
            .map(|(index, name)| StyleCount {
                name: name.clone(),
                counts: count(index),
            })
            .collect(),
        checksum: checksum(concepts, styles, splits),
        ..card
    }
}

/// SHA-256 of the tables as compact JSON, then of the pictures, concepts (two
/// bytes each, the lower first) and styles of the three splits in order.
pub fn checksum(concepts: &[Concept], styles: &[String], splits: [&Drawings; 3]) -> String {
    let mut hasher = Sha256::new();
    hasher.update(serde_json::to_vec(concepts).expect("a table of strings"));
    hasher.update(serde_json::to_vec(styles).expect("a list of strings"));
    for drawings in splits {
        hasher.update(&drawings.pictures);
        for row in &drawings.concepts {
            hasher.update(row.to_le_bytes());
        }
        hasher.update(&drawings.styles);
    }
    hexadecimal(&hasher.finalize())
}

#[cfg(test)]
mod tests;
