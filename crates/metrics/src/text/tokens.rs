//! The tokenizations of `SacreBLEU` (Post 2018, "A call for clarity in reporting
//! BLEU scores"), without its regular expressions.

use super::space::{is_space, split};

/// How a text is cut into tokens, named as in `SacreBLEU`.
///
/// A BLEU says nothing without the name of its tokenization: `char` gives far
/// higher figures than `13a` for the same texts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Tokenization {
    /// `none`: what white space separates.
    None,
    /// `13a`: words and punctuation as NIST's mteval-v13a cuts them, for
    /// languages with spaces.
    Thirteen,
    /// `zh`: each Chinese character apart, the rest nearly as by `13a`.
    Chinese,
    /// `char`: each character that is no white space.
    Characters,
}

impl Tokenization {
    /// The name by which `SacreBLEU`'s signatures call it.
    pub fn name(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Thirteen => "13a",
            Self::Chinese => "zh",
            Self::Characters => "char",
        }
    }
}

/// The tokens of a text; none of them is empty or holds white space.
pub fn tokenize(text: &str, tokenization: Tokenization) -> Vec<String> {
    // SacreBLEU drops what trails before it looks for a hyphen at a line's end.
    let text = text.trim_end_matches(is_space);
    match tokenization {
        Tokenization::None => owned(text),
        Tokenization::Characters => text
            .chars()
            .filter(|&c| !is_space(c))
            .map(String::from)
            .collect(),
        Tokenization::Thirteen => {
            let mut text = text
                .replace("<skipped>", "")
                .replace("-\n", "")
                .replace('\n', " ");
            if text.contains('&') {
                for (entity, character) in [
                    ("&quot;", "\""),
                    ("&amp;", "&"),
                    ("&lt;", "<"),
                    ("&gt;", ">"),
                ] {
                    text = text.replace(entity, character);
                }
            }
            owned(&western(&format!(" {text} ")))
        }
        Tokenization::Chinese => {
            let mut apart = String::with_capacity(text.len() * 2);
            for c in text.trim_start_matches(is_space).chars() {
                if is_set_apart(c) {
                    apart.extend([' ', c, ' ']);
                } else {
                    apart.push(c);
                }
            }
            owned(&western(&apart))
        }
    }
}

fn owned(text: &str) -> Vec<String> {
    split(text).map(String::from).collect()
}

/// Sets spaces around punctuation. Full stops and commas stay with a digit on
/// both sides of them; hyphens come off a digit before them.
fn western(text: &str) -> String {
    let mut apart = String::with_capacity(text.len() * 2);
    for c in text.chars() {
        if matches!(c, '{'..='~' | '['..='`' | ' '..='&' | '('..='+' | ':'..='@' | '/') {
            apart.extend([' ', c, ' ']);
        } else {
            apart.push(c);
        }
    }
    let point = |c: char| c == '.' || c == ',';
    let digit = |c: char| c.is_ascii_digit();
    let before = pairs(
        &apart,
        |a, b| !digit(a) && point(b),
        |a, b| [a, ' ', b, ' '],
    );
    let after = pairs(
        &before,
        |a, b| point(a) && !digit(b),
        |a, b| [' ', a, ' ', b],
    );
    pairs(&after, |a, b| digit(a) && b == '-', |a, b| [a, ' ', b, ' '])
}

/// Replaces pairs of neighbours from left to right; a character that was part of
/// a replaced pair is not part of the next.
fn pairs(
    text: &str,
    is_pair: impl Fn(char, char) -> bool,
    replace: impl Fn(char, char) -> [char; 4],
) -> String {
    let mut out = String::with_capacity(text.len() * 2);
    let mut characters = text.chars().peekable();
    while let Some(first) = characters.next() {
        match characters.next_if(|&second| is_pair(first, second)) {
            Some(second) => out.extend(replace(first, second)),
            None => out.push(first),
        }
    }
    out
}

/// What SacreBLEU's `zh` takes for Chinese.
///
/// Two of its ranges are meant for characters beyond 16 bits, but are written
/// so that they mean U+2001 to U+2A6D (dashes, quotation marks, arrows, signs)
/// and leave those characters out. Figures that should compare follow it.
fn is_set_apart(c: char) -> bool {
    matches!(c,
        '\u{2001}'..='\u{2a6d}'
        | '\u{2e80}'..='\u{2eff}'
        | '\u{2f00}'..='\u{2fdf}'
        | '\u{2ff0}'..='\u{303f}'
        | '\u{3100}'..='\u{312f}'
        | '\u{31a0}'..='\u{31bf}'
        | '\u{31c0}'..='\u{31ef}'
        | '\u{3200}'..='\u{33ff}'
        | '\u{3400}'..='\u{4db5}'
        | '\u{4e00}'..='\u{9fbb}'
        | '\u{f900}'..='\u{fa2d}'
        | '\u{fa30}'..='\u{fa6a}'
        | '\u{fa70}'..='\u{fad9}'
        | '\u{fe10}'..='\u{fe1f}'
        | '\u{fe30}'..='\u{fe4f}'
        | '\u{ff00}'..='\u{ffef}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn joined(text: &str, tokenization: Tokenization) -> String {
        tokenize(text, tokenization).join("|")
    }

    #[test]
    fn thirteen() {
        let cut = |text| joined(text, Tokenization::Thirteen);
        assert_eq!(cut("Hello, world!"), "Hello|,|world|!");
        assert_eq!(cut("1,000.5 at 3-4"), "1,000.5|at|3|-|4");
        assert_eq!(cut("don't well-known"), "don't|well-known");
        assert_eq!(cut("a &amp; b&quot;"), "a|&|b|\"");
        assert_eq!(cut("hyphen-\nated\nline"), "hyphenated|line");
        assert_eq!(cut("..."), ".|.|.");
        assert_eq!(cut(" \n"), "");
    }

    #[test]
    fn chinese_and_characters() {
        assert_eq!(
            joined("床前 moon光。", Tokenization::Chinese),
            "床|前|moon|光|。"
        );
        assert_eq!(joined("𠀀𠀁", Tokenization::Chinese), "𠀀𠀁");
        assert_eq!(joined("a é\t床", Tokenization::Characters), "a|é|床");
        assert_eq!(joined("a, b\u{1c}c", Tokenization::None), "a,|b|c");
    }
}
