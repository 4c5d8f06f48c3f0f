//! The map of a latent space of two dimensions: every place is a picture.

use lampwork_protocol::{Latent, PICTURE_SIDE};
use leptos::html;
use leptos::prelude::*;

use super::blend::Big;
use super::knobs::Slider;
use super::maker::{Made, Pixels};
use super::picture::draw;
use super::room::{number, short, use_room};
use super::sheet::Faults;
use super::tint::Ramp;
use crate::i18n::*;
use crate::route::History;
use crate::theme::use_look;

/// The map goes from minus this to this: three standard deviations hold 99.7 % of
/// what the model was trained to fill.
const EDGE: f32 = 3.0;

/// Pictures along a side of the background.
const TILES: usize = 15;

/// How far an arrow key goes, and with Shift.
const STEP: f32 = 0.1;
const STRIDE: f32 = 0.5;

/// The tool.
#[component]
pub fn Map() -> impl IntoView {
    let i18n = use_i18n();
    let room = use_room();
    let coordinate = move |name: &'static str| {
        Memo::new(move |_| {
            number::<f32>(room.address.get(name))
                .filter(|value| value.is_finite())
                .unwrap_or(0.0)
                .clamp(-EDGE, EDGE)
        })
    };
    let (x, y) = (coordinate("x"), coordinate("y"));
    let go = move |x: f32, y: f32| {
        let short = |value: f32| Some(short(value.clamp(-EDGE, EDGE)));
        room.address
            .set(&[("x", short(x)), ("y", short(y))], History::Replace);
    };
    let big = room.follow(move || {
        let z = vec![x.get(), y.get()];
        Some(vec![room.recipe(Latent::At { z, class: None })?])
    });
    let tiles = room.follow(move || tiles().map(|latent| room.recipe(latent)).collect());
    let made = big.get(0);
    view! {
        <section class="tool tool-map" aria-labelledby="map-heading">
            <h2 id="map-heading" class="unseen">{t!(i18n, pictures.tool_map)}</h2>
            <div class="map-row">
                <Sea tiles=tiles.made() x y go />
                <div class="map-here">
                    <Big made testid="map-big" />
                    <Slider
                        id="map-x"
                        label=Signal::derive(move || t_string!(i18n, pictures.map_x).to_owned())
                        value=x
                        range=(-EDGE, EDGE)
                        on_move=move |x| go(x, y.get_untracked())
                    />
                    <Slider
                        id="map-y"
                        label=Signal::derive(move || t_string!(i18n, pictures.map_y).to_owned())
                        value=y
                        range=(-EDGE, EDGE)
                        on_move=move |y| go(x.get_untracked(), y)
                    />
                    <p class="hint">{t!(i18n, pictures.map_about)}</p>
                </div>
            </div>
            <Faults maker=big />
        </section>
    }
}

/// Places of the background, row by row, top row first.
fn tiles() -> impl Iterator<Item = Latent> {
    let place = |i: usize| ((i as f32 + 0.5) / TILES as f32 * 2.0 - 1.0) * EDGE;
    (0..TILES * TILES).map(move |i| Latent::At {
        z: vec![place(i % TILES), -place(i / TILES)],
        class: None,
    })
}

/// The background of decoded pictures, and the marker that is dragged over it.
#[component]
fn Sea(
    tiles: RwSignal<Vec<Option<Made>>>,
    x: Memo<f32>,
    y: Memo<f32>,
    go: impl Fn(f32, f32) + Copy + 'static,
) -> impl IntoView {
    let i18n = use_i18n();
    let look = use_look();
    let canvas = NodeRef::<html::Canvas>::new();
    let sea = NodeRef::<html::Div>::new();
    Effect::new(move |_| {
        let ramp = Ramp::of(look);
        let Some(canvas) = canvas.get() else {
            return;
        };
        tiles.with(|tiles| {
            // Drawn once they are all there: a map with holes misleads.
            let pixels: Option<Vec<Pixels>> = tiles
                .iter()
                .map(|made| made.as_ref().map(|made| made.pixels.clone()))
                .collect();
            if let Some(pixels) = pixels {
                draw(&canvas, &pixels, TILES, &ramp);
            }
        });
    });
    let to_pointer = move |event: &leptos::ev::PointerEvent| {
        if let Some(sea) = sea.get_untracked() {
            let frame = sea.get_bounding_client_rect();
            let part = |at: i32, start: f64, length: f64| {
                ((f64::from(at) - start) / length.max(1.0) * 2.0 - 1.0) as f32 * EDGE
            };
            go(
                part(event.client_x(), frame.left(), frame.width()),
                -part(event.client_y(), frame.top(), frame.height()),
            );
        }
    };
    let on_down = move |event: leptos::ev::PointerEvent| {
        if let Some(sea) = sea.get_untracked() {
            // Without capture the drag ends at the edge; nothing worse.
            let _ = sea.set_pointer_capture(event.pointer_id());
        }
        to_pointer(&event);
    };
    let on_move = move |event: leptos::ev::PointerEvent| {
        if event.buttons() & 1 == 1 {
            to_pointer(&event);
        }
    };
    let on_key = move |event: leptos::ev::KeyboardEvent| {
        let step = if event.shift_key() { STRIDE } else { STEP };
        let (dx, dy) = match event.key().as_str() {
            "ArrowRight" => (step, 0.0),
            "ArrowLeft" => (-step, 0.0),
            "ArrowUp" => (0.0, step),
            "ArrowDown" => (0.0, -step),
            _ => return,
        };
        event.prevent_default();
        go(x.get_untracked() + dx, y.get_untracked() + dy);
    };
    let percent = |value: f32| (value / EDGE + 1.0) * 50.0;
    // By property and not by attribute, as the policy allows no inline style.
    let left = move || format!("{}%", percent(x.get()));
    let top = move || format!("{}%", 100.0 - percent(y.get()));
    let side = TILES * PICTURE_SIDE;
    view! {
        <div
            class="sea"
            node_ref=sea
            tabindex="0"
            role="application"
            aria-label=move || t_string!(i18n, pictures.map_label)
            aria-describedby="map-help"
            data-testid="map"
            on:pointerdown=on_down
            on:pointermove=on_move
            on:keydown=on_key
        >
            <canvas
                node_ref=canvas
                class="sea-tiles"
                width=side
                height=side
                aria-hidden="true"
            ></canvas>
            <span class="sea-marker" style:left=left style:top=top aria-hidden="true"></span>
            <span id="map-help" class="unseen">{t!(i18n, pictures.map_help)}</span>
        </div>
    }
}
