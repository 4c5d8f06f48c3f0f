//! First values of the weights, by seed.

use burn::module::Module;
use burn::tensor::Device;

use crate::Noise;
use crate::blocks::walk;

/// How far the first weights spread.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Spread {
    /// Normal with variance `2 / fan-in`, for rectified units (He 2015).
    He,
    /// Normal with this standard deviation; 0.02 is the DCGAN's (Radford 2015).
    Fixed(f32),
}

/// Sets the first values of all weights from `noise`; biases start at zero,
/// scales at one, covariances at the identity, and all of a layer whose field is
/// called `zero_` something at zero.
pub fn initialise<M: Module>(module: M, spread: Spread, noise: &mut Noise, device: &Device) -> M {
    walk::set(module, device, |path, container, shape| {
        let count = shape.iter().product();
        // A layer by whose name its module says that it starts at zero.
        if path.split('.').any(|part| part.starts_with("zero_")) {
            return vec![0.0; count];
        }
        match path.rsplit('.').next() {
            Some("weight") => {
                let deviation = match spread {
                    Spread::Fixed(deviation) => deviation,
                    Spread::He => (2.0 / fan_in(container, shape)).sqrt(),
                };
                noise.normal(count).iter().map(|x| x * deviation).collect()
            }
            Some("gamma") => vec![1.0; count],
            // The start of a power iteration: any direction but zero.
            Some("direction") => noise.normal(count),
            // Of a standard normal.
            Some("covariance") => identities(shape),
            _ => vec![0.0; count],
        }
    })
}

/// `[count, n, n]` identity matrices.
fn identities(shape: &[usize]) -> Vec<f32> {
    let n = shape.last().copied().unwrap_or(1);
    let element = |at: usize| f32::from(u8::from((at % (n * n)).is_multiple_of(n + 1)));
    (0..shape.iter().product()).map(element).collect()
}

/// Inputs that each output sums over.
fn fan_in(container: &str, shape: &[usize]) -> f32 {
    let fan = match shape {
        // [in, out]
        [input, _] => *input,
        // [in, out, height, width], each input reaching a quarter of the
        // outputs under a 4x4 kernel of stride 2.
        [input, _, height, width] if container.contains("ConvTranspose") => {
            input * height * width / 4
        }
        // [out, in, height, width]
        [_, rest @ ..] => rest.iter().product(),
        [] => 1,
    };
    fan.max(1) as f32
}
