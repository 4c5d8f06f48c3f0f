//! Training of one net by one loss: what a VAE and a flow share.

use burn::module::Module;
use burn::optim::GradientsParams;
use burn::tensor::{Device, Tensor};
use lampwork_kernels::side_by_side;
use lampwork_protocol::RunRecipe;
use lampwork_weights::Named;

use super::gather::{Gathered, Sums};
use super::state::{prefixed, read_state, steps, steps_of, under};
use super::{Batch, Examples, Slice, StepReport};
use crate::blocks::init::{Spread, initialise};
use crate::blocks::optimizer::Optimizer;
use crate::blocks::{ema, matrix, walk};
use crate::{ModelError, Noise, Update};

/// Stream of the noise of the first weights; that of step `s` is above it.
const INIT_STREAM: u64 = 0;

/// What one net is trained for.
pub(super) trait Objective: Clone + std::fmt::Debug + Sync {
    /// The net.
    type Net: Module + Clone + std::fmt::Debug + Send;

    /// What a step learns from.
    type Batch<'a>: Examples;

    /// The net as it is used.
    type Made;

    /// Whether nothing moves while a slice is measured, so that the slices of a
    /// step can be measured side by side.
    const STILL: bool;

    /// What a step measures; the first is minimised.
    fn names(&self) -> &'static [&'static str];

    /// The net, its weights not yet drawn.
    fn net(&self, device: &Device) -> Self::Net;

    /// The net with its first weights.
    fn drawn(&self, net: Self::Net, noise: &mut Noise, device: &Device) -> Self::Net {
        initialise(net, Spread::He, noise, device)
    }

    /// Whether a parameter at this path shrinks where the optimizer has weights
    /// shrink.
    fn decays(&self, _path: &str) -> bool {
        true
    }

    /// Whether a run that begins with the weights of another keeps them beside it,
    /// to learn from.
    fn guided(&self) -> bool {
        false
    }

    /// Measures one slice, each number `[1]`. What moves without a gradient moves
    /// in here. `guide` is the net that the run began with, where it keeps one, else
    /// the mean of the weights, on the plain device; `device` the one with gradients.
    fn measure(
        &self,
        net: &mut Self::Net,
        guide: Option<&Self::Net>,
        slice: &Slice<'_, Self::Batch<'_>>,
        noise: &mut Noise,
        device: &Device,
    ) -> Vec<Tensor<1>>;

    /// Measures examples without training, means over them: `[1, n]`, the first n
    /// of the names.
    fn validate(
        &self,
        net: &Self::Net,
        batch: &Self::Batch<'_>,
        noise: &mut Noise,
        device: &Device,
    ) -> Tensor<2>;

    /// Weights of a net like this one, as this one takes them.
    fn adapted(&self, weights: Vec<Named>) -> Vec<Named> {
        weights
    }

    /// Of the weights, those that ship.
    fn shipped(&self, weights: Vec<Named>) -> Vec<Named> {
        weights
    }

    /// As it is used: `average` where there is one, else `net`.
    fn made(&self, net: Self::Net, average: Option<Self::Net>) -> Self::Made;
}

/// A run of one net.
#[derive(Debug, Clone)]
pub(super) struct Single<O: Objective> {
    objective: O,
    /// On the autodiff device.
    net: O::Net,
    /// On the plain device.
    average: Option<O::Net>,
    /// What it began with, where it learns from that, on the plain device.
    guide: Option<O::Net>,
    optimizer: Optimizer,
    update: Update,
    gradients: Gathered<O::Net>,
    sums: Sums,
}

impl<O: Objective> Single<O> {
    pub(super) fn new(recipe: &RunRecipe, objective: O, device: &Device, update: Update) -> Self {
        let mut noise = Noise::new(recipe.seed, INIT_STREAM);
        let net = objective.net(device);
        let net = objective.drawn(net, &mut noise, device);
        let kept = walk::paths(&net)
            .into_iter()
            .filter(|(_, path)| !objective.decays(path))
            .map(|(id, _)| id)
            .collect();
        let optimizer = Optimizer::new(recipe.optimizer.kind, recipe.optimizer.clip_norm, update);
        Self {
            average: (recipe.ema > 0.0).then(|| net.clone()),
            guide: None,
            net: net.train(),
            optimizer: optimizer.without_decay(kept),
            update,
            gradients: Gathered::default(),
            sums: Sums::default(),
            objective,
        }
    }

    /// What it is trained for.
    pub(super) fn objective(&self) -> &O {
        &self.objective
    }

    /// Goes on with what is all but the same.
    #[cfg(feature = "perceptual")]
    pub(super) fn adopt(&mut self, objective: O) {
        self.objective = objective;
    }

    /// Computes one slice; the step's numbers after the last.
    pub(super) fn advance(&mut self, slice: &Slice<'_, O::Batch<'_>>) -> Option<StepReport> {
        let (gradients, measured) = measure(
            &self.objective,
            &mut self.net,
            self.guide.as_ref().or(self.average.as_ref()),
            slice,
        );
        self.gradients.add(&self.net, gradients);
        self.sums.add(measured, slice.share);
        (slice.index + 1 == slice.count).then(|| self.finish(slice))
    }

