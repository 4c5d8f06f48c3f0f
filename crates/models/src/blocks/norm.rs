//! Group normalisation (Wu 2018).

use burn::module::{Module, Param};
use burn::tensor::{Device, Tensor, module::layer_norm};

/// Normalises each group of channels of each picture to mean zero and variance
/// one, then scales and shifts each channel.
///
/// A DCGAN normalises over the batch (Radford 2015); over groups, a picture
/// does not depend on the others of its batch, so that a step can be cut into
/// slices, a sheet into pieces, and nothing has to be tracked for sampling.
#[derive(Module, Debug)]
pub struct GroupNorm {
    /// Scale of each channel, `[channels]`.
    gamma: Param<Tensor<1>>,
    /// Shift of each channel, `[channels]`.
    beta: Param<Tensor<1>>,
    groups: usize,
}

impl GroupNorm {
    /// A layer for `channels`, which `groups` must divide.
    pub fn new(groups: usize, channels: usize, device: &Device) -> Self {
        assert_eq!(channels % groups, 0, "groups must divide channels");
        Self {
            gamma: burn::nn::Initializer::Ones.init([channels], device),
            beta: burn::nn::Initializer::Zeros.init([channels], device),
            groups,
        }
    }

    /// # Shapes
    /// - input, output: `[count, channels, height, width]`
    pub fn forward(&self, input: Tensor<4>) -> Tensor<4> {
        let [count, channels, height, width] = input.dims();
        let size = channels / self.groups * height * width;
        // burn's layer norm over the last axis is one kernel; its own group norm
        // is ten.
        let one = Tensor::ones([size], &input.device());
        let flat = input.reshape([count * self.groups, size]);
        let normal = layer_norm(flat, one, None, 1e-5).reshape([count, channels, height, width]);
        let gamma = self.gamma.val().reshape([1, channels, 1, 1]);
        let beta = self.beta.val().reshape([1, channels, 1, 1]);
        normal * gamma + beta
    }
}
