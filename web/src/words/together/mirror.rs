//! The layer behind the field: the same text, unseen, line by line, and the ghost.
//!
//! Each line is a block of its own, so that a letter costs the layout of one line and
//! not of the whole page once more.

use leptos::prelude::*;
use wasm_bindgen::JsValue;
use web_sys::{Element, Node};

/// What gives an empty line its height.
const NOTHING: &str = "\u{200b}";

/// The lines but the last, which are blocks; and the last, behind which the ghost
/// stands.
pub struct Mirror {
    lines: Element,
    last: Element,
    drawn: Vec<String>,
}

impl Mirror {
    /// A layer that shows nothing yet.
    pub fn new(lines: Element, last: Element) -> Mirror {
        Mirror {
            lines,
            last,
            drawn: vec![],
        }
    }

    /// Draws a text.
    pub fn draw(&mut self, text: &str) {
        let (above, last) = text.rsplit_once('\n').unwrap_or(("", text));
        let above: Vec<&str> = if above.is_empty() && last.len() == text.len() {
            vec![]
        } else {
            above.split('\n').collect()
        };
        let (from, until, fresh) = change(&self.drawn, &above);
        // No node that we have made ourselves refuses.
        let _ = self.put(from, until, &above[fresh.clone()]);
        let lines = above[fresh].iter().map(|line| (*line).to_owned());
        self.drawn.splice(from..until, lines);
        self.last.set_text_content(Some(last));
    }

    fn put(&self, from: usize, until: usize, lines: &[&str]) -> Result<(), JsValue> {
        let all = self.lines.children();
        // What is there is written anew before any is taken away or added.
        let kept = lines.len().min(until - from);
        for (at, line) in lines[..kept].iter().enumerate() {
            if let Some(block) = all.item((from + at) as u32) {
                block.set_text_content(Some(shown(line)));
            }
        }
        for _ in from + kept..until {
            if let Some(block) = all.item((from + kept) as u32) {
                block.remove();
            }
        }
        let next = all.item((from + kept) as u32);
        let next: Option<&Node> = next.as_deref();
        for line in &lines[kept..] {
            let block = document().create_element("div")?;
            block.set_text_content(Some(shown(line)));
            self.lines.insert_before(&block, next)?;
        }
        Ok(())
    }
}

fn shown(line: &str) -> &str {
    if line.is_empty() { NOTHING } else { line }
}

/// Which lines of those drawn change, and into which.
fn change(drawn: &[String], lines: &[&str]) -> (usize, usize, std::ops::Range<usize>) {
    let pairs = drawn.iter().zip(lines);
    let from = pairs.take_while(|(old, new)| old == *new).count();
    let pairs = drawn[from..].iter().rev().zip(lines[from..].iter().rev());
    let same = pairs.take_while(|(old, new)| old == *new).count();
    (from, drawn.len() - same, from..lines.len() - same)
}

#[cfg(test)]
mod tests {
    use super::change;

    #[test]
    fn only_the_lines_that_differ_change() {
        let drawn = |text: &str| -> Vec<String> { text.split('|').map(str::to_owned).collect() };
        for (before, after, wanted) in [
            ("a|b|c", "a|x|c", (1, 2, 1..2)),
            ("a|b|c", "a|b|c", (3, 3, 3..3)),
            ("a|b", "a|b|c|d", (2, 2, 2..4)),
            ("a|a", "a|a|a", (2, 2, 2..3)),
            ("a|b|c", "c", (0, 2, 0..0)),
            ("a", "b|c", (0, 1, 0..2)),
        ] {
            let lines: Vec<&str> = after.split('|').collect();
            let mut all = drawn(before);
            let found = change(&all, &lines);
            assert_eq!(found, wanted, "{before} {after}");
            let (from, until, fresh) = found;
            all.splice(
                from..until,
                lines[fresh].iter().map(|line| (*line).to_owned()),
            );
            assert_eq!(all, lines);
        }
    }
}
