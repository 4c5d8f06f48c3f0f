//! The net of a flow: a small U-Net.

use burn::module::Module;
use burn::nn::conv::{Conv2d, Conv2dConfig};
use burn::nn::{Linear, LinearConfig, PaddingConfig2d};
use burn::tensor::{Device, Tensor};
use lampwork_kernels::{Convolve, silu};
use lampwork_protocol::{FlowConfig, Shape};

use super::Told;
use crate::blocks::matrix;
use crate::blocks::norm::GroupNorm;

/// A picture's pixels are gathered in blocks of this side: a pixel of the finer
/// resolution is a block. It is what makes the net fast on a CPU.
const BLOCK: usize = 2;
/// Lengths of leaps that can be told apart: 1, 1/2, 1/4 and 1/8.
pub const LEAPS: usize = 4;
/// Frequencies that a time is told by.
const FREQUENCIES: usize = 32;
/// The highest of them, in radians from noise to picture.
const HIGHEST: f32 = 1000.0;
/// Groups of each normalisation.
const GROUPS: usize = 8;

/// From a noisy picture, its time, its class and its words to a velocity.
#[derive(Module, Debug)]
pub struct FlowNet {
    /// Of its pictures.
    #[module(skip)]
    shape: Shape,
    condition: Condition,
    input: Conv2d,
    /// At the finer resolution, down.
    fine_down: Residual,
    down: Conv2d,
    /// At the coarser resolution.
    coarse: Vec<Residual>,
    up: Linear1x1,
    /// At the finer resolution, up.
    fine_up: Residual,
    norm: GroupNorm,
    /// To the velocity; starts at zero.
    zero_output: Conv2d,
}

/// Time, class and words as one vector.
#[derive(Module, Debug)]
struct Condition {
    first: Linear,
    second: Linear,
    /// From class weights; all zero is no class. None when unconditional.
    class: Option<Linear>,
    /// From a word vector; None without words.
    words: Option<Spoken>,
    /// From the length of a leap; starts at zero, so that a flow which has not
    /// learned leaps is one that can begin to. None in one that never will.
    zero_leap: Option<Linear>,
}

/// Two layers from a word vector.
#[derive(Module, Debug)]
struct Spoken {
    first: Linear,
    second: Linear,
}

/// Two convolutions around what the condition says, and a way past them.
#[derive(Module, Debug)]
struct Residual {
    norm_in: GroupNorm,
    conv_in: Conv2d,
    norm_out: GroupNorm,
    /// To a gain and a shift for each channel; starts at zero.
    zero_condition: Linear,
    /// Starts at zero, so that the block starts as its way past.
    zero_conv: Conv2d,
    /// Where the channels change in number.
    past: Option<Linear1x1>,
}

/// A 1x1 convolution.
#[derive(Module, Debug)]
struct Linear1x1 {
    conv: Conv2d,
}

impl FlowNet {
    /// Whether it can learn leaps.
    pub fn leaps(&self) -> bool {
        self.condition.zero_leap.is_some()
    }

    /// The net of `config`, its weights not yet drawn.
    pub fn new(config: &FlowConfig, device: &Device) -> Self {
        let width = config.width;
        let told = 4 * width;
        let shape = config.shape();
        let blocked = shape.channels * BLOCK * BLOCK;
        Self {
            shape,
            condition: Condition {
                first: LinearConfig::new(2 * FREQUENCIES, told).init(device),
                second: LinearConfig::new(told, told).init(device),
                class: (config.classes > 0).then(|| {
                    LinearConfig::new(config.classes, told)
                        .with_bias(false)
                        .init(device)
                }),
                words: (config.words > 0).then(|| Spoken {
                    first: LinearConfig::new(config.words, told).init(device),
                    second: LinearConfig::new(told, told).init(device),
                }),
                zero_leap: config
                    .shortcut
                    .map(|_| LinearConfig::new(LEAPS, told).with_bias(false).init(device)),
            },
            input: conv([blocked, width], 1, device),
            fine_down: Residual::new([width, width], told, device),
            down: conv([width, 2 * width], 2, device),
            coarse: (0..config.blocks)
                .map(|_| Residual::new([2 * width, 2 * width], told, device))
                .collect(),
            up: Linear1x1::new([2 * width, BLOCK * BLOCK * width], device),
            fine_up: Residual::new([2 * width, width], told, device),
            norm: GroupNorm::new(groups(width), width, device),
            zero_output: conv([width, blocked], 1, device),
        }
    }

    /// The velocity of pictures on their way.
    ///
    /// # Shapes
    /// - pictures, output: `[count, side * side * channels]`, the channels of a
    ///   pixel together, the pictures about -1..1
    /// - times: `count` of them, 0 for noise and 1 for pictures
    pub fn forward(&self, pictures: Tensor<2>, times: &[f32], told: Told) -> Tensor<2> {
        self.leap(pictures, times, &[], told)
    }

    /// The mean velocity over leaps from where pictures are; of those whose leap
    /// is 0, the velocity there.
    ///
    /// # Shapes
    /// As [`FlowNet::forward`]; leaps are `count` of them, 1, 1/2, 1/4, 1/8 or 0,
    /// or empty where all are 0.
    pub fn leap(&self, pictures: Tensor<2>, times: &[f32], leaps: &[f32], told: Told) -> Tensor<2> {
        let told = self
            .condition
            .forward(times, leaps, told, &pictures.device());
        let fine = self.input.convolve(blocks(pictures, self.shape));
        let fine = self.fine_down.forward(fine, told.clone());
        let mut coarse = self.down.convolve(fine.clone());
        for block in &self.coarse {
            coarse = block.forward(coarse, told.clone());
        }
        let both = Tensor::cat(vec![scatter(self.up.forward(coarse)), fine], 1);
        let fine = self.fine_up.forward(both, told);
        let output = self.zero_output.convolve(silu(self.norm.forward(fine)));
        pixels(output, self.shape)
    }
}

