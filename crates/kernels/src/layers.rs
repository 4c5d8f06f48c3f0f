//! Burn's layers by the convolutions here.

use burn::module::Param;
use burn::nn::PaddingConfig2d;
use burn::nn::conv::{Conv2d, ConvTranspose2d};
use burn::tensor::Tensor;

use crate::{conv_transpose2d, conv2d};

/// A layer that this crate's convolutions may stand in for.
pub trait Convolve {
    /// As the layer's own `forward`, which is taken where the layer is of a kind
    /// that is not done here (groups, dilation, sides that differ).
    ///
    /// # Shapes
    /// - pictures: `[count, in, height, width]`
    /// - output: `[count, out, ..]`
    fn convolve(&self, pictures: Tensor<4>) -> Tensor<4>;
}

impl Convolve for Conv2d {
    fn convolve(&self, pictures: Tensor<4>) -> Tensor<4> {
        let padding = match self.padding {
            PaddingConfig2d::Valid => Some(0),
            PaddingConfig2d::Explicit(top, left, bottom, right) => {
                let even = [left, bottom, right] == [top; 3];
                even.then_some(top)
            }
            PaddingConfig2d::Same => None,
        };
        let plain = self.groups == 1 && self.dilation == [1; 2];
        match (padding, square(self.stride), square(self.kernel_size)) {
            (Some(padding), Some(stride), Some(_)) if plain => conv2d(
                pictures,
                self.weight.val(),
                self.bias.as_ref().map(Param::val),
                stride,
                padding,
            ),
            _ => self.forward(pictures),
        }
    }
}

impl Convolve for ConvTranspose2d {
    fn convolve(&self, pictures: Tensor<4>) -> Tensor<4> {
        let plain = self.groups == 1 && self.dilation == [1; 2] && self.padding_out == [0; 2];
        let [padding, stride, kernel] = [self.padding, self.stride, self.kernel_size].map(square);
        match (padding, stride, kernel) {
            (Some(padding), Some(stride), Some(kernel))
                if plain && kernel.is_multiple_of(stride) =>
            {
                conv_transpose2d(
                    pictures,
                    self.weight.val(),
                    self.bias.as_ref().map(Param::val),
                    stride,
                    padding,
                )
            }
            _ => self.forward(pictures),
        }
    }
}

fn square([down, across]: [usize; 2]) -> Option<usize> {
    (down == across).then_some(down)
}
