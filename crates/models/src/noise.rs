//! Noise by seed: the same numbers on every device and in every build.

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{RngCore, SeedableRng};
use rand_distr::{Distribution, StandardNormal};

/// A stream of noise from ChaCha8.
///
/// A seed and a stream number name it, so that step 1,000 of a run draws the
/// same noise whether the run was resumed or not.
#[derive(Debug, Clone)]
pub struct Noise(ChaCha8Rng);

impl Noise {
    /// The noise of `seed` numbered `stream`.
    pub fn new(seed: u64, stream: u64) -> Self {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        rng.set_stream(stream);
        Self(rng)
    }

    /// `count` draws from the standard normal distribution.
    pub fn normal(&mut self, count: usize) -> Vec<f32> {
        (0..count).map(|_| self.one_normal()).collect()
    }

    /// One draw from the standard normal distribution.
    pub fn one_normal(&mut self) -> f32 {
        StandardNormal.sample(&mut self.0)
    }

    /// `count` draws from `0..1`.
    pub fn uniform(&mut self, count: usize) -> Vec<f32> {
        (0..count).map(|_| self.one_uniform()).collect()
    }

    /// One draw from `0..1`, in steps of 2^-24.
    pub fn one_uniform(&mut self) -> f32 {
        (self.0.next_u32() >> 8) as f32 * (1.0 / (1u32 << 24) as f32)
    }

    /// One draw from `0..bound`; `bound` must not be 0.
    ///
    /// By multiplication (Lemire 2019) without the rejection step: the bias is
    /// below `bound / 2^32`, far under what a picture could show.
    pub fn below(&mut self, bound: u32) -> u32 {
        ((u64::from(self.0.next_u32()) * u64::from(bound)) >> 32) as u32
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stream_repeats_and_streams_differ() {
        let draw = |seed, stream| Noise::new(seed, stream).normal(8);
        assert_eq!(draw(1, 2), draw(1, 2));
        assert_ne!(draw(1, 2), draw(1, 3));
        assert_ne!(draw(1, 2), draw(2, 2));
    }

    /// Recipes in the wild rest on these numbers: if this test fails, every
    /// share link shows another picture.
    #[test]
    fn the_numbers_never_change() {
        let drawn = Noise::new(7, 0).normal(3);
        assert_eq!(drawn, [-0.7753719, -1.3834218, 0.889713]);
    }

    #[test]
    fn normal_draws_have_mean_zero_and_variance_one() {
        let draws = Noise::new(3, 0).normal(100_000);
        let mean = draws.iter().sum::<f32>() / 1e5;
        let variance = draws.iter().map(|x| (x - mean).powi(2)).sum::<f32>() / 1e5;
        // Five standard errors: 5 / sqrt(1e5) and 5 * sqrt(2 / 1e5).
        assert!(mean.abs() < 0.016, "{mean}");
        assert!((variance - 1.0).abs() < 0.023, "{variance}");
    }

    #[test]
    fn below_covers_its_range_evenly() {
        let mut noise = Noise::new(5, 1);
        let mut counts = [0u32; 10];
        for _ in 0..100_000 {
            counts[noise.below(10) as usize] += 1;
        }
        assert!(
            counts.iter().all(|&c| (9_500..10_500).contains(&c)),
            "{counts:?}"
        );
    }
}
