//! The tone patterns of regulated verse.
//!
//! Four kinds of line follow each other so that the tones of a couplet are opposed
//! (對) and those of two couplets hold together (粘). See Wang Li, *Hanyu shilü xue*
//! (1958).

/// What a place of a line asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Slot {
    /// A level tone.
    Level,
    /// An oblique tone.
    Oblique,
    /// Any tone, the level one being regular.
    FreeLevel,
    /// Any tone, the oblique one being regular.
    FreeOblique,
}

impl Slot {
    /// Whether a character that may be level, or oblique, or either fits.
    pub fn fits(self, level: bool, oblique: bool) -> bool {
        match self {
            Slot::Level => level,
            Slot::Oblique => oblique,
            Slot::FreeLevel | Slot::FreeOblique => true,
        }
    }

    /// Whether any tone will do.
    pub fn is_free(self) -> bool {
        matches!(self, Slot::FreeLevel | Slot::FreeOblique)
    }
}

/// A line of five characters, of which one of seven is a longer form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Line {
    /// 仄仄平平仄
    A,
    /// 平平仄仄平
    B,
    /// 平平平仄仄
    C,
    /// 仄仄仄平平
    D,
}

impl Line {
    fn tones(self) -> &'static str {
        match self {
            Line::A => "仄仄平平仄",
            Line::B => "平平仄仄平",
            Line::C => "平平平仄仄",
            Line::D => "仄仄仄平平",
        }
    }

    /// The slots of a line of `width` characters, 5 or 7.
    ///
    /// The first, third and (of seven) fifth place are free (一三五不論), but not the
    /// third from the end of D: three level tones may not end a line (三平尾).
    fn slots(self, width: usize) -> Vec<Slot> {
        self.slots_of(self.tones(), width)
    }

    fn slots_of(self, tones: &str, width: usize) -> Vec<Slot> {
        let five: Vec<bool> = tones.chars().map(|tone| tone == '平').collect();
        // Two characters of the other tone come before a line of five.
        let mut level = vec![!five[0]; width - 5];
        level.extend(five);
        (0..width)
            .map(|at| {
                let free = at % 2 == 0 && at + 1 < width && !(self == Line::D && at + 3 == width);
                match (level[at], free) {
                    (true, false) => Slot::Level,
                    (false, false) => Slot::Oblique,
                    (true, true) => Slot::FreeLevel,
                    (false, true) => Slot::FreeOblique,
                }
            })
            .collect()
    }

    /// The slots, and for C those of 平平仄平仄, which poets took for as good.
    fn variants(self, width: usize) -> Vec<Vec<Slot>> {
        let mut variants = vec![self.slots(width)];
        if self == Line::C {
            let mut other = self.slots_of("平平仄平仄", width);
            // What makes up for the level fourth place is not free.
            other[width - 5] = Slot::Level;
            other[width - 3] = Slot::Oblique;
            variants.push(other);
        }
        variants
    }
}

/// The tone pattern of a whole poem.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pattern {
    /// The name of it, such as 仄起首句不入韻.
    pub name: &'static str,
    /// What each line asks for.
    pub lines: Vec<PatternLine>,
}

/// What a line of a pattern asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PatternLine {
    /// The slots of the line; any of these will do, the first one being regular.
    pub variants: Vec<Vec<Slot>>,
    /// Whether it rhymes.
    pub rhymes: bool,
}

/// The patterns of regulated verse of 4 or 8 lines of 5 or 7 characters.
///
/// A poem is called by the tone of the second character of its first line.
///
/// # Panics
/// `width` is neither 5 nor 7.
pub fn patterns(lines: usize, width: usize) -> Vec<Pattern> {
    use Line::{A, B, C, D};
    assert!(width == 5 || width == 7, "lines of 5 or 7 characters");
    let oblique = [A, B, C, D];
    let level = [C, D, A, B];
    // In seven characters two of the other tone stand before each line.
    let starts = match width {
        5 => [
            ("仄起首句不入韻", A, oblique),
            ("仄起首句入韻", D, oblique),
            ("平起首句不入韻", C, level),
            ("平起首句入韻", B, level),
        ],
        _ => [
            ("平起首句不入韻", A, oblique),
            ("平起首句入韻", D, oblique),
            ("仄起首句不入韻", C, level),
            ("仄起首句入韻", B, level),
        ],
    };
    starts
        .map(|(name, first, rest)| {
            let kinds: Vec<Line> = (0..lines)
                .map(|at| if at == 0 { first } else { rest[at % 4] })
                .collect();
            let lines = kinds.iter().map(|kind| PatternLine {
                variants: kind.variants(width),
                rhymes: matches!(kind, B | D),
            });
            Pattern {
                name,
                lines: lines.collect(),
            }
        })
        .to_vec()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn drawn(pattern: &Pattern) -> Vec<String> {
        let slot = |slot: &Slot| match slot {
            Slot::Level => '平',
            Slot::Oblique => '仄',
            Slot::FreeLevel => '（',
            Slot::FreeOblique => '）',
        };
        let line = |line: &PatternLine| line.variants[0].iter().map(slot).collect();
        pattern.lines.iter().map(line).collect()
    }

    #[test]
    fn quatrains_of_five_are_those_of_the_handbooks() {
        let all = patterns(4, 5);
        assert_eq!(
            drawn(&all[0]),
            ["）仄（平仄", "（平）仄平", "（平（仄仄", "）仄仄平平"]
        );
        let rhymes = |pattern: &Pattern| {
            pattern
                .lines
                .iter()
                .map(|line| line.rhymes)
                .collect::<Vec<_>>()
        };
        assert_eq!(rhymes(&all[0]), [false, true, false, true]);
        assert_eq!(drawn(&all[3])[0], "（平）仄平");
        assert_eq!(rhymes(&all[3]), [true, true, false, true]);
    }

    #[test]
    fn couplets_are_opposed_and_hold_together() {
        for (lines, width) in [(4, 5), (4, 7), (8, 5), (8, 7)] {
            for pattern in patterns(lines, width) {
                let second = |line: usize| pattern.lines[line].variants[0][1] == Slot::Level;
                for line in 0..lines - 1 {
                    assert_eq!(
                        second(line) == second(line + 1),
                        line % 2 == 1,
                        "{}",
                        pattern.name
                    );
                }
                assert_eq!(
                    second(0),
                    pattern.name.starts_with('平'),
                    "{} {width}",
                    pattern.name
                );
                for line in &pattern.lines {
                    for slots in &line.variants {
                        assert_eq!(slots.len(), width);
                        assert_eq!(slots[width - 1] == Slot::Level, line.rhymes);
                    }
                }
            }
        }
    }
}
