//! What a visitor says to a model with words: the text as recipes keep it, which
//! of its words the table knows, and words that the last one might become.

use lampwork_protocol::Latent;
use lampwork_words::{MAX_TEXT, Table};

/// Most words that are suggested at once.
const SUGGESTIONS: usize = 6;

/// Most frequent words that suggestions are taken from.
const CANDIDATES: usize = 60;

/// Most Chinese characters, and most other words, that a suggestion may go on from.
const REACH: (usize, usize) = (4, 3);

/// A text as a recipe may say it: one line without spaces at its ends, cut to the
/// length that is read; `None` if nothing is left.
pub fn tidy(text: &str) -> Option<String> {
    let mut tidy = String::new();
    for c in text.trim().chars().take(MAX_TEXT) {
        let c = if c.is_control() { ' ' } else { c };
        if tidy.len() + c.len_utf8() > Latent::MAX_WORDS {
            break;
        }
        tidy.push(c);
    }
    let tidy = tidy.trim_end();
    (!tidy.is_empty()).then(|| tidy.to_owned())
}

/// What a table makes of a text.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Understood {
    /// Its words that are not known, each once.
    pub unknown: Vec<String>,
    /// Whether anything is known that means something.
    pub means: bool,
}

/// Reads a text.
pub fn understand(table: &Table, text: &str) -> Understood {
    let reading = table.read(text);
    let mut unknown: Vec<String> = vec![];
    for token in &reading.tokens {
        let word = &text[token.range.clone()];
        let told = |other: &String| other.to_lowercase() == word.to_lowercase();
        if token.known.is_none() && !unknown.iter().any(told) {
            unknown.push(word.to_owned());
        }
    }
    Understood {
        unknown,
        means: reading.vector.is_some(),
    }
}

/// A word that the end of a text might become.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Suggestion {
    /// The word.
    pub word: String,
    /// Where in the text it goes, in bytes; it replaces all that follows.
    start: usize,
}

impl Suggestion {
    /// The text with the word in it.
    pub fn within(&self, text: &str) -> String {
        format!("{}{}", text.get(..self.start).unwrap_or(""), self.word)
    }
}

/// Words that the end of `text` might become, those that go on from more of it
/// first; among those, the ones that mean something like `kin`.
pub fn suggest(table: &Table, text: &str, kin: Option<&[f32]>) -> Vec<Suggestion> {
    let mut found: Vec<Suggestion> = vec![];
    for start in starts(text) {
        let prefix = &text[start..];
        for word in by_kin(table, table.suggest(prefix, CANDIDATES), kin) {
            let new = word != prefix.to_lowercase() && found.iter().all(|other| other.word != word);
            if new && found.len() < SUGGESTIONS {
                found.push(Suggestion {
                    word: word.to_owned(),
                    start,
                });
            }
        }
    }
    found
}

/// Words by how near their meaning is to another.
fn by_kin<'a>(table: &Table, words: Vec<&'a str>, kin: Option<&[f32]>) -> Vec<&'a str> {
    let Some(kin) = kin else {
        return words;
    };
    let mut near: Vec<(f32, &str)> = words
        .into_iter()
        .map(|word| {
            let vector = table.read(word).vector.unwrap_or_default();
            let cosine = vector.iter().zip(kin).map(|(a, b)| a * b).sum::<f32>();
            (-cosine, word)
        })
        .collect();
    near.sort_by(|a, b| a.0.total_cmp(&b.0));
    near.into_iter().map(|(_, word)| word).collect()
}