impl Condition {
    /// # Shapes
    /// - output: `[count, told]`
    fn forward(&self, times: &[f32], leaps: &[f32], told: Told, device: &Device) -> Tensor<2> {
        let Told { classes, words } = told;
        let waves = times
            .iter()
            .flat_map(|&time| {
                let angle =
                    move |k: usize| time * HIGHEST.powf(k as f32 / (FREQUENCIES - 1) as f32);
                (0..FREQUENCIES)
                    .map(move |k| angle(k).sin())
                    .chain((0..FREQUENCIES).map(move |k| angle(k).cos()))
            })
            .collect();
        let waves = matrix(waves, times.len(), 2 * FREQUENCIES, device);
        let mut told = self.second.forward(silu(self.first.forward(waves)));
        if let (Some(layer), Some(classes)) = (&self.class, classes) {
            told = told + layer.forward(classes);
        }
        if let (Some(layers), Some(words)) = (&self.words, words) {
            // A vector of length 1 as one whose numbers are about 1.
            let scale = (words.dims()[1] as f32).sqrt();
            told = told
                + layers
                    .second
                    .forward(silu(layers.first.forward(words * scale)));
        }
        if let Some(layer) = &self.zero_leap
            && !leaps.is_empty()
        {
            let mut rows = vec![0.0; leaps.len() * LEAPS];
            for (row, leap) in rows.chunks_exact_mut(LEAPS).zip(leaps) {
                // 1 is the first column, a half the second, and so on.
                if *leap > 0.0
                    && let Some(column) = row.get_mut(-leap.log2().round() as usize)
                {
                    *column = 1.0;
                }
            }
            told = told + layer.forward(matrix(rows, leaps.len(), LEAPS, device));
        }
        silu(told)
    }
}

impl Residual {
    fn new([input, output]: [usize; 2], told: usize, device: &Device) -> Self {
        Self {
            norm_in: GroupNorm::new(groups(input), input, device),
            conv_in: conv([input, output], 1, device),
            norm_out: GroupNorm::new(groups(output), output, device),
            zero_condition: LinearConfig::new(told, 2 * output).init(device),
            zero_conv: conv([output, output], 1, device),
            past: (input != output).then(|| Linear1x1::new([input, output], device)),
        }
    }

    /// # Shapes
    /// - input, output: `[count, channels, height, width]`
    /// - told: `[count, told]`
    fn forward(&self, input: Tensor<4>, told: Tensor<2>) -> Tensor<4> {
        let hidden = self
            .conv_in
            .convolve(silu(self.norm_in.forward(input.clone())));
        let [count, channels, _, _] = hidden.dims();
        let mut halves = self.zero_condition.forward(told).chunk(2, 1).into_iter();
        let mut half = || {
            let half = halves.next().expect("two halves");
            half.reshape([count, channels, 1, 1])
        };
        let (gain, shift) = (half(), half());
        let hidden = self.norm_out.forward(hidden) * (gain + 1.0) + shift;
        let hidden = self.zero_conv.convolve(silu(hidden));
        hidden
            + match &self.past {
                Some(past) => past.forward(input),
                None => input,
            }
    }
}

impl Linear1x1 {
    fn new(channels: [usize; 2], device: &Device) -> Self {
        Self {
            conv: Conv2dConfig::new(channels, [1, 1]).init(device),
        }
    }

    fn forward(&self, input: Tensor<4>) -> Tensor<4> {
        self.conv.convolve(input)
    }
}

/// Pictures as blocks of pixels: `[n, side * side * c]` to
/// `[n, 4c, side / 2, side / 2]`.
fn blocks(pictures: Tensor<2>, shape: Shape) -> Tensor<4> {
    let count = pictures.dims()[0];
    let (rows, channels) = (shape.side / BLOCK, shape.channels);
    pictures
        .reshape([count, rows, BLOCK, rows, BLOCK, channels])
        .permute([0, 5, 2, 4, 1, 3])
        .reshape([count, channels * BLOCK * BLOCK, rows, rows])
}

/// The other way round.
fn pixels(blocks: Tensor<4>, shape: Shape) -> Tensor<2> {
    let count = blocks.dims()[0];
    let (rows, channels) = (shape.side / BLOCK, shape.channels);
    blocks
        .reshape([count, channels, BLOCK, BLOCK, rows, rows])
        .permute([0, 4, 2, 5, 3, 1])
        .reshape([count, shape.values()])
}

/// Channels as blocks of positions: `[n, 4c, h, w]` to `[n, c, 2h, 2w]`.
fn scatter(image: Tensor<4>) -> Tensor<4> {
    let [count, channels, rows, columns] = image.dims();
    let channels = channels / (BLOCK * BLOCK);
    image
        .reshape([count, channels, BLOCK, BLOCK, rows, columns])
        .permute([0, 1, 4, 2, 5, 3])
        .reshape([count, channels, rows * BLOCK, columns * BLOCK])
}

/// A 3x3 convolution that keeps the size, or halves it with a stride of 2.
fn conv(channels: [usize; 2], stride: usize, device: &Device) -> Conv2d {
    Conv2dConfig::new(channels, [3, 3])
        .with_stride([stride, stride])
        .with_padding(PaddingConfig2d::Explicit(1, 1, 1, 1))
        .init(device)
}

/// The most groups, up to [`GROUPS`], that divide the channels.
fn groups(channels: usize) -> usize {
    (1..=GROUPS.min(channels))
        .rev()
        .find(|groups| channels.is_multiple_of(*groups))
        .unwrap_or(1)
}
