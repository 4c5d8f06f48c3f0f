//! The Frechet distance between two Gaussians (Dowson 1982; as a measure of
//! generators, Heusel 2017).
//!
//! Fit a Gaussian to each set of features; the squared distance is
//! `|m1 - m2|^2 + tr(S1 + S2 - 2 (S1 S2)^(1/2))`: 0 for sets of the same mean
//! and covariance, otherwise positive, in the square of the features' unit. It
//! is biased upwards, the more so the fewer the samples, so its floor is not 0
//! but what real test data gets against real training data.

use crate::MetricsError;
use crate::eigen::symmetric_eigen;
use crate::rows::Points;

/// A Gaussian fitted to rows: their mean and covariance.
#[derive(Debug, Clone, PartialEq)]
pub struct Gaussian {
    mean: Vec<f64>,
    /// `[dims, dims]`.
    covariance: Vec<f64>,
}

impl Gaussian {
    /// Fits one to at least two rows; the covariance is the unbiased estimate
    /// (divided by `n - 1`).
    ///
    /// # Errors
    ///
    /// Where the rows are too few, not whole or not finite.
    pub fn fit(rows: &[f32], dims: usize) -> Result<Self, MetricsError> {
        Self::fit_named("the set of rows", rows, dims)
    }

    fn fit_named(name: &'static str, rows: &[f32], dims: usize) -> Result<Self, MetricsError> {
        let points = Points::new(name, rows, dims, 2)?;
        let mean = points.mean();
        let freedom = (points.count() - 1) as f64;
        let mut covariance = vec![0.0; dims * dims];
        for point in points.minus(&mean).iter() {
            for (row, &a) in covariance.chunks_exact_mut(dims).zip(point) {
                for (sum, &b) in row.iter_mut().zip(point) {
                    *sum += a * b;
                }
            }
        }
        covariance.iter_mut().for_each(|sum| *sum /= freedom);
        Ok(Gaussian { mean, covariance })
    }

    /// Number of dimensions.
    pub fn dims(&self) -> usize {
        self.mean.len()
    }

    /// The squared Frechet distance to another, in the square of the rows' unit.
    ///
    /// # Errors
    ///
    /// Where their dimensions differ.
    pub fn distance(&self, other: &Gaussian) -> Result<f64, MetricsError> {
        if self.dims() != other.dims() {
            return Err(MetricsError::Unequal {
                left: "one mean",
                left_count: self.dims(),
                right: "the other mean",
                right_count: other.dims(),
            });
        }
        let dims = self.dims();
        let apart = self.mean.iter().zip(&other.mean);
        let means: f64 = apart.map(|(a, b)| (a - b).powi(2)).sum();
        // S1 S2 is not symmetric, but has the eigenvalues of the symmetric
        // S1^(1/2) S2 S1^(1/2), and its root the sum of their roots as trace.
        let root = square_root(&self.covariance, dims);
        let product = product(&product(&root, &other.covariance, dims), &root, dims);
        let cross: f64 = symmetric_eigen(symmetric(product, dims), dims)
            .values
            .iter()
            .map(|&value| value.max(0.0).sqrt())
            .sum();
        let distance = means + self.trace() + other.trace() - 2.0 * cross;
        // Below 0 by rounding only.
        Ok(distance.max(0.0))
    }

    /// The sum of the variances.
    fn trace(&self) -> f64 {
        self.covariance.iter().step_by(self.dims() + 1).sum()
    }
}

/// The squared Frechet distance between the Gaussians fitted to two sets of
/// rows. See [`Gaussian`] to keep one of them.
///
/// # Errors
///
/// Where either has fewer than two rows, or rows that are not whole or finite.
pub fn frechet_distance(a: &[f32], b: &[f32], dims: usize) -> Result<f64, MetricsError> {
    Gaussian::fit_named("the first set", a, dims)?.distance(&Gaussian::fit_named(
        "the second set",
        b,
        dims,
    )?)
}

/// The square root of a symmetric matrix without negative eigenvalues.
fn square_root(matrix: &[f64], n: usize) -> Vec<f64> {
    let eigen = symmetric_eigen(matrix.to_vec(), n);
    let mut root = vec![0.0; n * n];
    for (value, vector) in eigen.values.iter().zip(eigen.vectors.chunks_exact(n)) {
        let scale = value.max(0.0).sqrt();
        for (row, a) in root.chunks_exact_mut(n).zip(vector) {
            for (sum, b) in row.iter_mut().zip(vector) {
                *sum += scale * a * b;
            }
        }
    }
    root
}

/// The product of two matrices, `[n, n]`.
fn product(left: &[f64], right: &[f64], n: usize) -> Vec<f64> {
    let mut product = vec![0.0; n * n];
    for (row, left) in product.chunks_exact_mut(n).zip(left.chunks_exact(n)) {
        for (&a, right) in left.iter().zip(right.chunks_exact(n)) {
            for (sum, &b) in row.iter_mut().zip(right) {
                *sum += a * b;
            }
        }
    }
    product
}

/// The symmetric part: what rounding has made a little lopsided.
fn symmetric(mut matrix: Vec<f64>, n: usize) -> Vec<f64> {
    for i in 0..n {
        for j in 0..i {
            let mean = (matrix[i * n + j] + matrix[j * n + i]) * 0.5;
            matrix[i * n + j] = mean;
            matrix[j * n + i] = mean;
        }
    }
    matrix
}
