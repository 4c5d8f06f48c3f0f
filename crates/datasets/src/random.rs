//! Draws that are the same on every machine.

use rand_chacha::ChaCha8Rng;
use rand_core::{RngCore, SeedableRng};

/// A generator for one purpose, seed and number.
///
/// The purpose is part of the key, so that the order of examples and their
/// augmentation, drawn under the same seed, have nothing to do with each other.
pub(crate) fn generator(purpose: &[u8; 16], seed: u64, number: u64) -> ChaCha8Rng {
    let mut key = [0; 32];
    key[..16].copy_from_slice(purpose);
    key[16..24].copy_from_slice(&seed.to_le_bytes());
    key[24..].copy_from_slice(&number.to_le_bytes());
    ChaCha8Rng::from_seed(key)
}

/// A number below `bound`, each as likely as any other (Lemire 2019).
///
/// # Panics
/// `bound` is 0.
pub(crate) fn below(rng: &mut ChaCha8Rng, bound: u32) -> u32 {
    assert!(bound > 0, "a draw below 0");
    let rejected = bound.wrapping_neg() % bound;
    loop {
        let wide = u64::from(rng.next_u32()) * u64::from(bound);
        if wide as u32 >= rejected {
            return (wide >> 32) as u32;
        }
    }
}

/// Puts `items` into a random order (Fisher and Yates).
pub(crate) fn shuffle<T>(items: &mut [T], rng: &mut ChaCha8Rng) {
    for last in (1..items.len()).rev() {
        items.swap(last, below(rng, last as u32 + 1) as usize);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn draws_below_a_bound_are_even() {
        let mut rng = generator(b"lampwork test   ", 1, 0);
        let mut counts = [0_u32; 6];
        for _ in 0..60_000 {
            counts[below(&mut rng, 6) as usize] += 1;
        }
        // Six standard deviations of a binomial count of 60,000 at 1/6 are 548.
        assert!(
            counts.iter().all(|c| c.abs_diff(10_000) < 548),
            "{counts:?}"
        );
    }

    #[test]
    fn a_shuffle_keeps_every_item_and_depends_on_the_key() {
        let order = |seed, number| {
            let mut items: Vec<u32> = (0..100).collect();
            shuffle(
                &mut items,
                &mut generator(b"lampwork test   ", seed, number),
            );
            items
        };
        let mut sorted = order(1, 0);
        sorted.sort_unstable();
        assert_eq!(sorted, (0..100).collect::<Vec<_>>());
        assert_eq!(order(1, 0), order(1, 0));
        assert_ne!(order(1, 0), order(2, 0));
        assert_ne!(order(1, 0), order(1, 1));
    }
}
