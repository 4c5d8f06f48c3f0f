//! Verse as the models of poems know it: lines with a mark behind each.

/// Marks that end a line or a sentence.
const STOPS: [char; 6] = ['，', '。', '？', '！', '；', '、'];

/// A text as verse: marks of ASCII become those of Chinese, and a line without a mark
/// behind it gets a comma, or a full stop where it is the second of two. Lines and
/// blanks are as they were.
pub fn verse(text: &str) -> String {
    let mut lines = Vec::new();
    let mut number = 0;
    for line in text.lines() {
        let mut line: String = line.trim_end().chars().map(mark).collect();
        if let Some(last) = line.chars().last() {
            number += 1;
            if !STOPS.contains(&last) {
                line.push(if number % 2 == 0 { '。' } else { '，' });
            }
        }
        lines.push(line);
    }
    lines.join("\n")
}

/// A mark of Chinese for one of ASCII.
fn mark(one: char) -> char {
    match one {
        ',' => '，',
        '.' | '．' => '。',
        '?' => '？',
        '!' => '！',
        ';' => '；',
        other => other,
    }
}

/// What verse needs to be one: a Chinese character.
pub fn has_han(text: &str) -> bool {
    let han = |one: char| matches!(u32::from(one), 0x3400..=0x9FFF | 0xF900..=0xFAFF | 0x2_0000..=0x3_FFFF);
    text.chars().any(han)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_get_the_marks_that_they_lack() {
        for (typed, read) in [
            ("牀前看月光\n疑是地上霜", "牀前看月光，\n疑是地上霜。"),
            ("牀前看月光, 疑是地上霜.", "牀前看月光， 疑是地上霜。"),
            ("一\n\n二  \n三？\n", "一，\n\n二。\n三？"),
            ("", ""),
        ] {
            assert_eq!(verse(typed), read);
        }
    }

    #[test]
    fn verse_has_a_character() {
        assert!(has_han("a月"));
        assert!(!has_han("moon 🌙 مرحبا"));
    }
}
