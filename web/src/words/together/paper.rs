//! The text of the page and every step that led to it.

use std::collections::VecDeque;
use std::ops::Range;

/// Steps that can be taken back at most, and the bytes that they may hold.
const STEPS: usize = 400;
const STEP_BYTES: usize = 2 << 20;

/// Typing that rests for so many milliseconds begins another step.
const REST: f64 = 1200.0;

/// One step: at `at`, `out` became `put`.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Step {
    at: usize,
    out: String,
    put: String,
}

/// A text with its past and its future.
///
/// The browser's own undo forgets everything as soon as a script writes into a field,
/// so the page keeps its own.
#[derive(Debug, Clone, Default)]
pub struct Paper {
    text: String,
    past: VecDeque<Step>,
    future: Vec<Step>,
    /// When the last step was typed on, while more typing still belongs to it.
    typed_at: Option<f64>,
}

impl Paper {
    /// A page with this on it, and no past.
    pub fn new(text: String) -> Paper {
        Paper {
            text,
            ..Paper::default()
        }
    }

    /// What stands on it.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Whether a step can be taken back.
    pub fn has_past(&self) -> bool {
        !self.past.is_empty()
    }

    /// Whether a step that was taken back can be taken again.
    pub fn has_future(&self) -> bool {
        !self.future.is_empty()
    }

    /// Takes what the visitor has made of it, at this time in milliseconds. Typing
    /// without a rest, within one line, is one step.
    pub fn typed(&mut self, text: &str, now: f64) {
        let Some(step) = difference(&self.text, text) else {
            return;
        };
        let goes_on = self.typed_at.is_some_and(|before| now - before < REST);
        let last = self.past.back_mut().filter(|_| goes_on);
        let joined = last.is_some_and(|last| join(last, &step));
        if joined {
            self.future.clear();
        } else {
            self.push(step);
        }
        text.clone_into(&mut self.text);
        self.typed_at = Some(now);
    }

    /// Puts a text in the place of a part, in bytes, as one step; where its end is.
    pub fn replace(&mut self, range: Range<usize>, put: &str) -> usize {
        let step = Step {
            at: range.start,
            out: self.text[range.clone()].to_owned(),
            put: put.to_owned(),
        };
        self.text.replace_range(range.clone(), put);
        self.push(step);
        self.typed_at = None;
        range.start + put.len()
    }

    /// Adds to the end of what [`Paper::replace`] put there, in the same step; where
    /// its end is.
    pub fn more(&mut self, put: &str) -> usize {
        let Some(last) = self.past.back_mut() else {
            return self.text.len();
        };
        let end = last.at + last.put.len();
        self.text.insert_str(end, put);
        last.put.push_str(put);
        end + put.len()
    }

    /// Takes the last step back; what was changed, as it stands now.
    pub fn undo(&mut self) -> Option<Range<usize>> {
        let step = self.past.pop_back()?;
        let (at, put, out) = (step.at, step.put.len(), step.out.len());
        self.text.replace_range(at..at + put, &step.out);
        self.future.push(step);
        self.typed_at = None;
        Some(at..at + out)
    }

    /// Takes the step that was taken back last; what was changed, as it stands now.
    pub fn redo(&mut self) -> Option<Range<usize>> {
        let step = self.future.pop()?;
        let (at, put, out) = (step.at, step.put.len(), step.out.len());
        self.text.replace_range(at..at + out, &step.put);
        self.past.push_back(step);
        self.typed_at = None;
        Some(at..at + put)
    }

    fn push(&mut self, step: Step) {
        self.future.clear();
        self.past.push_back(step);
        let mut bytes: usize = self.past.iter().map(|s| s.out.len() + s.put.len()).sum();
        // The newest step stays, however large it is.
        while self.past.len() > 1 && (self.past.len() > STEPS || bytes > STEP_BYTES) {
            if let Some(old) = self.past.pop_front() {
                bytes -= old.out.len() + old.put.len();
            }
        }
    }
}

