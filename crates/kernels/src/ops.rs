//! The operations by backend.

use burn::backend::ops::{ConvOptions, ConvTransposeOptions};
use burn::backend::tensor::FloatTensor;
use burn::backend::{Backend, backend_extension};

use crate::Window;
use crate::activation::LEAK;

/// Convolutions and their gradients; by default burn's.
#[backend_extension(
    Flex: cfg(feature = "flex"),
    Cube: cfg(feature = "cube"),
    Fusion: cfg(feature = "fusion"),
    Autodiff,
)]
pub(crate) trait Convolutions: Backend {
    /// [`crate::conv2d`], or [`crate::conv_transpose2d`], by weights that stay.
    #[fusion(default)]
    fn convolution(
        pictures: FloatTensor<Self>,
        weight: FloatTensor<Self>,
        bias: FloatTensor<Self>,
        window: Window,
    ) -> FloatTensor<Self> {
        if window.transposed {
            Self::conv_transpose2d(pictures, weight, Some(bias), transposed(window))
        } else {
            Self::conv2d(pictures, weight, Some(bias), plain(window))
        }
    }

    /// The same, by weights that change with every step.
    #[fusion(default)]
    fn convolution_learning(
        pictures: FloatTensor<Self>,
        weight: FloatTensor<Self>,
        bias: FloatTensor<Self>,
        window: Window,
    ) -> FloatTensor<Self> {
        Self::convolution(pictures, weight, bias, window)
    }

    /// The gradient that the pictures get.
    #[fusion(default)]
    fn convolution_pictures(
        pictures: FloatTensor<Self>,
        weight: FloatTensor<Self>,
        gradient: FloatTensor<Self>,
        window: Window,
    ) -> FloatTensor<Self> {
        if window.transposed {
            Self::conv_transpose2d_x_backward(weight, gradient, transposed(window))
        } else {
            Self::conv2d_x_backward(pictures, weight, gradient, plain(window))
        }
    }

    /// The same, by weights that stay.
    #[fusion(default)]
    fn convolution_pictures_staying(
        pictures: FloatTensor<Self>,
        weight: FloatTensor<Self>,
        gradient: FloatTensor<Self>,
        window: Window,
    ) -> FloatTensor<Self> {
        Self::convolution_pictures(pictures, weight, gradient, window)
    }

    /// The gradient that the weight gets.
    #[fusion(default)]
    fn convolution_weight(
        pictures: FloatTensor<Self>,
        weight: FloatTensor<Self>,
        gradient: FloatTensor<Self>,
        window: Window,
    ) -> FloatTensor<Self> {
        if window.transposed {
            Self::conv_transpose2d_weight_backward(pictures, weight, gradient, transposed(window))
        } else {
            Self::conv2d_weight_backward(pictures, weight, gradient, plain(window))
        }
    }

    /// The gradient that the bias gets.
    #[fusion(default)]
    fn convolution_bias(
        pictures: FloatTensor<Self>,
        bias: FloatTensor<Self>,
        gradient: FloatTensor<Self>,
    ) -> FloatTensor<Self> {
        Self::conv2d_bias_backward(pictures, bias, gradient)
    }
}

/// The sigmoid linear unit, the leaky rectifier and their gradients; by default as
/// several operations.
#[backend_extension(
    Flex: cfg(feature = "flex"),
    Cube: cfg(feature = "cube"),
    Fusion: cfg(feature = "fusion"),
    Autodiff,
)]
pub(crate) trait Units: Backend {
    /// [`crate::silu`].
    #[fusion(default)]
    fn unit(input: FloatTensor<Self>) -> FloatTensor<Self> {
        Self::float_mul(input.clone(), Self::sigmoid(input))
    }

    /// The gradient that its input gets.
    #[fusion(default)]
    fn unit_input(input: FloatTensor<Self>, gradient: FloatTensor<Self>) -> FloatTensor<Self> {
        let sigmoid = Self::sigmoid(input.clone());
        let unit = Self::float_mul(input, sigmoid.clone());
        // s + u (1 - s)
        let curved = Self::float_mul(unit.clone(), sigmoid.clone());
        let slope = Self::float_sub(Self::float_add(sigmoid, unit), curved);
        Self::float_mul(gradient, slope)
    }

    /// [`crate::leaky`].
    #[fusion(default)]
    fn leaky(input: FloatTensor<Self>) -> FloatTensor<Self> {
        let whole = Self::float_mul_scalar(input.clone(), LEAK.into());
        let kept = Self::float_mul_scalar(Self::relu(input), (1.0 - LEAK).into());
        Self::float_add(whole, kept)
    }

    /// The gradient that its input gets.
    #[fusion(default)]
    fn leaky_input(input: FloatTensor<Self>, gradient: FloatTensor<Self>) -> FloatTensor<Self> {
        let whole = Self::float_mul_scalar(gradient.clone(), LEAK.into());
        // What is asked of its first argument is where it lies above zero.
        let kept = Self::relu_backward(input, gradient);
        Self::float_add(whole, Self::float_mul_scalar(kept, (1.0 - LEAK).into()))
    }
}

#[cfg(feature = "cube")]
impl Convolutions for burn::backend::Cube {}
#[cfg(feature = "cube")]
impl Units for burn::backend::Cube {}

fn plain(window: Window) -> ConvOptions<2> {
    let Window {
        stride, padding, ..
    } = window;
    ConvOptions::new([stride; 2], [padding; 2], [1; 2], 1)
}

fn transposed(window: Window) -> ConvTransposeOptions<2> {
    let Window {
        stride, padding, ..
    } = window;
    ConvTransposeOptions::new([stride; 2], [padding; 2], [0; 2], [1; 2], 1)
}
