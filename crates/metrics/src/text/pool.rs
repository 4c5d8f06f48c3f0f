//! BLEU against many references at once, and self-BLEU (Zhu 2018, "Texygen").

use super::bleu::{BITS, Bleu, BleuConfig, MAX_ORDER, Statistics, closest};
use super::ngrams::{Numbers, counts, total};
use crate::MetricsError;

/// Many texts as the references of others: counted once, asked often.
pub struct ReferencePool {
    config: BleuConfig,
    numbers: Numbers,
    /// The n-grams of each order, in ascending order.
    orders: Vec<Vec<Most>>,
    lengths: Vec<usize>,
}

/// How often an n-gram stands in the text that has it most often, and in the
/// next of the others.
struct Most {
    key: u128,
    count: u32,
    owner: usize,
    second: u32,
}

impl ReferencePool {
    /// Counts the n-grams of all texts.
    ///
    /// # Errors
    ///
    /// Where there is no text or the config is out of range.
    pub fn new(texts: &[impl AsRef<str>], config: &BleuConfig) -> Result<Self, MetricsError> {
        config.check()?;
        super::check_count("the pool of references", texts.len(), 1)?;
        let mut numbers = Numbers::default();
        let texts: Vec<Vec<u32>> = texts
            .iter()
            .map(|text| numbers.of(&config.tokens(text.as_ref())))
            .collect();
        let orders = (1..=config.order)
            .map(|order| most(&texts, order))
            .collect();
        Ok(Self {
            config: *config,
            numbers,
            orders,
            lengths: texts.iter().map(Vec::len).collect(),
        })
    }

    /// The BLEU of a text with all texts of the pool as its references.
    pub fn bleu(&self, text: &str) -> Bleu {
        self.without(text, None)
    }

    /// The mean of [`Self::bleu`] over texts: 0 to 100.
    ///
    /// # Errors
    ///
    /// Where there is no text.
    pub fn mean_bleu(&self, texts: &[impl AsRef<str>]) -> Result<f64, MetricsError> {
        super::check_count("the list of texts", texts.len(), 1)?;
        let sum: f64 = texts
            .iter()
            .map(|text| self.bleu(text.as_ref()).score)
            .sum();
        Ok(sum / texts.len() as f64)
    }

    /// The BLEU of a text with all texts but one as its references.
    fn without(&self, text: &str, left_out: Option<usize>) -> Bleu {
        let tokens = self.numbers.known(&self.config.tokens(text));
        let others = self.lengths.iter().enumerate();
        let others = others.filter(|&(at, _)| Some(at) != left_out);
        let reference_length = closest(tokens.len(), others.map(|(_, &length)| length));
        let (mut matches, mut totals) = ([0; MAX_ORDER], [0; MAX_ORDER]);
        for (at, references) in self.orders.iter().enumerate() {
            let made = counts(&tokens, at + 1, BITS);
            totals[at] = total(&made);
            matches[at] = made
                .iter()
                .filter_map(|&(key, count)| {
                    let found = references.binary_search_by_key(&key, |most| most.key);
                    let most = &references[found.ok()?];
                    let allowed = if left_out == Some(most.owner) {
                        most.second
                    } else {
                        most.count
                    };
                    Some(u64::from(count.min(allowed)))
                })
                .sum();
        }
        Statistics {
            hypothesis_length: tokens.len() as u64,
            reference_length: reference_length as u64,
            matches,
            totals,
        }
        .bleu(&self.config)
    }
}

fn most(texts: &[Vec<u32>], order: usize) -> Vec<Most> {
    let mut all: Vec<(u128, u32, usize)> = texts
        .iter()
        .enumerate()
        .flat_map(|(owner, text)| {
            let counts = counts(text, order, BITS);
            counts
                .into_iter()
                .map(move |(key, count)| (key, count, owner))
        })
        .collect();
    all.sort_unstable();
    let mut found: Vec<Most> = Vec::new();
    // Ascending counts, so the last two of a key are its largest.
    for (key, count, owner) in all {
        let second = match found.last() {
            Some(last) if last.key == key => found.pop().map_or(0, |most| most.count),
            _ => 0,
        };
        found.push(Most {
            key,
            count,
            owner,
            second,
        });
    }
    found
}

/// The mean BLEU of each text with all others as its references: 0 to 100, high
/// where texts repeat each other, 100 where all are the same.
///
/// A generator that always says the same has the highest, one that makes noise
/// the lowest: set it beside the figure of as many real texts of the same
/// lengths, since more texts have more in common. Take
/// [`BleuConfig::sentence`].
///
/// # Errors
///
/// Where there are fewer than two texts or the config is out of range.
pub fn self_bleu(texts: &[impl AsRef<str>], config: &BleuConfig) -> Result<f64, MetricsError> {
    super::check_count("the list of texts", texts.len(), 2)?;
    let pool = ReferencePool::new(texts, config)?;
    let sum: f64 = texts
        .iter()
        .enumerate()
        .map(|(at, text)| pool.without(text.as_ref(), Some(at)).score)
        .sum();
    Ok(sum / texts.len() as f64)
}
