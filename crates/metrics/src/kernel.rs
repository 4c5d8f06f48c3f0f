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
/// As [`KernelDistance::new`].
pub fn kernel_distance_over_subsets(
    a: &[f32],
    b: &[f32],
    dims: usize,
    subsets: usize,
    size: usize,
    seed: u64,
) -> Result<MeanAndDeviation, MetricsError> {
    let mut distance = KernelDistance::new(a, b, dims, subsets, size, seed)?;
    while !distance.advance() {}
    Ok(distance.value())
}

/// [`kernel_distance_over_subsets`], a subset at a time.
pub struct KernelDistance {
    a: Points,
    b: Points,
    subsets: usize,
    size: usize,
    random: ChaCha8Rng,
    values: Vec<f64>,
}

impl KernelDistance {
    /// Between two sets of rows; see [`kernel_distance_over_subsets`].
    ///
    /// # Errors
    ///
    /// As [`kernel_distance`], and where `size` is below two or above the number of
    /// rows, or `subsets` below two.
    pub fn new(
        a: &[f32],
        b: &[f32],
        dims: usize,
        subsets: usize,
        size: usize,
        seed: u64,
    ) -> Result<Self, MetricsError> {
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
        Ok(Self {
            a: Points::new("the first set", a, dims, size)?,
            b: Points::new("the second set", b, dims, size)?,
            subsets,
            size,
            random: ChaCha8Rng::seed_from_u64(seed),
            values: Vec::new(),
        })
    }

    /// Measures the next pair of subsets; whether that was the last.
    pub fn advance(&mut self) -> bool {
        if self.values.len() < self.subsets {
            let mut draw =
                |from: &Points| from.select(&subset(from.count(), self.size, &mut self.random));
            let (a, b) = (draw(&self.a), draw(&self.b));
            self.values.push(discrepancy(&a, &b));
        }
        self.values.len() == self.subsets
    }

    /// What the subsets so far give; no number before the second.
    pub fn value(&self) -> MeanAndDeviation {
        let count = self.values.len() as f64;
        let mean = self.values.iter().sum::<f64>() / count;
        let squares: f64 = self.values.iter().map(|v| (v - mean).powi(2)).sum();
        MeanAndDeviation {
            mean,
            deviation: (squares / (count - 1.0)).sqrt(),
        }
    }
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
    inner_products(points, 0..points.count(), points, |i, j, product| {
        if i != j {
            sum += kernel(product, dims);
        }
    });
    sum / (n * (n - 1.0))
}

/// Mean of the kernel over all pairs of a point of each set.
fn mean_kernel_between(a: &Points, b: &Points) -> f64 {
    let dims = a.dims() as f64;
    let mut sum = 0.0;
    inner_products(a, 0..a.count(), b, |_, _, product| {
        sum += kernel(product, dims);
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
