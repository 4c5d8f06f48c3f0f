//! Convolutions as few products over a grid of pixels.
//!
//! A picture is padded and laid out as a grid of cells, all channels of a cell
//! together. Where the stride is two, a cell is a block of two by two pixels, so
//! that on the grid the stride is always one (Shi 2016 calls the step between the
//! two pixel shuffling). The cells under one row of a window then lie side by
//! side in memory, and those of the next window one cell further: for each row of
//! the window, all windows of a picture are the rows of one matrix, whose rows
//! overlap, and the convolution is the sum of its products with the weights of
//! that row. Nothing is unfolded. Windows that reach over the right edge are
//! computed too, and left out when the cells become pixels again.
//!
//! A transposed convolution of stride `s` makes `s * s` output pixels from each
//! window of the padded input: the same with the blocks on the other side.

use crate::Window;
use crate::product::{Matrix, NARROW, Right, product, product_by};

/// Channels that are laid into cells at once.
const TOGETHER: usize = 8;

/// A convolution of pictures of one size.
#[derive(Debug, Clone, Copy)]
pub struct Grid {
    window: Window,
    /// Channels, height and width.
    input: [usize; 3],
    output: [usize; 3],
    /// Cells in a column and in a row.
    cells: [usize; 2],
    /// Side of the window in cells.
    taps: usize,
    /// How pixels become cells, and cells pixels.
    pack: Blocks,
    unpack: Blocks,
}

/// Pixels as blocks in cells.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Blocks {
    /// Side of a block in pixels.
    pub(crate) side: usize,
    /// Where the first pixel lies, right of and below the first cell's.
    pub(crate) offset: usize,
}

impl Grid {
    /// The convolution of pictures `[in, height, width]` to `out` channels; none
    /// where the window does not fit into them, or in a way that is not done here.
    pub fn new(window: Window, input: [usize; 3], out: usize) -> Option<Self> {
        let Window {
            kernel,
            stride,
            padding,
            transposed,
        } = window;
        let [_, height, width] = input;
        if kernel == 0 || stride == 0 || height == 0 || width == 0 {
            return None;
        }
        if transposed {
            if !kernel.is_multiple_of(stride) {
                return None;
            }
            let taps = kernel / stride;
            let side = |size: usize| ((size - 1) * stride + kernel).checked_sub(2 * padding);
            return Some(Self {
                window,
                input,
                output: [out, side(height)?, side(width)?],
                cells: [height, width].map(|size| size + 2 * (taps - 1)),
                taps,
                pack: Blocks {
                    side: 1,
                    offset: taps - 1,
                },
                unpack: Blocks {
                    side: stride,
                    offset: padding,
                },
            });
        }
        let side = |size: usize| Some((size + 2 * padding).checked_sub(kernel)? / stride + 1);
        Some(Self {
            window,
            input,
            output: [out, side(height)?, side(width)?],
            cells: [height, width].map(|size| (size + 2 * padding).div_ceil(stride)),
            taps: kernel.div_ceil(stride),
            pack: Blocks {
                side: stride,
                offset: padding,
            },
            unpack: Blocks { side: 1, offset: 0 },
        })
    }

    /// Channels, height and width of what comes out.
    pub fn output(&self) -> [usize; 3] {
        self.output
    }

    /// Cells of a picture.
    fn area(&self) -> usize {
        self.cells[0] * self.cells[1]
    }

    /// Numbers in a cell before, and after.
    fn depths(&self) -> [usize; 2] {
        [
            self.pack.side * self.pack.side * self.input[0],
            self.unpack.side * self.unpack.side * self.output[0],
        ]
    }

    /// Steps over what a product writes: from one cell to the next, and within a
    /// cell. The product goes along the shorter step in whole vectors, which the
    /// numbers of a narrow cell do not fill.
    fn steps(&self, depth: usize) -> [usize; 2] {
        if depth < NARROW {
            [1, self.area()]
        } else {
            [depth, 1]
        }
    }

    /// Cells from a window's first to its last.
    fn reach(&self) -> usize {
        (self.taps - 1) * (self.cells[1] + 1)
    }

    /// Calls with each number of the weight and its place in the grid's: `[taps,
    /// taps, cell before, cell after]`.
    fn each_place(&self, mut of: impl FnMut(usize, usize)) {
        let Window {
            kernel,
            stride,
            transposed,
            ..
        } = self.window;
        let ([ins, ..], [outs, ..]) = (self.input, self.output);
        let (taps, [before, after]) = (self.taps, self.depths());
        // Where each pixel of the window lies: the tap, and in its cell.
        let pixels: Vec<usize> = (0..kernel * kernel)
            .map(|at| {
                let (row, column) = (at / kernel, at % kernel);
                let block = row % stride * stride + column % stride;
                let tap = |at: usize| at / stride;
                if transposed {
                    let tap = (taps - 1 - tap(row)) * taps + taps - 1 - tap(column);
                    tap * before * after + block * outs
                } else {
                    let tap = tap(row) * taps + tap(column);
                    (tap * before + block * ins) * after
                }
            })
            .collect();
        let mut at = 0;
        let mut each = |place: usize| {
            for pixel in &pixels {
                of(at, place + pixel);
                at += 1;
            }
        };
        if transposed {
            (0..ins).for_each(|i| (0..outs).for_each(|o| each(i * after + o)));
        } else {
            (0..outs).for_each(|o| (0..ins).for_each(|i| each(i * after + o)));
        }
    }

