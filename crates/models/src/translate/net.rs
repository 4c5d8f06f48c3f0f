//! The generator.

use burn::module::Module;
use burn::nn::PaddingConfig2d;
use burn::nn::conv::{Conv2d, Conv2dConfig};
use burn::tensor::activation::{leaky_relu, relu, sigmoid};
use burn::tensor::ops::PadMode;
use burn::tensor::{Device, Tensor};
use lampwork_kernels::Convolve;
use lampwork_protocol::{Edges, TranslateConfig};

use super::InstanceNorm;

/// From a picture to a picture, `factor` times as large.
#[derive(Module, Debug)]
pub struct Generator {
    input: Layer,
    /// Each halves the picture.
    downs: Vec<Layer>,
    blocks: Vec<Residual>,
    /// Each comes after a doubling by repeated pixels (Odena 2016).
    ups: Vec<Layer>,
    /// To pixels; starts at zero where its output is added to the input.
    output: Output,
    gather: usize,
    factor: usize,
    /// How far from a pixel of the input what it has a say in may lie, in pixels of
    /// the input; none where it is everywhere, as with normalisation.
    #[module(skip)]
    reach: Option<usize>,
    /// Sides of what goes through are multiples of this.
    cell: usize,
    /// Sides of what goes through are at least this, so that edges can be reflected.
    least_side: usize,
    channels: usize,
    /// Styles that it has, 0 or 1 where there is no choice.
    styles: usize,
}

/// A convolution, and what normalises it.
#[derive(Module, Debug)]
struct Layer {
    conv: Conv2d,
    norm: Option<InstanceNorm>,
    reflected: bool,
}

/// The last convolution; its field says by its name where it starts at zero.
#[derive(Module, Debug)]
struct Output {
    zero_conv: Option<Layer>,
    conv: Option<Layer>,
}

/// Two convolutions, and a way past them.
#[derive(Module, Debug)]
struct Residual {
    first: Layer,
    second: Layer,
}

impl Generator {
    /// The net of `config`, its weights not yet drawn.
    pub fn new(config: &TranslateConfig, device: &Device) -> Self {
        let colours = config.shape().channels;
        let (gather, factor) = (config.gather, config.factor());
        let layer = |channels, kernel, stride, styles| Layer {
            conv: Conv2dConfig::new(channels, [kernel, kernel])
                .with_stride([stride, stride])
                .with_padding(match config.edges {
                    Edges::Zeros => {
                        let side = kernel / 2;
                        PaddingConfig2d::Explicit(side, side, side, side)
                    }
                    Edges::Reflected => PaddingConfig2d::Valid,
                })
                .init(device),
            norm: (styles > 0).then(|| InstanceNorm::new(styles, channels[1], device)),
            reflected: config.edges == Edges::Reflected,
        };
        let styles = config.styles;
        // Channels after so many halvings.
        let at = |halvings: usize| config.width >> (config.halvings - halvings);
        let pixels = colours * (gather * factor).pow(2);
        let output = layer([at(0), pixels], config.kernel, 1, 0);
        let (zero_conv, conv) = match config.residual {
            true => (Some(output), None),
            false => (None, Some(output)),
        };
        Self {
            input: layer([colours * gather * gather, at(0)], config.kernel, 1, styles),
            downs: (0..config.halvings)
                .map(|i| layer([at(i), at(i + 1)], 3, 2, styles))
                .collect(),
            blocks: (0..config.blocks)
                .map(|_| Residual {
                    first: layer([config.width; 2], 3, 1, styles),
                    second: layer([config.width; 2], 3, 1, styles),
                })
                .collect(),
            ups: (0..config.halvings)
                .rev()
                .map(|i| layer([at(i + 1), at(i)], 3, 1, styles))
                .collect(),
            output: Output { zero_conv, conv },
            gather,
            factor,
            reach: (styles == 0).then(|| reach(config)),
            cell: config.cell(),
            least_side: (2 * config.cell()).max(gather * (config.kernel / 2 + 1)),
            channels: colours,
            styles,
        }
    }

