//! How a text is cut before its bytes are paired: no token reaches across a cut.

/// What a piece is, as a regular expression: a word with the space before it,
/// its apostrophes inside; a number; marks; ends of lines; spaces.
///
/// Whatever is not ASCII counts as a letter, but for the blocks of general and
/// Chinese punctuation: so two dozen lines can cut exactly as this does, without
/// the tables of Unicode.
pub const PATTERN: &str = concat!(
    r" ?'?[A-Za-z\x{80}-\x{1FFF}\x{2070}-\x{2FFF}\x{3040}-\x{FEFF}\x{FF10}-\x{10FFFF}]+(?:'[A-Za-z\x{80}-\x{1FFF}\x{2070}-\x{2FFF}\x{3040}-\x{FEFF}\x{FF10}-\x{10FFFF}]+)*",
    r"| ?[0-9]+",
    r"| ?[^0-9 \nA-Za-z\x{80}-\x{1FFF}\x{2070}-\x{2FFF}\x{3040}-\x{FEFF}\x{FF10}-\x{10FFFF}]+",
    r"|\n+| +"
);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Class {
    Letter,
    Digit,
    Mark,
    Line,
    Space,
}

fn class(one: char) -> Class {
    match one {
        'A'..='Z' | 'a'..='z' => Class::Letter,
        '0'..='9' => Class::Digit,
        '\n' => Class::Line,
        ' ' => Class::Space,
        '\u{2000}'..='\u{206F}' | '\u{3000}'..='\u{303F}' | '\u{FF00}'..='\u{FF0F}' => Class::Mark,
        _ if one.is_ascii() => Class::Mark,
        _ => Class::Letter,
    }
}

/// Cuts a text into the pieces that [`PATTERN`] finds in it.
pub fn pieces(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let (piece, left) = rest.split_at(first(rest));
        rest = left;
        Some(piece)
    })
}

/// Length of the first piece, in bytes.
fn first(text: &str) -> usize {
    let body = text.strip_prefix(' ').unwrap_or(text);
    let led = text.len() - body.len();
    let word = body.strip_prefix('\'').unwrap_or(body);
    let letters = run(word, Class::Letter);
    if letters > 0 {
        let mut end = text.len() - word.len() + letters;
        while let Some(more) = text[end..].strip_prefix('\'') {
            let letters = run(more, Class::Letter);
            if letters == 0 {
                break;
            }
            end += 1 + letters;
        }
        return end;
    }
    match body.chars().next().map(class) {
        Some(kind @ (Class::Digit | Class::Mark)) => led + run(body, kind),
        // A space is led by no other: where it stands before one, all are one piece.
        _ if led > 0 => run(text, Class::Space),
        _ => run(text, Class::Line),
    }
}

/// How many bytes of one kind a text begins with.
fn run(text: &str, kind: Class) -> usize {
    text.find(|one| class(one) != kind).unwrap_or(text.len())
}
