//! Drawing at most once a frame, on a canvas as sharp as the screen.

use std::time::Duration;

use leptos::prelude::*;
use leptos::wasm_bindgen::closure::Closure;
use leptos::wasm_bindgen::prelude::JsValue;
use leptos::wasm_bindgen::{Clamped, JsCast};
use web_sys::{
    CanvasRenderingContext2d, Element, HtmlCanvasElement, ImageData, IntersectionObserver,
};

use crate::theme::use_look;

/// How long a large drawing rests while tokens come.
const REST: Duration = Duration::from_millis(250);

/// Colours of the page that canvases draw with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Colours {
    /// Text.
    pub ink: String,
    /// Text that steps back.
    pub quiet: String,
    /// Lines between things.
    pub line: String,
    /// What is written, and what it cost.
    pub ember: String,
    /// What is looked at.
    pub glass: String,
}

impl Colours {
    /// The colours in force, by the style sheet.
    pub fn now() -> Colours {
        let root = document().document_element();
        let style = root.and_then(|root| window().get_computed_style(&root).ok().flatten());
        let value = |name: &str| {
            let value = style
                .as_ref()
                .and_then(|style| style.get_property_value(name).ok());
            value.unwrap_or_default().trim().to_owned()
        };
        Colours {
            ink: value("--ink"),
            quiet: value("--ink-quiet"),
            line: value("--line"),
            ember: value("--ember"),
            glass: value("--glass"),
        }
    }
}

/// Draws once a frame at most, after the theme or anything that `reads` tracks has
/// changed.
pub fn each_frame(reads: impl Fn() + 'static, draw: impl Fn() + 'static) {
    let look = use_look();
    let waits = StoredValue::new(false);
    let draw = StoredValue::new_local(draw);
    Effect::new(move |_| {
        look.dark.track();
        reads();
        if waits.get_value() {
            return;
        }
        waits.set_value(true);
        request_animation_frame(move || {
            // The view may be gone by now.
            if waits.try_update_value(|waits| *waits = false).is_some() {
                untrack(|| draw.try_with_value(|draw| draw()));
            }
        });
    });
}

/// Counts up when a change is worth a large drawing: at once where `busy` is false, else
/// now and then. Tracks what `reads` does.
pub fn now_and_then(
    reads: impl Fn() + 'static,
    busy: impl Fn() -> bool + 'static,
) -> ReadSignal<u32> {
    let (turn, set_turn) = signal(0_u32);
    let waits = StoredValue::new(false);
    Effect::new(move |_| {
        reads();
        if !busy() {
            set_turn.update(|turn| *turn += 1);
        } else if !waits.get_value() {
            waits.set_value(true);
            set_timeout(
                move || {
                    // The view may be gone by now.
                    if waits.try_update_value(|waits| *waits = false).is_some() {
                        set_turn.try_update(|turn| *turn += 1);
                    }
                },
                REST,
            );
        }
    });
    turn
}

/// Paints numbers from 0 to 1 row by row, each row one longer than the one before, as a
/// square of `side` pixels at `start` of a picture that is `width` wide. Small ones are
/// lifted, or most of them would not be seen.
pub fn paint_triangle(
    pixels: &mut [u8],
    width: usize,
    start: (usize, usize),
    side: usize,
    rows: &[Vec<f32>],
    colour: [u8; 3],
) {
    let tokens = rows.len();
    if tokens == 0 {
        return;
    }
    for y in 0..side {
        let row = &rows[y * tokens / side];
        for x in 0..side {
            // Of several in one pixel the strongest, or thin lines would vanish.
            let (from, to) = (x * tokens / side, ((x + 1) * tokens).div_ceil(side));
            let to = to.min(row.len());
            let some = row.get(from.min(to)..to).unwrap_or_default();
            let share = some.iter().copied().fold(0.0, f32::max);
            let at = ((start.1 + y) * width + start.0 + x) * 4;
            pixels[at..at + 3].copy_from_slice(&colour);
            pixels[at + 3] = (share.sqrt() * 255.0) as u8;
        }
    }
}

