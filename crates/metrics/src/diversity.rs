//! How varied what is made is, and whether it is what was asked for.

use crate::MetricsError;
use crate::rows::{Points, squared_distances};

/// How evenly classes are made (Shannon 1948).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ClassEntropy {
    /// Entropy in bits: 0 where one class is all, `log2(classes)` where all are
    /// made as often.
    pub bits: f64,
    /// The same over its largest value: 0 to 1.
    pub normalised: f64,
}

/// The entropy of a count for each class, of at least two classes.
///
/// With no asked class, a generator that leaves out classes has less than its
/// training data.
///
/// # Errors
///
/// Where there are fewer than two classes or all counts are 0.
pub fn class_entropy(counts: &[u64]) -> Result<ClassEntropy, MetricsError> {
    if counts.len() < 2 {
        return Err(MetricsError::TooFew {
            name: "the list of classes",
            rows: counts.len(),
            least: 2,
        });
    }
    let total: f64 = counts.iter().map(|&n| n as f64).sum();
    if total == 0.0 {
        return Err(MetricsError::BadParameter {
            name: "the sum of the counts",
            value: 0.0,
            wanted: "at least 1",
        });
    }
    let bits: f64 = counts
        .iter()
        .filter(|&&n| n > 0)
        .map(|&n| n as f64 / total)
        .map(|p| -p * p.log2())
        .sum();
    // 0 as 0 and not as -0, which would print a sign.
    let bits = bits.max(0.0);
    Ok(ClassEntropy {
        bits,
        normalised: bits / (counts.len() as f64).log2(),
    })
}

/// The mean Euclidean distance of all pairs of rows, in the rows' unit.
///
/// Falls towards 0 when a generator collapses to one picture; set it beside that
/// of real rows.
///
/// # Errors
///
/// Where there are fewer than two rows, or rows that are not whole or finite.
pub fn mean_pairwise_distance(rows: &[f32], dims: usize) -> Result<f64, MetricsError> {
    let points = Points::new("the set of rows", rows, dims, 2)?;
    let origin = points.mean();
    let points = points.minus(&origin);
    let mut sum = 0.0;
    squared_distances(&points, &points, |i, j, squared| {
        if i != j {
            sum += squared.sqrt();
        }
    });
    let n = points.count() as f64;
    Ok(sum / (n * (n - 1.0)))
}

/// The fraction of made pictures that a classifier takes for the class that was
/// asked for, 0 to 1.
///
/// # Errors
///
/// Where nothing was made, or the lists differ in length.
pub fn agreement(asked: &[u8], predicted: &[u8]) -> Result<f64, MetricsError> {
    check_classes(asked, predicted)?;
    let hits = asked.iter().zip(predicted).filter(|(a, p)| a == p).count();
    Ok(hits as f64 / asked.len() as f64)
}

/// [`agreement`] for each class apart; `None` for one that was never asked for.
///
/// # Errors
///
/// As [`agreement`], and where a class that was asked for is not below `classes`.
pub fn agreement_by_class(
    asked: &[u8],
    predicted: &[u8],
    classes: usize,
) -> Result<Vec<Option<f64>>, MetricsError> {
    check_classes(asked, predicted)?;
    if let Some(&class) = asked.iter().find(|&&class| usize::from(class) >= classes) {
        return Err(MetricsError::BadParameter {
            name: "a class that was asked for",
            value: f64::from(class),
            wanted: "below the number of classes",
        });
    }
    let mut counts = vec![(0u64, 0u64); classes];
    for (a, p) in asked.iter().zip(predicted) {
        let (hits, total) = &mut counts[usize::from(*a)];
        *total += 1;
        *hits += u64::from(a == p);
    }
    Ok(counts
        .into_iter()
        .map(|(hits, total)| (total > 0).then(|| hits as f64 / total as f64))
        .collect())
}

fn check_classes(asked: &[u8], predicted: &[u8]) -> Result<(), MetricsError> {
    if asked.len() != predicted.len() {
        return Err(MetricsError::Unequal {
            left: "the asked classes",
            left_count: asked.len(),
            right: "the predicted classes",
            right_count: predicted.len(),
        });
    }
    if asked.is_empty() {
        return Err(MetricsError::TooFew {
            name: "the list of asked classes",
            rows: 0,
            least: 1,
        });
    }
    Ok(())
}
