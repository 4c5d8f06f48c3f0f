//! A training run: from a recipe to moving weights.
//!
//! A step is cut into slices of one micro-batch, so that a worker can answer
//! its page between two of them; gradients are summed over the slices, which
//! changes no result but by rounding. The browser and `train` call the same
//! code. All noise is keyed by seed and step, so that a run which is saved and
//! restored goes on as if nothing had happened.

mod check;
mod flow;
mod gan;
mod gather;
mod report;
mod single;
mod state;
mod vae;

use burn::tensor::Device;
use lampwork_protocol::{FlowConfig, ModelConfig, RunRecipe, Side, VaeConfig};
use lampwork_weights::Named;

pub use check::{check_change, check_model, check_recipe};
pub use report::StepReport;

use crate::blocks::schedule;
use crate::{ModelError, Sampler, Update};

/// Examples of one step, as plain arrays.
#[derive(Debug, Clone, Copy)]
pub struct Batch<'a> {
    /// `[count, values]` in 0..1, of the shape that the model makes.
    pub pictures: &'a [f32],
    /// `[count]`.
    pub labels: &'a [u8],
    /// Word vectors, `[count, dimensions]`; empty for a model without words.
    pub words: &'a [f32],
}

/// What examples are, as far as a net is told.
#[derive(Debug, Clone, Copy)]
struct Labels<'a> {
    /// `[count]`.
    classes: &'a [u8],
    /// `[count, dimensions]`, or empty.
    words: &'a [f32],
}

impl Labels<'_> {
    /// Those of the first examples.
    fn first(&self, count: usize) -> Self {
        let words = self.words.len() / self.classes.len() * count;
        Self {
            classes: &self.classes[..count],
            words: &self.words[..words],
        }
    }
}

impl<'a> Batch<'a> {
    fn labels(&self) -> Labels<'a> {
        Labels {
            classes: self.labels,
            words: self.words,
        }
    }

    /// `count` examples from number `first` on.
    fn part(&self, first: usize, count: usize) -> Batch<'a> {
        fn part(all: &[f32], examples: usize, first: usize, count: usize) -> &[f32] {
            let each = all.len() / examples;
            &all[first * each..(first + count) * each]
        }
        let examples = self.labels.len();
        Batch {
            pictures: part(self.pictures, examples, first, count),
            labels: &self.labels[first..first + count],
            words: part(self.words, examples, first, count),
        }
    }
}

/// What one slice led to.
#[derive(Debug)]
pub enum Advance {
    /// The step goes on; call again with the same batch.
    Slice,
    /// The step is done.
    Step(Box<StepReport>),
}

/// A training run.
#[derive(Debug, Clone)]
pub struct Run {
    recipe: RunRecipe,
    steps_per_epoch: u64,
    device: Device,
    step: u64,
    /// Slices done of the step under way.
    slice: usize,
    side: Option<Side>,
    family: Family,
}

/// What is trained.
#[derive(Debug, Clone)]
enum Family {
    Vae(Box<single::Single<VaeConfig>>),
    Flow(Box<single::Single<FlowConfig>>),
    Gan(Box<gan::GanRun>),
}

/// What a slice needs to know of the run it belongs to.
struct Slice<'a> {
    batch: Batch<'a>,
    /// Number of this slice in its phase, from 0.
    index: usize,
    /// Slices in a phase.
    count: usize,
    step: u64,
    seed: u64,
    /// Learning rate of this step.
    rate: f32,
    ema: f32,
    device: &'a Device,
}

impl Slice<'_> {
    /// Its part of the step.
    fn share(&self) -> f32 {
        1.0 / self.count as f32
    }
}

