//! Text to tokens and back.
//!
//! A tokenizer has *special* tokens, which stand for no text and are known by
//! name (`end`, `mood:joy`, ...), then ordinary ones: characters, or bytes and
//! merges of them. It is read from a JSON text, since it travels in the metadata
//! of a corpus and of a model's weights.

mod bpe;
mod characters;
mod decoder;
mod pieces;

use std::collections::HashSet;

use serde::{Deserialize, Serialize};

use crate::TextError;
use bpe::Merges;
use characters::Characters;
pub use decoder::Decoder;
pub use pieces::{PATTERN, pieces};

/// The special token that fills up a row of a batch.
pub const PAD: &str = "pad";
/// The special token that ends a text.
pub const END: &str = "end";
/// The special token in place of what the vocabulary lacks.
pub const UNKNOWN: &str = "unknown";

/// A tokenizer as it is written down.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case", deny_unknown_fields)]
pub enum TokenizerForm {
    /// A token for each character of a list.
    Characters {
        /// Names of the special tokens, in order; they come first.
        specials: Vec<String>,
        /// The characters, each once, in the order of their tokens.
        characters: String,
    },
    /// Byte-level byte-pair encoding (Sennrich 2016, Radford 2019).
    Bpe {
        /// Names of the special tokens, in order; they come first, then the 256
        /// bytes, then the merges.
        specials: Vec<String>,
        /// Pairs that become one token, the most urgent first. A number below 256
        /// is a byte, `256 + i` is what merge `i` made.
        merges: Vec<(u16, u16)>,
    },
}

/// Text to tokens and back; see the text of the module.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tokenizer {
    form: TokenizerForm,
    kind: Kind,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Kind {
    Characters(Characters),
    Bpe(Merges),
}

impl Tokenizer {
    /// Most tokens, special ones included.
    pub const MAX_TOKENS: usize = 32_768;

    /// Most special tokens.
    pub const MAX_SPECIALS: usize = 512;

    /// Longest JSON that is read, in bytes.
    pub const LIMIT: usize = 1 << 20;

    /// Longest text that one token stands for, in bytes.
    pub const MAX_TOKEN: usize = 256;

    /// Builds the tables of a tokenizer.
    ///
    /// # Errors
    /// There are too many tokens, one stands twice, a merge joins what is not
    /// there yet or is too long, or `pad`, `end` or `unknown` is missing.
    pub fn new(form: TokenizerForm) -> Result<Self, TextError> {
        let (specials, ordinary) = match &form {
            TokenizerForm::Characters {
                specials,
                characters,
            } => (specials, characters.chars().count()),
            TokenizerForm::Bpe { specials, merges } => (specials, 256 + merges.len()),
        };
        let tokens = specials.len() + ordinary;
        if specials.len() > Self::MAX_SPECIALS || tokens > Self::MAX_TOKENS {
            return Err(TextError::Tokenizer(format!(
                "there are {tokens} tokens, {} of them special, and at most {} with {} special \
                 ones are read",
                specials.len(),
                Self::MAX_TOKENS,
                Self::MAX_SPECIALS
            )));
        }
        let mut seen = HashSet::new();
        for name in specials {
            let fits = !name.is_empty() && name.len() <= 64 && !name.contains(char::is_control);
            if !fits || !seen.insert(name) {
                return Err(TextError::Tokenizer(format!(
                    "the special token `{name}` is there twice, empty, too long or no plain text"
                )));
            }
        }
        for name in [PAD, END, UNKNOWN] {
            if !specials.iter().any(|special| special == name) {
                return Err(TextError::Tokenizer(format!(
                    "there is no special token `{name}`"
                )));
            }
        }
        let kind = match &form {
            TokenizerForm::Characters { characters, .. } => {
                Kind::Characters(Characters::new(characters)?)
            }
            TokenizerForm::Bpe { merges, .. } => Kind::Bpe(Merges::new(merges)?),
        };
        Ok(Self { form, kind })
    }

