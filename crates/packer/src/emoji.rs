//! Emoji: a concept is an emoji, its styles are up to four drawings of it.

use std::collections::{BTreeMap, HashMap};
use std::path::Path;

use lampwork_datasets::Concept;
use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::{Collection, Drawing, Fault, SIDES, draw, sources};

/// Styles, in the order of their numbers.
pub const STYLES: [&str; 4] = ["flat", "3d", "noto", "twemoji"];

/// Drawings that a concept must have to be of use.
const LEAST: usize = 2;

/// A file of emojibase: captions.
const ENGLISH: (&str, &str) = (
    "emojibase-data/en/data.json",
    "ed014f1049bd370c5794f815850156196ac382850f51c3e9f6a9e83553fb3f01",
);
const CHINESE: (&str, &str) = (
    "emojibase-data/zh/data.json",
    "ab26566248ccb4e991c6314a0b98e07daa38325bf44bc32260a6502f4cd6cb37",
);
/// Files of a set of icons: the drawings, and which belongs to which emoji.
const ICONS: [(usize, [(&str, &str); 2]); 3] = [
    (
        0,
        [
            (
                "fluent-emoji-flat/icons.json",
                "f5f4cf457c0db2ad5a2e42e033e02e0c87d10e43d0164cfffb3bb84914970a63",
            ),
            (
                "fluent-emoji-flat/chars.json",
                "7f084c5a95807edb4702a7c9f6f18e74d59026d1c34ceb8cae85df0b9a9f0a10",
            ),
        ],
    ),
    (
        2,
        [
            (
                "noto/icons.json",
                "9eac6ef4e7ec122b6f0e7ac281d61008afdbc720d0ce861e398b939daaa347c6",
            ),
            (
                "noto/chars.json",
                "91485653ca890bff640f2a6c2d7be62d625a90527b6b4d816b41593675bf5c8f",
            ),
        ],
    ),
    (
        3,
        [
            (
                "twemoji/icons.json",
                "5d5d820790565b764f2728675d487c9ee4c1fc83916d8567d5aca8ba7527c242",
            ),
            (
                "twemoji/chars.json",
                "8e6a83d5a3ac185b2446154b9c4ee07c983bd4a5b2a21aa4b9ff04af9831eefe",
            ),
        ],
    ),
];
/// The folder of WebP files, named by emoji.
const SOLID: (&str, &str) = (
    "fluent-emoji-3d/assets",
    "a1df7357a10ffe0124ff2118b12cc4dfd8aee2be67c1724e657beb3f953400a9",
);

/// Names of emojibase's groups, by number. Flags are a group of their own, so a
/// trainer can leave them out.
const GROUPS: [(u32, &str); 9] = [
    (0, "smileys-emotion"),
    (1, "people-body"),
    (3, "animals-nature"),
    (4, "food-drink"),
    (5, "travel-places"),
    (6, "activities"),
    (7, "objects"),
    (8, "symbols"),
    (9, FLAGS),
];

/// The group of the flags.
pub const FLAGS: &str = "flags";

/// An emoji of emojibase. Its variants by skin tone stand inside it and are not
/// read, so the base alone is kept.
#[derive(Debug, Clone, Deserialize)]
struct Emoji {
    hexcode: String,
    label: String,
    #[serde(default)]
    tags: Vec<String>,
    /// None for the letters that flags are spelt with.
    group: Option<u32>,
}

/// A set of icons in Iconify's form.
#[derive(Debug, Clone, Deserialize)]
struct Icons {
    icons: HashMap<String, Icon>,
    #[serde(default)]
    aliases: HashMap<String, Alias>,
    width: f64,
    height: f64,
}

#[derive(Debug, Clone, Deserialize)]
struct Icon {
    body: String,
    width: Option<f64>,
    height: Option<f64>,
}

/// Another name of an icon, perhaps mirrored.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Alias {
    parent: String,
    #[serde(default)]
    h_flip: bool,
    /// Whether it is offered to users; an old name otherwise.
    #[serde(default, rename = "hidden")]
    _hidden: bool,
}

