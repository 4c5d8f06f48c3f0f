//! Rows of numbers, and all distances between two sets of them.

use std::ops::Range;

use crate::MetricsError;

/// A set of points, one after the other.
#[derive(Clone)]
pub(crate) struct Points {
    values: Vec<f64>,
    dims: usize,
}

impl Points {
    /// Takes rows of `dims` finite values.
    pub(crate) fn new(
        name: &'static str,
        values: &[f32],
        dims: usize,
        least: usize,
    ) -> Result<Self, MetricsError> {
        check_rows(name, values, dims, least)?;
        let values = values.iter().map(|&v| f64::from(v)).collect();
        Ok(Points { values, dims })
    }

    pub(crate) fn count(&self) -> usize {
        self.values.len() / self.dims
    }

    pub(crate) fn dims(&self) -> usize {
        self.dims
    }

    /// Each point, in order.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &[f64]> {
        self.values.chunks_exact(self.dims)
    }

    /// The points of this range, one after the other.
    fn slice(&self, rows: Range<usize>) -> &[f64] {
        &self.values[rows.start * self.dims..rows.end * self.dims]
    }

    /// The points at these places, in this order.
    pub(crate) fn select(&self, places: &[usize]) -> Points {
        let points = places.iter().flat_map(|&at| self.slice(at..at + 1));
        Points {
            values: points.copied().collect(),
            dims: self.dims,
        }
    }

    /// The mean of the points.
    pub(crate) fn mean(&self) -> Vec<f64> {
        let mut mean = vec![0.0; self.dims];
        for point in self.iter() {
            for (sum, value) in mean.iter_mut().zip(point) {
                *sum += value;
            }
        }
        let count = self.count() as f64;
        mean.iter_mut().for_each(|sum| *sum /= count);
        mean
    }

    /// Moves the origin, which changes no distance but makes them exacter: large
    /// common offsets would cancel in [`squared_distances`].
    pub(crate) fn minus(mut self, origin: &[f64]) -> Points {
        for point in self.values.chunks_exact_mut(self.dims) {
            for (value, origin) in point.iter_mut().zip(origin) {
                *value -= origin;
            }
        }
        self
    }

    /// So many of them are compared with all of `other` in one piece of `work`
    /// multiplications; at least one.
    pub(crate) fn rows_of(&self, work: usize, other: &Points) -> usize {
        let each = other.count() * other.dims();
        (work / each.max(1)).clamp(1, self.count().max(1))
    }
}

/// Checks that `values` are at least `least` rows of `dims` finite values, and
/// counts them.
pub(crate) fn check_rows(
    name: &'static str,
    values: &[f32],
    dims: usize,
    least: usize,
) -> Result<usize, MetricsError> {
    if dims == 0 || !values.len().is_multiple_of(dims) {
        return Err(MetricsError::NotRows {
            name,
            values: values.len(),
            dims,
        });
    }
    let rows = values.len() / dims;
    if rows < least {
        return Err(MetricsError::TooFew { name, rows, least });
    }
    if let Some(at) = values.iter().position(|v| !v.is_finite()) {
        return Err(MetricsError::NotFinite {
            name,
            row: at / dims,
        });
    }
    Ok(rows)
}

/// Points that are compared at a time: a block of 512 x 512 products is 2 MiB.
pub(crate) const BLOCK: usize = 512;

/// Calls `visit` with the inner product of each of these rows of `a` and each
/// point of `b`: the places of the two, and the product.
pub(crate) fn inner_products(
    a: &Points,
    rows: Range<usize>,
    b: &Points,
    mut visit: impl FnMut(usize, usize, f64),
) {
    for i in rows.clone().step_by(BLOCK) {
        let left = a.slice(i..(i + BLOCK).min(rows.end));
        for j in (0..b.count()).step_by(BLOCK) {
            let right = b.slice(j..(j + BLOCK).min(b.count()));
            products(left, right, a.dims, |row, column, product| {
                visit(i + row, j + column, product);
            });
        }
    }
}

/// All products of two blocks of points.
#[cfg(not(target_family = "wasm"))]
fn products(left: &[f64], right: &[f64], dims: usize, mut visit: impl FnMut(usize, usize, f64)) {
    use nalgebra::DMatrixView;

    let columns = |block| DMatrixView::from_slice(block, dims, block.len() / dims);
    let block = columns(left).transpose() * columns(right);
    for (column, products) in block.column_iter().enumerate() {
        for (row, &product) in products.iter().enumerate() {
            visit(row, column, product);
        }
    }
}

/// As natively, without a library: the tab compares some hundreds of pictures,
/// and every visitor fetches this code.
#[cfg(target_family = "wasm")]
use plain::products;

#[cfg(any(test, target_family = "wasm"))]
mod plain {
    /// Sums that an inner product is taken in, so that they need not wait for one
    /// another.
    const LANES: usize = 8;

    /// All products of two blocks of points.
    pub(super) fn products(
        left: &[f64],
        right: &[f64],
        dims: usize,
        mut visit: impl FnMut(usize, usize, f64),
    ) {
        for (row, a) in left.chunks_exact(dims).enumerate() {
            for (column, b) in right.chunks_exact(dims).enumerate() {
                visit(row, column, inner_product(a, b));
            }
        }
    }

    fn inner_product(a: &[f64], b: &[f64]) -> f64 {
        let mut sums = [0.0; LANES];
        let (a_lanes, b_lanes) = (a.chunks_exact(LANES), b.chunks_exact(LANES));
        let rest = a_lanes.remainder().iter().zip(b_lanes.remainder());
        let rest: f64 = rest.map(|(x, y)| x * y).sum();
        for (a, b) in a_lanes.zip(b_lanes) {
            for lane in 0..LANES {
                sums[lane] += a[lane] * b[lane];
            }
        }
        sums.iter().sum::<f64>() + rest
    }
}

/// Calls `visit` with the squared Euclidean distance of each of these rows of `a`
/// to each point of `b`.
pub(crate) fn squared_distances(
    a: &Points,
    rows: Range<usize>,
    b: &Points,
    mut visit: impl FnMut(usize, usize, f64),
) {
    let length = |point: &[f64]| -> f64 { point.iter().map(|v| v * v).sum() };
    let a_lengths: Vec<f64> = a
        .slice(rows.clone())
        .chunks_exact(a.dims)
        .map(length)
        .collect();
    let b_lengths: Vec<f64> = b.iter().map(length).collect();
    // What two equal points may differ by, from rounding alone.
    let rounding = f64::EPSILON * 4.0 * (a.dims as f64).sqrt();
    let first = rows.start;
    inner_products(a, rows, b, |i, j, product| {
        let (la, lb) = (a_lengths[i - first], b_lengths[j]);
        let squared = la + lb - 2.0 * product;
        let squared = if squared <= rounding * (la + lb) {
            0.0
        } else {
            squared
        };
        visit(i, j, squared);
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn products_without_a_library_are_the_same() {
        let number = |at: usize| ((at * 7919) % 1013) as f64 / 1013.0 - 0.5;
        for dims in [1, 8, 13, 64] {
            let a: Vec<f64> = (0..dims * 5).map(number).collect();
            let b: Vec<f64> = (7..7 + dims * 6).map(number).collect();
            let mut by_library = vec![0.0; 30];
            products(&a, &b, dims, |i, j, product| {
                by_library[i * 6 + j] = product
            });
            let mut seen = 0;
            plain::products(&a, &b, dims, |i, j, product| {
                assert!((product - by_library[i * 6 + j]).abs() < 1e-12);
                seen += 1;
            });
            assert_eq!(seen, 30);
        }
    }
}
