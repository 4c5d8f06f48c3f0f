//! The card of a corpus: what it is, where it comes from and what may be done with it.

use serde::{Deserialize, Serialize};

/// Which corpus.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Texts {
    /// Chinese poems: shi of Tang and Song, and ci.
    Poems,
    /// Plays by Shakespeare.
    Plays,
    /// English prose.
    Prose,
}

impl Texts {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Poems, Self::Plays, Self::Prose];

    /// Its name, which is also that of its file.
    pub fn name(self) -> &'static str {
        match self {
            Self::Poems => "poems",
            Self::Plays => "plays",
            Self::Prose => "prose",
        }
    }
}

/// A package that texts were taken from.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TextOrigin {
    /// What was taken.
    pub what: String,
    /// Package and version.
    pub package: String,
    /// Licence, an SPDX expression or "public domain".
    pub licence: String,
    /// Whose it is.
    pub copyright: String,
}

/// What a packed corpus is.
///
/// The same JSON stands beside the file and in its metadata under
/// [`CorpusCard::METADATA_KEY`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CorpusCard {
    /// Version of this form; [`CorpusCard::VERSION`].
    pub version: u32,
    /// Which corpus.
    pub texts: Texts,
    /// Its name in full.
    pub title: String,
    /// Where everything in it comes from.
    pub sources: Vec<TextOrigin>,
    /// Licence of the whole.
    pub licence: String,
    /// Documents in the training, validation and test split.
    pub documents: [u32; 3],
    /// Tokens in the training, validation and test split.
    pub tokens: [u32; 3],
    /// Characters in the training, validation and test split.
    pub characters: [u32; 3],
    /// Tokens of the vocabulary, special ones included.
    pub vocabulary: u32,
    /// Tokens of the longest document.
    pub longest: u32,
    /// SHA-256, in hexadecimal, of all there is but this card; see
    /// [`super::checksum`].
    pub checksum: String,
    /// How the corpus was made of its sources.
    pub how: String,
    /// What was left out, and how much of it.
    pub left_out: Vec<String>,
}

impl CorpusCard {
    /// Version of the form written now.
    pub const VERSION: u32 = 1;

    /// Key of the card in the safetensors file's metadata.
    pub const METADATA_KEY: &'static str = "lampwork.card";

    /// A card that says nothing yet of what is in the file; [`super::Corpus::new`]
    /// fills that in.
    pub fn new(
        texts: Texts,
        title: &str,
        sources: Vec<TextOrigin>,
        how: &str,
        left_out: Vec<String>,
    ) -> Self {
        let mut licences: Vec<&str> = Vec::new();
        for source in &sources {
            if !licences.contains(&source.licence.as_str()) {
                licences.push(&source.licence);
            }
        }
        Self {
            version: Self::VERSION,
            texts,
            title: title.to_owned(),
            licence: licences.join(" AND "),
            sources,
            documents: [0; 3],
            tokens: [0; 3],
            characters: [0; 3],
            vocabulary: 0,
            longest: 0,
            checksum: String::new(),
            how: how.to_owned(),
            left_out,
        }
    }

    /// The card as the JSON that stands beside the file.
    pub fn to_json(&self) -> String {
        let mut json = serde_json::to_string_pretty(self).expect("a card of strings and numbers");
        json.push('\n');
        json
    }
}
