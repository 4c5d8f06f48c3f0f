//! A text with its main sentences marked.

use lampwork_protocol::words::Sentence;

/// Bytes of the text that are shown around a marked sentence where the whole is too
/// long to be shown.
const AROUND: usize = 160;

/// Bytes of a text that is shown whole.
const WHOLE: usize = 60_000;

/// Who marked a part.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct Marks {
    /// By `TextRank`.
    pub rank: bool,
    /// By the model.
    pub model: bool,
}

/// A part of a text.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Segment {
    /// What it says.
    pub text: String,
    /// Who marked it.
    pub marks: Marks,
    /// Whether something is left out before it.
    pub gap: bool,
}

/// The parts of a text, marked or not; of a long text those that are marked, and what
/// stands around them. Sentences that are no part of the text mark nothing.
pub fn segments(text: &str, rank: &[Sentence], model: &[Sentence]) -> Vec<Segment> {
    let mut marked: Vec<(usize, usize, Marks)> = Vec::new();
    for (sentences, mark) in [
        (
            rank,
            Marks {
                rank: true,
                model: false,
            },
        ),
        (
            model,
            Marks {
                rank: false,
                model: true,
            },
        ),
    ] {
        for one in sentences {
            let (start, end) = (one.start as usize, one.end as usize);
            if text.get(start..end).is_none_or(str::is_empty) {
                continue;
            }
            match marked
                .iter_mut()
                .find(|other| (other.0, other.1) == (start, end))
            {
                Some(other) => {
                    other.2 = Marks {
                        rank: true,
                        model: true,
                    }
                }
                None => marked.push((start, end, mark)),
            }
        }
    }
    marked.sort_by_key(|one| (one.0, one.1));
    // Both come of the same sentences; what would overlap is of another text.
    let mut behind = 0;
    marked.retain(|one| {
        let fits = one.0 >= behind;
        if fits {
            behind = one.1;
        }
        fits
    });
    let whole = text.len() <= WHOLE;
    let mut parts: Vec<Segment> = Vec::new();
    let mut at = 0;
    let plain = |parts: &mut Vec<Segment>, from: usize, to: usize, last: bool| {
        let between = &text[from..to];
        if whole || between.len() <= 2 * AROUND {
            push(parts, between, false);
            return;
        }
        // Behind the part before, and before the next one.
        let (first, rest) = between.split_at(boundary(between, AROUND));
        let (_, end) = rest.split_at(boundary(rest, rest.len().saturating_sub(AROUND)));
        if from > 0 {
            push(parts, first, false);
        }
        if !last {
            push(parts, end, true);
        }
    };
    for (start, end, marks) in marked {
        plain(&mut parts, at, start, false);
        parts.push(Segment {
            text: text[start..end].to_owned(),
            marks,
            gap: false,
        });
        at = end;
    }
    plain(&mut parts, at, text.len(), true);
    parts
}

fn push(parts: &mut Vec<Segment>, text: &str, gap: bool) {
    if !text.is_empty() {
        parts.push(Segment {
            text: text.to_owned(),
            marks: Marks::default(),
            gap,
        });
    }
}

/// The next place between two characters.
fn boundary(text: &str, at: usize) -> usize {
    let found = (at..text.len()).find(|&at| text.is_char_boundary(at));
    found.unwrap_or(text.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sentence(start: u32, end: u32) -> Sentence {
        Sentence {
            start,
            end,
            rank: 1.0,
        }
    }

    #[test]
    fn sentences_are_marked_by_who_chose_them_and_nothing_is_lost() {
        let text = "One. Two. Three.";
        let rank = [sentence(0, 4), sentence(10, 16)];
        let model = [sentence(10, 16)];
        let all = segments(text, &rank, &model);
        let seen: Vec<_> = all
            .iter()
            .map(|one| (&*one.text, one.marks.rank, one.marks.model))
            .collect();
        assert_eq!(
            seen,
            [
                ("One.", true, false),
                (" Two. ", false, false),
                ("Three.", true, true)
            ]
        );
        assert!(segments("", &rank, &model).is_empty());
    }

    #[test]
    fn sentences_of_another_text_mark_nothing() {
        let text = "🌙 moon";
        for strange in [
            sentence(1, 3),
            sentence(0, 99),
            sentence(4, 2),
            sentence(0, 0),
        ] {
            let all = segments(text, &[strange], &[]);
            assert_eq!(all.len(), 1);
            assert_eq!(all[0].text, text);
        }
        // Of two that overlap, the first.
        let all = segments("abcdef", &[sentence(0, 4)], &[sentence(2, 6)]);
        assert_eq!(all.len(), 2);
    }

    #[test]
    fn of_a_long_text_what_is_marked_is_shown() {
        let text = "é".repeat(WHOLE) + "Here it is." + &"ü".repeat(WHOLE);
        let start = WHOLE as u32 * 2;
        let all = segments(&text, &[sentence(start, start + 11)], &[]);
        let texts: Vec<_> = all.iter().map(|one| one.text.len()).collect();
        assert_eq!(texts, [AROUND, 11, AROUND]);
        assert!(all[0].gap && all[1].marks.rank);
        // Nothing marked, nothing shown: the text stands in its field.
        assert!(segments(&text, &[], &[]).is_empty());
    }
}
