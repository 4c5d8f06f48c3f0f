//! A token for each character of a list.

use crate::TextError;

/// Characters and their places.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Characters {
    text: String,
    /// Where each character begins in `text`, and where the last one ends.
    starts: Vec<u32>,
    /// Characters with their places, in order.
    sorted: Vec<(char, u16)>,
}

impl Characters {
    /// `text` must have been counted: no more than 16 bits can name.
    pub fn new(text: &str) -> Result<Self, TextError> {
        let mut starts: Vec<u32> = text.char_indices().map(|(at, _)| at as u32).collect();
        starts.push(text.len() as u32);
        let mut sorted: Vec<(char, u16)> = text.chars().zip(0_u16..).collect();
        sorted.sort_unstable();
        if let Some(pair) = sorted.windows(2).find(|pair| pair[0].0 == pair[1].0) {
            return Err(TextError::Tokenizer(format!(
                "the character `{}` is there twice",
                pair[0].0
            )));
        }
        Ok(Self {
            text: text.to_owned(),
            starts,
            sorted,
        })
    }

    pub fn len(&self) -> usize {
        self.sorted.len()
    }

    pub fn find(&self, one: char) -> Option<u16> {
        let at = self.sorted.binary_search_by_key(&one, |entry| entry.0);
        at.ok().map(|at| self.sorted[at].1)
    }

    pub fn bytes(&self, at: usize) -> &[u8] {
        match self.starts.get(at..at + 2) {
            Some(ends) => &self.text.as_bytes()[ends[0] as usize..ends[1] as usize],
            None => &[],
        }
    }
}
