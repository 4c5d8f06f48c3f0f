//! ROUGE-N and ROUGE-L (Lin 2004), as the Python package `rouge-score`.

use super::ngrams::{Numbers, counts, shared, total};
use super::porter::stem;
use crate::MetricsError;

/// What ROUGE compares.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RougeTokens {
    /// Runs of `a` to `z` and digits, in lower case: English.
    Words,
    /// The same, words of more than three letters as their stems.
    Stems,
    /// Each letter and digit of any script: Chinese. `rouge-score` by itself
    /// sees none of these.
    Characters,
}

impl RougeTokens {
    fn of(self, text: &str) -> Vec<String> {
        let text = text.to_lowercase();
        match self {
            Self::Characters => text
                .chars()
                .filter(|c| c.is_alphanumeric())
                .map(String::from)
                .collect(),
            Self::Words | Self::Stems => text
                .split(|c: char| !c.is_ascii_lowercase() && !c.is_ascii_digit())
                .filter(|word| !word.is_empty())
                .map(|word| match self {
                    Self::Stems if word.len() > 3 => stem(word),
                    _ => word.to_owned(),
                })
                .collect(),
        }
    }
}

/// How much of a text is in its reference, and of the reference in the text.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct RougeScore {
    /// What is shared, over the text's own count: 0 to 1.
    pub precision: f64,
    /// What is shared, over the reference's count: 0 to 1.
    pub recall: f64,
    /// The harmonic mean of both: 0 to 1, and the same with the texts exchanged.
    pub f_measure: f64,
}

impl RougeScore {
    fn new(shared: u64, made: u64, wanted: u64) -> Self {
        let precision = shared as f64 / made.max(1) as f64;
        let recall = shared as f64 / wanted.max(1) as f64;
        let f_measure = if shared == 0 {
            0.0
        } else {
            2.0 * precision * recall / (precision + recall)
        };
        Self {
            precision,
            recall,
            f_measure,
        }
    }
}

/// ROUGE-1, ROUGE-2 and ROUGE-L of one text.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Rouge {
    /// Of single tokens.
    pub rouge_1: RougeScore,
    /// Of pairs of tokens.
    pub rouge_2: RougeScore,
    /// Of the longest common subsequence of tokens.
    pub rouge_l: RougeScore,
}

/// ROUGE-1, ROUGE-2 and ROUGE-L of a text against one reference.
///
/// Made for summaries, whose length is given: without a limit of length recall
/// alone can be had by saying much. A high figure tells that words are shared,
/// and not that what is said of them is true. All are 1 for equal texts (of two
/// tokens or more), 0 where nothing is shared or a text has no tokens.
pub fn rouge(reference: &str, hypothesis: &str, tokens: RougeTokens) -> Rouge {
    let pair = Pair::new(reference, hypothesis, tokens);
    Rouge {
        rouge_1: pair.of_order(1),
        rouge_2: pair.of_order(2),
        rouge_l: pair.of_subsequence(),
    }
}

/// ROUGE-N for n-grams of 1 to 4 tokens.
///
/// # Errors
///
/// Where the order is none of these.
pub fn rouge_n(
    reference: &str,
    hypothesis: &str,
    order: usize,
    tokens: RougeTokens,
) -> Result<RougeScore, MetricsError> {
    if !(1..=4).contains(&order) {
        return Err(MetricsError::BadParameter {
            name: "the order of ROUGE",
            value: order as f64,
            wanted: "1 to 4",
        });
    }
    Ok(Pair::new(reference, hypothesis, tokens).of_order(order))
}

struct Pair {
    wanted: Vec<u32>,
    made: Vec<u32>,
}

impl Pair {
    fn new(reference: &str, hypothesis: &str, tokens: RougeTokens) -> Self {
        let mut numbers = Numbers::default();
        Self {
            wanted: numbers.of(&tokens.of(reference)),
            made: numbers.of(&tokens.of(hypothesis)),
        }
    }

    fn of_order(&self, order: usize) -> RougeScore {
        let [made, wanted] = [&self.made, &self.wanted].map(|side| counts(side, order, 32));
        RougeScore::new(shared(&made, &wanted), total(&made), total(&wanted))
    }

    fn of_subsequence(&self) -> RougeScore {
        let shared = common_subsequence(&self.wanted, &self.made);
        RougeScore::new(shared, self.made.len() as u64, self.wanted.len() as u64)
    }
}

/// The length of the longest common subsequence of two lists of small numbers.
///
/// A row of the table as bits, 64 entries at once (Hyyrö 2004, "Bit-parallel
/// LCS-length computation revisited"): the zeros of `row` are the steps of the
/// table's row.
fn common_subsequence(a: &[u32], b: &[u32]) -> u64 {
    let words = a.len().div_ceil(64);
    let numbers = a.iter().map(|&n| n as usize + 1).max().unwrap_or(0);
    // Where in `a` each number stands. Most stand in few places, and a whole row for
    // each would be gigabytes for a long text.
    let mut places: Vec<Vec<(usize, u64)>> = vec![Vec::new(); numbers];
    for (at, &number) in a.iter().enumerate() {
        let places = &mut places[number as usize];
        match places.last_mut() {
            Some((word, bits)) if *word == at / 64 => *bits |= 1 << (at % 64),
            _ => places.push((at / 64, 1 << (at % 64))),
        }
    }
    let mut row = vec![!0u64; words];
    let mut here = vec![0u64; words];
    for &number in b {
        let Some(places) = places.get(number as usize) else {
            continue;
        };
        for &(word, bits) in places {
            here[word] = bits;
        }
        let mut carry = false;
        for (bits, &places) in row.iter_mut().zip(&here) {
            let hits = *bits & places;
            let (sum, first) = bits.overflowing_add(hits);
            let (sum, second) = sum.overflowing_add(u64::from(carry));
            carry = first || second;
            *bits = sum | (*bits & !places);
        }
        for &(word, _) in places {
            here[word] = 0;
        }
    }
    let beyond = words * 64 - a.len();
    if let Some(last) = row.last_mut() {
        *last |= !(!0u64 >> beyond);
    }
    row.iter().map(|bits| u64::from(bits.count_zeros())).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// By the table.
    fn plainly(a: &[u32], b: &[u32]) -> u64 {
        let mut row = vec![0; b.len() + 1];
        for x in a {
            let mut diagonal = 0;
            for (at, y) in b.iter().enumerate() {
                let above = row[at + 1];
                row[at + 1] = if x == y {
                    diagonal + 1
                } else {
                    above.max(row[at])
                };
                diagonal = above;
            }
        }
        row[b.len()]
    }

    #[test]
    fn subsequences_by_bits_are_those_of_the_table() {
        let mut state = 7u32;
        for (n, m) in [
            (0, 0),
            (0, 5),
            (5, 0),
            (1, 1),
            (63, 64),
            (64, 64),
            (65, 200),
            (300, 129),
        ] {
            let mut list = |count: usize| -> Vec<u32> {
                (0..count)
                    .map(|_| {
                        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                        (state >> 16) % 7
                    })
                    .collect()
            };
            let (a, b) = (list(n), list(m));
            assert_eq!(common_subsequence(&a, &b), plainly(&a, &b), "{n} {m}");
            assert_eq!(common_subsequence(&a, &a), n as u64);
        }
    }
}
