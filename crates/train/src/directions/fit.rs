//! Straight lines through points: means, principal components, ridge regression, and
//! how well one number foretells another.

use anyhow::{Result, bail};
use lampwork_metrics::{Eigen, symmetric_eigen};

/// Points of a space, each as long as the others.
#[derive(Debug, Clone)]
pub struct Points {
    /// `[count, dimensions]`, about their mean.
    centred: Vec<f64>,
    mean: Vec<f64>,
    /// `[dimensions, dimensions]`.
    covariance: Vec<f64>,
}

impl Points {
    /// The points of rows `[count, dimensions]`.
    pub fn new(rows: &[f32], dimensions: usize) -> Self {
        let count = (rows.len() / dimensions).max(1) as f64;
        let mut mean = vec![0.0; dimensions];
        for row in rows.chunks_exact(dimensions) {
            for (mean, &value) in mean.iter_mut().zip(row) {
                *mean += f64::from(value) / count;
            }
        }
        let centred: Vec<f64> = rows
            .chunks_exact(dimensions)
            .flat_map(|row| row.iter().zip(&mean).map(|(&x, mean)| f64::from(x) - mean))
            .collect();
        let mut covariance = vec![0.0; dimensions * dimensions];
        for row in centred.chunks_exact(dimensions) {
            for (sums, &a) in covariance.chunks_exact_mut(dimensions).zip(row) {
                for (sum, &b) in sums.iter_mut().zip(row) {
                    *sum += a * b / count;
                }
            }
        }
        Self {
            centred,
            mean,
            covariance,
        }
    }

    /// Numbers of a point.
    pub fn dimensions(&self) -> usize {
        self.mean.len()
    }

    fn rows(&self) -> impl Iterator<Item = &[f64]> {
        self.centred.chunks_exact(self.dimensions())
    }

    /// Variance in all.
    pub fn variance(&self) -> f64 {
        let n = self.dimensions();
        (0..n).map(|at| self.covariance[at * n + at]).sum()
    }

    /// Variance along a direction of length 1.
    pub fn along(&self, direction: &[f64]) -> f64 {
        let turned = times(&self.covariance, direction);
        dot(&turned, direction).max(0.0)
    }

    /// The directions of most variance, each of length 1, with the variance along it,
    /// the largest first; its largest number is above zero.
    pub fn components(&self, count: usize) -> Vec<(Vec<f64>, f64)> {
        let n = self.dimensions();
        let Eigen { values, vectors } = symmetric_eigen(self.covariance.clone(), n);
        let mut order: Vec<usize> = (0..n).collect();
        order.sort_by(|&a, &b| values[b].total_cmp(&values[a]));
        order
            .into_iter()
            .take(count)
            .map(|at| {
                let mut vector = vectors[at * n..(at + 1) * n].to_vec();
                let largest = vector
                    .iter()
                    .copied()
                    .max_by(|a, b| a.abs().total_cmp(&b.abs()));
                if largest.is_some_and(|largest| largest < 0.0) {
                    vector.iter_mut().for_each(|x| *x = -*x);
                }
                (vector, values[at].max(0.0))
            })
            .collect()
    }

    /// What foretells `targets` best, one a point, by least squares with a price on its
    /// length (ridge regression, Hoerl 1970): `price` times the mean variance.
    ///
    /// # Errors
    /// Where there are not as many targets as points, or nothing to solve.
    pub fn ridge(&self, targets: &[f64], price: f64) -> Result<Line> {
        let n = self.dimensions();
        if targets.len() != self.centred.len() / n {
            bail!("{} targets for other points", targets.len());
        }
        let count = targets.len().max(1) as f64;
        let mean = targets.iter().sum::<f64>() / count;
        let mut beside = vec![0.0; n];
        for (row, target) in self.rows().zip(targets) {
            for (sum, x) in beside.iter_mut().zip(row) {
                *sum += x * (target - mean) / count;
            }
        }
        let mut matrix = self.covariance.clone();
        let price = price * self.variance() / n as f64 + 1e-12;
        for at in 0..n {
            matrix[at * n + at] += price;
        }
        let slope = solve(matrix, beside)?;
        Ok(Line {
            offset: mean - dot(&slope, &self.mean),
            slope,
        })
    }
}

