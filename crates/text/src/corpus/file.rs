//! Reading and writing the file of a corpus, and what must hold of it.

use std::borrow::Cow;
use std::collections::BTreeMap;

use safetensors::tensor::{Dtype, SafeTensors};

use super::{Corpus, CorpusCard, Documents, Texts, filled};
use crate::poem::{Form, Mood, PoemTokens};
use crate::safetensors_file::{Tensor, serialize};
use crate::tokenizer::UNKNOWN;
use crate::{TextError, Tokenizer};

const SPLITS: [&str; 3] = ["train", "validation", "test"];
const TOKENIZER_KEY: &str = "tokenizer";
const TENSORS: usize = 6;

impl Corpus {
    /// The file, the same bytes every time.
    pub fn to_bytes(&self) -> Vec<u8> {
        let card = serde_json::to_string(&self.card).expect("a card of strings and numbers");
        let metadata = BTreeMap::from([
            (CorpusCard::METADATA_KEY, card),
            (TOKENIZER_KEY, self.tokenizer.to_json()),
        ]);
        let named = SPLITS.iter().zip(self.splits());
        let mut tensors = Vec::with_capacity(TENSORS * SPLITS.len());
        let mut add = |split: &str, name: &str, dtype, length, bytes| {
            tensors.push(Tensor {
                name: format!("{split}.{name}"),
                dtype,
                shape: vec![length],
                bytes,
            });
        };
        for (split, documents) in named.clone() {
            let bytes = Cow::Owned(bytes_of_u32(&documents.starts));
            add(split, "starts", "U32", documents.starts.len(), bytes);
        }
        for (split, documents) in named.clone() {
            for (name, numbers) in [("tokens", &documents.tokens), ("themes", &documents.themes)] {
                let bytes = Cow::Owned(bytes_of_u16(numbers));
                add(split, name, "U16", numbers.len(), bytes);
            }
        }
        for (split, documents) in named {
            for (name, bytes) in [
                ("forms", &*documents.forms),
                ("moods", &*documents.moods),
                ("names", documents.names.as_bytes()),
            ] {
                add(split, name, "U8", bytes.len(), Cow::Borrowed(bytes));
            }
        }
        serialize(metadata, &tensors)
    }

    /// Reads a file that nothing is known of.
    ///
    /// # Errors
    /// The file is no corpus, is another one than `texts`, or its contents are not
    /// the ones its card was written for.
    pub fn from_bytes(texts: Texts, bytes: &[u8]) -> Result<Self, TextError> {
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
        let card = read_card(texts, entry(CorpusCard::METADATA_KEY))?;
        let tokenizer = entry(TOKENIZER_KEY)
            .ok_or_else(|| TextError::Tokenizer("there is none in the file".to_owned()))?;
        let tokenizer = Tokenizer::from_json(tokenizer)?;

        let file = SafeTensors::deserialize(bytes).map_err(broken)?;
        if file.len() != TENSORS * SPLITS.len() {
            return Err(TextError::Tensors(format!(
                "the file holds {} tensors, and a corpus has {}",
                file.len(),
                TENSORS * SPLITS.len()
            )));
        }
        let [train, validation, test] = SPLITS.map(|split| read_split(&file, split));
        let splits = [train?, validation?, test?];
        check(&tokenizer, texts, splits.each_ref())?;
        if filled(card.clone(), &tokenizer, splits.each_ref()) != card {
            return Err(TextError::Checksum);
        }
        Ok(Self {
            card,
            tokenizer,
            splits,
        })
    }
}

fn read_card(texts: Texts, json: Option<&str>) -> Result<CorpusCard, TextError> {
    let json = json.ok_or_else(|| TextError::Card("there is none".to_owned()))?;
    let card: CorpusCard =
        serde_json::from_str(json).map_err(|error| TextError::Card(error.to_string()))?;
    if card.version != CorpusCard::VERSION {
        return Err(TextError::Card(format!(
            "it is of version {}, and version {} is read",
            card.version,
            CorpusCard::VERSION
        )));
    }
    if card.texts != texts {
        return Err(TextError::OtherCorpus {
            wanted: texts.name(),
            found: card.texts.name(),
        });
    }
    Ok(card)
}