impl Run {
    /// A run at step 0.
    ///
    /// `device` is the plain one; the run puts autodiff on where it is needed.
    ///
    /// # Errors
    ///
    /// [`ModelError::Knob`] if the recipe asks for what cannot be built.
    pub fn new(
        recipe: &RunRecipe,
        steps_per_epoch: u64,
        device: &Device,
        update: Update,
    ) -> Result<Self, ModelError> {
        check_recipe(recipe)?;
        let family = match &recipe.model {
            ModelConfig::Vae(config) => Family::Vae(single(recipe, config, device, update)),
            ModelConfig::Flow(config) => Family::Flow(single(recipe, config, device, update)),
            ModelConfig::Gan(config) => {
                Family::Gan(Box::new(gan::GanRun::new(recipe, config, device, update)))
            }
        };
        Ok(Self {
            recipe: recipe.clone(),
            steps_per_epoch: steps_per_epoch.max(1),
            device: device.clone(),
            step: 0,
            slice: 0,
            side: None,
            family,
        })
    }

    /// The recipe in force.
    pub fn recipe(&self) -> &RunRecipe {
        &self.recipe
    }

    /// Steps taken.
    pub fn step(&self) -> u64 {
        self.step
    }

    /// Steps in an epoch.
    pub fn steps_per_epoch(&self) -> u64 {
        self.steps_per_epoch
    }

    /// Steps in all.
    pub fn total_steps(&self) -> u64 {
        self.steps_per_epoch * self.recipe.epochs as u64
    }

    /// Trains one side of a GAN alone from the next step on; `None` for both.
    pub fn only(&mut self, side: Option<Side>) {
        self.side = side;
    }

    /// Whether a step is half done.
    pub fn within_step(&self) -> bool {
        self.slice > 0
    }

    /// Computes one slice.
    ///
    /// The batch must be the same until [`Advance::Step`] comes, and hold
    /// `recipe.batch` examples.
    pub fn advance(&mut self, batch: &Batch) -> Advance {
        let count = self.slices();
        let slice = slice(
            &self.recipe,
            &self.device,
            batch,
            self.place(),
            self.slice % count,
        );
        let report = match &mut self.family {
            Family::Vae(run) => run.advance(&slice),
            Family::Flow(run) => run.advance(&slice),
            Family::Gan(run) => run.advance(&slice, self.slice / count, self.side),
        };
        match report {
            None => {
                self.slice += 1;
                Advance::Slice
            }
            Some(report) => {
                self.slice = 0;
                self.step += 1;
                Advance::Step(Box::new(report))
            }
        }
    }

    /// Slices in a phase of a step.
    fn slices(&self) -> usize {
        self.recipe.batch / self.recipe.micro_batch
    }

    /// The step, and its learning rate.
    fn place(&self) -> (u64, f32) {
        let rate = schedule::learning_rate(
            &self.recipe.optimizer,
            self.step,
            self.steps_per_epoch,
            self.total_steps(),
        );
        (self.step, rate)
    }

    /// Computes a whole step with its slices side by side, each on a core of its
    /// own, where the family allows it. The numbers are those of [`Run::step_on`].
    ///
    /// It is for devices whose work is done by the thread that asks for it.
    pub fn step_side_by_side(&mut self, batch: &Batch) -> StepReport {
        let (count, place) = (self.slices(), self.place());
        if count > 1 && !self.within_step() {
            let slices: Vec<Slice> = (0..count)
                .map(|index| slice(&self.recipe, &self.device, batch, place, index))
                .collect();
            let report = match &mut self.family {
                Family::Vae(run) => run.side_by_side(&slices),
                Family::Flow(run) => run.side_by_side(&slices),
                Family::Gan(_) => None,
            };
            if let Some(report) = report {
                self.step += 1;
                return report;
            }
        }
        self.step_on(batch)
    }

    /// Computes a whole step.
    pub fn step_on(&mut self, batch: &Batch) -> StepReport {
        loop {
            if let Advance::Step(report) = self.advance(batch) {
                return *report;
            }
        }
    }

    /// Measures a batch of the validation split: means over it, in nats a
    /// picture for a VAE, the squared error a pixel for a flow; nothing for a GAN,
    /// which has no such loss.
    pub async fn validate(&self, batch: &Batch<'_>) -> Result<Vec<(String, f32)>, ModelError> {
        match &self.family {
            Family::Vae(run) => run.validate(batch, self.recipe.seed, &self.device).await,
            Family::Flow(run) => run.validate(batch, self.recipe.seed, &self.device).await,
            Family::Gan(_) => Ok(Vec::new()),
        }
    }

