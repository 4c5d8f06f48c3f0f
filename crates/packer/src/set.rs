//! The packed files: all there is for the trainer, a part of it for a tab.

use std::collections::HashMap;
use std::io::Write;

use lampwork_datasets::captioned::Origin;
use lampwork_datasets::{Captioned, CaptionedCard, Drawings};
use lampwork_protocol::DataSet;

use crate::divide::{Split, rank};
use crate::{Collection, Fault, emoji, faces};

/// Largest file that a tab fetches, in bytes, packed by gzip.
pub const TAB_LIMIT: usize = 2_500_000;

/// Concepts that a tab gets of each set.
fn tab_concepts(data: DataSet) -> usize {
    match data {
        DataSet::Emoji => EMOJI_TAB,
        DataSet::Pixel => PIXEL_TAB,
        DataSet::Faces => FACES_TAB,
        DataSet::Fashion | DataSet::Digits | DataSet::Photos | DataSet::Poems | DataSet::Plays => {
            no_captions(data)
        }
    }
}

fn no_captions(data: DataSet) -> ! {
    panic!("{} has no captions and is packed by `pack`", data.name())
}

const EMOJI_TAB: usize = 560;
const PIXEL_TAB: usize = 1_500;
const FACES_TAB: usize = 2_400;

/// Packs the concepts of `kept`, at one of the collection's sides.
///
/// Concepts come in an order that means nothing, so that the first few of a
/// split have some of every kind; the drawings of each stand together.
///
/// # Errors
/// A split is left empty, or the collection contradicts itself.
pub fn pack(
    set: &Collection,
    splits: &[Split],
    kept: &[usize],
    side: usize,
    card: CaptionedCard,
) -> Result<Captioned, Fault> {
    let at = set.sides.iter().position(|known| *known == side);
    let at = at.expect("a side of the collection");
    let mut order = kept.to_vec();
    order.sort_by_key(|&concept| rank("order", &set.concepts[concept].name));
    let rows: HashMap<usize, usize> = order.iter().enumerate().map(|(r, &c)| (c, r)).collect();
    let mut drawings: Vec<_> = set
        .drawings
        .iter()
        .filter_map(|drawing| Some((*rows.get(&drawing.concept)?, drawing)))
        .collect();
    drawings.sort_by_key(|(row, drawing)| (*row, drawing.style));

    let mut parts: [Drawings; 3] = Default::default();
    for (row, drawing) in drawings {
        let part = &mut parts[splits[drawing.concept]];
        part.pictures.extend_from_slice(&drawing.pictures[at]);
        part.concepts.push(u16::try_from(row).map_err(|_| {
            lampwork_datasets::DataError::Captions("there are more than 65,536 concepts".to_owned())
        })?);
        part.styles.push(drawing.style as u8);
    }
    let concepts = order.iter().map(|&row| set.concepts[row].clone()).collect();
    Ok(Captioned::new(
        side,
        concepts,
        set.styles.clone(),
        parts,
        card,
    )?)
}

/// The concepts that a tab gets: as large a part of each split as of all.
///
/// Of the emoji, no flags, and those alone that are drawn in every style; of
/// the others, any.
pub fn for_tab(data: DataSet, set: &Collection, splits: &[Split]) -> Vec<usize> {
    let mut drawn = vec![0; set.concepts.len()];
    for drawing in &set.drawings {
        drawn[drawing.concept] |= 1_u32 << drawing.style;
    }
    let every = (1 << set.styles.len()) - 1;
    let mut fit: Vec<usize> = (0..set.concepts.len())
        .filter(|&concept| {
            data != DataSet::Emoji
                || (drawn[concept] == every && set.concepts[concept].group != emoji::FLAGS)
        })
        .collect();
    fit.sort_by_key(|&concept| rank("tab", &set.concepts[concept].name));
    let wanted = tab_concepts(data).min(fit.len());
    let mut kept = Vec::new();
    for split in 0..3 {
        let of_split: Vec<usize> = fit
            .iter()
            .copied()
            .filter(|&c| splits[c] == split)
            .collect();
        let share = (of_split.len() * wanted).div_ceil(fit.len().max(1));
        kept.extend(&of_split[..share.min(of_split.len())]);
    }
    kept
}

