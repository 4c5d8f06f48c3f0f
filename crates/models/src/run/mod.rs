//! A training run: from a recipe to moving weights.
//!
//! A step is cut into slices of one micro-batch, so that a worker can answer
//! its page between two of them; gradients are summed over the slices, which
//! changes no result but by rounding. The browser and `train` call the same
//! code. All noise is keyed by seed and step, so that a run which is saved and
//! restored goes on as if nothing had happened.

mod batch;
mod check;
mod domains;
mod flow;
mod gan;
mod gather;
mod lstm;
mod pictures;
mod report;
mod single;
mod state;
mod text;
mod text_vae;
mod transformer;
mod translate;
mod tuned;
mod vae;

use burn::tensor::Device;
use lampwork_protocol::{RunRecipe, Side};
use lampwork_weights::Named;

use batch::Labels;
pub use batch::{Batch, Examples};
pub(crate) use check::{between, within};
pub use check::{check_change, check_model, check_recipe};
pub use domains::{DomainBatch, DomainRun, Domains};
pub use pictures::Pictures;
pub use report::StepReport;
pub use text::{TextBatch, TextRun, Writers};
pub(crate) use translate::pictures as planes;

use crate::blocks::schedule;
use crate::{ModelError, Update};

/// What one slice led to.
#[derive(Debug)]
pub enum Advance {
    /// The step goes on; call again with the same batch.
    Slice,
    /// The step is done.
    Step(Box<StepReport>),
}

/// A training run: of a net that makes pictures, or of one that writes
/// ([`TextRun`]).
#[derive(Debug, Clone)]
pub struct Run<F = Pictures> {
    recipe: RunRecipe,
    steps_per_epoch: u64,
    device: Device,
    step: u64,
    /// Slices done of the step under way.
    slice: usize,
    side: Option<Side>,
    family: F,
}

/// The families that a run may be of.
///
/// Nets that write are kept apart from those that make pictures so that a worker
/// which trains the one does not carry the other.
pub trait Families: Clone {
    /// What a step learns from.
    type Batch<'a>: Examples;

    /// The model as it is used.
    type Made;

    /// Nets of a recipe at step 0.
    #[doc(hidden)]
    fn begin(recipe: &RunRecipe, device: &Device, update: Update) -> Result<Self, ModelError>;

    /// Computes one slice of a phase; the step's numbers after the last.
    #[doc(hidden)]
    fn advance(
        &mut self,
        slice: &Slice<'_, Self::Batch<'_>>,
        phase: usize,
        side: Option<Side>,
    ) -> Option<StepReport>;

    /// Computes all slices of a step side by side, where that can be.
    #[doc(hidden)]
    fn side_by_side(&mut self, slices: &[Slice<'_, Self::Batch<'_>>]) -> Option<StepReport>;

    /// Measures examples that are not learned from.
    #[doc(hidden)]
    fn validate(
        &self,
        batch: &Self::Batch<'_>,
        seed: u64,
        device: &Device,
    ) -> impl Future<Output = Result<Vec<(String, f32)>, ModelError>>;

    /// The model as it is now.
    #[doc(hidden)]
    fn made(&self, recipe: &RunRecipe) -> Self::Made;

    /// The weights that ship.
    #[doc(hidden)]
    fn weights(&self) -> impl Future<Output = Result<Vec<Named>, ModelError>>;

    /// Everything needed to go on.
    #[doc(hidden)]
    fn save(&self) -> impl Future<Output = Result<Vec<Named>, ModelError>>;

    /// Goes on from it.
    #[doc(hidden)]
    fn restore(&mut self, named: &[Named], device: &Device) -> Result<(), ModelError>;

    /// Takes up knobs that leave the net as it is.
    #[doc(hidden)]
    fn change(&mut self, recipe: &RunRecipe) -> Result<(), ModelError>;
}

