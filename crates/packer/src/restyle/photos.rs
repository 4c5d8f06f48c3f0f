//! Photographs, cut into squares.

use std::io::Cursor;
use std::path::Path;

use image_webp::WebPDecoder;
use lampwork_datasets::Examples;
use lampwork_protocol::Shape;
use zune_jpeg::JpegDecoder;
use zune_jpeg::zune_core::colorspace::ColorSpace;
use zune_jpeg::zune_core::options::DecoderOptions;

use super::{Rgb, rcc};
use crate::Fault;
use crate::sources::{fault, read, read_folder};

/// Side of the squares, in pixels.
pub const SIDE: usize = 256;

/// One photograph in so many is not learned from.
const KEPT_BACK: usize = 12;

/// Resource files of GCompris whose pictures are photographs, below
/// `usr/share/gcompris-qt/rcc`.
const GCOMPRIS: [(&str, &str); 4] = [
    (
        "explore_farm_animals",
        "1d17b5eb6c72b3a26aa37d6767fbeaf5a943064602c82b2d9c21ba006f748ba8",
    ),
    (
        "explore_monuments",
        "337878371e443f7401d4fe4798c88dde44569953bf5fa8f2738d45be4ec59ab1",
    ),
    (
        "explore_world_animals",
        "85599f387a1f0da48d8e9e4502e6ef1ba9e826391bc4d6feb3b1f614d2d0ebdd",
    ),
    (
        "explore_world_music",
        "e95b9b7aaa52d4b029c7161b4ff945ff6e1743f96cee47beb413b07e763f9207",
    ),
];

/// Left out for its licence, the GFDL.
const LEFT_OUT: &str = "kangaroo";

/// Folders of photographs of other packages, unpacked under the names of those.
const FOLDERS: [(&str, &str); 3] = [
    (
        "lomiri-wallpapers-16.04/usr/share/backgrounds",
        "f4d6ca08f8291467222e7c427369c8559ef5a76412de54923d438f3f6daa73af",
    ),
    (
        "lomiri-wallpapers-20.04/usr/share/backgrounds",
        "b9895815cd5a1152e7b78bc16e6418d746a8ff5c60f972fbfe04b95511fd00ac",
    ),
    (
        "mate-backgrounds/usr/share/backgrounds/mate/nature",
        "215c986d86a84f1f11e253fc9128078fa848a19b458c85ff38e8dc282bf95d7b",
    ),
];

/// All photographs: those to learn from, and those that are not learned from.
///
/// # Errors
/// [`Fault`] where one is missing, has changed or cannot be read.
pub fn all(sources: &Path) -> Result<(Examples, Examples), Fault> {
    let mut splits = [Vec::new(), Vec::new()];
    let mut number = 0;
    let mut add = |picture: &Rgb| {
        let back = number % KEPT_BACK == KEPT_BACK - 1;
        number += 1;
        let squares = squares(picture);
        // Of one that is kept back its first square will do.
        let count = if back { 1 } else { squares.len() };
        for square in &squares[..count] {
            splits[usize::from(back)].extend_from_slice(&square.values);
        }
    };
    for (name, hash) in GCOMPRIS {
        let path = sources.join(format!(
            "gcompris-qt-data/usr/share/gcompris-qt/rcc/{name}.rcc"
        ));
        let files = rcc::read(&path, &read(&path, hash)?)?;
        for (name, bytes) in files {
            if name.ends_with(".webp") && !name.contains(LEFT_OUT) {
                add(&webp(&path, &name, &bytes)?);
            }
        }
    }
    for (name, hash) in FOLDERS {
        let folder = sources.join(name);
        for (name, bytes) in read_folder(&folder, ".jpg", hash)? {
            add(&jpeg(&folder, &name, &bytes)?);
        }
    }
    let [train, validation] = splits.map(|pictures| {
        let shape = Shape {
            side: SIDE,
            channels: 3,
        };
        Examples {
            shape,
            labels: vec![0; pictures.len() / shape.values()],
            pictures,
            concepts: vec![],
        }
    });
    Ok((train, validation))
}

/// Squares of it at two sizes: large, where its shorter side is one square, then small,
/// where that is two.
fn squares(picture: &Rgb) -> Vec<Rgb> {
    let shorter = picture.width.min(picture.height);
    let mut squares = Vec::new();
    for times in [1, 2] {
        if shorter < times * SIDE {
            break;
        }
        let scaled = |length: usize| (length * times * SIDE / shorter).max(times * SIDE);
        let small = picture.shrunk(scaled(picture.width), scaled(picture.height));
        // As many as it takes to see all of it, some over each other.
        let places = |length: usize| -> Vec<usize> {
            let count = length.div_ceil(SIDE);
            let room = length - SIDE;
            (0..count)
                .map(|at| {
                    if count == 1 {
                        0
                    } else {
                        at * room / (count - 1)
                    }
                })
                .collect()
        };
        for top in places(small.height) {
            for left in places(small.width) {
                squares.push(small.part(left, top, SIDE, SIDE));
            }
        }
    }
    squares
}

fn webp(path: &Path, name: &str, bytes: &[u8]) -> Result<Rgb, Fault> {
    let fault = |error| fault(path, format!("{name}: {error}"));
    let mut decoder = WebPDecoder::new(Cursor::new(bytes)).map_err(fault)?;
    let (width, height) = decoder.dimensions();
    let mut pixels = vec![0; decoder.output_buffer_size().unwrap_or(0)];
    decoder.read_image(&mut pixels).map_err(fault)?;
    let (width, height) = (width as usize, height as usize);
    let channels = pixels.len() / (width * height);
    let values = pixels
        .chunks_exact(channels)
        .flat_map(|pixel| [pixel[0], pixel[1], pixel[2]])
        .collect();
    Ok(Rgb {
        width,
        height,
        values,
    })
}

fn jpeg(path: &Path, name: &str, bytes: &[u8]) -> Result<Rgb, Fault> {
    let fault = |error: String| fault(path, format!("{name}: {error}"));
    let options = DecoderOptions::default().jpeg_set_out_colorspace(ColorSpace::RGB);
    let mut decoder = JpegDecoder::new_with_options(Cursor::new(bytes), options);
    let values = decoder.decode().map_err(|error| fault(error.to_string()))?;
    let (width, height) = decoder
        .dimensions()
        .ok_or_else(|| fault("it has no size".to_owned()))?;
    Ok(Rgb {
        width,
        height,
        values,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_photograph_is_seen_whole_at_two_sizes() {
        let picture = |width: usize, height: usize| Rgb {
            width,
            height,
            values: vec![7; width * height * 3],
        };
        // 384 x 256, then 768 x 512.
        assert_eq!(squares(&picture(1_024, 683)).len(), 2 + 6);
        // Too small to be halved less.
        assert_eq!(squares(&picture(300, 300)).len(), 1);
        assert!(squares(&picture(300, 200)).is_empty());
        assert!(
            squares(&picture(600, 700))
                .iter()
                .all(|square| (square.width, square.height) == (SIDE, SIDE))
        );
    }
}
