//! The losses of a GAN's two sides.

use burn::tensor::{Tensor, activation::sigmoid};
use lampwork_protocol::{GanConfig, GanLoss, PICTURE_SIDE};

use super::{Discriminator, Generator};
use crate::Noise;
use crate::blocks::{augment, loss};

/// What the discriminator's side of a step measures, each `[1]`.
#[derive(Debug, Clone)]
pub struct DiscriminatorLoss {
    /// What is minimised.
    pub loss: Tensor<1>,
    /// Mean of the sigmoid of its logits on real pictures.
    pub real: Tensor<1>,
    /// The same on made ones.
    pub fake: Tensor<1>,
}

/// The discriminator's loss on real and made pictures.
///
/// Both are augmented alike, and seen in one pass.
///
/// # Shapes
/// - real, fake: `[count, 784]` in 0..1; no gradient flows into `fake`
/// - classes: `[count, classes]`, of both
pub fn discriminator_loss(
    discriminator: &Discriminator,
    config: &GanConfig,
    real: Tensor<2>,
    fake: Tensor<2>,
    classes: Option<Tensor<2>>,
    noise: &mut Noise,
) -> DiscriminatorLoss {
    let count = real.dims()[0];
    let both = Tensor::cat(vec![real, fake], 0);
    let both = images(both);
    let drawn = augment::draw(
        &config.diff_augment,
        PICTURE_SIDE,
        2 * count,
        noise,
        &both.device(),
    );
    let classes = classes.map(|c| Tensor::cat(vec![c.clone(), c], 0));
    let logits = discriminator.forward(drawn.apply(both), classes, Some(noise));
    let real = logits.clone().narrow(0, 0, count);
    let fake = logits.narrow(0, count, count);
    let loss = match config.loss {
        GanLoss::NonSaturating => {
            loss::non_saturating_d(real.clone(), fake.clone(), config.label_smoothing)
        }
        GanLoss::Hinge => loss::hinge_d(real.clone(), fake.clone()),
    };
    DiscriminatorLoss {
        loss,
        real: sigmoid(real.detach()).mean(),
        fake: sigmoid(fake.detach()).mean(),
    }
}

/// The generator's loss, and the pictures it was measured on.
///
/// # Shapes
/// - z: `[count, latent]`
/// - classes: `[count, classes]`
/// - output: `[1]`
pub fn generator_loss(
    generator: &Generator,
    discriminator: &Discriminator,
    config: &GanConfig,
    z: Tensor<2>,
    classes: Option<Tensor<2>>,
    noise: &mut Noise,
) -> Tensor<1> {
    let made = images(generator.forward(z, classes.clone()));
    let drawn = augment::draw(
        &config.diff_augment,
        PICTURE_SIDE,
        made.dims()[0],
        noise,
        &made.device(),
    );
    let logits = discriminator.forward(drawn.apply(made), classes, Some(noise));
    match config.loss {
        GanLoss::NonSaturating => loss::non_saturating_g(logits),
        GanLoss::Hinge => loss::hinge_g(logits),
    }
}

/// `[count, 784]` in 0..1 as `[count, 1, 28, 28]` in -1..1.
fn images(pictures: Tensor<2>) -> Tensor<4> {
    let count = pictures.dims()[0];
    pictures.reshape([count, 1, PICTURE_SIDE, PICTURE_SIDE]) * 2.0 - 1.0
}
