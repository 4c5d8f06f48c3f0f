//! Pictures on a canvas.

use crate::pictures::tint::Ramp;
use lampwork_protocol::Shape;
use leptos::wasm_bindgen::{Clamped, JsCast};
use web_sys::{CanvasRenderingContext2d, HtmlCanvasElement, ImageData};

/// Pixels between two pictures of a sheet.
const GAP: usize = 2;

/// Pictures beside each other on a square sheet of `count`.
pub fn columns(count: usize) -> usize {
    (1..).find(|side| side * side >= count).unwrap_or(1)
}

/// Pixels of the side of a square sheet of `count`.
pub fn side_of(count: usize, shape: Shape) -> usize {
    let columns = columns(count);
    columns * shape.side + (columns - 1) * GAP
}

/// Paints pictures, `[count, side, side, channels]`, as a square sheet, grey ones in
/// the colours of `ramp`. The canvas takes its size; CSS scales it.
pub fn paint(canvas: &HtmlCanvasElement, pictures: &[u8], shape: Shape, count: usize, ramp: &Ramp) {
    let side = shape.side;
    let columns = columns(count);
    let rows = count.div_ceil(columns).max(1);
    let width = side_of(count, shape);
    let height = rows * side + (rows - 1) * GAP;
    let mut pixels = vec![0_u8; width * height * 4];
    let coloured = ramp.paint_picture(pictures, shape);
    let sheet = coloured.chunks_exact(4 * side * side);
    for (index, picture) in sheet.take(count).enumerate() {
        let left = index % columns * (side + GAP);
        let top = index / columns * (side + GAP);
        for (y, row) in picture.chunks_exact(4 * side).enumerate() {
            let start = ((top + y) * width + left) * 4;
            pixels[start..start + 4 * side].copy_from_slice(row);
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
        assert_eq!(side_of(4, Shape::GREY), 58);
        assert_eq!(side_of(4, Shape::COLOUR), 66);
    }
}
