//! One token from the odds of all: on the host, in plain numbers.

use std::cmp::Ordering;

use lampwork_kernels::language::host::{Odds, largest_of, reaching};
use lampwork_protocol::Writing;

use crate::Noise;

/// A token that was chosen, and what it was chosen from.
#[derive(Debug, Clone, PartialEq)]
pub struct Choice {
    /// The token.
    pub token: u32,
    /// Its odds as the net gave them, before anything was cut off.
    pub odds: f32,
    /// Entropy of those odds, in nats: how unsure the net was.
    pub entropy: f32,
    /// The likeliest tokens with their odds, the best first.
    pub best: Vec<(u32, f32)>,
}

/// Chooses a token.
///
/// - `logits` are all tokens', and are left as the rules make them;
/// - `written` are the tokens that count as repeated;
/// - `allowed` are those it may take; `None` for all. Where there are none, it is the
///   likeliest of all;
/// - `shown` is how many of the best are told.
///
/// The noise is drawn once, whatever the rules leave, so that two settings of one seed
/// differ by no more than they must.
///
/// # Panics
/// Where there are no logits.
pub fn choose(
    logits: &mut [f32],
    how: &Writing,
    written: &[u32],
    allowed: Option<&[u32]>,
    shown: usize,
    noise: &mut Noise,
) -> Choice {
    let draw = noise.one_uniform();
    let plain = Odds::of(logits);
    let best = best(logits, &plain, shown);
    let before: Option<Vec<f32>> = (how.repetition != 1.0).then(|| logits.to_vec());
    penalise(logits, written, how.repetition);
    let token = match allowed.filter(|allowed| !allowed.is_empty()) {
        Some(allowed) => pick(logits, allowed, how, draw),
        None => pick(
            logits,
            &(0..logits.len() as u32).collect::<Vec<_>>(),
            how,
            draw,
        ),
    };
    let logit = before.as_deref().unwrap_or(logits)[token as usize];
    Choice {
        token,
        odds: plain.odds(logit),
        entropy: plain.entropy,
        best,
    }
}

/// The better of two tokens by their logits; of two that are as good the first.
fn better(a: &(u32, f32), b: &(u32, f32)) -> Ordering {
    b.1.total_cmp(&a.1).then(a.0.cmp(&b.0))
}

/// A token of those that it may be, by the rules and a draw from 0..1. A logit that is
/// no number is never taken.
fn pick(logits: &[f32], tokens: &[u32], how: &Writing, draw: f32) -> u32 {
    let most = largest_of(logits, tokens);
    if most == f32::NEG_INFINITY {
        let known = tokens
            .iter()
            .filter(|&&token| (token as usize) < logits.len());
        return *known.min().expect("a token");
    }
    if how.temperature <= 0.0 {
        let best = reaching(logits, tokens, most);
        return best.iter().map(|one| one.0).min().expect("the largest");
    }
    // Nearly all of a vocabulary is far below: neither sorted nor made odds of. A
    // little below the bound, for there the odds decide.
    let least = most + how.temperature * (how.min_p.ln() - 1e-3);
    let mut kept = reaching(logits, tokens, least);
    let top = usize::from(how.top_k);
    if top > 0 && top < kept.len() {
        kept.select_nth_unstable_by(top - 1, better);
        kept.truncate(top);
    }
    let scale = 1.0 / how.temperature;
    for (_, logit) in &mut kept {
        *logit = ((*logit - most) * scale).exp();
    }
    // The likeliest has 1 now.
    kept.retain(|kept| kept.1 >= how.min_p && kept.1 > 0.0);
    kept.sort_unstable_by(better);
    let total: f32 = kept.iter().map(|kept| kept.1).sum();
    if how.top_p < 1.0 {
        let mut share = 0.0;
        let count = kept.iter().take_while(|kept| {
            let open = share < how.top_p * total;
            share += kept.1;
            open
        });
        let count = count.count().max(1);
        kept.truncate(count);
    }
    let total: f32 = kept.iter().map(|kept| kept.1).sum();
    let mut left = draw * total;
    for (token, odds) in &kept {
        left -= odds;
        if left < 0.0 {
            return *token;
        }
    }
    kept.last().expect("the likeliest stays").0
}

/// Makes what was written less likely (Keskar 2019, section 4.1).
fn penalise(logits: &mut [f32], written: &[u32], penalty: f32) {
    if penalty == 1.0 {
        return;
    }
    let mut tokens = written.to_vec();
    tokens.sort_unstable();
    tokens.dedup();
    for token in tokens {
        if let Some(logit) = logits.get_mut(token as usize) {
            *logit = if *logit > 0.0 {
                *logit / penalty
            } else {
                *logit * penalty
            };
        }
    }
}

