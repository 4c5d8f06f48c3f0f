//! BLEU (Papineni 2002), as `SacreBLEU` computes it.

use super::ngrams::{Counts, Numbers, counts, larger, shared, total};
use super::tokens::{Tokenization, tokenize};
use crate::MetricsError;

/// The largest n-gram that BLEU counts.
pub const MAX_ORDER: usize = 4;
/// Bits of a token's number in an n-gram.
pub(super) const BITS: usize = 32;

/// What becomes of an order without a match, which would make BLEU 0 (Chen and
/// Cherry 2014); named as in `SacreBLEU`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Smoothing {
    /// `none`: the score is 0.
    None,
    /// `floor`: so many matches instead of none; `SacreBLEU`'s default is 0.1.
    Floor(f64),
    /// `add-k`: so many more matches and n-grams in every order but the first;
    /// `SacreBLEU`'s default is 1.
    AddK(f64),
    /// `exp`: half a match for the first order without one, a quarter for the
    /// next, and so on (NIST's).
    Exp,
}

/// How BLEU is computed. The default is `SacreBLEU`'s.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct BleuConfig {
    /// How texts are cut. Default: `13a`.
    pub tokenization: Tokenization,
    /// What becomes of an order without a match. Default: `exp`.
    pub smoothing: Smoothing,
    /// The largest n-gram that counts, 1 to 4. Default: 4.
    pub order: usize,
    /// Whether capital letters are made small first. Default: no.
    pub lowercase: bool,
    /// Whether orders that the text is too short for are left out of the mean.
    /// Default: no. A sentence's BLEU wants it.
    pub effective_order: bool,
}

impl Default for BleuConfig {
    fn default() -> Self {
        Self {
            tokenization: Tokenization::Thirteen,
            smoothing: Smoothing::Exp,
            order: MAX_ORDER,
            lowercase: false,
            effective_order: false,
        }
    }
}

impl BleuConfig {
    /// The default for one sentence: with effective order.
    pub fn sentence() -> Self {
        Self {
            effective_order: true,
            ..Self::default()
        }
    }

    pub(super) fn check(&self) -> Result<(), MetricsError> {
        if !(1..=MAX_ORDER).contains(&self.order) {
            return Err(MetricsError::BadParameter {
                name: "the order of BLEU",
                value: self.order as f64,
                wanted: "1 to 4",
            });
        }
        match self.smoothing {
            Smoothing::Floor(value) | Smoothing::AddK(value)
                if !(value > 0.0 && value.is_finite()) =>
            {
                Err(MetricsError::BadParameter {
                    name: "the value of the smoothing",
                    value,
                    wanted: "above 0",
                })
            }
            _ => Ok(()),
        }
    }

    pub(super) fn tokens(&self, text: &str) -> Vec<String> {
        if self.lowercase {
            tokenize(&text.to_lowercase(), self.tokenization)
        } else {
            tokenize(text, self.tokenization)
        }
    }
}

/// A BLEU and what it was computed from.
///
/// The geometric mean of the precisions of n-grams of 1 to `order` tokens, times
/// a penalty for being shorter than the reference. 0 to 100; a text that is its
/// own reference has 100 (where it is long enough for its orders to count).
/// It counts equal strings of tokens and knows no meaning: a good paraphrase
/// has little, and a high BLEU against many held-out texts says that phrases are
/// usual, not that the text makes sense. Figures compare only where
/// tokenization, smoothing and references are the same.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Bleu {
    /// 0 to 100.
    pub score: f64,
    /// The smoothed precision of each order in percent; 0 beyond the order
    /// asked for.
    pub precisions: [f64; MAX_ORDER],
    /// `min(1, exp(1 - reference_length / hypothesis_length))`.
    pub brevity_penalty: f64,
    /// Tokens in the hypotheses.
    pub hypothesis_length: u64,
    /// Tokens in the references nearest in length, summed.
    pub reference_length: u64,
}

/// The BLEU of a corpus: of the sums of all counts, not a mean of sentences.
///
/// Each hypothesis has one reference or more; it may take each n-gram from
/// whichever has it most often.
///
/// # Errors
///
/// Where there are no texts, the lists differ in length, a text has no
/// reference, or the config is out of range.
pub fn corpus_bleu(
    hypotheses: &[&str],
    references: &[Vec<&str>],
    config: &BleuConfig,
) -> Result<Bleu, MetricsError> {
    config.check()?;
    super::check_pairs(hypotheses, references)?;
    let mut sum = Statistics::default();
    for (hypothesis, references) in hypotheses.iter().zip(references) {
        sum.add(&Statistics::of_sentence(hypothesis, references, config));
    }
    Ok(sum.bleu(config))
}

