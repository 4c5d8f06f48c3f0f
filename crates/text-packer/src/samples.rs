//! Texts for a visitor who has none at hand to teach a model.
//!
//! Neither is of what a model was trained on: the models of verse know shi of Tang and
//! Song and ci, with five or seven characters a line, while most lines of the Book of
//! Songs have four and are fifteen hundred years older; the model of plays has read no
//! prose.

use std::path::Path;

use serde::Deserialize;

use crate::sources::{fault, text};
use crate::{Fault, Text};

/// Most that a sample may hold, in bytes of UTF-8.
const MOST: usize = 20 << 10;

/// A text of its own file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sample {
    /// The file's name, without what follows the dot.
    pub name: &'static str,
    /// All of it.
    pub body: String,
}

/// An entry of the file that has the Book of Songs.
#[derive(Deserialize)]
struct Song {
    title: String,
    content: Vec<String>,
}

/// The first songs, each below its title.
///
/// # Errors
/// The package's file is missing or is none.
pub fn songs(poems: &Path) -> Result<Sample, Fault> {
    let file = poems.join("dist/shijing/shijing.json");
    let songs: Vec<Song> =
        serde_json::from_str(&text(&file)?).map_err(|error| fault(&file, &error.to_string()))?;
    let songs = songs
        .into_iter()
        .map(|song| format!("{}\n{}\n", song.title, song.content.join("\n")));
    Ok(Sample {
        name: "songs",
        body: head(songs),
    })
}

/// The first paragraphs of Moby-Dick.
pub fn moby_dick(prose: &[Text]) -> Sample {
    let paragraphs = prose
        .iter()
        .filter(|text| text.title.starts_with("Moby-Dick"))
        .flat_map(|text| text.body.split("\n\n"))
        .map(|paragraph| format!("{}\n", paragraph.trim()));
    Sample {
        name: "moby-dick",
        body: head(paragraphs),
    }
}

/// As many whole parts as there is room for, an empty line between.
fn head(parts: impl Iterator<Item = String>) -> String {
    let mut body = String::new();
    for part in parts {
        let between = usize::from(!body.is_empty());
        if body.len() + between + part.len() > MOST {
            break;
        }
        if between > 0 {
            body.push('\n');
        }
        body.push_str(&part);
    }
    body
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_stay_whole() {
        let parts = [
            "a\n".to_owned(),
            "b\n".to_owned(),
            "c".repeat(MOST),
            "d\n".to_owned(),
        ];
        assert_eq!(head(parts.into_iter()), "a\n\nb\n");
    }

    #[test]
    fn prose_of_others_is_left_out() {
        let of = |title: &str, body: &str| Text {
            title: title.to_owned(),
            body: body.to_owned(),
            ..Text::default()
        };
        let prose = [
            of("Moby-Dick, Loomings", "Call me Ishmael.\n\nThere now."),
            of("State of the Union, 1800", "Fellow citizens."),
        ];
        assert_eq!(moby_dick(&prose).body, "Call me Ishmael.\n\nThere now.\n");
    }
}
