//! The table: checked, written and looked up in.

use std::collections::BTreeMap;

use safetensors::tensor::{Dtype, SafeTensors, TensorView};
use serde::Serialize;

use crate::card::{Counts, WordsCard, checksum};
use crate::error::WordsError;
use crate::fold::is_chinese;
use crate::inflect::base_of;
use crate::read::atoms;

/// What a table is made of.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Parts {
    /// Length of a vector.
    pub dimensions: usize,
    /// `[n, dimensions]`, the rows of the words in order.
    pub vectors: Vec<i8>,
    /// `[n]`: what a row is multiplied by. How much a word counts in a text is
    /// in it, and words that hold a phrase together have 0.
    pub scales: Vec<f32>,
    /// The words as [`Table::read`] spells them, most frequent first: lower
    /// case, without accents, simplified, and a single space between two words.
    pub words: Vec<String>,
    /// Traditional characters, each with the simplified one that the words have.
    pub folds: Vec<(char, char)>,
}

/// Words, each with its vector.
#[derive(Debug, Clone, PartialEq)]
pub struct Table {
    parts: Parts,
    card: WordsCard,
    /// Rows in the order of their words' bytes.
    sorted: Vec<u32>,
    /// Rows of the folds likewise.
    folds: BTreeMap<char, char>,
    /// Most words or Chinese characters in an entry.
    longest: usize,
}

impl Table {
    /// Largest file that is read.
    pub const LIMIT: usize = 16 << 20;

    /// Most words in a table; a row and what it costs to take it fit 16 bits.
    pub const MAX_WORDS: usize = 65_535;

    /// Longest vector.
    pub const MAX_DIMENSIONS: usize = 1024;

    /// Longest word, in bytes.
    pub const MAX_WORD: usize = 64;

    /// Largest scale; beyond, a sum of vectors might not be finite.
    pub const MAX_SCALE: f32 = 1e6;

    /// Joins the parts with a card, whose figures and checksum are filled in.
    ///
    /// # Errors
    /// There are not as many of one thing as of the other, too many, a word
    /// stands twice or is empty, or a scale is not one.
    pub fn new(parts: Parts, card: WordsCard) -> Result<Self, WordsError> {
        let sorted = check(&parts)?;
        let folds = folds_of(&parts)?;
        let card = filled(card, &parts);
        let longest = parts.words.iter().map(|word| atoms(word, &folds).len());
        let longest = longest.max().unwrap_or(0);
        Ok(Self {
            parts,
            card,
            sorted,
            folds,
            longest,
        })
    }

