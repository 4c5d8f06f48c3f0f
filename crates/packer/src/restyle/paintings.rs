//! Paintings of GCompris, put together of the pieces that a child would.

use std::collections::BTreeMap;
use std::io::Cursor;
use std::path::Path;

use image_webp::WebPDecoder;
use lampwork_datasets::photos::{StyleAbout, StylePicture};

use super::{Rgb, rcc};
use crate::Fault;
use crate::sources::{fault, read};

/// The file in the Debian package `gcompris-qt-data` 3.1-2.
pub const FILE: &str = "usr/share/gcompris-qt/rcc/paintings.rcc";

const SHA256: &str = "1276d4f9c26f94ec130833c03bea5185f61b4f986df6981182cdb1be69e9db98";

/// Pixels left out around a painting: its edge is that of a puzzle.
const RIM: usize = 6;

/// A painting, and what it teaches.
struct Painting {
    style: &'static str,
    title: &'static str,
    board: u32,
}

const PAINTINGS: [Painting; 4] = [
    Painting {
        style: "wave",
        title: "Katsushika Hokusai, The Great Wave off Kanagawa, about 1831",
        board: 7,
    },
    Painting {
        style: "village",
        title: "Vincent van Gogh, Village Street in Auvers, 1890",
        board: 22,
    },
    Painting {
        style: "dance",
        title: "Pierre-Auguste Renoir, Bal du moulin de la Galette, 1876",
        board: 1,
    },
    Painting {
        style: "circles",
        title: "Wassily Kandinsky, Composition VIII, 1923",
        board: 19,
    },
];

const SOURCE: &str =
    "Debian package gcompris-qt-data 3.1-2, src/activities/paintings, from the WebMuseum";
const LICENCE: &str = "public domain (the painting), GPL-3.0-or-later (the puzzle made of it)";

/// The paintings, whole.
///
/// # Errors
/// [`Fault::Source`] where the package is another one.
pub fn all(package: &Path) -> Result<Vec<StylePicture>, Fault> {
    let path = package.join(FILE);
    let files = rcc::read(&path, &read(&path, SHA256)?)?;
    PAINTINGS
        .iter()
        .map(|painting| {
            let picture = put_together(&files, painting.board)
                .ok_or_else(|| fault(&path, format!("{} has changed", painting.title)))?;
            Ok(StylePicture {
                about: StyleAbout {
                    name: painting.style.to_owned(),
                    title: painting.title.to_owned(),
                    source: SOURCE.to_owned(),
                    licence: LICENCE.to_owned(),
                    size: [picture.height, picture.width],
                },
                values: picture.values,
            })
        })
        .collect()
}

/// A puzzle's pieces where they belong, cut to what they cover.
fn put_together(files: &BTreeMap<String, Vec<u8>>, board: u32) -> Option<Rgb> {
    let folder = "/gcompris/src/activities/paintings/resource";
    let text = files.get(&format!("{folder}/board/board{board}_0.qml"))?;
    let text = str::from_utf8(text).ok()?;
    let (width, height) = (
        value(text, "width")? as usize,
        value(text, "height")? as usize,
    );
    let mut colours = vec![0_u8; width * height * 3];
    let mut covered = vec![false; width * height];
    for piece in text.split('{').filter(|part| part.contains(".webp")) {
        let name = piece.split('"').find(|part| part.ends_with(".webp"))?;
        let bytes = files.get(&format!("{folder}/{name}"))?;
        let mut decoder = WebPDecoder::new(Cursor::new(&bytes[..])).ok()?;
        let (across, down) = decoder.dimensions();
        let mut pixels = vec![0; decoder.output_buffer_size()?];
        decoder.read_image(&mut pixels).ok()?;
        let channels = pixels.len() / (across * down) as usize;
        // The place of its middle, as a share of the board's sides.
        let left = (value(piece, "x")? * width as f64 - f64::from(across) / 2.0).round();
        let top = (value(piece, "y")? * height as f64 - f64::from(down) / 2.0).round();
        for (at, pixel) in pixels.chunks_exact(channels).enumerate() {
            let x = left as i64 + (at % across as usize) as i64;
            let y = top as i64 + (at / across as usize) as i64;
            let inside = (0..width as i64).contains(&x) && (0..height as i64).contains(&y);
            if !inside || pixel.get(3).is_some_and(|&alpha| alpha < 250) {
                continue;
            }
            let to = y as usize * width + x as usize;
            colours[to * 3..to * 3 + 3].copy_from_slice(&pixel[..3]);
            covered[to] = true;
        }
    }
    let filled = |line: &mut dyn Iterator<Item = usize>| line.filter(|&at| covered[at]).count();
    let rows: Vec<usize> = (0..height)
        .filter(|y| filled(&mut (0..width).map(|x| y * width + x)) > 0)
        .collect();
    let columns: Vec<usize> = (0..width)
        .filter(|x| filled(&mut (0..height).map(|y| y * width + x)) > 0)
        .collect();
    let (top, bottom) = (*rows.first()?, *rows.last()?);
    let (left, right) = (*columns.first()?, *columns.last()?);
    // Gaps between pieces take the pixel beside them.
    for at in 1..covered.len() {
        if !covered[at] && at % width != 0 {
            let (before, rest) = colours.split_at_mut(at * 3);
            rest[..3].copy_from_slice(&before[at * 3 - 3..]);
        }
    }
    let whole = Rgb {
        width,
        height,
        values: colours,
    };
    Some(whole.part(
        left + RIM,
        top + RIM,
        (right - left).checked_sub(2 * RIM)?,
        (bottom - top).checked_sub(2 * RIM)?,
    ))
}

/// The number behind a name, with or without quotes.
fn value(text: &str, name: &str) -> Option<f64> {
    let (_, after) = text.split_once(&format!("\"{name}\""))?;
    let digits = after.trim_start_matches([':', ' ', '"']);
    let end = digits.find(|c: char| !(c.is_ascii_digit() || c == '.'))?;
    digits[..end].parse().ok()
}

#[cfg(test)]
mod tests {
    use super::value;

    #[test]
    fn numbers_are_found_by_name() {
        let text = r#"{ "x" : "0.847", "width": 702, "y" : "2" }"#;
        assert_eq!(value(text, "x"), Some(0.847));
        assert_eq!(value(text, "width"), Some(702.0));
        assert_eq!(value(text, "height"), None);
    }
}