/// Puts RGBA pixels on a canvas, which takes their size.
pub fn put(canvas: &HtmlCanvasElement, pixels: &[u8], width: usize, height: usize) {
    let (width, height) = (width as u32, height as u32);
    if (canvas.width(), canvas.height()) != (width, height) {
        canvas.set_width(width);
        canvas.set_height(height);
    }
    let image = ImageData::new_with_u8_clamped_array_and_sh(Clamped(pixels), width, height);
    let context = canvas
        .get_context("2d")
        .ok()
        .flatten()
        .and_then(|context| context.dyn_into::<CanvasRenderingContext2d>().ok());
    // A browser without a 2-D canvas has the labels and the table.
    if let (Ok(image), Some(context)) = (image, context) {
        let _ = context.put_image_data(&image, 0.0, 0.0);
    }
}

/// Whether an element is on the screen, or nearly.
pub fn visible_of(element: impl Fn() -> Option<Element> + 'static) -> ReadSignal<bool> {
    let (visible, set_visible) = signal(false);
    Effect::new(move |_| {
        let Some(element) = element() else {
            return;
        };
        let on_change = Closure::<dyn FnMut(JsValue)>::new(move |entries: JsValue| {
            let entries: js_sys::Array = entries.unchecked_into();
            let newest: web_sys::IntersectionObserverEntry = entries.pop().unchecked_into();
            set_visible.try_set(newest.is_intersecting());
        });
        let Ok(observer) = IntersectionObserver::new(on_change.as_ref().unchecked_ref()) else {
            set_visible.set(true);
            return;
        };
        observer.observe(&element);
        let kept = StoredValue::new_local((observer, on_change));
        on_cleanup(move || {
            kept.try_with_value(|(observer, _)| observer.disconnect());
        });
    });
    visible
}

/// A canvas of this size in CSS pixels, wiped, with a context in the same pixels; `None`
/// where the browser has none.
pub fn wiped(
    canvas: &HtmlCanvasElement,
    width: f64,
    height: f64,
) -> Option<CanvasRenderingContext2d> {
    let context: CanvasRenderingContext2d = canvas.get_context("2d").ok()??.dyn_into().ok()?;
    let scale = window().device_pixel_ratio().clamp(1.0, 2.0);
    let size = ((width * scale) as u32, (height * scale) as u32);
    // Setting a size, even the same, costs more than wiping.
    if (canvas.width(), canvas.height()) != size {
        canvas.set_width(size.0);
        canvas.set_height(size.1);
    }
    context
        .set_transform(scale, 0.0, 0.0, scale, 0.0, 0.0)
        .ok()?;
    context.clear_rect(0.0, 0.0, width, height);
    Some(context)
}

/// Red, green and blue of a colour written as `#rrggbb`; black for another.
pub fn rgb(colour: &str) -> [u8; 3] {
    let digits = colour.strip_prefix('#').unwrap_or_default();
    let part = |at: usize| {
        let two = digits.get(at..at + 2);
        two.and_then(|two| u8::from_str_radix(two, 16).ok())
    };
    match (part(0), part(2), part(4)) {
        (Some(red), Some(green), Some(blue)) if digits.len() == 6 => [red, green, blue],
        _ => [0; 3],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_of_the_page_are_read() {
        assert_eq!(rgb("#93cfe3"), [0x93, 0xCF, 0xE3]);
        for odd in ["", "93cfe3", "#fff", "#zzzzzz", "#ééé"] {
            assert_eq!(rgb(odd), [0; 3]);
        }
    }

    #[test]
    fn a_triangle_is_painted_below_its_diagonal() {
        let rows: Vec<Vec<f32>> = vec![vec![1.0], vec![0.0, 1.0], vec![0.25, 0.0, 0.75]];
        let (side, width) = (64, 136);
        let mut pixels = vec![0; width * side * 4];
        paint_triangle(&mut pixels, width, (72, 0), side, &rows, [9, 9, 9]);
        let alpha = |x: usize, y: usize| pixels[(y * width + 72 + x) * 4 + 3];
        assert_eq!((alpha(0, 0), alpha(63, 0)), (255, 0));
        assert_eq!(alpha(32, 32), 255);
        assert_eq!(alpha(0, 63), 127, "the root of a quarter");
        assert_eq!(pixels[3], 0, "the place of another one");
        // More rows than pixels.
        let many: Vec<Vec<f32>> = (1..=300).map(|length| vec![1.0; length]).collect();
        paint_triangle(&mut pixels, width, (0, 0), side, &many, [9, 9, 9]);
        assert_eq!((pixels[3], pixels[(63 * width + 63) * 4 + 3]), (255, 255));
    }
}
