//! Whether a poem keeps its form.

use super::pattern::{Pattern, PatternLine, Slot};
use super::plan::{Plan, Sounds};
use super::readings::Readings;
use crate::poem::Form;

/// How a character fits its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// Its tone is the one that is asked for.
    Kept,
    /// No tone is asked for.
    Free,
    /// Its tone is another.
    Broken,
    /// Nobody knows how it was read.
    Unknown,
}

/// How a line fits its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LineReport {
    /// How many characters it has.
    pub length: usize,
    /// How many it should have; `None` if there should be no such line.
    pub wanted: Option<usize>,
    /// For each character, how it fits; empty where the form has no tone pattern.
    pub places: Vec<Place>,
    /// Whether it rhymes with those it should; `None` if it need not.
    pub rhymes: Option<bool>,
}

/// How a poem keeps its form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FormReport {
    /// The tone pattern that it comes nearest to.
    pub pattern: Option<&'static str>,
    /// Its lines.
    pub lines: Vec<LineReport>,
    /// How many lines it should have, if the form says.
    pub wanted: Option<usize>,
    /// Name of the Pingshui group that it rhymes in, if it is one.
    pub group: Option<&'static str>,
}

impl FormReport {
    /// Whether there are as many lines, of as many characters, as there should be.
    pub fn lengths_kept(&self) -> bool {
        let count = match self.wanted {
            Some(wanted) => self.lines.len() == wanted,
            None => self.lines.len() >= 4 && self.lines.len().is_multiple_of(2),
        };
        count
            && self
                .lines
                .iter()
                .all(|line| line.wanted == Some(line.length))
    }

    /// Whether no character breaks the tone pattern; `None` if there is none.
    pub fn tones_kept(&self) -> Option<bool> {
        let broken = |line: &LineReport| line.places.contains(&Place::Broken);
        self.pattern.map(|_| !self.lines.iter().any(broken))
    }

    /// Whether all lines rhyme that should; `None` if none should.
    pub fn rhymes_kept(&self) -> Option<bool> {
        let mut rhymes = self.lines.iter().filter_map(|line| line.rhymes).peekable();
        rhymes.peek()?;
        Some(rhymes.all(|rhymes| rhymes))
    }
}

/// Looks at the lines of a poem, without marks.
///
/// Tones are those of the Guangyun; a character with several readings fits if one of
/// them does. Of regulated verse the pattern is taken that fewest characters break,
/// and the first line rhymes if that pattern says so.
///
/// Returns `None` for a tune that is not there.
pub fn report(lines: &[&str], form: Form, readings: &Readings) -> Option<FormReport> {
    let plan = Plan::new(form, readings)?;
    let lines: Vec<Vec<char>> = lines.iter().map(|line| line.chars().collect()).collect();
    let pattern = plan
        .patterns
        .iter()
        .min_by_key(|pattern| broken(pattern, &lines, readings));
    let mut reports: Vec<LineReport> = lines
        .iter()
        .enumerate()
        .map(|(at, line)| {
            let slots = pattern.and_then(|pattern| pattern.lines.get(at));
            LineReport {
                length: line.len(),
                wanted: plan.lines.get(at).map(|line| line.length),
                places: slots.map_or_else(Vec::new, |slots| best(slots, line, readings)),
                rhymes: None,
            }
        })
        .collect();

    let mut group = None;
    let class = |at: usize| {
        let first = pattern.is_some_and(|pattern| at == 0 && pattern.lines[0].rhymes);
        plan.lines
            .get(at)
            .and_then(|line| line.rhyme.or(first.then_some(0)))
    };
    let classes: Vec<Option<u8>> = (0..lines.len()).map(class).collect();
    let sound = |line: &Vec<char>| line.last().map_or(0, |&last| plan.sounds(last, readings));
    let all: Vec<Sounds> = lines.iter().map(sound).collect();
    let mut wanted: Vec<u8> = classes.iter().copied().flatten().collect();
    wanted.sort_unstable();
    wanted.dedup();
    for wanted in wanted {
        let members: Vec<usize> = (0..lines.len())
            .filter(|&at| classes[at] == Some(wanted))
            .collect();
        // The rhyme that most of the lines have that must rhyme; the first need not.
        let bits = |bit: &u32| {
            let must = members.iter().filter(|&&at| plan.lines[at].rhyme.is_some());
            must.filter(|&&at| all[at] >> bit & 1 == 1).count()
        };
        let most = (0..128_u32).max_by_key(|bit| (bits(bit), std::cmp::Reverse(*bit)));
        let most = most.filter(|bit| bits(bit) > 0);
        for &at in &members {
            reports[at].rhymes = Some(most.is_some_and(|bit| all[at] >> bit & 1 == 1));
        }
        if pattern.is_some() {
            let name = |bit: u32| {
                let last = members.iter().filter_map(|&at| lines[at].last());
                let mut rhymes = last.flat_map(|&last| readings.of(last));
                let found = rhymes.find(|rhyme| u32::from(rhyme.group().number()) == bit);
                found.map(|rhyme| rhyme.group().name())
            };
            group = most.and_then(name);
        }
    }
    Some(FormReport {
        pattern: pattern.map(|pattern| pattern.name),
        lines: reports,
        wanted: (!plan.open).then_some(plan.lines.len()),
        group,
    })
}

/// How many characters break a pattern.
pub(super) fn broken(pattern: &Pattern, lines: &[Vec<char>], readings: &Readings) -> usize {
    let line = |(slots, line): (&PatternLine, &Vec<char>)| breaks(&best(slots, line, readings));
    pattern.lines.iter().zip(lines).map(line).sum()
}

fn breaks(places: &[Place]) -> usize {
    places
        .iter()
        .filter(|&&place| place == Place::Broken)
        .count()
}

/// The places of a line by the variant that it breaks least.
fn best(line: &PatternLine, characters: &[char], readings: &Readings) -> Vec<Place> {
    let variants = line
        .variants
        .iter()
        .map(|slots| places(slots, characters, readings));
    variants
        .min_by_key(|places| breaks(places))
        .unwrap_or_default()
}

pub(super) fn places(slots: &[Slot], characters: &[char], readings: &Readings) -> Vec<Place> {
    let place = |(slot, &one): (&Slot, &char)| {
        let (level, oblique) = readings.tones(one);
        if slot.is_free() {
            Place::Free
        } else if readings.of(one).is_empty() {
            Place::Unknown
        } else if slot.fits(level, oblique) {
            Place::Kept
        } else {
            Place::Broken
        }
    };
    slots.iter().zip(characters).map(place).collect()
}
