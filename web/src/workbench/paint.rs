//! Pictures on a canvas.

use crate::pictures::tint::Ramp;
use lampwork_protocol::{PICTURE_PIXELS, PICTURE_SIDE};
use leptos::wasm_bindgen::{Clamped, JsCast};
use web_sys::{CanvasRenderingContext2d, HtmlCanvasElement, ImageData};

/// Pixels between two pictures of a sheet.
const GAP: usize = 2;

/// Pictures beside each other on a square sheet of `count`.
pub fn columns(count: usize) -> usize {
    (1..).find(|side| side * side >= count).unwrap_or(1)
}

/// Pixels of the side of a square sheet of `count`.
pub fn side_of(count: usize) -> usize {
    let columns = columns(count);
    columns * PICTURE_SIDE + (columns - 1) * GAP
}

/// Paints pictures, `[count, 28, 28]`, as a square sheet in the colours of `ramp`.
/// The canvas takes its size; CSS scales it.
pub fn paint(canvas: &HtmlCanvasElement, pictures: &[u8], count: usize, ramp: &Ramp) {
    let columns = columns(count);
    let rows = count.div_ceil(columns).max(1);
    let width = side_of(count);
    let height = rows * PICTURE_SIDE + (rows - 1) * GAP;
    let mut pixels = vec![0_u8; width * height * 4];
    let coloured = ramp.paint(pictures);
    let sheet = coloured.chunks_exact(4 * PICTURE_PIXELS);
    for (index, picture) in sheet.take(count).enumerate() {
        let left = index % columns * (PICTURE_SIDE + GAP);
        let top = index / columns * (PICTURE_SIDE + GAP);
        for (y, row) in picture.chunks_exact(4 * PICTURE_SIDE).enumerate() {
            let start = ((top + y) * width + left) * 4;
            pixels[start..start + 4 * PICTURE_SIDE].copy_from_slice(row);
        }
    }
    // Setting a size, even the same, clears a canvas: only where it changed.
    if (canvas.width(), canvas.height()) != (width as u32, height as u32) {
        canvas.set_width(width as u32);
        canvas.set_height(height as u32);
    }
    let image =
        ImageData::new_with_u8_clamped_array_and_sh(Clamped(&pixels), width as u32, height as u32);
    let context = canvas
        .get_context("2d")
        .ok()
        .flatten()
        .and_then(|context| context.dyn_into::<CanvasRenderingContext2d>().ok());
    // A browser without a 2-D canvas shows the label instead.
    if let (Ok(image), Some(context)) = (image, context) {
        let _ = context.put_image_data(&image, 0.0, 0.0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sheet_is_as_square_as_it_can_be() {
        assert_eq!([0, 1, 4, 5, 16, 64].map(columns), [1, 1, 2, 3, 4, 8]);
        assert_eq!(side_of(4), 58);
    }
}
