//! A text split into words, and its vector.

use std::collections::BTreeMap;
use std::ops::Range;

use crate::fold::{is_accent, is_chinese, push_plain};
use crate::table::Table;

/// How much of a text is read, in characters; what comes after is passed over.
pub const MAX_TEXT: usize = 200;

/// A piece of a text that is a word, or would be if the table knew it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token {
    /// Where it stands, in bytes of the text.
    pub range: Range<usize>,
    /// Its row of the table, [`None`] if the table lacks it.
    pub known: Option<u32>,
}

/// What a text is read as.
#[derive(Debug, Clone, PartialEq)]
pub struct Reading {
    /// The words, in order.
    pub tokens: Vec<Token>,
    /// A vector of unit length, [`None`] if no word is known that counts.
    pub vector: Option<Vec<f32>>,
}

/// A Chinese character, or a run of other letters and digits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Atom {
    range: Range<usize>,
    /// As the table spells it.
    text: String,
    chinese: bool,
    /// What stands between it and the one before.
    gap: Gap,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Gap {
    /// Nothing.
    None,
    /// A space or a hyphen.
    Space,
    /// A comma or anything else: no word goes over it.
    Break,
}

/// Splits a text as far as can be done without a table.
pub(crate) fn atoms(text: &str, folds: &BTreeMap<char, char>) -> Vec<Atom> {
    let mut atoms: Vec<Atom> = Vec::new();
    let mut gap = Gap::None;
    // Whether the last atom may go on.
    let mut open = false;
    let mut characters = text.char_indices().take(MAX_TEXT).peekable();
    while let Some((start, c)) = characters.next() {
        let end = start + c.len_utf8();
        if is_chinese(c) {
            atoms.push(Atom {
                range: start..end,
                text: folds.get(&c).copied().unwrap_or(c).into(),
                chinese: true,
                gap,
            });
            (gap, open) = (Gap::None, false);
        } else if is_accent(c) {
            if let (true, Some(last)) = (open, atoms.last_mut()) {
                last.range.end = end;
            }
        } else if c.is_alphanumeric() {
            match atoms.last_mut() {
                Some(last) if open => {
                    last.range.end = end;
                    push_plain(c, &mut last.text);
                }
                _ => {
                    let mut text = String::new();
                    push_plain(c, &mut text);
                    atoms.push(Atom {
                        range: start..end,
                        text,
                        chinese: false,
                        gap,
                    });
                    open = true;
                }
            }
            gap = Gap::None;
        } else if let (true, '\'' | '’', Some((_, next)), Some(last)) =
            (open, c, characters.peek(), atoms.last_mut())
            && next.is_alphanumeric()
            && !is_chinese(*next)
        {
            // "cat's", "o’clock". The letter that follows makes it part of the range.
            last.text.push('\'');
        } else {
            gap = match (c, gap) {
                (' ' | '-', Gap::None) => Gap::Space,
                _ => Gap::Break,
            };
            open = false;
        }
    }
    if let Some(first) = atoms.first_mut() {
        first.gap = Gap::None;
    }
    atoms
}

/// Appends atoms as the table spells them together; [`None`] where no word can
/// go over the gap between two.
fn joined(atoms: &[Atom]) -> Option<String> {
    let mut word = atoms.first()?.text.clone();
    for pair in atoms.windows(2) {
        let spaced = !pair[0].chinese && !pair[1].chinese;
        match (pair[1].gap, spaced) {
            (Gap::Space, true) => word.push(' '),
            (Gap::None, false) => {}
            _ => return None,
        }
        word.push_str(&pair[1].text);
    }
    Some(word)
}

/// An atom that is no word.
const UNKNOWN: u32 = 64;
/// A regular form of a word.
const INFLECTED: u32 = 32;
/// A word, to which the logarithm of its row comes: at most 15 (see
/// [`Table::MAX_WORDS`]), so that one word always costs less than two.
const KNOWN: u32 = 16;

impl Table {
    /// Splits a text into words of the table and takes the sum of their
    /// vectors, made unit length.
    ///
    /// Of all ways to split it, the one with the fewest unknown characters is
    /// taken, then the one with the fewest words, then the one whose words are
    /// the most frequent. Of a text longer than [`MAX_TEXT`] characters only
    /// the beginning is read.
    pub fn read(&self, text: &str) -> Reading {
        let tokens = self.tokens(text);
        let vector = self.sum(tokens.iter().filter_map(|token| token.known));
        Reading { tokens, vector }
    }

    fn tokens(&self, text: &str) -> Vec<Token> {
        let atoms = atoms(text, self.folds());
        // For each end: the least cost, and the last word's start and row.
        let mut best: Vec<(u32, usize, Option<u32>)> = vec![(0, 0, None)];
        for end in 1..=atoms.len() {
            let mut choice = (best[end - 1].0 + UNKNOWN, end - 1, None);
            for start in (end.saturating_sub(self.longest())..end).rev() {
                let Some(word) = joined(&atoms[start..end]) else {
                    break;
                };
                let latin = atoms[start..end].iter().all(|atom| !atom.chinese);
                let Some((row, exact)) = self.find(&word, latin) else {
                    continue;
                };
                let cost = best[start].0
                    + match exact {
                        true => KNOWN + (row + 1).ilog2(),
                        false => INFLECTED,
                    };
                if cost < choice.0 {
                    choice = (cost, start, Some(row));
                }
            }
            best.push(choice);
        }
        let mut tokens = Vec::new();
        let mut end = atoms.len();
        while end > 0 {
            let (_, start, known) = best[end];
            tokens.push(Token {
                range: atoms[start].range.start..atoms[end - 1].range.end,
                known,
            });
            end = start;
        }
        tokens.reverse();
        tokens
    }

    /// The sum of rows, made unit length; in order, one number at a time, so
    /// that it is the same everywhere.
    fn sum(&self, rows: impl Iterator<Item = u32>) -> Option<Vec<f32>> {
        let mut sum = vec![0f32; self.dimensions()];
        for row in rows {
            let scale = self.scale(row);
            for (sum, &value) in sum.iter_mut().zip(self.row(row)) {
                *sum += scale * f32::from(value);
            }
        }
        let length = sum
            .iter()
            .fold(0f32, |all, value| all + value * value)
            .sqrt();
        if !length.is_normal() {
            return None;
        }
        sum.iter_mut().for_each(|value| *value /= length);
        Some(sum)
    }
}
