//! Known answers: does the device compute what it should?
//!
//! On the web a shader that fails validation is only logged, and its output
//! keeps whatever was in the buffer (cubecl issue 1641). So before a device is
//! trusted, each kind of kernel that our nets use is run once and compared with
//! plain loops.

use burn::tensor::module::{conv_transpose2d, conv2d, layer_norm};
use burn::tensor::ops::{ConvOptions, ConvTransposeOptions};
use burn::tensor::{Device, Tensor, TensorData, activation};
use lampwork_models::Noise;
use lampwork_protocol::Failure;
use lampwork_protocol::event::SelfCheck;

use crate::read;

/// Largest error allowed, over values of about one: sums are taken in other
/// orders on a GPU.
const TOLERANCE: f32 = 2e-3;

/// The operations that every net is made of.
///
/// # Errors
/// Where the device fails.
pub async fn common(device: &Device) -> Result<Vec<SelfCheck>, Failure> {
    Ok(vec![
        check("matrix product", matrix_product(device).await?),
        check("normalisation", normalisation(device).await?),
        check("element-wise", element_wise(device).await?),
        check("sums", sums(device).await?),
        check("gradient", gradient(device).await?),
    ])
}

/// The operations of nets of pictures.
///
/// # Errors
/// Where the device fails.
pub async fn convolutions(device: &Device) -> Result<Vec<SelfCheck>, Failure> {
    Ok(vec![
        check("convolution", convolution(device).await?),
        check("transposed convolution", transposed(device).await?),
    ])
}

/// What was computed and what should have been.
pub type Pair = (Vec<f32>, Vec<f32>);

/// How far what was computed is from what should have been.
pub fn check(name: &str, (computed, known): Pair) -> SelfCheck {
    let error = if computed.len() == known.len() {
        computed
            .iter()
            .zip(&known)
            .map(|(a, b)| (a - b).abs())
            // A value that is no number is no answer.
            .fold(0.0, |worst: f32, e| {
                if e.is_finite() {
                    worst.max(e)
                } else {
                    f32::MAX
                }
            })
    } else {
        f32::MAX
    };
    SelfCheck {
        name: name.to_owned(),
        error,
        tolerance: TOLERANCE,
    }
}

fn values(stream: u64, count: usize) -> Vec<f32> {
    Noise::new(1641, stream).normal(count)
}

fn tensor<const D: usize>(values: &[f32], shape: [usize; D], device: &Device) -> Tensor<D> {
    Tensor::from_data(TensorData::new(values.to_vec(), shape), device)
}

async fn matrix_product(device: &Device) -> Result<Pair, Failure> {
    let (rows, inner, columns) = (33, 65, 17);
    let (a, b) = (values(0, rows * inner), values(1, inner * columns));
    let product =
        tensor(&a, [rows, inner], device).matmul(tensor(&b, [inner, columns], device)) / 8.0;
    let mut known = vec![0.0; rows * columns];
    for row in 0..rows {
        for column in 0..columns {
            let sum: f32 = (0..inner)
                .map(|k| a[row * inner + k] * b[k * columns + column])
                .sum();
            known[row * columns + column] = sum / 8.0;
        }
    }
    Ok((read(product).await?, known))
}

/// Channels in and out, sides in and out of the convolutions that are checked.
const IN: usize = 3;
const OUT: usize = 5;
const LARGE: usize = 8;
const SMALL: usize = 4;
const KERNEL: usize = 4;

/// Every tap of a 4x4 window of stride 2 and padding 1: output place, kernel
/// place and input place.
fn taps(mut each: impl FnMut([usize; 2], [usize; 2], [usize; 2])) {
    for row in 0..SMALL {
        for column in 0..SMALL {
            for kr in 0..KERNEL {
                for kc in 0..KERNEL {
                    let (r, c) = (row * 2 + kr, column * 2 + kc);
                    if (1..=LARGE).contains(&r) && (1..=LARGE).contains(&c) {
                        each([row, column], [kr, kc], [r - 1, c - 1]);
                    }
                }
            }
        }
    }
}

