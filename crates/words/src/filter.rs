//! A filter for classrooms: texts with the words of a list masked.

use std::collections::BTreeMap;
use std::ops::Range;

use crate::fold::{is_accent, is_chinese, push_plain};

/// The first line of a list.
const HEADER: &str = "lampwork word filter 1";
/// The largest list that is read, in bytes.
const MAX_BYTES: usize = 64 * 1024;
/// The most entries of a list.
const MAX_ENTRIES: usize = 4_096;
/// The longest entry, in characters.
const MAX_ENTRY: usize = 64;

/// Why a list cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FilterError {
    /// The file is larger than any list of ours.
    #[error("the list of words is too large: {bytes} bytes, and at most {limit} are read")]
    TooLarge {
        /// Its size.
        bytes: usize,
        /// What is read.
        limit: usize,
    },
    /// The file is no text in UTF-8.
    #[error("the list of words is not text in UTF-8; fetch it anew")]
    NotText,
    /// The first line is not the one of a list.
    #[error("this is no list of words to mask, or of a later version; reload the page")]
    Header,
    /// There are more entries than are read.
    #[error("the list has more than {limit} words; fetch it anew")]
    TooMany {
        /// What is read.
        limit: usize,
    },
    /// An entry cannot be looked for.
    #[error("line {line} of the list of words is empty, too long or has no letter; fetch it anew")]
    Entry {
        /// Which line, from 1.
        line: usize,
    },
}

/// A text with the words of a list masked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Masked {
    /// The text; each character of a masked word is `*`, or `＊` for a Chinese one.
    /// White space is left.
    pub text: String,
    /// How many words were masked.
    pub count: usize,
}

/// A list of words to mask.
///
/// A word is found where the text has the same letters, whether capital, accented
/// or of full width. White space, hyphens and underscores are all one space. At
/// an end that is a letter or digit of a script with spaces, the word must end
/// there in the text, so "ass" is not found in "class"; Chinese characters are
/// found anywhere.
///
/// It compares letters and knows no meaning. It masks the words of its list, and
/// nothing else that hurts: no insult made of harmless words, no new word, no word
/// with digits for letters or dots between them, no inflection that is not on the
/// list. It masks harmless uses too: Chinese characters may stand together by
/// chance (他妈妈, "his mother", loses two), and English words may have a second
/// meaning. It changes what is shown, not what a model makes. So it is a help for
/// a teacher who looks on, not a guard.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Filter {
    /// Entries by their first character, the longest first.
    entries: BTreeMap<char, Vec<Vec<char>>>,
}