    /// Numbers in the grid's weights.
    pub fn weights_size(&self) -> usize {
        let [before, after] = self.depths();
        self.taps * self.taps * before * after
    }

    /// The weight as the products want it.
    pub fn weights(&self, weight: &[f32]) -> Weights {
        let [before, after] = self.depths();
        Weights::new(&self.places(weight), [self.taps, before, after])
    }

    /// The weight as the grid's, `[taps, taps, cell before, cell after]`.
    fn places(&self, weight: &[f32]) -> Vec<f32> {
        let mut all = vec![0.0; self.weights_size()];
        self.each_place(|at, place| all[place] = weight[at]);
        all
    }

    /// The weight as the products for the pictures' gradient want it: each row of
    /// the window from its end, cells after to cells before.
    pub fn turned_weights(&self, weight: &[f32]) -> Weights {
        let [before, after] = self.depths();
        let all = self.places(weight);
        let mut turned = vec![0.0; all.len()];
        for (tap, block) in all.chunks_exact(before * after).enumerate() {
            let (dy, dx) = (tap / self.taps, tap % self.taps);
            let to = (dy * self.taps + self.taps - 1 - dx) * before * after;
            for (input, row) in block.chunks_exact(after).enumerate() {
                for (output, &value) in row.iter().enumerate() {
                    turned[to + output * before + input] = value;
                }
            }
        }
        Weights::new(&turned, [self.taps, after, before])
    }

    /// Scratch space for pictures one after the other, for one of the three ways
    /// through: each leaves other cells at zero.
    pub fn scratch(&self) -> Scratch {
        let [before, after] = self.depths();
        let area = self.area();
        Scratch {
            before: vec![0.0; area * before],
            after: vec![0.0; (area + self.reach()) * after],
        }
    }

    /// One picture through it.
    ///
    /// # Shapes
    /// - picture: `[in, height, width]`
    /// - weights: from [`Grid::weights`]
    /// - bias: `[out]`
    /// - output: `[out, height, width]` of the output
    pub fn forward(
        &self,
        picture: &[f32],
        weights: &Weights,
        bias: &[f32],
        output: &mut [f32],
        scratch: &mut Scratch,
    ) {
        let [before, after] = self.depths();
        self.pack
            .pack(picture, self.input, self.cells[1], &mut scratch.before);
        let steps = self.steps(after);
        let windows = self.area() - self.reach();
        for (dy, weights) in weights.0.iter().enumerate() {
            let left = Matrix::rows(&scratch.before[dy * self.cells[1] * before..], before);
            product_by((&mut scratch.after, steps), windows, left, weights, dy > 0);
        }
        let [outs, height, width] = self.output;
        debug_assert_eq!(bias.len(), outs);
        for (pixels, &bias) in output.chunks_exact_mut(height * width).zip(bias) {
            pixels.fill(bias);
        }
        self.unpack
            .unpack((&scratch.after, steps), self.output, self.cells[1], output);
    }

    /// The gradient that one picture gets.
    ///
    /// # Shapes
    /// - gradient: `[out, height, width]` of the output
    /// - turned: from [`Grid::turned_weights`]
    /// - picture: `[in, height, width]`, its gradient
    pub fn to_picture(
        &self,
        gradient: &[f32],
        turned: &Weights,
        picture: &mut [f32],
        scratch: &mut Scratch,
    ) {
        let [before, after] = self.depths();
        // Zeros before the first cell, for windows that begin there.
        let lead = self.reach();
        let steps = self.steps(before);
        self.unpack.pack(
            gradient,
            self.output,
            self.cells[1],
            &mut scratch.after[lead * after..],
        );
        for (dy, turned) in turned.0.iter().enumerate() {
            let first = lead - dy * self.cells[1] - (self.taps - 1);
            let left = Matrix::rows(&scratch.after[first * after..], after);
            let rows = self.area();
            product_by((&mut scratch.before, steps), rows, left, turned, dy > 0);
        }
        picture.fill(0.0);
        self.pack
            .unpack((&scratch.before, steps), self.input, self.cells[1], picture);
    }

