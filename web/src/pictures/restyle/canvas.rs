//! Pixels on a canvas of their own size.

use leptos::html;
use leptos::prelude::*;
use wasm_bindgen::{Clamped, JsCast};
use web_sys::{CanvasRenderingContext2d, ImageData};

use super::photo::Photo;

/// Shows a picture; nothing while there is none.
#[component]
pub fn Canvas(
    /// Test id.
    #[prop(into)]
    name: String,
    /// Class.
    class: &'static str,
    /// What is shown.
    #[prop(into)]
    photo: Signal<Option<Photo>>,
    /// What it is called; empty where that stands beside.
    #[prop(into)]
    label: Signal<String>,
) -> impl IntoView {
    let canvas = NodeRef::<html::Canvas>::new();
    Effect::new(move |_| {
        let (Some(canvas), Some(photo)) = (canvas.get(), photo.get()) else {
            return;
        };
        if (canvas.width(), canvas.height()) != (photo.width, photo.height) {
            canvas.set_width(photo.width);
            canvas.set_height(photo.height);
        }
        let context = canvas.get_context("2d").ok().flatten();
        let context = context.and_then(|c| c.dyn_into::<CanvasRenderingContext2d>().ok());
        let rgba: Vec<u8> = photo
            .rgb
            .chunks_exact(3)
            .flat_map(|rgb| [rgb[0], rgb[1], rgb[2], 255])
            .collect();
        let image =
            ImageData::new_with_u8_clamped_array_and_sh(Clamped(&rgba), photo.width, photo.height);
        if let (Some(context), Ok(image)) = (context, image) {
            // Fails only for images without size.
            let _ = context.put_image_data(&image, 0.0, 0.0);
        }
    });
    let plain = move || label.with(String::is_empty);
    view! {
        <span class="restyle-frame" data-testid=name>
        <canvas
            node_ref=canvas
            class=class
            width="1"
            height="1"
            role=move || (!plain()).then_some("img")
            aria-hidden=move || plain().then_some("true")
            aria-label=move || (!plain()).then(|| label.get())
        ></canvas>
        </span>
    }
}
