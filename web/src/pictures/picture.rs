//! One picture on a canvas.

use lampwork_protocol::Shape;
use leptos::html;
use leptos::prelude::*;
use wasm_bindgen::{Clamped, JsCast};
use web_sys::{CanvasRenderingContext2d, HtmlCanvasElement, ImageData};

use super::maker::Pixels;
use super::tint::Ramp;
use crate::theme::use_look;

/// One picture, as large as its surroundings make it.
///
/// The canvas is decoration: whoever uses it says in words what it shows.
#[component]
pub fn Picture(
    /// What is shown; nothing while there is nothing.
    #[prop(into)]
    pixels: Signal<Option<Pixels>>,
    /// Pixels of the canvas along a side.
    #[prop(optional)]
    class: &'static str,
) -> impl IntoView {
    let look = use_look();
    let canvas = NodeRef::<html::Canvas>::new();
    // Until there is a picture, a grey one's: nothing is drawn on it.
    let side = Memo::new(move |_| {
        pixels
            .with(|pixels| Shape::of(pixels.as_ref()?.len()))
            .map_or(Shape::GREY.side, |shape| shape.side)
    });
    Effect::new(move |_| {
        let ramp = Ramp::of(look);
        // A canvas that changes its size is wiped.
        side.track();
        if let Some(canvas) = canvas.get() {
            match pixels.get() {
                Some(pixels) => draw(&canvas, &[pixels], 1, &ramp),
                None => draw(&canvas, &[], 1, &ramp),
            }
        }
    });
    view! {
        <canvas
            node_ref=canvas
            class=format!("picture {class}")
            class:smooth=move || look.smooth.get()
            class:waiting=move || pixels.with(Option::is_none)
            width=side
            height=side
            aria-hidden="true"
        ></canvas>
    }
}

/// Draws pictures in rows of `columns`.
pub fn draw(canvas: &HtmlCanvasElement, pictures: &[Pixels], columns: usize, ramp: &Ramp) {
    let context = canvas
        .get_context("2d")
        .ok()
        .flatten()
        .and_then(|context| context.dyn_into::<CanvasRenderingContext2d>().ok());
    let Some(context) = context else {
        return;
    };
    context.clear_rect(0.0, 0.0, canvas.width().into(), canvas.height().into());
    for (i, pixels) in pictures.iter().enumerate() {
        let Some(shape) = Shape::of(pixels.len()) else {
            continue;
        };
        let colours = ramp.paint_picture(pixels, shape);
        let side = shape.side as u32;
        let image = ImageData::new_with_u8_clamped_array_and_sh(Clamped(&colours), side, side);
        if let Ok(image) = image {
            let x = (i % columns * shape.side) as f64;
            let y = (i / columns * shape.side) as f64;
            // Fails only for images without size.
            let _ = context.put_image_data(&image, x, y);
        }
    }
}
