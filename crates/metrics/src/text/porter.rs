//! Porter's stemmer (Porter 1980, "An algorithm for suffix stripping"), with the
//! additions of nltk, whose stems METEOR and ROUGE take.

/// Words whose stems nltk looks up.
const IRREGULAR: [(&str, &str); 16] = [
    ("sky", "sky"),
    ("skies", "sky"),
    ("dying", "die"),
    ("lying", "lie"),
    ("tying", "tie"),
    ("news", "news"),
    ("innings", "inning"),
    ("inning", "inning"),
    ("outings", "outing"),
    ("outing", "outing"),
    ("cannings", "canning"),
    ("canning", "canning"),
    ("howe", "howe"),
    ("proceed", "proceed"),
    ("exceed", "exceed"),
    ("succeed", "succeed"),
];

/// Suffixes of step 2; each is replaced where some vowel and consonant precede.
const STEP_2: [(&str, &str); 21] = [
    ("ational", "ate"),
    ("tional", "tion"),
    ("enci", "ence"),
    ("anci", "ance"),
    ("izer", "ize"),
    ("bli", "ble"),
    ("alli", "al"),
    ("entli", "ent"),
    ("eli", "e"),
    ("ousli", "ous"),
    ("ization", "ize"),
    ("ation", "ate"),
    ("ator", "ate"),
    ("alism", "al"),
    ("iveness", "ive"),
    ("fulness", "ful"),
    ("ousness", "ous"),
    ("aliti", "al"),
    ("iviti", "ive"),
    ("biliti", "ble"),
    ("fulli", "ful"),
];

const STEP_3: [(&str, &str); 7] = [
    ("icate", "ic"),
    ("ative", ""),
    ("alize", "al"),
    ("iciti", "ic"),
    ("ical", "ic"),
    ("ful", ""),
    ("ness", ""),
];

/// Suffixes of step 4; each goes where the measure of the rest is above 1.
const STEP_4: [&str; 19] = [
    "al", "ance", "ence", "er", "ic", "able", "ible", "ant", "ement", "ment", "ent", "ion", "ou",
    "ism", "ate", "iti", "ous", "ive", "ize",
];

/// The stem of an English word, in lower case: what its inflected and derived
/// forms mostly share. It need not be a word.
pub fn stem(word: &str) -> String {
    let lower = word.to_lowercase();
    if let Some((_, stem)) = IRREGULAR.iter().find(|(irregular, _)| *irregular == lower) {
        return (*stem).to_owned();
    }
    if word.chars().count() <= 2 {
        return lower;
    }
    let mut word = Word(lower.chars().collect());
    word.plurals();
    word.past_and_participle();
    // "happy" to "happi", but not "enjoy" or "by".
    if word.ends_with("y") {
        let rest = word.0.len() - 1;
        if rest > 1 && word.consonants()[rest - 1] {
            word.replace(1, "i");
        }
    }
    word.double_suffixes();
    word.first_of(&STEP_3, 0);
    word.bare_suffixes();
    word.last_letters();
    word.0.into_iter().collect()
}

struct Word(Vec<char>);

impl Word {
    fn ends_with(&self, suffix: &str) -> bool {
        let count = suffix.len();
        count <= self.0.len()
            && suffix
                .chars()
                .eq(self.0[self.0.len() - count..].iter().copied())
    }

    /// Puts `by` in the place of the last `count` letters.
    fn replace(&mut self, count: usize, by: &str) {
        self.0.truncate(self.0.len() - count);
        self.0.extend(by.chars());
    }

    /// For each letter whether it is a consonant: no vowel, and no y behind a
    /// consonant.
    fn consonants(&self) -> Vec<bool> {
        consonants(&self.0)
    }

    /// The word without its last `count` letters.
    fn without(&self, count: usize) -> &[char] {
        &self.0[..self.0.len() - count]
    }

    /// Step 1a.
    fn plurals(&mut self) {
        let short = self.0.len() == 4;
        for (suffix, by) in [
            ("sses", "ss"),
            ("ies", if short { "ie" } else { "i" }),
            ("ss", "ss"),
            ("s", ""),
        ] {
            if self.ends_with(suffix) {
                return self.replace(suffix.len(), by);
            }
        }
    }

