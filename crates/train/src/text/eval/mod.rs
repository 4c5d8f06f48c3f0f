//! Figures of a model of text.

mod continued;
mod copied;
mod formed;
mod varied;

use std::path::PathBuf;

use anyhow::{Result, bail};
use burn::tensor::Device;
use futures::executor::block_on;
use lampwork_metrics::text::{Likelihood, Tokenization, WordNet};
use lampwork_models::language::Writer;
use lampwork_models::{Noise, TextRun, Update};
use lampwork_protocol::{Figure, ModelConfig, RunRecipe};
use lampwork_text::corpus::characters;
use lampwork_text::{Corpus, Documents, Split, Texts};

use super::{given, measured, tokenizer};
use crate::publish::Model;

/// What is measured, and on how much.
#[derive(Debug, Clone)]
pub struct Options {
    /// Texts on each side of a comparison.
    pub count: usize,
    /// Seed of all draws.
    pub seed: u64,
    /// Folder of `WordNet`'s dictionary, for the synonyms of METEOR.
    pub wordnet: Option<PathBuf>,
}

impl Options {
    /// Texts on each side where nothing else is asked for: the length of a run of copied
    /// tokens wants a few hundred to be told to a tenth.
    pub const COUNT: usize = 400;
}

/// A model that writes, and what it is measured beside.
struct Measured<'a> {
    writer: Writer,
    corpus: &'a Corpus,
    options: &'a Options,
    wordnet: Option<WordNet>,
}

/// Bits per character, perplexity, and figures of what it writes.
///
/// What a text VAE is for, walking between sentences, none of the latter tells; of it
/// the first two are measured alone.
///
/// # Errors
/// Where the corpus is not the model's, `WordNet` cannot be read, or the device fails.
pub fn measure(
    model: &Model,
    corpus: &Corpus,
    options: &Options,
    device: &Device,
) -> Result<Vec<Figure>> {
    let recipe = &model.card.recipe;
    if tokenizer(model)? != corpus.tokenizer {
        bail!(
            "the model was trained on other tokens than those of {}: make the data anew, or train anew",
            recipe.data.name()
        );
    }
    let mut figures = likelihood(model, corpus, device)?;
    if matches!(recipe.model, ModelConfig::TextVae(_)) {
        return Ok(figures);
    }
    let measured = Measured {
        writer: Writer::new(&recipe.model, &model.weights, device)?,
        corpus,
        options,
        wordnet: options.wordnet.as_deref().map(WordNet::open).transpose()?,
    };
    figures.extend(continued::figures(&measured)?);
    figures.extend(varied::figures(&measured)?);
    if corpus.card.texts == Texts::Poems {
        figures.extend(formed::figures(&measured)?);
    }
    figures.extend(copied::figures(&measured)?);
    Ok(figures)
}

impl Measured<'_> {
    fn test(&self) -> &Documents {
        self.corpus.split(Split::Test)
    }

    /// How texts are cut for what compares words.
    fn tokenization(&self) -> Tokenization {
        match self.corpus.card.texts {
            Texts::Poems => Tokenization::Chinese,
            Texts::Plays | Texts::Prose => Tokenization::Thirteen,
        }
    }

    /// Documents of the test split in an order of the seed, for a purpose.
    fn drawn(&self, purpose: u64) -> Vec<usize> {
        let noise = Noise::new(self.options.seed, purpose);
        shuffled((0..self.test().len()).collect(), noise)
    }

    /// Passages of the test split in an order of the seed, so many if there are, of so
    /// many tokens at most: poems from their beginning, plays and prose, which are few
    /// and long, cut into pieces. None is part of another.
    fn passages(&self, purpose: u64, count: usize, tokens: usize) -> Vec<&[u16]> {
        let documents = self.drawn(purpose).into_iter();
        let documents = documents.map(|at| self.test().document(at));
        if self.corpus.card.texts == Texts::Poems {
            let beginning = |document: &'_ [u16]| document.len().min(tokens);
            return documents
                .take(count)
                .map(|document| &document[..beginning(document)])
                .collect();
        }
        let pieces = documents.flat_map(|document| document.chunks_exact(tokens));
        let noise = Noise::new(self.options.seed, purpose + PIECES);
        let mut pieces = shuffled(pieces.collect(), noise);
        pieces.truncate(count);
        pieces
    }
}

/// The order of pieces is drawn for purposes from here on.
const PIECES: u64 = 100;

/// In an order of the noise (Fisher and Yates).
fn shuffled<T>(mut all: Vec<T>, mut noise: Noise) -> Vec<T> {
    for last in (1..all.len()).rev() {
        all.swap(last, noise.below(last as u32 + 1) as usize);
    }
    all
}

/// A figure without a floor or a ceiling.
fn figure(name: &str, value: f64, unit: &str, how: &str) -> Figure {
    Figure {
        name: name.to_owned(),
        value,
        unit: unit.to_owned(),
        floor: None,
        ceiling: None,
        how: how.to_owned(),
    }
}

/// Every document is foretold from its beginning, with nothing told of it, in windows of
/// the context; its end counts as a token and stands for no character.
fn likelihood(model: &Model, corpus: &Corpus, device: &Device) -> Result<Vec<Figure>> {
    let recipe = &model.card.recipe;
    let mut run = TextRun::begin(&plain(recipe), 1, device, Update::Host)?;
    run.restore(&model.weights)?;
    let (mut nats, mut tokens, mut told) = (0.0, 0, 0);
    for texts in measured(corpus, Split::Test, recipe.model.context(), usize::MAX)? {
        let batch = given(&texts);
        let counted = batch.counted();
        let values = block_on(run.validate(&batch))?;
        nats += counted as f64 * values.first().map_or(f64::NAN, |value| f64::from(value.1));
        tokens += counted;
        let foretold = texts.targets.iter().zip(&texts.counts);
        let foretold: Vec<u16> = foretold
            .filter(|(_, count)| **count != 0)
            .map(|(&token, _)| token)
            .collect();
        told += characters(&corpus.tokenizer, &foretold);
    }
    let how = format!(
        "{tokens} tokens, {told} characters of the test split of {}, nothing told, windows of {}",
        recipe.data.name(),
        recipe.model.context()
    );
    let found = Likelihood::new(nats, tokens as u64, told as u64)?;
    let bits = found.bits_per_character();
    Ok(vec![
        figure("bits_per_character", bits, "bits", &how),
        figure("perplexity", found.perplexity(), "", &how),
    ])
}

/// The recipe without an average: the weights that ship are one already.
fn plain(recipe: &RunRecipe) -> RunRecipe {
    RunRecipe {
        ema: 0.0,
        ..recipe.clone()
    }
}
