//! What the forms of classical verse ask for: rhymes, tones, patterns, tunes.
//!
//! [`report`] looks at a poem, [`Constraint`] says which tokens may come next in one.

mod constraint;
mod pattern;
mod plan;
mod readings;
mod report;
mod rhymes;
mod tune;

pub use constraint::{Constraint, Keep};
pub use pattern::{Pattern, PatternLine, Slot, patterns};
pub use readings::{Readings, ReadingsCard};
pub use report::{FormReport, LineReport, Place, report};
pub use rhymes::{PINGSHUI, PingshuiGroup, RHYMES, Rhyme, Tone};
pub use tune::{Tune, TuneLine};

#[cfg(test)]
pub(crate) mod tests;
