//! chrF (Popović 2015) and chrF++ (Popović 2017), as `SacreBLEU` computes them.

use super::ngrams::{Numbers, counts, shared, total};
use super::space::{is_space, split};
use crate::MetricsError;

/// Bits of a character in an n-gram: six of them in 128.
const CHARACTER_BITS: usize = 21;
const WORD_BITS: usize = 32;
const MAX_CHARACTERS: usize = 6;
const MAX_WORDS: usize = 4;

/// How chrF is computed. The default is chrF2 of `SacreBLEU`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ChrfConfig {
    /// The largest n-gram of characters, 1 to 6. Default: 6.
    pub characters: usize,
    /// The largest n-gram of words, 0 to 4. Default: 0; chrF++ has 2.
    pub words: usize,
    /// How many times as much recall weighs as precision. Default: 2.
    pub beta: f64,
    /// Whether capital letters are made small first. Default: no.
    pub lowercase: bool,
    /// Whether white space is counted as characters. Default: no.
    pub whitespace: bool,
}

impl Default for ChrfConfig {
    fn default() -> Self {
        Self {
            characters: MAX_CHARACTERS,
            words: 0,
            beta: 2.0,
            lowercase: false,
            whitespace: false,
        }
    }
}

impl ChrfConfig {
    /// chrF++: with words and pairs of words.
    pub fn plus_plus() -> Self {
        Self {
            words: 2,
            ..Self::default()
        }
    }

    fn check(&self) -> Result<(), MetricsError> {
        let bad = |name, value, wanted| {
            Err(MetricsError::BadParameter {
                name,
                value,
                wanted,
            })
        };
        if !(1..=MAX_CHARACTERS).contains(&self.characters) {
            return bad("the order of characters", self.characters as f64, "1 to 6");
        }
        if self.words > MAX_WORDS {
            return bad("the order of words", self.words as f64, "0 to 4");
        }
        if !(self.beta > 0.0 && self.beta.is_finite()) {
            return bad("beta", self.beta, "above 0");
        }
        Ok(())
    }
}

/// The chrF of a corpus, 0 to 100: of the sums of all counts.
///
/// The F-measure of n-grams of characters (and of words, in chrF++), precision
/// and recall each averaged over the orders that both sides are long enough for.
/// A text that is its own reference has 100. Of several references, the one
/// with the best chrF counts. Kinder than BLEU to another ending of the same
/// word; as blind to meaning, and scarcely to be used below some dozen
/// characters, where the long orders are missing.
///
/// # Errors
///
/// Where there are no texts, the lists differ in length, a text has no
/// reference, or the config is out of range.
pub fn corpus_chrf(
    hypotheses: &[&str],
    references: &[Vec<&str>],
    config: &ChrfConfig,
) -> Result<f64, MetricsError> {
    config.check()?;
    super::check_pairs(hypotheses, references)?;
    let mut sum = vec![Matches::default(); config.characters + config.words];
    for (hypothesis, references) in hypotheses.iter().zip(references) {
        for (sum, more) in sum.iter_mut().zip(best(hypothesis, references, config)) {
            sum.made += more.made;
            sum.wanted += more.wanted;
            sum.shared += more.shared;
        }
    }
    Ok(f_score(&sum, config.beta))
}

/// The chrF of one text, 0 to 100; see [`corpus_chrf`].
///
/// # Errors
///
/// As [`corpus_chrf`].
pub fn sentence_chrf(
    hypothesis: &str,
    references: &[&str],
    config: &ChrfConfig,
) -> Result<f64, MetricsError> {
    corpus_chrf(&[hypothesis], &[references.to_vec()], config)
}

/// N-grams of one order.
#[derive(Debug, Clone, Copy, Default)]
struct Matches {
    made: u64,
    wanted: u64,
    shared: u64,
}

/// The counts against the reference whose score is best, the first of equals.
fn best(hypothesis: &str, references: &[&str], config: &ChrfConfig) -> Vec<Matches> {
    let mut numbers = Numbers::default();
    let made = Text::new(hypothesis, config, &mut numbers);
    let mut best: Option<(f64, Vec<Matches>)> = None;
    for reference in references {
        let matches = made.against(&Text::new(reference, config, &mut numbers));
        let score = f_score(&matches, config.beta);
        if best.as_ref().is_none_or(|(most, _)| score > *most) {
            best = Some((score, matches));
        }
    }
    best.map(|(_, matches)| matches).unwrap_or_default()
}

struct Text(Vec<super::ngrams::Counts>);

impl Text {
    fn new(text: &str, config: &ChrfConfig, numbers: &mut Numbers) -> Self {
        let lowered = config.lowercase.then(|| text.to_lowercase());
        let text = lowered.as_deref().unwrap_or(text);
        let characters: Vec<u32> = text
            .chars()
            .filter(|&c| config.whitespace || !is_space(c))
            .map(u32::from)
            .collect();
        let mut orders: Vec<_> = (1..=config.characters)
            .map(|order| counts(&characters, order, CHARACTER_BITS))
            .collect();
        if config.words > 0 {
            let words = numbers.of(&words(text));
            orders.extend((1..=config.words).map(|order| counts(&words, order, WORD_BITS)));
        }
        Self(orders)
    }

    fn against(&self, reference: &Self) -> Vec<Matches> {
        self.0
            .iter()
            .zip(&reference.0)
            .map(|(made, wanted)| Matches {
                // An order that the reference is too short for does not count.
                made: if wanted.is_empty() { 0 } else { total(made) },
                wanted: total(wanted),
                shared: shared(made, wanted),
            })
            .collect()
    }
}

/// Words with one mark of punctuation taken off their end, or else their start.
fn words(text: &str) -> Vec<&str> {
    let mut words = Vec::new();
    for word in split(text) {
        let is_mark = |c: char| c.is_ascii_punctuation();
        let mut characters = word.chars();
        let (first, last) = (characters.next(), characters.next_back());
        let cut = match (first, last) {
            (_, Some(last)) if is_mark(last) => word.len() - 1,
            (Some(first), Some(_)) if is_mark(first) => 1,
            _ => 0,
        };
        let (before, after) = word.split_at(cut);
        words.extend([before, after].into_iter().filter(|part| !part.is_empty()));
    }
    words
}

fn f_score(orders: &[Matches], beta: f64) -> f64 {
    let both = orders.iter().filter(|n| n.made > 0 && n.wanted > 0);
    let (mut precision, mut recall, mut count) = (0.0, 0.0, 0.0);
    for order in both {
        precision += order.shared as f64 / order.made as f64;
        recall += order.shared as f64 / order.wanted as f64;
        count += 1.0;
    }
    if precision + recall == 0.0 {
        return 0.0;
    }
    let (precision, recall) = (precision / count, recall / count);
    let factor = beta * beta;
    100.0 * (1.0 + factor) * precision * recall / (factor * precision + recall)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_come_off_one_side() {
        assert_eq!(
            words("(hi) \"so a! 。好 !"),
            ["(hi", ")", "\"", "so", "a", "!", "。好", "!"]
        );
    }
}
