//! Faces: put together by DiceBear (`faces.mjs`), each with what it is made of.

use std::collections::{BTreeMap, HashSet};
use std::io::Read;
use std::path::Path;

use lampwork_datasets::Concept;
use lampwork_datasets::captioned::Origin;
use serde::Deserialize;
use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::set::origin;
use crate::words::{self, Word};
use crate::{Collection, Drawing, Fault, SIDES, draw, sources};

/// SHA-256 of what `faces.mjs` writes, unpacked.
const SHA256: &str = "9eddb43cefd0327cb2c016e330267ac9ebaa18b83f11b3f3b103a0ef3fc6a8f8";

/// Most bytes that are unpacked; `faces.mjs` writes 70 MB.
const LIMIT: u64 = 256 << 20;

/// Styles, in the order of their numbers, with package and designer.
pub const STYLES: [(&str, &str, &str); 5] = [
    ("lorelei", "lorelei", "Lisa Wischofsky (Lorelei)"),
    ("notionists", "notionists", "Zoish (Notionists)"),
    ("openPeeps", "open-peeps", "Pablo Stanley (Open Peeps)"),
    ("pixelArt", "pixel-art", "DiceBear (Pixel Art)"),
    ("thumbs", "thumbs", "DiceBear (Thumbs)"),
];

/// Where the parts come from: an entry for each style.
pub fn origins() -> Vec<Origin> {
    STYLES
        .iter()
        .map(|(style, package, designer)| {
            origin(
                &format!("the style {style}"),
                &format!(
                    "npm package @dicebear/{package} 9.2.2, put together by @dicebear/core 9.2.2"
                ),
                "CC0-1.0",
                designer,
            )
        })
        .collect()
}

/// A line that `faces.mjs` wrote.
#[derive(Debug, Clone, Deserialize)]
struct Face {
    style: String,
    number: u32,
    svg: String,
    /// What each part was drawn from: `hair` is `short04`, `hairColor` `#603015`.
    options: BTreeMap<String, Value>,
}

/// Reads what `faces.mjs` wrote and draws every face.
///
/// # Errors
/// The file is missing or has changed, or a face cannot be drawn.
pub fn read(file: &Path) -> Result<Collection, Fault> {
    let raw = std::fs::read(file).map_err(|error| sources::fault(file, error))?;
    let mut text = String::new();
    flate2::read::GzDecoder::new(&raw[..])
        .take(LIMIT)
        .read_to_string(&mut text)
        .map_err(|error| sources::fault(file, error))?;
    let found = sources::hexadecimal(&Sha256::digest(&text));
    sources::check(file, &found, SHA256)?;
    collect(&text)
}

fn collect(lines: &str) -> Result<Collection, Fault> {
    let mut set = Collection {
        concepts: Vec::new(),
        keys: Vec::new(),
        styles: STYLES.map(|(style, ..)| style.to_owned()).to_vec(),
        sides: SIDES.to_vec(),
        drawings: Vec::new(),
        left_out: Vec::new(),
    };
    let mut seen = HashSet::new();
    let mut repeated = 0;
    for line in lines.lines() {
        let broken = |reason: String| Fault::Drawing {
            name: format!("a face ({} bytes)", line.len()),
            reason,
        };
        let face: Face = serde_json::from_str(line).map_err(|error| broken(error.to_string()))?;
        let style = STYLES.iter().position(|(style, ..)| *style == face.style);
        let style = style.ok_or_else(|| broken(format!("no style is named {}", face.style)))?;
        let name = format!("{}-{:04}", face.style, face.number);
        let picture = draw::svg(&name, &face.svg)?;
        let pictures = SIDES.map(|side| picture.shrunk(side)).to_vec();
        if !seen.insert(pictures[0].clone()) {
            repeated += 1;
            continue;
        }
        set.drawings.push(Drawing {
            concept: set.concepts.len(),
            style,
            pictures,
        });
        set.keys.push(name.clone());
        set.concepts.push(concept(name, &face));
    }
    set.left_out = vec![format!(
        "{repeated} faces that look like one before at 32 x 32"
    )];
    Ok(set)
}

fn concept(name: String, face: &Face) -> Concept {
    let words = words::face(&face.style, &|option| {
        face.options.get(option).and_then(Value::as_str)
    });
    let tags = |language: fn(&Word) -> &str| -> Vec<String> {
        words.iter().map(|word| language(word).to_owned()).collect()
    };
    let (tags_en, tags_zh) = (tags(|word| &word.en), tags(|word| &word.zh));
    Concept {
        name,
        en: match &*tags_en.join(", ") {
            "" => "a face".to_owned(),
            tags => format!("a face: {tags}"),
        },
        zh: match &*tags_zh.join("，") {
            "" => "一张脸".to_owned(),
            tags => format!("一张脸：{tags}"),
        },
        tags_en,
        tags_zh,
        group: face.style.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(style: &str, number: u32, colour: &str) -> String {
        format!(
            r##"{{"style":"{style}","number":{number},"svg":"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 1 1\"><path fill=\"{colour}\" d=\"M0 0h1v1h-1z\"/></svg>","options":{{"mouth":"happy01","skinColor":"{colour}"}}}}"##
        )
    }

    #[test]
    fn a_face_is_captioned_by_its_parts_and_drawn_once() {
        let text = [
            line("pixelArt", 0, "#ffdbac"),
            line("pixelArt", 1, "#ffdbac"),
            line("lorelei", 2, "#8d5524"),
        ]
        .join("\n");
        let set = collect(&text).unwrap();
        assert_eq!(set.drawings.len(), 2);
        assert_eq!(set.drawings[1].style, 0);
        assert_eq!(set.concepts[0].name, "pixelArt-0000");
        assert!(
            set.concepts[0].en.contains("smiling"),
            "{}",
            set.concepts[0].en
        );
        assert!(
            set.concepts[0].zh.contains("微笑"),
            "{}",
            set.concepts[0].zh
        );
        assert!(collect(&line("other", 0, "#000000")).is_err());
        assert!(collect("{").is_err());
    }
}