    /// Adds the gradient that the weights get from one picture.
    ///
    /// # Shapes
    /// - picture: `[in, height, width]`
    /// - gradient: `[out, height, width]` of the output
    /// - weights: as from [`Grid::weights`], their gradient so far
    pub fn to_weights(
        &self,
        picture: &[f32],
        gradient: &[f32],
        weights: &mut [f32],
        scratch: &mut Scratch,
    ) {
        let [before, after] = self.depths();
        self.pack
            .pack(picture, self.input, self.cells[1], &mut scratch.before);
        self.unpack
            .pack(gradient, self.output, self.cells[1], &mut scratch.after);
        for dy in 0..self.taps {
            let left = Matrix::rows(&scratch.before[dy * self.cells[1] * before..], before);
            let right = Matrix::rows(&scratch.after, after);
            let shape = [self.taps * before, self.area() - self.reach(), after];
            let to = &mut weights[dy * self.taps * before * after..];
            product((to, [after, 1]), shape, left.turned(), right, true);
        }
    }

    /// The gradient of the weight from that of the grid's weights.
    pub fn to_weight(&self, weights: &[f32]) -> Vec<f32> {
        let Window { kernel, .. } = self.window;
        let ([ins, ..], [outs, ..]) = (self.input, self.output);
        let mut weight = vec![0.0; ins * outs * kernel * kernel];
        self.each_place(|at, place| weight[at] = weights[place]);
        weight
    }
}

/// Weights as the products want them: a matrix for each row of the window.
#[derive(Debug, Clone)]
pub struct Weights(Vec<Right>);

impl Weights {
    fn new(places: &[f32], [taps, before, after]: [usize; 3]) -> Self {
        let rows = places.chunks_exact(taps * before * after);
        Self(
            rows.map(|row| Right::new(row, [taps * before, after]))
                .collect(),
        )
    }

    /// How many numbers they are.
    pub fn size(&self) -> usize {
        self.0.iter().map(Right::size).sum()
    }
}

/// Where the cells of one picture lie.
#[derive(Debug, Clone)]
pub struct Scratch {
    before: Vec<f32>,
    after: Vec<f32>,
}

impl Blocks {
    /// Pixels, `[channels, height, width]`, into cells, `row` of them in a row.
    /// Where no pixel lies a cell is left as it is.
    pub(crate) fn pack(self, pixels: &[f32], size: [usize; 3], row: usize, cells: &mut [f32]) {
        let [channels, height, width] = size;
        let depth = self.side * self.side * channels;
        let plane = height * width;
        self.each(size, row, |pixel, count, cell, block| {
            let to = &mut cells[cell * depth + block * channels..];
            // Several channels at once, which lie side by side in a cell.
            let together = channels / TOGETHER * TOGETHER;
            for channel in (0..together).step_by(TOGETHER) {
                let length = (count - 1) * self.side + 1;
                let from: [&[f32]; TOGETHER] =
                    std::array::from_fn(|at| &pixels[pixel + (channel + at) * plane..][..length]);
                for (x, cell) in to.chunks_mut(depth).take(count).enumerate() {
                    let cell = &mut cell[channel..channel + TOGETHER];
                    for (to, from) in cell.iter_mut().zip(from) {
                        *to = from[x * self.side];
                    }
                }
            }
            for channel in together..channels {
                let from = pixels[pixel + channel * plane..].iter();
                let from = from.step_by(self.side).take(count);
                let to = to[channel..].iter_mut().step_by(depth);
                for (to, &from) in to.zip(from) {
                    *to = from;
                }
            }
        });
    }

    /// Adds cells to the pixels that lie in them. The steps are from one cell to
    /// the next, and from one number of a cell to the next.
    pub(crate) fn unpack(
        self,
        (cells, [over, within]): (&[f32], [usize; 2]),
        size: [usize; 3],
        row: usize,
        pixels: &mut [f32],
    ) {
        let [channels, height, width] = size;
        self.each(size, row, |pixel, count, cell, block| {
            for channel in 0..channels {
                let inside = block * channels + channel;
                let from = cells[cell * over + inside * within..].iter().step_by(over);
                let to = pixels[pixel + channel * height * width..].iter_mut();
                let to = to.step_by(self.side).take(count);
                for (to, &from) in to.zip(from) {
                    *to += from;
                }
            }
        });
    }

    /// Runs of pixels of one row that lie in the same place of cells that follow
    /// each other: the first pixel, in the first channel, and how many, `side`
    /// apart; the first cell; which block of a cell.
    fn each(
        self,
        [_, height, width]: [usize; 3],
        row: usize,
        mut run: impl FnMut(usize, usize, usize, usize),
    ) {
        let Self { side, offset } = self;
        for y in 0..height {
            let down = y + offset;
            for first in 0..side.min(width) {
                let right = first + offset;
                let cell = down / side * row + right / side;
                let block = down % side * side + right % side;
                let count = (width - first).div_ceil(side);
                run(y * width + first, count, cell, block);
            }
        }
    }
}

#[cfg(test)]
#[path = "grid_tests.rs"]
mod tests;
