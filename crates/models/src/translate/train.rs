//! What is made small, and how near a made picture is.

use burn::tensor::Tensor;
use lampwork_protocol::Distance;

/// What keeps Charbonnier's distance smooth at zero (Lai 2017), of a span of 1.
const SMOOTH: f32 = 1e-3;

/// Mean square below which a picture is as good as the same, of a span of 1: else those
/// that were shown nothing to mend would count for more the less is changed of them.
const SAME: f32 = 1e-5;

/// How far made pictures lie from true ones, `[1]`.
///
/// # Shapes
/// - made, truth: `[count, channels, height, width]` in 0..1
pub fn distance(kind: Distance, made: Tensor<4>, truth: Tensor<4>) -> Tensor<1> {
    let apart = made - truth;
    match kind {
        Distance::Charbonnier => (apart.square() + SMOOTH * SMOOTH).sqrt().mean(),
        Distance::L1 => apart.abs().mean(),
        Distance::Psnr => (decibels(apart.square() + SAME)).mean(),
    }
}

/// Of squares, `[count, channels, height, width]`, the mean of each picture in decibels,
/// `[count, 1]`.
fn decibels(squares: Tensor<4>) -> Tensor<2> {
    let count = squares.dims()[0];
    let values = squares.dims().iter().skip(1).product();
    let mean: Tensor<2> = squares.reshape([count, values]).mean_dim(1);
    // Pictures that are all but the same would count for any number of decibels.
    mean.clamp_min(1e-8).log() * (10.0 / std::f32::consts::LN_10)
}

/// The peak signal-to-noise ratio of each made picture, in decibels, averaged, `[1]`.
///
/// Made pictures are clamped to 0..1 first, as they are where they are shown.
///
/// # Shapes
/// - made, truth: `[count, channels, height, width]`
pub fn psnr(made: Tensor<4>, truth: Tensor<4>) -> Tensor<1> {
    let squares = (made.clamp(0.0, 1.0) - truth).square();
    -decibels(squares).mean()
}
