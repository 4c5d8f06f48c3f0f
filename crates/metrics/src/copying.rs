//! Whether a generator copies its training set: the three-sample test.
//!
//! Meehan, Chaudhuri and Dasgupta, "A Non-Parametric Test to Detect Data-Copying
//! in Generative Models", AISTATS 2020, arXiv 2004.05675. Of a training set, a
//! test set that nobody trained on, and a made set: if what is made lies nearer
//! to the training set than the test set does, more often than chance would have
//! it, it was copied.

use crate::MetricsError;

/// One part of the space, in which test and made examples are compared.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Cell {
    /// Distance of each test example in it to the nearest training example.
    pub test: Vec<f64>,
    /// The same of each made example.
    pub made: Vec<f64>,
}

/// The Z-score of Mann and Whitney's U for made distances against test
/// distances, with the correction for ties.
///
/// Near 0 where both are alike; below -3 or so, made examples are too near to
/// the training set to be new; far above 0, they are further from it than real
/// ones, as of a model that has learned too little.
///
/// # Errors
///
/// Where one has fewer than 2 values, or a value that is not finite, or all
/// values are equal, which says nothing.
pub fn copying_score(test: &[f64], made: &[f64]) -> Result<f64, MetricsError> {
    for (name, values) in [("the test set", test), ("the made set", made)] {
        if values.len() < 2 {
            return Err(MetricsError::TooFew {
                name,
                rows: values.len(),
                least: 2,
            });
        }
        if let Some(row) = values.iter().position(|value| !value.is_finite()) {
            return Err(MetricsError::NotFinite { name, row });
        }
    }
    let mut all: Vec<(f64, bool)> = test
        .iter()
        .map(|&value| (value, false))
        .chain(made.iter().map(|&value| (value, true)))
        .collect();
    all.sort_by(|a, b| a.0.total_cmp(&b.0));
    // Ranks from 1; equal values share the mean of theirs.
    let (mut made_ranks, mut ties, mut before) = (0.0, 0.0, 0.0);
    for alike in all.chunk_by(|a, b| a.0 == b.0) {
        let count = alike.len() as f64;
        let rank = before + (count + 1.0) / 2.0;
        before += count;
        made_ranks += rank * alike.iter().filter(|(_, made)| *made).count() as f64;
        ties += count.powi(3) - count;
    }
    let (n, m) = (test.len() as f64, made.len() as f64);
    let u = made_ranks - m * (m + 1.0) / 2.0;
    let whole = n + m;
    let variance = n * m / 12.0 * (whole + 1.0 - ties / (whole * (whole - 1.0)));
    if variance <= 0.0 {
        return Err(MetricsError::BadParameter {
            name: "the spread of all distances",
            value: 0.0,
            wanted: "more than nothing",
        });
    }
    Ok((u - n * m / 2.0) / variance.sqrt())
}

/// The statistic C_T: the scores of the cells, weighed by the share of the test
/// set that lies in each. Cells with fewer than `least` made or test examples
/// are left out, as in the paper.
///
/// # Errors
///
/// As [`copying_score`]; and where no cell has enough.
pub fn copying_test(cells: &[Cell], least: usize) -> Result<f64, MetricsError> {
    let (mut sum, mut weight) = (0.0, 0.0);
    for cell in cells {
        if cell.test.len().min(cell.made.len()) >= least.max(2) {
            let share = cell.test.len() as f64;
            sum += share * copying_score(&cell.test, &cell.made)?;
            weight += share;
        }
    }
    if weight == 0.0 {
        return Err(MetricsError::TooFew {
            name: "the largest cell",
            rows: cells
                .iter()
                .map(|cell| cell.test.len().min(cell.made.len()))
                .max()
                .unwrap_or(0),
            least,
        });
    }
    Ok(sum / weight)
}
