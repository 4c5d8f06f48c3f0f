//! Under the text, place by place: how unsure the model was, and what the token cost.

use leptos::html;
use leptos::prelude::*;
use web_sys::CanvasRenderingContext2d;

use super::figures::{bits_of, bits_text};
use super::frame::{Colours, each_frame, visible_of, wiped};
use super::record::Record;
use super::use_inside;
use crate::i18n::*;
use crate::workbench::measure::width_of;
use crate::workbench::scale::Scale;

/// Height in CSS pixels.
const HEIGHT: f64 = 116.0;
/// Room for the names of the lines across.
const LEFT: f64 = 30.0;
/// Room above and below.
const EDGE: f64 = 7.0;

/// What one place shows, in bits.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Place {
    at: usize,
    loss: f64,
    entropy: f64,
}

fn places(record: &Record) -> Vec<Place> {
    let tokens = record.tokens.iter().enumerate();
    let places = tokens.filter_map(|(at, token)| {
        let seen = token.seen.as_ref()?;
        Some(Place {
            at,
            loss: f64::from(token.bits()?),
            entropy: bits_of(seen.entropy),
        })
    });
    places.collect()
}

/// The highest line: a multiple of four bits above all of them.
fn top(places: &[Place]) -> f64 {
    let most = places
        .iter()
        .map(|place| place.loss.max(place.entropy))
        .fold(1.0, f64::max);
    (most / 4.0).ceil() * 4.0
}

/// Width of a place. Few stand close together at the left, as they do in the text.
fn stride(width: f64, places: usize) -> f64 {
    ((width - LEFT) / places.max(1) as f64).min(34.0)
}

/// The place at a distance from the left, of so many on a strip of this width.
fn place_at(across: f64, width: f64, places: usize) -> Option<usize> {
    let last = places.checked_sub(1)?;
    let place = (across - LEFT).max(0.0) / stride(width, places).max(0.1);
    Some((place as usize).min(last))
}

/// The strip.
#[component]
pub fn Strip() -> impl IntoView {
    let i18n = use_i18n();
    let inside = use_inside();
    let record = inside.session.record;
    let frame = NodeRef::<html::Div>::new();
    let canvas = NodeRef::<html::Canvas>::new();
    let width = width_of(frame);
    let visible = visible_of(move || frame.get().map(Into::into));
    each_frame(
        move || {
            record.track();
            inside.chosen.track();
            width.track();
            visible.track();
        },
        move || {
            let width = width.get();
            let (Some(canvas), true, true) = (canvas.get(), visible.get(), width > LEFT) else {
                return;
            };
            if let Some(context) = wiped(&canvas, width, HEIGHT) {
                let places = record.with(places);
                draw(&context, width, &places, inside.chosen.get());
            }
        },
    );
    let look = move |event: leptos::ev::PointerEvent| {
        let Some(frame) = frame.get_untracked() else {
            return;
        };
        let rectangle = frame.get_bounding_client_rect();
        let across = f64::from(event.client_x()) - rectangle.left();
        let places = record.with_untracked(places);
        if let Some(place) = place_at(across, rectangle.width(), places.len()) {
            inside.looked.set(Some(places[place].at));
        }
    };
    let on_key = move |event: leptos::ev::KeyboardEvent| {
        let places = record.with_untracked(places);
        let Some(last) = places.len().checked_sub(1) else {
            return;
        };
        let chosen = inside.chosen.get_untracked().unwrap_or(0);
        let now = places
            .iter()
            .position(|place| place.at >= chosen)
            .unwrap_or(last);
        let to = match event.key().as_str() {
            "ArrowLeft" | "ArrowDown" => now.saturating_sub(1),
            "ArrowRight" | "ArrowUp" => (now + 1).min(last),
            "Home" => 0,
            "End" => last,
            "Escape" => {
                inside.looked.set(None);
                return;
            }
            _ => return,
        };
        event.prevent_default();
        inside.looked.set(Some(places[to].at));
    };
    let spoken = move || {
        record.with(|record| {
            let token = record.tokens.get(inside.chosen.get()?)?;
            let seen = token.seen.as_ref()?;
            Some(t_string!(
                i18n,
                words.inside.strip_place,
                token = token.text.clone(),
                loss = bits_text(f64::from(token.bits()?)),
                entropy = bits_text(bits_of(seen.entropy))
            ))
        })
    };
    let last = move || record.with(|record| record.tokens.len().saturating_sub(1));
    view! {
        <figure class="inside-strip">
            <figcaption>
                <span class="key-loss">{t!(i18n, words.inside.strip_loss)}</span>
                <span class="key-entropy">{t!(i18n, words.inside.strip_entropy)}</span>
            </figcaption>
            <div
                class="inside-plot"
                node_ref=frame
                role="slider"
                tabindex="0"
                data-testid="inside-strip"
                aria-label=move || t_string!(i18n, words.inside.strip_label)
                aria-valuemin="0"
                aria-valuemax=move || last().to_string()
                aria-valuenow=move || inside.chosen.get().unwrap_or(0).min(last()).to_string()
                aria-valuetext=spoken
                on:pointermove=look
                on:pointerdown=look
                on:pointerleave=move |_| inside.looked.set(None)
                on:keydown=on_key
                on:blur=move |_| inside.looked.set(None)
            >
                <canvas node_ref=canvas aria-hidden="true"></canvas>
            </div>
        </figure>
    }
}

