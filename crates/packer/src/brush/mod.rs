//! Characters out of fonts: plain ones, and those of six hands with a brush.
//!
//! Every hand is drawn at the size at which nineteen of twenty of its characters fit
//! the same square, in its middle: fonts set theirs at sizes of their own, and what is
//! to be learned is the hand.

mod chosen;
mod font;
pub mod tab;

pub use chosen::{Places, choose, common};
pub use font::Hand;

use std::path::Path;

use lampwork_datasets::glyphs::{GlyphCard, Glyphs, HANDS};
use lampwork_protocol::{DataSet, Shape};

use crate::divide::split;
use crate::set::origin;
use crate::{Fault, sources};

/// Side of a picture, in pixels: the least at which a character of thirty strokes is
/// legible.
pub const SIDE: usize = Shape::BRUSH.side;

/// Where fonts lie below the folder of sources, and the SHA-256 of each.
const FONTS: [(&str, &str); 7] = [
    (
        "lxgw-wenkai/LXGWWenKai-Regular.ttf",
        "bbf534b0ca093928f94d1782855e65a19a32cde82b075d495d072025521953c8",
    ),
    (
        "kouzan-mouhitsu/kouzan-mouhitsu.ttf",
        "582f269574e71336f1ee8318664ff6cfafd84293b3267ddf39410015713c951e",
    ),
    (
        "kouzan-mouhitsu/kouzan-mouhitsu-gyosho.ttf",
        "6b063cc0f9591ea2e71c97f06c8e663d04a0b0ac4bbe6c0e4c3b49a13215db99",
    ),
    (
        "kouzan-mouhitsu/KouzanBrushFontSousyo.ttf",
        "7f676cf7275de19068d6b00c0e8f77c67939715bc585ac66df991a4cc0178830",
    ),
    (
        "ma-shan-zheng/files/ma-shan-zheng-chinese-simplified-400-normal.woff",
        "0e606ca22431696db0e8b557a8880be7eea710e0eee7d5b988560a216de9a639",
    ),
    (
        "zhi-mang-xing/files/zhi-mang-xing-chinese-simplified-400-normal.woff",
        "f39b7b0b71fabfce038a26a1d98e3e2a2e66cab4c866323a71b3a595b2992912",
    ),
    (
        "liu-jian-mao-cao/files/liu-jian-mao-cao-chinese-simplified-400-normal.woff",
        "0ce3baaab740cb85013a1a935e3b8d8c86fa9a350b5dd1d41304feb007fcf2b5",
    ),
];

/// Characters from the most common on, by the parts that Google Fonts serves its Chinese
/// fonts in.
const ORDER: (&str, &str) = (
    "ma-shan-zheng/unicode.json",
    "0428297456d638d7ad6c08d4ead3e6066fd22e1330e965cca29279c805747533",
);

/// Of the plain hand and of those with a brush, in the order of [`HANDS`].
///
/// # Errors
/// A font is missing, has changed, or cannot be read.
pub fn hands(folder: &Path) -> Result<Vec<Hand>, Fault> {
    FONTS
        .iter()
        .map(|(name, sha256)| {
            let path = folder.join(name);
            let bytes = sources::read(&path, sha256)?;
            Hand::read(bytes).ok_or_else(|| Fault::Source {
                path: path.display().to_string(),
                reason: "it is no font".to_owned(),
            })
        })
        .collect()
}

/// Chinese characters, the most common first.
///
/// # Errors
/// The list is missing, has changed, or cannot be read.
pub fn order(folder: &Path) -> Result<Vec<char>, Fault> {
    let path = folder.join(ORDER.0);
    let bytes = sources::read(&path, ORDER.1)?;
    common(&bytes).ok_or_else(|| Fault::Source {
        path: path.display().to_string(),
        reason: "it is no list of parts".to_owned(),
    })
}

/// The split of a character.
pub fn split_of(character: char) -> u8 {
    split("brush", &character.to_string()) as u8
}

/// Draws characters in all hands.
///
/// # Errors
/// What was drawn is no set.
pub fn draw(hands: &[Hand], characters: Vec<char>, card: GlyphCard) -> Result<Glyphs, Fault> {
    let mut drawn = Vec::with_capacity(hands.len() * characters.len());
    let mut pictures = Vec::with_capacity(drawn.capacity() * SIDE * SIDE);
    for hand in hands {
        let size = hand.size(&characters);
        for &character in &characters {
            let picture = hand.draw(character, size);
            drawn.push(u8::from(picture.is_some()));
            pictures.extend(picture.unwrap_or_else(|| vec![0; SIDE * SIDE]));
        }
    }
    let splits = characters.iter().map(|&c| split_of(c)).collect();
    Ok(Glyphs::new(characters, splits, drawn, pictures, card)?)
}

/// The card of the set, but for what follows from its contents.
pub fn card() -> GlyphCard {
    let ofl = |hand: &str, package: &str, copyright: &str| {
        origin(&format!("the hand {hand}"), package, "OFL-1.1", copyright)
    };
    let kouzan = |hand: &str| {
        origin(
            &format!("the hand {hand}"),
            "Debian package fonts-kouzan-mouhitsu 20170411-3",
            "LicenseRef-public-domain",
            "Kouzan Aoyagi, who claims no right in it",
        )
    };
    GlyphCard {
        version: GlyphCard::VERSION,
        data: DataSet::Brush,
        title: "Chinese characters, plain and with a brush".to_owned(),
        sources: vec![
            ofl(
                HANDS[0],
                "Debian package fonts-lxgw-wenkai 1.250+repack-1",
                "Copyright 2021-2022 lxgw; Copyright 2020 The Klee Project Authors",
            ),
            kouzan(HANDS[1]),
            kouzan(HANDS[2]),
            kouzan(HANDS[3]),
            ofl(
                HANDS[4],
                "npm package @fontsource/ma-shan-zheng 5.3.1",
                "Copyright 2018 The MaShanZheng Project Authors",
            ),
            ofl(
                HANDS[5],
                "npm package @fontsource/zhi-mang-xing 5.3.0",
                "Copyright 2018 The ZhiMangXing Project Authors",
            ),
            ofl(
                HANDS[6],
                "npm package @fontsource/liu-jian-mao-cao 5.3.0",
                "Copyright 2018 The Liu Jian Mao Cao Project Authors",
            ),
        ],
        licence: "OFL-1.1 AND LicenseRef-public-domain".to_owned(),
        side: SIDE as u32,
        hands: HANDS.map(str::to_owned).to_vec(),
        characters: [0; 3],
        drawn: vec![],
        checksum: String::new(),
        how: "The most common characters that the three simplified hands have, by the parts that Google Fonts serves its Chinese fonts in, and the most common of those that the traditional hands have beside them. Each hand is drawn at the size at which 19 of 20 of its characters fit 44 of the 48 pixels, in the middle of the picture; what a font has no drawing of, or the one that stands for what is missing, is left out. A hash of the character puts it, in every hand, into training (85 %), validation (5 %) or test (10 %).".to_owned(),
    }
}
