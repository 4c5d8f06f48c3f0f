//! The Frechet distance between two Gaussians (Dowson 1982; as a measure of
//! generators, Heusel 2017).
//!
//! Fit a Gaussian to each set of features; the squared distance is
//! `|m1 - m2|^2 + tr(S1 + S2 - 2 (S1 S2)^(1/2))`: 0 for sets of the same mean
//! and covariance, otherwise positive, in the square of the features' unit. It
//! is biased upwards, the more so the fewer the samples, so its floor is not 0
//! but what real test data gets against real training data.

use nalgebra::{DMatrix, DVector, SymmetricEigen};

use crate::MetricsError;
use crate::rows::Points;

/// A Gaussian fitted to rows: their mean and covariance.
#[derive(Debug, Clone, PartialEq)]
pub struct Gaussian {
    mean: DVector<f64>,
    covariance: DMatrix<f64>,
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
        let centred = points.minus(&mean).0;
        let freedom = (centred.ncols() - 1) as f64;
        let covariance = (&centred * centred.transpose()) / freedom;
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
        let means = (&self.mean - &other.mean).norm_squared();
        // S1 S2 is not symmetric, but has the eigenvalues of the symmetric
        // S1^(1/2) S2 S1^(1/2), and its root the sum of their roots as trace.
        let root = square_root(&self.covariance);
        let product = symmetric(&root * &other.covariance * &root);
        let cross: f64 = product
            .symmetric_eigenvalues()
            .iter()
            .map(|&value| value.max(0.0).sqrt())
            .sum();
        let distance = means + self.covariance.trace() + other.covariance.trace() - 2.0 * cross;
        // Below 0 by rounding only.
        Ok(distance.max(0.0))
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
fn square_root(matrix: &DMatrix<f64>) -> DMatrix<f64> {
    let SymmetricEigen {
        eigenvectors,
        eigenvalues,
    } = SymmetricEigen::new(matrix.clone());
    let mut scaled = eigenvectors.clone();
    for (mut column, value) in scaled.column_iter_mut().zip(eigenvalues.iter()) {
        column *= value.max(0.0).sqrt();
    }
    scaled * eigenvectors.transpose()
}

/// The symmetric part: what rounding has made a little lopsided.
fn symmetric(matrix: DMatrix<f64>) -> DMatrix<f64> {
    (&matrix + matrix.transpose()) * 0.5
}