/// What became of a text; `None` if nothing.
fn difference(before: &str, after: &str) -> Option<Step> {
    if before == after {
        return None;
    }
    // By bytes, which is quick, and back to where a character begins in both.
    let same = |a: &mut dyn Iterator<Item = (u8, u8)>| a.take_while(|(a, b)| a == b).count();
    let mut start = same(&mut before.bytes().zip(after.bytes()));
    while !before.is_char_boundary(start) || !after.is_char_boundary(start) {
        start -= 1;
    }
    let (old, new) = (&before[start..], &after[start..]);
    let mut end = same(&mut old.bytes().rev().zip(new.bytes().rev()));
    while !old.is_char_boundary(old.len() - end) || !new.is_char_boundary(new.len() - end) {
        end -= 1;
    }
    Some(Step {
        at: start,
        out: old[..old.len() - end].to_owned(),
        put: new[..new.len() - end].to_owned(),
    })
}

/// Makes one step of two where the second goes on typing, or deleting, at the first.
fn join(last: &mut Step, next: &Step) -> bool {
    let types_on = next.out.is_empty() && next.at == last.at + last.put.len();
    let line_ends = last.put.ends_with('\n') || next.put.contains('\n');
    if types_on && !line_ends && !last.put.is_empty() {
        last.put.push_str(&next.put);
        return true;
    }
    let deletes_on = last.put.is_empty() && next.put.is_empty() && !next.out.is_empty();
    if deletes_on && next.at + next.out.len() == last.at {
        last.out.insert_str(0, &next.out);
        last.at = next.at;
        return true;
    }
    if deletes_on && next.at == last.at {
        last.out.push_str(&next.out);
        return true;
    }
    false
}

/// The byte at which the `units`th unit of UTF-16 begins, as a browser counts.
pub fn byte_at(text: &str, units: u32) -> usize {
    if text.is_ascii() {
        return text.len().min(units as usize);
    }
    let mut left = units as usize;
    for (at, one) in text.char_indices() {
        if left == 0 {
            return at;
        }
        left = left.saturating_sub(one.len_utf16());
    }
    text.len()
}

/// The unit of UTF-16 at which a byte stands.
pub fn unit_at(text: &str, byte: usize) -> u32 {
    let before = &text[..byte];
    if before.is_ascii() {
        return byte as u32;
    }
    before.encode_utf16().count() as u32
}

/// The end of a text, of at most so many bytes, from the beginning of a line where one
/// begins in it.
pub fn tail(text: &str, most: usize) -> &str {
    if text.len() <= most {
        return text;
    }
    let cut = text.len() - most;
    let from = (cut..text.len()).find(|&at| text.is_char_boundary(at));
    let end = &text[from.unwrap_or(text.len())..];
    match end.find('\n') {
        Some(at) if at + 1 < end.len() / 2 => &end[at + 1..],
        _ => end,
    }
}

/// The beginning of a text, of at most so many bytes.
pub fn head(text: &str, most: usize) -> &str {
    let to = (0..=most.min(text.len())).rev();
    let to = to.into_iter().find(|&at| text.is_char_boundary(at));
    &text[..to.unwrap_or(0)]
}

/// The first word of what is hinted at, with the blanks around its beginning.
pub fn first_word(ghost: &str) -> &str {
    let word = ghost.find(|one: char| !one.is_whitespace());
    let Some(word) = word else {
        return ghost;
    };
    let end = ghost[word..].find(char::is_whitespace);
    end.map_or(ghost, |end| &ghost[..word + end])
}

