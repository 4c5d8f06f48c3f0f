//! Pixel art: the tiles of Dungeon Crawl Stone Soup.
//!
//! A tile's path says what it shows: `mon/undead/zombies/zombie_bat2.png`.

use std::collections::{HashMap, HashSet};
use std::path::Path;

use lampwork_datasets::Concept;

use crate::{Collection, Drawing, Fault, draw, sources, words};

/// Side of a tile, in pixels.
const SIDE: usize = 32;

/// The folder of the tiles within the source package.
const FOLDER: (&str, &str) = (
    "rltiles",
    "5192225e04b94cb3595b6b0ea087890cd3f1b37f725d2f081d986a532c48822e",
);

/// Styles, by the tiles' top folders.
pub const STYLES: [&str; 5] = ["mon", "item", "dngn", "player", "effect"];

/// Pixels that a tile must show to be of use.
const LEAST: usize = 48;

/// What file names abbreviate, and what only sorts them.
const SPELT: [(&str, &str); 11] = [
    ("urand", ""),
    ("spwpn", ""),
    ("misc", ""),
    ("job", ""),
    ("vgate", "gate"),
    ("draco", "draconian"),
    ("drcwing", "draconian wings"),
    ("drchead", "draconian head"),
    ("bplate", "breastplate"),
    ("fhelm", "helm"),
    ("gray", "grey"),
];

/// What all files of a folder show, where their names do not say it: a file
/// `ruby` may be a potion or a ring.
const NOUNS: [(&str, &str); 20] = [
    ("altars", "altar"),
    ("amulet", "amulet"),
    ("beard", "beard"),
    ("book", "book"),
    ("cloak", "cloak"),
    ("drchead", "draconian head"),
    ("drcwing", "draconian wings"),
    ("felids", "cat"),
    ("floor", "floor"),
    ("gloves", "glove"),
    ("gold", "gold"),
    ("hair", "hair"),
    ("potion", "potion"),
    ("ring", "ring"),
    ("rod", "rod"),
    ("scroll", "scroll"),
    ("staff", "staff"),
    ("statues", "statue"),
    ("wall", "wall"),
    ("wand", "wand"),
];

/// What a tile shows, by its folders and file name, without what only numbers
/// variants of it or says which way it faces (`adder2`, `crypt_domino_1a`).
fn named(folders: &[&str], stem: &str) -> String {
    let mut words: Vec<String> = Vec::new();
    for word in stem.to_lowercase().split(['_', '-', ' ']) {
        // What comes with a number, as `3b` in `lair3b`, names a variant.
        let digit = |letter: char| letter.is_ascii_digit();
        let word = word.split(digit).next().unwrap_or_default();
        let spelt = SPELT.iter().find(|(short, _)| *short == word);
        let word = spelt.map_or(word, |(_, long)| long);
        if !word.is_empty() {
            words.push(word.to_owned());
        }
    }
    while let Some("n" | "e" | "s" | "w" | "ne" | "nw" | "se" | "sw") =
        words.last().map(String::as_str)
    {
        words.pop();
    }
    for (ending, word) in [("f", "female"), ("m", "male")] {
        if words.len() > 1 && words[words.len() - 1] == ending {
            words.pop();
            words.insert(0, word.to_owned());
        }
    }
    let noun = folders
        .iter()
        .rev()
        .find_map(|folder| NOUNS.iter().find(|(name, _)| name == folder));
    if let Some((_, noun)) = noun
        && !words.join(" ").contains(noun)
    {
        words.push((*noun).to_owned());
    }
    if words.is_empty() {
        words.extend(folders.last().map(|folder| folder.replace('_', " ")));
    }
    words.join(" ")
}

/// Why a tile is left out, if it is.
fn unwanted(path: &str) -> Option<&'static str> {
    let top = path.split('/').next().unwrap_or_default();
    if path.contains("/._") {
        return Some("attributes of files that a Mac left behind");
    }
    if !path.contains('/') || !STYLES.contains(&top) {
        return Some("of the interface, of markers, or unused (gui, misc, UNUSED)");
    }
    if path.contains("tentacle") {
        return Some("tentacles, which are pieces of a larger picture");
    }
    let file = path.rsplit('/').next().unwrap_or_default();
    if file.starts_with("i-") || path.contains("/brands/") || file.starts_with("indicator") {
        return Some("marks that the game lays into a corner of a tile");
    }
    if path.contains("todo") || path.contains("error") || path.contains("/blank") {
        return Some("placeholders");
    }
    if path.starts_with("mon/mutantbeast") || path.starts_with("mon/panlord") {
        return Some("parts of which the game puts monsters together");
    }
    None
}

/// Folders whose tiles fill their square; one that does not is a seam or a
/// shadow, laid over another tile.
const FULL: [&str; 3] = ["dngn/floor/", "dngn/wall/", "dngn/water/"];

/// Reads the tiles under `folder`.
///
/// # Errors
/// The folder is missing or has changed, or a tile cannot be read.
pub fn read(folder: &Path) -> Result<Collection, Fault> {
    let files = sources::read_folder(&folder.join(FOLDER.0), ".png", FOLDER.1)?;
    collect(&files)
}