    /// How many times larger than its input what it makes is.
    pub fn factor(&self) -> usize {
        self.factor
    }

    /// Channels of a picture.
    pub fn channels(&self) -> usize {
        self.channels
    }

    /// Styles that it has; 0 or 1 where there is no choice.
    pub fn styles(&self) -> usize {
        self.styles
    }

    /// Sides of a picture are multiples of this.
    pub fn cell(&self) -> usize {
        self.cell
    }

    /// Least side of a picture, in pixels.
    pub fn least_side(&self) -> usize {
        self.least_side
    }

    /// How far from a pixel of the input what it has a say in may lie, in pixels of the
    /// input; `None` where that is everywhere.
    pub fn reach(&self) -> Option<usize> {
        self.reach
    }

    /// What becomes of pictures; not clamped where it is added to the input.
    ///
    /// # Shapes
    /// - pictures: `[count, channels, height, width]` in 0..1, both sides multiples of
    ///   [`Generator::cell`]
    /// - styles: `[count, styles]`, weights that sum to one; `None` is the first style
    /// - output: `[count, channels, factor * height, factor * width]`
    pub fn forward(&self, pictures: Tensor<4>, styles: Option<&Tensor<2>>) -> Tensor<4> {
        let mut hidden = pictures.clone();
        for stage in 0..self.stages() {
            hidden = self.stage(stage, hidden, styles);
        }
        self.finished(hidden, pictures)
    }

    /// Steps in which pictures go through; see [`Generator::stage`].
    pub(super) fn stages(&self) -> usize {
        2 + self.downs.len() + self.blocks.len() + self.ups.len()
    }

    /// One step: the first convolution, a halving, a block, a doubling, or the last
    /// convolution. The first takes pictures, and what the last leaves goes to
    /// [`Generator::finished`].
    pub(super) fn stage(
        &self,
        stage: usize,
        hidden: Tensor<4>,
        styles: Option<&Tensor<2>>,
    ) -> Tensor<4> {
        let Some(at) = stage.checked_sub(1) else {
            let cells = gathered(hidden * 2.0 - 1.0, self.gather);
            // [count, width, height / gather, width / gather]
            let hidden = self.input.forward(cells, styles);
            // EDSR's blocks begin with a sum that no rectifier has cut.
            return match !self.downs.is_empty() || self.input.norm.is_some() {
                true => self.rectified(hidden),
                false => hidden,
            };
        };
        if let Some(down) = self.downs.get(at) {
            return self.rectified(down.forward(hidden, styles));
        }
        let at = at - self.downs.len();
        if let Some(block) = self.blocks.get(at) {
            let first = self.rectified(block.first.forward(hidden.clone(), styles));
            return hidden + block.second.forward(first, styles);
        }
        let at = at - self.blocks.len();
        if let Some(up) = self.ups.get(at) {
            return self.rectified(up.forward(repeated(hidden, 2), styles));
        }
        let made = match (&self.output.zero_conv, &self.output.conv) {
            (Some(layer), _) | (None, Some(layer)) => layer.forward(hidden, None),
            (None, None) => hidden,
        };
        let made = match self.styles > 1 {
            true => made * GAIN,
            false => made,
        };
        spread(made, self.gather * self.factor)
    }

    /// What a rectifier leaves. Of a net with styles the negative side is not cut whole:
    /// their shifts move far at first, and channels that all fall below zero would learn
    /// nothing any more.
    fn rectified(&self, hidden: Tensor<4>) -> Tensor<4> {
        match self.styles > 1 {
            true => leaky_relu(hidden, LEAK),
            false => relu(hidden),
        }
    }

    /// What the last step left as pictures.
    pub(super) fn finished(&self, made: Tensor<4>, pictures: Tensor<4>) -> Tensor<4> {
        match self.output.zero_conv {
            Some(_) => repeated(pictures, self.factor) + made,
            None => sigmoid(made),
        }
    }

