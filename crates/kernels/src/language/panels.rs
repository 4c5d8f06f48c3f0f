//! Weights laid out for products with a row or a few.
//!
//! As they lie, a row's products with four others take a place of its own for each, a
//! check and an address for each load, and a sum across at the end. Side by side, in
//! panels of sixteen columns, they are one stream of loads.

use super::few::MOST;
use crate::four::{Four, LANES};

/// Vectors side by side.
const ACROSS: usize = 4;

/// Columns of a panel.
const WIDE: usize = ACROSS * LANES;

/// A row of a panel.
type Strip = [[f32; LANES]; ACROSS];

/// A matrix in panels, from left to right; the last is filled up with zeros.
#[derive(Debug)]
pub(super) struct Panels {
    inner: usize,
    columns: usize,
    strips: Vec<Strip>,
}

impl Panels {
    /// Of `[inner, columns]`.
    pub(super) fn of(numbers: &[f32], columns: usize) -> Self {
        Self::lay(numbers.len() / columns, columns, |row, column| {
            numbers[row * columns + column]
        })
    }

    /// Of what stands turned, `[columns, inner]`.
    pub(super) fn of_turned(numbers: &[f32], inner: usize) -> Self {
        Self::lay(inner, numbers.len() / inner, |row, column| {
            numbers[column * inner + row]
        })
    }

    fn lay(inner: usize, columns: usize, number: impl Fn(usize, usize) -> f32) -> Self {
        let count = columns.div_ceil(WIDE);
        let mut strips = vec![[[0.0; LANES]; ACROSS]; count * inner];
        for (at, strip) in strips.iter_mut().enumerate() {
            let (panel, row) = (at / inner, at % inner);
            for (place, to) in strip.as_flattened_mut().iter_mut().enumerate() {
                let column = panel * WIDE + place;
                if column < columns {
                    *to = number(row, column);
                }
            }
        }
        Self {
            inner,
            columns,
            strips,
        }
    }

    /// Numbers that it holds.
    #[cfg(any(test, all(feature = "flex", target_arch = "wasm32")))]
    pub(super) fn numbers(&self) -> usize {
        self.strips.len() * WIDE
    }

    /// `to += left * self`, of `[rows, inner]` and `[inner, columns]`.
    #[inline(never)]
    pub(super) fn add_product(&self, to: &mut [f32], left: &[f32]) {
        let (inner, columns) = (self.inner, self.columns);
        let rows = to.len() / columns;
        assert!(rows <= MOST);
        assert_eq!([to.len(), left.len()], [rows * columns, rows * inner]);
        for (at, panel) in self.strips.chunks_exact(inner).enumerate() {
            let from = at * WIDE;
            let until = columns.min(from + WIDE);
            let add = |to: &mut [f32], made: &Strip| {
                for (to, made) in to[from..until].iter_mut().zip(made.as_flattened()) {
                    *to += made;
                }
            };
            let (pairs, last) = left.split_at(rows / 2 * 2 * inner);
            let (to_pairs, to_last) = to.split_at_mut(rows / 2 * 2 * columns);
            let to_pairs = to_pairs.chunks_exact_mut(2 * columns);
            for (to, left) in to_pairs.zip(pairs.chunks_exact(2 * inner)) {
                let made = two(panel, [&left[..inner], &left[inner..]]);
                let (to, other) = to.split_at_mut(columns);
                add(to, &made[0]);
                add(other, &made[1]);
            }
            if !last.is_empty() {
                add(to_last, &one(panel, last));
            }
        }
    }
}

/// The product of a row with a panel. Every other weight goes into sums of its own: one
/// set would wait for itself.
#[inline(always)]
fn one(panel: &[Strip], left: &[f32]) -> Strip {
    let mut sums = [[Four::all(0.0); ACROSS]; 2];
    let (pairs, rest) = panel.as_chunks::<2>();
    let (scales, scales_rest) = left.as_chunks::<2>();
    for ([even, odd], &[scale, other]) in pairs.iter().zip(scales) {
        sums[0] = plus(sums[0], scale, even);
        sums[1] = plus(sums[1], other, odd);
    }
    for (strip, &scale) in rest.iter().zip(scales_rest) {
        sums[0] = plus(sums[0], scale, strip);
    }
    let [[a, b, c, d], [e, f, g, h]] = sums;
    [a.add(e), b.add(f), c.add(g), d.add(h)].map(Four::numbers)
}

/// The products of two rows with a panel.
#[inline(always)]
fn two(panel: &[Strip], [first, second]: [&[f32]; 2]) -> [Strip; 2] {
    let mut sums = [[Four::all(0.0); ACROSS]; 2];
    for ((strip, &first), &second) in panel.iter().zip(first).zip(second) {
        sums[0] = plus(sums[0], first, strip);
        sums[1] = plus(sums[1], second, strip);
    }
    sums.map(|[a, b, c, d]| [a.numbers(), b.numbers(), c.numbers(), d.numbers()])
}

/// `sums + scale * strip`. Written out, as the workers are built for size and keep in
/// memory what a loop goes through.
#[inline(always)]
fn plus([a, b, c, d]: [Four; ACROSS], scale: f32, strip: &Strip) -> [Four; ACROSS] {
    let scale = Four::all(scale);
    [
        a.plus(scale, Four::of(&strip[0])),
        b.plus(scale, Four::of(&strip[1])),
        c.plus(scale, Four::of(&strip[2])),
        d.plus(scale, Four::of(&strip[3])),
    ]
}

#[cfg(test)]
mod tests {
    use super::Panels;
    use crate::testing::numbers;

    /// Sizes that are no multiple of anything.
    #[test]
    fn products_are_those_of_the_definition() {
        for (rows, inner, columns) in [(1, 13, 9), (3, 8, 21), (2, 3, 33), (8, 1, 1), (5, 4, 16)] {
            let (left, right) = (numbers(rows * inner, 5), numbers(inner * columns, 7));
            let turned: Vec<f32> = (0..columns * inner)
                .map(|at| right[at % inner * columns + at / inner])
                .collect();
            let panels = Panels::of(&right, columns);
            assert!(panels.numbers() >= right.len());
            for panels in [panels, Panels::of_turned(&turned, inner)] {
                let mut made = vec![1.0; rows * columns];
                panels.add_product(&mut made, &left);
                for (at, made) in made.iter().enumerate() {
                    let (row, column) = (at / columns, at % columns);
                    let known: f32 = (0..inner)
                        .map(|at| left[row * inner + at] * right[at * columns + column])
                        .sum();
                    assert!((made - 1.0 - known).abs() < 1e-5, "{at}");
                }
            }
        }
    }
}
