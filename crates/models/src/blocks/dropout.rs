//! Dropout whose mask comes from a seed (Srivastava 2014).

use burn::tensor::Tensor;

use crate::Noise;
use crate::blocks::matrix;

/// Sets each value to zero with probability `rate` and scales the others by
/// `1 / (1 - rate)`; without noise (not training), changes nothing.
///
/// burn's own dropout draws from the backend's generator, which differs between
/// devices and cannot be resumed.
pub fn dropout(x: Tensor<2>, rate: f32, noise: Option<&mut Noise>) -> Tensor<2> {
    let Some(noise) = noise.filter(|_| rate > 0.0) else {
        return x;
    };
    let [rows, columns] = x.dims();
    let kept = 1.0 / (1.0 - rate);
    let mask = noise
        .uniform(rows * columns)
        .iter()
        .map(|&u| if u < rate { 0.0 } else { kept })
        .collect();
    let mask = matrix(mask, rows, columns, &x.device());
    x * mask
}
