//! Which characters can be written, and what of a text is.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

use lampwork_pictures::glyphs::GlyphSheet;
use lampwork_protocol::{Failure, Scroll};
use serde::Deserialize;

use crate::library::fetch;

thread_local! {
    /// What was fetched, for all who ask.
    static TABLE: RefCell<Option<Rc<Table>>> = const { RefCell::new(None) };
}

/// The list beside the sheets of characters.
#[derive(Debug, Deserialize)]
struct List {
    characters: String,
    unseen: String,
    written: String,
    hands: Vec<String>,
}

/// Plain characters, to be written, and true ones of the hands, to lay beside.
#[derive(Debug)]
pub struct Table {
    plain: GlyphSheet,
    /// Where a character stands among the plain ones.
    at: HashMap<char, usize>,
    /// Where it stands among the true ones.
    written: HashMap<char, usize>,
    unseen: Vec<char>,
    hands: Vec<String>,
}

impl Table {
    /// Fetches the list and the plain characters, unless they are there.
    ///
    /// # Errors
    /// Where a file cannot be had or is damaged.
    pub async fn fetch() -> Result<Rc<Table>, Failure> {
        if let Some(table) = TABLE.with_borrow(Clone::clone) {
            return Ok(table);
        }
        let list = fetch::bytes("datasets/brush.json", |_, _| {}).await?;
        let list: List = serde_json::from_slice(&list).map_err(|error| Failure::BadData {
            reason: format!("datasets/brush.json: {error}"),
        })?;
        let sheet = fetch::bytes("datasets/brush.png", |_, _| {}).await?;
        let numbered = |text: &str| text.chars().zip(0..).collect::<HashMap<char, usize>>();
        let at = numbered(&list.characters);
        let plain = GlyphSheet::read(&sheet, list.characters.chars().count())?;
        let table = Rc::new(Table {
            plain,
            at,
            written: numbered(&list.written),
            unseen: list.unseen.chars().collect(),
            hands: list.hands,
        });
        TABLE.set(Some(Rc::clone(&table)));
        Ok(table)
    }

    /// Whether a character can be written.
    pub fn knows(&self, character: char) -> bool {
        self.at.contains_key(&character)
    }

    /// A plain character, 255 for ink.
    pub fn plain(&self, character: char) -> Option<Vec<u8>> {
        self.plain.get(*self.at.get(&character)?)
    }

    /// Whether it was kept from the nets while they learned.
    pub fn unseen(&self, character: char) -> bool {
        self.unseen.contains(&character)
    }

    /// Fetches the true characters of a hand, by its number among those with a brush.
    ///
    /// # Errors
    /// As [`Table::fetch`].
    pub async fn fetch_true(&self, hand: u8) -> Result<GlyphSheet, Failure> {
        let name = self
            .hands
            .get(usize::from(hand) + 1)
            .map_or("", String::as_str);
        let path = format!("datasets/brush-{name}.png");
        let sheet = fetch::bytes(&path, |_, _| {}).await?;
        Ok(GlyphSheet::read(&sheet, self.written.len())?)
    }

    /// A character out of such a sheet, where the hand has it.
    pub fn true_one(&self, sheet: &GlyphSheet, character: char) -> Option<Vec<u8>> {
        let picture = sheet.get(*self.written.get(&character)?)?;
        picture.iter().any(|&ink| ink > 0).then_some(picture)
    }
}

/// What of a text is written.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Understood {
    /// The characters of each line.
    pub lines: Vec<Vec<char>>,
    /// Those that nobody here can write, each once.
    pub unknown: Vec<char>,
    /// How many would be too many.
    pub left_out: usize,
}

impl Understood {
    /// The characters of all lines, each once, in order.
    pub fn each(&self) -> Vec<char> {
        let mut each = Vec::new();
        for &character in self.lines.iter().flatten() {
            if !each.contains(&character) {
                each.push(character);
            }
        }
        each
    }
}

/// What of a text can be written: blanks and marks are left out, as on a scroll; a break
/// begins a new line.
pub fn understand(text: &str, knows: impl Fn(char) -> bool) -> Understood {
    let mut understood = Understood::default();
    let mut room = Scroll::MOST;
    for line in text.lines() {
        let mut characters = Vec::new();
        for character in line.chars() {
            if character.is_whitespace() || is_mark(character) {
                continue;
            }
            if !knows(character) {
                if !understood.unknown.contains(&character) {
                    understood.unknown.push(character);
                }
            } else if room == 0 {
                understood.left_out += 1;
            } else {
                room -= 1;
                characters.push(character);
            }
        }
        if !characters.is_empty() {
            understood.lines.push(characters);
        }
    }
    understood
}

/// Whether it is punctuation, or a joiner that shows nothing by itself.
fn is_mark(character: char) -> bool {
    character.is_ascii_punctuation()
        || matches!(character, '\u{2000}'..='\u{206f}' | '\u{3000}'..='\u{303f}'
            | '\u{fe00}'..='\u{fe4f}' | '\u{ff01}'..='\u{ff0f}' | '\u{ff1a}'..='\u{ff20}'
            | '\u{ff3b}'..='\u{ff40}' | '\u{ff5b}'..='\u{ff65}' | '\u{b7}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Understood {
        understand(text, |c| ('\u{4e00}'..='\u{9fff}').contains(&c))
    }

    #[test]
    fn breaks_begin_lines_and_marks_are_left_out() {
        let read = read("床前明月光，\n\n 疑是地上霜。");
        let lines: Vec<String> = read
            .lines
            .iter()
            .map(|line| line.iter().collect())
            .collect();
        assert_eq!(lines, ["床前明月光", "疑是地上霜"]);
        assert!(read.unknown.is_empty());
    }

    #[test]
    fn what_cannot_be_written_is_named_once() {
        let read = read("月A😀月A\u{200d}");
        assert_eq!(read.lines, [vec!['月', '月']]);
        assert_eq!(read.unknown, ['A', '😀']);
        assert_eq!(read.each(), ['月']);
    }

    #[test]
    fn a_text_that_is_too_long_is_cut_and_says_by_how_much() {
        let read = read(&"永".repeat(40));
        assert_eq!(read.lines[0].len(), Scroll::MOST);
        assert_eq!(read.left_out, 40 - Scroll::MOST);
        assert_eq!(self::read(""), Understood::default());
        assert_eq!(self::read("\n \n"), Understood::default());
    }
}