    /// Reads a file that nothing is known of.
    ///
    /// # Errors
    /// The file is not a table, or its contents are not the ones its card was
    /// written for.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, WordsError> {
        if bytes.len() > Self::LIMIT {
            return Err(WordsError::TooLarge {
                bytes: bytes.len(),
                limit: Self::LIMIT,
            });
        }
        let broken =
            |error: safetensors::SafeTensorError| WordsError::Safetensors(error.to_string());
        let (_, metadata) = SafeTensors::read_metadata(bytes).map_err(broken)?;
        let entry = metadata.metadata().as_ref();
        let card = read_card(entry.and_then(|map| map.get(WordsCard::METADATA_KEY)))?;
        let file = SafeTensors::deserialize(bytes).map_err(broken)?;
        if file.len() != 4 {
            return Err(WordsError::Tensors(format!(
                "the file holds {} tensors, and a table has 4",
                file.len()
            )));
        }
        let vectors = tensor(&file, "vectors", Dtype::I8, 2)?;
        let scales = tensor(&file, "scales", Dtype::F32, 1)?;
        let words = utf8(&tensor(&file, "words", Dtype::U8, 1)?, "words")?;
        let folds = utf8(&tensor(&file, "folds", Dtype::U8, 1)?, "folds")?;
        // Counted before anything is set aside for them.
        let rows = vectors.shape()[0];
        let found = words.split('\n').count();
        if found != rows || scales.shape()[0] != rows {
            return Err(WordsError::Tensors(format!(
                "there are {found} words, {rows} vectors and {} scales",
                scales.shape()[0]
            )));
        }
        let folds: Vec<char> = folds.chars().collect();
        if !folds.len().is_multiple_of(2) {
            return Err(WordsError::Words("a fold leads nowhere".to_owned()));
        }
        let parts = Parts {
            dimensions: vectors.shape()[1],
            vectors: vectors
                .data()
                .iter()
                .map(|byte| byte.cast_signed())
                .collect(),
            scales: scales
                .data()
                .chunks_exact(4)
                .map(|four| f32::from_le_bytes(four.try_into().expect("four bytes")))
                .collect(),
            words: words.split('\n').map(str::to_owned).collect(),
            folds: folds.chunks_exact(2).map(|two| (two[0], two[1])).collect(),
        };
        let table = Self::new(parts, card.clone())?;
        if table.card != card {
            return Err(WordsError::Checksum);
        }
        Ok(table)
    }

    /// The file, the same bytes every time.
    pub fn to_bytes(&self) -> Vec<u8> {
        let parts = &self.parts;
        let rows = parts.words.len();
        let vectors: Vec<u8> = parts.vectors.iter().map(|v| v.cast_unsigned()).collect();
        let scales: Vec<u8> = parts.scales.iter().flat_map(|v| v.to_le_bytes()).collect();
        let words = parts.words.join("\n").into_bytes();
        let folds: String = parts.folds.iter().flat_map(|&(a, b)| [a, b]).collect();
        let folds = folds.into_bytes();
        let shapes = [
            vec![rows],
            vec![rows, parts.dimensions],
            vec![words.len()],
            vec![folds.len()],
        ];
        // The scales first: behind bytes they might lie at odd places.
        serialize(
            json(&self.card),
            [
                ("scales", "F32", &shapes[0], &scales),
                ("vectors", "I8", &shapes[1], &vectors),
                ("words", "U8", &shapes[2], &words),
                ("folds", "U8", &shapes[3], &folds),
            ],
        )
    }

    /// What it is and where it comes from.
    pub fn card(&self) -> &WordsCard {
        &self.card
    }

    /// What it is made of.
    pub fn parts(&self) -> &Parts {
        &self.parts
    }

    /// Length of a vector.
    pub fn dimensions(&self) -> usize {
        self.parts.dimensions
    }

    /// How many words there are; never none.
    #[allow(clippy::len_without_is_empty)]
    pub fn len(&self) -> usize {
        self.parts.words.len()
    }

    /// The word of a row.
    ///
    /// # Panics
    /// There is no such row.
    pub fn word(&self, row: u32) -> &str {
        &self.parts.words[row as usize]
    }

    /// How much a word counts in a text: the length of its vector, 0 for one
    /// that only holds a phrase together.
    ///
    /// # Panics
    /// There is no such row.
    pub fn weight(&self, row: u32) -> f32 {
        let squares: i32 = self.row(row).iter().map(|&v| i32::from(v).pow(2)).sum();
        self.scale(row) * (squares as f32).sqrt()
    }

    /// The row of a word that is spelt as in the table.
    pub fn row_of(&self, word: &str) -> Option<u32> {
        let at = self
            .sorted
            .binary_search_by(|&row| self.word(row).cmp(word));
        at.ok().map(|at| self.sorted[at])
    }

    /// The row of a word, or of the word that it is a regular form of, and
    /// whether it is the word itself.
    pub(crate) fn find(&self, word: &str, latin: bool) -> Option<(u32, bool)> {
        if let Some(row) = self.row_of(word) {
            return Some((row, true));
        }
        if !latin {
            return None;
        }
        base_of(word, |base| self.row_of(base)).map(|row| (row, false))
    }

    pub(crate) fn row(&self, row: u32) -> &[i8] {
        let start = row as usize * self.parts.dimensions;
        &self.parts.vectors[start..start + self.parts.dimensions]
    }

    pub(crate) fn scale(&self, row: u32) -> f32 {
        self.parts.scales[row as usize]
    }

    pub(crate) fn sorted(&self) -> &[u32] {
        &self.sorted
    }

    pub(crate) fn folds(&self) -> &BTreeMap<char, char> {
        &self.folds
    }

    pub(crate) fn longest(&self) -> usize {
        self.longest
    }
}

fn json(value: &impl Serialize) -> String {
    serde_json::to_string(value).expect("strings and numbers")
}

fn read_card(json: Option<&String>) -> Result<WordsCard, WordsError> {
    let json = json.ok_or_else(|| WordsError::Card("there is none".to_owned()))?;
    let card: WordsCard =
        serde_json::from_str(json).map_err(|error| WordsError::Card(error.to_string()))?;
    if card.version != WordsCard::VERSION {
        return Err(WordsError::Card(format!(
            "it is of version {}, and version {} is read",
            card.version,
            WordsCard::VERSION
        )));
    }
    Ok(card)
}

fn tensor<'a>(
    file: &SafeTensors<'a>,
    name: &str,
    dtype: Dtype,
    axes: usize,
) -> Result<TensorView<'a>, WordsError> {
    let tensor = file
        .tensor(name)
        .map_err(|_| WordsError::Tensors(format!("the tensor {name} is missing")))?;
    if tensor.dtype() != dtype || tensor.shape().len() != axes {
        return Err(WordsError::Tensors(format!(
            "{name} is {:?} {:?}, and {dtype:?} of {axes} axes was looked for",
            tensor.dtype(),
            tensor.shape()
        )));
    }
    Ok(tensor)
}

