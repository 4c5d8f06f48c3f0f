//! Any PNG as a picture of 28 x 28.

use std::io::Cursor;

use lampwork_protocol::{PICTURE_PIXELS, PICTURE_SIDE};
use png::{Decoder, Limits, Transformations};

use crate::metadata::check_dimensions;
use crate::{MAX_FILE, PictureError};

/// What the decoder may take beyond the pixels themselves.
const LIMIT: usize = 64 << 20;

/// The pixels of a PNG as `[28, 28]` bytes, 0 for black.
///
/// Colours become their luma (Rec. 709), what is transparent becomes black, a
/// picture that is not square gets black beside or above and below it, and what
/// falls into one of the 784 pixels is averaged by area. A file of
/// [`crate::single`] gives back exactly the picture it was made of.
///
/// # Errors
/// The file or the picture is too large, or it is not a whole PNG.
pub fn read_picture(file: &[u8]) -> Result<Vec<u8>, PictureError> {
    let Whole {
        width,
        height,
        channels,
        values,
    } = decoded(file)?;
    let grey: Vec<u8> = values.chunks_exact(channels).map(luma).collect();
    Ok(shrunk(&grey, width, height))
}

/// A picture of any size.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Whole {
    /// Pixels across.
    pub width: usize,
    /// Pixels down.
    pub height: usize,
    /// 1 for grey, 2 with opacity; 3 for red, green and blue, 4 with opacity.
    pub channels: usize,
    /// `[height, width, channels]`.
    pub values: Vec<u8>,
}

/// All pixels of a PNG in red, green and blue, with opacity after them where the file
/// has any; a side is at most `most` pixels.
///
/// # Errors
/// The file or the picture is too large, or it is not a whole PNG.
pub fn read_whole(file: &[u8], most: usize) -> Result<Whole, PictureError> {
    let whole = decoded(file)?;
    let (width, height) = (whole.width, whole.height);
    if width.max(height) > most {
        return Err(PictureError::Larger {
            width,
            height,
            most,
        });
    }
    let coloured = |grey: u8| [grey; 3];
    let (channels, values) = match whole.channels {
        1 => (3, whole.values.into_iter().flat_map(coloured).collect()),
        2 => {
            let pixels = whole.values.chunks_exact(2);
            let pixels = pixels.flat_map(|pixel| [pixel[0], pixel[0], pixel[0], pixel[1]]);
            (4, pixels.collect())
        }
        channels => (channels, whole.values),
    };
    Ok(Whole {
        width,
        height,
        channels,
        values,
    })
}

/// The pixels of a PNG as they are, in 8 bits a channel.
fn decoded(file: &[u8]) -> Result<Whole, PictureError> {
    if file.len() > MAX_FILE {
        return Err(PictureError::TooLarge {
            bytes: file.len() as u64,
        });
    }
    if !file.starts_with(b"\x89PNG") {
        return Err(PictureError::NotPng);
    }
    let damaged = |error: png::DecodingError| PictureError::Damaged(error.to_string());
    let mut decoder = Decoder::new_with_limits(Cursor::new(file), Limits { bytes: LIMIT });
    decoder.set_ignore_text_chunk(true);
    decoder.set_ignore_iccp_chunk(true);
    decoder.set_transformations(Transformations::normalize_to_color8());
    let header = decoder.read_header_info().map_err(damaged)?;
    check_dimensions(header.width, header.height)?;

    let mut reader = decoder.read_info().map_err(damaged)?;
    let size = reader
        .output_buffer_size()
        .ok_or_else(|| PictureError::Damaged("its size overflows".to_owned()))?;
    let mut pixels = vec![0; size];
    let frame = reader.next_frame(&mut pixels).map_err(damaged)?;
    pixels.truncate(frame.buffer_size());
    Ok(Whole {
        width: frame.width as usize,
        height: frame.height as usize,
        channels: frame.color_type.samples(),
        values: pixels,
    })
}

/// The luma of a pixel of 1 to 4 samples, over black.
fn luma(samples: &[u8]) -> u8 {
    let over_black = |shade: u32, alpha: u8| ((shade * u32::from(alpha) + 127) / 255) as u8;
    let of = |r: u8, g: u8, b: u8| {
        (2126 * u32::from(r) + 7152 * u32::from(g) + 722 * u32::from(b) + 5000) / 10_000
    };
    match *samples {
        [grey] => grey,
        [grey, alpha] => over_black(u32::from(grey), alpha),
        [r, g, b] => of(r, g, b) as u8,
        [r, g, b, alpha] => over_black(of(r, g, b), alpha),
        _ => 0,
    }
}

/// Averages by area into 28 x 28, centred in a square.
///
/// All lengths are counted in units of which a source pixel has 28 and a pixel
/// of the result as many as the square has source pixels, so that everything is
/// a whole number.
fn shrunk(grey: &[u8], width: usize, height: usize) -> Vec<u8> {
    let square = width.max(height);
    let columns = shares(width, square);
    let rows = shares(height, square);
    let mut sums = vec![0_u64; PICTURE_PIXELS];
    for (row, shares_of_row) in grey.chunks_exact(width).zip(&rows) {
        for (&shade, shares_of_column) in row.iter().zip(&columns) {
            for &(y, tall) in shares_of_row {
                for &(x, wide) in shares_of_column {
                    sums[y * PICTURE_SIDE + x] += u64::from(shade) * tall * wide;
                }
            }
        }
    }
    let area = (square * square) as u64;
    sums.into_iter()
        .map(|sum| ((sum + area / 2) / area) as u8)
        .collect()
}