fn read_split(file: &SafeTensors<'_>, split: &str) -> Result<Documents, TextError> {
    // The bytes are borrowed: nothing is set aside that is not in the file.
    let bytes = |name: &str, dtype: Dtype| {
        let name = format!("{split}.{name}");
        let tensor = file
            .tensor(&name)
            .map_err(|_| TextError::Tensors(format!("the tensor {name} is missing")))?;
        if tensor.dtype() != dtype || tensor.shape().len() != 1 {
            return Err(TextError::Tensors(format!(
                "{name} is {:?} {:?}, and {dtype:?} of one axis was looked for",
                tensor.dtype(),
                tensor.shape()
            )));
        }
        Ok(tensor.data())
    };
    let names = std::str::from_utf8(bytes("names", Dtype::U8)?)
        .map_err(|error| TextError::Documents(format!("the names of {split}: {error}")))?;
    let ends = names.match_indices('\n').map(|(at, _)| at as u32 + 1);
    let mut name_starts: Vec<u32> = std::iter::once(0).chain(ends).collect();
    // Behind the last name there is none.
    let end = name_starts.pop();
    if end.is_some_and(|end| end as usize != names.len()) {
        return Err(TextError::Documents(format!(
            "the last name of {split} has no end"
        )));
    }
    Ok(Documents {
        tokens: u16_of_bytes(bytes("tokens", Dtype::U16)?),
        starts: u32_of_bytes(bytes("starts", Dtype::U32)?),
        forms: bytes("forms", Dtype::U8)?.to_vec(),
        moods: bytes("moods", Dtype::U8)?.to_vec(),
        themes: u16_of_bytes(bytes("themes", Dtype::U16)?),
        names: names.to_owned(),
        name_starts,
    })
}

/// What must hold whoever made the corpus.
pub(super) fn check(
    tokenizer: &Tokenizer,
    texts: Texts,
    splits: [&Documents; 3],
) -> Result<(), TextError> {
    let tunes = match texts {
        Texts::Poems => Some(PoemTokens::new(tokenizer)?.tunes.len()),
        Texts::Plays | Texts::Prose => None,
    };
    let unknown = tokenizer.required(UNKNOWN)?;
    for (name, split) in SPLITS.into_iter().zip(splits) {
        let wrong = |what: String| Err(TextError::Documents(format!("{name}: {what}")));
        let count = split.forms.len();
        if count == 0 {
            return wrong("there are none".to_owned());
        }
        if [
            split.starts.len() - usize::from(!split.starts.is_empty()),
            split.moods.len(),
            split.themes.len(),
            split.name_starts.len(),
        ] != [count; 4]
        {
            return wrong(format!(
                "there are {count} forms, {} starts, {} moods, {} themes and {} names",
                split.starts.len(),
                split.moods.len(),
                split.themes.len(),
                split.name_starts.len()
            ));
        }
        let whole = split.starts.first() == Some(&0)
            && split.starts.last().map(|&end| end as usize) == Some(split.tokens.len())
            && split.starts.is_sorted_by(|a, b| a < b);
        if !whole {
            return wrong("the documents do not follow each other".to_owned());
        }
        let alien = |token: &&u16| {
            usize::from(**token) >= tokenizer.len()
                || (tokenizer.is_special(**token) && **token != unknown)
        };
        if let Some(token) = split.tokens.iter().find(alien) {
            return wrong(format!("the token {token} stands for no text"));
        }
        for at in 0..count {
            let (form, mood) = (split.forms[at], split.moods[at]);
            let known = match tunes {
                Some(tunes) => {
                    Form::from_number(form, tunes).is_some() && usize::from(mood) <= Mood::ALL.len()
                }
                None => form == 0 && mood == 0 && split.themes[at] == 0,
            };
            if !known {
                return wrong(format!("document {at} has form {form} and mood {mood}"));
            }
        }
    }
    Ok(())
}

pub(super) fn bytes_of_u16(numbers: &[u16]) -> Vec<u8> {
    numbers
        .iter()
        .flat_map(|number| number.to_le_bytes())
        .collect()
}

pub(super) fn bytes_of_u32(numbers: &[u32]) -> Vec<u8> {
    numbers
        .iter()
        .flat_map(|number| number.to_le_bytes())
        .collect()
}

fn u16_of_bytes(bytes: &[u8]) -> Vec<u16> {
    let pairs = bytes.chunks_exact(2);
    pairs
        .map(|two| u16::from_le_bytes([two[0], two[1]]))
        .collect()
}

fn u32_of_bytes(bytes: &[u8]) -> Vec<u32> {
    let fours = bytes.chunks_exact(4);
    fours
        .map(|four| u32::from_le_bytes([four[0], four[1], four[2], four[3]]))
        .collect()
}
