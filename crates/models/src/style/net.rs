//! The generator: from noise to a style, from styles to a picture.

use burn::module::{Module, Param};
use burn::nn::Initializer;
use burn::tensor::{Device, Tensor, TensorData};
use lampwork_kernels::{conv2d, leaky};
use lampwork_protocol::{Shape, StyleConfig};

use super::even::{EvenLinear, Followed};
use crate::Noise;
use crate::blocks::walk;

/// Sides of what the layers make, in pixels.
pub const SIDES: [usize; StyleConfig::LAYERS] = [4, 8, 8, 16, 16, 32, 32];

/// How fast the mapping net moves, of the pace of the other layers: it is deep, and
/// what it learns moves every picture at once (Karras 2019, where it is a hundredth
/// in runs that are a thousand times as long).
const MAPPING_PACE: f64 = 0.1;

/// Keeps a division by a sum of squares sound.
const EPSILON: f64 = 1e-8;

/// From noise to a picture, by way of a style for each layer.
#[derive(Module, Debug)]
pub struct Generator {
    /// The mapping net: from noise to a style.
    mapping: Vec<EvenLinear>,
    /// What every picture begins with: `[1, width, 4, 4]`.
    constant: Param<Tensor<4>>,
    /// One at 4 x 4, two at each resolution after it.
    layers: Vec<Styled>,
    /// To red, green and blue, one a resolution.
    colours: Vec<Coloured>,
    /// Directions of the space of styles, each one standard deviation long:
    /// `[directions, styles]`. They are found when training is over, and zero before.
    pub(super) directions: Option<Param<Tensor<2>>>,
}

/// A convolution of three by three whose weights a style scales (Karras 2020).
#[derive(Module, Debug)]
pub(super) struct Styled {
    /// `[output, input, 3, 3]`. Their common scale means nothing.
    pub(super) weight: Param<Tensor<4>>,
    /// From a style to a scale for each channel of the input.
    pub(super) affine: EvenLinear,
    /// How much of the noise is added.
    pub(super) strength: Param<Tensor<1>>,
    /// `[output]`.
    pub(super) bias: Param<Tensor<1>>,
}

/// A modulated convolution of one by one to three channels, without demodulation.
#[derive(Module, Debug)]
pub(super) struct Coloured {
    /// `[3, input, 1, 1]`.
    weight: Param<Tensor<4>>,
    affine: EvenLinear,
    /// `[3]`.
    bias: Param<Tensor<1>>,
    gain: f64,
}

impl Generator {
    /// The net of `config`, its weights not yet drawn.
    pub fn new(config: &StyleConfig, device: &Device) -> Self {
        let styles = config.styles;
        let channels = |layer: usize| match SIDES[layer] {
            32 => config.fine,
            _ => config.width,
        };
        let mapping = |layer: usize| match layer {
            0 => [config.latent, styles],
            _ => [styles, styles],
        };
        Self {
            mapping: (0..config.mapping)
                .map(|layer| {
                    EvenLinear::new(mapping(layer), Followed::Rectified, MAPPING_PACE, device)
                })
                .collect(),
            constant: Initializer::Zeros.init([1, config.width, 4, 4], device),
            layers: (0..StyleConfig::LAYERS)
                .map(|layer: usize| {
                    let input = channels(layer.saturating_sub(1));
                    Styled::new([input, channels(layer)], styles, device)
                })
                .collect(),
            colours: [0, 2, 4, 6]
                .map(|layer| Coloured::new(channels(layer), styles, device))
                .to_vec(),
            directions: (config.directions > 0).then(|| {
                let shape = [config.directions, styles];
                let found: Param<Tensor<2>> = Initializer::Zeros.init(shape, device);
                found.set_require_grad(false)
            }),
        }
    }