impl Icons {
    /// An icon as an SVG of its own.
    fn svg(&self, name: &str) -> Option<String> {
        let (icon, mirrored) = match self.aliases.get(name) {
            Some(alias) => (self.icons.get(&alias.parent)?, alias.h_flip),
            None => (self.icons.get(name)?, false),
        };
        let width = icon.width.unwrap_or(self.width);
        let height = icon.height.unwrap_or(self.height);
        let body = if mirrored {
            format!(
                r#"<g transform="translate({width} 0) scale(-1 1)">{}</g>"#,
                icon.body
            )
        } else {
            icon.body.clone()
        };
        // Some bodies still use `xlink:href`, which means nothing undeclared.
        Some(format!(
            r#"<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="0 0 {width} {height}">{body}</svg>"#
        ))
    }
}

/// The code points of an emoji, by which packages name it in their own ways:
/// with or without leading zeros, and the selector of the coloured form.
fn code(name: &str) -> Option<Vec<u32>> {
    const COLOURED: u32 = 0xfe0f;
    let points: Result<Vec<u32>, _> = name
        .split('-')
        .map(|part| u32::from_str_radix(part, 16))
        .collect();
    let mut points = points.ok()?;
    points.retain(|&point| point != COLOURED);
    Some(points)
}

/// A label as icons are named: `flag: Côte` is `flag-cote`, near enough.
fn slug(label: &str) -> String {
    label
        .to_lowercase()
        .split(|letter: char| !letter.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .collect::<Vec<_>>()
        .join("-")
}

/// What a label shows, whoever does it: a man, a woman and a person who cook,
/// to the left or to the right, are drawn much alike.
fn kind(label: &str) -> String {
    let label = label.to_lowercase().replace(": facing right", "");
    let who = ["man", "men", "woman", "women", "person", "people"];
    let rest = who.iter().find_map(|who| {
        let rest = label.strip_prefix(who)?;
        rest.strip_prefix(": ").or_else(|| rest.strip_prefix(' '))
    });
    rest.unwrap_or(&label).to_owned()
}

/// Reads the packages under `folder` and draws every emoji.
///
/// # Errors
/// A file is missing or has changed, or a drawing cannot be read.
pub fn read(folder: &Path) -> Result<Collection, Fault> {
    let english: Vec<Emoji> = json(folder, ENGLISH)?;
    let chinese: Vec<Emoji> = json(folder, CHINESE)?;
    let chinese: HashMap<String, Emoji> = chinese
        .into_iter()
        .map(|emoji| (emoji.hexcode.clone(), emoji))
        .collect();
    let mut icons = Vec::new();
    for (style, [drawings, names]) in ICONS {
        let icons_of: Icons = json(folder, drawings)?;
        let names: HashMap<String, String> = json(folder, names)?;
        let names: HashMap<Vec<u32>, String> = names
            .into_iter()
            .filter_map(|(name, icon)| Some((code(&name)?, icon)))
            .collect();
        icons.push((style, icons_of, names));
    }
    let solid: BTreeMap<Vec<u32>, Vec<u8>> =
        sources::read_folder(&folder.join(SOLID.0), ".webp", SOLID.1)?
            .into_iter()
            .filter_map(|(name, bytes)| Some((code(name.strip_suffix(".webp")?)?, bytes)))
            .collect();

    let mut set = Collection {
        concepts: Vec::new(),
        keys: Vec::new(),
        styles: STYLES.map(str::to_owned).to_vec(),
        sides: SIDES.to_vec(),
        drawings: Vec::new(),
        left_out: Vec::new(),
    };
    let (mut ungrouped, mut rare, mut blank) = (0, Vec::new(), Vec::new());
    for emoji in &english {
        let group = GROUPS.iter().find(|(group, _)| Some(*group) == emoji.group);
        let Some((_, group)) = group else {
            ungrouped += 1;
            continue;
        };
        let Some(points) = code(&emoji.hexcode) else {
            continue;
        };
        let mut pictures = Vec::new();
        for (style, icons, names) in &icons {
            let by_label =
                || Some(slug(&emoji.label)).filter(|name| icons.aliases.contains_key(name));
            let name = names.get(&points).cloned().or_else(by_label);
            if let Some(svg) = name.and_then(|name| icons.svg(&name)) {
                let name = format!("{} ({})", emoji.label, STYLES[*style]);
                pictures.push((*style, draw::svg(&name, &svg)?));
            }
        }
        if let Some(bytes) = solid.get(&points) {
            pictures.push((1, draw::webp(&emoji.label, bytes)?));
        }
        pictures.sort_by_key(|(style, _)| *style);
        pictures.retain(|(style, picture)| {
            let seen = draw::inked(&picture.shrunk(SIDES[0])) > 0;
            if !seen {
                blank.push(format!("{} ({})", emoji.label, STYLES[*style]));
            }
            seen
        });
        if pictures.len() < LEAST {
            rare.push(emoji.label.clone());
            continue;
        }
        let concept = set.concepts.len();
        for (style, picture) in pictures {
            set.drawings.push(Drawing {
                concept,
                style,
                pictures: SIDES.map(|side| picture.shrunk(side)).to_vec(),
            });
        }
        let translated = chinese.get(&emoji.hexcode);
        set.keys.push(kind(&emoji.label));
        set.concepts.push(Concept {
            name: emoji.hexcode.clone(),
            en: emoji.label.clone(),
            zh: translated.map_or_else(String::new, |emoji| emoji.label.clone()),
            tags_en: emoji.tags.clone(),
            tags_zh: translated.map_or_else(Vec::new, |emoji| emoji.tags.clone()),
            group: (*group).to_owned(),
        });
    }
    set.left_out = vec![
        format!(
            "{ungrouped} skin tones, hair styles and letters of flags, which are no pictures of a thing"
        ),
        format!(
            "{} emoji with fewer than {LEAST} drawings: {}",
            rare.len(),
            rare.join("; ")
        ),
        format!("{} blank drawings: {}", blank.len(), blank.join("; ")),
    ];
    Ok(set)
}

fn json<T: DeserializeOwned>(folder: &Path, (file, sha256): (&str, &str)) -> Result<T, Fault> {
    let path = folder.join(file);
    let bytes = sources::read(&path, sha256)?;
    serde_json::from_slice(&bytes).map_err(|error| sources::fault(&path, error))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn packages_name_the_same_emoji_in_their_own_ways() {
        assert_eq!(code("0023-FE0F-20E3"), code("23-20e3"));
        assert_eq!(code("1F600").unwrap(), [0x1f600]);
        assert_eq!(code("smile"), None);
        assert_eq!(slug("family: man, boy"), "family-man-boy");
    }

    #[test]
    fn who_does_it_is_no_kind_of_its_own() {
        for (label, expected) in [
            ("woman cook", "cook"),
            ("person walking: facing right", "walking"),
            ("man: red hair", "red hair"),
            ("men wrestling", "wrestling"),
            ("woman", "woman"),
            ("mantelpiece clock", "mantelpiece clock"),
        ] {
            assert_eq!(kind(label), expected);
        }
    }

    #[test]
    fn an_icon_becomes_an_svg_of_its_own_size_mirrored_where_it_says() {
        let json = r##"{"icons": {"left": {"body": "<path fill=\"#00f\" d=\"M0 0h4v4h-4z\"/>"},
            "wide": {"body": "", "height": 4}},
            "aliases": {"right": {"parent": "left", "hFlip": true}},
            "width": 8, "height": 8}"##;
        let icons: Icons = serde_json::from_str(json).unwrap();
        let left = draw::svg("left", &icons.svg("left").unwrap()).unwrap();
        let right = draw::svg("right", &icons.svg("right").unwrap()).unwrap();
        assert_eq!(left.shrunk(2)[..6], [0, 0, 255, 255, 255, 255]);
        assert_eq!(right.shrunk(2)[..6], [255, 255, 255, 0, 0, 255]);
        assert!(icons.svg("wide").unwrap().contains(r#"viewBox="0 0 8 4""#));
        assert_eq!(icons.svg("none"), None);
    }
}