/// Size of a file packed by gzip, as a server sends it.
pub fn gzipped(bytes: &[u8]) -> usize {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(bytes).expect("memory takes anything");
    encoder.finish().expect("memory takes anything").len()
}

/// The card of a set, but for what follows from its contents.
pub fn card(data: DataSet, how_tab: bool) -> CaptionedCard {
    let (title, sources, how) = match data {
        DataSet::Emoji => (
            "Emoji, drawn by four hands",
            vec![
                origin(
                    "the style flat",
                    "npm package @iconify-json/fluent-emoji-flat 1.2.6",
                    "MIT",
                    "Copyright (c) Microsoft Corporation (Fluent Emoji)",
                ),
                origin(
                    "the style 3d",
                    "npm package @lobehub/fluent-emoji-3d 1.1.0",
                    "MIT",
                    "Copyright (c) Microsoft Corporation (Fluent Emoji); Copyright (c) 2023 LobeHub (the package)",
                ),
                origin(
                    "the style noto",
                    "npm package @iconify-json/noto 1.2.9",
                    "Apache-2.0",
                    "Google Inc. (Noto Emoji)",
                ),
                origin(
                    "the style twemoji",
                    "npm package @iconify-json/twemoji 1.2.5",
                    "CC-BY-4.0",
                    "Copyright Twitter, Inc and other contributors (Twemoji)",
                ),
                origin(
                    "captions and tags",
                    "npm package emojibase-data 17.0.0",
                    "MIT",
                    "Copyright (c) 2017-2019 Miles Johnson",
                ),
                origin(
                    "the words of the captions, which emojibase took from Unicode's CLDR",
                    "npm package emojibase-data 17.0.0",
                    "Unicode-3.0",
                    "Copyright Unicode, Inc.",
                ),
            ],
            "Drawings and captions were joined by the emoji's code points. Variants by skin tone, and emoji with fewer than two of the four drawings, were left out. Vector drawings were drawn at 256 pixels a side on white by resvg; the packed pixels are means of squares of those. Concepts are emoji; a hash of the caption puts each into training (85 %), validation (5 %) or test (10 %), and a man, a woman and a person doing the same stay together, as do emoji with drawings that are the same, or mirrored, or all but the same.",
        ),
        DataSet::Pixel => (
            "Tiles of Dungeon Crawl Stone Soup",
            vec![origin(
                "the tiles",
                "Debian source package crawl 0.28.0 (crawl_0.28.0.orig.tar.xz), source/rltiles",
                "CC0-1.0",
                "The authors of Dungeon Crawl Stone Soup, and of RLTiles (public domain)",
            )],
            "Tiles of 32 x 32 pixels, laid over white, as they are. What a tile shows was read from its path. Left out: the folders UNUSED, gui and misc; tentacles and other parts of larger pictures; seams, shadows and marks that the game lays over a tile; tiles of other sizes; tiles with fewer than 48 pixels that are not white, and repeated ones. Concepts are names without the numbers of variants; a hash of the name puts each into training (85 %), validation (5 %) or test (10 %), and names with tiles that are the same, or mirrored, or all but the same, stay together.",
        ),
        DataSet::Faces => (
            "Faces put together by DiceBear",
            faces::origins(),
            "2,000 faces of each style, from the seeds `lampwork STYLE NUMBER`, put together by DiceBear 9.2.2 of parts that their designers gave to the public domain; crates/packer/faces.mjs says with which chances and colours. The captions name the parts. Drawn at 256 pixels a side on white by resvg; the packed pixels are means of squares of those. Each face is a concept; a hash of its name puts it into training (85 %), validation (5 %) or test (10 %), and no picture stands there twice.",
        ),
        DataSet::Fashion | DataSet::Digits | DataSet::Photos | DataSet::Poems | DataSet::Plays => {
            no_captions(data)
        }
    };
    let part = match data {
        DataSet::Emoji => {
            " Of these, a part drawn by a hash of the name, in the same splits: emoji that have all four drawings, no flags."
        }
        _ => " Of these, a part drawn by a hash of the name, in the same splits.",
    };
    let how = if how_tab {
        format!("{how}{part}")
    } else {
        how.to_owned()
    };
    CaptionedCard::new(data, title, sources, &how)
}