impl Filter {
    /// Reads a list: the header, then an entry a line.
    ///
    /// # Errors
    ///
    /// Where the bytes are no such list, or are larger than any of ours.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, FilterError> {
        if bytes.len() > MAX_BYTES {
            return Err(FilterError::TooLarge {
                bytes: bytes.len(),
                limit: MAX_BYTES,
            });
        }
        let text = std::str::from_utf8(bytes).map_err(|_| FilterError::NotText)?;
        let mut lines = text.lines();
        if lines.next() != Some(HEADER) {
            return Err(FilterError::Header);
        }
        let mut entries: BTreeMap<char, Vec<Vec<char>>> = BTreeMap::new();
        for (at, line) in lines.enumerate() {
            if at >= MAX_ENTRIES {
                return Err(FilterError::TooMany { limit: MAX_ENTRIES });
            }
            let entry = entry(line).ok_or(FilterError::Entry { line: at + 2 })?;
            let alike = entries.entry(entry[0]).or_default();
            if !alike.contains(&entry) {
                alike.push(entry);
            }
        }
        for alike in entries.values_mut() {
            alike.sort_by(|a, b| b.len().cmp(&a.len()).then_with(|| a.cmp(b)));
        }
        Ok(Self { entries })
    }

    /// How many words the list has.
    pub fn len(&self) -> usize {
        self.entries.values().map(Vec::len).sum()
    }

    /// Whether it has none.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// The longest entry, in characters.
    pub fn longest(&self) -> usize {
        let lengths = self.entries.values().flatten().map(Vec::len);
        lengths.max().unwrap_or(0)
    }

    /// The text with the words of the list masked. Of words that begin at the same
    /// place the longest is; what is masked is not looked at again.
    pub fn mask(&self, text: &str) -> Masked {
        let found = self.found(text);
        Masked {
            text: part(text, 0, &found),
            count: found.len(),
        }
    }

    /// The same of a text that comes in parts, as tokens are: a word that stands in
    /// several is masked in each.
    pub fn mask_parts(&self, parts: &[&str]) -> Vec<String> {
        let found = self.found(&parts.concat());
        let mut start = 0;
        parts
            .iter()
            .map(|text| {
                let masked = part(text, start, &found);
                start += text.len();
                masked
            })
            .collect()
    }

    /// Where the words of the list stand, in bytes, in order.
    fn found(&self, text: &str) -> Vec<Range<usize>> {
        let folded = Folded::new(text);
        let mut found = vec![];
        let mut at = 0;
        while at < folded.characters.len() {
            let Some(length) = self.match_at(&folded.characters, at) else {
                at += 1;
                continue;
            };
            let start = folded.places[at].0;
            let end = folded.places[at + length - 1].1;
            found.push(start..end);
            at += length;
            // A letter that is folded to several was masked whole.
            while folded
                .places
                .get(at)
                .is_some_and(|&(_, until)| until <= end)
            {
                at += 1;
            }
        }
        found
    }

    /// The length of the longest entry that stands at a place.
    fn match_at(&self, text: &[char], at: usize) -> Option<usize> {
        let entries = self.entries.get(&text[at])?;
        let stands = |entry: &&Vec<char>| {
            let end = at + entry.len();
            text[at..].starts_with(entry)
                && !(at > 0 && is_joined(text[at - 1], text[at]))
                && !(end < text.len() && is_joined(text[end - 1], text[end]))
        };
        entries.iter().find(stands).map(Vec::len)
    }
}

/// A part of a text that begins at byte `start` of it, with what was found masked.
fn part(text: &str, start: usize, found: &[Range<usize>]) -> String {
    let is_found = |at: usize| {
        let next = found.partition_point(|range| range.end <= at);
        found.get(next).is_some_and(|range| range.contains(&at))
    };
    text.char_indices()
        .filter_map(|(at, c)| {
            if is_found(start + at) {
                mask_of(c)
            } else {
                Some(c)
            }
        })
        .collect()
}

/// Whether two neighbours belong to one word of a script with spaces.
fn is_joined(a: char, b: char) -> bool {
    let is_letter = |c: char| c.is_alphanumeric() && !is_chinese(c);
    is_letter(a) && is_letter(b)
}

fn mask_of(c: char) -> Option<char> {
    match c {
        _ if c.is_whitespace() => Some(c),
        // Nobody would see a mask in the place of what is not seen.
        _ if is_accent(c) || is_invisible(c) => None,
        _ if is_chinese(c) => Some('＊'),
        _ => Some('*'),
    }
}

/// An entry as it is looked for.
fn entry(line: &str) -> Option<Vec<char>> {
    let characters = Folded::new(line.trim()).characters;
    let has_sign = characters.iter().any(|&c| c != ' ' && c != '*');
    let fits = (1..=MAX_ENTRY).contains(&characters.len());
    (fits && has_sign).then_some(characters)
}

/// A text's characters as they are compared, and where in the text each stands.
struct Folded {
    characters: Vec<char>,
    places: Vec<(usize, usize)>,
}

impl Folded {
    fn new(text: &str) -> Self {
        let mut folded = Self {
            characters: Vec::with_capacity(text.len()),
            places: Vec::with_capacity(text.len()),
        };
        let mut plain = String::new();
        for (start, c) in text.char_indices() {
            let place = (start, start + c.len_utf8());
            if is_invisible(c) {
                continue;
            }
            if c.is_whitespace() || matches!(c, '-' | '_' | '‐' | '‑' | '–') {
                match folded.places.last_mut() {
                    Some(last) if folded.characters.last() == Some(&' ') => last.1 = place.1,
                    _ => folded.push(' ', place),
                }
                continue;
            }
            plain.clear();
            push_plain(c, &mut plain);
            for c in plain.chars() {
                folded.push(c, place);
            }
        }
        folded
    }

