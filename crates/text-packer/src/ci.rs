//! Ci of the Song, each to a tune.

use std::path::Path;

use serde::Deserialize;

use crate::characters::{Characters, is_chinese};
use crate::shi::without_notes;
use crate::sources::{fault, files, text};
use crate::{Fault, LeftOut, Text};

/// What stands for a tune that is lost.
const LOST: &str = "失调名";

#[derive(Deserialize)]
struct Ci {
    author: String,
    rhythmic: String,
    paragraphs: Vec<String>,
}

/// Reads `dist/songci` of the package chinese-poetry. The title of each is its tune,
/// and its marks are those of the package.
///
/// # Errors
/// A file is missing or is none.
pub fn read(
    folder: &Path,
    characters: &Characters,
    left_out: &mut LeftOut,
) -> Result<Vec<Text>, Fault> {
    let mut poems = Vec::new();
    for file in files(folder, "ci.song.", ".json")? {
        let read: Vec<Ci> = serde_json::from_str(&text(&file)?)
            .map_err(|error| fault(&file, &error.to_string()))?;
        for poem in read {
            if poem.rhythmic.contains(LOST) || poem.rhythmic.is_empty() {
                left_out.add("ci whose tune is lost");
                continue;
            }
            match clean(&characters.traditional(&poem.paragraphs.concat())) {
                Some(body) => poems.push(Text {
                    author: characters.traditional(author(&poem.author)),
                    title: characters.traditional(tune(&poem.rhythmic)),
                    body,
                }),
                None => left_out.add("ci with missing characters or signs that are none"),
            }
        }
    }
    Ok(poems)
}

/// The first name of a tune that has several.
fn tune(raw: &str) -> &str {
    raw.split(['・', '·', '（', '('])
        .next()
        .unwrap_or(raw)
        .trim()
}

/// Authors of the same name are told apart by a digit, which says nothing here.
fn author(raw: &str) -> &str {
    raw.trim()
        .trim_end_matches(|one: char| one.is_ascii_digit())
}

/// The lines with their marks; the pause 、 within a line goes.
fn clean(raw: &str) -> Option<String> {
    let mut body = String::new();
    for one in without_notes(raw).chars() {
        match one {
            '，' | '。' => {
                if body.chars().next_back().is_some_and(is_chinese) {
                    body.push(one);
                }
            }
            '？' | '！' | '；' | '：' => {
                if body.chars().next_back().is_some_and(is_chinese) {
                    body.push(if one == '；' || one == '：' {
                        '，'
                    } else {
                        '。'
                    });
                }
            }
            '、' | '《' | '》' | '“' | '”' => {}
            _ if one.is_whitespace() => {}
            _ if is_chinese(one) => body.push(one),
            _ => return None,
        }
    }
    if body.is_empty() {
        return None;
    }
    if !body.ends_with(['，', '。']) {
        body.push('。');
    }
    Some(body)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_go_and_names_are_single() {
        assert_eq!(
            clean("亂花過了，又還被、鶯呼起。").as_deref(),
            Some("亂花過了，又還被鶯呼起。")
        );
        assert_eq!(clean("常記溪亭日暮"), Some("常記溪亭日暮。".to_owned()));
        assert_eq!(clean("常記□亭"), None);
        assert_eq!(clean("。"), None);
        assert_eq!(
            (tune("望江南・憶江南"), author("吳氏3")),
            ("望江南", "吳氏")
        );
    }
}