fn collect(files: &[(String, Vec<u8>)]) -> Result<Collection, Fault> {
    let mut set = Collection {
        concepts: Vec::new(),
        keys: Vec::new(),
        styles: STYLES.map(str::to_owned).to_vec(),
        sides: vec![SIDE],
        drawings: Vec::new(),
        left_out: Vec::new(),
    };
    let mut rows: HashMap<String, usize> = HashMap::new();
    let mut seen: HashSet<(usize, usize, Vec<u8>)> = HashSet::new();
    let mut left_out: Vec<(&str, usize)> = Vec::new();
    let mut leave = |reason| match left_out.iter_mut().find(|(known, _)| *known == reason) {
        Some((_, count)) => *count += 1,
        None => left_out.push((reason, 1)),
    };
    for (path, bytes) in files {
        if let Some(reason) = unwanted(path) {
            leave(reason);
            continue;
        }
        let Some((picture, opaque)) = draw::png(path, bytes, SIDE)? else {
            leave("not 32 x 32");
            continue;
        };
        if !opaque && FULL.iter().any(|folder| path.starts_with(folder)) {
            leave("seams and shadows, which the game lays over another tile");
            continue;
        }
        if draw::inked(&picture.rgb) < LEAST {
            leave("blank, or all but");
            continue;
        }
        let parts: Vec<&str> = path.trim_end_matches(".png").split('/').collect();
        let (stem, folders) = parts.split_last().expect("a path has a last part");
        let name = named(folders, stem);
        let style = STYLES.iter().position(|style| *style == folders[0]);
        let style = style.expect("other folders were left out");
        let concept = *rows.entry(name.clone()).or_insert_with(|| {
            set.concepts.push(concept(&name, folders));
            // He and she of a kind are drawn much alike.
            let kind = name
                .trim_start_matches("female ")
                .trim_start_matches("male ");
            set.keys.push(kind.to_owned());
            set.concepts.len() - 1
        });
        if !seen.insert((concept, style, picture.rgb.clone())) {
            leave("the same as another tile of that name");
            continue;
        }
        set.drawings.push(Drawing {
            concept,
            style,
            pictures: vec![picture.rgb],
        });
    }
    set.left_out = left_out
        .into_iter()
        .map(|(reason, count)| format!("{count} tiles: {reason}"))
        .collect();
    Ok(set)
}

fn concept(name: &str, folders: &[&str]) -> Concept {
    let mut tags_en = Vec::new();
    let mut tags_zh = Vec::new();
    for folder in folders {
        let known = words::FOLDERS.iter().find(|(name, ..)| name == folder);
        if let Some((_, english, chinese)) = known {
            tags_en.push((*english).to_owned());
            tags_zh.push((*chinese).to_owned());
        }
    }
    Concept {
        name: name.to_owned(),
        en: name.to_owned(),
        zh: words::tile(name).unwrap_or_default(),
        tags_en,
        tags_zh,
        group: folders.join("/"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_lose_what_numbers_variants() {
        for (path, name) in [
            ("mon/animals/adder", "adder"),
            ("mon/animals/butterfly10", "butterfly"),
            ("dngn/vaults/crypt_domino_1a", "crypt domino"),
            ("dngn/floor/black_cobalt01", "black cobalt floor"),
            ("dngn/floor/lair3b", "lair floor"),
            ("dngn/floor/rough_floor_ne", "rough floor"),
            ("player/base/frog2_f", "female frog"),
            ("player/base/deep_elf_m", "male deep elf"),
            ("item/potion/ruby", "ruby potion"),
            ("item/ring/artefact/urand_shadows", "shadows ring"),
            ("item/gold/07", "gold"),
            ("mon/vault/42", "vault"),
            ("dngn/doors/vgate_open_left", "gate open left"),
            ("mon/unique/Xtahua", "xtahua"),
        ] {
            let parts: Vec<&str> = path.split('/').collect();
            let (stem, folders) = parts.split_last().unwrap();
            assert_eq!(named(folders, stem), name, "{path}");
        }
    }

    fn tile(shade: u8) -> Vec<u8> {
        let mut bytes = Vec::new();
        let mut encoder = png::Encoder::new(&mut bytes, 32, 32);
        encoder.set_color(png::ColorType::Grayscale);
        let mut writer = encoder.write_header().unwrap();
        writer.write_image_data(&[shade; 1024]).unwrap();
        drop(writer);
        bytes
    }

    #[test]
    fn variants_are_one_concept_and_what_shows_nothing_is_left_out() {
        let file = |path: &str, shade| (path.to_owned(), tile(shade));
        let set = collect(&[
            file("UNUSED/mon/bat.png", 1),
            file("gui/bat.png", 2),
            ("mon/._bat.png".to_owned(), b"no picture".to_vec()),
            file("item/bat.png", 3),
            file("mon/animals/bat.png", 3),
            file("mon/animals/bat1.png", 4),
            file("mon/animals/bat2.png", 4),
            file("mon/animals/ghost.png", 255),
            file("mon/tentacles/arm.png", 5),
            file("player/base/elf_f.png", 6),
            file("player/base/elf_m.png", 7),
        ])
        .unwrap();
        let names: Vec<&str> = set.concepts.iter().map(|c| &*c.name).collect();
        assert_eq!(names, ["bat", "female elf", "male elf"]);
        assert_eq!(set.keys, ["bat", "elf", "elf"]);
        assert_eq!(set.drawings.len(), 5);
        assert_eq!(set.drawings.iter().filter(|d| d.concept == 0).count(), 3);
        assert_eq!(set.left_out.len(), 5, "{:?}", set.left_out);
    }
}
