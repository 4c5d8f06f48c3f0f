//! The evidence lower bound of real pictures under a VAE.

use anyhow::Result;
use burn::tensor::{Device, Tensor, TensorData};
use lampwork_datasets::Examples;
use lampwork_models::sample::Net;
use lampwork_models::{Noise, Sampler, vae};
use lampwork_protocol::{Figure, PICTURE_PIXELS};

use super::Measured;
use crate::judge::pixels;
use crate::make;

/// Latent samples a picture.
const SAMPLES: usize = 10;

/// Pictures measured at once.
const AT_ONCE: usize = 250;

/// Stream of the latent samples' noise; draws of pictures use others.
const STREAM: u64 = 1;

/// Reconstruction and divergence, means over the pictures, in nats a picture;
/// `None` for a model without an encoder.
///
/// # Errors
/// Where the device fails.
pub fn bound(
    sampler: &Sampler,
    examples: &Examples,
    samples: usize,
    seed: u64,
    device: &Device,
) -> Result<Option<(f64, f64)>> {
    let Net::Vae(vae) = sampler.net() else {
        return Ok(None);
    };
    let classes = sampler.space().classes;
    let mut noise = Noise::new(seed, STREAM);
    let (mut reconstruction, mut divergence) = (0.0, 0.0);
    let chunks = examples
        .pictures
        .chunks(AT_ONCE * PICTURE_PIXELS)
        .zip(examples.labels.chunks(AT_ONCE));
    for (pictures, labels) in chunks {
        let shape = [labels.len(), PICTURE_PIXELS];
        let pictures = Tensor::from_data(TensorData::new(pixels(pictures), shape), device);
        let classes =
            (classes > 0).then(|| lampwork_models::blocks::one_hot(labels, classes, device));
        let prior = sampler.prior();
        let terms = vae::bound(vae, pictures, classes, prior, samples, &mut noise);
        for term in make::read(terms)?.chunks_exact(2) {
            reconstruction += f64::from(term[0]);
            divergence += f64::from(term[1]);
        }
    }
    let count = examples.len().max(1) as f64;
    Ok(Some((reconstruction / count, divergence / count)))
}

pub(super) fn figures(
    sampler: &Sampler,
    test: &Examples,
    seed: u64,
    device: &Device,
) -> Result<Vec<Figure>> {
    let Some((reconstruction, divergence)) = bound(sampler, test, SAMPLES, seed, device)? else {
        return Ok(Vec::new());
    };
    let how = format!(
        "test split, {} pictures, {SAMPLES} latent samples each; a grey value is taken as the \
         probability of a one{}",
        test.len(),
        if sampler.space().classes > 0 {
            "; given the class"
        } else {
            ""
        }
    ) + match sampler.prior() {
        Some(_) => "; divergence from the prior of the class",
        None => "; divergence from the standard normal",
    };
    let figure = |name: &str, value| {
        Measured {
            value,
            floor: None,
            ceiling: None,
        }
        .into_figure(name, "nats", how.clone())
    };
    Ok(vec![
        figure("test_elbo", -(reconstruction + divergence)),
        figure("test_reconstruction", reconstruction),
        figure("test_kl", divergence),
    ])
}
