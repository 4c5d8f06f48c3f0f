//! From SVG, WebP and PNG to small pictures on white.
//!
//! Drawings are first made at [`CANVAS`] pixels a side, then each small pixel
//! is the mean of the square of pixels that it covers. That is done on the
//! stored values, as every browser blends an edge, and not on light: averaged
//! as light, the black lines of 32-pixel faces came out a pale grey.

use std::io::Cursor;

use resvg::tiny_skia::{Color, Pixmap, Transform};
use resvg::usvg::{Options, Tree};

use crate::Fault;

/// Side, in pixels, at which drawings are made before they are made small:
/// eight or four times that of the packed pictures.
pub const CANVAS: usize = 256;

/// A square picture, `[side, side, 3]` bytes: red, green, blue, on white.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picture {
    /// Side in pixels.
    pub side: usize,
    /// The pixels.
    pub rgb: Vec<u8>,
}

impl Picture {
    /// A picture on white out of straight (not premultiplied) colours with
    /// opacity, `[side, side, 4]` bytes.
    ///
    /// # Panics
    /// There are not `side * side * 4` bytes.
    pub fn over_white(side: usize, rgba: &[u8]) -> Self {
        assert_eq!(rgba.len(), side * side * 4, "four bytes a pixel");
        let mut rgb = Vec::with_capacity(side * side * 3);
        for pixel in rgba.chunks_exact(4) {
            let opacity = u32::from(pixel[3]);
            for &value in &pixel[..3] {
                let sum = u32::from(value) * opacity + 255 * (255 - opacity);
                rgb.push(((sum + 127) / 255) as u8);
            }
        }
        Self { side, rgb }
    }

    /// The picture at a smaller side: each pixel the mean of what it covers,
    /// parts of pixels by their part.
    ///
    /// # Panics
    /// `side` is 0 or larger than the picture's own.
    pub fn shrunk(&self, side: usize) -> Vec<u8> {
        assert!((1..=self.side).contains(&side), "{side} of {}", self.side);
        let covered: Vec<Vec<(usize, u64)>> = (0..side).map(|at| self.covered(at, side)).collect();
        let whole = (self.side * self.side) as u64;
        let mut small = Vec::with_capacity(side * side * 3);
        for rows in &covered {
            for columns in &covered {
                for channel in 0..3 {
                    let mut sum = 0;
                    for (y, height) in rows {
                        for (x, width) in columns {
                            let value = self.rgb[(y * self.side + x) * 3 + channel];
                            sum += u64::from(value) * height * width;
                        }
                    }
                    small.push(((sum + whole / 2) / whole) as u8);
                }
            }
        }
        small
    }

    /// The pixels of a line that pixel `at` of `side` covers, and how much of
    /// each: whole pixels are `side`, all together are the picture's side.
    fn covered(&self, at: usize, side: usize) -> Vec<(usize, u64)> {
        let (start, end) = (at * self.side, (at + 1) * self.side);
        (start / side..end.div_ceil(side))
            .map(|pixel| {
                let overlap = end.min((pixel + 1) * side) - start.max(pixel * side);
                (pixel, overlap as u64)
            })
            .collect()
    }
}

/// Pixels that are not white, or nearly.
pub fn inked(rgb: &[u8]) -> usize {
    rgb.chunks_exact(3)
        .filter(|pixel| pixel.iter().any(|&value| value < 245))
        .count()
}

/// Draws an SVG at [`CANVAS`] pixels a side, as large as it goes, in the middle.
///
/// # Errors
/// It is no SVG.
pub fn svg(name: &str, text: &str) -> Result<Picture, Fault> {
    let fault = |reason: String| Fault::Drawing {
        name: name.to_owned(),
        reason,
    };
    let tree = Tree::from_str(text, &Options::default()).map_err(|e| fault(e.to_string()))?;
    let canvas = CANVAS as f32;
    let (width, height) = (tree.size().width(), tree.size().height());
    let scale = canvas / width.max(height);
    let place = Transform::from_scale(scale, scale).post_translate(
        (canvas - width * scale) / 2.0,
        (canvas - height * scale) / 2.0,
    );
    let mut pixels =
        Pixmap::new(CANVAS as u32, CANVAS as u32).ok_or_else(|| fault("no room".to_owned()))?;
    pixels.fill(Color::WHITE);
    resvg::render(&tree, place, &mut pixels.as_mut());
    // Drawn on white, every pixel is opaque, and premultiplied is straight.
    Ok(Picture::over_white(CANVAS, pixels.data()))
}

