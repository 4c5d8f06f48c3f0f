//! Ink on canvases.

use lampwork_pictures::Whole;
use leptos::html;
use leptos::prelude::*;
use wasm_bindgen::{Clamped, JsCast};
use web_sys::{CanvasRenderingContext2d, ImageData};

/// A picture that changes, on a canvas of its own size.
#[component]
pub fn Painted(
    /// What is on it.
    picture: Memo<Option<Whole>>,
    /// What it is, for who does not see it.
    #[prop(into)]
    label: Signal<String>,
    /// Its test id.
    #[prop(into)]
    testid: String,
    /// Whether some of it is still to come.
    #[prop(optional, into)]
    waiting: Signal<bool>,
) -> impl IntoView {
    let canvas = NodeRef::<html::Canvas>::new();
    Effect::new(move |_| {
        let Some(canvas) = canvas.get() else {
            return;
        };
        picture.with(|picture| {
            if let Some(picture) = picture {
                put(&canvas, picture);
            }
        });
    });
    view! {
        <span class="brush-picture" data-testid=testid>
            <canvas
                node_ref=canvas
                class="brush-canvas"
                class:waiting=waiting
                width="1"
                height="1"
                role="img"
                aria-label=label
            ></canvas>
        </span>
    }
}

/// Puts a picture in red, green and blue onto a canvas, which becomes as large.
fn put(canvas: &web_sys::HtmlCanvasElement, picture: &Whole) {
    let (width, height) = (picture.width as u32, picture.height as u32);
    canvas.set_width(width);
    canvas.set_height(height);
    let context = canvas
        .get_context("2d")
        .ok()
        .flatten()
        .and_then(|context| context.dyn_into::<CanvasRenderingContext2d>().ok());
    let opaque: Vec<u8> = picture
        .values
        .chunks_exact(3)
        .flat_map(|rgb| [rgb[0], rgb[1], rgb[2], 255])
        .collect();
    let image = ImageData::new_with_u8_clamped_array_and_sh(Clamped(&opaque), width, height);
    if let (Some(context), Ok(image)) = (context, image) {
        // Fails only for images without size.
        let _ = context.put_image_data(&image, 0.0, 0.0);
    }
}

/// A picture as a `data:` address.
pub fn address(picture: &Whole) -> Option<String> {
    let canvas = document().create_element("canvas").ok()?;
    let canvas: web_sys::HtmlCanvasElement = canvas.dyn_into().ok()?;
    put(&canvas, picture);
    canvas.to_data_url().ok()
}

/// A character as ink on nothing but paper, twice as large.
pub fn single(glyph: &[u8]) -> Whole {
    let ink = lampwork_pictures::scroll::inked(glyph, 2);
    let side = 2 * lampwork_pictures::scroll::GLYPH;
    Whole {
        width: side,
        height: side,
        channels: 3,
        values: ink
            .into_iter()
            .flat_map(|ink| {
                [[246, 27], [239, 24], [222, 22]].map(|[paper, black]: [u32; 2]| {
                    ((paper * (255 - u32::from(ink)) + black * u32::from(ink)) / 255) as u8
                })
            })
            .collect(),
    }
}
