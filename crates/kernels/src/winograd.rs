//! Convolutions by a window of three by three with fewer products: F(2x2, 3x3) of
//! Lavin and Gray, "Fast Algorithms for Convolutional Neural Networks", arXiv
//! 1509.09308, after Winograd.
//!
//! A tile of two by two pixels that come out depends on four by four that go in: 36
//! products of each pair of channels. Sums and differences of the sixteen, times
//! those of the weights, are sixteen products whose sums are the four pixels. Over
//! all tiles and channels that is sixteen products of matrices.
//!
//! The weights' sums take as long as some pictures: it is done where weights stay.

use crate::Window;
use crate::four::{Four, LANES};
use crate::grid::Blocks;
use crate::product::{Matrix, Right, product_by};

/// Pixels of a tile's side that go in.
const IN: usize = 4;
/// Pixels of a tile's side that come out.
const OUT: usize = 2;
/// Side of the window.
const WINDOW: usize = 3;

/// A convolution of pictures of one size.
#[derive(Debug, Clone, Copy)]
pub struct Winograd {
    /// Channels, height and width.
    input: [usize; 3],
    output: [usize; 3],
    padding: usize,
    /// Tiles in a column and in a row.
    tiles: [usize; 2],
}

/// Weights as the products want them: a matrix `[in, out]` for each place of a tile.
#[derive(Debug, Clone)]
pub struct Weights(Vec<Right>);

impl Weights {
    /// How many numbers they are.
    pub fn size(&self) -> usize {
        self.0.iter().map(Right::size).sum()
    }
}

impl Winograd {
    /// The convolution of pictures `[in, height, width]` to `out` channels; none where
    /// the window is another, or the channels are no multiple of four.
    pub fn new(window: Window, input: [usize; 3], out: usize) -> Option<Self> {
        let Window {
            kernel,
            stride,
            padding,
            transposed,
        } = window;
        let [ins, height, width] = input;
        let fits = kernel == WINDOW && stride == 1 && !transposed;
        let filled = ins > 0 && out > 0 && [ins, out].iter().all(|n| n.is_multiple_of(LANES));
        if !fits || !filled || height == 0 || width == 0 {
            return None;
        }
        let side = |size: usize| Some((size + 2 * padding).checked_sub(WINDOW)? + 1);
        let output = [out, side(height)?, side(width)?];
        Some(Self {
            input,
            output,
            padding,
            tiles: [output[1], output[2]].map(|size| size.div_ceil(OUT)),
        })
    }

    /// Channels, height and width of what comes out.
    pub fn output(&self) -> [usize; 3] {
        self.output
    }

    fn count(&self) -> usize {
        self.tiles[0] * self.tiles[1]
    }

    /// Cells in a row of pixels that go in, and of those that come out.
    fn rows(&self) -> [usize; 2] {
        [self.tiles[1] * OUT + IN - OUT, self.tiles[1] * OUT]
    }

    /// The weight `[out, in, 3, 3]` as the products want it.
    pub fn weights(&self, weight: &[f32]) -> Weights {
        let ([ins, ..], [outs, ..]) = (self.input, self.output);
        assert_eq!(weight.len(), outs * ins * WINDOW * WINDOW);
        let mut places = vec![0.0; IN * IN * ins * outs];
        for (pair, window) in weight
            .as_chunks::<{ WINDOW * WINDOW }>()
            .0
            .iter()
            .enumerate()
        {
            let (output, input) = (pair / ins, pair % ins);
            for (place, value) in of_window(window).into_iter().enumerate() {
                places[(place * ins + input) * outs + output] = value;
            }
        }
        let places = places.chunks_exact(ins * outs);
        Weights(places.map(|place| Right::new(place, [ins, outs])).collect())
    }

    /// Scratch space for pictures one after the other.
    pub fn scratch(&self) -> Scratch {
        let ([ins, ..], [outs, ..], count) = (self.input, self.output, self.count());
        let [row, row_out] = self.rows();
        Scratch {
            cells: vec![0.0; row * (self.tiles[0] * OUT + IN - OUT) * ins],
            before: vec![0.0; IN * IN * count * ins],
            after: vec![0.0; IN * IN * count * outs],
            made: vec![0.0; row_out * self.tiles[0] * OUT * outs],
        }
    }

