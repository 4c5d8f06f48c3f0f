//! A pad of 28 x 28 cells to scribble on, by pointer or by keys.

use std::sync::Arc;

use lampwork_protocol::{PICTURE_PIXELS, PICTURE_SIDE};
use leptos::html;
use leptos::prelude::*;

use super::maker::Pixels;
use super::picture::draw;
use super::tint::Ramp;
use crate::i18n::*;
use crate::theme::use_look;

/// Radius of the brush, in cells; what it leaves is as thick as the strokes of
/// the digits that models have seen.
const BRUSH: f32 = 1.35;

/// A scribble that can be changed.
#[derive(Debug, Clone, Copy)]
pub struct Scribble {
    /// Its pixels.
    pub pixels: RwSignal<Vec<u8>>,
    /// Counts finished strokes.
    pub strokes: RwSignal<u32>,
}

impl Scribble {
    /// An empty one.
    pub fn new() -> Scribble {
        Scribble {
            pixels: RwSignal::new(vec![0; PICTURE_PIXELS]),
            strokes: RwSignal::new(0),
        }
    }

    /// Wipes it.
    pub fn clear(&self) {
        self.pixels.set(vec![0; PICTURE_PIXELS]);
        self.strokes.update(|n| *n += 1);
    }

    /// Whether there is nothing on it.
    pub fn is_empty(&self) -> bool {
        self.pixels
            .with_untracked(|pixels| pixels.iter().all(|grey| *grey == 0))
    }

    /// Leaves the brush's mark around a point given in cells.
    fn dab(&self, x: f32, y: f32, erase: bool) {
        self.pixels.update(|pixels| {
            for (i, grey) in pixels.iter_mut().enumerate() {
                let (column, row) = (i % PICTURE_SIDE, i / PICTURE_SIDE);
                let far = (column as f32 + 0.5 - x).hypot(row as f32 + 0.5 - y);
                let mark = ((BRUSH + 0.5 - far).clamp(0.0, 1.0) * 255.0) as u8;
                *grey = if erase {
                    (*grey).min(255 - mark)
                } else {
                    (*grey).max(mark)
                };
            }
        });
    }

    /// Draws a line, dab by dab.
    fn line(&self, from: (f32, f32), to: (f32, f32), erase: bool) {
        let length = (to.0 - from.0).hypot(to.1 - from.1);
        let dabs = (length * 2.0).ceil().max(1.0) as usize;
        for i in 1..=dabs {
            let t = i as f32 / dabs as f32;
            self.dab(
                from.0 + (to.0 - from.0) * t,
                from.1 + (to.1 - from.1) * t,
                erase,
            );
        }
    }
}

/// The pad.
#[component]
pub fn Pad(
    /// What is drawn on it.
    scribble: Scribble,
    /// Whether the brush wipes.
    erase: RwSignal<bool>,
) -> impl IntoView {
    let i18n = use_i18n();
    let look = use_look();
    let canvas = NodeRef::<html::Canvas>::new();
    let pad = NodeRef::<html::Div>::new();
    let last = StoredValue::new(None::<(f32, f32)>);
    // The cell that the keys are at.
    let cursor = RwSignal::new((14_i32, 14_i32));
    let by_keys = RwSignal::new(false);
    Effect::new(move |_| {
        let ramp = Ramp::of(look);
        if let Some(canvas) = canvas.get() {
            let pixels: Pixels = scribble.pixels.with(|pixels| Arc::from(pixels.as_slice()));
            draw(&canvas, &[pixels], 1, &ramp);
        }
    });
    let point = move |event: &leptos::ev::PointerEvent| {
        let frame = pad.get_untracked()?.get_bounding_client_rect();
        let cell = |at: i32, start: f64, length: f64| {
            ((f64::from(at) - start) / length.max(1.0)) as f32 * PICTURE_SIDE as f32
        };
        Some((
            cell(event.client_x(), frame.left(), frame.width()),
            cell(event.client_y(), frame.top(), frame.height()),
        ))
    };
    let on_down = move |event: leptos::ev::PointerEvent| {
        if let (Some(pad), Some(at)) = (pad.get_untracked(), point(&event)) {
            // Without capture the stroke ends at the edge; nothing worse.
            let _ = pad.set_pointer_capture(event.pointer_id());
            by_keys.set(false);
            scribble.dab(at.0, at.1, erase.get_untracked());
            last.set_value(Some(at));
        }
    };
    let on_move = move |event: leptos::ev::PointerEvent| {
        if let (Some(from), Some(to)) = (last.get_value(), point(&event)) {
            scribble.line(from, to, erase.get_untracked());
            last.set_value(Some(to));
        }
    };
    let on_up = move |_| {
        if last.get_value().is_some() {
            last.set_value(None);
            scribble.strokes.update(|n| *n += 1);
        }
    };
    let on_key = move |event: leptos::ev::KeyboardEvent| {
        let (dx, dy) = match event.key().as_str() {
            "ArrowRight" => (1, 0),
            "ArrowLeft" => (-1, 0),
            "ArrowUp" => (0, -1),
            "ArrowDown" => (0, 1),
            " " | "Enter" => (0, 0),
            _ => return,
        };
        event.prevent_default();
        by_keys.set(true);
        let edge = PICTURE_SIDE as i32 - 1;
        let (x, y) = cursor.get_untracked();
        let (x, y) = ((x + dx).clamp(0, edge), (y + dy).clamp(0, edge));
        cursor.set((x, y));
        // Space paints; with Shift held, so does moving.
        if (dx, dy) == (0, 0) || event.shift_key() {
            scribble.dab(x as f32 + 0.5, y as f32 + 0.5, erase.get_untracked());
            scribble.strokes.update(|n| *n += 1);
        }
    };
    // By property and not by attribute, as the policy allows no inline style.
    let part = |cell: i32| format!("{}%", (f64::from(cell) + 0.5) / PICTURE_SIDE as f64 * 100.0);
    let left = move || part(cursor.get().0);
    let top = move || part(cursor.get().1);
    view! {
        <div
            class="pad"
            class:by-keys=move || by_keys.get()
            node_ref=pad
            tabindex="0"
            role="application"
            aria-label=move || t_string!(i18n, pictures.pad_label)
            aria-describedby="pad-help"
            data-testid="pad"
            on:pointerdown=on_down
            on:pointermove=on_move
            on:pointerup=on_up
            on:pointercancel=on_up
            on:keydown=on_key
        >
            <canvas
                node_ref=canvas
                class="picture"
                width=PICTURE_SIDE
                height=PICTURE_SIDE
                aria-hidden="true"
            ></canvas>
            <span class="pad-cursor" style:left=left style:top=top aria-hidden="true"></span>
        </div>
        <p id="pad-help" class="hint">{t!(i18n, pictures.pad_help)}</p>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_leaves_no_gap_and_wiping_takes_it_away() {
        let owner = Owner::new();
        owner.with(|| {
            let scribble = Scribble::new();
            scribble.line((2.0, 14.5), (26.0, 14.5), false);
            let row = |scribble: &Scribble| {
                scribble
                    .pixels
                    .with_untracked(|pixels| pixels[14 * 28 + 2..14 * 28 + 26].to_vec())
            };
            assert!(row(&scribble).iter().all(|grey| *grey > 200));
            scribble.line((0.0, 14.5), (28.0, 14.5), true);
            assert!(row(&scribble).iter().all(|grey| *grey == 0));
        });
    }
}