pub(crate) fn origin(what: &str, package: &str, licence: &str, copyright: &str) -> Origin {
    Origin {
        what: what.to_owned(),
        package: package.to_owned(),
        licence: licence.to_owned(),
        copyright: copyright.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use lampwork_datasets::Concept;

    use super::*;
    use crate::Drawing;
    use crate::divide::{self, Alike};

    /// 200 concepts; every third is a flag, every fourth lacks the last style.
    fn collection() -> Collection {
        let mut set = Collection {
            concepts: Vec::new(),
            keys: Vec::new(),
            styles: emoji::STYLES.map(str::to_owned).to_vec(),
            sides: vec![1, 2],
            drawings: Vec::new(),
            left_out: Vec::new(),
        };
        for concept in 0..200 {
            let group = if concept % 3 == 0 {
                emoji::FLAGS
            } else {
                "objects"
            };
            set.concepts.push(Concept {
                name: format!("thing {concept}"),
                group: group.to_owned(),
                ..Concept::default()
            });
            set.keys.push(format!("thing {concept}"));
            for style in 0..if concept % 4 == 0 { 3 } else { 4 } {
                let shade =
                    |side: usize| [concept as u8, style as u8, side as u8].repeat(side * side);
                set.drawings.push(Drawing {
                    concept,
                    style,
                    pictures: vec![shade(1), shade(2)],
                });
            }
        }
        set
    }

    #[test]
    fn every_drawing_keeps_its_concept_style_and_split() {
        let set = collection();
        let splits = divide::splits("test", &set, Alike::Same);
        let all: Vec<usize> = (0..200).collect();
        let packed = pack(&set, &splits, &all, 2, card(DataSet::Emoji, false)).unwrap();
        assert_eq!(packed.card.counts.iter().sum::<u32>(), 750);
        assert_eq!(packed.card.concepts.iter().sum::<u32>(), 200);
        for (split, drawings) in packed.splits().into_iter().enumerate() {
            for index in 0..drawings.len() {
                let [concept, style, side] = drawings.picture(index, 2)[..3] else {
                    unreachable!("three bytes")
                };
                let row = usize::from(drawings.concepts[index]);
                assert_eq!(packed.concepts[row].name, format!("thing {concept}"));
                assert_eq!(drawings.styles[index], style);
                assert_eq!(side, 2);
                assert_eq!(splits[usize::from(concept)], split);
            }
        }
        let bytes = packed.to_bytes();
        assert_eq!(Captioned::from_bytes(DataSet::Emoji, &bytes), Ok(packed));
    }

    #[test]
    fn a_tab_gets_some_of_each_split_and_of_the_emoji_no_flags() {
        let set = collection();
        let splits = divide::splits("test", &set, Alike::Same);
        let kept = for_tab(DataSet::Emoji, &set, &splits);
        assert!(
            kept.iter()
                .all(|concept| concept % 3 != 0 && concept % 4 != 0)
        );
        assert!((0..3).all(|split| kept.iter().any(|&concept| splits[concept] == split)));
        assert_eq!(for_tab(DataSet::Faces, &set, &splits).len(), 200);
        let packed = pack(&set, &splits, &kept, 1, card(DataSet::Emoji, true)).unwrap();
        assert_eq!(packed.concepts.len(), kept.len());
        assert!(packed.card.how.ends_with("no flags."));
    }

    #[test]
    fn cards_name_every_licence_once() {
        let licence = |data| card(data, false).licence;
        assert_eq!(
            licence(DataSet::Emoji),
            "MIT AND Apache-2.0 AND CC-BY-4.0 AND Unicode-3.0"
        );
        assert_eq!(licence(DataSet::Pixel), "CC0-1.0");
        assert_eq!(licence(DataSet::Faces), "CC0-1.0");
    }
}
