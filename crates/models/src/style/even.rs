//! Layers whose weights are all as large, whatever they sum over.
//!
//! A weight is drawn with a deviation of one and multiplied by what He 2015 would
//! have drawn it with each time it is used, so that Adam, whose steps are as long for
//! every weight, moves all layers at the same pace (the equalised learning rate of
//! Karras 2018, arXiv 1710.10196).

use burn::module::{Module, Param};
use burn::nn::Initializer;
use burn::tensor::{Device, Tensor};
use lampwork_kernels::conv2d;

/// A linear layer.
#[derive(Module, Debug)]
pub(super) struct EvenLinear {
    /// `[input, output]`.
    weight: Param<Tensor<2>>,
    /// `[output]`.
    bias: Param<Tensor<1>>,
    /// What weights are multiplied by.
    gain: f64,
    /// How fast weights and bias move, of the pace of the others.
    pace: f64,
}

/// A convolution by a square window, at its own pace.
#[derive(Module, Debug)]
pub(super) struct EvenConv {
    /// `[output, input, kernel, kernel]`.
    weight: Param<Tensor<4>>,
    /// `[output]`.
    bias: Param<Tensor<1>>,
    gain: f64,
    stride: usize,
    padding: usize,
}

/// What follows a layer, and decides how large its weights have to be.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Followed {
    /// By a rectifier, which takes half of the variance away.
    Rectified,
    /// By nothing.
    Plain,
}

impl Followed {
    fn gain(self, fan_in: usize) -> f64 {
        let variance = match self {
            Followed::Rectified => 2.0,
            Followed::Plain => 1.0,
        };
        (variance / fan_in as f64).sqrt()
    }
}

impl EvenLinear {
    /// A layer from `input` to `output` units that moves `pace` times as fast as the
    /// others, its weights not yet drawn: with a deviation of `1 / pace`.
    pub(super) fn new(
        [input, output]: [usize; 2],
        followed: Followed,
        pace: f64,
        device: &Device,
    ) -> Self {
        Self {
            weight: Initializer::Zeros.init([input, output], device),
            bias: Initializer::Zeros.init([output], device),
            gain: followed.gain(input) * pace,
            pace,
        }
    }

    /// # Shapes
    /// - input: `[count, input]`
    /// - output: `[count, output]`
    pub(super) fn forward(&self, input: Tensor<2>) -> Tensor<2> {
        let bias = self.bias.val() * self.pace;
        input.matmul(self.weight.val()) * self.gain + bias.unsqueeze()
    }
}

impl EvenConv {
    /// A layer with a `kernel` x `kernel` window, its weights not yet drawn.
    pub(super) fn new(
        [input, output]: [usize; 2],
        [kernel, stride]: [usize; 2],
        device: &Device,
    ) -> Self {
        Self {
            weight: Initializer::Zeros.init([output, input, kernel, kernel], device),
            bias: Initializer::Zeros.init([output], device),
            gain: Followed::Rectified.gain(input * kernel * kernel),
            stride,
            padding: 1,
        }
    }

    /// # Shapes
    /// - input: `[count, input, height, width]`
    /// - output: `[count, output, height / stride, width / stride]`
    pub(super) fn forward(&self, input: Tensor<4>) -> Tensor<4> {
        let weight = self.weight.val() * self.gain;
        let bias = Some(self.bias.val());
        conv2d(input, weight, bias, self.stride, self.padding)
    }
}
