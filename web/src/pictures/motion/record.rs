//! A clip as WebM, recorded by the browser.
//!
//! The browser's recorder films a canvas, so it takes as long as the clip does. What
//! it writes is near the pictures rather than the same, and has no room for a recipe.

use std::cell::RefCell;
use std::rc::Rc;

use futures::channel::oneshot;
use js_sys::{Function, Reflect};
use lampwork_protocol::Shape;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    Blob, BlobEvent, CanvasRenderingContext2d, HtmlCanvasElement, MediaRecorder,
    MediaRecorderOptions, MediaStreamTrack,
};

use super::super::maker::Pixels;
use super::super::picture::draw;
use super::super::tint::Ramp;
use crate::browser;

/// What is asked for, the best first.
const KINDS: [&str; 3] = [
    "video/webm;codecs=vp9",
    "video/webm;codecs=vp8",
    "video/webm",
];

/// Bits a second: flat squares have hard edges, which need many.
const BITS: u32 = 12_000_000;

/// How this browser would record; `None` where it cannot.
pub fn kind() -> Option<&'static str> {
    let global = js_sys::global();
    let recorder = Reflect::get(&global, &"MediaRecorder".into()).ok()?;
    if recorder.is_undefined() {
        return None;
    }
    let canvas: HtmlCanvasElement = new_canvas(1).ok()?;
    if !Reflect::has(&canvas, &"captureStream".into()).ok()? {
        return None;
    }
    KINDS
        .into_iter()
        .find(|kind| MediaRecorder::is_type_supported(kind))
}

/// What is recorded.
pub struct Film {
    /// Pictures, and for how many frames each is seen.
    pub pictures: Vec<(Pixels, u16)>,
    /// Shape of each.
    pub shape: Shape,
    /// How many times as large they become.
    pub scale: usize,
    /// Frames a second.
    pub fps: u8,
}

/// Records a film once from its beginning to its end. `goes_on` is told how much of it
/// is done, and says whether to go on; the file is `None` where it does not.
pub async fn record(
    film: &Film,
    goes_on: impl Fn(f64) -> bool,
) -> Result<Option<Vec<u8>>, JsValue> {
    let Some(kind) = kind() else {
        return Err("this browser records no WebM".into());
    };
    let canvas = new_canvas(film.shape.side * film.scale)?;
    let small = new_canvas(film.shape.side)?;
    let context: CanvasRenderingContext2d = canvas
        .get_context("2d")?
        .ok_or("no canvas to draw on")?
        .dyn_into()?;
    // Crisp squares.
    context.set_image_smoothing_enabled(false);
    let side = f64::from(canvas.width());
    let show = |pixels: &Pixels| {
        draw(&small, std::slice::from_ref(pixels), 1, &Ramp::PLAIN);
        context.draw_image_with_html_canvas_element_and_dw_and_dh(&small, 0.0, 0.0, side, side)
    };
    let stream = canvas.capture_stream_with_frame_request_rate(0.0)?;
    let track: MediaStreamTrack = stream.get_tracks().get(0).dyn_into()?;
    let options = MediaRecorderOptions::new();
    options.set_mime_type(kind);
    options.set_video_bits_per_second(BITS);
    let recorder =
        MediaRecorder::new_with_media_stream_and_media_recorder_options(&stream, &options)?;
    let tape = Tape::of(&recorder);
    recorder.start()?;
    let each = 1e3 / f64::from(film.fps.max(1));
    let all: u32 = film
        .pictures
        .iter()
        .map(|(_, frames)| u32::from(*frames))
        .sum();
    let began = browser::now();
    let mut done = 0_u32;
    let mut whole = true;
    'film: for (pixels, frames) in &film.pictures {
        for _ in 0..*frames {
            show(pixels)?;
            request_frame(&track)?;
            done += 1;
            let until = began + f64::from(done) * each;
            browser::sleep((until - browser::now()).max(1.0) as i32).await;
            if !goes_on(f64::from(done) / f64::from(all)) {
                whole = false;
                break 'film;
            }
        }
    }
    recorder.stop()?;
    let bytes = tape.bytes().await?;
    track.stop();
    Ok(whole.then_some(bytes))
}

/// Has what is on the canvas filmed now. Firefox knows this of the stream alone, and
/// films a canvas whenever it is drawn on.
fn request_frame(track: &MediaStreamTrack) -> Result<(), JsValue> {
    let request = Reflect::get(track, &"requestFrame".into())?;
    if let Some(request) = request.dyn_ref::<Function>() {
        request.call0(track)?;
    }
    Ok(())
}

fn new_canvas(side: usize) -> Result<HtmlCanvasElement, JsValue> {
    let document = leptos::prelude::document();
    let canvas: HtmlCanvasElement = document.create_element("canvas")?.dyn_into()?;
    canvas.set_width(side as u32);
    canvas.set_height(side as u32);
    Ok(canvas)
}

/// What a recorder has recorded.
struct Tape {
    pieces: Rc<RefCell<Vec<Blob>>>,
    ended: oneshot::Receiver<()>,
    // Heard as long as the tape is there.
    _on_data: Closure<dyn FnMut(BlobEvent)>,
    _on_stop: Closure<dyn FnMut()>,
}

impl Tape {
    fn of(recorder: &MediaRecorder) -> Tape {
        let pieces = Rc::new(RefCell::new(vec![]));
        let (sender, ended) = oneshot::channel();
        let mut sender = Some(sender);
        let into = pieces.clone();
        let on_data = Closure::<dyn FnMut(BlobEvent)>::new(move |event: BlobEvent| {
            into.borrow_mut().extend(event.data());
        });
        let on_stop = Closure::<dyn FnMut()>::new(move || {
            if let Some(sender) = sender.take() {
                // Nobody waits any longer where recording has failed.
                let _ = sender.send(());
            }
        });
        recorder.set_ondataavailable(Some(on_data.as_ref().unchecked_ref()));
        recorder.set_onstop(Some(on_stop.as_ref().unchecked_ref()));
        Tape {
            pieces,
            ended,
            _on_data: on_data,
            _on_stop: on_stop,
        }
    }

    async fn bytes(self) -> Result<Vec<u8>, JsValue> {
        // A recorder that is gone has said all it had to say.
        let _ = self.ended.await;
        let parts = js_sys::Array::new();
        for piece in self.pieces.borrow().iter() {
            parts.push(piece);
        }
        let blob = Blob::new_with_blob_sequence(&parts)?;
        let buffer = JsFuture::from(blob.array_buffer()).await?;
        Ok(js_sys::Uint8Array::new(&buffer).to_vec())
    }
}
