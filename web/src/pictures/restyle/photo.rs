//! A photograph as pixels, and what is made of it shown over it.

use std::sync::Arc;

use leptos::prelude::document;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{CanvasRenderingContext2d, HtmlCanvasElement, ImageBitmap};

/// Longest side that is kept of a photograph, in pixels.
pub const MOST_SIDE: u32 = 1024;

/// A photograph, on white where it is transparent.
#[derive(Debug, Clone, PartialEq)]
pub struct Photo {
    /// Pixels across.
    pub width: u32,
    /// Pixels down.
    pub height: u32,
    /// `[height, width, 3]`.
    pub rgb: Arc<[u8]>,
}

impl Photo {
    /// What the browser unpacked, its longer side at most [`MOST_SIDE`].
    pub fn of(bitmap: &ImageBitmap) -> Option<Photo> {
        let (width, height) = fitting(bitmap.width(), bitmap.height(), MOST_SIDE);
        let canvas: HtmlCanvasElement =
            document().create_element("canvas").ok()?.dyn_into().ok()?;
        canvas.set_width(width);
        canvas.set_height(height);
        let context: CanvasRenderingContext2d = canvas.get_context("2d").ok()??.dyn_into().ok()?;
        let quality = (
            JsValue::from("imageSmoothingQuality"),
            JsValue::from("high"),
        );
        // One that does not know it shrinks as well as it can.
        let _ = js_sys::Reflect::set(&context, &quality.0, &quality.1);
        context.set_fill_style_str("#fff");
        let (wide, tall) = (f64::from(width), f64::from(height));
        context.fill_rect(0.0, 0.0, wide, tall);
        context
            .draw_image_with_image_bitmap_and_dw_and_dh(bitmap, 0.0, 0.0, wide, tall)
            .ok()?;
        let data = context.get_image_data(0.0, 0.0, wide, tall).ok()?;
        let rgba = data.data().0;
        Some(Photo {
            width,
            height,
            rgb: rgba
                .chunks_exact(4)
                .flat_map(|pixel| [pixel[0], pixel[1], pixel[2]])
                .collect(),
        })
    }

    /// The same, its longer side at most so many pixels; each is the mean of what lies
    /// under it.
    pub fn shrunk(&self, side: u32) -> Photo {
        let (width, height) = fitting(self.width, self.height, side);
        if (width, height) == (self.width, self.height) {
            return self.clone();
        }
        let columns = shares(self.width as usize, width as usize);
        let rows = shares(self.height as usize, height as usize);
        let across = self.width as usize * 3;
        let mut rgb = Vec::with_capacity(width as usize * height as usize * 3);
        for row in &rows {
            for column in &columns {
                let mut sum = [0.0_f32; 3];
                for &(y, tall) in row {
                    for &(x, wide) in column {
                        let pixel = &self.rgb[y * across + x * 3..][..3];
                        for (sum, &value) in sum.iter_mut().zip(pixel) {
                            *sum += tall * wide * f32::from(value);
                        }
                    }
                }
                rgb.extend(sum.map(|sum| sum.round() as u8));
            }
        }
        Photo {
            width,
            height,
            rgb: rgb.into(),
        }
    }

    /// What is made of it shown over it: so strongly, in whose colours. `made` is
    /// `[height, width, 3]`.
    pub fn under(&self, made: &[u8], strength: u8, own_colours: bool) -> Vec<u8> {
        let share = f32::from(strength) / 100.0;
        let mut rgb = Vec::with_capacity(self.rgb.len());
        for (was, made) in self.rgb.chunks_exact(3).zip(made.chunks_exact(3)) {
            // Light and dark alone change where the colours stay.
            let lighter = luma(made) - luma(was);
            for channel in 0..3 {
                let from = f32::from(was[channel]);
                let to = match own_colours {
                    true => from + lighter,
                    false => f32::from(made[channel]),
                };
                let value = from + share * (to.clamp(0.0, 255.0) - from);
                rgb.push(value.round() as u8);
            }
        }
        rgb
    }
}

/// Of Rec. 709.
fn luma(rgb: &[u8]) -> f32 {
    0.2126 * f32::from(rgb[0]) + 0.7152 * f32::from(rgb[1]) + 0.0722 * f32::from(rgb[2])
}

/// A size whose longer side is at most `most`, in the same proportion.
fn fitting(width: u32, height: u32, most: u32) -> (u32, u32) {
    let longer = width.max(height).max(1);
    if longer <= most {
        return (width.max(1), height.max(1));
    }
    let scaled = |side: u32| {
        let side = f64::from(side) * f64::from(most) / f64::from(longer);
        (side.round() as u32).clamp(1, most)
    };
    (scaled(width), scaled(height))
}

/// For each of `to` pixels which of `from` lie under it, and with what share.
fn shares(from: usize, to: usize) -> Vec<Vec<(usize, f32)>> {
    let ratio = from as f32 / to as f32;
    (0..to)
        .map(|at| {
            let (begin, end) = (at as f32 * ratio, (at + 1) as f32 * ratio);
            let last = (end.ceil() as usize).min(from);
            (begin.floor() as usize..last)
                .map(|pixel| {
                    let (low, high) = (pixel as f32, pixel as f32 + 1.0);
                    (pixel, (high.min(end) - low.max(begin)).max(0.0) / ratio)
                })
                .collect()
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn photo(width: u32, height: u32, value: impl Fn(usize) -> u8) -> Photo {
        let count = (width * height * 3) as usize;
        Photo {
            width,
            height,
            rgb: (0..count).map(value).collect(),
        }
    }

    #[test]
    fn the_longer_side_is_what_counts() {
        assert_eq!(fitting(4000, 3000, 1024), (1024, 768));
        assert_eq!(fitting(300, 4000, 1000), (75, 1000));
        assert_eq!(fitting(20, 10, 1024), (20, 10));
        assert_eq!(fitting(9000, 1, 1024), (1024, 1));
    }

    #[test]
    fn shrinking_keeps_the_mean() {
        let striped = photo(8, 6, |at| if at / 3 % 2 == 0 { 0 } else { 200 });
        let small = striped.shrunk(4);
        assert_eq!((small.width, small.height), (4, 3));
        assert!(small.rgb.iter().all(|value| *value == 100));
        assert_eq!(striped.shrunk(8), striped);
        let even = photo(7, 5, |_| 77).shrunk(3);
        assert!(even.rgb.iter().all(|value| *value == 77));
    }

    #[test]
    fn no_strength_is_the_photograph_and_all_of_it_what_was_made() {
        let was = photo(2, 2, |at| (at * 20) as u8);
        let made: Vec<u8> = (0..12).map(|at| 255 - at * 9).collect();
        assert_eq!(was.under(&made, 0, false), was.rgb.to_vec());
        assert_eq!(was.under(&made, 0, true), was.rgb.to_vec());
        assert_eq!(was.under(&made, 100, false), made);
    }

    #[test]
    fn own_colours_take_the_light_alone() {
        let was = photo(1, 1, |at| [120, 60, 90][at]);
        let shown = was.under(&[100, 100, 100], 100, true);
        assert!((luma(&shown) - 100.0).abs() < 1.0);
        // What tells the channels apart stays.
        assert_eq!(shown[0] - shown[1], 60);
        assert_eq!(shown[0] - shown[2], 30);
    }
}
