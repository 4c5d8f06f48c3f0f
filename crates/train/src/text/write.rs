//! What a model writes.

use anyhow::{Context, Result, bail};
use futures::executor::block_on;
use lampwork_models::language::{Allowed, Draft, Writer};
use lampwork_protocol::Writing;
use lampwork_text::passage::{PassageKind, PassagePrompt, PassageTokens};
use lampwork_text::poem::{Form, PoemPrompt, PoemTokens, SHI_FORMS, SHI_NAMES, Told};
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
        let prompt = match (PoemTokens::new(tokenizer), PassageTokens::new(tokenizer)) {
            (Ok(tokens), _) => {
                let prompt = PoemPrompt {
                    told: Told {
                        form: named(form, &tokens)?,
                        ..Told::default()
                    },
                    before: before.clone(),
                    after: None,
                };
                prompt.tokens(&tokens)?
            }
            (_, Ok(tokens)) => {
                if !form.is_empty() {
                    bail!("only poems have forms: leave --form out");
                }
                let prompt = PassagePrompt {
                    kind: Some(PassageKind::Play),
                    before: before.clone(),
                    after: None,
                };
                prompt.tokens(&tokens)
            }
            (Err(error), _) => return Err(error.into()),
        };
        Ok(Order {
            asked: [form, words].join(" ").trim().to_owned(),
            prompt,
            shown: before,
            count: 1,
            most: 120,
            how: Writing::default(),
            seed: 1,
        })
    }
}

fn named(form: &str, tokens: &PoemTokens) -> Result<Option<Form>> {
    if form.is_empty() {
        return Ok(None);
    }
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
    let prompt: Vec<u32> = order.prompt.iter().map(|&token| token.into()).collect();
    let end = tokenizer
        .special(END)
        .context("every tokenizer has an end")?;
    let stops = [u32::from(end)];
    let (count, most) = (order.count, order.most);
    let mut draft = Draft::begin(writer, &prompt, count, order.how, order.seed, &stops, most)?;
    // Special tokens stand for no text.
    let special = tokenizer.specials().len() as u32;
    let plain: Vec<u32> = (0..tokenizer.len() as u32)
        .filter(|&token| token >= special || token == stops[0])
        .collect();
    while !draft.is_done() {
        block_on(draft.turn(writer, |_, _| Allowed::Only(&plain)))?;
    }
    let text = |row| {
        let written = draft.written(row).iter().map(|&token| token as u16);
        let tokens: Vec<u16> = order.shown.iter().copied().chain(written).collect();
        tokenizer.decode(&tokens)
    };
    Ok((0..count).map(text).collect())
}
