//! Eigenvalues of symmetric matrices, by Jacobi's rotations (Jacobi 1846; Golub
//! and Van Loan, "Matrix Computations", 8.5).
//!
//! Of our own, since those of a library of linear algebra weigh as much in the
//! worker as the nets that measure, and every visitor fetches the worker. The
//! matrices are small, and small eigenvalues come out as exact as large ones.

/// Sweeps after which a matrix is taken as it is; ten do for most.
const SWEEPS: usize = 64;

/// Eigenvalues of a matrix, and the vectors that go with them.
pub struct Eigen {
    /// In no order.
    pub values: Vec<f64>,
    /// `[n, n]`: row `i` is the vector of `values[i]`, of length 1.
    pub vectors: Vec<f64>,
}

/// Of a symmetric matrix, `[n, n]`.
pub fn symmetric_eigen(mut matrix: Vec<f64>, n: usize) -> Eigen {
    let mut vectors = vec![0.0; n * n];
    for i in 0..n {
        vectors[i * n + i] = 1.0;
    }
    let whole: f64 = matrix.iter().map(|v| v * v).sum();
    for _ in 0..SWEEPS {
        // Summed by itself: beside the diagonal it would be lost to rounding.
        let beside = (0..n).flat_map(|i| matrix[i * n + i + 1..(i + 1) * n].iter());
        let off: f64 = beside.map(|v| v * v).sum();
        // Beside rounding nothing is left to rotate away.
        if off <= whole * (f64::EPSILON * f64::EPSILON) {
            break;
        }
        let mut turned = false;
        for p in 0..n {
            for q in p + 1..n {
                let (pp, qq, pq) = (matrix[p * n + p], matrix[q * n + q], matrix[p * n + q]);
                if pq.abs() <= f64::EPSILON * (pp * qq).abs().sqrt() {
                    continue;
                }
                turned = true;
                let ratio = (qq - pp) / (2.0 * pq);
                let tangent = ratio.signum() / (ratio.abs() + ratio.hypot(1.0));
                let cosine = 1.0 / tangent.hypot(1.0);
                let turn = (cosine, tangent * cosine);
                rows(&mut matrix, n, p, q, turn);
                columns(&mut matrix, n, p, q, turn);
                rows(&mut vectors, n, p, q, turn);
            }
        }
        if !turned {
            break;
        }
    }
    Eigen {
        values: (0..n).map(|i| matrix[i * n + i]).collect(),
        vectors,
    }
}

/// Turns rows `p` and `q`, `p` before `q`.
fn rows(matrix: &mut [f64], n: usize, p: usize, q: usize, (cosine, sine): (f64, f64)) {
    let (before, after) = matrix.split_at_mut(q * n);
    let pairs = before[p * n..(p + 1) * n].iter_mut().zip(&mut after[..n]);
    for (a, b) in pairs {
        (*a, *b) = (cosine * *a - sine * *b, sine * *a + cosine * *b);
    }
}

/// Turns columns `p` and `q`.
fn columns(matrix: &mut [f64], n: usize, p: usize, q: usize, (cosine, sine): (f64, f64)) {
    for row in matrix.chunks_exact_mut(n) {
        let (a, b) = (row[p], row[q]);
        row[p] = cosine * a - sine * b;
        row[q] = sine * a + cosine * b;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(matrix: &[f64], n: usize, expected: &[f64]) {
        let Eigen { values, vectors } = symmetric_eigen(matrix.to_vec(), n);
        for (value, vector) in values.iter().zip(vectors.chunks_exact(n)) {
            for row in 0..n {
                let product: f64 = (0..n).map(|k| matrix[row * n + k] * vector[k]).sum();
                assert!((product - value * vector[row]).abs() < 1e-12, "{values:?}");
            }
            let length: f64 = vector.iter().map(|v| v * v).sum();
            assert!((length - 1.0).abs() < 1e-12, "{length}");
        }
        let mut values = values;
        values.sort_by(f64::total_cmp);
        for (value, expected) in values.iter().zip(expected) {
            assert!((value - expected).abs() < 1e-12, "{values:?}");
        }
    }

    #[test]
    fn eigenvalues_are_those_of_the_closed_form() {
        check(&[2.0, 0.0, 0.0, -1.0], 2, &[-1.0, 2.0]);
        check(&[2.0, 1.0, 1.0, 2.0], 2, &[1.0, 3.0]);
        check(&[1.0; 9], 3, &[0.0, 0.0, 3.0]);
        // A chain of springs: 2 - 2 cos(k pi / (n + 1)).
        let n = 40;
        let mut chain = vec![0.0; n * n];
        for i in 0..n {
            chain[i * n + i] = 2.0;
            if i + 1 < n {
                chain[i * n + i + 1] = -1.0;
                chain[(i + 1) * n + i] = -1.0;
            }
        }
        let expected: Vec<f64> = (1..=n)
            .map(|k| 2.0 - 2.0 * (k as f64 * std::f64::consts::PI / (n + 1) as f64).cos())
            .collect();
        check(&chain, n, &expected);
    }
}
