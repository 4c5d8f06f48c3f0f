//! What somebody typed, in the characters that a model of poems has.

use std::collections::HashMap;

use lampwork_protocol::Failure;
use lampwork_protocol::words::{Event, TextRecipe};
use lampwork_text::Tokenizer;
use lampwork_text::prosody::Readings;

use crate::models::{Loaded, Vocabulary};

/// Marks as a Western keyboard has them, and as the poems do.
const MARKS: [(char, char); 4] = [(',', '，'), ('.', '。'), ('?', '？'), ('!', '！')];

/// Brings a text to the vocabulary of a model.
pub(crate) fn spell(text: &str, loaded: &Loaded, readings: &Readings) -> Result<Event, Failure> {
    if text.len() > TextRecipe::MAX_PROMPT {
        return Err(Failure::TooLarge {
            bytes: text.len() as u64,
            limit: TextRecipe::MAX_PROMPT as u64,
        });
    }
    if !matches!(loaded.language.vocabulary, Vocabulary::Poems(_)) {
        return Err(Failure::CannotDo {
            model: loaded.info.card.name.clone(),
            reason: "it has learned no poems".to_owned(),
        });
    }
    let tokenizer = &loaded.language.tokenizer;
    let kept: String = text.chars().filter(|one| !one.is_whitespace()).collect();
    let text = in_characters(&kept, tokenizer, Some(readings));
    let mut unknown = String::new();
    for one in text.chars() {
        if tokenizer.token_of(one).is_none() && !unknown.contains(one) {
            unknown.push(one);
        }
    }
    Ok(Event::Spelled { text, unknown })
}

/// A text in the characters that a tokenizer has, as far as it has them; without readings
/// only marks are changed.
pub(crate) fn in_characters(
    text: &str,
    tokenizer: &Tokenizer,
    readings: Option<&Readings>,
) -> String {
    // The table is searched from end to end, so each character is asked about once.
    let mut found = HashMap::new();
    text.chars()
        .map(|one| {
            *found
                .entry(one)
                .or_insert_with(|| known(one, tokenizer, readings))
        })
        .collect()
}

/// The character that the model has for one. A simplified character may stand for
/// several: tokens are in the order of how common they are, so the first is taken. One
/// that verse has as well, such as 云, is left.
fn known(one: char, tokenizer: &Tokenizer, readings: Option<&Readings>) -> char {
    let one = MARKS
        .iter()
        .find(|mark| mark.0 == one)
        .map_or(one, |mark| mark.1);
    if tokenizer.token_of(one).is_some() {
        return one;
    }
    let candidates = readings.map(|readings| readings.traditional(one));
    let known = candidates
        .into_iter()
        .flatten()
        .filter_map(|other| Some((tokenizer.token_of(other)?, other)));
    known.min().map_or(one, |(_, other)| other)
}
