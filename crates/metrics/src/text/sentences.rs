//! Where the sentences of a text are.

use std::ops::Range;

/// Abbreviations that a name or a number follows, without their full stop.
const ABBREVIATIONS: [&str; 44] = [
    "mr", "mrs", "ms", "messrs", "mme", "mlle", "dr", "prof", "rev", "hon", "st", "capt", "col",
    "gen", "lt", "maj", "sgt", "gov", "sen", "rep", "pres", "sir", "jr", "sr", "vs", "cf", "viz",
    "vol", "ch", "chap", "fig", "no", "nos", "pp", "ed", "trans", "esp", "approx", "dept", "e.g",
    "i.e", "ca", "mt", "art",
];

/// The sentences of a text in order, as ranges of bytes, without white space at
/// their ends; no character that is no white space is left out.
///
/// A sentence ends with one or more of `.!?…` and what closes quotations or
/// brackets behind them, where white space follows and no small letter, or with
/// one of `。！？` and what closes behind it, and with an empty line. A full stop
/// ends none behind an abbreviation or a single capital letter (as in "J. S.
/// Bach"). Lines of verse that no stop ends are read on. English and Chinese; a
/// sentence that truly ends in an abbreviation is joined to the next.
pub fn sentences(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut start = 0;
    let mut characters = text.char_indices().peekable();
    while let Some((at, c)) = characters.next() {
        let is_end = match c {
            '\n' => is_empty_line(&text[at + 1..]),
            '。' | '！' | '？' | '｡' => {
                take_closing(&mut characters);
                true
            }
            '.' | '!' | '?' | '…' => {
                let stop = characters.peek().map_or(text.len(), |&(next, _)| next);
                let closed = take_closing(&mut characters);
                let end = characters.peek().map_or(text.len(), |&(next, _)| next);
                let one_stop = c == '.' && (!closed || is_quotation(&text[stop..end]));
                ends_sentence(&text[start..at], one_stop, &text[end..])
            }
            _ => false,
        };
        if is_end {
            let end = characters.peek().map_or(text.len(), |&(next, _)| next);
            push(text, start..end, &mut found);
            start = end;
        }
    }
    push(text, start..text.len(), &mut found);
    found
}

/// Takes further stops, and what closes quotations and brackets; whether there
/// was any.
fn take_closing(characters: &mut std::iter::Peekable<std::str::CharIndices>) -> bool {
    let mut taken = false;
    let closes = |c: char| {
        matches!(
            c,
            '.' | '!'
                | '?'
                | '…'
                | '。'
                | '！'
                | '？'
                | '"'
                | '\''
                | '”'
                | '’'
                | '»'
                | ')'
                | ']'
                | '」'
                | '』'
                | '）'
                | '】'
                | '》'
                | '〉'
                | '*'
                | '_'
        )
    };
    while characters.next_if(|&(_, c)| closes(c)).is_some() {
        taken = true;
    }
    taken
}

/// Whether a text has no further stop among what closes it.
fn is_quotation(closing: &str) -> bool {
    !closing.contains(['.', '!', '?', '…', '。', '！', '？'])
}

fn is_empty_line(rest: &str) -> bool {
    let line = rest.split('\n').next().unwrap_or("");
    line.trim().is_empty()
}

/// Whether a stop of a Western sentence ends it, by what stands before and after.
fn ends_sentence(before: &str, one_stop: bool, after: &str) -> bool {
    let Some(next) = after.chars().next() else {
        return true;
    };
    // "3.14", "e.g", "example.org", but also "他说OK.然后".
    if !next.is_whitespace() {
        return is_wide(next);
    }
    let next = after
        .chars()
        .find(|&c| !c.is_whitespace() && !is_opening(c));
    if next.is_some_and(char::is_lowercase) {
        return false;
    }
    if !one_stop {
        return true;
    }
    let last = before
        .rsplit(|c: char| c.is_whitespace() || is_opening(c) || c == '-' || c == '—')
        .next()
        .unwrap_or("");
    let is_initial = last.chars().count() == 1
        && last.chars().all(char::is_uppercase)
        // "So am I."
        && last != "I";
    let lower = last.to_lowercase();
    !is_initial && !ABBREVIATIONS.contains(&lower.as_str())
}

fn is_opening(c: char) -> bool {
    matches!(
        c,
        '"' | '\'' | '“' | '‘' | '«' | '(' | '[' | '「' | '『' | '（' | '*' | '_'
    )
}

/// Whether no space is written before a character.
fn is_wide(c: char) -> bool {
    matches!(c, '\u{2e80}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{ff00}'..='\u{ffef}'
        | '\u{20000}'..='\u{3ffff}')
}

fn push(text: &str, range: Range<usize>, to: &mut Vec<Range<usize>>) {
    let part = &text[range.clone()];
    let start = range.start + (part.len() - part.trim_start().len());
    let end = start + part.trim().len();
    if start < end {
        to.push(start..end);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &[&str]) {
        let found: Vec<&str> = sentences(text)
            .into_iter()
            .map(|range| &text[range])
            .collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn english() {
        check("One. Two!  Three? ", &["One.", "Two!", "Three?"]);
        check(
            "Mr. Knightley and Dr. Perry came. So am I. Yes.",
            &["Mr. Knightley and Dr. Perry came.", "So am I.", "Yes."],
        );
        check(
            "By J. S. Bach. It cost 3.14 pounds, i.e. much.",
            &["By J. S. Bach.", "It cost 3.14 pounds, i.e. much."],
        );
        check(
            "“Go!” he said. “Why?” (No answer.) He went…",
            &["“Go!” he said.", "“Why?”", "(No answer.)", "He went…"],
        );
        check(
            "Well... perhaps. \"He is a Mr.\" Then",
            &["Well... perhaps.", "\"He is a Mr.\" Then"],
        );
        check(
            "A title\n\nShall I compare thee\nTo a day?\n \nEnd",
            &["A title", "Shall I compare thee\nTo a day?", "End"],
        );
    }

    #[test]
    fn chinese() {
        check(
            "床前明月光，疑是地上霜。舉頭望明月，低頭思故鄉。",
            &["床前明月光，疑是地上霜。", "舉頭望明月，低頭思故鄉。"],
        );
        check(
            "他問：「何故？」我說：「不知！」說完就走了……真的。",
            &[
                "他問：「何故？」",
                "我說：「不知！」",
                "說完就走了……",
                "真的。",
            ],
        );
        check("", &[]);
        check(" \n\n。\n", &["。"]);
    }
}
