//! Products with few rows.
//!
//! A net that writes one token after another multiplies all its weights by a row or a
//! few, which takes as long as the weights take to come from memory. Here they are
//! read once and in the order in which they lie; a product for large matrices would
//! first copy them into tiles.

use super::wide::wide;
use crate::four::{Four, LANES};

/// Most rows that are taken for few.
pub(super) const MOST: usize = 8;

/// Rows of the weights that are read side by side: as many streams as a core fetches
/// ahead, and few enough numbers that they are still near when the next row of the
/// left side comes.
const STREAMS: usize = 8;

// Never inlined, and no array is made by a closure: the workers are built for size but
// for this crate, and what is inlined elsewhere, or what the library makes for all of
// them, is built for size too.

/// `to += left * right`, of `[rows, inner]` and `[inner, columns]`.
#[inline(never)]
pub(super) fn few(to: &mut [f32], left: &[f32], right: &[f32], columns: usize) {
    let (rows, inner) = (to.len() / columns, right.len() / columns);
    assert_eq!(
        [to.len(), left.len(), right.len()],
        [rows * columns, rows * inner, inner * columns]
    );
    wide(|| {
        let streams = inner / STREAMS * STREAMS;
        for from in (0..streams).step_by(STREAMS) {
            let right = &right[from * columns..][..STREAMS * columns];
            for (to, left) in to.chunks_exact_mut(columns).zip(left.chunks_exact(inner)) {
                add_rows::<STREAMS>(to, &left[from..from + STREAMS], right);
            }
        }
        for from in streams..inner {
            let right = &right[from * columns..][..columns];
            for (to, left) in to.chunks_exact_mut(columns).zip(left.chunks_exact(inner)) {
                add_rows::<1>(to, &left[from..=from], right);
            }
        }
    });
}

/// `to += scales * rows`, of `[N]` and `[N, columns]`.
#[inline(always)]
fn add_rows<const N: usize>(to: &mut [f32], scales: &[f32], rows: &[f32]) {
    let columns = to.len();
    let (to, rest) = to.as_chunks_mut::<LANES>();
    let whole = to.len();
    let mut scale = [Four::all(0.0); N];
    let mut chunks: [&[[f32; LANES]]; N] = [&[]; N];
    for at in 0..N {
        scale[at] = Four::all(scales[at]);
        chunks[at] = &rows[at * columns..][..columns].as_chunks().0[..whole];
    }
    for (column, to) in to.iter_mut().enumerate() {
        let mut sum = Four::of(to);
        for at in 0..N {
            sum = sum.plus(scale[at], Four::of(&chunks[at][column]));
        }
        *to = sum.numbers();
    }
    for (column, to) in rest.iter_mut().enumerate() {
        for at in 0..N {
            *to += scales[at] * rows[at * columns + whole * LANES + column];
        }
    }
}

/// `to = left * right^T`, of `[rows, inner]` and `[columns, inner]`.
#[inline(never)]
pub(super) fn few_turned(to: &mut [f32], left: &[f32], right: &[f32], inner: usize) {
    let (rows, columns) = (left.len() / inner, right.len() / inner);
    assert_eq!(
        [to.len(), left.len(), right.len()],
        [rows * columns, rows * inner, columns * inner]
    );
    wide(|| {
        let whole = columns / LANES * LANES;
        for from in (0..whole).step_by(LANES) {
            let mut weights = [&right[..inner]; LANES];
            for (at, weights) in weights.iter_mut().enumerate() {
                *weights = &right[(from + at) * inner..][..inner];
            }
            for (row, left) in left.chunks_exact(inner).enumerate() {
                to[row * columns + from..][..LANES].copy_from_slice(&dots(left, weights));
            }
        }
        for column in whole..columns {
            let weights = &right[column * inner..][..inner];
            for (row, left) in left.chunks_exact(inner).enumerate() {
                to[row * columns + column] = dots(left, [weights])[0];
            }
        }
    });
}

/// The products of a vector with others of its length, numbers of one summed side by
/// side.
#[inline(always)]
pub(super) fn dots<const N: usize>(left: &[f32], others: [&[f32]; N]) -> [f32; N] {
    let (whole, rest) = left.as_chunks::<LANES>();
    let mut chunks = [whole; N];
    for (chunks, other) in chunks.iter_mut().zip(&others) {
        *chunks = &other.as_chunks().0[..whole.len()];
    }
    let mut sums = [Four::all(0.0); N];
    for (at, left) in whole.iter().enumerate() {
        let left = Four::of(left);
        for number in 0..N {
            sums[number] = sums[number].plus(left, Four::of(&chunks[number][at]));
        }
    }
    let mut totals = [0.0; N];
    for number in 0..N {
        totals[number] = sums[number].sum();
        let other = &others[number][whole.len() * LANES..];
        for (left, other) in rest.iter().zip(other) {
            totals[number] += left * other;
        }
    }
    totals
}

#[cfg(test)]
mod tests {
    use super::{few, few_turned};
    use crate::testing::numbers;

    /// Sizes that are no multiple of anything.
    #[test]
    fn both_products_are_those_of_the_definition() {
        for (rows, inner, columns) in [(1, 13, 9), (3, 8, 21), (2, 3, 4), (1, 1, 1)] {
            let (left, right) = (numbers(rows * inner, 5), numbers(inner * columns, 7));
            let known: Vec<f32> = (0..rows * columns)
                .map(|at| {
                    let (row, column) = (at / columns, at % columns);
                    (0..inner)
                        .map(|at| left[row * inner + at] * right[at * columns + column])
                        .sum()
                })
                .collect();
            let mut made = vec![1.0; rows * columns];
            few(&mut made, &left, &right, columns);
            let turned: Vec<f32> = (0..columns * inner)
                .map(|at| right[at % inner * columns + at / inner])
                .collect();
            let mut of_turned = vec![1.0; rows * columns];
            few_turned(&mut of_turned, &left, &turned, inner);
            for at in 0..known.len() {
                assert!((made[at] - 1.0 - known[at]).abs() < 1e-5, "{at}");
                assert!((of_turned[at] - known[at]).abs() < 1e-5, "{at}");
            }
        }
    }
}
