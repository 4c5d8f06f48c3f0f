//! The kernel distance (Binkowski 2018): the squared maximum mean discrepancy
//! with the cubic polynomial kernel `k(x, y) = (x.y / dims + 1)^3`.
//!
//! It asks the same question as the Frechet distance but assumes no Gaussian,
//! and its estimate is unbiased: for two samples of one distribution it is 0 on
//! average, whatever their size, and so may be a little below 0. A pure number
//! that depends on the scale of the features. Papers print it times 1,000; here
//! it is as it is.

use rand_chacha::ChaCha8Rng;
use rand_core::{RngCore, SeedableRng};

use crate::MetricsError;
use crate::rows::{Points, inner_products};

/// The unbiased estimate of the squared maximum mean discrepancy between two
/// sets of rows, of at least two each.
///
/// # Errors
///
/// Where either has fewer than two rows, or rows that are not whole or finite.
pub fn kernel_distance(a: &[f32], b: &[f32], dims: usize) -> Result<f64, MetricsError> {
    let a = Points::new("the first set", a, dims, 2)?;
    let b = Points::new("the second set", b, dims, 2)?;
    Ok(discrepancy(&a, &b))
}

/// A mean over repeated measurements.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct MeanAndDeviation {
    /// The mean.
    pub mean: f64,
    /// The standard deviation of a single measurement (divided by `n - 1`).
    pub deviation: f64,
}

/// [`kernel_distance`] over `subsets` pairs of random subsets of `size` rows,
/// drawn without replacement: the form in which papers print it (100 subsets of
/// 1,000), with a spread that tells whether a difference means anything.
///
/// The same `seed` draws the same subsets.
///
/// # Errors
///
/// As [`kernel_distance`], and where `size` is below two or above the number of
/// rows, or `subsets` below two.
pub fn kernel_distance_over_subsets(
    a: &[f32],
    b: &[f32],
    dims: usize,
    subsets: usize,
    size: usize,
    seed: u64,
) -> Result<MeanAndDeviation, MetricsError> {
    for (name, value) in [
        ("the number of subsets", subsets),
        ("the size of a subset", size),
    ] {
        if value < 2 {
            return Err(MetricsError::BadParameter {
                name,
                value: value as f64,
                wanted: "at least 2",
            });
        }
    }
    let a = Points::new("the first set", a, dims, size)?;
    let b = Points::new("the second set", b, dims, size)?;
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    let values: Vec<f64> = (0..subsets)
        .map(|_| {
            let left = a.select(&subset(a.count(), size, &mut random));
            let right = b.select(&subset(b.count(), size, &mut random));
            discrepancy(&left, &right)
        })
        .collect();
    let mean = values.iter().sum::<f64>() / subsets as f64;
    let squares: f64 = values.iter().map(|v| (v - mean).powi(2)).sum();
    Ok(MeanAndDeviation {
        mean,
        deviation: (squares / (subsets - 1) as f64).sqrt(),
    })
}

fn discrepancy(a: &Points, b: &Points) -> f64 {
    mean_kernel_within(a) + mean_kernel_within(b) - 2.0 * mean_kernel_between(a, b)
}

fn kernel(product: f64, dims: f64) -> f64 {
    let base = product / dims + 1.0;
    base * base * base
}

/// Mean of the kernel over all pairs of different points of a set.
fn mean_kernel_within(points: &Points) -> f64 {
    let (n, dims) = (points.count() as f64, points.dims() as f64);
    let mut sum = 0.0;
    inner_products(points, points, |i, j, block| {
        for (column, products) in block.column_iter().enumerate() {
            for (row, &product) in products.iter().enumerate() {
                if i + row != j + column {
                    sum += kernel(product, dims);
                }
            }
        }
    });
    sum / (n * (n - 1.0))
}

/// Mean of the kernel over all pairs of a point of each set.
fn mean_kernel_between(a: &Points, b: &Points) -> f64 {
    let dims = a.dims() as f64;
    let mut sum = 0.0;
    inner_products(a, b, |_, _, block| {
        sum += block.iter().map(|&p| kernel(p, dims)).sum::<f64>();
    });
    sum / (a.count() as f64 * b.count() as f64)
}

/// `size` different places below `count`: the start of a Fisher-Yates shuffle.
fn subset(count: usize, size: usize, random: &mut ChaCha8Rng) -> Vec<usize> {
    let mut places: Vec<usize> = (0..count).collect();
    for i in 0..size {
        // The bias of a remainder is below 2^-40 for any set that fits memory.
        let other = i + (random.next_u64() % (count - i) as u64) as usize;
        places.swap(i, other);
    }
    places.truncate(size);
    places
}