    /// About how long each step takes, in products a pixel of the picture times the
    /// square of two to the halvings.
    pub(super) fn costs(&self) -> Vec<u64> {
        let deepest = self.downs.len();
        let cost = |layer: &Layer, halved: usize| {
            let [out, ins, ..] = layer.conv.weight.dims();
            let window = layer.conv.kernel_size[0].pow(2);
            // Whatever else is done to each number counts for some products.
            let numbers = (out * (ins * window + BESIDE)) as u64;
            numbers << (2 * (deepest - halved))
        };
        let mut costs = vec![cost(&self.input, 0)];
        costs.extend(
            self.downs
                .iter()
                .enumerate()
                .map(|(at, down)| cost(down, at + 1)),
        );
        costs.extend(
            self.blocks
                .iter()
                .map(|block| cost(&block.first, deepest) + cost(&block.second, deepest)),
        );
        costs.extend(
            self.ups
                .iter()
                .enumerate()
                .map(|(at, up)| cost(up, deepest - at - 1)),
        );
        let last = self.output.zero_conv.as_ref().or(self.output.conv.as_ref());
        costs.extend(last.map(|layer| cost(layer, 0)));
        costs
    }
}

/// What the last convolution of a net with styles is multiplied by: its window sums some
/// hundred numbers that are mostly above zero, so that one step of Adam made a picture
/// lighter or darker by a seventh of the whole range, and the next one back.
const GAIN: f32 = 0.1;

/// Share of the negative side that is left.
const LEAK: f64 = 0.2;

/// Products that normalising and cutting a number take as long as.
const BESIDE: usize = 60;

impl Layer {
    fn forward(&self, input: Tensor<4>, styles: Option<&Tensor<2>>) -> Tensor<4> {
        let input = match (self.reflected, self.conv.kernel_size[0] / 2) {
            (true, side @ 1..) => input.pad((side, side, side, side), PadMode::Reflect),
            _ => input,
        };
        let output = self.conv.convolve(input);
        match &self.norm {
            Some(norm) => norm.forward(output, styles),
            None => output,
        }
    }
}

/// How far a pixel of the input has a say, in pixels of the input.
fn reach(config: &TranslateConfig) -> usize {
    let halvings = config.halvings;
    // In cells of the first convolution: each layer sees half its window further, in
    // cells of its own resolution; a halving and a doubling each move by one at most.
    let ends = 2 * (config.kernel / 2);
    let ways: usize = (0..halvings).map(|i| 3 << i).sum();
    let blocks = (2 * config.blocks) << halvings;
    config.gather * (ends + ways + blocks + 1)
}

/// Squares of pixels as channels: `[n, c, h, w]` to `[n, c * s * s, h / s, w / s]`.
fn gathered(pictures: Tensor<4>, side: usize) -> Tensor<4> {
    if side == 1 {
        return pictures;
    }
    let [count, channels, height, width] = pictures.dims();
    let (rows, columns) = (height / side, width / side);
    pictures
        .reshape([count, channels, rows, side, columns, side])
        .permute([0, 1, 3, 5, 2, 4])
        .reshape([count, channels * side * side, rows, columns])
}

/// The other way round (the pixel shuffle of Shi 2016).
fn spread(cells: Tensor<4>, side: usize) -> Tensor<4> {
    if side == 1 {
        return cells;
    }
    let [count, channels, rows, columns] = cells.dims();
    let channels = channels / (side * side);
    cells
        .reshape([count, channels, side, side, rows, columns])
        .permute([0, 1, 4, 2, 5, 3])
        .reshape([count, channels, rows * side, columns * side])
}

/// Each pixel as a square of so many a side.
fn repeated(pictures: Tensor<4>, side: usize) -> Tensor<4> {
    if side == 1 {
        return pictures;
    }
    let [count, channels, height, width] = pictures.dims();
    pictures
        .reshape([count, channels, height, 1, width, 1])
        .repeat_dim(3, side)
        .repeat_dim(5, side)
        .reshape([count, channels, height * side, width * side])
}