/// A number for each point of a space.
#[derive(Debug, Clone)]
pub struct Line {
    /// How it rises.
    pub slope: Vec<f64>,
    /// What it is at the origin.
    pub offset: f64,
}

impl Line {
    /// Its value at each row.
    pub fn values(&self, rows: &[f32]) -> Vec<f64> {
        rows.chunks_exact(self.slope.len())
            .map(|row| {
                let along = row.iter().zip(&self.slope).map(|(&x, s)| f64::from(x) * s);
                along.sum::<f64>() + self.offset
            })
            .collect()
    }
}

/// The vector without what lies along `others`, which are of length 1 and orthogonal
/// to each other.
pub fn without(vector: &[f64], others: &[Vec<f64>]) -> Vec<f64> {
    let mut left = vector.to_vec();
    for other in others {
        let along = dot(&left, other);
        left.iter_mut()
            .zip(other)
            .for_each(|(x, o)| *x -= along * o);
    }
    left
}

/// Of length 1; `None` where it has no direction.
pub fn unit(mut vector: Vec<f64>) -> Option<Vec<f64>> {
    let length = dot(&vector, &vector).sqrt();
    if length.is_nan() || length < 1e-9 {
        return None;
    }
    vector.iter_mut().for_each(|x| *x /= length);
    Some(vector)
}

