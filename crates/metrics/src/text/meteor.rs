//! METEOR (Lavie and Agarwal 2007), as nltk computes it.

use std::collections::HashMap;

use super::porter::stem;
use crate::MetricsError;

/// The weights of METEOR. The default is nltk's.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct MeteorConfig {
    /// How much recall weighs beside precision, 0 to 1. Default: 0.9.
    pub alpha: f64,
    /// How steeply the penalty grows with fragments. Default: 3.
    pub beta: f64,
    /// The largest penalty, 0 to 1. Default: 0.5.
    pub gamma: f64,
}

impl Default for MeteorConfig {
    fn default() -> Self {
        Self {
            alpha: 0.9,
            beta: 3.0,
            gamma: 0.5,
        }
    }
}

impl MeteorConfig {
    fn check(&self) -> Result<(), MetricsError> {
        for (name, value, most, wanted) in [
            ("alpha", self.alpha, 1.0, "0 to 1"),
            ("beta", self.beta, f64::MAX, "0 or above"),
            ("gamma", self.gamma, 1.0, "0 to 1"),
        ] {
            if !(0.0..=most).contains(&value) {
                return Err(MetricsError::BadParameter {
                    name,
                    value,
                    wanted,
                });
            }
        }
        Ok(())
    }
}

/// For a program without WordNet: no word has a synonym, and METEOR's third
/// stage finds nothing.
pub fn no_synonyms(_: &str) -> Vec<String> {
    Vec::new()
}

/// The METEOR of a text, both as tokens, against the best of its references:
/// 0 to 1.
///
/// Tokens are matched where they are equal in lower case, then where their stems
/// are, then where one of `synonyms(stem)` is the other's stem; what is left is
/// `(1 - gamma (chunks / matches)^beta) P R / (alpha P + (1 - alpha) R)`, where a
/// chunk is a run of matches in the same order on both sides. Synonyms are asked
/// for stems, as nltk does, so words whose stem is no word have none. Matches are
/// not chosen for the fewest chunks, as the paper does: the last free token is
/// taken, as in nltk. A text of `m` tokens that is its own reference and repeats
/// none has `1 - gamma / m^beta`, not 1. Made for English; of Chinese, only equal
/// characters are matched. Order weighs little: scrambled text loses at most half.
///
/// # Errors
///
/// Where there is no reference or the config is out of range.
pub fn meteor(
    references: &[&[&str]],
    hypothesis: &[&str],
    synonyms: impl Fn(&str) -> Vec<String>,
    config: &MeteorConfig,
) -> Result<f64, MetricsError> {
    config.check()?;
    if references.is_empty() {
        return Err(MetricsError::TooFewTexts {
            name: "the list of references",
            count: 0,
            least: 1,
        });
    }
    let scores = references
        .iter()
        .map(|reference| single(reference, hypothesis, &synonyms, config));
    Ok(scores.fold(0.0, f64::max))
}

fn single(
    reference: &[&str],
    hypothesis: &[&str],
    synonyms: &impl Fn(&str) -> Vec<String>,
    config: &MeteorConfig,
) -> f64 {
    let matches = align(reference, hypothesis, synonyms);
    if matches.is_empty() {
        return 0.0;
    }
    let count = matches.len() as f64;
    let precision = count / hypothesis.len() as f64;
    let recall = count / reference.len() as f64;
    let mean = precision * recall / (config.alpha * precision + (1.0 - config.alpha) * recall);
    let follows =
        |pair: &&[(usize, usize)]| pair[1].0 == pair[0].0 + 1 && pair[1].1 == pair[0].1 + 1;
    let chunks = matches.len() - matches.windows(2).filter(follows).count();
    (1.0 - config.gamma * (chunks as f64 / count).powf(config.beta)) * mean
}

/// A token's place and what is compared of it.
type Numbered = Vec<(usize, String)>;

/// Which token of the hypothesis is matched with which of the reference, in the
/// hypothesis' order.
fn align(
    reference: &[&str],
    hypothesis: &[&str],
    synonyms: &impl Fn(&str) -> Vec<String>,
) -> Vec<(usize, usize)> {
    let lower = |tokens: &[&str]| -> Numbered {
        let lowered = tokens.iter().map(|token| token.to_lowercase());
        lowered.enumerate().collect()
    };
    let (mut made, mut wanted) = (lower(hypothesis), lower(reference));
    let mut matches = Vec::new();
    let same = |word: &str| vec![word.to_owned()];
    take_matches(&mut made, &mut wanted, same, &mut matches);
    for (_, word) in made.iter_mut().chain(&mut wanted) {
        *word = stem(word);
    }
    take_matches(&mut made, &mut wanted, same, &mut matches);
    let alike = |word: &str| {
        let mut words = synonyms(word);
        words.push(word.to_owned());
        words
    };
    take_matches(&mut made, &mut wanted, alike, &mut matches);
    matches.sort_unstable();
    matches
}

/// Matches each word of `made`, from the last, with the last word of `wanted` that
/// is among its `alike` and still free; what is matched is taken from both.
fn take_matches(
    made: &mut Numbered,
    wanted: &mut Numbered,
    alike: impl Fn(&str) -> Vec<String>,
    matches: &mut Vec<(usize, usize)>,
) {
    // The places of a word in ascending order.
    let mut places: HashMap<&str, Vec<usize>> = HashMap::new();
    for (place, word) in wanted.iter() {
        places.entry(word).or_default().push(*place);
    }
    let before = matches.len();
    for (place, word) in made.iter().rev() {
        let last = |word: &String| places.get(word.as_str())?.last().copied();
        let words = alike(word);
        let Some(best) = words.iter().max_by_key(|word| last(word)) else {
            continue;
        };
        if let Some(found) = places.get_mut(best.as_str()).and_then(Vec::pop) {
            matches.push((*place, found));
        }
    }
    let found = &matches[before..];
    let taken: std::collections::HashSet<usize> = found.iter().map(|pair| pair.0).collect();
    made.retain(|(place, _)| !taken.contains(place));
    let taken: std::collections::HashSet<usize> = found.iter().map(|pair| pair.1).collect();
    wanted.retain(|(place, _)| !taken.contains(place));
}
