//! What a form asks of each line.

use super::pattern::{Pattern, patterns};
use super::readings::Readings;
use super::rhymes::Tone;
use crate::poem::Form;

/// What rhymes with what: a bit for each rhyme that can be told apart.
pub(super) type Sounds = u128;

/// What is asked of a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct PlanLine {
    pub length: usize,
    /// Whether a sentence ends with it.
    pub stops: bool,
    /// Lines of the same number rhyme.
    pub rhyme: Option<u8>,
}

/// By which tables lines rhyme.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum RhymeBy {
    /// Level-tone groups of the Pingshui tables.
    Level,
    /// Parts of the Cilin Zhengyun, by kind of tone.
    Parts,
}

/// What a form asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Plan {
    pub lines: Vec<PlanLine>,
    /// Whether there may be fewer lines, though four or more and an even number.
    pub open: bool,
    pub rhyme_by: RhymeBy,
    /// Tone patterns, any of which will do; none if tones are free.
    pub patterns: Vec<Pattern>,
}

impl Plan {
    /// Most lines of a poem whose form does not say how many it has.
    pub const MAX_LINES: usize = 20;

    /// The plan of a form; `None` for a tune that is not there.
    pub fn new(form: Form, readings: &Readings) -> Option<Self> {
        if let Form::Tune(tune) = form {
            let tune = readings.tunes().get(usize::from(tune))?;
            let line = |line: &super::TuneLine| PlanLine {
                length: usize::from(line.length),
                stops: line.stops,
                rhyme: line.rhyme,
            };
            return Some(Self {
                lines: tune.lines.iter().map(line).collect(),
                open: false,
                rhyme_by: RhymeBy::Parts,
                patterns: Vec::new(),
            });
        }
        let length = form.width()?;
        let shape = form.shape();
        let count = shape.map_or(Self::MAX_LINES, |shape| shape.0);
        let line = |at: usize| PlanLine {
            length,
            stops: at % 2 == 1,
            rhyme: (shape.is_some() && at % 2 == 1).then_some(0),
        };
        Some(Self {
            lines: (0..count).map(line).collect(),
            open: shape.is_none(),
            rhyme_by: RhymeBy::Level,
            patterns: shape.map_or_else(Vec::new, |(lines, width)| patterns(lines, width)),
        })
    }

    /// What a character rhymes with; nothing if it is not known, or never rhymes here.
    pub fn sounds(&self, character: char, readings: &Readings) -> Sounds {
        let rhymes = readings.of(character).iter();
        match self.rhyme_by {
            RhymeBy::Level => rhymes
                .filter(|rhyme| rhyme.tone() == Tone::Level)
                .fold(0, |bits, rhyme| bits | 1 << rhyme.group().number()),
            RhymeBy::Parts => rhymes.fold(0, |bits, rhyme| {
                let kind = match rhyme.tone() {
                    Tone::Level => 0,
                    Tone::Rising | Tone::Departing => 1,
                    Tone::Entering => 2,
                };
                bits | Sounds::from(rhyme.parts()) << (32 * kind)
            }),
        }
    }
}
