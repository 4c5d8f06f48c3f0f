//! English words that are a regular form of another.

/// Calls `try_base` with what `word` may be a form of, likeliest first, until it
/// returns something.
///
/// No rule is sure ("nurses" may be "nurse" or "nurs"), so the caller takes the
/// first that the table knows. `word` is lower case.
pub(crate) fn base_of<T>(word: &str, mut try_base: impl FnMut(&str) -> Option<T>) -> Option<T> {
    for (ending, bases) in RULES {
        let Some(stem) = word.strip_suffix(ending) else {
            continue;
        };
        for base in *bases {
            let found = match base {
                Base::With(letters) => attempt(&format!("{stem}{letters}"), &mut try_base),
                Base::Undoubled => undoubled(stem).and_then(|stem| attempt(stem, &mut try_base)),
                Base::Unless(letter) if stem.ends_with(*letter) => None,
                Base::Unless(_) => attempt(stem, &mut try_base),
            };
            if found.is_some() {
                return found;
            }
        }
    }
    None
}

/// What is done to a stem.
enum Base {
    /// These letters are put behind it.
    With(&'static str),
    /// A doubled consonant is made single, as in "running".
    Undoubled,
    /// Nothing, if it does not end so.
    Unless(char),
}

use Base::{Undoubled, Unless, With};

const RULES: &[(&str, &[Base])] = &[
    ("'s", &[With("")]),
    ("ies", &[With("y")]),
    ("ves", &[With("f"), With("fe")]),
    ("s", &[Unless('s')]),
    ("es", &[With("")]),
    ("men", &[With("man")]),
    ("ied", &[With("y")]),
    ("ed", &[Undoubled, With(""), With("e")]),
    ("ing", &[Undoubled, With(""), With("e")]),
    ("ily", &[With("y")]),
    ("ly", &[With(""), With("e")]),
    ("iest", &[With("y")]),
    ("est", &[Undoubled, With(""), With("e")]),
    ("ier", &[With("y")]),
    ("er", &[Undoubled, With(""), With("e")]),
];

/// Shorter bases are chance: "as" is no plural of "a".
const SHORTEST: usize = 3;

fn attempt<T>(base: &str, try_base: &mut impl FnMut(&str) -> Option<T>) -> Option<T> {
    let long_enough = base.chars().nth(SHORTEST - 1).is_some();
    long_enough.then(|| try_base(base)).flatten()
}

fn undoubled(stem: &str) -> Option<&str> {
    let bytes = stem.as_bytes();
    let [.., before, last] = bytes else {
        return None;
    };
    let doubled = bytes.len() > SHORTEST
        && before == last
        && last.is_ascii_lowercase()
        && !b"aeiou".contains(last);
    doubled.then(|| &stem[..stem.len() - 1])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn regular_forms_lead_to_their_base() {
        let known = [
            "cat", "berry", "wolf", "knife", "box", "run", "jump", "dance", "happy", "quick",
            "gentle", "big", "fireman", "try", "horse", "glass", "hot dog",
        ];
        for (form, base) in [
            ("cats", "cat"),
            ("cat's", "cat"),
            ("berries", "berry"),
            ("wolves", "wolf"),
            ("knives", "knife"),
            ("boxes", "box"),
            ("running", "run"),
            ("jumped", "jump"),
            ("dancing", "dance"),
            ("danced", "dance"),
            ("happily", "happy"),
            ("quickly", "quick"),
            ("biggest", "big"),
            ("happier", "happy"),
            ("firemen", "fireman"),
            ("tried", "try"),
            ("horses", "horse"),
            ("hot dogs", "hot dog"),
        ] {
            let found = base_of(form, |word| known.iter().find(|known| **known == word));
            assert_eq!(found, Some(&base), "{form}");
        }
    }

    #[test]
    fn short_words_have_no_base() {
        for word in ["as", "is", "us", "bed", "ing", "", "s", "ß's", "éés"] {
            assert_eq!(base_of(word, |base| Some(base.to_owned())), None, "{word}");
        }
    }
}
