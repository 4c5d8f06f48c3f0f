//! The loss of a flow.

use burn::tensor::Tensor;
use lampwork_protocol::Times;

use super::{FlowNet, Told};
use crate::Noise;
use crate::blocks::matrix;

/// The mean squared error of the velocity over all pixels, `[1]` (Liu 2022,
/// eq. 1; Lipman 2022, eq. 23 with no noise left at the end).
///
/// # Shapes
/// - pictures: `[count, values]` in 0..1
/// - told: rows that are all zero learn without a class, or without words
/// - times: `count` of them
pub fn loss(
    net: &FlowNet,
    pictures: Tensor<2>,
    told: Told,
    times: &[f32],
    noise: &mut Noise,
) -> Tensor<1> {
    let [count, pixels] = pictures.dims();
    let device = pictures.device();
    let pictures = pictures * 2.0 - 1.0;
    let start = matrix(noise.normal(count * pixels), count, pixels, &device);
    let share = matrix(times.to_vec(), count, 1, &device);
    let velocity = pictures - start.clone();
    let mixture = start + velocity.clone() * share;
    (net.forward(mixture, times, told) - velocity)
        .square()
        .mean()
}

/// Times to train at.
///
/// Uniform ones are spread over the batch, one from each of `count` equal parts,
/// which makes the loss less noisy (Kingma 2021).
pub fn times(kind: Times, count: usize, noise: &mut Noise) -> Vec<f32> {
    (0..count)
        .map(|part| match kind {
            Times::Uniform => (part as f32 + noise.one_uniform()) / count as f32,
            Times::LogitNormal => 1.0 / (1.0 + (-noise.one_normal()).exp()),
        })
        .collect()
}
