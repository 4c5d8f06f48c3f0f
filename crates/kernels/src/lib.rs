//! Convolutions that are fast on one core of a CPU.
//!
//! Burn's CPU backend unfolds a picture for its convolutions, and its gradients
//! go through further copies, which takes as long as the product itself. Here a
//! picture is laid out once so that the product can read the window
//! of every pixel in place (see `grid`); the gradients are such products too. Where
//! weights stay, windows of three by three take fewer products (see `winograd`).
//!
//! The sigmoid linear unit is here too ([`silu`]): burn's is slow where there is no
//! vector exponential. So is the leaky rectifier ([`leaky`]).
//!
//! [`language`] has what a language model computes besides its matrix products.
//!
//! [`conv2d`] and [`conv_transpose2d`] are burn's functions of those names, for
//! square kernels, strides and paddings. On a GPU they are burn's own.

mod activation;
#[cfg(feature = "flex")]
mod flex;
mod four;
mod gradient;
#[cfg(feature = "flex")]
pub mod grid;
#[cfg(feature = "flex")]
mod kept;
mod lanes;
pub mod language;
mod layers;
mod ops;
#[cfg(feature = "flex")]
mod product;
#[cfg(test)]
mod testing;
#[cfg(feature = "flex")]
pub mod winograd;

use burn::backend::Dispatch;
use burn::tensor::Tensor;

pub use lanes::side_by_side;
pub use layers::Convolve;
use ops::{Convolutions, Units};

/// Kernel and steps of a convolution.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Window {
    /// Side of the kernel in pixels.
    pub kernel: usize,
    /// Pixels from one window to the next.
    pub stride: usize,
    /// Pixels of zero on each side.
    pub padding: usize,
    /// Whether it goes from the output's side to the input's.
    pub transposed: bool,
}

/// The convolution of pictures.
///
/// # Shapes
/// - pictures: `[count, in, height, width]`
/// - weight: `[out, in, kernel, kernel]`
/// - bias: `[out]`
/// - output: `[count, out, (height + 2 * padding - kernel) / stride + 1, ..]`
pub fn conv2d(
    pictures: Tensor<4>,
    weight: Tensor<4>,
    bias: Option<Tensor<1>>,
    stride: usize,
    padding: usize,
) -> Tensor<4> {
    convolve(pictures, weight, bias, [stride, padding], false)
}

/// The transposed convolution of pictures: what [`conv2d`] does to a gradient.
///
/// # Shapes
/// - pictures: `[count, in, height, width]`
/// - weight: `[in, out, kernel, kernel]`
/// - bias: `[out]`
/// - output: `[count, out, (height - 1) * stride + kernel - 2 * padding, ..]`
pub fn conv_transpose2d(
    pictures: Tensor<4>,
    weight: Tensor<4>,
    bias: Option<Tensor<1>>,
    stride: usize,
    padding: usize,
) -> Tensor<4> {
    convolve(pictures, weight, bias, [stride, padding], true)
}

fn convolve(
    pictures: Tensor<4>,
    weight: Tensor<4>,
    bias: Option<Tensor<1>>,
    [stride, padding]: [usize; 2],
    transposed: bool,
) -> Tensor<4> {
    let [first, second, kernel, _] = weight.dims();
    let window = Window {
        kernel,
        stride,
        padding,
        transposed,
    };
    let out = if transposed { second } else { first };
    let bias = bias.unwrap_or_else(|| Tensor::zeros([out], &pictures.device()));
    Tensor::from_dispatch(<Dispatch as Convolutions>::convolution(
        pictures.into_dispatch(),
        weight.into_dispatch(),
        bias.into_dispatch(),
        window,
    ))
}

/// The sigmoid linear unit, `x / (1 + exp(-x))` (Hendrycks 2016, Elfwing 2017), of
/// each number.
pub fn silu<const D: usize>(input: Tensor<D>) -> Tensor<D> {
    Tensor::from_dispatch(<Dispatch as Units>::unit(input.into_dispatch()))
}

/// The leaky rectifier of slope 0.2 (Maas 2013), of each number.
///
/// Burn's goes by masks, which takes ten times as long on the CPU.
pub fn leaky<const D: usize>(input: Tensor<D>) -> Tensor<D> {
    Tensor::from_dispatch(<Dispatch as Units>::leaky(input.into_dispatch()))
}
