//! How varied what is made is, and whether it is what was asked for.

use std::collections::BTreeMap;

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
    let mut pairs = Pairs::new(rows, dims)?;
    while !pairs.advance(usize::MAX) {}
    Ok(pairs.mean())
}

/// [`mean_pairwise_distance`], a piece at a time.
struct Pairs {
    points: Points,
    sum: f64,
    /// Rows that were compared with all.
    at: usize,
}

impl Pairs {
    fn new(rows: &[f32], dims: usize) -> Result<Self, MetricsError> {
        let points = Points::new("the set of rows", rows, dims, 2)?;
        let origin = points.mean();
        Ok(Self {
            points: points.minus(&origin),
            sum: 0.0,
            at: 0,
        })
    }

    /// Goes on for about `work` multiplications; whether the mean is there.
    fn advance(&mut self, work: usize) -> bool {
        let points = &self.points;
        let until = (self.at + points.rows_of(work, points)).min(points.count());
        squared_distances(points, self.at..until, points, |i, j, squared| {
            if i != j {
                self.sum += squared.sqrt();
            }
        });
        self.at = until;
        until == points.count()
    }

    fn mean(&self) -> f64 {
        let n = self.points.count() as f64;
        self.sum / (n * (n - 1.0))
    }
}

/// Mean distance between two different pictures of one class, averaged over the
/// classes that have two; 0 where none has.
///
/// Pictures are `[count, values]` in 0..1; the distance is Euclidean. Within
/// classes, since a conditional generator that makes one picture a class has
/// collapsed, though its pictures differ.
///
/// # Errors
///
/// Where a pixel is not finite.
pub fn spread(pictures: &[f32], classes: &[u8]) -> Result<f64, MetricsError> {
    let mut spread = Spread::new(pictures, classes)?;
    while !spread.advance(usize::MAX) {}
    Ok(spread.value())
}

/// [`spread`], a piece at a time.
pub struct Spread {
    classes: Vec<Pairs>,
    /// Classes that are measured.
    at: usize,
}

impl Spread {
    /// Of pictures, `[count, values]`, and the class of each.
    ///
    /// # Errors
    ///
    /// As [`spread`].
    pub fn new(pictures: &[f32], classes: &[u8]) -> Result<Self, MetricsError> {
        let values = pictures.len() / classes.len().max(1);
        let mut by_class: BTreeMap<u8, Vec<f32>> = BTreeMap::new();
        for (picture, &class) in pictures.chunks_exact(values.max(1)).zip(classes) {
            by_class.entry(class).or_default().extend(picture);
        }
        let classes = by_class
            .values()
            .filter(|members| members.len() >= 2 * values)
            .map(|members| Pairs::new(members, values))
            .collect::<Result<_, _>>()?;
        Ok(Self { classes, at: 0 })
    }

    /// Goes on for about `work` multiplications; whether the value is there.
    pub fn advance(&mut self, work: usize) -> bool {
        if let Some(class) = self.classes.get_mut(self.at)
            && class.advance(work)
        {
            self.at += 1;
        }
        self.at == self.classes.len()
    }

    /// The mean over the classes, once it is there.
    pub fn value(&self) -> f64 {
        let sum: f64 = self.classes.iter().map(Pairs::mean).sum();
        sum / self.classes.len().max(1) as f64
    }
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
