//! One version of a picture, on a canvas of its own size.

use leptos::html;
use leptos::prelude::*;
use wasm_bindgen::{Clamped, JsCast};
use web_sys::{CanvasRenderingContext2d, ImageData};

use super::work::Version;

/// A picture as it is, pixel by pixel.
#[component]
pub fn Shown(
    /// Which.
    version: Version,
    /// What it is called.
    name: Signal<String>,
) -> impl IntoView {
    let canvas = NodeRef::<html::Canvas>::new();
    let side = version.side;
    Effect::new(move |_| {
        let context = canvas
            .get()
            .and_then(|canvas| canvas.get_context("2d").ok().flatten())
            .and_then(|context| context.dyn_into::<CanvasRenderingContext2d>().ok());
        let Some(context) = context else {
            return;
        };
        let opaque: Vec<u8> = version
            .pixels
            .chunks_exact(3)
            .flat_map(|rgb| [rgb[0], rgb[1], rgb[2], 255])
            .collect();
        let side = side as u32;
        let image = ImageData::new_with_u8_clamped_array_and_sh(Clamped(&opaque), side, side);
        if let Ok(image) = image {
            // Fails only for images without size.
            let _ = context.put_image_data(&image, 0.0, 0.0);
        }
    });
    view! {
        <canvas
            node_ref=canvas
            class="improve-picture"
            width=side
            height=side
            role="img"
            aria-label=name
        ></canvas>
    }
}
