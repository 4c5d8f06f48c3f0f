//! The paper: what is worked on, drawn on by mouse, finger, pen or keys.

use lampwork_protocol::Shape;
use leptos::html;
use leptos::prelude::*;
use wasm_bindgen::{Clamped, JsCast};
use web_sys::{CanvasRenderingContext2d, HtmlCanvasElement, ImageData, PointerEvent};

use super::desk::Desk;
use super::work::{Ink, Work};
use crate::i18n::*;
use crate::pictures::maker::Pixels;
use crate::pictures::picture::Picture;

/// What is in the hand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tip {
    /// Leaves colour, or marks what is to be filled in.
    Brush,
    /// Takes either away.
    Eraser,
    /// Fills what hangs together.
    Bucket,
    /// Takes up the colour that it touches.
    Picker,
}

/// How large a brush's radius is, in pixels of a picture of 32.
pub const SIZES: [f32; 4] = [0.5, 1.2, 2.2, 4.0];

/// The tip in the hand and what it is dipped in.
#[derive(Clone, Copy)]
pub struct Hand {
    /// Which tip.
    pub tip: RwSignal<Tip>,
    /// Which of [`SIZES`].
    pub size: RwSignal<usize>,
    /// The colour.
    pub colour: RwSignal<[u8; 3]>,
    /// Whether it marks what is to be filled in, rather than painting.
    pub marks: Memo<bool>,
}

impl Hand {
    /// What an eraser or another tip leaves.
    fn ink(&self, work: &Work, erases: bool) -> Ink {
        match (self.marks.get_untracked(), erases) {
            (true, erases) => Ink::Mask(!erases),
            (false, true) => Ink::Colour(work.ground()),
            (false, false) => Ink::Colour(self.colour.get_untracked()),
        }
    }
}

/// The bit of a pen's eraser end in the buttons of an event.
const ERASER_END: u16 = 32;

/// A stroke that is under way.
#[derive(Debug, Clone, Copy)]
struct Stroke {
    pointer: i32,
    erases: bool,
    last: (f32, f32),
    radius: f32,
}

/// The paper.
#[component]
pub fn Paper(
    /// What lies on it.
    desk: Desk,
    /// What draws on it.
    hand: Hand,
) -> impl IntoView {
    let i18n = use_i18n();
    let frame = NodeRef::<html::Div>::new();
    let stroke = StoredValue::new(None::<Stroke>);
    let cursor = RwSignal::new((14_usize, 14_usize));
    let by_keys = RwSignal::new(false);
    let side = Memo::new(move |_| {
        desk.work.with(|work| {
            work.as_ref()
                .map_or(Shape::COLOUR.side, |work| work.shape.side)
        })
    });
    let radius = move || SIZES[hand.size.get_untracked().min(SIZES.len() - 1)];
    let place = move |event: &PointerEvent| {
        let frame = frame.get_untracked()?.get_bounding_client_rect();
        let side = side.get_untracked() as f64;
        let cell = |at: i32, from: f64, length: f64| {
            ((f64::from(at) - from) / length.max(1.0) * side) as f32
        };
        Some((
            cell(event.client_x(), frame.left(), frame.width()),
            cell(event.client_y(), frame.top(), frame.height()),
        ))
    };
    let at_cell = move |(x, y): (f32, f32)| {
        let side = side.get_untracked();
        let cell = |value: f32| (value.max(0.0) as usize).min(side - 1);
        cell(y) * side + cell(x)
    };
    // What a touch does that leaves no stroke.
    let touch = move |tip: Tip, at: (f32, f32)| match tip {
        Tip::Bucket => {
            let cell = at_cell(at);
            desk.change(|work| {
                let mut work = work.clone();
                let ink = hand.ink(&work, false);
                work.pour(cell, ink);
                work
            });
        }
        Tip::Picker => {
            let colour = desk
                .work
                .with_untracked(|work| work.as_ref().map(|work| work.colour(at_cell(at))));
            if let Some(colour) = colour {
                hand.colour.set(colour);
                hand.tip.set(Tip::Brush);
            }
        }
        Tip::Brush | Tip::Eraser => {}
    };
    let on_down = move |event: PointerEvent| {
        // A second finger, or another button of a mouse, draws nothing.
        if stroke.get_value().is_some() || event.button() > 0 && event.buttons() & ERASER_END == 0 {
            return;
        }
        let (Some(element), Some(at)) = (frame.get_untracked(), place(&event)) else {
            return;
        };
        by_keys.set(false);
        let end = event.buttons() & ERASER_END != 0;
        let tip = if end {
            Tip::Eraser
        } else {
            hand.tip.get_untracked()
        };
        if matches!(tip, Tip::Bucket | Tip::Picker) {
            touch(tip, at);
            return;
        }
        // Without capture the stroke ends at the edge; nothing worse.
        let _ = element.set_pointer_capture(event.pointer_id());
        let erases = tip == Tip::Eraser;
        let radius = radius() * pressed(&event);
        desk.sketch(|work| work.dab(at, radius, hand.ink(work, erases)));
        stroke.set_value(Some(Stroke {
            pointer: event.pointer_id(),
            erases,
            last: at,
            radius,
        }));
    };
    let on_move = move |event: PointerEvent| {
        let Some(mut now) = stroke.get_value() else {
            return;
        };
        if now.pointer != event.pointer_id() {
            return;
        }
        // Before the work is held to be changed: where a place lies hangs on its size.
        let places: Vec<_> = coalesced(&event)
            .iter()
            .filter_map(|event| Some((place(event)?, radius() * pressed(event))))
            .collect();
        desk.sketch(|work| {
            for (to, wide) in places {
                work.line(now.last, to, (now.radius, wide), hand.ink(work, now.erases));
                (now.last, now.radius) = (to, wide);
            }
        });
        stroke.set_value(Some(now));
    };
    let on_up = move |event: PointerEvent| {
        if stroke
            .get_value()
            .is_some_and(|stroke| stroke.pointer == event.pointer_id())
        {
            stroke.set_value(None);
            desk.settle();
        }
    };
    let on_key = move |event: leptos::ev::KeyboardEvent| {
        if event.ctrl_key() || event.meta_key() || event.alt_key() {
            return;
        }
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
        let edge = side.get_untracked() - 1;
        let (x, y) = cursor.get_untracked();
        let to = |at: usize, by: isize| at.saturating_add_signed(by).min(edge);
        let (x, y) = (to(x, dx), to(y, dy));
        cursor.set((x, y));
        if (dx, dy) != (0, 0) && !event.shift_key() {
            return;
        }
        let at = (x as f32 + 0.5, y as f32 + 0.5);
        match hand.tip.get_untracked() {
            tip @ (Tip::Bucket | Tip::Picker) => touch(tip, at),
            tip => {
                desk.sketch(|work| work.dab(at, radius(), hand.ink(work, tip == Tip::Eraser)));
                desk.settle();
            }
        }
    };
    let pixels = Signal::derive(move || {
        desk.work.with(|work| {
            let pixels = &work.as_ref()?.pixels;
            Some(Pixels::from(pixels.as_slice()))
        })
    });
    // By property and not by attribute, as the policy allows no inline style.
    let part = move |cell: usize| format!("{}%", cell as f64 / side.get() as f64 * 100.0);
    let (left, top) = (move || part(cursor.get().0), move || part(cursor.get().1));
    let wide = move || format!("{}%", 100.0 / side.get() as f64);
    view! {
        <div
            class="edit-paper"
            class:by-keys=move || by_keys.get()
            class:picks=move || hand.tip.get() == Tip::Picker
            node_ref=frame
            tabindex="0"
            role="application"
            aria-label=move || t_string!(i18n, pictures.edit.paper)
            aria-describedby="edit-paper-help"
            data-testid="edit-paper"
            on:pointerdown=on_down
            on:pointermove=on_move
            on:pointerup=on_up
            on:pointercancel=on_up
            on:keydown=on_key
            // A finger that rests would open a menu.
            on:contextmenu=move |event| event.prevent_default()
        >
            <Picture pixels />
            <Marks desk />
            <span
                class="edit-cursor"
                style:left=left
                style:top=top
                style:width=wide
                style:height=wide
                aria-hidden="true"
            ></span>
        </div>
    }
}