    /// Step 1b.
    fn past_and_participle(&mut self) {
        if self.ends_with("ied") {
            let by = if self.0.len() == 4 { "ie" } else { "i" };
            return self.replace(3, by);
        }
        if self.ends_with("eed") {
            if measure(self.without(3)) > 0 {
                self.replace(3, "ee");
            }
            return;
        }
        let has_vowel = |word: &[char]| consonants(word).contains(&false);
        let Some(suffix) = ["ed", "ing"]
            .into_iter()
            .find(|suffix| self.ends_with(suffix) && has_vowel(self.without(suffix.len())))
        else {
            return;
        };
        self.replace(suffix.len(), "");
        for (ending, by) in [("at", "ate"), ("bl", "ble"), ("iz", "ize")] {
            if self.ends_with(ending) {
                return self.replace(2, by);
            }
        }
        if ends_double_consonant(&self.0) {
            if !matches!(self.0.last(), Some('l' | 's' | 'z')) {
                self.replace(1, "");
            }
        } else if measure(&self.0) == 1 && ends_consonant_vowel_consonant(&self.0) {
            self.0.push('e');
        }
    }

    /// Step 2.
    fn double_suffixes(&mut self) {
        // nltk looks at "-ally" first, then at what is left: the rest never ends
        // on "alli" again.
        if self.ends_with("alli") && measure(self.without(4)) > 0 {
            self.replace(4, "al");
        }
        if self.first_of(&STEP_2, 0) {
            return;
        }
        // The l counts for the stem, so that "geology" goes as "archaeology".
        if self.ends_with("logi") && measure(self.without(3)) > 0 {
            self.replace(4, "log");
        }
    }

    /// Replaces the first suffix of a list that the word ends with, where the
    /// measure of the rest is above `least`; whether there was one.
    fn first_of(&mut self, rules: &[(&str, &str)], least: usize) -> bool {
        let Some((suffix, by)) = rules.iter().find(|(suffix, _)| self.ends_with(suffix)) else {
            return false;
        };
        if measure(self.without(suffix.len())) > least {
            self.replace(suffix.len(), by);
        }
        true
    }

    /// Step 4.
    fn bare_suffixes(&mut self) {
        let Some(suffix) = STEP_4.into_iter().find(|suffix| self.ends_with(suffix)) else {
            return;
        };
        let rest = self.without(suffix.len());
        if measure(rest) > 1 && (suffix != "ion" || matches!(rest.last(), Some('s' | 't'))) {
            self.replace(suffix.len(), "");
        }
    }

    /// Step 5.
    fn last_letters(&mut self) {
        if self.ends_with("e") {
            let rest = self.without(1);
            let m = measure(rest);
            if m > 1 || (m == 1 && !ends_consonant_vowel_consonant(rest)) {
                self.replace(1, "");
            }
        }
        if self.ends_with("ll") && measure(self.without(1)) > 1 {
            self.replace(1, "");
        }
    }
}

fn consonants(word: &[char]) -> Vec<bool> {
    let mut flags = Vec::with_capacity(word.len());
    for &c in word {
        let consonant = match c {
            'a' | 'e' | 'i' | 'o' | 'u' => false,
            'y' => !flags.last().is_some_and(|&before| before),
            _ => true,
        };
        flags.push(consonant);
    }
    flags
}

/// How many times a consonant follows a vowel.
fn measure(word: &[char]) -> usize {
    let flags = consonants(word);
    flags.windows(2).filter(|pair| !pair[0] && pair[1]).count()
}

fn ends_double_consonant(word: &[char]) -> bool {
    let [.., a, b] = word else { return false };
    a == b && consonants(word).last() == Some(&true)
}

/// Whether a word ends as "hop" does (but not on w, x or y), or is as "of".
fn ends_consonant_vowel_consonant(word: &[char]) -> bool {
    match consonants(word)[..] {
        [false, true] => true,
        [.., true, false, true] => !matches!(word.last(), Some('w' | 'x' | 'y')),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn examples_of_the_paper() {
        for (word, expected) in [
            ("caresses", "caress"),
            ("ponies", "poni"),
            ("ties", "tie"),
            ("agreed", "agre"),
            ("plastered", "plaster"),
            ("motoring", "motor"),
            ("hopping", "hop"),
            ("filing", "file"),
            ("relational", "relat"),
            ("generalizations", "gener"),
            ("oscillators", "oscil"),
            ("of", "of"),
            ("", ""),
            ("ÉTÉS", "été"),
        ] {
            assert_eq!(stem(word), expected, "{word}");
        }
    }
}
