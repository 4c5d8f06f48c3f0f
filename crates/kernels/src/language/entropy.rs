//! Logits, their softmax and its loss, a few rows at a time.

use super::Targets;
use super::product::{Matrix, product};
use super::wide::{exponentials, largest, wide};

/// Rows whose logits lie in memory at once.
const ROWS: usize = 256;

/// The loss, and where asked for the gradients that rows and table get from it.
pub(super) struct Entropy {
    pub loss: f32,
    /// Of the rows and of the table.
    pub gradients: Option<[Vec<f32>; 2]>,
}

/// [`super::cross_entropy`], of rows and a table of `width` columns.
pub(super) fn cross_entropy(
    hidden: &[f32],
    table: &[f32],
    width: usize,
    targets: &Targets,
    gradients: bool,
) -> Entropy {
    let vocabulary = table.len() / width;
    let counted: Vec<usize> = (0..targets.weights.len())
        .filter(|&row| targets.weights[row] != 0.0)
        .collect();
    let sizes = if gradients {
        [hidden.len(), table.len()]
    } else {
        [0; 2]
    };
    let [mut to_hidden, mut to_table] = sizes.map(|size| vec![0.0; size]);
    let mut logits = vec![0.0; ROWS.min(counted.len()) * vocabulary];
    let mut rows = Vec::with_capacity(ROWS * width);
    let mut to_rows = vec![0.0; if gradients { ROWS * width } else { 0 }];
    let mut loss = 0.0_f64;
    for chosen in counted.chunks(ROWS) {
        let count = chosen.len();
        rows.clear();
        for row in chosen {
            rows.extend_from_slice(&hidden[row * width..][..width]);
        }
        let rows = Matrix::rows(&rows, width);
        let words = Matrix::rows(table, width);
        product(
            &mut logits,
            vocabulary,
            [count, width, vocabulary],
            rows,
            words.turned(),
            false,
        );
        loss += wide(|| {
            let mut loss = 0.0_f64;
            for (&row, logits) in chosen.iter().zip(logits.chunks_exact_mut(vocabulary)) {
                let (target, weight) = (targets.tokens[row] as usize, targets.weights[row]);
                let most = largest(logits);
                let own = logits[target] - most;
                let total = exponentials(logits, most);
                loss += f64::from(weight) * f64::from(total.ln() - own);
                if gradients {
                    let share = weight / total;
                    for logit in logits.iter_mut() {
                        *logit *= share;
                    }
                    logits[target] -= weight;
                }
            }
            loss
        });
        if gradients {
            let slopes = Matrix::rows(&logits, vocabulary);
            product(
                &mut to_rows,
                width,
                [count, vocabulary, width],
                slopes,
                words,
                false,
            );
            for (row, gradient) in chosen.iter().zip(to_rows.chunks_exact(width)) {
                to_hidden[row * width..][..width].copy_from_slice(gradient);
            }
            product(
                &mut to_table,
                width,
                [vocabulary, count, width],
                slopes.turned(),
                rows,
                true,
            );
        }
    }
    Entropy {
        loss: loss as f32,
        gradients: gradients.then_some([to_hidden, to_table]),
    }
}