/// Where the last word of a text may begin, the longest way back first.
fn starts(text: &str) -> Vec<usize> {
    let Some(last) = text.chars().last().filter(|c| c.is_alphanumeric()) else {
        return vec![];
    };
    let mut starts = vec![];
    if is_chinese(last) {
        for (at, c) in text.char_indices().rev().take(REACH.0) {
            if !is_chinese(c) {
                break;
            }
            starts.push(at);
        }
    } else {
        let mut before = text.len();
        for (at, c) in text.char_indices().rev() {
            if is_chinese(c) || !(c.is_alphanumeric() || matches!(c, ' ' | '-' | '\'')) {
                break;
            }
            let begins = c.is_alphanumeric()
                && text[..at]
                    .chars()
                    .last()
                    .is_none_or(|c| !(c.is_alphanumeric() || c == '\'') || is_chinese(c));
            if begins && at < before {
                starts.push(at);
                before = at;
            }
            if starts.len() == REACH.1 {
                break;
            }
        }
        // One letter may become anything.
        if starts
            .first()
            .is_some_and(|at| text[*at..].chars().count() < 2)
        {
            starts.remove(0);
        }
    }
    starts.reverse();
    starts
}

fn is_chinese(c: char) -> bool {
    matches!(c, '〇' | '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{323af}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table() -> Table {
        let file = std::fs::read(concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/../static/words/words.safetensors"
        ));
        Table::from_bytes(&file.expect("the table is in the checkout")).expect("a table")
    }

    #[test]
    fn a_text_is_made_fit_for_a_recipe() {
        assert_eq!(tidy("  red\tapple \n"), Some("red apple".to_owned()));
        assert_eq!(tidy(" \u{7} "), None);
        assert_eq!(tidy(""), None);
        // 200 characters of three bytes are more than a recipe holds.
        let long = tidy(&"狗".repeat(300)).expect("words");
        assert_eq!(long.len(), Latent::MAX_WORDS / 3 * 3);
        assert_eq!(
            tidy(&"a".repeat(300)).map(|text| text.len()),
            Some(MAX_TEXT)
        );
    }

    #[test]
    fn unknown_words_are_told_once_and_weightless_ones_not() {
        let table = table();
        let told = understand(&table, "a red xyzzy of the Xyzzy, xyzzy");
        assert_eq!(told.unknown, ["xyzzy"]);
        assert!(told.means);
        assert!(!understand(&table, "xyzzy").means);
        assert!(understand(&table, "").unknown.is_empty());
        assert!(understand(&table, "小狗").means);
    }

    #[test]
    fn suggestions_go_on_from_the_last_words() {
        let table = table();
        let texts = |text: &str| -> Vec<String> {
            suggest(&table, text, None)
                .iter()
                .map(|suggestion| suggestion.within(text))
                .collect()
        };
        assert!(texts("a red app").contains(&"a red apple".to_owned()));
        assert!(texts("红色的苹").contains(&"红色的苹果".to_owned()));
        assert!(texts("a red app").len() <= SUGGESTIONS);
        for nothing in ["", "red ", "a", "apple, ", "!", "xyzzyq"] {
            assert!(texts(nothing).is_empty(), "{nothing:?}");
        }
        // What is there already is no suggestion.
        assert!(!texts("apple").contains(&"apple".to_owned()));
    }

    #[test]
    fn words_for_things_like_the_examples_come_first() {
        let table = table();
        let kin = table
            .read("red apple | sad cat | birthday cake | puppy")
            .vector;
        let words: Vec<String> = suggest(&table, "a ca", kin.as_deref())
            .into_iter()
            .map(|suggestion| suggestion.word)
            .collect();
        assert!(words.iter().take(4).any(|word| word == "cat"), "{words:?}");
        assert!(!words.contains(&"came".to_owned()), "{words:?}");
    }

    #[test]
    fn a_last_word_begins_where_words_do() {
        assert_eq!(starts("big red dog"), [0, 4, 8]);
        assert_eq!(starts("one big red dog"), [4, 8, 12]);
        assert_eq!(starts("x, red do"), [3, 7]);
        assert_eq!(starts("小狗dog"), [6]);
        assert_eq!(starts("a 小狗"), [2, 5]);
        assert_eq!(starts("a big d"), [0, 2]);
    }
}
