//! Odds of tokens, and those of them that may be chosen.

use crate::four::{Four, LANES};

/// Logits as odds.
#[derive(Debug, Clone, Copy)]
pub struct Odds {
    /// The largest logit.
    pub most: f32,
    /// The sum of the exponentials of what they are less than that.
    pub total: f32,
    /// Entropy of the odds, in nats.
    pub entropy: f32,
}

impl Odds {
    /// Those of some logits.
    #[inline(never)]
    pub fn of(logits: &[f32]) -> Self {
        let most = largest(logits);
        let (total, weighted) = weighted(logits, most);
        Self {
            most,
            total,
            // The mean of what odds are the exponentials of: no logarithm of each.
            entropy: total.ln() - weighted / total,
        }
    }

    /// The odds of one of them.
    pub fn odds(&self, logit: f32) -> f32 {
        (logit - self.most).exp() / self.total
    }
}

/// The largest logit of some tokens; minus infinity where there is none. A token
/// without a logit is left out.
#[inline(never)]
pub fn largest_of(logits: &[f32], tokens: &[u32]) -> f32 {
    let mut most = f32::NEG_INFINITY;
    for &token in tokens {
        if let Some(&logit) = logits.get(token as usize)
            && logit > most
        {
            most = logit;
        }
    }
    most
}

/// The tokens whose logits are not below a bound, with these. A token without a logit
/// is left out.
#[inline(never)]
pub fn reaching(logits: &[f32], tokens: &[u32], least: f32) -> Vec<(u32, f32)> {
    let mut found = Vec::with_capacity(64);
    for &token in tokens {
        if let Some(&logit) = logits.get(token as usize)
            && logit >= least
        {
            found.push((token, logit));
        }
    }
    found
}

/// The largest of the numbers.
#[inline(always)]
pub(super) fn largest(numbers: &[f32]) -> f32 {
    let (whole, rest) = numbers.as_chunks::<LANES>();
    let mut most = Four::all(f32::NEG_INFINITY);
    for four in whole {
        most = most.larger(Four::of(four));
    }
    let largest = |most: f32, &number: &f32| if number > most { number } else { most };
    let most = most.numbers().iter().fold(f32::NEG_INFINITY, largest);
    rest.iter().fold(most, largest)
}

/// Numbers to their exponentials less `most`; their sum.
#[inline(always)]
pub(super) fn exponentials(numbers: &mut [f32], most: f32) -> f32 {
    let (whole, rest) = numbers.as_chunks_mut::<LANES>();
    let mut sum = Four::all(0.0);
    let (one, less) = (Four::all(1.0), Four::all(most));
    for four in whole {
        let odds = Four::of(four).less(less).exp();
        sum = sum.plus(odds, one);
        *four = odds.numbers();
    }
    let mut total = sum.sum();
    for number in rest {
        *number = crate::activation::exp(*number - most);
        total += *number;
    }
    total
}

/// The sum of the exponentials of what numbers are more than `most`, and their sum each
/// times that.
#[inline(always)]
fn weighted(numbers: &[f32], most: f32) -> (f32, f32) {
    // What is as small as that counts for nothing, and minus infinity times nothing is
    // no number; nor counts what is none.
    const LEAST: f32 = -87.0;
    let (whole, rest) = numbers.as_chunks::<LANES>();
    // Two sums of each, for one would wait for itself.
    let (mut sums, mut products) = ([Four::all(0.0); 2], [Four::all(0.0); 2]);
    let (one, less, least) = (Four::all(1.0), Four::all(most), Four::all(LEAST));
    for (at, four) in whole.iter().enumerate() {
        let number = least.larger(Four::of(four).less(less));
        let odds = number.exp();
        sums[at % 2] = sums[at % 2].plus(odds, one);
        products[at % 2] = products[at % 2].plus(odds, number);
    }
    let mut total = sums[0].sum() + sums[1].sum();
    let mut product = products[0].sum() + products[1].sum();
    for number in rest {
        let number = number - most;
        let number = if number > LEAST { number } else { LEAST };
        let odds = crate::activation::exp(number);
        total += odds;
        product += odds * number;
    }
    (total, product)
}

#[cfg(test)]
mod tests {
    use super::{Odds, exponentials, largest, largest_of, reaching};

    #[test]
    fn odds_and_entropy_are_those_of_the_definition() {
        let mut logits: Vec<f32> = (0..23).map(|at| (at * 7 % 23) as f32 / 5.0).collect();
        logits[3] = f32::NEG_INFINITY;
        let total: f32 = logits.iter().map(|logit| logit.exp()).sum();
        let shares = || logits.iter().map(|logit| logit.exp() / total);
        let entropy: f32 = shares().filter(|p| *p > 0.0).map(|p| -p * p.ln()).sum();
        let odds = Odds::of(&logits);
        assert_eq!(odds.most, largest_of(&logits, &(0..23).collect::<Vec<_>>()));
        assert!((odds.entropy - entropy).abs() < 1e-5);
        for (share, &logit) in shares().zip(&logits) {
            assert!((odds.odds(logit) - share).abs() < 1e-6);
        }
        let most = largest(&logits);
        let mut made = logits.clone();
        assert!((exponentials(&mut made, most) - odds.total).abs() < 1e-5);
        assert!((made[1] - (logits[1] - most).exp()).abs() < 1e-6);
    }

    #[test]
    fn what_reaches_a_bound_is_found_in_order() {
        let logits = [0.5, f32::NAN, 2.0, 1.0];
        assert_eq!(
            reaching(&logits, &[3, 0, 9, 1, 2], 1.0),
            [(3, 1.0), (2, 2.0)]
        );
        assert_eq!(largest_of(&logits, &[1, 0]), 0.5);
        assert_eq!(largest_of(&logits, &[]), f32::NEG_INFINITY);
    }
}