    /// One picture through it.
    ///
    /// # Shapes
    /// - picture: `[in, height, width]`
    /// - weights: from [`Winograd::weights`]
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
        let ([ins, ..], [outs, high, wide]) = (self.input, self.output);
        let (count, [row, row_out]) = (self.count(), self.rows());
        let pack = |offset| Blocks { side: 1, offset };
        pack(self.padding).pack(picture, self.input, row, &mut scratch.cells);
        for tile in 0..count {
            let (down, across) = (tile / self.tiles[1] * OUT, tile % self.tiles[1] * OUT);
            let cells = &scratch.cells[(down * row + across) * ins..];
            let to = &mut scratch.before[tile * ins..];
            gather(cells, row * ins, to, count * ins, ins);
        }
        let places = scratch.after.chunks_exact_mut(count * outs);
        let before = scratch.before.chunks_exact(count * ins);
        for ((to, before), weights) in places.zip(before).zip(&weights.0) {
            let left = Matrix::rows(before, ins);
            product_by((to, [outs, 1]), count, left, weights, false);
        }
        for tile in 0..count {
            let (down, across) = (tile / self.tiles[1] * OUT, tile % self.tiles[1] * OUT);
            let cells = &mut scratch.made[(down * row_out + across) * outs..];
            let from = &scratch.after[tile * outs..];
            spread(from, count * outs, cells, row_out * outs, outs);
        }
        for (pixels, &bias) in output.chunks_exact_mut(high * wide).zip(bias) {
            pixels.fill(bias);
        }
        pack(0).unpack((&scratch.made, [outs, 1]), self.output, row_out, output);
    }
}

/// What lies where while a picture goes through.
#[derive(Debug, Clone)]
pub struct Scratch {
    /// Pixels with all their channels, zeros around them.
    cells: Vec<f32>,
    /// Sums of pixels by place in the tile, `[16, tiles, in]`.
    before: Vec<f32>,
    /// Their products, `[16, tiles, out]`.
    after: Vec<f32>,
    /// Pixels that come out with all their channels.
    made: Vec<f32>,
}

/// Sums of a tile's pixels, `IN` rows of cells that lie `row` apart, for all channels;
/// each of the sixteen goes `place` further.
#[inline(always)]
fn gather(cells: &[f32], row: usize, to: &mut [f32], place: usize, channels: usize) {
    for channel in (0..channels).step_by(LANES) {
        let mut pixels = [[Four::all(0.0); IN]; IN];
        for (y, pixels) in pixels.iter_mut().enumerate() {
            for (x, pixel) in pixels.iter_mut().enumerate() {
                *pixel = four(cells, y * row + x * channels + channel);
            }
        }
        // Down the columns, then along the rows.
        let mut half = [[Four::all(0.0); IN]; IN];
        #[allow(clippy::needless_range_loop, reason = "a column of each row")]
        for x in 0..IN {
            let sums = sums([pixels[0][x], pixels[1][x], pixels[2][x], pixels[3][x]]);
            for (half, sum) in half.iter_mut().zip(sums) {
                half[x] = sum;
            }
        }
        for (y, half) in half.into_iter().enumerate() {
            for (x, sum) in sums(half).into_iter().enumerate() {
                put(sum, to, (y * IN + x) * place + channel);
            }
        }
    }
}

/// Pixels of a tile from the products of its sums: the other way.
#[inline(always)]
fn spread(from: &[f32], place: usize, cells: &mut [f32], row: usize, channels: usize) {
    for channel in (0..channels).step_by(LANES) {
        let mut half = [[Four::all(0.0); IN]; OUT];
        #[allow(clippy::needless_range_loop, reason = "a column of each row")]
        for x in 0..IN {
            let product = |y: usize| four(from, (y * IN + x) * place + channel);
            let [first, second] = pixels([product(0), product(1), product(2), product(3)]);
            half[0][x] = first;
            half[1][x] = second;
        }
        for (y, half) in half.into_iter().enumerate() {
            for (x, pixel) in pixels(half).into_iter().enumerate() {
                put(pixel, cells, y * row + x * channels + channel);
            }
        }
    }
}