/// The likeliest tokens with their odds, the best first.
fn best(logits: &[f32], plain: &Odds, count: usize) -> Vec<(u32, f32)> {
    if count == 0 {
        return Vec::new();
    }
    let mut all: Vec<(u32, f32)> = (0..).zip(logits.iter().copied()).collect();
    if count < all.len() {
        all.select_nth_unstable_by(count - 1, better);
    }
    all.truncate(count);
    all.sort_unstable_by(better);
    for (_, logit) in &mut all {
        *logit = plain.odds(*logit);
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Odds of 0.4, 0.3, 0.2 and 0.1.
    fn logits() -> Vec<f32> {
        [0.4_f32, 0.3, 0.2, 0.1].map(f32::ln).to_vec()
    }

    const PLAIN: Writing = Writing {
        min_p: 0.0,
        ..Writing {
            temperature: 1.0,
            top_k: 0,
            top_p: 1.0,
            min_p: 0.0,
            repetition: 1.0,
        }
    };

    /// How often each of four tokens is chosen, of 4,000.
    fn counts(how: Writing, written: &[u32], allowed: Option<&[u32]>) -> [usize; 4] {
        let mut counts = [0; 4];
        for position in 0..4_000 {
            let mut noise = Noise::new(3, position);
            let choice = choose(&mut logits(), &how, written, allowed, 0, &mut noise);
            counts[choice.token as usize] += 1;
        }
        counts
    }

    /// Within five standard errors, 155 at most.
    #[track_caller]
    fn near(counts: [usize; 4], odds: [f64; 4]) {
        for (count, odds) in counts.iter().zip(odds) {
            assert!((*count as f64 - 4_000.0 * odds).abs() < 160.0, "{counts:?}");
        }
        for (count, odds) in counts.iter().zip(odds) {
            assert!(odds > 0.0 || *count == 0, "{counts:?}");
        }
    }

    #[test]
    fn tokens_come_as_often_as_their_odds() {
        near(counts(PLAIN, &[], None), [0.4, 0.3, 0.2, 0.1]);
    }

    #[test]
    fn each_rule_cuts_off_what_it_says() {
        let top_k = Writing { top_k: 2, ..PLAIN };
        near(counts(top_k, &[], None), [4.0 / 7.0, 3.0 / 7.0, 0.0, 0.0]);
        let top_p = Writing {
            top_p: 0.65,
            ..PLAIN
        };
        near(counts(top_p, &[], None), [4.0 / 7.0, 3.0 / 7.0, 0.0, 0.0]);
        let min_p = Writing {
            min_p: 0.4,
            ..PLAIN
        };
        near(
            counts(min_p, &[], None),
            [4.0 / 9.0, 3.0 / 9.0, 2.0 / 9.0, 0.0],
        );
        near(counts(PLAIN, &[], Some(&[1, 3])), [0.0, 0.75, 0.0, 0.25]);
    }

    #[test]
    fn a_low_temperature_sharpens_and_a_high_one_flattens() {
        let sharp = Writing {
            temperature: 0.5,
            ..PLAIN
        };
        // Squares over their sum.
        near(
            counts(sharp, &[], None),
            [16.0 / 30.0, 9.0 / 30.0, 4.0 / 30.0, 1.0 / 30.0],
        );
        assert_eq!(counts(Writing::GREEDY, &[], None), [4_000, 0, 0, 0]);
        assert_eq!(
            counts(Writing::GREEDY, &[], Some(&[2, 3])),
            [0, 0, 4_000, 0]
        );
    }

    #[test]
    fn what_was_written_comes_less_often() {
        let how = Writing {
            repetition: 2.0,
            ..PLAIN
        };
        // Logits below zero are doubled: odds of 0.4 become 0.16.
        let total = 0.16 + 0.3 + 0.2 + 0.1;
        let wanted = [0.16, 0.3, 0.2, 0.1].map(|odds| odds / total);
        near(counts(how, &[0, 0], None), wanted);
    }

    #[test]
    fn what_is_shown_is_what_the_net_said() {
        let mut noise = Noise::new(1, 0);
        let choice = choose(
            &mut logits(),
            &Writing::GREEDY,
            &[],
            Some(&[3]),
            2,
            &mut noise,
        );
        assert_eq!(choice.token, 3);
        assert!((choice.odds - 0.1).abs() < 1e-6);
        assert_eq!([choice.best[0].0, choice.best[1].0], [0, 1]);
        assert!((choice.best[1].1 - 0.3).abs() < 1e-6);
        let entropy = -[0.4_f32, 0.3, 0.2, 0.1]
            .iter()
            .map(|odds| odds * odds.ln())
            .sum::<f32>();
        assert!((choice.entropy - entropy).abs() < 1e-5);
    }

    #[test]
    fn numbers_that_are_none_are_never_taken() {
        let mut noise = Noise::new(1, 0);
        let mut logits = [f32::NAN, 0.0, f32::NEG_INFINITY];
        assert_eq!(
            choose(&mut logits, &PLAIN, &[], None, 1, &mut noise).token,
            1
        );
        let mut none = [f32::NEG_INFINITY; 3];
        assert_eq!(
            choose(&mut none, &PLAIN, &[], Some(&[2]), 1, &mut noise).token,
            2
        );
    }
}
