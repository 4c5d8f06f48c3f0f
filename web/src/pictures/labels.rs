//! What stands beside the pictures of a saved grid: the knobs and their values.

use wasm_bindgen::JsCast;
use web_sys::{CanvasRenderingContext2d, HtmlCanvasElement};

/// Pixels of the letters' size.
const SIZE: f64 = 18.0;
/// Pixels of a line of letters.
const LINE: f64 = 28.0;
/// Pixels around everything.
const MARGIN: f64 = 16.0;
/// Pixels that the names of rows take at most.
const WIDEST: f64 = 240.0;
/// Ink on paper, whichever theme the page has: the file goes elsewhere.
const PAPER: &str = "#ffffff";
const INK: &str = "#1c1917";

/// The words around a grid.
#[derive(Debug, Clone)]
pub struct Labels {
    /// The knob of the columns, and their values.
    pub across: (String, Vec<String>),
    /// Those of the rows.
    pub down: Option<(String, Vec<String>)>,
    /// A line below.
    pub below: String,
}

/// A frame with the labels in it.
#[derive(Debug, Clone)]
pub struct Drawn {
    /// `[height, width, 3]`.
    pub pixels: Vec<u8>,
    /// Width in pixels.
    pub width: usize,
    /// Where the grid goes.
    pub left: usize,
    /// Where the grid goes.
    pub top: usize,
}

impl Labels {
    /// Draws them around a grid of `[width, height]` pixels; `None` where the
    /// browser has no canvas to draw on.
    pub fn draw(&self, [width, height]: [usize; 2]) -> Option<Drawn> {
        let canvas = document()?.create_element("canvas").ok()?;
        let canvas: HtmlCanvasElement = canvas.dyn_into().ok()?;
        let context = canvas.get_context("2d").ok()??;
        let context: CanvasRenderingContext2d = context.dyn_into().ok()?;
        let font = format!("{SIZE}px system-ui, sans-serif");
        context.set_font(&font);
        let wide = |text: &String| context.measure_text(text).map_or(0.0, |m| m.width());
        let (width, height) = (width as f64, height as f64);
        let left = match &self.down {
            None => MARGIN,
            Some((knob, values)) => {
                let widest = values.iter().chain([knob]).map(wide).fold(0.0, f64::max);
                (2.0 * MARGIN + widest.min(WIDEST)).ceil()
            }
        };
        let top = MARGIN + 2.0 * LINE;
        let whole = (left + width + MARGIN, top + height + LINE + MARGIN);
        canvas.set_width(whole.0 as u32);
        canvas.set_height(whole.1 as u32);
        // A canvas forgets all of it when its size is set.
        context.set_font(&font);
        context.set_fill_style_str(PAPER);
        context.fill_rect(0.0, 0.0, whole.0, whole.1);
        context.set_fill_style_str(INK);
        context.set_text_baseline("middle");
        let write = |text: &str, align: &str, x: f64, y: f64, room: f64| {
            context.set_text_align(align);
            // It fails for no text.
            let _ = context.fill_text_with_max_width(text, x, y, room);
        };
        let (knob, values) = &self.across;
        let first = MARGIN + LINE / 2.0;
        write(knob, "center", left + width / 2.0, first, width);
        let column = width / values.len() as f64;
        for (at, value) in values.iter().enumerate() {
            let middle = left + (at as f64 + 0.5) * column;
            write(value, "center", middle, first + LINE, column - 4.0);
        }
        if let Some((knob, values)) = &self.down {
            let right = left - MARGIN / 2.0;
            let room = right - MARGIN / 2.0;
            write(knob, "right", right, first + LINE, room);
            let row = height / values.len() as f64;
            for (at, value) in values.iter().enumerate() {
                write(value, "right", right, top + (at as f64 + 0.5) * row, room);
            }
        }
        let last = top + height + MARGIN / 2.0 + LINE / 2.0;
        write(&self.below, "left", left, last, width);
        let drawn = context.get_image_data(0.0, 0.0, whole.0, whole.1).ok()?;
        Some(Drawn {
            pixels: drawn
                .data()
                .chunks_exact(4)
                .flat_map(|p| [p[0], p[1], p[2]])
                .collect(),
            width: whole.0 as usize,
            left: left as usize,
            top: top as usize,
        })
    }
}

fn document() -> Option<web_sys::Document> {
    web_sys::window()?.document()
}
