//! Poems in lines of five or seven characters, of Tang and Song.

use std::path::Path;

use serde::Deserialize;

use crate::characters::{Characters, is_chinese};
use crate::sources::{fault, files, text};
use crate::{Fault, LeftOut, Text};

/// Fewest and most lines of a poem.
const LINES: std::ops::RangeInclusive<usize> = 4..=20;

#[derive(Deserialize)]
struct Poem {
    author: String,
    title: String,
    paragraphs: Vec<String>,
}

/// Reads `dist/quantangshi` of the package chinese-poetry.
///
/// # Errors
/// A file is missing or is none.
pub fn read(
    folder: &Path,
    characters: &Characters,
    left_out: &mut LeftOut,
) -> Result<Vec<Text>, Fault> {
    let mut poems = Vec::new();
    for dynasty in ["poet.tang.", "poet.song."] {
        for file in files(folder, dynasty, ".json")? {
            let read: Vec<Poem> = serde_json::from_str(&text(&file)?)
                .map_err(|error| fault(&file, &error.to_string()))?;
            for poem in read {
                match clean(&poem.paragraphs.concat(), characters) {
                    Ok(body) => poems.push(Text {
                        author: characters.keep(poem.author.trim()),
                        title: title(&poem.title, characters),
                        body,
                    }),
                    Err(why) => left_out.add(why),
                }
            }
        }
    }
    Ok(poems)
}

/// A title without notes, its blanks single.
fn title(raw: &str, characters: &Characters) -> String {
    let bare = without_notes(&characters.keep(raw));
    bare.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The lines of a poem with their marks, or why it is none.
fn clean(raw: &str, characters: &Characters) -> Result<String, &'static str> {
    let bare = without_notes(&characters.keep(raw));
    let mut lines: Vec<(String, char)> = Vec::new();
    let mut line = String::new();
    for one in bare.chars() {
        match one {
            '，' | '。' | '？' | '！' | '；' | '：' | '、' => {
                if !line.is_empty() {
                    lines.push((std::mem::take(&mut line), one));
                }
            }
            '《' | '》' | '「' | '」' | '『' | '』' | '〈' | '〉' | '“' | '”' => {}
            _ if one.is_whitespace() => {}
            _ if is_chinese(one) => line.push(one),
            _ => return Err("shi with missing characters or signs that are none"),
        }
    }
    if !line.is_empty() {
        lines.push((line, '。'));
    }
    let width = lines.first().map_or(0, |line| line.0.chars().count());
    let even = lines.iter().all(|line| line.0.chars().count() == width);
    if (width != 5 && width != 7) || !even {
        return Err("shi whose lines are not all of five or all of seven characters");
    }
    if !LINES.contains(&lines.len()) || lines.len() % 2 == 1 {
        return Err("shi of fewer than 4 or more than 20 lines, or of an odd number");
    }
    let mut body = String::new();
    for (at, (line, mark)) in lines.iter().enumerate() {
        body.push_str(line);
        body.push(match (at % 2, mark) {
            (0, _) => '，',
            (_, '？') => '？',
            (_, '！') => '！',
            _ => '。',
        });
    }
    Ok(body)
}

/// A text without what stands in brackets, which are notes.
pub(crate) fn without_notes(text: &str) -> String {
    let mut depth = 0_usize;
    let mut out = String::new();
    for one in text.chars() {
        match one {
            '（' | '〖' | '[' | '〔' | '［' | '(' | '【' => depth += 1,
            '）' | '〗' | ']' | '〕' | '］' | ')' | '】' => depth = depth.saturating_sub(1),
            _ if depth == 0 => out.push(one),
            _ => {}
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn notes_and_quotes_go_and_marks_alternate() {
        let none = Characters::default();
        let clean = |raw| clean(raw, &none);
        assert_eq!(
            clean(
                "童子解吟《長恨曲》，胡兒能唱《琵琶篇》（一作歌）。文章已滿行人耳。一度思卿一愴然。"
            )
            .unwrap(),
            "童子解吟長恨曲，胡兒能唱琵琶篇。文章已滿行人耳，一度思卿一愴然。"
        );
        assert_eq!(
            clean("君自故鄉來，應知故鄉事。來日綺窗前，寒梅著花未？").unwrap(),
            "君自故鄉來，應知故鄉事。來日綺窗前，寒梅著花未？"
        );
        assert!(
            clean("君自故鄉來，應知故鄉事。")
                .unwrap_err()
                .contains("fewer than 4")
        );
        assert!(
            clean("君自故鄉來，應知故□事。來日綺窗前，寒梅著花未。")
                .unwrap_err()
                .contains("missing")
        );
        assert!(
            clean("君自故鄉來，應知事。來日綺窗前，寒梅著花未。")
                .unwrap_err()
                .contains("five")
        );
        assert!(clean("").unwrap_err().contains("five"));
    }

    #[test]
    fn brackets_inside_brackets_are_notes_too() {
        assert_eq!(without_notes("一（二（三）四）五）六"), "一五六");
    }
}
