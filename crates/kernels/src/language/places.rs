//! Where tokens stand.

use std::sync::Arc;

/// The base of the rotary frequencies (Su 2021).
const BASE: f32 = 10_000.0;

/// Where each token of a batch stands in its text, and by how much its queries and
/// keys are turned.
#[derive(Debug)]
pub struct Places {
    columns: usize,
    positions: Vec<u32>,
    /// First and one past the last token of every text.
    texts: Vec<(usize, usize)>,
    half: usize,
    /// The least position.
    first: u32,
    /// Cosine and sine of each pair of coordinates, `[positions from the first, head /
    /// 2]`.
    turns: Vec<(f32, f32)>,
}

impl Places {
    /// The places of tokens in rows of `columns`: positions count from 0 in each
    /// text, and a row may hold several. `head` is the size of a head, which is even.
    ///
    /// # Panics
    /// Where a position follows neither the one before it nor begins a text, or the
    /// rows are not whole.
    pub fn new(positions: &[u32], columns: usize, head: usize) -> Arc<Self> {
        assert!(
            columns > 0 && positions.len().is_multiple_of(columns),
            "whole rows"
        );
        assert!(head.is_multiple_of(2), "pairs of coordinates");
        let mut texts = Vec::new();
        for (at, &position) in positions.iter().enumerate() {
            let begins = at.is_multiple_of(columns) || position == 0;
            match texts.last_mut() {
                Some((_, end)) if !begins => {
                    assert_eq!(position, positions[at - 1] + 1, "positions count up");
                    *end = at + 1;
                }
                _ => texts.push((at, at + 1)),
            }
        }
        let half = head / 2;
        // A text that is gone on with begins far from 0.
        let first = positions.iter().min().copied().unwrap_or(0);
        let end = positions.iter().max().map_or(0, |&most| most as usize + 1);
        let turn = |at: usize| turn(first as usize + at / half, at % half, half);
        Arc::new(Self {
            columns,
            positions: positions.to_vec(),
            texts,
            half,
            first,
            turns: (0..(end - first as usize) * half).map(turn).collect(),
        })
    }

    /// Tokens in a row.
    pub fn columns(&self) -> usize {
        self.columns
    }

    /// Tokens in all.
    pub fn count(&self) -> usize {
        self.positions.len()
    }

    /// First and one past the last token of every text.
    pub fn texts(&self) -> &[(usize, usize)] {
        &self.texts
    }

    /// Cosine and sine by which each pair of coordinates of a token is turned.
    pub fn turn(&self, token: usize) -> &[(f32, f32)] {
        let position = (self.positions[token] - self.first) as usize;
        &self.turns[position * self.half..(position + 1) * self.half]
    }
}

/// Cosine and sine by which a pair of coordinates is turned at a position, of `half`
/// pairs.
pub(super) fn turn(position: usize, pair: usize, half: usize) -> (f32, f32) {
    let angle = position as f32 * BASE.powf(-(pair as f32) / half as f32);
    (angle.cos(), angle.sin())
}

#[cfg(test)]
mod tests {
    use super::Places;

    #[test]
    fn texts_begin_at_zero_and_at_each_row() {
        let places = Places::new(&[0, 1, 0, 1, 2, 3, 0, 1], 4, 2);
        assert_eq!(places.texts(), [(0, 2), (2, 4), (4, 6), (6, 8)]);
        let (cos, sin) = places.turn(5)[0];
        assert!((cos - 3.0_f32.cos()).abs() < 1e-6 && (sin - 3.0_f32.sin()).abs() < 1e-6);
        let later = Places::new(&[3, 4], 2, 2);
        assert_eq!(later.turn(0), places.turn(5));
    }

    #[test]
    #[should_panic(expected = "count up")]
    fn a_gap_is_refused() {
        Places::new(&[0, 2], 2, 2);
    }
}
