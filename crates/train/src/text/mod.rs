//! Models of text: their data, training, measuring and writing.

pub mod eval;
pub mod runner;
pub mod write;

use std::path::Path;

use anyhow::{Context, Result, bail};
use lampwork_models::TextBatch;
use lampwork_protocol::{DataSet, ModelConfig, RunRecipe};
use lampwork_text::{Batch, Corpus, Pass, Split, Telling, Texts, Tokenizer};

use crate::publish::Model;

/// Key of the tokenizer in a model's metadata: what its tokens mean.
pub const TOKENIZER_KEY: &str = "lampwork.tokenizer";

/// Texts of a validation batch.
const AT_ONCE: usize = 128;

/// The corpus of a data set, from a folder.
///
/// # Errors
/// Where it is not there, cannot be read, or is no text.
pub fn load(folder: &Path, data: DataSet) -> Result<Corpus> {
    let texts = match data {
        DataSet::Poems => Texts::Poems,
        DataSet::Plays => Texts::Plays,
        _ => bail!("{} holds pictures and no text", data.name()),
    };
    let path = folder.join(format!("{}.safetensors", texts.name()));
    let bytes = match std::fs::read(&path) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => bail!(
            "there is no text at {}: run `cargo xtask data` to fetch and pack it, \
             or say by --data-dir where it is",
            path.display()
        ),
        Err(error) => return Err(error).with_context(|| format!("cannot read {}", path.display())),
    };
    Corpus::from_bytes(texts, &bytes).with_context(|| {
        format!(
            "{} cannot be used: run `cargo xtask data` to make it anew",
            path.display()
        )
    })
}

/// The tokenizer in a model's metadata.
///
/// # Errors
/// Where there is none, or it has other tokens than the model.
pub fn tokenizer(model: &Model) -> Result<Tokenizer> {
    let json = model.metadata.get(TOKENIZER_KEY);
    let json = json.context("there is no tokenizer in the model's file: it cannot be read")?;
    let tokenizer = Tokenizer::from_json(json)?;
    let vocabulary = model.card.recipe.model.vocabulary();
    if tokenizer.len() != vocabulary {
        bail!(
            "the tokenizer has {} tokens and the model {vocabulary}: the file is broken",
            tokenizer.len()
        );
    }
    Ok(tokenizer)
}

/// The recipe with the vocabulary of the corpus where it says 0.
///
/// # Errors
/// Where it says another one.
pub fn fitted(mut recipe: RunRecipe, corpus: &Corpus) -> Result<RunRecipe> {
    let found = corpus.tokenizer.len();
    let vocabulary = match &mut recipe.model {
        ModelConfig::Transformer(config) => &mut config.vocabulary,
        ModelConfig::Lstm(config) => &mut config.vocabulary,
        ModelConfig::TextVae(config) => &mut config.vocabulary,
        ModelConfig::Vae(_)
        | ModelConfig::Gan(_)
        | ModelConfig::Flow(_)
        | ModelConfig::Translate(_)
        | ModelConfig::Style(_)
        | ModelConfig::Domains(_) => {
            bail!(
                "{} holds text, and this model makes pictures",
                recipe.data.name()
            )
        }
    };
    match *vocabulary {
        0 => *vocabulary = found,
        asked if asked != found => bail!(
            "the model knows {asked} tokens and {} has {found}: set model.vocabulary=0 to take them",
            recipe.data.name()
        ),
        _ => {}
    }
    Ok(recipe)
}

/// Batches of the training split, epoch by epoch.
pub(crate) struct Epochs<'a> {
    corpus: &'a Corpus,
    telling: Telling,
    seed: u64,
    batch: usize,
    /// The epoch asked for last.
    held: Option<(u64, Pass<'a>, Vec<Vec<usize>>)>,
}

impl<'a> Epochs<'a> {
    pub(crate) fn new(corpus: &'a Corpus, recipe: &RunRecipe) -> Self {
        Self {
            corpus,
            telling: Telling::training(recipe.model.context()),
            seed: recipe.seed,
            batch: recipe.batch,
            held: None,
        }
    }

    /// Steps in an epoch: those of the first.
    pub(crate) fn steps(&mut self) -> Result<u64> {
        Ok(self.batches(0)?.1.len() as u64)
    }

    /// The texts of a step, both counted from 0.
    pub(crate) fn texts(&mut self, epoch: u64, step: u64) -> Result<Batch> {
        let (pass, batches) = self.batches(epoch)?;
        // Passes over plays are cut at other places, and may be a batch shorter.
        Ok(pass.batch(&batches[step as usize % batches.len()]))
    }

    fn batches(&mut self, epoch: u64) -> Result<(&Pass<'a>, &[Vec<usize>])> {
        if self.held.as_ref().is_none_or(|held| held.0 != epoch) {
            let seed = Some(self.seed);
            let pass = Pass::new(self.corpus, Split::Train, self.telling, seed, epoch)?;
            let mut batches = pass.batches(self.batch);
            batches.retain(|batch| batch.len() == self.batch);
            if batches.is_empty() {
                bail!(
                    "there are {} texts that fit the context, too few for a batch of {}",
                    pass.len(),
                    self.batch
                );
            }
            self.held = Some((epoch, pass, batches));
        }
        let held = self.held.as_ref().context("it was just made")?;
        Ok((&held.1, &held.2))
    }
}

/// Batches of a split that is not learned from, at most `most` of them, spread over
/// all.
pub(crate) fn measured<'a>(
    corpus: &'a Corpus,
    split: Split,
    context: usize,
    most: usize,
) -> Result<impl Iterator<Item = Batch> + use<'a>> {
    let pass = Pass::new(corpus, split, Telling::measuring(context), None, 0)?;
    let batches = pass.batches(AT_ONCE);
    let every = batches.len().div_ceil(most.max(1)).max(1);
    let chosen: Vec<Vec<usize>> = batches.into_iter().step_by(every).collect();
    Ok(chosen.into_iter().map(move |batch| pass.batch(&batch)))
}

/// A batch as a run takes it.
pub(crate) fn given(batch: &Batch) -> TextBatch<'_> {
    TextBatch {
        rows: batch.rows,
        columns: batch.columns,
        inputs: &batch.inputs,
        targets: &batch.targets,
        counts: &batch.counts,
    }
}
