//! Figures of a model of text.

use anyhow::{Result, bail};
use burn::tensor::Device;
use futures::executor::block_on;
use lampwork_models::{TextRun, Update};
use lampwork_protocol::{Figure, RunRecipe};
use lampwork_text::corpus::characters;
use lampwork_text::{Corpus, Split};

use super::{given, measured, tokenizer};
use crate::publish::Model;

/// Bits per character and perplexity on the test split.
///
/// Every document is foretold from its beginning, with nothing told of it, in windows of
/// the context; its end counts as a token and stands for no character.
///
/// # Errors
/// Where the corpus is not the model's, or the device fails.
pub fn measure(model: &Model, corpus: &Corpus, device: &Device) -> Result<Vec<Figure>> {
    let recipe = &model.card.recipe;
    if tokenizer(model)? != corpus.tokenizer {
        bail!(
            "the model was trained on other tokens than those of {}: make the data anew, or train anew",
            recipe.data.name()
        );
    }
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
    let figure = |name: &str, value: f64, unit: &str| Figure {
        name: name.to_owned(),
        value,
        unit: unit.to_owned(),
        floor: None,
        ceiling: None,
        how: how.clone(),
    };
    let bits = nats / std::f64::consts::LN_2;
    Ok(vec![
        figure("bits_per_character", bits / told.max(1) as f64, "bits"),
        figure("perplexity", (nats / tokens.max(1) as f64).exp(), ""),
    ])
}

/// The recipe without an average: the weights that ship are one already.
fn plain(recipe: &RunRecipe) -> RunRecipe {
    RunRecipe {
        ema: 0.0,
        ..recipe.clone()
    }
}
