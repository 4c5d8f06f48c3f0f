//! Losses, each a plain function from tensors to a tensor.

use burn::tensor::{Tensor, activation};

/// Negative log likelihood, in nats, of `targets` under independent Bernoulli
/// pixels with these logits, summed over each row.
///
/// `softplus(l) - t l`, the stable form of binary cross-entropy; a target
/// between 0 and 1 is taken as the probability of a one.
///
/// # Shapes
/// - logits, targets: `[count, pixels]`
/// - output: `[count, 1]`
pub fn bernoulli(logits: Tensor<2>, targets: Tensor<2>) -> Tensor<2> {
    (softplus(logits.clone()) - logits * targets).sum_dim(1)
}

/// Kullback-Leibler divergence, in nats, of a diagonal normal from the standard
/// one: `(mean^2 + var - 1 - ln var) / 2`, summed over each row (Kingma 2013,
/// appendix B).
///
/// # Shapes
/// - mean, log_variance: `[count, latent]`
/// - output: `[count, 1]`
pub fn gaussian_kl(mean: Tensor<2>, log_variance: Tensor<2>) -> Tensor<2> {
    let terms = mean.square() + log_variance.clone().exp() - log_variance - 1.0;
    terms.sum_dim(1) * 0.5
}

/// `ln(1 + e^x)`, without overflow.
pub fn softplus<const D: usize>(x: Tensor<D>) -> Tensor<D> {
    -activation::log_sigmoid(-x)
}

/// The discriminator's loss on real and made pictures (Goodfellow 2014), with
/// the real target at `1 - smoothing` (Salimans 2016).
///
/// # Shapes
/// - real, fake: logits `[count, 1]`
/// - output: `[1]`
pub fn non_saturating_d(real: Tensor<2>, fake: Tensor<2>, smoothing: f32) -> Tensor<1> {
    // -(1-s) ln D(x) - s ln(1 - D(x)) = softplus(-l) + s l
    let on_real = softplus(-real.clone()) + real * smoothing;
    on_real.mean() + softplus(fake).mean()
}

/// The generator's loss `-ln D(G(z))` (Goodfellow 2014).
pub fn non_saturating_g(fake: Tensor<2>) -> Tensor<1> {
    softplus(-fake).mean()
}

/// The discriminator's hinge loss (Lim 2017): margins of one on either side.
pub fn hinge_d(real: Tensor<2>, fake: Tensor<2>) -> Tensor<1> {
    activation::relu(-real + 1.0).mean() + activation::relu(fake + 1.0).mean()
}

/// The generator's hinge loss: `-D(G(z))`.
pub fn hinge_g(fake: Tensor<2>) -> Tensor<1> {
    -fake.mean()
}
