//! Sheets of pictures as PNG files.

use anyhow::Result;
use lampwork_protocol::{PICTURE_PIXELS, PICTURE_SIDE};

/// A sheet as a PNG file.
#[derive(Debug, Clone, PartialEq)]
pub struct Sheet {
    /// Pixels across.
    pub width: u32,
    /// Pixels down.
    pub height: u32,
    /// The file.
    pub bytes: Vec<u8>,
}

/// Pictures, `[count, 28, 28]` bytes, in rows of `columns`.
///
/// # Errors
/// Where they cannot be encoded.
pub fn png(pictures: &[u8], columns: usize) -> Result<Sheet> {
    let count = pictures.len() / PICTURE_PIXELS;
    let columns = columns.clamp(1, count.max(1));
    let rows = count.div_ceil(columns).max(1);
    let (width, height) = (columns * PICTURE_SIDE, rows * PICTURE_SIDE);
    let mut pixels = vec![0; width * height];
    for (index, picture) in pictures.chunks_exact(PICTURE_PIXELS).enumerate() {
        let (left, top) = (index % columns * PICTURE_SIDE, index / columns * PICTURE_SIDE);
        for (row, line) in picture.chunks_exact(PICTURE_SIDE).enumerate() {
            let start = (top + row) * width + left;
            pixels[start..start + PICTURE_SIDE].copy_from_slice(line);
        }
    }
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, width as u32, height as u32);
    encoder.set_color(png::ColorType::Grayscale);
    encoder.set_depth(png::BitDepth::Eight);
    encoder.write_header()?.write_image_data(&pixels)?;
    Ok(Sheet {
        width: width as u32,
        height: height as u32,
        bytes,
    })
}