/// For each of `length` source pixels, centred in a square of side `square`,
/// which pixels of the result it falls into, and with what share.
fn shares(length: usize, square: usize) -> Vec<Vec<(usize, u64)>> {
    // Half a source pixel of margin is 14 units.
    let margin = (square - length) * PICTURE_SIDE / 2;
    (0..length)
        .map(|pixel| {
            let first = margin + pixel * PICTURE_SIDE;
            let past = first + PICTURE_SIDE;
            (first / square..past.div_ceil(square))
                .map(|target| {
                    let from = first.max(target * square);
                    let to = past.min((target + 1) * square);
                    (target, (to - from) as u64)
                })
                .collect()
        })
        .collect()
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_whole_picture_keeps_its_size_colours_and_opacity() {
        let values: Vec<u8> = (0..5 * 3 * 4).collect();
        let picture = Whole {
            width: 5,
            height: 3,
            channels: 4,
            values,
        };
        let file = crate::whole(&picture);
        assert_eq!(read_whole(&file, 5), Ok(picture));
        assert!(matches!(
            read_whole(&file, 4),
            Err(PictureError::Larger { width: 5, .. })
        ));
        assert!(read_whole(&file[..file.len() - 20], 5).is_err());
        let grey = crate::single(&[7; 784], lampwork_protocol::Shape::GREY, 1, None);
        let read = read_whole(&grey, 28).unwrap();
        assert_eq!((read.channels, read.values), (3, vec![7; 3 * 784]));
    }

    use png::{BitDepth, ColorType};
    use proptest::prelude::*;

    use lampwork_protocol::Shape;

    use super::*;
    use crate::{MAX_SIDE, single};

    fn png(width: u32, height: u32, color: ColorType, pixels: &[u8]) -> Vec<u8> {
        let mut file = Vec::new();
        let mut encoder = png::Encoder::new(&mut file, width, height);
        encoder.set_color(color);
        encoder.set_depth(BitDepth::Eight);
        let mut writer = encoder.write_header().unwrap();
        writer.write_image_data(pixels).unwrap();
        writer.finish().unwrap();
        file
    }

    #[test]
    fn colours_and_transparency_become_grey() {
        for (color, pixel, expected) in [
            (ColorType::Grayscale, &[90][..], 90),
            (ColorType::GrayscaleAlpha, &[200, 128], 100),
            (ColorType::Rgb, &[77, 77, 77], 77),
            (ColorType::Rgb, &[255, 0, 0], 54),
            (ColorType::Rgb, &[0, 255, 0], 182),
            (ColorType::Rgb, &[0, 0, 255], 18),
            (ColorType::Rgba, &[255, 255, 255, 0], 0),
            (ColorType::Rgba, &[255, 255, 255, 255], 255),
        ] {
            let picture = read_picture(&png(5, 5, color, &pixel.repeat(25))).unwrap();
            assert_eq!(picture, [expected; PICTURE_PIXELS], "{color:?} {pixel:?}");
        }
    }

    #[test]
    fn a_wide_picture_is_centred() {
        let picture = read_picture(&png(56, 28, ColorType::Grayscale, &[100; 56 * 28])).unwrap();
        for (y, row) in picture.chunks(28).enumerate() {
            let expected = if (7..21).contains(&y) { 100 } else { 0 };
            assert_eq!(row, [expected; 28], "row {y}");
        }
    }

    #[test]
    fn a_tall_picture_is_centred_on_half_pixels() {
        let picture = read_picture(&png(1, 28, ColorType::Grayscale, &[200; 28])).unwrap();
        for row in picture.chunks(28) {
            assert_eq!(row[12..16], [0, 100, 100, 0]);
        }
    }

    #[test]
    fn what_is_not_a_png_is_refused() {
        let good = single(&[1; 784], Shape::GREY, 2, None);
        assert_eq!(read_picture(b"GIF89a"), Err(PictureError::NotPng));
        assert!(matches!(
            read_picture(&vec![0; MAX_FILE + 1]),
            Err(PictureError::TooLarge { .. })
        ));
        assert!(matches!(
            read_picture(&good[..good.len() / 2]),
            Err(PictureError::Damaged(_))
        ));
        let wide = png(
            MAX_SIDE + 1,
            1,
            ColorType::Grayscale,
            &vec![0; MAX_SIDE as usize + 1],
        );
        assert_eq!(
            read_picture(&wide),
            Err(PictureError::Dimensions {
                width: MAX_SIDE + 1,
                height: 1
            })
        );
    }

    proptest! {
        #[test]
        fn an_exported_picture_comes_back_exactly(picture in prop::collection::vec(any::<u8>(), 784), scale in 1_usize..7) {
            prop_assert_eq!(read_picture(&single(&picture, Shape::GREY, scale, None)), Ok(picture));
        }

        /// The mean shade is kept, whatever the dimensions.
        #[test]
        fn light_is_kept(width in 1_usize..70, height in 1_usize..70, seed: u32) {
            let grey: Vec<u8> = (0..width * height)
                .map(|at| (seed.wrapping_add(at as u32).wrapping_mul(2_654_435_761) >> 24) as u8)
                .collect();
            let total = |pixels: &[u8]| pixels.iter().map(|&pixel| f64::from(pixel)).sum::<f64>();
            let square = width.max(height) as f64;
            let before = total(&grey) / (square * square);
            let after = total(&shrunk(&grey, width, height)) / 784.0;
            // Each pixel is rounded by half a shade at most.
            prop_assert!((before - after).abs() <= 0.5, "{before} {after}");
        }

        #[test]
        fn changed_files_are_read_or_refused(at: prop::sample::Index, flip in 1_u8..) {
            let mut file = single(&[1; 784], Shape::GREY, 2, None);
            let at = at.index(file.len());
            file[at] ^= flip;
            if let Ok(picture) = read_picture(&file) {
                prop_assert_eq!(picture.len(), 784);
            }
        }
    }
}
