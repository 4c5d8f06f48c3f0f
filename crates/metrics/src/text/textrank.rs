//! A summary by extraction: `TextRank` (Mihalcea and Tarau 2004).

use std::collections::{BTreeSet, HashMap};
use std::ops::Range;

use super::sentences::sentences;
use crate::MetricsError;

/// The most sentences of a text that are ranked; each is compared with all.
pub const MAX_SENTENCES: usize = 3_000;
/// How much of a sentence's rank comes from its neighbours, as in the paper.
const DAMPING: f64 = 0.85;
/// Below this change of every rank they are final. The paper stops at 0.0001.
const CHANGE: f64 = 1e-9;
/// Ranks change by a factor of `DAMPING` a round at most, so this many always do.
const ROUNDS: usize = 200;

/// Words that say nothing of what a sentence is about. They stand for the
/// paper's syntactic filter, which would want a tagger.
const FUNCTION_WORDS: &str = include_str!("function_words.txt");

/// A sentence of a text and its rank.
#[derive(Debug, Clone, PartialEq)]
pub struct RankedSentence {
    /// Where it stands, in bytes.
    pub range: Range<usize>,
    /// From 0.15 up; 1 on average where every sentence shares a word with some
    /// other. It has no meaning beyond the text.
    pub rank: f64,
}

/// The rank of each sentence of a text, in the text's order.
///
/// Two sentences are as similar as the number of different words they share,
/// over the sum of the logarithms of their lengths in words; a sentence is
/// ranked as by `PageRank` on the graph of similarities. Words are runs of letters
/// and digits in lower case, without English function words; in Chinese, which
/// has no spaces, pairs of neighbouring characters. Sentences of fewer than two
/// words are like none.
///
/// # Errors
///
/// Where the text has more than [`MAX_SENTENCES`].
pub fn text_rank(text: &str) -> Result<Vec<RankedSentence>, MetricsError> {
    let ranges = sentences(text);
    if ranges.len() > MAX_SENTENCES {
        return Err(MetricsError::TooManySentences {
            count: ranges.len(),
            most: MAX_SENTENCES,
        });
    }
    let ranks = ranks(&Graph::new(text, &ranges));
    Ok(ranges
        .into_iter()
        .zip(ranks)
        .map(|(range, rank)| RankedSentence { range, rank })
        .collect())
}

/// The `count` sentences of the highest rank, in the text's order: a summary in
/// the text's own words. All of them where the text has no more.
///
/// It chooses what is most like the rest, knows nothing of truth or of what a
/// pronoun stands for, and may say the same twice. Equal ranks go to the earlier
/// sentence.
///
/// # Errors
///
/// As [`text_rank`].
pub fn extract(text: &str, count: usize) -> Result<Vec<RankedSentence>, MetricsError> {
    let mut ranked = text_rank(text)?;
    ranked.sort_by(|a, b| b.rank.total_cmp(&a.rank));
    ranked.truncate(count);
    ranked.sort_by_key(|sentence| sentence.range.start);
    Ok(ranked)
}

struct Graph {
    /// The logarithm of each sentence's number of words.
    lengths: Vec<f64>,
    /// The other sentences that share words with each, and how many.
    shared: Vec<Vec<(u32, u32)>>,
}

impl Graph {
    fn new(text: &str, ranges: &[Range<usize>]) -> Self {
        let function_words: BTreeSet<&str> = FUNCTION_WORDS.split_whitespace().collect();
        let mut holders: HashMap<String, Vec<u32>> = HashMap::new();
        let mut lengths = Vec::with_capacity(ranges.len());
        let mut own = Vec::with_capacity(ranges.len());
        for (at, range) in ranges.iter().enumerate() {
            let words = words(&text[range.clone()], &function_words);
            lengths.push((words.len().max(1) as f64).ln());
            let different: BTreeSet<String> = if words.len() < 2 {
                BTreeSet::new()
            } else {
                words.into_iter().collect()
            };
            for word in &different {
                holders.entry(word.clone()).or_default().push(at as u32);
            }
            own.push(different);
        }
        let mut counts = vec![0u32; ranges.len()];
        let neighbours = |(at, words): (usize, &BTreeSet<String>)| {
            let mut met = Vec::new();
            for &other in words.iter().flat_map(|word| &holders[word]) {
                if other as usize != at {
                    if counts[other as usize] == 0 {
                        met.push(other);
                    }
                    counts[other as usize] += 1;
                }
            }
            // In order, so that sums are the same each time.
            met.sort_unstable();
            met.into_iter()
                .map(|other| (other, std::mem::take(&mut counts[other as usize])))
                .collect()
        };
        Self {
            shared: own.iter().enumerate().map(neighbours).collect(),
            lengths,
        }
    }

    /// The neighbours of a sentence and how similar they are.
    fn similar(&self, at: usize) -> impl Iterator<Item = (usize, f64)> {
        self.shared[at].iter().map(move |&(other, shared)| {
            let other = other as usize;
            let lengths = self.lengths[at] + self.lengths[other];
            (other, f64::from(shared) / lengths)
        })
    }
}

fn ranks(graph: &Graph) -> Vec<f64> {
    let count = graph.lengths.len();
    let outward: Vec<f64> = (0..count)
        .map(|at| graph.similar(at).map(|(_, weight)| weight).sum())
        .collect();
    let mut ranks = vec![1.0; count];
    for _ in 0..ROUNDS {
        let next: Vec<f64> = (0..count)
            .map(|at| {
                let votes = graph.similar(at);
                let sum: f64 = votes
                    .map(|(other, w)| w / outward[other] * ranks[other])
                    .sum();
                1.0 - DAMPING + DAMPING * sum
            })
            .collect();
        let change = ranks
            .iter()
            .zip(&next)
            .map(|(a, b)| (a - b).abs())
            .fold(0.0, f64::max);
        ranks = next;
        if change < CHANGE {
            break;
        }
    }
    ranks
}

/// The words of a sentence, in order.
fn words(sentence: &str, function_words: &BTreeSet<&str>) -> Vec<String> {
    let lower = sentence.to_lowercase();
    let mut found = Vec::new();
    for run in lower.split(|c: char| !c.is_alphanumeric()) {
        let characters: Vec<char> = run.chars().collect();
        for part in characters.chunk_by(|&a, &b| is_chinese(a) == is_chinese(b)) {
            if is_chinese(part[0]) && part.len() > 1 {
                found.extend(part.windows(2).map(|pair| pair.iter().collect::<String>()));
            } else {
                let word: String = part.iter().collect();
                if !function_words.contains(word.as_str()) {
                    found.push(word);
                }
            }
        }
    }
    found
}

fn is_chinese(c: char) -> bool {
    matches!(c, '\u{3007}' | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}'
        | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}')
}
