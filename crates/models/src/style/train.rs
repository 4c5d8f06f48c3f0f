//! The losses of the two sides.

use burn::tensor::activation::sigmoid;
use burn::tensor::{Device, Tensor, TensorData};
use lampwork_protocol::{Shape, StyleConfig};

use super::net::grain;
use super::{Discriminator, Generator};
use crate::Noise;
use crate::blocks::{augment, loss, matrix};
use crate::gan::DiscriminatorLoss;

/// How far from a real picture the discriminator is asked a second time, as the
/// standard deviation of what is added to each value of -1..1.
const STEP: f32 = 0.05;

/// Steps from one measurement of the discriminator's gradient to the next; the price
/// is as many times higher (the lazy regularisation of Karras 2020).
const EVERY: u64 = 4;

/// A style for each layer, of new noise; of a batch's two, where they are mixed.
pub fn styles(
    generator: &Generator,
    config: &StyleConfig,
    count: usize,
    noise: &mut Noise,
    device: &Device,
) -> Vec<Tensor<2>> {
    let mixed = noise.one_uniform() < config.mixing;
    // Which layers are the first's is drawn always, so that it moves nothing else.
    let first = 1 + noise.below(StyleConfig::LAYERS as u32 - 1) as usize;
    let mut draw = || {
        let z = noise.normal(count * config.latent);
        generator.style_of(matrix(z, count, config.latent, device))
    };
    let one = draw();
    if !mixed {
        return vec![one; StyleConfig::LAYERS];
    }
    let other = draw();
    (0..StyleConfig::LAYERS)
        .map(|layer| if layer < first { &one } else { &other }.clone())
        .collect()
}

/// New pictures, in -1..1.
///
/// # Shapes
/// - output: `[count, 3, 32, 32]`
pub fn made(
    generator: &Generator,
    config: &StyleConfig,
    count: usize,
    noise: &mut Noise,
    device: &Device,
) -> Tensor<4> {
    let styles = styles(generator, config, count, noise, device);
    let grain = grain(count, noise, device);
    generator.synthesise(&styles, Some(&grain))
}

/// The discriminator's loss on real and made pictures: the non-saturating one
/// (Goodfellow 2014), and every fourth step the price of its gradient.
///
/// The gradient's squared length at a real picture (R1, Mescheder 2018) would have to
/// be differentiated once more. For noise `u` of unit variance the mean of
/// `(D(x + s u) - D(x))^2 / s^2` comes to it as `s` becomes small, and needs nothing
/// but `D` (Lin 2025, arXiv 2501.08316).
///
/// # Shapes
/// - real, fake: `[count, 3, 32, 32]` in -1..1; no gradient flows into `fake`
pub fn discriminator_loss(
    discriminator: &Discriminator,
    config: &StyleConfig,
    real: Tensor<4>,
    fake: Tensor<4>,
    step: u64,
    noise: &mut Noise,
) -> DiscriminatorLoss {
    let count = real.dims()[0];
    let device = real.device();
    let both = Tensor::cat(vec![real, fake], 0);
    let drawn = augment::draw(
        &config.diff_augment,
        Shape::COLOUR.side,
        2 * count,
        noise,
        &device,
    );
    let both = drawn.apply(both);
    let priced = config.penalty > 0.0 && step.is_multiple_of(EVERY);
    let shown = if priced {
        let real = both.clone().narrow(0, 0, count);
        let values = noise.normal(count * Shape::COLOUR.values());
        let away = TensorData::new(values, real.dims());
        let away = Tensor::<4>::from_data(away, &device) * STEP;
        Tensor::cat(vec![both, real + away], 0)
    } else {
        both
    };
    let logits = discriminator.forward(shown);
    let real = logits.clone().narrow(0, 0, count);
    let fake = logits.clone().narrow(0, count, count);
    let mut loss = loss::non_saturating_d(real.clone(), fake.clone(), 0.0);
    if priced {
        let away = logits.narrow(0, 2 * count, count);
        let squared = ((away - real.clone()) / STEP).square().mean();
        loss = loss + squared * (0.5 * config.penalty * EVERY as f32);
    }
    DiscriminatorLoss {
        loss,
        real: sigmoid(real.detach()).mean(),
        fake: sigmoid(fake.detach()).mean(),
    }
}

/// The generator's loss.
///
/// # Shapes
/// - made: `[count, 3, 32, 32]` in -1..1
/// - output: `[1]`
pub fn generator_loss(
    discriminator: &Discriminator,
    config: &StyleConfig,
    made: Tensor<4>,
    noise: &mut Noise,
) -> Tensor<1> {
    let count = made.dims()[0];
    let side = Shape::COLOUR.side;
    let drawn = augment::draw(&config.diff_augment, side, count, noise, &made.device());
    loss::non_saturating_g(discriminator.forward(drawn.apply(made)))
}
