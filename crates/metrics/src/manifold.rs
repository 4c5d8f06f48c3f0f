//! Precision and recall (Kynkaanniemi 2019), density and coverage (Naeem 2020).
//!
//! The manifold of a set is taken to be the union of balls about its points,
//! each as large as the distance to the k-th nearest other point of the set.
//! Precision asks how much of what is made lies on the manifold of the real:
//! quality. Recall asks how much of the real lies on the manifold of the made:
//! variety; it falls when a generator collapses. Density and coverage ask the
//! same of the manifold of the real alone, which an outlier among the made
//! cannot inflate. All but density are fractions, 0 to 1.

use crate::MetricsError;
use crate::rows::{Points, squared_distances};

/// How much of two sets lies on each other's manifold.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PrecisionRecall {
    /// Fraction of the made that lies on the manifold of the real.
    pub precision: f64,
    /// Fraction of the real that lies on the manifold of the made.
    pub recall: f64,
    /// How many balls of the real a made point lies in, over `k`; 1 on average
    /// for a perfect generator, and may be above.
    pub density: f64,
    /// Fraction of the balls of the real that a made point lies in.
    pub coverage: f64,
}

/// Precision and recall of `fake` rows against `real` ones, with balls that reach
/// to the `k`-th nearest point (3 in the paper).
///
/// Depends on the number of rows: compare only figures with the same counts.
///
/// # Errors
///
/// Where either set has `k` rows or fewer, or rows that are not whole or finite,
/// and where `k` is 0.
pub fn precision_recall(
    real: &[f32],
    fake: &[f32],
    dims: usize,
    k: usize,
) -> Result<PrecisionRecall, MetricsError> {
    if k == 0 {
        return Err(MetricsError::BadParameter {
            name: "k",
            value: 0.0,
            wanted: "at least 1",
        });
    }
    let real = Points::new("the real set", real, dims, k + 1)?;
    let fake = Points::new("the made set", fake, dims, k + 1)?;
    let origin = real.mean();
    let (real, fake) = (real.minus(&origin), fake.minus(&origin));
    let real_radii = squared_radii(&real, k);
    let fake_radii = squared_radii(&fake, k);

    let mut real_is_reached = vec![false; real.count()];
    let mut ball_is_hit = vec![false; real.count()];
    let mut balls_about = vec![0u64; fake.count()];
    squared_distances(&real, &fake, |r, f, squared| {
        if squared <= real_radii[r] {
            balls_about[f] += 1;
            ball_is_hit[r] = true;
        }
        if squared <= fake_radii[f] {
            real_is_reached[r] = true;
        }
    });

    let fraction = |hits: usize, of: usize| hits as f64 / of as f64;
    let count = |flags: &[bool]| flags.iter().filter(|&&f| f).count();
    let inside = balls_about.iter().filter(|&&n| n > 0).count();
    let balls: u64 = balls_about.iter().sum();
    Ok(PrecisionRecall {
        precision: fraction(inside, fake.count()),
        recall: fraction(count(&real_is_reached), real.count()),
        density: balls as f64 / (k as f64 * fake.count() as f64),
        coverage: fraction(count(&ball_is_hit), real.count()),
    })
}

/// The squared distance from each point to its `k`-th nearest other.
fn squared_radii(points: &Points, k: usize) -> Vec<f64> {
    // The k nearest so far, the farthest of them last.
    let mut nearest = vec![Vec::with_capacity(k + 1); points.count()];
    squared_distances(points, points, |i, j, squared| {
        let near: &mut Vec<f64> = &mut nearest[i];
        if i == j || (near.len() == k && squared >= near[k - 1]) {
            return;
        }
        let place = near.partition_point(|&other| other <= squared);
        near.insert(place, squared);
        near.truncate(k);
    });
    nearest.into_iter().map(|near| near[k - 1]).collect()
}