/// How often a value of what is so stands above one of what is not (the area under the
/// curve of true against false positives); a half where there is nothing to tell apart.
pub fn skill(values: &[f64], labels: &[bool]) -> f64 {
    let mut order: Vec<usize> = (0..values.len()).collect();
    order.sort_by(|&a, &b| values[a].total_cmp(&values[b]));
    let yes = labels.iter().filter(|label| **label).count() as f64;
    let no = labels.len() as f64 - yes;
    if yes == 0.0 || no == 0.0 {
        return 0.5;
    }
    // Ranks of what is so, equal values in the middle of their own.
    let (mut sum, mut at) = (0.0, 0);
    while at < order.len() {
        let mut until = at;
        while until < order.len() && values[order[until]] == values[order[at]] {
            until += 1;
        }
        let rank = (at + until + 1) as f64 / 2.0;
        let so = order[at..until].iter().filter(|&&i| labels[i]).count();
        sum += rank * so as f64;
        at = until;
    }
    (sum - yes * (yes + 1.0) / 2.0) / (yes * no)
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

fn times(matrix: &[f64], vector: &[f64]) -> Vec<f64> {
    matrix
        .chunks_exact(vector.len())
        .map(|row| dot(row, vector))
        .collect()
}

/// Solves a positive definite system by Cholesky's factors (Golub and Van Loan, 4.2).
fn solve(mut matrix: Vec<f64>, mut right: Vec<f64>) -> Result<Vec<f64>> {
    let n = right.len();
    for row in 0..n {
        for column in 0..=row {
            let (a, b) = (row * n, column * n);
            let known = dot(&matrix[a..a + column], &matrix[b..b + column]);
            let left = matrix[a + column] - known;
            matrix[a + column] = if row == column {
                if left.is_nan() || left <= 0.0 {
                    bail!("the points lie in a plane: there is nothing to solve");
                }
                left.sqrt()
            } else {
                left / matrix[b + column]
            };
        }
    }
    for row in 0..n {
        let known = dot(&matrix[row * n..row * n + row], &right[..row]);
        right[row] = (right[row] - known) / matrix[row * n + row];
    }
    for row in (0..n).rev() {
        let known: f64 = (row + 1..n)
            .map(|at| matrix[at * n + row] * right[at])
            .sum();
        right[row] = (right[row] - known) / matrix[row * n + row];
    }
    Ok(right)
}

#[cfg(test)]
mod tests {
    use super::*;
    use lampwork_models::Noise;

    /// Points that vary by 3, 2, 1 and a tenth along the axes, turned in one plane.
    fn points() -> (Vec<f32>, Points) {
        let deviations = [3.0, 2.0, 1.0, 0.1];
        let noise = Noise::new(1, 0).normal(4 * 4000);
        let rows: Vec<f32> = noise
            .chunks_exact(4)
            .flat_map(|row| {
                let wide: Vec<f32> = row.iter().zip(deviations).map(|(x, d)| x * d).collect();
                let (sine, cosine) = 0.5_f32.sin_cos();
                [
                    cosine * wide[0] - sine * wide[1] + 5.0,
                    sine * wide[0] + cosine * wide[1] - 7.0,
                    wide[2],
                    wide[3],
                ]
            })
            .collect();
        let points = Points::new(&rows, 4);
        (rows, points)
    }

    #[test]
    fn components_are_the_axes_that_points_vary_along() {
        let (_, points) = points();
        let components = points.components(2);
        let (sine, cosine) = 0.5_f64.sin_cos();
        for ((found, variance), (known, wanted)) in components
            .iter()
            .zip([([cosine, sine], 9.0), ([-sine, cosine], 4.0)])
        {
            let along = found[0] * known[0] + found[1] * known[1];
            assert!(along.abs() > 0.999, "{found:?}");
            assert!((variance / wanted - 1.0).abs() < 0.1, "{variance}");
            assert!((points.along(found) - variance).abs() < 1e-9);
        }
        assert!((points.variance() - 14.01).abs() < 0.7);
    }

    #[test]
    fn a_line_is_found_again() {
        let (rows, points) = points();
        let line = Line {
            slope: vec![0.5, -1.0, 2.0, 3.0],
            offset: -4.0,
        };
        let found = points.ridge(&line.values(&rows), 0.0).unwrap();
        assert!((found.offset + 4.0).abs() < 1e-6, "{}", found.offset);
        for (a, b) in found.slope.iter().zip(&line.slope) {
            assert!((a - b).abs() < 1e-6, "{:?}", found.slope);
        }
        let priced = points.ridge(&line.values(&rows), 1.0).unwrap();
        assert!(priced.slope[3].abs() < 0.1 * found.slope[3].abs());
        assert!(points.ridge(&[1.0], 0.0).is_err());
        assert!(Points::new(&[1.0; 8], 2).ridge(&[1.0; 4], 0.0).is_ok());
    }

    #[test]
    fn skill_is_the_share_of_pairs_in_order() {
        let labels = [true, false, true, false];
        assert_eq!(skill(&[4.0, 1.0, 3.0, 2.0], &labels), 1.0);
        assert_eq!(skill(&[1.0, 4.0, 2.0, 3.0], &labels), 0.0);
        assert_eq!(skill(&[1.0, 1.0, 1.0, 1.0], &labels), 0.5);
        assert_eq!(skill(&[4.0, 3.0, 2.0, 1.0], &labels), 0.75);
        assert_eq!(skill(&[1.0, 2.0], &[true, true]), 0.5);
    }

    #[test]
    fn what_lies_along_others_is_taken_out() {
        let others = vec![vec![1.0, 0.0, 0.0], vec![0.0, 0.6, 0.8]];
        let left = without(&[3.0, 1.0, 2.0], &others);
        for other in &others {
            assert!(dot(&left, other).abs() < 1e-12);
        }
        assert_eq!(unit(vec![0.0, 3.0, 4.0]), Some(vec![0.0, 0.6, 0.8]));
        assert_eq!(unit(vec![0.0; 3]), None);
    }
}