    fn push(&mut self, c: char, place: (usize, usize)) {
        self.characters.push(c);
        self.places.push(place);
    }
}

/// Whether a character takes no room: joiners, directions, variants.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2060}'..='\u{2064}'
        | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filter(words: &[&str]) -> Filter {
        let list = format!("{HEADER}\n{}\n", words.join("\n"));
        Filter::from_bytes(list.as_bytes()).unwrap()
    }

    #[test]
    fn words_are_masked() {
        let filter = filter(&["darn", "heck", "what the heck", "d&d", "傻瓜", "卖B", "🖕"]);
        for (text, expected, count) in [
            ("Darn it, dárn! ＤＡＲＮ", "**** it, ****! ****", 3),
            ("darned darning undarn", "darned darning undarn", 0),
            ("what\nthe-heck, heck", "****\n********, ****", 2),
            ("D&D, d & d", "***, d & d", 1),
            ("你這傻瓜darn他", "你這＊＊****他", 2),
            ("傻 瓜", "傻 瓜", 0),
            ("卖b。卖book", "＊*。卖book", 1),
            ("so 🖕🖕", "so **", 2),
            ("da\u{301}rn d\u{200b}arn", "**** ****", 2),
            ("", "", 0),
        ] {
            let found = filter.mask(text);
            assert_eq!(
                (found.text.as_str(), found.count),
                (expected, count),
                "{text}"
            );
        }
    }

    #[test]
    fn words_are_masked_in_every_part() {
        let filter = filter(&["darn", "what the heck", "傻瓜"]);
        assert_eq!(filter.longest(), 13);
        for (parts, expected) in [
            (&["Da", "rn it"][..], &["**", "** it"][..]),
            (&["da", "rned"], &["da", "rned"]),
            (
                &["你傻", "瓜", "", "what the ", "heck"],
                &["你＊", "＊", "", "**** *** ", "****"],
            ),
            (&[], &[]),
        ] {
            assert_eq!(filter.mask_parts(parts), expected);
            assert_eq!(filter.mask(&parts.concat()).text, expected.concat());
        }
    }

    #[test]
    fn lists_are_read_or_refused() {
        let read = |bytes: &[u8]| Filter::from_bytes(bytes);
        let good = read(b"lampwork word filter 1\nDarn\ndarn\nheck\n").unwrap();
        assert_eq!(good.len(), 2);
        assert!(read(b"lampwork word filter 1\n").unwrap().is_empty());
        assert_eq!(read(b""), Err(FilterError::Header));
        assert_eq!(
            read(b"lampwork word filter 2\na\n"),
            Err(FilterError::Header)
        );
        assert_eq!(read(b"\xff"), Err(FilterError::NotText));
        let entry = |line: &str| read(format!("{HEADER}\nfine\n{line}\n").as_bytes());
        for line in ["", " ", "\u{200b}", "- -", &"a".repeat(65)] {
            assert_eq!(entry(line), Err(FilterError::Entry { line: 3 }), "{line:?}");
        }
        assert!(entry(&"a".repeat(64)).is_ok());
        let many = |count: usize| read(format!("{HEADER}\n{}", "a\n".repeat(count)).as_bytes());
        assert!(many(MAX_ENTRIES).is_ok());
        assert_eq!(
            many(MAX_ENTRIES + 1),
            Err(FilterError::TooMany { limit: MAX_ENTRIES })
        );
        let limit = MAX_BYTES;
        assert_eq!(
            read(&vec![b'a'; limit + 1]),
            Err(FilterError::TooLarge {
                bytes: limit + 1,
                limit
            })
        );
    }
}
