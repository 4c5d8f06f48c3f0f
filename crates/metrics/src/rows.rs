//! Rows of numbers, and all distances between two sets of them.

use nalgebra::DMatrix;

use crate::MetricsError;

/// A set of points: the columns of a matrix, as rows of a row-major array are.
#[derive(Clone)]
pub(crate) struct Points(pub(crate) DMatrix<f64>);

impl Points {
    /// Takes rows of `dims` finite values.
    pub(crate) fn new(
        name: &'static str,
        values: &[f32],
        dims: usize,
        least: usize,
    ) -> Result<Self, MetricsError> {
        let rows = check_rows(name, values, dims, least)?;
        Ok(Points(DMatrix::from_iterator(
            dims,
            rows,
            values.iter().map(|&v| f64::from(v)),
        )))
    }

    pub(crate) fn count(&self) -> usize {
        self.0.ncols()
    }

    pub(crate) fn dims(&self) -> usize {
        self.0.nrows()
    }

    /// The points at these places, in this order.
    pub(crate) fn select(&self, places: &[usize]) -> Points {
        Points(self.0.select_columns(places))
    }

    /// The mean of the points.
    pub(crate) fn mean(&self) -> nalgebra::DVector<f64> {
        self.0.column_mean()
    }

    /// Moves the origin, which changes no distance but makes them exacter: large
    /// common offsets would cancel in [`squared_distances`].
    pub(crate) fn minus(mut self, origin: &nalgebra::DVector<f64>) -> Points {
        for mut column in self.0.column_iter_mut() {
            column -= origin;
        }
        self
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

/// Calls `visit` with every block of the matrix of inner products of `a` and
/// `b`: the places of its first row and column, and the block.
pub(crate) fn inner_products(
    a: &Points,
    b: &Points,
    mut visit: impl FnMut(usize, usize, &DMatrix<f64>),
) {
    for i in (0..a.count()).step_by(BLOCK) {
        let rows = a.0.columns(i, BLOCK.min(a.count() - i)).transpose();
        for j in (0..b.count()).step_by(BLOCK) {
            let block = &rows * b.0.columns(j, BLOCK.min(b.count() - j));
            visit(i, j, &block);
        }
    }
}

/// Calls `visit` with the squared Euclidean distance of every pair of points.
pub(crate) fn squared_distances(a: &Points, b: &Points, mut visit: impl FnMut(usize, usize, f64)) {
    let lengths =
        |p: &Points| -> Vec<f64> { p.0.column_iter().map(|c| c.norm_squared()).collect() };
    let (a_lengths, b_lengths) = (lengths(a), lengths(b));
    // What two equal points may differ by, from rounding alone.
    let rounding = f64::EPSILON * 4.0 * (a.dims() as f64).sqrt();
    inner_products(a, b, |i, j, block| {
        for (column, products) in block.column_iter().enumerate() {
            for (row, &product) in products.iter().enumerate() {
                let (la, lb) = (a_lengths[i + row], b_lengths[j + column]);
                let squared = la + lb - 2.0 * product;
                let squared = if squared <= rounding * (la + lb) {
                    0.0
                } else {
                    squared
                };
                visit(i + row, j + column, squared);
            }
        }
    });
}