/// The BLEU of one text; take [`BleuConfig::sentence`], since few texts are so
/// long that every order has a match.
///
/// # Errors
///
/// As [`corpus_bleu`].
pub fn sentence_bleu(
    hypothesis: &str,
    references: &[&str],
    config: &BleuConfig,
) -> Result<Bleu, MetricsError> {
    corpus_bleu(&[hypothesis], &[references.to_vec()], config)
}

/// What BLEU is a function of; sums over a corpus.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Statistics {
    pub hypothesis_length: u64,
    pub reference_length: u64,
    pub matches: [u64; MAX_ORDER],
    pub totals: [u64; MAX_ORDER],
}

impl Statistics {
    fn of_sentence(hypothesis: &str, references: &[&str], config: &BleuConfig) -> Self {
        let mut numbers = Numbers::default();
        let hypothesis = numbers.of(&config.tokens(hypothesis));
        let references: Vec<Vec<u32>> = references
            .iter()
            .map(|reference| numbers.of(&config.tokens(reference)))
            .collect();
        let mut found = Self {
            hypothesis_length: hypothesis.len() as u64,
            reference_length: closest(hypothesis.len(), references.iter().map(Vec::len)) as u64,
            ..Self::default()
        };
        for order in 1..=config.order {
            let made = counts(&hypothesis, order, BITS);
            let allowed = references
                .iter()
                .map(|reference| counts(reference, order, BITS))
                .reduce(larger)
                .unwrap_or_else(Counts::new);
            found.matches[order - 1] = shared(&made, &allowed);
            found.totals[order - 1] = total(&made);
        }
        found
    }

    fn add(&mut self, other: &Self) {
        self.hypothesis_length += other.hypothesis_length;
        self.reference_length += other.reference_length;
        for (sum, more) in self.matches.iter_mut().zip(other.matches) {
            *sum += more;
        }
        for (sum, more) in self.totals.iter_mut().zip(other.totals) {
            *sum += more;
        }
    }

    pub(super) fn bleu(&self, config: &BleuConfig) -> Bleu {
        let (made, wanted) = (self.hypothesis_length as f64, self.reference_length as f64);
        let brevity_penalty = match self.hypothesis_length {
            _ if made >= wanted => 1.0,
            0 => 0.0,
            _ => (1.0 - wanted / made).exp(),
        };
        let mut bleu = Bleu {
            score: 0.0,
            precisions: [0.0; MAX_ORDER],
            brevity_penalty,
            hypothesis_length: self.hypothesis_length,
            reference_length: self.reference_length,
        };
        if self.matches.iter().all(|&n| n == 0) {
            return bleu;
        }
        let mut without_match = 0;
        let mut orders = config.order;
        for order in 1..=config.order {
            let added = match config.smoothing {
                Smoothing::AddK(k) if order > 1 => k,
                _ => 0.0,
            };
            let matches = self.matches[order - 1] as f64 + added;
            let total = self.totals[order - 1] as f64 + added;
            if total == 0.0 {
                break;
            }
            if config.effective_order {
                orders = order;
            }
            bleu.precisions[order - 1] = 100.0 / total
                * if matches > 0.0 {
                    matches
                } else {
                    match config.smoothing {
                        Smoothing::None | Smoothing::AddK(_) => 0.0,
                        Smoothing::Floor(value) => value,
                        Smoothing::Exp => {
                            without_match += 1;
                            0.5f64.powi(without_match)
                        }
                    }
                };
        }
        let logs: f64 = bleu.precisions[..orders].iter().map(|p| p.ln()).sum();
        // The logarithm of 0 makes it 0.
        bleu.score = brevity_penalty * (logs / orders as f64).exp();
        bleu
    }
}

/// The length nearest to `length`, the shorter of two as near; 0 where there is
/// none.
pub(super) fn closest(length: usize, lengths: impl Iterator<Item = usize>) -> usize {
    lengths
        .min_by_key(|&other| (other.abs_diff(length), other))
        .unwrap_or(0)
}
