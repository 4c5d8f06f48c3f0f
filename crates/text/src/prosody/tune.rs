//! The tunes of ci: how long their lines are and which of them rhyme.

use serde::{Deserialize, Serialize};

/// A tune's pattern, learned from the poems to it: the commonest sequence of line
/// lengths, and the lines that rhyme in more than half of the poems that keep it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tune {
    /// Its name, in traditional characters.
    pub name: String,
    /// Its lines, in order.
    pub lines: Vec<TuneLine>,
    /// Poems that keep these line lengths.
    pub kept: u32,
    /// Poems to the tune in all.
    pub poems: u32,
}

/// A line of a tune.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TuneLine {
    /// How many characters it has.
    pub length: u8,
    /// Whether a sentence ends with it (。) or goes on (，).
    pub stops: bool,
    /// Lines of the same number rhyme with each other; `None` rhymes with none.
    pub rhyme: Option<u8>,
}

impl Tune {
    /// Most lines of a tune.
    pub const MAX_LINES: usize = 64;

    /// Most characters in a line.
    pub const MAX_LENGTH: u8 = 16;

    /// Whether the figures can be those of a tune.
    pub(super) fn is_sound(&self) -> bool {
        let line = |line: &TuneLine| {
            (1..=Self::MAX_LENGTH).contains(&line.length)
                && line
                    .rhyme
                    .is_none_or(|rhyme| usize::from(rhyme) < Self::MAX_LINES)
        };
        !self.name.is_empty()
            && self.name.len() <= 64
            && (1..=Self::MAX_LINES).contains(&self.lines.len())
            && self.lines.iter().all(line)
    }
}
