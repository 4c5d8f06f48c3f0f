//! The layers and their gradients beside burn's own.

use burn::module::Module;
use burn::nn::PaddingConfig2d;
use burn::nn::conv::{Conv2dConfig, ConvTranspose2dConfig};
use burn::tensor::ops::ConvOptions;
use burn::tensor::{Device, Distribution, Tensor, module};
use lampwork_kernels::{Convolve, conv2d, silu};
use lampwork_native as _;

/// Close to a part in a hundred thousand of the largest.
#[track_caller]
fn same<const D: usize>(made: Tensor<D>, known: Tensor<D>) {
    assert_eq!(made.dims(), known.dims());
    let largest: f32 = known.clone().abs().max().into_scalar();
    let error: f32 = (made - known).abs().max().into_scalar();
    assert!(error <= 1e-5 * largest.max(1.0), "{error} of {largest}");
}

/// What burn makes of a layer, and what is made here: output and the gradients of
/// pictures, weight and bias.
macro_rules! beside {
    ($layer:expr, $input:expr) => {{
        let device = Device::flex().autodiff();
        let layer = $layer.init(&device);
        let random = |shape: [usize; 4]| {
            Tensor::<4>::random(shape, Distribution::Uniform(-1.0, 1.0), &device)
        };
        let pictures = random($input).require_grad();
        let upstream = random(layer.forward(pictures.clone()).dims());
        let of = |output: Tensor<4>| {
            let gradients = (output.clone() * upstream.clone()).sum().backward();
            (
                output.inner(),
                pictures.grad(&gradients).expect("of the pictures"),
                layer.weight.val().grad(&gradients).expect("of the weight"),
                layer
                    .bias
                    .as_ref()
                    .map(|b| b.val().grad(&gradients).expect("of the bias")),
            )
        };
        let known = of(layer.forward(pictures.clone()));
        let made = of(layer.convolve(pictures.clone()));
        same(made.0, known.0.clone());
        same(made.1, known.1);
        same(made.2, known.2);
        assert_eq!(made.3.is_some(), known.3.is_some());
        if let (Some(made), Some(known)) = (made.3, known.3) {
            same(made, known);
        }
        // Without gradients, and of pictures that are a view.
        let turned = pictures.inner().swap_dims(2, 3);
        same(
            layer.valid().convolve(turned.clone()),
            layer.valid().forward(turned),
        );
    }};
}

#[test]
fn plain_convolutions() {
    for (kernel, stride, padding, bias) in [
        (3, 1, 1, true),
        (4, 2, 1, true),
        (3, 2, 1, false),
        (1, 1, 0, true),
        (5, 1, 2, true),
    ] {
        let layer = Conv2dConfig::new([3, 5], [kernel; 2])
            .with_stride([stride; 2])
            .with_padding(PaddingConfig2d::Explicit(
                padding, padding, padding, padding,
            ))
            .with_bias(bias);
        beside!(layer, [11, 3, 10, 9]);
    }
}

/// Channels that are a multiple of four, by which windows of three by three take fewer
/// products where weights stay.
#[test]
fn convolutions_of_many_channels() {
    for (kernel, stride, padding) in [(3, 1, 1), (3, 1, 0), (3, 2, 1), (1, 1, 0)] {
        let layer = Conv2dConfig::new([8, 16], [kernel; 2])
            .with_stride([stride; 2])
            .with_padding(PaddingConfig2d::Explicit(
                padding, padding, padding, padding,
            ));
        beside!(layer, [3, 8, 9, 6]);
    }
}

/// What is kept of weights is never that of others, which may lie where they lay.
#[test]
fn weights_that_change_are_not_those_that_were_kept() {
    let device = Device::flex();
    let pictures = Tensor::<4>::random([2, 8, 6, 6], Distribution::Uniform(-1.0, 1.0), &device);
    for kernel in [1, 3] {
        let config = Conv2dConfig::new([8, 12], [kernel; 2]);
        let mut weight = config.init(&device).weight.val();
        for _ in 0..20 {
            let made = conv2d(pictures.clone(), weight.clone(), None, 1, 0);
            let options = ConvOptions::new([1; 2], [0; 2], [1; 2], 1);
            let known = module::conv2d(pictures.clone(), weight.clone(), None, options);
            same(made, known);
            // In place, where nobody else holds it.
            weight = weight * -0.9 + 0.01;
        }
    }
}

#[test]
fn transposed_convolutions() {
    for (kernel, stride, padding) in [(4, 2, 1), (2, 2, 0), (3, 1, 1)] {
        let layer = ConvTranspose2dConfig::new([3, 5], [kernel; 2])
            .with_stride([stride; 2])
            .with_padding([padding; 2]);
        beside!(layer, [11, 3, 6, 7]);
    }
}

#[test]
fn layers_of_another_kind_are_burns() {
    let grouped = Conv2dConfig::new([4, 4], [3; 2]).with_groups(2);
    beside!(grouped, [2, 4, 6, 6]);
    let same = Conv2dConfig::new([2, 3], [3; 2]).with_padding(PaddingConfig2d::Same);
    beside!(same, [2, 2, 6, 6]);
    let out = ConvTranspose2dConfig::new([3, 2], [3; 2]).with_stride([2; 2]);
    beside!(out, [2, 3, 5, 5]);
}

#[test]
fn the_sigmoid_linear_unit() {
    let device = Device::flex().autodiff();
    let input = Tensor::<2>::random([9, 70], Distribution::Normal(0.0, 4.0), &device);
    let input = input.require_grad();
    let upstream = Tensor::<2>::random([9, 70], Distribution::Default, &device);
    let of = |output: Tensor<2>| {
        let gradients = (output.clone() * upstream.clone()).sum().backward();
        (output.inner(), input.grad(&gradients).expect("a gradient"))
    };
    let known = of(burn::tensor::activation::silu(input.clone()));
    let made = of(silu(input.clone()));
    same(made.0, known.0);
    same(made.1, known.1);
    let view = input.clone().inner().swap_dims(0, 1);
    same(silu(view.clone()), burn::tensor::activation::silu(view));
}

/// A net that is only looked through: its weights are not followed, and the gradient of
/// the pictures goes another way.
#[test]
fn weights_that_stay() {
    let device = Device::flex().autodiff();
    let random =
        |shape: [usize; 4]| Tensor::<4>::random(shape, Distribution::Uniform(-1.0, 1.0), &device);
    for (ins, outs, padding, size) in [
        (8, 12, 1, [9, 7]),
        (4, 4, 0, [6, 8]),
        (4, 8, 2, [5, 5]),
        (3, 8, 1, [6, 6]),
    ] {
        let (weight, pictures) = (
            random([outs, ins, 3, 3]),
            random([2, ins, size[0], size[1]]),
        );
        let of = |weight: Tensor<4>| {
            let pictures = pictures.clone().require_grad();
            let made = conv2d(pictures.clone(), weight, None, 1, padding);
            let upstream = Tensor::arange(0..made.shape().num_elements() as i64, &device);
            let upstream = (upstream.float() * 0.7).sin().reshape(made.dims());
            let gradients = (made.clone() * upstream).sum().backward();
            (
                made.inner(),
                pictures.grad(&gradients).expect("of the pictures"),
            )
        };
        let learned = of(weight.clone().require_grad());
        // Twice, as the second finds what the first laid out.
        for _ in 0..2 {
            let stayed = of(weight.clone());
            same(stayed.0, learned.0.clone());
            same(stayed.1, learned.1.clone());
        }
    }
}
