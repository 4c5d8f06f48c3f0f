//! Runs of nets that write.

use std::sync::Arc;

use burn::tensor::Device;
use lampwork_kernels::language::Targets;
use lampwork_protocol::{
    LstmConfig, ModelConfig, RunRecipe, Side, TextVaeConfig, TransformerConfig, Tuning,
};
use lampwork_weights::Named;

use super::tuned::Tuned;
use super::{Examples, Families, Run, Slice, StepReport, single};
use crate::language::{Writer, by_time};
use crate::{ModelError, Update};

/// A training run of a net that writes.
pub type TextRun = Run<Writers>;

/// Texts of one step, side by side.
#[derive(Debug, Clone, Copy)]
pub struct TextBatch<'a> {
    /// How many.
    pub rows: usize,
    /// Tokens in a row.
    pub columns: usize,
    /// `[rows, columns]`: what the net is shown, filled up at the end.
    pub inputs: &'a [u16],
    /// `[rows, columns]`: what comes after each.
    pub targets: &'a [u16],
    /// `[rows, columns]`: 1 where foretelling counts, 0 elsewhere.
    pub counts: &'a [u8],
}

impl TextBatch<'_> {
    /// Places that count.
    pub fn counted(&self) -> usize {
        self.counts.iter().filter(|&&count| count != 0).count()
    }

    /// What each place counts for in a mean over those that count.
    fn weights(&self) -> Vec<f32> {
        let each = 1.0 / self.counted().max(1) as f32;
        let weight = |&count: &u8| if count != 0 { each } else { 0.0 };
        self.counts.iter().map(weight).collect()
    }

    /// What the net is shown.
    pub(super) fn tokens(&self) -> Arc<[u32]> {
        self.inputs.iter().map(|&token| u32::from(token)).collect()
    }

    /// What the net is shown and what it has to foretell, all rows of a time together.
    pub(super) fn by_time(&self) -> (Arc<[u32]>, Targets) {
        let columns = self.columns;
        let targets = self.foretold();
        (
            by_time(&self.tokens(), columns).into(),
            Targets {
                tokens: by_time(&targets.tokens, columns).into(),
                weights: by_time(&targets.weights, columns).into(),
            },
        )
    }

    /// What it has to foretell.
    pub(super) fn foretold(&self) -> Targets {
        Targets {
            tokens: self.targets.iter().map(|&token| u32::from(token)).collect(),
            weights: self.weights().into(),
        }
    }
}

impl Examples for TextBatch<'_> {
    fn count(&self) -> usize {
        self.rows
    }

    fn part(&self, first: usize, count: usize) -> Self {
        let cells = first * self.columns..(first + count) * self.columns;
        Self {
            rows: count,
            columns: self.columns,
            inputs: &self.inputs[cells.clone()],
            targets: &self.targets[cells.clone()],
            counts: &self.counts[cells],
        }
    }

    /// A loss is a mean over places that count, of which a slice may have few.
    fn share(&self, all: &Self) -> f32 {
        self.counted() as f32 / all.counted().max(1) as f32
    }
}

/// What writes.
#[derive(Debug, Clone)]
pub struct Writers(Family);

#[derive(Debug, Clone)]
enum Family {
    Transformer(Box<single::Single<TransformerConfig>>),
    Lstm(Box<single::Single<LstmConfig>>),
    TextVae(Box<single::Single<TextVaeConfig>>),
    Tuned(Box<single::Single<Tuned>>),
}

/// The same of whichever family it is.
macro_rules! each {
    ($family:expr, $run:ident => $does:expr) => {
        match $family {
            Family::Transformer($run) => $does,
            Family::Lstm($run) => $does,
            Family::TextVae($run) => $does,
            Family::Tuned($run) => $does,
        }
    };
}

