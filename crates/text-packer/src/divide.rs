//! Which split a text goes to.

use sha2::{Digest, Sha256};

/// Of a thousand texts, how many are for validation, and as many for testing.
const HELD_OUT: u64 = 20;

/// 0 for training, 1 for validation, 2 for testing, by a hash of what names a text:
/// more or fewer others move nothing.
pub fn split(name: &str) -> usize {
    match rank("split", name) % 1000 {
        low if low < HELD_OUT => 1,
        low if low < 2 * HELD_OUT => 2,
        _ => 0,
    }
}

/// A number that means nothing, for drawing lots and for an order.
pub fn rank(purpose: &str, name: &str) -> u64 {
    let hash = Sha256::digest(format!("lampwork text {purpose} {name}"));
    u64::from_le_bytes(hash[..8].try_into().expect("a hash has 32 bytes"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_of_a_hundred_are_held_out_twice() {
        let mut counts = [0_usize; 3];
        for number in 0..50_000 {
            counts[split(&number.to_string())] += 1;
        }
        // Six standard deviations of a binomial count of 50,000 at 0.02 are 188.
        assert!(
            counts[1].abs_diff(1_000) < 188 && counts[2].abs_diff(1_000) < 188,
            "{counts:?}"
        );
    }
}
