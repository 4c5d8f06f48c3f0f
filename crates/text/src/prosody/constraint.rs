//! Which tokens may come next, so that a poem keeps its form.

use std::collections::HashSet;

use super::pattern::Slot;
use super::plan::{Plan, PlanLine, Sounds};
use super::readings::Readings;
use super::report::{Place, broken, places};
use crate::poem::{Form, PoemTokens, lines_of};
use crate::{TextError, Tokenizer};

/// What is kept besides the number of lines and their lengths.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Keep {
    /// The tone pattern of regulated verse.
    pub tones: bool,
    /// The rhyme.
    pub rhymes: bool,
}

/// Fewest characters that a rhyme must offer to be begun.
const RICH: usize = 24;

/// What is known of a token.
#[derive(Debug, Clone, Copy)]
struct Known {
    character: char,
    level: bool,
    oblique: bool,
    sounds: Sounds,
}

/// Which tokens may come next; see [`Constraint::allowed`].
#[derive(Debug, Clone)]
pub struct Constraint {
    plan: Plan,
    keep: Keep,
    tokens: PoemTokens,
    readings: Readings,
    /// By token; `None` for what is no character.
    known: Vec<Option<Known>>,
    /// Rhymes with enough characters.
    rich: Sounds,
    heads: Vec<u16>,
    /// Lines that stand behind the missing part, without marks.
    after: Vec<Vec<u16>>,
}

impl Constraint {
    /// What a form asks for. `heads` are the first characters of the lines, or none;
    /// `after` is what stands behind the missing part, with its marks, or nothing.
    ///
    /// # Errors
    /// The tune is not there, or there are more lines behind than the form has.
    pub fn new(
        form: Form,
        keep: Keep,
        heads: &[u16],
        after: &[u16],
        tokenizer: &Tokenizer,
        readings: &Readings,
    ) -> Result<Self, TextError> {
        let tokens = PoemTokens::new(tokenizer)?;
        let plan = Plan::new(form, readings)
            .ok_or_else(|| TextError::Prompt(format!("there is no pattern for {form:?}")))?;
        let after: Vec<Vec<u16>> = lines_of(after, &tokens)
            .into_iter()
            .map(|line| after[line].to_vec())
            .collect();
        if after.len() >= plan.lines.len() {
            return Err(TextError::Prompt(format!(
                "{} lines stand behind the missing part, and the form has {}; take some away",
                after.len(),
                plan.lines.len()
            )));
        }
        let known: Vec<Option<Known>> = (0..tokenizer.len() as u16)
            .map(|token| {
                let text = std::str::from_utf8(tokenizer.bytes(token)).ok()?;
                let character = text.chars().next()?;
                if tokens.is_stop(token) || crate::poem::STOPS.contains(&character) {
                    return None;
                }
                let (level, oblique) = readings.tones(character);
                Some(Known {
                    character,
                    level,
                    oblique,
                    sounds: plan.sounds(character, readings),
                })
            })
            .collect();
        let rich = (0..Sounds::BITS).fold(0, |rich, bit| {
            let count = known
                .iter()
                .flatten()
                .filter(|known| known.sounds >> bit & 1 == 1);
            rich | Sounds::from(count.count() >= RICH) << bit
        });
        Ok(Self {
            plan,
            keep,
            readings: readings.clone(),
            known,
            rich,
            heads: heads.to_vec(),
            after,
            tokens,
        })
    }

    /// For each token of the vocabulary, whether it may come after `poem`: the lines
    /// that come before the missing part and what has been written of it, with marks.
    ///
    /// There is always one that may. What was given need not keep the form: tones then
    /// follow the pattern that is broken least, and a line that has become too long
    /// ends.
    pub fn allowed(&self, poem: &[u16]) -> Vec<bool> {
        let mut allowed = vec![false; self.known.len()];
        let mut allow = |token: u16| allowed[usize::from(token)] = true;
        let ends_line = poem.last().is_none_or(|&last| self.tokens.is_stop(last));
        let mut lines: Vec<Vec<u16>> = lines_of(poem, &self.tokens)
            .into_iter()
            .map(|line| poem[line].to_vec())
            .collect();
        let current = if ends_line {
            Vec::new()
        } else {
            lines.pop().unwrap_or_default()
        };
        let at = lines.len();
        let last = self.plan.lines.len() - self.after.len();
        if at >= last {
            allow(self.tokens.end);
            return allowed;
        }
        let line = self.plan.lines[at];
        if current.len() >= line.length {
            allow(if line.stops {
                self.tokens.stop
            } else {
                self.tokens.comma
            });
            return allowed;
        }
        if self.plan.open && current.is_empty() && at >= 4 && at.is_multiple_of(2) {
            allow(self.tokens.end);
        }
        let head = self.heads.get(at).filter(|_| current.is_empty());
        if let Some(&head) = head
            && self
                .known
                .get(usize::from(head))
                .is_some_and(Option::is_some)
        {
            allow(head);
            return allowed;
        }
        let fits = self.fitting(&lines, &current, line);
        let any = fits.iter().any(|fits| *fits);
        for (token, known) in self.known.iter().enumerate() {
            allowed[token] |= known.is_some() && (!any || fits[token]);
        }
        allowed
    }