    /// Reads a JSON text that nothing is known of.
    ///
    /// # Errors
    /// It is no tokenizer, or one of those that [`Tokenizer::new`] refuses.
    pub fn from_json(json: &str) -> Result<Self, TextError> {
        if json.len() > Self::LIMIT {
            return Err(TextError::TooLarge {
                bytes: json.len(),
                limit: Self::LIMIT,
            });
        }
        let form =
            serde_json::from_str(json).map_err(|error| TextError::Tokenizer(error.to_string()))?;
        Self::new(form)
    }

    /// The JSON that [`Tokenizer::from_json`] reads, the same text every time.
    pub fn to_json(&self) -> String {
        serde_json::to_string(&self.form).expect("strings and numbers")
    }

    /// How it is written down.
    pub fn form(&self) -> &TokenizerForm {
        &self.form
    }

    /// How many tokens there are, special ones included; never none.
    #[allow(clippy::len_without_is_empty)]
    pub fn len(&self) -> usize {
        self.specials().len()
            + match &self.kind {
                Kind::Characters(characters) => characters.len(),
                Kind::Bpe(merges) => merges.len(),
            }
    }

    /// Names of the special tokens; the first one is token 0.
    pub fn specials(&self) -> &[String] {
        match &self.form {
            TokenizerForm::Characters { specials, .. } | TokenizerForm::Bpe { specials, .. } => {
                specials
            }
        }
    }

    /// The special token of a name.
    pub fn special(&self, name: &str) -> Option<u16> {
        let at = self.specials().iter().position(|special| special == name);
        at.map(|at| at as u16)
    }

    /// The special token of a name that must be there.
    ///
    /// # Errors
    /// It is not.
    pub fn required(&self, name: &str) -> Result<u16, TextError> {
        self.special(name)
            .ok_or_else(|| TextError::Tokenizer(format!("there is no special token `{name}`")))
    }

    /// Whether a token stands for no text.
    pub fn is_special(&self, token: u16) -> bool {
        usize::from(token) < self.specials().len()
    }

    /// The tokens of a text. What is not in a list of characters becomes
    /// `unknown`; of bytes, everything is.
    pub fn encode(&self, text: &str) -> Vec<u16> {
        let first = self.specials().len() as u16;
        match &self.kind {
            Kind::Characters(characters) => {
                let unknown = self.special(UNKNOWN).expect("checked when it was built");
                text.chars()
                    .map(|one| characters.find(one).map_or(unknown, |at| first + at))
                    .collect()
            }
            Kind::Bpe(merges) => {
                let mut tokens = Vec::with_capacity(text.len() / 3);
                for piece in pieces(text) {
                    merges.encode(piece.as_bytes(), first, &mut tokens);
                }
                tokens
            }
        }
    }

    /// The token of a character, if it is one token.
    pub fn token_of(&self, one: char) -> Option<u16> {
        let first = self.specials().len() as u16;
        match &self.kind {
            Kind::Characters(characters) => characters.find(one).map(|at| first + at),
            Kind::Bpe(_) => {
                let mut bytes = [0; 4];
                let tokens = self.encode(one.encode_utf8(&mut bytes));
                (tokens.len() == 1).then(|| tokens[0])
            }
        }
    }

    /// The bytes that a token stands for: none for a special one, or one that is
    /// not there.
    pub fn bytes(&self, token: u16) -> &[u8] {
        let Some(at) = usize::from(token).checked_sub(self.specials().len()) else {
            return &[];
        };
        match &self.kind {
            Kind::Characters(characters) => characters.bytes(at),
            Kind::Bpe(merges) => merges.bytes(at),
        }
    }

    /// The text of tokens. Special ones say nothing; bytes that are no UTF-8
    /// become U+FFFD.
    pub fn decode(&self, tokens: &[u16]) -> String {
        let bytes: Vec<u8> = tokens
            .iter()
            .flat_map(|&token| self.bytes(token))
            .copied()
            .collect();
        String::from_utf8_lossy(&bytes).into_owned()
    }
}

#[cfg(test)]
mod tests;
