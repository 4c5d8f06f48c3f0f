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

/// How a matrix of `[inner, columns]` lies in memory.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Lies {
    /// As `[inner, columns]`.
    Straight { columns: usize },
    /// As `[columns, inner]`.
    Turned { inner: usize },
}

/// A matrix in panels, from left to right; the last is filled up with zeros.
#[derive(Debug)]
pub(super) struct Panels {
    inner: usize,
    columns: usize,
    strips: Vec<Strip>,
}

impl Panels {
    pub(super) fn of(numbers: &[f32], lies: Lies) -> Self {
        let (inner, columns) = match lies {
            Lies::Straight { columns } => (numbers.len() / columns, columns),
            Lies::Turned { inner } => (inner, numbers.len() / inner),
        };
        let number = |row: usize, column: usize| match lies {
            Lies::Straight { .. } => numbers[row * columns + column],
            Lies::Turned { .. } => numbers[column * inner + row],
        };
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
    #[cfg(any(test, feature = "flex"))]
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
                let made = through(panel, [&left[..inner], &left[inner..]]);
                let (to, other) = to.split_at_mut(columns);
                add(to, &made[0]);
                add(other, &made[1]);
            }
            if !last.is_empty() {
                add(to_last, &through(panel, [last])[0]);
            }
        }
    }
}

/// The products of some rows with a panel.
#[inline(always)]
fn through<const ROWS: usize>(panel: &[Strip], mut rows: [&[f32]; ROWS]) -> [Strip; ROWS] {
    for row in &mut rows {
        // So that nothing is left to check at each number.
        *row = &row[..panel.len()];
    }
    let mut sums = [[Four::all(0.0); ACROSS]; ROWS];
    for (at, strip) in panel.iter().enumerate() {
        for row in 0..ROWS {
            sums[row] = plus(sums[row], rows[row][at], strip);
        }
    }
    let mut made = [[[0.0; LANES]; ACROSS]; ROWS];
    for row in 0..ROWS {
        let [a, b, c, d] = sums[row];
        made[row] = [a.numbers(), b.numbers(), c.numbers(), d.numbers()];
    }
    made
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
    use super::{Lies, Panels};
    use crate::testing::numbers;

    /// Sizes that are no multiple of anything.
    #[test]
    fn products_are_those_of_the_definition() {
        for (rows, inner, columns) in [(1, 13, 9), (3, 8, 21), (2, 3, 33), (8, 1, 1), (5, 4, 16)] {
            let (left, right) = (numbers(rows * inner, 5), numbers(inner * columns, 7));
            let turned: Vec<f32> = (0..columns * inner)
                .map(|at| right[at % inner * columns + at / inner])
                .collect();
            let panels = Panels::of(&right, Lies::Straight { columns });
            assert!(panels.numbers() >= right.len());
            for panels in [panels, Panels::of(&turned, Lies::Turned { inner })] {
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
