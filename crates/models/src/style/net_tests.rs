//! The modulated convolution beside its definition, and doubling beside sums by hand.

use burn::tensor::{Device, Tensor, TensorData};
use lampwork_kernels::conv2d;

use super::net::{Styled, smoothly_doubled};
use crate::Noise;
use crate::blocks::walk;

fn random<const D: usize>(shape: [usize; D], stream: u64, device: &Device) -> Tensor<D> {
    let values = Noise::new(11, stream).normal(shape.iter().product());
    Tensor::from_data(TensorData::new(values, shape), device)
}

/// A layer of which nothing is zero.
fn layer(channels: [usize; 2], device: &Device) -> Styled {
    let mut noise = Noise::new(12, 0);
    let layer = Styled::new(channels, 5, device);
    walk::set(layer, device, |_, _, shape| {
        noise.normal(shape.iter().product())
    })
}

fn numbers<const D: usize>(tensor: Tensor<D>) -> Vec<f32> {
    tensor.into_data().try_into_vec().expect("f32")
}

/// Karras 2020, equations 1 and 3: each picture has weights of its own, scaled by its
/// style and then made to have length one.
#[test]
fn a_modulated_convolution_is_one_of_weights_for_each_picture() {
    let device = Device::flex();
    let layer = layer([3, 4], &device);
    let (input, style) = (random([2, 3, 6, 6], 1, &device), random([2, 5], 2, &device));
    let grain = random([2, 1, 6, 6], 3, &device);
    let made = layer.forward(input.clone(), style.clone(), Some(grain.clone()));
    let none = layer.forward(input.clone(), style.clone(), None);
    assert_ne!(numbers(made.clone()), numbers(none));
    let scale = layer.affine.forward(style);
    for picture in 0..2 {
        let scale = scale.clone().narrow(0, picture, 1).reshape([1, 3, 1, 1]);
        // [4, 3, 3, 3]
        let weight = layer.weight.val() * scale;
        let length = weight.clone().reshape([4, 27]).square().sum_dim(1) + 1e-8;
        let weight = weight / length.sqrt().reshape([4, 1, 1, 1]);
        let plain = conv2d(input.clone().narrow(0, picture, 1), weight, None, 1, 1);
        let bias = layer.bias.val().reshape([1, 4, 1, 1]);
        let noise = grain.clone().narrow(0, picture, 1) * layer.strength.val().reshape([1; 4]);
        let before = plain * std::f64::consts::SQRT_2 + bias + noise;
        let known = burn::tensor::activation::leaky_relu(before, 0.2);
        let made = made.clone().narrow(0, picture, 1);
        let worst: f32 = (made - known).abs().max().into_scalar();
        assert!(worst < 1e-4, "{worst}");
    }
}

/// What goes in with variance one comes out with variance one, whatever the style:
/// two after demodulation here, of which the rectifier leaves 1.04 as mean square.
#[test]
fn demodulation_keeps_the_variance_at_one() {
    let device = Device::flex();
    let mut noise = Noise::new(13, 0);
    let layer = Styled::new([16, 16], 5, &device);
    let layer = walk::set(layer, &device, |path, _, shape| {
        let count: usize = shape.iter().product();
        match path {
            "weight" | "affine.weight" => noise.normal(count).iter().map(|x| x * 3.0).collect(),
            _ => vec![0.0; count],
        }
    });
    let input = random([4, 16, 16, 16], 4, &device);
    let style = random([4, 5], 5, &device) * 7.0;
    // Edges see zeros beyond them.
    let inner = layer.forward(input, style, None).narrow(2, 1, 14);
    let inner = inner.narrow(3, 1, 14);
    let square: f32 = inner.square().mean().into_scalar();
    assert!((square - 1.04).abs() < 0.08, "{square}");
}

#[test]
fn doubling_goes_by_straight_lines() {
    let device = Device::flex();
    let small = random([2, 3, 4, 4], 6, &device);
    let large = numbers(smoothly_doubled(small.clone()));
    let small = numbers(small);
    // The pixel of 2 x (4 x 4) that a place of the large one lies in, and its neighbour.
    let near = |at: usize| {
        let other = if at.is_multiple_of(2) {
            (at / 2).saturating_sub(1)
        } else {
            (at / 2 + 1).min(3)
        };
        [(at / 2, 0.75), (other, 0.25)]
    };
    for (at, &made) in large.iter().enumerate() {
        let (plane, row, column) = (at / 64, at / 8 % 8, at % 8);
        let known: f32 = near(row)
            .into_iter()
            .flat_map(|(y, a)| near(column).map(|(x, b)| small[plane * 16 + y * 4 + x] * a * b))
            .sum();
        assert!((made - known).abs() < 1e-5, "{at}: {made} and {known}");
    }
}
