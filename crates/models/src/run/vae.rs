//! Training of a VAE.

use burn::module::Module;
use burn::optim::GradientsParams;
use burn::tensor::{Device, Tensor};
use lampwork_protocol::{PICTURE_PIXELS, RunRecipe, VaeConfig};
use lampwork_weights::Named;

use super::gather::{Gathered, Sums};
use super::state::{prefixed, read_state, steps, steps_of, under};
use super::{Batch, Slice, StepReport};
use crate::blocks::init::{Spread, initialise};
use crate::blocks::optimizer::Optimizer;
use crate::blocks::{ema, matrix, one_hot};
use crate::sample::Net;
use crate::vae::{Vae, beta_at, bound, loss};
use crate::{ModelError, Noise, Update};

/// What a VAE's step measures.
const NAMES: &[&str] = &["loss", "reconstruction", "kl"];
/// The share that a step's batch has at least in a class's prior: it is that of
/// some 500 steps.
const PRIOR_RATE: f32 = 2e-3;
/// Stream of the noise of the first weights; that of step `s` is `s + 1`.
const INIT_STREAM: u64 = 0;

#[derive(Debug, Clone)]
pub(super) struct VaeRun {
    config: VaeConfig,
    /// On the autodiff device.
    net: Vae,
    /// On the plain device.
    average: Option<Vae>,
    optimizer: Optimizer,
    update: Update,
    gradients: Gathered<Vae>,
    sums: Sums,
}

impl VaeRun {
    pub(super) fn new(
        recipe: &RunRecipe,
        config: &VaeConfig,
        device: &Device,
        update: Update,
    ) -> Self {
        let mut noise = Noise::new(recipe.seed, INIT_STREAM);
        let net = Vae::new(config, device);
        let net = initialise(net, Spread::He, &mut noise, device);
        Self {
            config: config.clone(),
            average: (recipe.ema > 0.0).then(|| net.clone()),
            net: net.train(),
            optimizer: Optimizer::new(recipe.optimizer.kind, recipe.optimizer.clip_norm, update),
            update,
            gradients: Gathered::default(),
            sums: Sums::default(),
        }
    }

    /// Computes one slice; the step's numbers after the last.
    pub(super) fn advance(&mut self, slice: &Slice) -> Option<StepReport> {
        let device = slice.device.clone().autodiff();
        let (pictures, classes) = self.tensors(&slice.batch, &device);
        let stream = 1 + slice.step * 64 + slice.index as u64;
        let mut noise = Noise::new(slice.seed, stream);
        let beta = beta_at(&self.config, slice.step);
        let measured = loss(&self.net, pictures, classes.clone(), beta, &mut noise);
        let last = slice.index + 1 == slice.count;
        if last
            && let Some(classes) = classes
            && let Some(prior) = self.net.prior.take()
        {
            let (mean, log_variance) = measured.latent;
            let rate = PRIOR_RATE.max(1.0 / (1.0 + slice.step as f32));
            self.net.prior = Some(prior.follow(mean, log_variance, classes, rate));
        }
        let share = 1.0 / slice.count as f32;
        let gradients = (measured.loss.clone() * share).backward();
        let gradients = GradientsParams::from_grads(gradients, &self.net);
        self.gradients.add(&self.net, gradients);
        self.sums
            .add([measured.loss, measured.reconstruction, measured.kl], share);
        if !last {
            return None;
        }
        let gradients = self.gradients.take();
        self.net = self.optimizer.step(self.net.clone(), gradients, slice.rate);
        if let Some(average) = self.average.take() {
            let average = ema::towards(average, &self.net, slice.ema, slice.step, self.update);
            self.average = Some(average);
        }
        Some(StepReport::new(NAMES, self.sums.take()))
    }

    pub(super) async fn validate(
        &self,
        batch: &Batch<'_>,
        seed: u64,
        device: &Device,
    ) -> Result<Vec<(String, f32)>, ModelError> {
        let Net::Vae(vae) = self.net() else {
            return Ok(Vec::new());
        };
        let (pictures, classes) = self.tensors(batch, device);
        // The same noise each time, so that two validations differ by the net alone.
        let mut noise = Noise::new(seed, u64::MAX);
        // From the standard normal: the loss that is minimised.
        let terms = bound(&vae, pictures, classes, None, 1, &mut noise).mean_dim(0);
        let terms: Vec<f32> = terms
            .into_data_async()
            .await?
            .try_into_vec()
            .map_err(|e| ModelError::Device(format!("{e:?}")))?;
        let (reconstruction, kl) = (terms[0], terms[1]);
        Ok(vec![
            ("loss".to_owned(), reconstruction + self.config.beta * kl),
            ("reconstruction".to_owned(), reconstruction),
            ("kl".to_owned(), kl),
        ])
    }

    fn tensors(&self, batch: &Batch, device: &Device) -> (Tensor<2>, Option<Tensor<2>>) {
        let count = batch.labels.len();
        let pictures = matrix(batch.pictures.to_vec(), count, PICTURE_PIXELS, device);
        let classes =
            (self.config.classes > 0).then(|| one_hot(batch.labels, self.config.classes, device));
        (pictures, classes)
    }

    pub(super) fn net(&self) -> Net {
        Net::Vae(Box::new(match &self.average {
            Some(average) => {
                let mut net = average.clone();
                // An average already.
                net.prior = self.net.valid().prior;
                net
            }
            None => self.net.valid(),
        }))
    }

    pub(super) async fn save(&self) -> Result<Vec<Named>, ModelError> {
        let weights = lampwork_weights::collect(&self.net.valid()).await?;
        let mut all: Vec<Named> = prefixed(weights, "net").collect();
        if let Some(average) = &self.average {
            all.extend(prefixed(
                lampwork_weights::collect(average).await?,
                "average",
            ));
        }
        all.extend(read_state(self.optimizer.state(&self.net, "optimizer")).await?);
        all.push(steps("optimizer", self.optimizer.steps()));
        Ok(all)
    }

    pub(super) fn restore(&mut self, named: &[Named], device: &Device) -> Result<(), ModelError> {
        let own = under(named, "net");
        let shipped = own.is_empty();
        let weights = if shipped { named.to_vec() } else { own };
        let net = lampwork_weights::fill(self.net.valid(), &weights, device)?;
        if self.average.is_some() {
            let average = under(named, "average");
            let average = if average.is_empty() { weights } else { average };
            self.average = Some(lampwork_weights::fill(net.clone(), &average, device)?);
        }
        self.net = net.train();
        let steps = steps_of(named, "optimizer");
        self.optimizer
            .restore(&self.net, "optimizer", named, steps, device)?;
        self.gradients = Gathered::default();
        self.sums = Sums::default();
        Ok(())
    }

    pub(super) fn change(&mut self, config: &VaeConfig, recipe: &RunRecipe) {
        self.config = config.clone();
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
