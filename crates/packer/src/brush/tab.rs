//! What a tab is given: plain characters to be written, and true ones of each hand to
//! lay beside.
//!
//! `brush.json` says which characters stand in the sheets; a sheet is a grey PNG of 16
//! levels, a square a character, row by row, ink white.

use std::collections::HashSet;

use lampwork_datasets::{Glyphs, Origin};
use serde::Serialize;

use super::{Hand, SIDE};
use crate::set::TAB_LIMIT;
use crate::{Fault, set};

/// Characters in a row of a sheet.
pub const COLUMNS: usize = 64;

/// Plain characters that a tab is given.
const PLAIN: usize = 6_200;

/// Of each split that is shown, the characters whose true pictures a tab is given.
const TRUE: [usize; 2] = [560, 400];

/// What stands in the sheets.
#[derive(Debug, Serialize)]
struct List<'a> {
    version: u32,
    side: usize,
    columns: usize,
    /// Those of `brush.png`.
    characters: String,
    /// Of these, those that nets learn from.
    seen: String,
    /// Those that are kept from them, to be tested by.
    unseen: String,
    /// Those of `brush-HAND.png`; a square is empty where the hand does not have one.
    written: String,
    hands: &'a [String],
    sources: &'a [Origin],
    licence: &'a str,
}

/// The files, by name.
///
/// # Errors
/// A file cannot be made, or is too large for a tab.
pub fn files(
    hands: &[Hand],
    order: &[char],
    glyphs: &Glyphs,
) -> Result<Vec<(String, Vec<u8>)>, Fault> {
    let known: HashSet<char> = glyphs.characters.iter().copied().collect();
    // Those of the set, however rare, then the most common.
    let more = order
        .iter()
        .filter(|c| !known.contains(c) && hands[0].has(**c));
    let mut plain = glyphs.characters.clone();
    plain.extend(more.take(PLAIN.saturating_sub(known.len())));
    let size = hands[0].size(&glyphs.characters);
    let blank = || vec![0; SIDE * SIDE];
    let pictures: Vec<Vec<u8>> = plain
        .iter()
        .map(|&character| hands[0].draw(character, size).unwrap_or_else(blank))
        .collect();
    let of = |split: u8| -> Vec<usize> {
        let all = 0..glyphs.len();
        all.filter(|&at| glyphs.splits[at] == split).collect()
    };
    let text = |all: &[usize]| all.iter().map(|&at| glyphs.characters[at]).collect();
    let (seen, unseen) = (of(0), of(2));
    let mut written: Vec<usize> = seen.iter().copied().take(TRUE[0]).collect();
    written.extend(unseen.iter().take(TRUE[1]));
    let list = List {
        version: 1,
        side: SIDE,
        columns: COLUMNS,
        characters: plain.iter().collect(),
        seen: text(&seen),
        unseen: text(&unseen),
        written: text(&written),
        hands: &glyphs.card.hands,
        sources: &glyphs.card.sources,
        licence: &glyphs.card.licence,
    };
    let mut json = serde_json::to_vec(&list).expect("strings and numbers");
    json.push(b'\n');
    let mut files = vec![
        ("brush.json".to_owned(), json),
        ("brush.png".to_owned(), sheet(&pictures, COLUMNS)?),
    ];
    for hand in 1..glyphs.card.hands.len() {
        let pictures: Vec<Vec<u8>> = written
            .iter()
            .map(|&at| glyphs.picture(hand, at).map_or_else(blank, <[u8]>::to_vec))
            .collect();
        let name = format!("brush-{}.png", glyphs.card.hands[hand]);
        files.push((name, sheet(&pictures, COLUMNS)?));
    }
    for (_, bytes) in &files {
        let bytes = set::gzipped(bytes);
        if bytes > TAB_LIMIT {
            return Err(Fault::TooLarge {
                name: "brush",
                bytes,
                limit: TAB_LIMIT,
            });
        }
    }
    Ok(files)
}

/// Some characters in all hands, a row a hand, to look at.
///
/// # Errors
/// The picture cannot be written.
pub fn look(glyphs: &Glyphs, columns: usize) -> Result<Vec<u8>, Fault> {
    let pictures: Vec<Vec<u8>> = (0..glyphs.card.hands.len())
        .flat_map(|hand| {
            (0..columns).map(move |column| {
                let picture = glyphs.picture(hand, column * glyphs.len() / columns);
                picture.map_or_else(|| vec![0; SIDE * SIDE], <[u8]>::to_vec)
            })
        })
        .collect();
    sheet(&pictures, columns)
}

/// Pictures side by side, as a grey PNG of 16 levels.
fn sheet(pictures: &[Vec<u8>], columns: usize) -> Result<Vec<u8>, Fault> {
    let (width, height) = (columns * SIDE, pictures.len().div_ceil(columns) * SIDE);
    let mut levels = vec![0_u8; width * height];
    for (at, picture) in pictures.iter().enumerate() {
        let (left, top) = (at % columns * SIDE, at / columns * SIDE);
        for (row, line) in picture.chunks_exact(SIDE).enumerate() {
            let from = (top + row) * width + left;
            for (level, &value) in levels[from..from + SIDE].iter_mut().zip(line) {
                *level = ((u16::from(value) + 8) / 17) as u8;
            }
        }
    }
    let pairs: Vec<u8> = levels
        .chunks_exact(2)
        .map(|two| two[0] << 4 | two[1])
        .collect();
    encode(width, height, &pairs).map_err(|error| Fault::Drawing {
        name: "a sheet of characters".to_owned(),
        reason: error.to_string(),
    })
}

fn encode(width: usize, height: usize, pairs: &[u8]) -> Result<Vec<u8>, png::EncodingError> {
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, width as u32, height as u32);
    encoder.set_color(png::ColorType::Grayscale);
    encoder.set_depth(png::BitDepth::Four);
    encoder.set_compression(png::Compression::High);
    encoder.set_filter(png::Filter::NoFilter);
    let mut writer = encoder.write_header()?;
    writer.write_image_data(pairs)?;
    writer.finish()?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sheet_keeps_sixteen_levels_of_each_picture() {
        let picture: Vec<u8> = (0..SIDE * SIDE).map(|at| (at % 256) as u8).collect();
        let file = sheet(&[vec![0; SIDE * SIDE], picture.clone()], 2).unwrap();
        let mut decoder = png::Decoder::new(std::io::Cursor::new(file));
        decoder.set_transformations(png::Transformations::EXPAND);
        let mut reader = decoder.read_info().unwrap();
        let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
        reader.next_frame(&mut pixels).unwrap();
        for (at, &value) in picture.iter().enumerate() {
            let shown = pixels[at / SIDE * 2 * SIDE + SIDE + at % SIDE];
            assert!(shown.abs_diff(value) <= 9, "{shown} for {value}");
        }
    }
}