    /// The net with its first weights.
    pub fn drawn(self, noise: &mut Noise, device: &Device) -> Self {
        walk::set(self, device, |path, _, shape| {
            let count = shape.iter().product();
            let last = path.rsplit('.').next();
            match last {
                Some("weight") if path.starts_with("mapping") => {
                    let wide = noise.normal(count).into_iter();
                    wide.map(|x| x / MAPPING_PACE as f32).collect()
                }
                Some("weight" | "constant") => noise.normal(count),
                // A style scales by one until it has learned better.
                Some("bias") if path.contains("affine") => vec![1.0; count],
                _ => vec![0.0; count],
            }
        })
    }

    /// Puts other directions in place of those it has, `[directions, styles]`.
    pub fn set_directions(&mut self, directions: Tensor<2>) {
        let found = Param::from_tensor(directions);
        self.directions = Some(found.set_require_grad(false));
    }

    /// Where its weights are.
    pub fn device(&self) -> Device {
        self.constant.val().device()
    }

    /// The styles of noise.
    ///
    /// # Shapes
    /// - z: `[count, latent]`
    /// - output: `[count, styles]`
    pub fn style_of(&self, z: Tensor<2>) -> Tensor<2> {
        let scale = (z.clone().square().mean_dim(1) + EPSILON).sqrt();
        let mut hidden = z / scale;
        for layer in &self.mapping {
            hidden = leaky(layer.forward(hidden));
        }
        hidden
    }

    /// Pictures by a style for each layer, in -1..1 and a little beyond.
    ///
    /// # Shapes
    /// - styles: [`StyleConfig::LAYERS`] of `[count, styles]`
    /// - grain: as many of `[count, 1, side, side]`, by [`SIDES`]; none is as zero
    /// - output: `[count, 3, 32, 32]`
    pub fn synthesise(&self, styles: &[Tensor<2>], grain: Option<&[Tensor<4>]>) -> Tensor<4> {
        let count = styles[0].dims()[0];
        let mut hidden = self.constant.val().repeat_dim(0, count);
        let mut picture: Option<Tensor<4>> = None;
        for (at, (layer, style)) in self.layers.iter().zip(styles).enumerate() {
            if at % 2 == 1 {
                hidden = doubled(hidden);
            }
            let grain = grain.map(|grain| grain[at].clone());
            // [count, channels, side, side]
            hidden = layer.forward(hidden, style.clone(), grain);
            if at % 2 == 0 {
                let added = self.colours[at / 2].forward(hidden.clone(), style.clone());
                picture = Some(match picture {
                    Some(picture) => smoothly_doubled(picture) + added,
                    None => added,
                });
            }
        }
        picture.expect("there are layers")
    }
}

impl Styled {
    pub(super) fn new(channels: [usize; 2], styles: usize, device: &Device) -> Self {
        let [input, output] = channels;
        Self {
            weight: Initializer::Zeros.init([output, input, 3, 3], device),
            affine: EvenLinear::new([styles, input], Followed::Plain, 1.0, device),
            strength: Initializer::Zeros.init([1], device),
            bias: Initializer::Zeros.init([output], device),
        }
    }

    /// Scaling the weights of each picture by its style is scaling its channels before
    /// a convolution that all pictures share, and demodulation is scaling them after.
    ///
    /// # Shapes
    /// - input: `[count, input, side, side]`
    /// - style: `[count, styles]`
    /// - grain: `[count, 1, side, side]`
    /// - output: `[count, output, side, side]`
    pub(super) fn forward(
        &self,
        input: Tensor<4>,
        style: Tensor<2>,
        grain: Option<Tensor<4>>,
    ) -> Tensor<4> {
        let weight = self.weight.val();
        let [output, inputs, ..] = weight.dims();
        let count = input.dims()[0];
        // [count, input]
        let scale = self.affine.forward(style);
        // The sum of the squares of all that a channel of the output is made by.
        let squares = weight.clone().square().reshape([output, inputs, 9]);
        let squares = squares.sum_dim(2).reshape([output, inputs]);
        let power = scale.clone().square().matmul(squares.transpose()) + EPSILON;
        // A rectifier halves the variance, so it is made two.
        let demodulated = power.sqrt().recip() * std::f64::consts::SQRT_2;
        let scaled = input * scale.reshape([count, inputs, 1, 1]);
        let mut made = conv2d(scaled, weight, None, 1, 1)
            * demodulated.reshape([count, output, 1, 1])
            + self.bias.val().reshape([1, output, 1, 1]);
        if let Some(grain) = grain {
            made = made + grain * self.strength.val().reshape([1, 1, 1, 1]);
        }
        leaky(made)
    }
}

