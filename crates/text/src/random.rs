//! Draws that are the same on every machine.

use rand_chacha::ChaCha8Rng;
use rand_core::{RngCore, SeedableRng};

/// A generator for one purpose, seed and two numbers.
///
/// The purpose is part of the key, so that the order of documents and what is
/// told of each, drawn under the same seed, have nothing to do with each other.
pub(crate) fn generator(purpose: &[u8; 8], seed: u64, numbers: [u64; 2]) -> ChaCha8Rng {
    let mut key = [0; 32];
    key[..8].copy_from_slice(purpose);
    key[8..16].copy_from_slice(&seed.to_le_bytes());
    key[16..24].copy_from_slice(&numbers[0].to_le_bytes());
    key[24..].copy_from_slice(&numbers[1].to_le_bytes());
    ChaCha8Rng::from_seed(key)
}

/// A number below `bound`, each as likely as any other (Lemire 2019).
///
/// # Panics
/// `bound` is 0.
pub(crate) fn below(rng: &mut ChaCha8Rng, bound: usize) -> usize {
    let bound = u32::try_from(bound).expect("fewer than 2^32 to choose from");
    assert!(bound > 0, "a draw below 0");
    let rejected = bound.wrapping_neg() % bound;
    loop {
        let wide = u64::from(rng.next_u32()) * u64::from(bound);
        if wide as u32 >= rejected {
            return (wide >> 32) as usize;
        }
    }
}

/// True with a chance of `chance`.
pub(crate) fn chance(rng: &mut ChaCha8Rng, chance: f32) -> bool {
    ((rng.next_u32() >> 8) as f32) < chance * (1 << 24) as f32
}

/// Puts `items` into a random order (Fisher and Yates).
pub(crate) fn shuffle<T>(items: &mut [T], rng: &mut ChaCha8Rng) {
    for last in (1..items.len()).rev() {
        items.swap(last, below(rng, last + 1));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn draws_are_even_and_depend_on_every_part_of_the_key() {
        let mut rng = generator(b"test    ", 1, [0, 0]);
        let mut counts = [0_usize; 6];
        for _ in 0..60_000 {
            counts[below(&mut rng, 6)] += 1;
        }
        // Six standard deviations of a binomial count of 60,000 at 1/6 are 548.
        assert!(
            counts.iter().all(|c| c.abs_diff(10_000) < 548),
            "{counts:?}"
        );
        let hits = (0..60_000).filter(|_| chance(&mut rng, 0.25)).count();
        assert!(hits.abs_diff(15_000) < 637, "{hits}");
        assert!(!chance(&mut rng, 0.0) && chance(&mut rng, 1.0));

        let order = |seed, numbers| {
            let mut items: Vec<u32> = (0..100).collect();
            shuffle(&mut items, &mut generator(b"test    ", seed, numbers));
            items
        };
        let mut sorted = order(1, [0, 0]);
        sorted.sort_unstable();
        assert_eq!(sorted, (0..100).collect::<Vec<_>>());
        assert_eq!(order(1, [0, 0]), order(1, [0, 0]));
        for other in [order(2, [0, 0]), order(1, [1, 0]), order(1, [0, 1])] {
            assert_ne!(order(1, [0, 0]), other);
        }
    }
}