/// Largest side of a WebP that is read, in pixels.
const WEBP_LIMIT: usize = 1_024;

/// Reads a WebP and puts it in the middle of a square.
///
/// # Errors
/// It is no WebP, or has a side of more than 1,024 pixels.
pub fn webp(name: &str, bytes: &[u8]) -> Result<Picture, Fault> {
    let fault = |reason: String| Fault::Drawing {
        name: name.to_owned(),
        reason,
    };
    let mut decoder = image_webp::WebPDecoder::new(Cursor::new(bytes))
        .map_err(|error| fault(error.to_string()))?;
    // The size stands in the header: it is checked before anything is unpacked.
    let (width, height) = decoder.dimensions();
    let (width, height) = (width as usize, height as usize);
    if width.max(height) > WEBP_LIMIT {
        return Err(fault(format!(
            "it is {width} x {height}, and at most {WEBP_LIMIT} a side is read"
        )));
    }
    let channels = if decoder.has_alpha() { 4 } else { 3 };
    let mut pixels = vec![0; width * height * channels];
    decoder
        .read_image(&mut pixels)
        .map_err(|error| fault(error.to_string()))?;
    let side = width.max(height);
    let (left, top) = ((side - width) / 2, (side - height) / 2);
    let mut square = vec![0; side * side * 4];
    for (at, pixel) in pixels.chunks_exact(channels).enumerate() {
        let place = ((top + at / width) * side + left + at % width) * 4;
        square[place + 3] = 255;
        square[place..place + channels].copy_from_slice(pixel);
    }
    Ok(Picture::over_white(side, &square))
}

