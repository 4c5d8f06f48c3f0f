//! The loss of a VAE.

use burn::tensor::Tensor;
use lampwork_protocol::VaeConfig;

use super::{Placed, Vae};
use crate::Noise;
use crate::blocks::loss::{bernoulli, gaussian_kl};
use crate::blocks::matrix;

/// Means over a batch, in nats a picture, each `[1]`.
#[derive(Debug, Clone)]
pub struct VaeLoss {
    /// `reconstruction + beta * kl`, less the couplings' gain: what is minimised.
    pub loss: Tensor<1>,
    /// Negative log likelihood of the pictures.
    pub reconstruction: Tensor<1>,
    /// Divergence of the latent points from the standard normal.
    pub kl: Tensor<1>,
    /// The distributions of the latent points: mean and log-variance, each
    /// `[count, latent]`.
    pub latent: (Tensor<2>, Tensor<2>),
}

/// The loss of one batch, with one latent sample a picture (Kingma 2013, eq. 10).
///
/// The couplings of a prior follow the encoder by the likelihood of its points,
/// and the encoder does not follow them.
///
/// With `train`, hidden units are dropped.
///
/// # Shapes
/// - pictures: `[count, 784]` in 0..1
/// - classes: `[count, classes]`
pub fn loss(
    vae: &Vae,
    pictures: Tensor<2>,
    classes: Option<Tensor<2>>,
    beta: f32,
    train: bool,
    noise: &mut Noise,
) -> VaeLoss {
    let dropping = train.then_some(&mut *noise);
    let (mean, log_variance) = vae.encode(pictures.clone(), classes.clone(), dropping);
    let z = sample(mean.clone(), log_variance.clone(), noise);
    let dropping = train.then_some(&mut *noise);
    let logits = vae.logits(z.clone(), classes.clone(), dropping);
    let reconstruction = bernoulli(logits, pictures).mean();
    let kl = gaussian_kl(mean.clone(), log_variance.clone()).mean();
    let mut loss = reconstruction.clone() + kl.clone() * beta;
    if let (Some(prior), Some(classes)) = (vae.bent(), classes)
        && let Some(gain) = prior.gain(z.detach(), classes)
    {
        loss = loss - gain.mean();
    }
    VaeLoss {
        loss,
        reconstruction,
        kl,
        latent: (mean, log_variance),
    }
}

/// The negative evidence lower bound of each picture in nats, `[count, 2]`:
/// reconstruction and divergence, with the mean over `samples` latent samples.
///
/// The divergence is from the prior that pictures are made from: with `prior`
/// from that of each class, without it from the standard normal. Where the prior
/// is bent, the bend's part of it is a mean over the samples too.
pub fn bound(
    vae: &Vae,
    pictures: Tensor<2>,
    classes: Option<Tensor<2>>,
    prior: Option<&Placed>,
    samples: usize,
    noise: &mut Noise,
) -> Tensor<2> {
    let (mean, log_variance) = vae.encode(pictures.clone(), classes.clone(), None);
    let mut kl = match (prior, &classes) {
        (Some(prior), Some(classes)) => {
            let classes = classes.clone();
            prior.whiten(mean.clone(), log_variance.clone(), classes).1
        }
        _ => gaussian_kl(mean.clone(), log_variance.clone()),
    };
    let mut total = kl.zeros_like();
    for _ in 0..samples {
        let z = sample(mean.clone(), log_variance.clone(), noise);
        let logits = vae.logits(z.clone(), classes.clone(), None);
        total = total + bernoulli(logits, pictures.clone());
        if let (Some(prior), Some(classes)) = (prior, &classes)
            && let Some(gain) = prior.gain(z, classes.clone())
        {
            kl = kl - gain / samples as f32;
        }
    }
    Tensor::cat(vec![total / samples as f32, kl], 1)
}

/// `beta` at a step: rises from 0 over the warm-up.
pub fn beta_at(config: &VaeConfig, step: u64) -> f32 {
    let risen = if config.kl_warmup == 0 {
        1.0
    } else {
        ((step + 1) as f32 / config.kl_warmup as f32).min(1.0)
    };
    config.beta * risen
}

/// A latent sample by the reparameterisation trick: `mean + deviation * noise`.
fn sample(mean: Tensor<2>, log_variance: Tensor<2>, noise: &mut Noise) -> Tensor<2> {
    let [count, latent] = mean.dims();
    let drawn = matrix(noise.normal(count * latent), count, latent, &mean.device());
    mean + (log_variance * 0.5).exp() * drawn
}
