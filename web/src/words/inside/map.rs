//! One head as a map: down the tokens that are read, across what they look at.

use leptos::html;
use leptos::prelude::*;
use web_sys::CanvasRenderingContext2d;

use super::frame::{
    Colours, each_frame, now_and_then, paint_triangle, put, rgb, visible_of, wiped,
};
use super::record::Record;
use super::session::Stage;
use super::shape::Choice;
use super::{shown, use_inside};
use crate::i18n::*;
use crate::workbench::measure::width_of;

/// Largest side, in CSS pixels.
const LARGEST: f64 = 520.0;

/// Room for the tokens' names.
const MARGIN: f64 = 34.0;

/// Smallest cell beside which a name can be read.
const NAMED: f64 = 11.0;

/// The map.
#[component]
pub fn HeatMap() -> impl IntoView {
    let i18n = use_i18n();
    let inside = use_inside();
    let record = inside.session.record;
    let frame = NodeRef::<html::Div>::new();
    let (cells, names) = (
        NodeRef::<html::Canvas>::new(),
        NodeRef::<html::Canvas>::new(),
    );
    let width = width_of(frame);
    let visible = visible_of(move || frame.get().map(Into::into));
    let side = Memo::new(move |_| width.get().min(LARGEST));
    let busy = move || inside.session.stage.get() != Stage::Rest;
    let turn = now_and_then(move || record.track(), busy);
    let can = move || visible.get() && side.get() > MARGIN;
    each_frame(
        move || {
            turn.track();
            inside.choice.track();
            side.track();
            visible.track();
        },
        move || {
            let (Some(canvas), true) = (cells.get(), can()) else {
                return;
            };
            let pixels_a_side = (side.get() - MARGIN) as usize;
            let choice = inside.choice.get();
            let rows: Vec<Vec<f32>> = record.with(|record| {
                let tokens = 0..record.attended();
                tokens
                    .filter_map(|at| record.looks_at(at, choice))
                    .collect()
            });
            let mut pixels = vec![0; pixels_a_side * pixels_a_side * 4];
            let colour = rgb(&Colours::now().glass);
            paint_triangle(
                &mut pixels,
                pixels_a_side,
                (0, 0),
                pixels_a_side,
                &rows,
                colour,
            );
            put(&canvas, &pixels, pixels_a_side, pixels_a_side);
        },
    );
    each_frame(
        move || {
            turn.track();
            inside.chosen.track();
            side.track();
            visible.track();
        },
        move || {
            let (Some(canvas), true) = (names.get(), can()) else {
                return;
            };
            let side = side.get();
            let Some(context) = wiped(&canvas, side, side) else {
                return;
            };
            let poems = inside
                .room
                .info
                .with(|info| info.as_ref().is_some_and(|info| info.poems));
            record.with(|record| {
                let told = record.told();
                let name = |at: usize| {
                    let token = record.tokens.get(at);
                    let text = token.map(|token| shown(i18n, at, told, poems, token));
                    text.unwrap_or_default()
                };
                draw_names(&context, side, record.attended(), inside.chosen.get(), name);
            });
        },
    );
    let look = move |event: leptos::ev::PointerEvent| {
        let Some(frame) = frame.get_untracked() else {
            return;
        };
        let down = f64::from(event.client_y()) - frame.get_bounding_client_rect().top();
        let tokens = record.with_untracked(Record::attended);
        let row = (down - MARGIN) / (side.get_untracked() - MARGIN) * tokens as f64;
        let inside_map = row >= 0.0 && (row as usize) < tokens;
        inside.looked.set(inside_map.then_some(row as usize));
    };
    let label = move || match inside.choice.get() {
        Choice::Mean => t_string!(i18n, words.inside.map_mean).to_owned(),
        Choice::Head(layer, head) => {
            t_string!(
                i18n,
                words.inside.map_head,
                layer = layer + 1,
                head = head + 1
            )
        }
    };
    let cells_side = move || format!("{}px", (side.get() - MARGIN).max(0.0) as usize);
    view! {
        <figure class="inside-map">
            <div
                class="inside-map-box"
                node_ref=frame
                data-testid="inside-map"
                on:pointermove=look
                on:pointerdown=look
                on:pointerleave=move |_| inside.looked.set(None)
            >
                <canvas
                    class="map-cells"
                    node_ref=cells
                    role="img"
                    aria-label=label
                    style:height=cells_side
                    style:left=format!("{MARGIN}px")
                    style:top=format!("{MARGIN}px")
                    style:width=cells_side
                ></canvas>
                <canvas
                    class="map-names"
                    node_ref=names
                    aria-hidden="true"
                    style:height=move || format!("{:.0}px", side.get())
                    style:width=move || format!("{:.0}px", side.get())
                ></canvas>
            </div>
            <figcaption class="hint">{label}</figcaption>
        </figure>
    }
}

/// Draws the frame, the names where there is room for them, and which row is chosen.
fn draw_names(
    context: &CanvasRenderingContext2d,
    side: f64,
    tokens: usize,
    chosen: Option<usize>,
    name: impl Fn(usize) -> String,
) {
    let colours = Colours::now();
    let cell = (side - MARGIN) / tokens.max(1) as f64;
    let place = |at: usize| MARGIN + cell * at as f64;
    context.set_stroke_style_str(&colours.line);
    context.stroke_rect(MARGIN - 0.5, MARGIN - 0.5, side - MARGIN, side - MARGIN);
    if let Some(at) = chosen.filter(|at| *at < tokens) {
        context.set_stroke_style_str(&colours.ember);
        context.set_line_width(1.5);
        let across = cell * (at + 1) as f64;
        context.stroke_rect(MARGIN - 0.5, place(at) - 0.5, across + 1.0, cell + 1.0);
    }
    if cell < NAMED {
        return;
    }
    let letters = (cell * 0.72).clamp(9.0, 14.0);
    context.set_font(&format!("{letters:.0}px system-ui, sans-serif"));
    for at in 0..tokens {
        let lit = chosen == Some(at);
        context.set_fill_style_str(if lit { &colours.ink } else { &colours.quiet });
        let name = name(at);
        let middle = place(at) + cell / 2.0;
        // What does not fit is squeezed; nothing depends on it.
        context.set_text_align("right");
        context.set_text_baseline("middle");
        let _ = context.fill_text_with_max_width(&name, MARGIN - 5.0, middle, MARGIN - 6.0);
        // Across, only what is as narrow as its column.
        if name.chars().count() as f64 * letters > cell * 2.0 {
            continue;
        }
        context.set_text_align("center");
        context.set_text_baseline("bottom");
        let _ = context.fill_text_with_max_width(&name, middle, MARGIN - 4.0, cell - 1.0);
    }
}
