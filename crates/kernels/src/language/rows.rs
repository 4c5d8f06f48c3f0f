//! What is done row by row: normalisation, the gated unit, the table's rows.

use super::EPSILON;
use super::wide::{sum, wide};
#[cfg(feature = "flex")]
use crate::activation::{silu, slope};

/// [`super::rms_norm`].
pub(super) fn rms_norm(input: &[f32], gain: &[f32]) -> Vec<f32> {
    let mut made = vec![0.0; input.len()];
    wide(|| {
        let rows = input.chunks_exact(gain.len());
        for (row, made) in rows.zip(made.chunks_exact_mut(gain.len())) {
            let root = root(row);
            for ((made, &x), &gain) in made.iter_mut().zip(row).zip(gain) {
                *made = x * root * gain;
            }
        }
    });
    made
}

/// The gradients that its input and its gain get.
#[cfg(feature = "flex")]
pub(super) fn rms_norm_back(input: &[f32], gain: &[f32], gradient: &[f32]) -> [Vec<f32>; 2] {
    let width = gain.len();
    let mut to_input = vec![0.0; input.len()];
    let mut to_gain = vec![0.0; width];
    wide(|| {
        let rows = input.chunks_exact(width).zip(gradient.chunks_exact(width));
        for ((row, gradient), to) in rows.zip(to_input.chunks_exact_mut(width)) {
            let root = root(row);
            let along = sum(width, |at| gradient[at] * gain[at] * row[at]);
            let back = along * root * root / width as f32;
            for at in 0..width {
                to[at] = root * (gradient[at] * gain[at] - row[at] * back);
                to_gain[at] += gradient[at] * row[at] * root;
            }
        }
    });
    [to_input, to_gain]
}

/// What a row is multiplied by.
#[inline(always)]
fn root(row: &[f32]) -> f32 {
    1.0 / (sum(row.len(), |at| row[at] * row[at]) / row.len() as f32 + EPSILON).sqrt()
}

/// [`super::swiglu`].
#[cfg(feature = "flex")]
pub(super) fn swiglu(input: &[f32], hidden: usize) -> Vec<f32> {
    let mut made = vec![0.0; input.len() / 2];
    wide(|| {
        let rows = input.chunks_exact(2 * hidden);
        for (row, made) in rows.zip(made.chunks_exact_mut(hidden)) {
            let (gate, up) = row.split_at(hidden);
            for ((made, &gate), &up) in made.iter_mut().zip(gate).zip(up) {
                *made = silu(gate) * up;
            }
        }
    });
    made
}

/// The gradient that its input gets.
#[cfg(feature = "flex")]
pub(super) fn swiglu_back(input: &[f32], hidden: usize, gradient: &[f32]) -> Vec<f32> {
    let mut made = vec![0.0; input.len()];
    wide(|| {
        let rows = input
            .chunks_exact(2 * hidden)
            .zip(gradient.chunks_exact(hidden));
        for ((row, gradient), to) in rows.zip(made.chunks_exact_mut(2 * hidden)) {
            let (gate, up) = row.split_at(hidden);
            let (to_gate, to_up) = to.split_at_mut(hidden);
            for at in 0..hidden {
                to_gate[at] = gradient[at] * up[at] * slope(gate[at]);
                to_up[at] = gradient[at] * silu(gate[at]);
            }
        }
    });
    made
}

/// [`super::embed`].
#[cfg(feature = "flex")]
pub(super) fn embed(table: &[f32], width: usize, tokens: &[u32]) -> Vec<f32> {
    let mut made = Vec::with_capacity(tokens.len() * width);
    for &token in tokens {
        made.extend_from_slice(&table[token as usize * width..][..width]);
    }
    made
}

/// The gradient that the table gets, of `size` numbers.
#[cfg(feature = "flex")]
pub(super) fn embed_back(gradient: &[f32], width: usize, tokens: &[u32], size: usize) -> Vec<f32> {
    let mut made = vec![0.0; size];
    wide(|| {
        for (row, &token) in gradient.chunks_exact(width).zip(tokens) {
            let to = &mut made[token as usize * width..][..width];
            for (to, &gradient) in to.iter_mut().zip(row) {
                *to += gradient;
            }
        }
    });
    made
}