    /// For each token, whether tone and rhyme allow it.
    fn fitting(&self, lines: &[Vec<u16>], current: &[u16], line: PlanLine) -> Vec<bool> {
        let at = lines.len();
        let ends = current.len() + 1 == line.length;
        let used: HashSet<char> = self
            .rhymed(lines, at, line.rhyme, true)
            .map(|known| known.character)
            .collect();
        let choices = self.choices(lines, current).into_iter().map(|choice| {
            let first = choice.first_rhymes.then_some(0).filter(|_| at == 0);
            let class = line.rhyme.or(first).filter(|_| ends && self.keep.rhymes);
            let common = class.map(|class| {
                let others = self.rhymed(lines, at, Some(class), choice.first_rhymes);
                others.fold(self.rich, |common, other| match common & other.sounds {
                    0 => other.sounds,
                    both => both,
                })
            });
            (choice.slots, common)
        });
        let choices: Vec<(Vec<Slot>, Option<Sounds>)> = choices.collect();
        let fits = |known: &Known| {
            choices.iter().any(|(slots, common)| {
                let fits = |slot: &Slot| slot.fits(known.level, known.oblique);
                let tone = slots.is_empty() || slots.iter().any(fits);
                let rhymes = common.is_none_or(|common| {
                    known.sounds & common != 0 && !used.contains(&known.character)
                });
                tone && rhymes
            })
        };
        let known = self.known.iter();
        known
            .map(|known| known.as_ref().is_some_and(fits))
            .collect()
    }

    /// The last characters of the lines of a rhyme that are there, but for line `at`.
    fn rhymed(
        &self,
        lines: &[Vec<u16>],
        at: usize,
        class: Option<u8>,
        first_rhymes: bool,
    ) -> impl Iterator<Item = Known> {
        let behind = self.plan.lines.len() - self.after.len();
        let before = lines.iter().enumerate();
        let after = self
            .after
            .iter()
            .enumerate()
            .map(move |(line, text)| (behind + line, text));
        let all: Vec<Known> = before
            .chain(after)
            .filter(|&(line, _)| {
                let first = line == 0 && first_rhymes && !self.plan.patterns.is_empty();
                let rhyme = self.plan.lines.get(line).and_then(|line| line.rhyme);
                line != at && class.is_some() && rhyme.or(first.then_some(0)) == class
            })
            .filter_map(|(_, text)| *self.known.get(usize::from(*text.last()?))?)
            .filter(|known| known.sounds != 0)
            .collect();
        all.into_iter()
    }

    /// The slots that the next character may fill, one choice for each pattern that is
    /// broken least; a single choice without slots if tones are free.
    fn choices(&self, lines: &[Vec<u16>], current: &[u16]) -> Vec<Choice> {
        let free = vec![Choice {
            slots: Vec::new(),
            first_rhymes: false,
        }];
        if !self.keep.tones || self.plan.patterns.is_empty() {
            return free;
        }
        let text = |line: &[u16]| -> Vec<char> {
            let known = |&token: &u16| self.known.get(usize::from(token)).copied().flatten();
            line.iter()
                .map(|token| known(token).map_or(' ', |known| known.character))
                .collect()
        };
        let at = lines.len();
        let mut all: Vec<Vec<char>> = lines.iter().map(|line| text(line)).collect();
        let current = text(current);
        all.push(current.clone());
        all.resize(self.plan.lines.len() - self.after.len(), Vec::new());
        all.extend(self.after.iter().map(|line| text(line)));
        let counts: Vec<usize> = self
            .plan
            .patterns
            .iter()
            .map(|pattern| broken(pattern, &all, &self.readings))
            .collect();
        let least = counts.iter().min().copied().unwrap_or(0);
        let candidates = self.plan.patterns.iter().zip(counts);
        candidates
            .filter(|(_, count)| *count == least)
            .map(|(pattern, _)| {
                let line = &pattern.lines[at];
                let breaks = |slots: &Vec<_>| {
                    let places = places(slots, &current, &self.readings);
                    places
                        .iter()
                        .filter(|&&place| place == Place::Broken)
                        .count()
                };
                let fewest = line.variants.iter().map(breaks).min().unwrap_or(0);
                Choice {
                    slots: line
                        .variants
                        .iter()
                        .filter(|slots| breaks(slots) == fewest)
                        .map(|slots| slots[current.len()])
                        .collect(),
                    first_rhymes: pattern.lines[0].rhymes,
                }
            })
            .collect()
    }
}

/// What one pattern asks of the next character.
#[derive(Debug, Clone)]
struct Choice {
    /// Any of these will do; none if any tone does.
    slots: Vec<Slot>,
    /// Whether the first line rhymes.
    first_rhymes: bool,
}
