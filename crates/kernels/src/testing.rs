//! What the tests of this crate share.

/// Numbers between -1 and 1 in no order, others for another seed.
pub(crate) fn numbers(count: usize, seed: usize) -> Vec<f32> {
    (0..count)
        .map(|at| ((at + seed) * 7919 % 1009) as f32 / 504.5 - 1.0)
        .collect()
}