fn draw(context: &CanvasRenderingContext2d, width: f64, places: &[Place], chosen: Option<usize>) {
    let colours = Colours::now();
    let top = top(places);
    let y = Scale::new(0.0, top, HEIGHT - EDGE, EDGE);
    context.set_font("12px system-ui, sans-serif");
    context.set_text_align("right");
    context.set_text_baseline("middle");
    context.set_line_width(1.0);
    for tick in [0.0, top / 2.0, top] {
        let at = y.pixel(tick).round() + 0.5;
        context.set_stroke_style_str(&colours.line);
        context.begin_path();
        context.move_to(LEFT, at);
        context.line_to(width, at);
        context.stroke();
        context.set_fill_style_str(&colours.quiet);
        // What does not fit is left out; nothing depends on it.
        let _ = context.fill_text(&tick.to_string(), LEFT - 6.0, at);
    }
    let stride = stride(width, places.len());
    let middle = |index: usize| LEFT + stride * (index as f64 + 0.5);
    let bar = (stride * 0.62).clamp(1.0, 18.0);
    context.set_fill_style_str(&colours.ember);
    for (index, place) in places.iter().enumerate() {
        let lit = chosen == Some(place.at);
        context.set_global_alpha(if lit { 1.0 } else { 0.62 });
        let high = y.pixel(place.loss);
        context.fill_rect(middle(index) - bar / 2.0, high, bar, HEIGHT - EDGE - high);
    }
    context.set_global_alpha(1.0);
    context.set_stroke_style_str(&colours.glass);
    context.set_line_width(2.0);
    context.set_line_join("round");
    context.begin_path();
    for (index, place) in places.iter().enumerate() {
        context.line_to(middle(index), y.pixel(place.entropy));
    }
    context.stroke();
    let lit = places.iter().position(|place| chosen == Some(place.at));
    if let Some(index) = lit {
        context.set_fill_style_str(&colours.glass);
        context.begin_path();
        let at = (middle(index), y.pixel(places[index].entropy));
        // A circle of this size is always one.
        let _ = context.arc(at.0, at.1, 4.0, 0.0, std::f64::consts::TAU);
        context.fill();
    }
}

#[cfg(test)]
mod tests {
    use super::super::record::Kind;
    use super::super::record::tests::{SHAPE, read};
    use super::*;

    #[test]
    fn what_was_told_has_no_place() {
        let mut record = Record::new(SHAPE);
        record.read(read(0, "", None));
        record.read(read(1, "a", Some(0.25)));
        let places = places(&record);
        assert_eq!((places.len(), places[0].at, places[0].loss), (1, 1, 2.0));
        assert!(record.tokens.iter().any(|token| token.kind == Kind::Told));
        assert_eq!(top(&places), 4.0);
        assert_eq!(top(&[]), 4.0);
    }

    #[test]
    fn a_place_is_found_where_it_is_drawn() {
        // Four places of twenty pixels.
        let found = |across: f64| place_at(across, LEFT + 80.0, 4);
        assert_eq!(
            [0.0, LEFT, LEFT + 21.0, LEFT + 79.0, 900.0].map(found),
            [0, 0, 1, 3, 3].map(Some)
        );
        assert_eq!(place_at(9.0, 500.0, 0), None);
        // They do not spread over a wide strip.
        assert_eq!(place_at(LEFT + 35.0, 900.0, 2), Some(1));
    }
}
