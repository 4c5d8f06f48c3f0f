//! Milliseconds of convolutions and of their gradients beside burn's own.
//!
//! `cargo run -p lampwork-kernels --example convolutions`, with `RAYON_NUM_THREADS=1` for
//! one core. A ratio above 1: the ones here are faster.

use std::time::Instant;

use burn::nn::PaddingConfig2d;
use burn::nn::conv::{Conv2dConfig, ConvTranspose2dConfig};
use burn::tensor::{Device, Distribution, Tensor};
use lampwork_kernels::Convolve;
// Its allocator, as `train` has it.
use lampwork_native as _;

const ROUNDS: usize = 10;

/// Least milliseconds of a pass forward and of one back.
fn time(forward: impl Fn() -> Tensor<4>, back: impl Fn(Tensor<4>)) -> [f64; 2] {
    let mut least = [f64::MAX; 2];
    for _ in 0..ROUNDS {
        let start = Instant::now();
        let made = forward();
        least[0] = least[0].min(start.elapsed().as_secs_f64() * 1e3);
        let start = Instant::now();
        back(made);
        least[1] = least[1].min(start.elapsed().as_secs_f64() * 1e3);
    }
    least
}

macro_rules! beside {
    ($name:expr, $layer:expr, $input:expr) => {{
        let device = Device::flex().autodiff();
        let layer = $layer.init(&device);
        let input: [usize; 4] = $input;
        let pictures = Tensor::<4>::random(input, Distribution::Default, &device).require_grad();
        let back = |made: Tensor<4>| drop(made.backward());
        let burns = time(|| layer.forward(pictures.clone()), back);
        let ours = time(|| layer.convolve(pictures.clone()), back);
        let [weights, side] = [layer.weight.dims(), layer.convolve(pictures.clone()).dims()];
        // Of a transposed one, each pixel of the input meets each weight.
        let pixels = if weights[1] == side[1] && $name.starts_with("up") {
            input[0] * input[2] * input[3]
        } else {
            side[0] * side[2] * side[3]
        };
        let operations = 2e-6 * (pixels * weights.iter().product::<usize>()) as f64;
        println!(
            "{:24} forward {:7.3} ms {:5.1} GF {:5.2} x   back {:7.3} ms {:5.1} GF {:5.2} x",
            $name,
            ours[0],
            operations / ours[0],
            burns[0] / ours[0],
            ours[1],
            2.0 * operations / ours[1],
            burns[1] / ours[1],
        );
    }};
}

fn main() {
    for (ins, outs, kernel, stride, side) in [
        (1, 24, 4, 2, 28),
        (24, 48, 4, 2, 14),
        (4, 16, 3, 1, 14),
        (16, 16, 3, 1, 14),
        (32, 32, 3, 1, 7),
        (32, 32, 3, 1, 14),
        (64, 64, 3, 1, 16),
        (32, 64, 3, 2, 14),
        (32, 128, 1, 1, 7),
        (32, 4, 3, 1, 14),
    ] {
        let padding = kernel / 2 - usize::from(kernel == 4);
        let layer = Conv2dConfig::new([ins, outs], [kernel; 2])
            .with_stride([stride; 2])
            .with_padding(PaddingConfig2d::Explicit(
                padding, padding, padding, padding,
            ));
        let name = format!("{ins} to {outs}, {kernel}x{kernel} /{stride}, {side}");
        beside!(name, layer, [16, ins, side, side]);
    }
    for (ins, outs, side) in [(48, 24, 7), (24, 1, 14), (64, 32, 7)] {
        let layer = ConvTranspose2dConfig::new([ins, outs], [4; 2])
            .with_stride([2; 2])
            .with_padding([1; 2]);
        let name = format!("up {ins} to {outs}, 4x4 /2, {side}");
        beside!(name, layer, [16, ins, side, side]);
    }
}
