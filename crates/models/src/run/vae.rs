//! What a VAE is trained for.

use burn::tensor::{Device, Tensor};
use lampwork_protocol::VaeConfig;

use super::single::{Objective, tensor};
use super::{Batch, Slice};
use crate::Noise;
use crate::blocks::one_hot;
use crate::sample::Net;
use crate::vae::{Vae, beta_at, loss};

/// The share that a step's batch has at least in a class's prior: it is that of
/// some 500 steps.
const PRIOR_RATE: f32 = 2e-3;

impl Objective for VaeConfig {
    type Net = Vae;
    type Batch<'a> = Batch<'a>;
    type Made = Net;

    // The prior of a class follows the encoder.
    const STILL: bool = false;

    fn names(&self) -> &'static [&'static str] {
        &["loss", "reconstruction", "kl"]
    }

    fn net(&self, device: &Device) -> Vae {
        Vae::new(self, device)
    }

    fn measure(
        &self,
        net: &mut Vae,
        _guide: Option<&Vae>,
        slice: &Slice<'_>,
        noise: &mut Noise,
        device: &Device,
    ) -> Vec<Tensor<1>> {
        let (pictures, labels) = (tensor(&slice.batch, device), slice.batch.labels());
        let classes = classes(self, labels.classes, device);
        let beta = beta_at(self, slice.step);
        let measured = loss(net, pictures, classes.clone(), beta, true, noise);
        if slice.index + 1 == slice.count
            && let Some(classes) = classes
            && let Some(prior) = net.prior.take()
        {
            let (mean, log_variance) = measured.latent;
            let rate = PRIOR_RATE.max(1.0 / (1.0 + slice.step as f32));
            net.prior = Some(prior.follow(mean, log_variance, classes, rate));
        }
        vec![measured.loss, measured.reconstruction, measured.kl]
    }

    fn validate(
        &self,
        net: &Vae,
        batch: &Batch<'_>,
        noise: &mut Noise,
        device: &Device,
    ) -> Tensor<2> {
        let (pictures, labels) = (tensor(batch, device), batch.labels());
        let classes = classes(self, labels.classes, device);
        let measured = loss(net, pictures, classes, self.beta, false, noise);
        let terms = [measured.loss, measured.reconstruction, measured.kl];
        Tensor::cat(terms.map(|term| term.reshape([1, 1])).to_vec(), 1)
    }

    fn made(&self, net: Vae, average: Option<Vae>) -> Net {
        let mut sampled = average.unwrap_or_else(|| net.clone());
        // An average already.
        sampled.prior = net.prior;
        Net::Vae(Box::new(sampled))
    }
}

fn classes(config: &VaeConfig, labels: &[u8], device: &Device) -> Option<Tensor<2>> {
    (config.classes > 0).then(|| one_hot(labels, config.classes, device))
}