/// What a slice needs to know of the run it belongs to.
#[derive(Debug)]
pub struct Slice<'a, B = Batch<'a>> {
    batch: B,
    /// Number of this slice in its phase, from 0.
    index: usize,
    /// Slices in a phase.
    count: usize,
    /// Its part of the step.
    share: f32,
    step: u64,
    seed: u64,
    /// Learning rate of this step.
    rate: f32,
    ema: f32,
    device: &'a Device,
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
        Self::begin(recipe, steps_per_epoch, device, update)
    }

    /// The model as it samples now: with averaged weights where the recipe has
    /// an EMA.
    pub fn sampler(&self) -> crate::Sampler {
        self.family.made(&self.recipe)
    }
}

impl<F: Families> Run<F> {
    /// A run at step 0.
    ///
    /// # Errors
    ///
    /// [`ModelError::Knob`] if the recipe asks for what cannot be built.
    pub fn begin(
        recipe: &RunRecipe,
        steps_per_epoch: u64,
        device: &Device,
        update: Update,
    ) -> Result<Self, ModelError> {
        check_recipe(recipe)?;
        Ok(Self {
            family: F::begin(recipe, device, update)?,
            recipe: recipe.clone(),
            steps_per_epoch: steps_per_epoch.max(1),
            device: device.clone(),
            step: 0,
            slice: 0,
            side: None,
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
    pub fn advance(&mut self, batch: &F::Batch<'_>) -> Advance {
        let count = self.slices();
        let device = self.device.clone();
        let index = self.slice % count;
        let slice = slice(&self.recipe, &device, batch, self.place(), index);
        match self.family.advance(&slice, self.slice / count, self.side) {
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
    pub fn step_side_by_side(&mut self, batch: &F::Batch<'_>) -> StepReport {
        let (count, place) = (self.slices(), self.place());
        if count > 1 && !self.within_step() {
            let slices: Vec<_> = (0..count)
                .map(|index| slice(&self.recipe, &self.device, batch, place, index))
                .collect();
            if let Some(report) = self.family.side_by_side(&slices) {
                self.step += 1;
                return report;
            }
        }
        self.step_on(batch)
    }

    /// Computes a whole step.
    pub fn step_on(&mut self, batch: &F::Batch<'_>) -> StepReport {
        loop {
            if let Advance::Step(report) = self.advance(batch) {
                return *report;
            }
        }
    }

    /// Measures a batch of the validation split: means over it, in nats a
    /// picture for a VAE, the squared error a pixel for a flow, the distance to the true
    /// picture for a net from picture to picture, nats a token for a net that writes; nothing for a GAN, which has no such loss.
    pub async fn validate(&self, batch: &F::Batch<'_>) -> Result<Vec<(String, f32)>, ModelError> {
        let seed = self.recipe.seed;
        self.family.validate(batch, seed, &self.device).await
    }

    /// The model as it is used now: with averaged weights where the recipe has an
    /// EMA.
    pub fn made(&self) -> F::Made {
        self.family.made(&self.recipe)
    }

    /// The weights that ship: of [`Run::made`].
    pub async fn weights(&self) -> Result<Vec<Named>, ModelError> {
        self.family.weights().await
    }

    /// Everything needed to go on exactly: weights, their averages, and the
    /// optimizers' moments.
    ///
    /// To be called between steps; slices of a step under way are lost.
    pub async fn save(&self) -> Result<Vec<Named>, ModelError> {
        let mut all = self.family.save().await?;
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
        family.restore(named, &self.device)?;
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
        self.family.change(recipe)?;
        self.recipe = recipe.clone();
        self.steps_per_epoch = steps_per_epoch.max(1);
        // A step under way was cut by the old batch.
        self.slice = 0;
        Ok(())
    }
}

/// One slice of a step.
fn slice<'a, B: Examples>(
    recipe: &RunRecipe,
    device: &'a Device,
    batch: &B,
    (step, rate): (u64, f32),
    index: usize,
) -> Slice<'a, B> {
    let size = recipe.micro_batch;
    let part = batch.part(index * size, size);
    Slice {
        share: part.share(batch),
        batch: part,
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