    /// The model as it samples now: with averaged weights where the recipe has
    /// an EMA.
    pub fn sampler(&self) -> Sampler {
        let net = match &self.family {
            Family::Vae(run) => run.net(),
            Family::Flow(run) => run.net(),
            Family::Gan(run) => run.net(),
        };
        Sampler::of(net, &self.recipe.model)
    }

    /// The weights that ship: of [`Run::sampler`].
    pub async fn weights(&self) -> Result<Vec<Named>, ModelError> {
        Ok(match self.sampler().net() {
            crate::sample::Net::Vae(vae) => lampwork_weights::collect(vae.as_ref()).await?,
            crate::sample::Net::Flow(net) => lampwork_weights::collect(net.as_ref()).await?,
            crate::sample::Net::Gan(generator) => {
                lampwork_weights::collect(generator.as_ref()).await?
            }
        })
    }

    /// Everything needed to go on exactly: weights, their averages, and the
    /// optimizers' moments.
    ///
    /// To be called between steps; slices of a step under way are lost.
    pub async fn save(&self) -> Result<Vec<Named>, ModelError> {
        let mut all = match &self.family {
            Family::Vae(run) => run.save().await?,
            Family::Flow(run) => run.save().await?,
            Family::Gan(run) => run.save().await?,
        };
        all.push(state::steps("run", self.step));
        Ok(all)
    }

    /// Goes on from what [`Run::save`] wrote, or starts at step 0 from shipped
    /// weights of the same net.
    ///
    /// # Errors
    ///
    /// [`ModelError::Weights`] if the arrays are not of this net; the run is as
    /// it was.
    pub fn restore(&mut self, named: &[Named]) -> Result<(), ModelError> {
        let step = state::steps_of(named, "run");
        let mut family = self.family.clone();
        match &mut family {
            Family::Vae(run) => run.restore(named, &self.device)?,
            Family::Flow(run) => run.restore(named, &self.device)?,
            Family::Gan(run) => run.restore(named, &self.device)?,
        }
        self.family = family;
        self.step = step;
        self.slice = 0;
        Ok(())
    }

    /// Changes knobs that leave the net as it is.
    ///
    /// # Errors
    ///
    /// [`ModelError::NeedsReset`] if a change alters the net,
    /// [`ModelError::Knob`] if one is out of range; the run is as it was.
    pub fn change(&mut self, recipe: &RunRecipe, steps_per_epoch: u64) -> Result<(), ModelError> {
        check_recipe(recipe)?;
        check_change(&self.recipe, recipe)?;
        match (&mut self.family, &recipe.model) {
            (Family::Vae(run), ModelConfig::Vae(config)) => run.change(config.clone(), recipe),
            (Family::Flow(run), ModelConfig::Flow(config)) => run.change(config.clone(), recipe),
            (Family::Gan(run), ModelConfig::Gan(config)) => run.change(config, recipe),
            _ => return Err(ModelError::NeedsReset { knob: "family" }),
        }
        self.recipe = recipe.clone();
        self.steps_per_epoch = steps_per_epoch.max(1);
        // A step under way was cut by the old batch.
        self.slice = 0;
        Ok(())
    }
}

/// One slice of a step.
fn slice<'a>(
    recipe: &RunRecipe,
    device: &'a Device,
    batch: &Batch<'a>,
    (step, rate): (u64, f32),
    index: usize,
) -> Slice<'a> {
    let size = recipe.micro_batch;
    Slice {
        batch: batch.part(index * size, size),
        index,
        count: recipe.batch / size,
        step,
        seed: recipe.seed,
        rate,
        ema: recipe.ema,
        device,
    }
}

fn single<O: single::Objective>(
    recipe: &RunRecipe,
    objective: &O,
    device: &Device,
    update: Update,
) -> Box<single::Single<O>> {
    Box::new(single::Single::new(
        recipe,
        objective.clone(),
        device,
        update,
    ))
}
