//! How varied texts are, and a sweep over temperatures.

use std::collections::{BTreeMap, BTreeSet};

use super::bleu::BleuConfig;
use super::pool::{ReferencePool, self_bleu};
use crate::MetricsError;

/// Distinct-n (Li 2016): different n-grams over all n-grams of some texts, each
/// a list of tokens. Above 0 to 1, which is where none occurs twice.
///
/// Falls with the number and the length of the texts, even of real ones: compare
/// as many tokens with as many. Noise has the most.
///
/// # Errors
///
/// Where `n` is 0 or no text has `n` tokens.
pub fn distinct<T: Ord>(texts: &[impl AsRef<[T]>], n: usize) -> Result<f64, MetricsError> {
    check_order(n)?;
    let grams = || texts.iter().flat_map(|text| text.as_ref().windows(n));
    let all = grams().count();
    super::check_count("the list of n-grams", all, 1)?;
    Ok(grams().collect::<BTreeSet<_>>().len() as f64 / all as f64)
}

/// The fraction of a text's n-grams that have stood in it before (seq-rep-n,
/// Welleck 2020): 0 to below 1.
///
/// A greedy model that goes in circles comes near to 1. A refrain counts as
/// well. The text is a list of tokens.
///
/// # Errors
///
/// Where `n` is 0 or the text has fewer than `n` tokens.
pub fn repetition_rate<T: Ord>(tokens: &[T], n: usize) -> Result<f64, MetricsError> {
    Ok(1.0 - distinct(&[tokens], n)?)
}

/// The entropy of the tokens' frequencies in bits a token (Shannon 1948): 0 where
/// all are the same, at most the logarithm to base 2 of how many different there
/// are.
///
/// It is that of single tokens, whatever their order, and too small for few
/// tokens: compare as many with as many.
///
/// # Errors
///
/// Where there are no tokens.
pub fn token_entropy<T: Ord>(tokens: &[T]) -> Result<f64, MetricsError> {
    super::check_count("the list of tokens", tokens.len(), 1)?;
    let mut counts: BTreeMap<&T, u64> = BTreeMap::new();
    for token in tokens {
        *counts.entry(token).or_default() += 1;
    }
    let of_one = |&n: &u64| {
        let p = n as f64 / tokens.len() as f64;
        -p * p.log2()
    };
    // 0 as 0 and not as -0, which would print a sign.
    Ok(counts.values().map(of_one).sum::<f64>().max(0.0))
}

fn check_order(n: usize) -> Result<(), MetricsError> {
    if n == 0 {
        return Err(MetricsError::BadParameter {
            name: "the order of n-grams",
            value: 0.0,
            wanted: "at least 1",
        });
    }
    Ok(())
}

/// Texts that a model made at one temperature, measured.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SweepPoint {
    /// The temperature.
    pub temperature: f64,
    /// Quality: the mean BLEU of a text with all held-out texts as its
    /// references, 0 to 100; higher is more like them.
    pub bleu: f64,
    /// Lack of variety: [`self_bleu`], 0 to 100; lower is more varied.
    pub self_bleu: f64,
    /// [`distinct`] of single tokens.
    pub distinct_1: f64,
    /// [`distinct`] of pairs of tokens.
    pub distinct_2: f64,
}

impl SweepPoint {
    /// Whether this point is as good in quality and in variety as another, and
    /// better in one of them.
    pub fn dominates(&self, other: &Self) -> bool {
        self.bleu >= other.bleu
            && self.self_bleu <= other.self_bleu
            && (self.bleu > other.bleu || self.self_bleu < other.self_bleu)
    }
}

/// Measures what a model made at several temperatures (Caccia 2018, "Language
/// GANs falling short").
///
/// One temperature says little of a model, as a lower one trades variety for
/// quality: a model is better than another where its curve of points lies above
/// the other's. Both axes depend on how many texts there are, so take as many
/// at each temperature, and held-out texts that no model was trained on. A
/// temperature's texts should be two or more, one of them of two tokens or
/// more.
///
/// # Errors
///
/// Where there is no held-out text, a temperature has too few texts, or the
/// config is out of range.
pub fn sweep(
    samples: &[(f64, Vec<String>)],
    held_out: &[impl AsRef<str>],
    config: &BleuConfig,
) -> Result<Vec<SweepPoint>, MetricsError> {
    let pool = ReferencePool::new(held_out, config)?;
    let measure = |(temperature, texts): &(f64, Vec<String>)| {
        let tokens: Vec<_> = texts.iter().map(|text| config.tokens(text)).collect();
        Ok(SweepPoint {
            temperature: *temperature,
            bleu: pool.mean_bleu(texts)?,
            self_bleu: self_bleu(texts, config)?,
            distinct_1: distinct(&tokens, 1)?,
            distinct_2: distinct(&tokens, 2)?,
        })
    };
    samples.iter().map(measure).collect()
}