impl TextRun {
    /// A fine-tuning at step 0, from the weights of a trained Transformer.
    ///
    /// What it ships ([`Run::weights`]) is the whole net, or the factors of an adapter
    /// alone.
    ///
    /// # Errors
    /// [`ModelError::Knob`] if the recipe or the tuning asks for what cannot be built,
    /// [`ModelError::Weights`] if the weights are another net's.
    pub fn tune(
        recipe: &RunRecipe,
        tuning: Tuning,
        weights: &[Named],
        steps_per_epoch: u64,
        device: &Device,
        update: Update,
    ) -> Result<Self, ModelError> {
        let ModelConfig::Transformer(config) = &recipe.model else {
            return Err(ModelError::Knob {
                knob: "family",
                reason: "only a Transformer is fine-tuned".to_owned(),
            });
        };
        match tuning {
            Tuning::Full => {}
            Tuning::Last { layers } => super::within("layers", layers, 0, config.layers)?,
            Tuning::Lora { rank, alpha } => {
                super::within("rank", rank, 1, Tuning::MAX_RANK)?;
                super::between("alpha", alpha, 0.0, 1024.0)?;
            }
        }
        let objective = Tuned {
            config: config.clone(),
            tuning,
            seed: recipe.seed,
        };
        let mut run = Self::begin(recipe, steps_per_epoch, device, update)?;
        run.family = Writers(Family::Tuned(super::single(
            recipe, &objective, device, update,
        )));
        run.restore(weights)?;
        Ok(run)
    }

    /// The model as it writes now: with averaged weights where the recipe has an EMA.
    pub fn writer(&self) -> Writer {
        self.made()
    }
}

impl Families for Writers {
    type Batch<'a> = TextBatch<'a>;
    type Made = Writer;

    fn begin(recipe: &RunRecipe, device: &Device, update: Update) -> Result<Self, ModelError> {
        Ok(Self(match &recipe.model {
            ModelConfig::Transformer(config) => {
                Family::Transformer(super::single(recipe, config, device, update))
            }
            ModelConfig::Lstm(config) => {
                Family::Lstm(super::single(recipe, config, device, update))
            }
            ModelConfig::TextVae(config) => {
                Family::TextVae(super::single(recipe, config, device, update))
            }
            ModelConfig::Vae(_)
            | ModelConfig::Gan(_)
            | ModelConfig::Flow(_)
            | ModelConfig::Translate(_)
            | ModelConfig::Style(_)
            | ModelConfig::Domains(_) => {
                return Err(ModelError::Draws);
            }
        }))
    }

    fn advance(
        &mut self,
        slice: &Slice<'_, TextBatch<'_>>,
        _phase: usize,
        _side: Option<Side>,
    ) -> Option<StepReport> {
        each!(&mut self.0, run => run.advance(slice))
    }

    fn side_by_side(&mut self, slices: &[Slice<'_, TextBatch<'_>>]) -> Option<StepReport> {
        each!(&mut self.0, run => run.side_by_side(slices))
    }

    async fn validate(
        &self,
        batch: &Self::Batch<'_>,
        seed: u64,
        device: &Device,
    ) -> Result<Vec<(String, f32)>, ModelError> {
        each!(&self.0, run => run.validate(batch, seed, device).await)
    }

    fn made(&self, recipe: &RunRecipe) -> Writer {
        Writer::of(each!(&self.0, run => run.made()), &recipe.model)
    }

    async fn weights(&self) -> Result<Vec<Named>, ModelError> {
        each!(&self.0, run => run.weights().await)
    }

    async fn save(&self) -> Result<Vec<Named>, ModelError> {
        each!(&self.0, run => run.save().await)
    }

    fn restore(&mut self, named: &[Named], device: &Device) -> Result<(), ModelError> {
        each!(&mut self.0, run => run.restore(named, device))
    }

    fn change(&mut self, recipe: &RunRecipe) -> Result<(), ModelError> {
        match (&mut self.0, &recipe.model) {
            (Family::Transformer(run), ModelConfig::Transformer(config)) => {
                run.change(config.clone(), recipe);
            }
            (Family::Lstm(run), ModelConfig::Lstm(config)) => run.change(config.clone(), recipe),
            (Family::TextVae(run), ModelConfig::TextVae(config)) => {
                run.change(config.clone(), recipe);
            }
            (Family::Tuned(run), ModelConfig::Transformer(config)) => {
                let objective = Tuned {
                    config: config.clone(),
                    ..run.objective().clone()
                };
                run.change(objective, recipe);
            }
            _ => return Err(ModelError::NeedsReset { knob: "family" }),
        }
        Ok(())
    }
}
