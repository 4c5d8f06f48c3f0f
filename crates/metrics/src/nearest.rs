//! The nearest training example of each made one: whether a generator copies.
//!
//! Euclidean distances in the rows' own unit. They mean little alone: set them
//! beside the distances of test examples to the same training set. A generator
//! that copies is much nearer than these are.

use nalgebra::{DMatrix, DMatrixView};
use rayon::prelude::*;

use crate::MetricsError;
use crate::rows::check_rows;

/// The training example nearest to a made one.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Nearest {
    /// Its row in the training set.
    pub index: u32,
    /// Its Euclidean distance.
    pub distance: f64,
}

/// Rows of the training set that are compared at a time.
const TRAIN_BLOCK: usize = 512;

/// Made rows that are compared at a time.
const MADE_BLOCK: usize = 512;

/// Finds, for each made row, the nearest row of the training set.
///
/// The search is by blocked products in `f32`; the distances of those it cannot
/// tell apart, and the one that is returned, are computed in `f64` from the
/// differences, so that a copy has a distance of exactly 0.
///
/// # Errors
///
/// Where either has no rows, or rows that are not whole or finite.
pub fn nearest_distances(
    train: &[f32],
    made: &[f32],
    dims: usize,
) -> Result<Vec<Nearest>, MetricsError> {
    check_rows("the training set", train, dims, 1)?;
    check_rows("the made set", made, dims, 1)?;
    let search = Search {
        train,
        dims,
        lengths: lengths(train, dims),
    };
    let block = MADE_BLOCK * dims;
    let found: Vec<Vec<Nearest>> = made.par_chunks(block).map(|m| search.block(m)).collect();
    Ok(found.into_iter().flatten().collect())
}

/// The squared length of each row.
fn lengths(rows: &[f32], dims: usize) -> Vec<f32> {
    let squares = |row: &[f32]| row.iter().map(|&v| f64::from(v).powi(2)).sum::<f64>();
    rows.chunks_exact(dims)
        .map(|row| squares(row) as f32)
        .collect()
}

struct Search<'a> {
    train: &'a [f32],
    dims: usize,
    lengths: Vec<f32>,
}

impl Search<'_> {
    /// The nearest training rows of a block of made rows.
    fn block(&self, made: &[f32]) -> Vec<Nearest> {
        let count = made.len() / self.dims;
        let columns = DMatrixView::from_slice(made, self.dims, count);
        let made_lengths = lengths(made, self.dims);
        let mut best = vec![f32::INFINITY; count];
        let mut candidates: Vec<Vec<(u32, f32)>> = vec![Vec::new(); count];
        for (number, block) in self.train.chunks(TRAIN_BLOCK * self.dims).enumerate() {
            let first = number * TRAIN_BLOCK;
            let rows = block.len() / self.dims;
            let left: DMatrix<f32> = DMatrixView::from_slice(block, self.dims, rows).transpose();
            let products = left * columns;
            for (m, column) in products.column_iter().enumerate() {
                let slack = self.slack(made_lengths[m]);
                for (row, &product) in column.iter().enumerate() {
                    // The made row's own length is the same for all.
                    let score = self.lengths[first + row] - 2.0 * product;
                    if score <= best[m] + slack(self.lengths[first + row]) {
                        candidates[m].push(((first + row) as u32, score));
                        best[m] = best[m].min(score);
                    }
                }
            }
            for ((near, best), length) in candidates.iter_mut().zip(&best).zip(&made_lengths) {
                let slack = self.slack(*length);
                near.retain(|&(row, score)| score <= best + slack(self.lengths[row as usize]));
            }
        }
        made.chunks_exact(self.dims)
            .zip(candidates)
            .map(|(row, near)| self.exact(row, &near))
            .collect()
    }

    /// By how much a score in `f32` may be off, for a made row of this length
    /// and a training row of another.
    fn slack(&self, made_length: f32) -> impl Fn(f32) -> f32 {
        // Sums of products in several lanes lose about a root of their number.
        let unit = f32::EPSILON * (self.dims as f32).sqrt().max(4.0);
        move |length| 4.0 * unit * (made_length + length)
    }

    /// The nearest of a few candidates, in `f64`; the first of equals.
    fn exact(&self, made: &[f32], candidates: &[(u32, f32)]) -> Nearest {
        candidates
            .iter()
            .map(|&(index, _)| {
                let start = index as usize * self.dims;
                let squared: f64 = self.train[start..start + self.dims]
                    .iter()
                    .zip(made)
                    .map(|(&t, &m)| (f64::from(t) - f64::from(m)).powi(2))
                    .sum();
                Nearest {
                    index,
                    distance: squared.sqrt(),
                }
            })
            .min_by(|a, b| {
                a.distance
                    .total_cmp(&b.distance)
                    .then(a.index.cmp(&b.index))
            })
            .expect("the nearest by score is always a candidate")
    }
}