impl Coloured {
    fn new(input: usize, styles: usize, device: &Device) -> Self {
        Self {
            weight: Initializer::Zeros.init([3, input, 1, 1], device),
            affine: EvenLinear::new([styles, input], Followed::Plain, 1.0, device),
            bias: Initializer::Zeros.init([3], device),
            gain: (1.0 / input as f64).sqrt(),
        }
    }

    /// # Shapes
    /// - input: `[count, input, side, side]`
    /// - style: `[count, styles]`
    /// - output: `[count, 3, side, side]`
    fn forward(&self, input: Tensor<4>, style: Tensor<2>) -> Tensor<4> {
        let [count, channels, ..] = input.dims();
        let scale = self.affine.forward(style) * self.gain;
        let scaled = input * scale.reshape([count, channels, 1, 1]);
        conv2d(scaled, self.weight.val(), Some(self.bias.val()), 1, 0)
    }
}

/// Noise for every layer, drawn picture by picture.
///
/// # Shapes
/// - output: [`StyleConfig::LAYERS`] of `[count, 1, side, side]`
pub fn grain(count: usize, noise: &mut Noise, device: &Device) -> Vec<Tensor<4>> {
    SIDES
        .iter()
        .map(|&side| {
            let values = noise.normal(count * side * side);
            Tensor::from_data(TensorData::new(values, [count, 1, side, side]), device)
        })
        .collect()
}

/// Each pixel as a square of two by two.
fn doubled(pictures: Tensor<4>) -> Tensor<4> {
    let [count, channels, height, width] = pictures.dims();
    pictures
        .reshape([count, channels, height, 1, width, 1])
        .repeat_dim(3, 2)
        .repeat_dim(5, 2)
        .reshape([count, channels, 2 * height, 2 * width])
}

/// Twice as large, by straight lines between the pixels.
///
/// By matrix products, whose gradients are as plain on WebGPU as on the CPU.
///
/// # Shapes
/// - pictures: `[count, channels, side, side]`
/// - output: `[count, channels, 2 * side, 2 * side]`
pub(super) fn smoothly_doubled(pictures: Tensor<4>) -> Tensor<4> {
    let [count, channels, side, _] = pictures.dims();
    let twice = 2 * side;
    let mut lines = vec![0.0; side * twice];
    for to in 0..twice {
        // The middles of two pixels lie a quarter to the left and right of the old one's.
        let near = to / 2;
        let other = if to % 2 == 0 {
            near.saturating_sub(1)
        } else {
            (near + 1).min(side - 1)
        };
        lines[near * twice + to] += 0.75;
        lines[other * twice + to] += 0.25;
    }
    let lines = Tensor::<2>::from_data(TensorData::new(lines, [side, twice]), &pictures.device());
    let planes = count * channels;
    let wide = pictures
        .reshape([planes * side, side])
        .matmul(lines.clone());
    let turned = wide.reshape([planes, side, twice]).swap_dims(1, 2);
    let large = turned.reshape([planes * twice, side]).matmul(lines);
    let large = large.reshape([planes, twice, twice]).swap_dims(1, 2);
    large.reshape([count, channels, twice, twice])
}

/// `[count, 3, 32, 32]` in -1..1 as `[count, 3072]` in 0..1, pixel by pixel.
pub fn as_rows(pictures: Tensor<4>) -> Tensor<2> {
    (pictures * 0.5 + 0.5)
        .clamp(0.0, 1.0)
        .permute([0, 2, 3, 1])
        .flatten(1, 3)
}

/// `[count, side, side, 3]` in 0..1 as `[count, 3, side, side]` in -1..1.
pub fn as_planes(values: Vec<f32>, count: usize, device: &Device) -> Tensor<4> {
    crate::run::planes(values, count, Shape::COLOUR, device) * 2.0 - 1.0
}