/// What is left of a hint once a text has been typed on; `None` where it was not the
/// hint that was typed.
pub fn typed_through<'a>(before: &str, after: &str, ghost: &'a str) -> Option<&'a str> {
    let more = after.strip_prefix(before)?;
    let left = ghost.strip_prefix(more)?;
    (!more.is_empty() && !left.is_empty()).then_some(left)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn typing_without_a_rest_is_one_step() {
        let mut paper = Paper::new("To".to_owned());
        for (text, now) in [("To ", 0.0), ("To b", 100.0), ("To be", 200.0)] {
            paper.typed(text, now);
        }
        paper.typed("To be or", 5_000.0);
        assert_eq!(paper.undo(), Some(5..5));
        assert_eq!(paper.text(), "To be");
        assert_eq!(paper.undo(), Some(2..2));
        assert_eq!(paper.text(), "To");
        assert_eq!(paper.undo(), None);
        assert_eq!(paper.redo(), Some(2..5));
        assert_eq!(paper.redo(), Some(5..8));
        assert_eq!(paper.redo(), None);
        assert_eq!(paper.text(), "To be or");
        // What is typed after going back is another future.
        paper.undo();
        paper.typed("To be!", 6_000.0);
        assert!(!paper.has_future());
    }

    #[test]
    fn deleting_and_lines_are_steps_of_their_own() {
        let mut paper = Paper::new("abcd".to_owned());
        paper.typed("abc", 0.0);
        paper.typed("ab", 10.0);
        paper.typed("ab\n", 20.0);
        paper.typed("ab\nc", 30.0);
        paper.undo();
        assert_eq!(paper.text(), "ab\n");
        paper.undo();
        paper.undo();
        assert_eq!((paper.text(), paper.has_past()), ("abcd", false));
    }

    #[test]
    fn what_the_model_writes_is_one_step_however_it_comes() {
        let mut paper = Paper::new("🌙 good night".to_owned());
        let at = "🌙 good".len();
        assert_eq!(paper.replace(at..at, ","), at + 1);
        assert_eq!(paper.more(" sweet"), at + 7);
        paper.more("");
        assert_eq!(paper.text(), "🌙 good, sweet night");
        paper.typed("🌙 good, sweet nights", 1.0);
        paper.undo();
        assert_eq!(paper.undo(), Some(at..at));
        assert_eq!(paper.text(), "🌙 good night");
        assert_eq!(paper.redo(), Some(at..at + 7));
    }

    #[test]
    fn a_difference_is_found_between_characters() {
        for (before, after) in [
            ("", "a"),
            ("aa", "a"),
            ("aaa", "aba"),
            ("é", "è"),
            ("مرحبا", "مرحبا بك"),
            ("👩‍👩", "👩"),
            ("x", ""),
        ] {
            let mut paper = Paper::new(before.to_owned());
            paper.typed(after, 0.0);
            paper.undo();
            assert_eq!(paper.text(), before);
            paper.redo();
            assert_eq!(paper.text(), after);
        }
        assert_eq!(difference("a", "a"), None);
    }

    #[test]
    fn the_past_is_bounded_and_its_newest_step_is_kept() {
        let mut paper = Paper::default();
        for at in 0..STEPS + 9 {
            let end = paper.text().len();
            paper.replace(end..end, if at % 2 == 0 { "a" } else { "b" });
        }
        assert_eq!(paper.past.len(), STEPS);
        let large = "x".repeat(STEP_BYTES + 1);
        let all = paper.text().len();
        paper.replace(0..all, &large);
        assert_eq!(paper.past.len(), 1);
        paper.undo();
        assert_eq!(paper.text().len(), all);
    }

    #[test]
    fn places_are_counted_as_a_browser_does() {
        let text = "a🌙é";
        for (units, byte) in [(0, 0), (1, 1), (3, 5), (4, 7)] {
            assert_eq!(byte_at(text, units), byte);
            assert_eq!(unit_at(text, byte), units);
        }
        assert_eq!(byte_at(text, 99), text.len());
        assert_eq!(byte_at(text, 2), 5, "within a character: behind it");
    }

    #[test]
    fn ends_are_cut_between_characters_and_lines() {
        assert_eq!(tail("abc", 9), "abc");
        assert_eq!(tail("first\nsecond line", 14), "second line");
        assert_eq!(tail("a🌙b", 3), "b");
        assert_eq!(head("a🌙b", 3), "a");
        assert_eq!(head("ab", 9), "ab");
    }

    #[test]
    fn hints_are_taken_by_the_word_and_typed_through() {
        assert_eq!(first_word(" sweet prince"), " sweet");
        assert_eq!(first_word("ver, he"), "ver,");
        assert_eq!(first_word("\n\nHAMLET."), "\n\nHAMLET.");
        assert_eq!(first_word("  "), "  ");
        assert_eq!(typed_through("To", "To b", " be or"), Some("e or"));
        assert_eq!(typed_through("To", "To b", " b"), None);
        assert_eq!(typed_through("To", "To x", " be"), None);
        assert_eq!(typed_through("To", "To", " be"), None);
    }
}
