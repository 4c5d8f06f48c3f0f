//! A picture of the visitor's own: opened, dropped or pasted, and brought to the
//! model's size. The browser reads it, turned as its camera held it; of the file
//! nothing but pixels goes any further.

use lampwork_pictures::outside::{Kind, Outside, look};
use lampwork_protocol::Shape;
use leptos::prelude::document;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, CanvasRenderingContext2d, HtmlCanvasElement, ImageBitmap};

use crate::browser;

/// Largest file that is opened.
pub const MOST_BYTES: f64 = 64e6;

/// Most pixels that a browser is asked to unpack, four bytes each.
const MOST_PIXELS: u64 = 64_000_000;

/// Pixels of the canvas along a side of each of the model's: what a browser shrinks
/// well is averaged by area from there.
const FINE: usize = 8;

/// Why a file is not taken.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Refused {
    /// It has more bytes than are opened.
    Bytes(f64),
    /// It has more pixels than are unpacked.
    Pixels(u32, u32),
    /// A kind that this browser does not read.
    Heic,
    /// An archive, whatever it is called.
    Zip,
    /// No picture that is known.
    Unknown,
    /// A picture by its first bytes, and damaged.
    Damaged,
}

/// A picture of the model's size, and whether it is the first of several frames.
pub struct Own {
    /// Its pixels.
    pub pixels: Vec<u8>,
    /// Whether the rest of it moves.
    pub moved: bool,
}

/// Reads a file as a picture of this shape: the middle of it, as large a square as
/// there is.
///
/// # Errors
/// Why it is not taken.
pub async fn read(file: &web_sys::File, shape: Shape) -> Result<Own, Refused> {
    let (bitmap, moved) = open(file).await?;
    let pixels = shrunk(&bitmap, shape).ok_or(Refused::Damaged);
    bitmap.close();
    Ok(Own {
        pixels: pixels?,
        moved,
    })
}

/// Has the browser unpack a picture, whose first bytes are looked at before; and whether
/// the rest of it moves.
///
/// # Errors
/// Why it is not taken.
pub async fn open(file: &Blob) -> Result<(ImageBitmap, bool), Refused> {
    if file.size() > MOST_BYTES {
        return Err(Refused::Bytes(file.size()));
    }
    let bytes = browser::read_blob(file)
        .await
        .map_err(|_| Refused::Damaged)?;
    let outside = look(&bytes);
    drop(bytes);
    check(outside)?;
    let bitmap = unpacked(file).await.ok_or(match outside.kind {
        Kind::Heic => Refused::Heic,
        _ => Refused::Damaged,
    })?;
    Ok((bitmap, outside.moves))
}

fn check(outside: Outside) -> Result<(), Refused> {
    match (outside.kind, outside.size) {
        (Kind::Zip, _) => Err(Refused::Zip),
        (Kind::Unknown, _) => Err(Refused::Unknown),
        (_, Some((width, height))) if u64::from(width) * u64::from(height) > MOST_PIXELS => {
            Err(Refused::Pixels(width, height))
        }
        // Whoever does not say how large it is may be any size.
        (Kind::Heic, None) => Err(Refused::Heic),
        (_, None) => Err(Refused::Damaged),
        _ => Ok(()),
    }
}

async fn unpacked(file: &Blob) -> Option<ImageBitmap> {
    let promise = leptos::prelude::window()
        .create_image_bitmap_with_blob(file)
        .ok()?;
    JsFuture::from(promise).await.ok()?.dyn_into().ok()
}

fn shrunk(bitmap: &ImageBitmap, shape: Shape) -> Option<Vec<u8>> {
    let wide = shape.side * FINE;
    let canvas: HtmlCanvasElement = document().create_element("canvas").ok()?.dyn_into().ok()?;
    canvas.set_width(wide as u32);
    canvas.set_height(wide as u32);
    let context: CanvasRenderingContext2d = canvas.get_context("2d").ok()??.dyn_into().ok()?;
    let quality = (
        JsValue::from("imageSmoothingQuality"),
        JsValue::from("high"),
    );
    // One that does not know it shrinks as well as it can.
    let _ = js_sys::Reflect::set(&context, &quality.0, &quality.1);
    // What is transparent shows the paper: white for colour, black for grey.
    context.set_fill_style_str(if shape.channels == 1 { "#000" } else { "#fff" });
    context.fill_rect(0.0, 0.0, wide as f64, wide as f64);
    let (width, height) = (f64::from(bitmap.width()), f64::from(bitmap.height()));
    let square = width.min(height);
    context
        .draw_image_with_image_bitmap_and_sw_and_sh_and_dx_and_dy_and_dw_and_dh(
            bitmap,
            (width - square) / 2.0,
            (height - square) / 2.0,
            square,
            square,
            0.0,
            0.0,
            wide as f64,
            wide as f64,
        )
        .ok()?;
    let data = context
        .get_image_data(0.0, 0.0, wide as f64, wide as f64)
        .ok()?;
    Some(averaged(&data.data().0, shape))
}

/// RGBA of [`FINE`] times the size as a picture of this shape.
fn averaged(rgba: &[u8], shape: Shape) -> Vec<u8> {
    let Shape { side, channels } = shape;
    let mut pixels = Vec::with_capacity(shape.values());
    for at in 0..side * side {
        let (x, y) = (at % side * FINE, at / side * FINE);
        let mut sum = [0_u32; 3];
        for cell in 0..FINE * FINE {
            let from = ((y + cell / FINE) * side * FINE + x + cell % FINE) * 4;
            for (sum, &value) in sum.iter_mut().zip(&rgba[from..from + 3]) {
                *sum += u32::from(value);
            }
        }
        let area = (FINE * FINE) as u32;
        let [r, g, b] = sum.map(|sum| (sum + area / 2) / area);
        if channels == 1 {
            pixels.push(((2126 * r + 7152 * g + 722 * b + 5000) / 10_000) as u8);
        } else {
            pixels.extend([r, g, b].map(|value| value as u8));
        }
    }
    pixels
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_is_averaged_by_area() {
        for shape in [Shape::GREY, Shape::COLOUR] {
            let wide = shape.side * FINE;
            // Columns of black and white, one fine pixel each.
            let rgba: Vec<u8> = (0..wide * wide)
                .flat_map(|at| {
                    if at % 2 == 0 {
                        [0, 0, 0, 255]
                    } else {
                        [255; 4]
                    }
                })
                .collect();
            let pixels = averaged(&rgba, shape);
            assert_eq!(pixels, vec![128; shape.values()]);
        }
    }

    #[test]
    fn what_is_no_picture_or_too_large_is_refused_before_it_is_unpacked() {
        let of = |kind, size| {
            check(Outside {
                kind,
                size,
                moves: false,
            })
        };
        assert_eq!(of(Kind::Jpeg, Some((4000, 3000))), Ok(()));
        assert_eq!(
            of(Kind::Jpeg, Some((20_000, 10_000))),
            Err(Refused::Pixels(20_000, 10_000))
        );
        assert_eq!(
            of(Kind::Png, Some((u32::MAX, u32::MAX))),
            Err(Refused::Pixels(u32::MAX, u32::MAX))
        );
        assert_eq!(of(Kind::Zip, None), Err(Refused::Zip));
        assert_eq!(of(Kind::Unknown, None), Err(Refused::Unknown));
        assert_eq!(of(Kind::Heic, None), Err(Refused::Heic));
        assert_eq!(of(Kind::Png, None), Err(Refused::Damaged));
    }
}