    /// Computes all slices of a step side by side; none where something moves while
    /// they are measured. The numbers are those of [`Single::advance`].
    pub(super) fn side_by_side(
        &mut self,
        slices: &[Slice<'_, O::Batch<'_>>],
    ) -> Option<StepReport> {
        let last = slices.last().filter(|_| O::STILL)?;
        // Copies with leaves of their own, as the graphs of nets that share their
        // leaves are one graph, which only one thread can walk back.
        let copies = slices
            .iter()
            .map(|slice| {
                let guide = self.guide.as_ref().or(self.average.as_ref());
                (slice, self.net.valid().train(), guide.cloned())
            })
            .collect();
        let objective = &self.objective;
        let measured = side_by_side(copies, |(slice, mut net, guide)| {
            measure(objective, &mut net, guide.as_ref(), slice)
        });
        // In the order of the slices, whichever was done first.
        for ((gradients, measured), slice) in measured.into_iter().zip(slices) {
            self.gradients.add(&self.net, gradients);
            self.sums.add(measured, slice.share);
        }
        Some(self.finish(last))
    }

    /// Moves the weights along what the slices added up to.
    fn finish(&mut self, slice: &Slice<'_, O::Batch<'_>>) -> StepReport {
        let gradients = self.gradients.take();
        self.net = self.optimizer.step(self.net.clone(), gradients, slice.rate);
        if let Some(average) = self.average.take() {
            let average = ema::towards(average, &self.net, slice.ema, slice.step, self.update);
            self.average = Some(average);
        }
        StepReport::new(self.objective.names(), self.sums.take())
    }

    pub(super) async fn validate(
        &self,
        batch: &O::Batch<'_>,
        seed: u64,
        device: &Device,
    ) -> Result<Vec<(String, f32)>, ModelError> {
        // The same noise each time, so that two validations differ by the net alone.
        let mut noise = Noise::new(seed, u64::MAX);
        let net = self.average.clone().unwrap_or_else(|| self.net.valid());
        let values = self.objective.validate(&net, batch, &mut noise, device);
        let values: Vec<f32> = values
            .into_data_async()
            .await?
            .try_into_vec()
            .map_err(|e| ModelError::Device(format!("{e:?}")))?;
        // Of those, a validation measures the first ones.
        let names = self.objective.names().iter().map(|name| (*name).to_owned());
        Ok(names.zip(values).collect())
    }

    pub(super) fn made(&self) -> O::Made {
        self.objective.made(self.net.valid(), self.average.clone())
    }

    /// The weights that ship: the average where there is one.
    pub(super) async fn weights(&self) -> Result<Vec<Named>, ModelError> {
        let net = self.average.clone().unwrap_or_else(|| self.net.valid());
        let weights = lampwork_weights::collect(&net).await?;
        Ok(self.objective.shipped(weights))
    }

    pub(super) async fn save(&self) -> Result<Vec<Named>, ModelError> {
        let weights = lampwork_weights::collect(&self.net.valid()).await?;
        let mut all: Vec<Named> = prefixed(weights, "net").collect();
        for (beside, prefix) in [(&self.average, "average"), (&self.guide, "guide")] {
            if let Some(net) = beside {
                let weights = lampwork_weights::collect(net).await?;
                all.extend(prefixed(weights, prefix));
            }
        }
        all.extend(read_state(self.optimizer.state(&self.net, "optimizer")).await?);
        all.push(steps("optimizer", self.optimizer.steps()));
        Ok(all)
    }

    pub(super) fn restore(&mut self, named: &[Named], device: &Device) -> Result<(), ModelError> {
        let own = under(named, "net");
        let shipped = own.is_empty();
        let weights = if shipped { named.to_vec() } else { own };
        let weights = self.objective.adapted(weights);
        let net = lampwork_weights::fill(self.net.valid(), &weights, device)?;
        let guide = match under(named, "guide") {
            none if none.is_empty() => (shipped && self.objective.guided()).then(|| net.clone()),
            guide => Some(lampwork_weights::fill(net.clone(), &guide, device)?),
        };
        if self.average.is_some() {
            let average = under(named, "average");
            let average = if average.is_empty() {
                weights
            } else {
                self.objective.adapted(average)
            };
            self.average = Some(lampwork_weights::fill(net.clone(), &average, device)?);
        }
        self.net = net.train();
        self.guide = guide;
        let steps = steps_of(named, "optimizer");
        self.optimizer
            .restore(&self.net, "optimizer", named, steps, device)?;
        self.gradients = Gathered::default();
        self.sums = Sums::default();
        Ok(())
    }

    pub(super) fn change(&mut self, objective: O, recipe: &RunRecipe) {
        self.objective = objective;
        self.optimizer
            .change(recipe.optimizer.kind, recipe.optimizer.clip_norm);
        self.average = match (self.average.take(), recipe.ema > 0.0) {
            (Some(average), true) => Some(average),
            (None, true) => Some(self.net.valid()),
            (_, false) => None,
        };
        self.gradients = Gathered::default();
        self.sums = Sums::default();
    }
}

/// What one slice measures, and the gradients that its share of the loss gives.
fn measure<O: Objective>(
    objective: &O,
    net: &mut O::Net,
    guide: Option<&O::Net>,
    slice: &Slice<'_, O::Batch<'_>>,
) -> (GradientsParams, Vec<Tensor<1>>) {
    let device = slice.device.clone().autodiff();
    let stream = 1 + slice.step * 64 + slice.index as u64;
    let mut noise = Noise::new(slice.seed, stream);
    let measured = objective.measure(net, guide, slice, &mut noise, &device);
    let gradients = (measured[0].clone() * slice.share).backward();
    (GradientsParams::from_grads(gradients, net), measured)
}

/// Pictures as a tensor, `[count, values]`.
pub(super) fn tensor(batch: &Batch<'_>, device: &Device) -> Tensor<2> {
    let count = batch.labels.len();
    let values = batch.pictures.len() / count;
    matrix(batch.pictures.to_vec(), count, values, device)
}
