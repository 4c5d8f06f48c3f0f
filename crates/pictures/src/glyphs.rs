//! Sheets of characters, as `pack-brush` writes them: a grey PNG, a square a character,
//! row by row, and a list that says which is where.

use std::io::Cursor;

use png::{Decoder, Limits, Transformations};

use crate::PictureError;
use crate::scroll::GLYPH;

/// Most pixels on a side of a sheet.
const MOST_SIDE: u32 = 16_384;

/// Most pixels of a sheet.
const MOST_PIXELS: u64 = 64 << 20;

/// Characters side by side.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GlyphSheet {
    columns: usize,
    count: usize,
    /// `[rows * GLYPH, columns * GLYPH]`.
    pixels: Vec<u8>,
}

impl GlyphSheet {
    /// Reads a sheet that nothing is known of; `count` characters are wanted of it.
    ///
    /// # Errors
    /// It is no whole PNG, too large, not grey, not made of squares, or has too few.
    pub fn read(file: &[u8], count: usize) -> Result<GlyphSheet, PictureError> {
        if !file.starts_with(b"\x89PNG") {
            return Err(PictureError::NotPng);
        }
        let damaged = |error: png::DecodingError| PictureError::Damaged(error.to_string());
        let wrong = |what: &str| PictureError::Damaged(what.to_owned());
        let limits = Limits {
            bytes: 2 * MOST_PIXELS as usize,
        };
        let mut decoder = Decoder::new_with_limits(Cursor::new(file), limits);
        decoder.set_ignore_text_chunk(true);
        decoder.set_ignore_iccp_chunk(true);
        decoder.set_transformations(Transformations::normalize_to_color8());
        let header = decoder.read_header_info().map_err(damaged)?;
        let (width, height) = (header.width, header.height);
        let pixels = u64::from(width) * u64::from(height);
        if width.max(height) > MOST_SIDE || pixels > MOST_PIXELS {
            return Err(wrong("a sheet of characters is not as large"));
        }
        if header.color_type != png::ColorType::Grayscale {
            return Err(wrong("a sheet of characters is grey"));
        }
        let (width, height) = (width as usize, height as usize);
        if !width.is_multiple_of(GLYPH) || !height.is_multiple_of(GLYPH) {
            return Err(wrong("a sheet of characters is made of squares"));
        }
        let columns = width / GLYPH;
        if columns * (height / GLYPH) < count {
            return Err(wrong("the sheet has fewer characters than its list"));
        }
        let mut reader = decoder.read_info().map_err(damaged)?;
        let size = reader
            .output_buffer_size()
            .ok_or_else(|| wrong("its size overflows"))?;
        let mut pixels = vec![0; size];
        reader.next_frame(&mut pixels).map_err(damaged)?;
        Ok(GlyphSheet {
            columns,
            count,
            pixels,
        })
    }

    /// How many characters there are.
    pub fn len(&self) -> usize {
        self.count
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// Character number `at`, `[GLYPH, GLYPH]` bytes, 255 for ink.
    pub fn get(&self, at: usize) -> Option<Vec<u8>> {
        if at >= self.count {
            return None;
        }
        let (left, top) = (at % self.columns * GLYPH, at / self.columns * GLYPH);
        let width = self.columns * GLYPH;
        Some(
            (0..GLYPH)
                .flat_map(|row| {
                    let from = (top + row) * width + left;
                    self.pixels[from..from + GLYPH].iter().copied()
                })
                .collect(),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(width: u32, height: u32, colour: png::ColorType) -> Vec<u8> {
        let mut bytes = Vec::new();
        let mut encoder = png::Encoder::new(&mut bytes, width, height);
        encoder.set_color(colour);
        let mut writer = encoder.write_header().unwrap();
        let count = (width * height) as usize * colour.samples();
        let pixels: Vec<u8> = (0..count)
            .map(|at| (at % width as usize / GLYPH) as u8)
            .collect();
        writer.write_image_data(&pixels).unwrap();
        writer.finish().unwrap();
        bytes
    }

    #[test]
    fn each_square_is_a_character() {
        let file = file(3 * 48, 2 * 48, png::ColorType::Grayscale);
        let sheet = GlyphSheet::read(&file, 5).unwrap();
        assert_eq!(sheet.len(), 5);
        assert_eq!(sheet.get(1).unwrap(), vec![1; 48 * 48]);
        assert_eq!(sheet.get(3).unwrap(), vec![0; 48 * 48]);
        assert_eq!(sheet.get(5), None);
    }

    #[test]
    fn what_is_no_sheet_is_refused() {
        let good = file(48, 48, png::ColorType::Grayscale);
        for bytes in [
            &b"GIF89a"[..],
            &good[..good.len() / 2],
            &file(50, 48, png::ColorType::Grayscale),
            &file(48, 48, png::ColorType::Rgb),
        ] {
            assert!(GlyphSheet::read(bytes, 1).is_err());
        }
        assert!(GlyphSheet::read(&good, 2).is_err());
    }
}