/// What is marked to be filled in, over the picture: a pattern that is seen on any
/// colour.
#[component]
fn Marks(desk: Desk) -> impl IntoView {
    let canvas = NodeRef::<html::Canvas>::new();
    let mask = Memo::new(move |_| {
        desk.work.with(|work| {
            work.as_ref()
                .map(|work| (work.shape.side, work.mask.clone()))
                .unwrap_or_default()
        })
    });
    Effect::new(move |_| {
        if let Some(canvas) = canvas.get() {
            mask.with(|(side, mask)| paint_marks(&canvas, *side, mask));
        }
    });
    view! { <canvas node_ref=canvas class="edit-marks" data-testid="edit-marks" aria-hidden="true"></canvas> }
}

/// Pixels of the pattern along a side of each of the picture's.
const GRAIN: usize = 8;

fn paint_marks(canvas: &HtmlCanvasElement, side: usize, mask: &[bool]) {
    let wide = side * GRAIN;
    canvas.set_width(wide as u32);
    canvas.set_height(wide as u32);
    let context = canvas
        .get_context("2d")
        .ok()
        .flatten()
        .and_then(|context| context.dyn_into::<CanvasRenderingContext2d>().ok());
    let (Some(context), false) = (context, mask.is_empty()) else {
        return;
    };
    let pixels: Vec<u8> = (0..wide * wide)
        .flat_map(|at| {
            let (x, y) = (at % wide, at / wide);
            let marked = mask[y / GRAIN * side + x / GRAIN];
            match (marked, (x + y) % GRAIN < GRAIN / 2) {
                (false, _) => [0; 4],
                (true, true) => [255, 141, 80, 215],
                (true, false) => [21, 16, 13, 150],
            }
        })
        .collect();
    let wide = wide as u32;
    let image = ImageData::new_with_u8_clamped_array_and_sh(Clamped(&pixels), wide, wide);
    if let Ok(image) = image {
        // Fails only for images without size.
        let _ = context.put_image_data(&image, 0.0, 0.0);
    }
}

/// How much wider than usual a pen draws that is pressed so; a mouse and most fingers
/// tell nothing.
fn pressed(event: &PointerEvent) -> f32 {
    match event.pointer_type().as_str() {
        "pen" => 0.4 + 1.2 * event.pressure(),
        _ => 1.0,
    }
}

/// What the pointer did since the last event, which browsers give out in one.
fn coalesced(event: &PointerEvent) -> Vec<PointerEvent> {
    let all = js_sys::Reflect::get(event, &"getCoalescedEvents".into())
        .ok()
        .and_then(|get| get.dyn_into::<js_sys::Function>().ok())
        .and_then(|get| get.call0(event).ok())
        .and_then(|all| all.dyn_into::<js_sys::Array>().ok());
    let all: Vec<PointerEvent> = all
        .map(|all| {
            all.iter()
                .filter_map(|event| event.dyn_into().ok())
                .collect()
        })
        .unwrap_or_default();
    // Made by a script, or in a browser that keeps none.
    if all.is_empty() {
        vec![event.clone()]
    } else {
        all
    }
}