fn utf8<'a>(tensor: &TensorView<'a>, name: &str) -> Result<&'a str, WordsError> {
    std::str::from_utf8(tensor.data())
        .map_err(|error| WordsError::Words(format!("{name} is not UTF-8: {error}")))
}

/// What must hold whoever made the table; the rows in the order of their words.
fn check(parts: &Parts) -> Result<Vec<u32>, WordsError> {
    let rows = parts.words.len();
    if rows == 0 || rows > Table::MAX_WORDS {
        return Err(WordsError::Words(format!(
            "there are {rows}, and 1 to {} are read",
            Table::MAX_WORDS
        )));
    }
    if parts.dimensions == 0 || parts.dimensions > Table::MAX_DIMENSIONS {
        return Err(WordsError::Tensors(format!(
            "vectors have a length of {}, and 1 to {} is read",
            parts.dimensions,
            Table::MAX_DIMENSIONS
        )));
    }
    if parts.vectors.len() != rows * parts.dimensions || parts.scales.len() != rows {
        return Err(WordsError::Tensors(format!(
            "there are {rows} words, {} numbers of vectors of {} and {} scales",
            parts.vectors.len(),
            parts.dimensions,
            parts.scales.len()
        )));
    }
    for (row, word) in parts.words.iter().enumerate() {
        if word.is_empty() || word.len() > Table::MAX_WORD || word.contains(char::is_control) {
            return Err(WordsError::Words(format!(
                "word {row} is empty, longer than {} bytes or holds a control character",
                Table::MAX_WORD
            )));
        }
        let scale = parts.scales[row];
        if !(0.0..=Table::MAX_SCALE).contains(&scale) {
            return Err(WordsError::Tensors(format!(
                "the scale of `{word}` is {scale}, and 0 to {} is read",
                Table::MAX_SCALE
            )));
        }
    }
    let mut sorted: Vec<u32> = (0..rows as u32).collect();
    let word = |row: &u32| &parts.words[*row as usize];
    sorted.sort_unstable_by(|a, b| word(a).cmp(word(b)));
    if let Some(pair) = sorted
        .windows(2)
        .find(|pair| word(&pair[0]) == word(&pair[1]))
    {
        return Err(WordsError::Words(format!(
            "`{}` stands there twice",
            word(&pair[0])
        )));
    }
    Ok(sorted)
}

fn folds_of(parts: &Parts) -> Result<BTreeMap<char, char>, WordsError> {
    let folds: BTreeMap<char, char> = parts.folds.iter().copied().collect();
    if folds.len() != parts.folds.len() {
        return Err(WordsError::Words("a character folds twice".to_owned()));
    }
    for (from, to) in &folds {
        // One step must be enough, or a folded word might be folded again.
        if !is_chinese(*from) || !is_chinese(*to) || folds.contains_key(to) {
            return Err(WordsError::Words(format!(
                "`{from}` folds to `{to}`, which is no simplified character"
            )));
        }
    }
    Ok(folds)
}

/// The card with every figure that follows from the contents.
fn filled(card: WordsCard, parts: &Parts) -> WordsCard {
    let zh = parts
        .words
        .iter()
        .filter(|word| word.contains(is_chinese))
        .count() as u32;
    WordsCard {
        dimensions: parts.dimensions as u32,
        counts: Counts {
            en: parts.words.len() as u32 - zh,
            zh,
        },
        checksum: checksum(parts),
        ..card
    }
}

/// An entry of a safetensors header.
#[derive(Serialize)]
#[serde(untagged)]
enum Entry<'a> {
    Metadata(BTreeMap<&'static str, String>),
    Tensor {
        dtype: &'static str,
        shape: &'a [usize],
        data_offsets: [usize; 2],
    },
}

/// A safetensors file: the length of the header, the header, the tensors.
fn serialize(
    card: String,
    tensors: [(&'static str, &'static str, &Vec<usize>, &Vec<u8>); 4],
) -> Vec<u8> {
    let metadata = BTreeMap::from([(WordsCard::METADATA_KEY, card)]);
    let mut header = BTreeMap::from([("__metadata__", Entry::Metadata(metadata))]);
    let mut end = 0;
    for (name, dtype, shape, bytes) in tensors {
        let start = end;
        end += bytes.len();
        header.insert(
            name,
            Entry::Tensor {
                dtype,
                shape,
                data_offsets: [start, end],
            },
        );
    }
    let mut header = json(&header).into_bytes();
    header.resize(header.len().next_multiple_of(8), b' ');
    let mut file = Vec::with_capacity(8 + header.len() + end);
    file.extend((header.len() as u64).to_le_bytes());
    file.extend(header);
    for (_, _, _, bytes) in tensors {
        file.extend_from_slice(bytes);
    }
    file
}
