//! A corpus of documents, packed as one safetensors file.
//!
//! For each split, `{split}.tokens` `[t]` and `{split}.themes` `[n]` are numbers of
//! 16 bits, `{split}.starts` `[n + 1]` of 32, `{split}.forms` and `{split}.moods`
//! `[n]` bytes, and `{split}.names` is UTF-8: author and title. The tokenizer stands
//! as JSON in the metadata, beside the card. A document stands in one split alone,
//! and so does all that is nearly the same.

mod card;
mod documents;
mod file;

use sha2::{Digest, Sha256};

use crate::{TextError, Tokenizer};
pub use card::{CorpusCard, TextOrigin, Texts};
pub use documents::{About, Documents};

/// The splits, in order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Split {
    /// What nets learn from.
    Train,
    /// What decides when to stop.
    Validation,
    /// What figures are measured on.
    Test,
}

/// Documents in three splits, with their tokenizer and a card.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Corpus {
    /// What it is and where it comes from.
    pub card: CorpusCard,
    /// What its tokens mean.
    pub tokenizer: Tokenizer,
    /// Training, validation and test.
    splits: [Documents; 3],
}

impl Corpus {
    /// Largest file that is read.
    pub const LIMIT: usize = 192 << 20;

    /// Joins splits, in the order training, validation, test, with a tokenizer and a
    /// card, whose figures and checksum are filled in.
    ///
    /// # Errors
    /// A split is empty, a token, a form or a mood is not there, or a special token
    /// stands in a document.
    pub fn new(
        tokenizer: Tokenizer,
        splits: [Documents; 3],
        card: CorpusCard,
    ) -> Result<Self, TextError> {
        file::check(&tokenizer, card.texts, splits.each_ref())?;
        let card = filled(card, &tokenizer, splits.each_ref());
        Ok(Self {
            card,
            tokenizer,
            splits,
        })
    }

    /// The documents of a split.
    pub fn split(&self, split: Split) -> &Documents {
        &self.splits[split as usize]
    }

    /// Training, validation and test, in that order.
    pub fn splits(&self) -> [&Documents; 3] {
        self.splits.each_ref()
    }
}

/// The card with every figure that follows from the contents.
fn filled(card: CorpusCard, tokenizer: &Tokenizer, splits: [&Documents; 3]) -> CorpusCard {
    let longest = splits
        .iter()
        .flat_map(|split| (0..split.len()).map(|at| split.range(at).len()));
    CorpusCard {
        documents: splits.map(|split| split.len() as u32),
        tokens: splits.map(|split| split.tokens.len() as u32),
        characters: splits.map(|split| characters(tokenizer, &split.tokens) as u32),
        vocabulary: tokenizer.len() as u32,
        longest: longest.max().unwrap_or(0) as u32,
        checksum: checksum(tokenizer, splits),
        ..card
    }
}

/// Characters of the text that tokens stand for; one that the vocabulary lacks
/// counts as one. Bits per character are bits of all tokens over this.
pub fn characters(tokenizer: &Tokenizer, tokens: &[u16]) -> usize {
    // A character has one byte that does not continue another.
    let of_token: Vec<u16> = (0..tokenizer.len() as u16)
        .map(|token| {
            let bytes = tokenizer.bytes(token);
            bytes.iter().filter(|&&byte| byte & 0xC0 != 0x80).count() as u16
        })
        .collect();
    let unknown = tokenizer.special(crate::tokenizer::UNKNOWN);
    tokens
        .iter()
        .map(|&token| match of_token.get(usize::from(token)) {
            _ if Some(token) == unknown => 1,
            Some(&count) => usize::from(count),
            None => 0,
        })
        .sum()
}

/// SHA-256 of the tokenizer as JSON, then of tokens, starts, forms, moods, themes
/// (numbers with the lower byte first) and names of the three splits in order.
pub fn checksum(tokenizer: &Tokenizer, splits: [&Documents; 3]) -> String {
    let mut hasher = Sha256::new();
    hasher.update(tokenizer.to_json());
    for split in splits {
        hasher.update(file::bytes_of_u16(&split.tokens));
        hasher.update(file::bytes_of_u32(&split.starts));
        hasher.update(&split.forms);
        hasher.update(&split.moods);
        hasher.update(file::bytes_of_u16(&split.themes));
        hasher.update(&split.names);
    }
    hasher
        .finalize()
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

#[cfg(test)]
pub(crate) mod tests;
