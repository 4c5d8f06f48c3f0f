//! Counts of n-grams, sorted, so that two lists are compared in one pass.

use std::collections::HashMap;

/// Each n-gram of one order with how often it occurs, in ascending order.
///
/// An n-gram is its symbols, one after the other, in one number; the order is
/// the same for all in a list, so leading zeros do no harm.
pub(super) type Counts = Vec<(u128, u32)>;

/// The n-grams of `order` symbols of `bits` each; `order * bits` is at most 128.
pub(super) fn counts(symbols: &[u32], order: usize, bits: usize) -> Counts {
    debug_assert!(order * bits <= 128);
    let mut keys: Vec<u128> = symbols
        .windows(order)
        .map(|gram| gram.iter().fold(0, |key, &s| key << bits | u128::from(s)))
        .collect();
    keys.sort_unstable();
    let mut counts = Counts::new();
    for key in keys {
        match counts.last_mut() {
            Some((last, count)) if *last == key => *count += 1,
            _ => counts.push((key, 1)),
        }
    }
    counts
}

/// How many n-grams there are, each as often as it occurs.
pub(super) fn total(counts: &[(u128, u32)]) -> u64 {
    counts.iter().map(|&(_, n)| u64::from(n)).sum()
}

/// How many n-grams two lists share, each at most as often as in either.
pub(super) fn shared(a: &[(u128, u32)], b: &[(u128, u32)]) -> u64 {
    let mut b = b.iter().peekable();
    let mut sum = 0;
    for &(key, count) in a {
        while b.next_if(|&&(other, _)| other < key).is_some() {}
        if let Some(&&(other, most)) = b.peek()
            && other == key
        {
            sum += u64::from(count.min(most));
        }
    }
    sum
}

/// Each n-gram of either list with the larger of its counts.
pub(super) fn larger(a: Counts, b: Counts) -> Counts {
    let mut all = a;
    all.extend(b);
    all.sort_unstable();
    let mut merged = Counts::with_capacity(all.len());
    for (key, count) in all {
        match merged.last_mut() {
            // Sorted, so the later count is the larger.
            Some((last, most)) if *last == key => *most = count,
            _ => merged.push((key, count)),
        }
    }
    merged
}

/// A number for each token that was met.
#[derive(Debug, Clone, Default)]
pub(super) struct Numbers(HashMap<String, u32>);

impl Numbers {
    /// The number of no token that a list could share.
    const UNKNOWN: u32 = u32::MAX;

    /// The numbers of tokens; new ones get the next.
    pub(super) fn of(&mut self, tokens: &[impl AsRef<str>]) -> Vec<u32> {
        let number = |token: &str| {
            if let Some(&known) = self.0.get(token) {
                return known;
            }
            let next = u32::try_from(self.0.len()).expect("fewer tokens than 2^32");
            self.0.insert(token.to_owned(), next);
            next
        };
        tokens.iter().map(AsRef::as_ref).map(number).collect()
    }

    /// The numbers of tokens, all new ones the same that no list has.
    pub(super) fn known(&self, tokens: &[impl AsRef<str>]) -> Vec<u32> {
        let number = |token: &str| self.0.get(token).copied().unwrap_or(Self::UNKNOWN);
        tokens.iter().map(AsRef::as_ref).map(number).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counting_and_sharing() {
        let a = counts(&[1, 2, 1, 2, 3], 2, 32);
        assert_eq!(a.len(), 3);
        assert_eq!(total(&a), 4);
        let b = counts(&[1, 2, 9, 2, 3, 2, 3], 2, 32);
        assert_eq!(shared(&a, &b), 2);
        assert_eq!(shared(&a, &b), shared(&b, &a));
        assert_eq!(total(&larger(a, b)), 2 + 1 + 1 + 1 + 2 + 1);
        assert!(counts(&[1], 2, 32).is_empty());
    }
}
