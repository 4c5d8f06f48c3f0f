//! What a model writes.

use anyhow::{Result, bail};
use futures::executor::block_on;
use lampwork_models::language::{Allowed, Draft, Writer};
use lampwork_protocol::Writing;
use lampwork_text::passage::{PassageKind, PassagePrompt, PassageTokens};
use lampwork_text::poem::{Form, PoemPrompt, PoemTokens, SHI_FORMS, SHI_NAMES, Told};
use lampwork_text::prosody::Constraint;
use lampwork_text::tokenizer::END;
use lampwork_text::{Corpus, Texts, Tokenizer};

/// Texts of one prompt.
#[derive(Debug, Clone, PartialEq)]
pub struct Order {
    /// The prompt in words.
    pub asked: String,
    /// The prompt.
    pub prompt: Vec<u16>,
    /// What of the prompt is part of the text.
    pub shown: Vec<u16>,
    /// How many texts.
    pub count: usize,
    /// Tokens of each at most.
    pub most: usize,
    /// How tokens are chosen.
    pub how: Writing,
    /// Seed of the noise.
    pub seed: u64,
}

impl Order {
    /// What a net is asked for as it learns.
    ///
    /// # Errors
    /// Where the vocabulary lacks a token.
    pub fn usual(corpus: &Corpus) -> Result<Vec<Order>> {
        let forms: &[&str] = match corpus.card.texts {
            Texts::Poems => &["five-quatrain", "seven-regulated"],
            Texts::Plays | Texts::Prose => &[""],
        };
        let order = |form: &&str| Order::new(&corpus.tokenizer, form, "");
        forms.iter().map(order).collect()
    }

    /// One text, of a form (of poems; empty for none) with these first words.
    ///
    /// # Errors
    /// Where there is no such form, or the vocabulary lacks a token.
    pub fn new(tokenizer: &Tokenizer, form: &str, words: &str) -> Result<Order> {
        let before = tokenizer.encode(words);
        let asked = [form, words].join(" ").trim().to_owned();
        Ok(Order {
            asked,
            shown: before.clone(),
            ..Order::of(tokenizer, named(form, tokenizer)?, before)?
        })
    }

    /// One text that goes on from these tokens, which are no part of it; of a poem its
    /// form may be told.
    ///
    /// # Errors
    /// Where the vocabulary lacks a token.
    pub fn of(tokenizer: &Tokenizer, form: Option<Form>, before: Vec<u16>) -> Result<Order> {
        let prompt = match (PoemTokens::new(tokenizer), PassageTokens::new(tokenizer)) {
            (Ok(tokens), _) => {
                let prompt = PoemPrompt {
                    told: Told {
                        form,
                        ..Told::default()
                    },
                    before,
                    after: None,
                };
                prompt.tokens(&tokens)?
            }
            (_, Ok(tokens)) => {
                let prompt = PassagePrompt {
                    kind: Some(PassageKind::Play),
                    before,
                    after: None,
                };
                prompt.tokens(&tokens)
            }
            (Err(error), _) => return Err(error.into()),
        };
        Ok(Order {
            asked: String::new(),
            prompt,
            shown: vec![],
            count: 1,
            most: 120,
            how: Writing::default(),
            seed: 1,
        })
    }
}

fn named(form: &str, tokenizer: &Tokenizer) -> Result<Option<Form>> {
    if form.is_empty() {
        return Ok(None);
    }
    let Ok(tokens) = PoemTokens::new(tokenizer) else {
        bail!("only poems have forms: leave --form out");
    };
    let shi = SHI_NAMES.iter().position(|names| names.contains(&form));
    let found = shi.map(|at| SHI_FORMS[at]).or_else(|| tokens.tune(form));
    let Some(found) = found else {
        let known: Vec<_> = SHI_NAMES.iter().map(|names| names[0]).collect();
        bail!(
            "there is no form {form:?}; there are {}, and the names of tunes",
            known.join(", ")
        );
    };
    Ok(Some(found))
}

/// Writes the texts of an order.
///
/// # Errors
/// Where the prompt does not fit the model, or the device fails.
pub fn write(writer: &Writer, tokenizer: &Tokenizer, order: &Order) -> Result<Vec<String>> {
    let texts = tokens(writer, tokenizer, order)?;
    Ok(texts.iter().map(|text| tokenizer.decode(text)).collect())
}

/// The tokens of the texts of an order, without their end.
///
/// # Errors
/// As [`write()`].
pub fn tokens(writer: &Writer, tokenizer: &Tokenizer, order: &Order) -> Result<Vec<Vec<u16>>> {
    tokens_within(writer, tokenizer, order, None)
}

/// The same, of poems that keep their form.
///
/// # Errors
/// As [`write()`].
pub fn tokens_within(
    writer: &Writer,
    tokenizer: &Tokenizer,
    order: &Order,
    constraint: Option<&Constraint>,
) -> Result<Vec<Vec<u16>>> {
    let prompt: Vec<u32> = order.prompt.iter().map(|&token| token.into()).collect();
    let end = u32::from(tokenizer.required(END)?);
    let (count, most) = (order.count, order.most);
    let mut draft = Draft::begin(writer, &prompt, count, order.how, order.seed, &[end], most)?;
    // Special tokens stand for no text.
    let special = tokenizer.specials().len() as u32;
    let plain: Vec<u32> = (0..tokenizer.len() as u32)
        .filter(|&token| token >= special || token == end)
        .collect();
    while !draft.is_done() {
        let lists: Vec<Option<Vec<u32>>> = (0..count)
            .map(|row| {
                let constraint = constraint.filter(|_| draft.ending(row).is_none())?;
                let poem = text(&draft, row, order, end);
                let allowed = constraint.allowed(&poem);
                Some(
                    (0..)
                        .zip(allowed)
                        .filter(|one| one.1)
                        .map(|one| one.0)
                        .collect(),
                )
            })
            .collect();
        block_on(draft.turn(writer, |row, _| {
            Allowed::Only(lists[row].as_deref().unwrap_or(&plain))
        }))?;
    }
    Ok((0..count)
        .map(|row| text(&draft, row, order, end))
        .collect())
}

/// What a row says, with what of its prompt is part of it.
fn text(draft: &Draft, row: usize, order: &Order, end: u32) -> Vec<u16> {
    let written = draft.written(row).iter().filter(|&&token| token != end);
    let written = written.map(|&token| token as u16);
    order.shown.iter().copied().chain(written).collect()
}