#[inline(always)]
fn sums([a, b, c, d]: [Four; IN]) -> [Four; IN] {
    [a.less(c), b.add(c), c.less(b), b.less(d)]
}

#[inline(always)]
fn pixels([a, b, c, d]: [Four; IN]) -> [Four; OUT] {
    [a.add(b).add(c), b.less(c).less(d)]
}

/// Sums of a window's weights.
fn of_window(window: &[f32; WINDOW * WINDOW]) -> [f32; IN * IN] {
    let sums = |a: f32, b: f32, c: f32| [a, 0.5 * (a + b + c), 0.5 * (a - b + c), c];
    let columns: [[f32; IN]; WINDOW] =
        std::array::from_fn(|x| sums(window[x], window[WINDOW + x], window[2 * WINDOW + x]));
    let mut all = [0.0; IN * IN];
    for (y, row) in all.as_chunks_mut::<IN>().0.iter_mut().enumerate() {
        *row = sums(columns[0][y], columns[1][y], columns[2][y]);
    }
    all
}

#[inline(always)]
fn four(numbers: &[f32], at: usize) -> Four {
    let numbers = &numbers[at..at + LANES];
    Four::of(numbers.try_into().expect("four of them"))
}

#[inline(always)]
fn put(four: Four, numbers: &mut [f32], at: usize) {
    let numbers = &mut numbers[at..at + LANES];
    numbers.copy_from_slice(&four.numbers());
}

#[cfg(test)]
mod tests {
    use super::Winograd;
    use crate::Window;
    use crate::grid::Grid;
    use crate::testing::numbers;

    fn window(padding: usize) -> Window {
        Window {
            kernel: 3,
            stride: 1,
            padding,
            transposed: false,
        }
    }

    /// Pictures whose sides are odd, are less than a tile, or end without padding.
    #[test]
    fn it_is_the_convolution_by_the_grid() {
        let inputs = [[8, 8, 8], [4, 7, 5], [12, 1, 3], [4, 3, 4], [20, 2, 2]];
        for (padding, input) in [0, 1, 2].into_iter().flat_map(|p| inputs.map(|i| (p, i))) {
            for outs in [4, 12, 16] {
                let Some(fast) = Winograd::new(window(padding), input, outs) else {
                    assert!(input[1] + 2 * padding < 3, "{input:?}");
                    continue;
                };
                let grid = Grid::new(window(padding), input, outs).expect("it fits");
                assert_eq!(fast.output(), grid.output());
                let picture = numbers(input.iter().product(), 1);
                let weight = numbers(input[0] * outs * 9, 2);
                let bias = numbers(outs, 3);
                let size: usize = grid.output().iter().product();
                let (mut made, mut known) = (vec![9.0; size], vec![7.0; size]);
                let weights = fast.weights(&weight);
                let mut scratch = fast.scratch();
                // Twice, as the second finds what the first left.
                for _ in 0..2 {
                    fast.forward(&picture, &weights, &bias, &mut made, &mut scratch);
                }
                let weights = grid.weights(&weight);
                grid.forward(&picture, &weights, &bias, &mut known, &mut grid.scratch());
                for (made, known) in made.iter().zip(&known) {
                    assert!((made - known).abs() < 2e-5, "{input:?}: {made}, {known}");
                }
            }
        }
    }

    #[test]
    fn other_windows_are_none() {
        assert!(Winograd::new(window(1), [3, 8, 8], 4).is_none());
        assert!(Winograd::new(window(1), [4, 8, 8], 6).is_none());
        let other = Window {
            stride: 2,
            ..window(1)
        };
        assert!(Winograd::new(other, [4, 8, 8], 4).is_none());
        let other = Window {
            kernel: 1,
            ..window(0)
        };
        assert!(Winograd::new(other, [4, 8, 8], 4).is_none());
    }
}