async fn convolution(device: &Device) -> Result<Pair, Failure> {
    let x = values(2, IN * LARGE * LARGE);
    let w = values(3, OUT * IN * KERNEL * KERNEL);
    let made = conv2d(
        tensor(&x, [1, IN, LARGE, LARGE], device),
        tensor(&w, [OUT, IN, KERNEL, KERNEL], device),
        None,
        ConvOptions::new([2, 2], [1, 1], [1, 1], 1),
    ) / 8.0;
    let mut known = vec![0.0; OUT * SMALL * SMALL];
    for out in 0..OUT {
        for input in 0..IN {
            taps(|[row, column], [kr, kc], [r, c]| {
                known[(out * SMALL + row) * SMALL + column] += x[(input * LARGE + r) * LARGE + c]
                    * w[((out * IN + input) * KERNEL + kr) * KERNEL + kc]
                    / 8.0;
            });
        }
    }
    Ok((read(made).await?, known))
}

async fn transposed(device: &Device) -> Result<Pair, Failure> {
    let x = values(4, IN * SMALL * SMALL);
    let w = values(5, IN * OUT * KERNEL * KERNEL);
    let made = conv_transpose2d(
        tensor(&x, [1, IN, SMALL, SMALL], device),
        tensor(&w, [IN, OUT, KERNEL, KERNEL], device),
        None,
        ConvTransposeOptions::new([2, 2], [1, 1], [0, 0], [1, 1], 1),
    ) / 4.0;
    let mut known = vec![0.0; OUT * LARGE * LARGE];
    for out in 0..OUT {
        for input in 0..IN {
            // The same taps the other way: from the small side to the large.
            taps(|[row, column], [kr, kc], [r, c]| {
                known[(out * LARGE + r) * LARGE + c] += x[(input * SMALL + row) * SMALL + column]
                    * w[((input * OUT + out) * KERNEL + kr) * KERNEL + kc]
                    / 4.0;
            });
        }
    }
    Ok((read(made).await?, known))
}

async fn normalisation(device: &Device) -> Result<Pair, Failure> {
    let (rows, size) = (6, 50);
    let x = values(6, rows * size);
    let one = Tensor::<1>::ones([size], device);
    let made = layer_norm(tensor(&x, [rows, size], device), one, None, 1e-5);
    let known = x
        .chunks(size)
        .flat_map(|row| {
            let mean = row.iter().sum::<f32>() / size as f32;
            let variance = row.iter().map(|v| (v - mean).powi(2)).sum::<f32>() / size as f32;
            row.iter()
                .map(move |v| (v - mean) / (variance + 1e-5).sqrt())
                .collect::<Vec<_>>()
        })
        .collect();
    Ok((read(made).await?, known))
}

async fn element_wise(device: &Device) -> Result<Pair, Failure> {
    let x = values(7, 200);
    let t = tensor(&x, [200], device);
    let made =
        activation::relu(t.clone()) + activation::sigmoid(t.clone()) - (-t.abs()).exp().log1p();
    let known = x
        .iter()
        .map(|&v| v.max(0.0) + 1.0 / (1.0 + (-v).exp()) - (-v.abs()).exp().ln_1p())
        .collect();
    Ok((read(made).await?, known))
}

async fn sums(device: &Device) -> Result<Pair, Failure> {
    let (rows, columns) = (7, 90);
    let x = values(8, rows * columns);
    let made = tensor(&x, [rows, columns], device).mean_dim(1);
    let known = x
        .chunks(columns)
        .map(|row| row.iter().sum::<f32>() / columns as f32)
        .collect();
    Ok((read(made).await?, known))
}

/// The gradient of `sum(sigmoid(x w))` by `w`.
async fn gradient(device: &Device) -> Result<Pair, Failure> {
    let (rows, inner) = (9, 12);
    let (x, w) = (values(9, rows * inner), values(10, inner));
    let training = device.clone().autodiff();
    let weight = tensor(&w, [inner, 1], &training).require_grad();
    let product = tensor(&x, [rows, inner], &training).matmul(weight.clone());
    let gradients = activation::sigmoid(product).sum().backward();
    let Some(made) = weight.grad(&gradients) else {
        return Ok((vec![], vec![0.0]));
    };
    let mut known = vec![0.0; inner];
    for row in x.chunks(inner) {
        let sum: f32 = row.iter().zip(&w).map(|(a, b)| a * b).sum();
        let s = 1.0 / (1.0 + (-sum).exp());
        for (k, a) in known.iter_mut().zip(row) {
            *k += s * (1.0 - s) * a;
        }
    }
    Ok((read(made).await?, known))
}
