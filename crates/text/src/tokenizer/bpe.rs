//! Byte-pair encoding of one piece of text.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use super::Tokenizer;
use crate::TextError;

/// Nothing on this side.
const NONE: u32 = u32::MAX;

/// Bytes, and the pairs that become one token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Merges {
    /// Pairs, the left one in the high half, in order; each with its rank.
    ranks: Vec<(u32, u16)>,
    /// What all tokens stand for, one behind the other.
    text: Vec<u8>,
    /// Where each begins, and where the last one ends.
    starts: Vec<u32>,
}

impl Merges {
    /// `merges` must have been counted: no more than 16 bits can name.
    pub fn new(merges: &[(u16, u16)]) -> Result<Self, TextError> {
        let mut text: Vec<u8> = (0..=255).collect();
        let mut starts: Vec<u32> = (0..=256).collect();
        let mut ranks = Vec::with_capacity(merges.len());
        for (rank, &(left, right)) in merges.iter().enumerate() {
            let known = 256 + rank;
            let (a, b) = (usize::from(left), usize::from(right));
            if a >= known || b >= known {
                return Err(TextError::Tokenizer(format!(
                    "merge {rank} joins {a} and {b}, and there are {known} before it"
                )));
            }
            let range = |at: usize| starts[at] as usize..starts[at + 1] as usize;
            let (a, b) = (range(a), range(b));
            if a.len() + b.len() > Tokenizer::MAX_TOKEN {
                return Err(TextError::Tokenizer(format!(
                    "merge {rank} makes a token of {} bytes, and at most {} are read",
                    a.len() + b.len(),
                    Tokenizer::MAX_TOKEN
                )));
            }
            text.extend_from_within(a);
            text.extend_from_within(b);
            starts.push(text.len() as u32);
            ranks.push((key(left, right), rank as u16));
        }
        ranks.sort_unstable();
        if ranks.windows(2).any(|pair| pair[0].0 == pair[1].0) {
            return Err(TextError::Tokenizer("a merge is there twice".to_owned()));
        }
        Ok(Self {
            ranks,
            text,
            starts,
        })
    }

    pub fn len(&self) -> usize {
        self.starts.len() - 1
    }

    pub fn bytes(&self, at: usize) -> &[u8] {
        match self.starts.get(at..at + 2) {
            Some(ends) => &self.text[ends[0] as usize..ends[1] as usize],
            None => &[],
        }
    }

    fn rank(&self, left: u16, right: u16) -> Option<u16> {
        let at = self
            .ranks
            .binary_search_by_key(&key(left, right), |entry| entry.0);
        at.ok().map(|at| self.ranks[at].1)
    }

    /// Appends the tokens of a piece, each with `first` added.
    ///
    /// The most urgent pair is joined first, of equals the leftmost, until none is
    /// left. The pairs wait in a heap, so that a piece of a million bytes takes no
    /// square of that.
    pub fn encode(&self, piece: &[u8], first: u16, tokens: &mut Vec<u16>) {
        let count = piece.len() as u32;
        let mut symbols: Vec<u16> = piece.iter().map(|&byte| u16::from(byte)).collect();
        let mut before: Vec<u32> = (0..count).map(|at| at.wrapping_sub(1)).collect();
        let mut after: Vec<u32> = (1..=count).collect();
        if let Some(last) = after.last_mut() {
            *last = NONE;
        }
        let mut waiting: BinaryHeap<Reverse<(u16, u32)>> = piece
            .windows(2)
            .zip(0..)
            .filter_map(|(pair, at)| {
                let rank = self.rank(u16::from(pair[0]), u16::from(pair[1]))?;
                Some(Reverse((rank, at)))
            })
            .collect();
        // A symbol that went into its left neighbour is marked by pointing at itself.
        while let Some(Reverse((rank, at))) = waiting.pop() {
            let right = after[at as usize];
            let gone = right == at || right == NONE;
            if gone || self.rank(symbols[at as usize], symbols[right as usize]) != Some(rank) {
                continue;
            }
            symbols[at as usize] = 256 + rank;
            let beyond = after[right as usize];
            after[at as usize] = beyond;
            after[right as usize] = right;
            if beyond != NONE {
                before[beyond as usize] = at;
                self.wait(&symbols, at, beyond, &mut waiting);
            }
            let ahead = before[at as usize];
            if ahead != NONE {
                self.wait(&symbols, ahead, at, &mut waiting);
            }
        }
        let mut at = if count == 0 { NONE } else { 0 };
        while at != NONE {
            tokens.push(first + symbols[at as usize]);
            at = after[at as usize];
        }
    }

    fn wait(
        &self,
        symbols: &[u16],
        left: u32,
        right: u32,
        waiting: &mut BinaryHeap<Reverse<(u16, u32)>>,
    ) {
        if let Some(rank) = self.rank(symbols[left as usize], symbols[right as usize]) {
            waiting.push(Reverse((rank, left)));
        }
    }
}

fn key(left: u16, right: u16) -> u32 {
    u32::from(left) << 16 | u32::from(right)
}