/// Reads a PNG if it is of `side` pixels a side, and tells whether all of it is
/// opaque; `None` if it is of another size.
///
/// # Errors
/// It is no PNG.
pub fn png(name: &str, bytes: &[u8], side: usize) -> Result<Option<(Picture, bool)>, Fault> {
    let fault = |error: png::DecodingError| Fault::Drawing {
        name: name.to_owned(),
        reason: error.to_string(),
    };
    let mut decoder = png::Decoder::new(Cursor::new(bytes));
    decoder.set_transformations(
        png::Transformations::normalize_to_color8() | png::Transformations::ALPHA,
    );
    let mut reader = decoder.read_info().map_err(fault)?;
    if reader.info().size() != (side as u32, side as u32) {
        return Ok(None);
    }
    let size = reader.output_buffer_size().unwrap_or(0);
    let mut pixels = vec![0; size];
    let frame = reader.next_frame(&mut pixels).map_err(fault)?;
    pixels.truncate(frame.buffer_size());
    let rgba = match frame.color_type {
        png::ColorType::Rgba => pixels,
        png::ColorType::GrayscaleAlpha => pixels
            .chunks_exact(2)
            .flat_map(|pixel| [pixel[0], pixel[0], pixel[0], pixel[1]])
            .collect(),
        other => {
            return Err(Fault::Drawing {
                name: name.to_owned(),
                reason: format!("its colours came out as {other:?}"),
            });
        }
    };
    let opaque = rgba.chunks_exact(4).all(|pixel| pixel[3] == 255);
    Ok(Some((Picture::over_white(side, &rgba), opaque)))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn pixel(picture: &Picture, x: usize, y: usize) -> [u8; 3] {
        let at = (y * picture.side + x) * 3;
        picture.rgb[at..at + 3].try_into().unwrap()
    }

    #[test]
    fn an_svg_is_drawn_on_white_and_centred() {
        let text = r##"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 10 5"><path fill="#ff0000" d="M0 0h5v5h-5z"/></svg>"##;
        let picture = svg("half", text).unwrap();
        assert_eq!(pixel(&picture, 64, 128), [255, 0, 0]);
        assert_eq!(pixel(&picture, 192, 128), [255; 3]);
        // Half as high as wide: a quarter is free above and below.
        assert_eq!(pixel(&picture, 64, 62), [255; 3]);
        assert_eq!(pixel(&picture, 64, 66), [255, 0, 0]);
        let small = picture.shrunk(2);
        assert_eq!(
            small,
            [255, 128, 128, 255, 255, 255, 255, 128, 128, 255, 255, 255]
        );
        assert!(svg("none", "<svg").is_err());
    }

    #[test]
    fn colours_are_laid_over_white() {
        let picture = Picture::over_white(1, &[0, 100, 255, 128]);
        assert_eq!(picture.rgb, [127, 177, 255]);
        assert_eq!(Picture::over_white(1, &[9, 9, 9, 0]).rgb, [255; 3]);
        assert_eq!(inked(&[255, 255, 255, 250, 250, 250, 255, 0, 255]), 1);
    }

    fn encoded(color: png::ColorType, side: u32, data: &[u8]) -> Vec<u8> {
        let mut bytes = Vec::new();
        let mut encoder = png::Encoder::new(&mut bytes, side, side);
        encoder.set_color(color);
        encoder
            .write_header()
            .unwrap()
            .write_image_data(data)
            .unwrap();
        bytes
    }

    #[test]
    fn every_kind_of_png_becomes_colours_on_white() {
        let read = |color, data: &[u8]| {
            png("x", &encoded(color, 1, data), 1)
                .unwrap()
                .unwrap()
                .0
                .rgb
        };
        assert_eq!(read(png::ColorType::Rgba, &[1, 2, 3, 0]), [255; 3]);
        assert_eq!(read(png::ColorType::Rgb, &[1, 2, 3]), [1, 2, 3]);
        assert_eq!(read(png::ColorType::Grayscale, &[7]), [7; 3]);
        assert_eq!(read(png::ColorType::GrayscaleAlpha, &[7, 255]), [7; 3]);
        let other = encoded(png::ColorType::Grayscale, 2, &[0; 4]);
        assert_eq!(png("x", &other, 1).unwrap(), None);
        assert!(png("x", &other[..30], 2).is_err());
    }

    fn webp_of(width: u32, height: u32) -> Vec<u8> {
        let mut bytes = Vec::new();
        let pixels = [10, 20, 30, 255].repeat((width * height) as usize);
        image_webp::WebPEncoder::new(&mut bytes)
            .encode(&pixels, width, height, image_webp::ColorType::Rgba8)
            .unwrap();
        bytes
    }

    #[test]
    fn a_webp_is_put_into_a_square() {
        let tall = webp("x", &webp_of(2, 4)).unwrap();
        assert_eq!(tall.side, 4);
        assert_eq!(pixel(&tall, 0, 3), [255; 3]);
        assert_eq!(pixel(&tall, 1, 3), [10, 20, 30]);
        assert_eq!(pixel(&tall, 2, 0), [10, 20, 30]);
        let wide = webp("x", &webp_of(3, 1)).unwrap();
        assert_eq!(pixel(&wide, 2, 1), [10, 20, 30]);
        assert_eq!(pixel(&wide, 2, 2), [255; 3]);
        let message = webp("x", &webp_of(1, 1_025)).unwrap_err().to_string();
        assert!(message.contains("1 x 1025"), "{message}");
        assert!(webp("x", &webp_of(2, 4)[..20]).is_err());
    }

    #[test]
    fn parts_of_pixels_count_by_their_part() {
        let rgb = [0, 90, 240].map(|value| [value; 3]).concat().repeat(3);
        let picture = Picture { side: 3, rgb };
        // Each half takes one outer pixel whole and the middle one by half.
        let small = picture.shrunk(2);
        assert_eq!(small[0], 30);
        assert_eq!(small[3], 190);
        assert_eq!(picture.shrunk(3), picture.rgb);
    }

    proptest! {
        #[test]
        fn arbitrary_bytes_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            prop_assert!(png("x", &bytes, 32).is_err());
            prop_assert!(webp("x", &bytes).is_err());
        }

        #[test]
        fn shrinking_keeps_a_plain_colour(value in any::<[u8; 3]>(), side in 1_usize..=8) {
            let picture = Picture { side: 8, rgb: value.repeat(64) };
            prop_assert_eq!(picture.shrunk(side), value.repeat(side * side));
        }
    }
}
