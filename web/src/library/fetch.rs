//! Fetching a file of the site, with progress.

use js_sys::{Reflect, Uint8Array};
use lampwork_protocol::Failure;
use leptos::prelude::*;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{ReadableStreamDefaultReader, Response};

/// Fetches `path`, which is relative to the document's base. `progress` hears the
/// bytes received, and of how many (0 where unknown).
pub async fn bytes(path: &str, mut progress: impl FnMut(f64, f64)) -> Result<Vec<u8>, Failure> {
    let failed = |reason: String| Failure::Internal {
        reason: format!("{path}: {reason}"),
    };
    let say = |e: JsValue| {
        let text = e
            .dyn_ref::<js_sys::Error>()
            .map(|e| String::from(e.message()));
        failed(text.unwrap_or_else(|| format!("{e:?}")))
    };
    let strange = |_| failed("the browser gives no bytes".into());
    let base = document().base_uri().ok().flatten().unwrap_or_default();
    let url = web_sys::Url::new_with_base(path, &base).map_err(say)?;
    let response: Response = JsFuture::from(window().fetch_with_str(&url.href()))
        .await
        .map_err(say)?
        .dyn_into()
        .map_err(say)?;
    if !response.ok() {
        return Err(failed(format!("the server answers {}", response.status())));
    }
    // What is encoded is longer once decoded: its length says nothing.
    let headers = response.headers();
    let encoded = headers.get("content-encoding").ok().flatten().is_some();
    let total = headers
        .get("content-length")
        .ok()
        .flatten()
        .and_then(|length| length.parse::<f64>().ok())
        .filter(|_| !encoded)
        .unwrap_or(0.0);
    let Some(body) = response.body() else {
        return Err(failed("it is empty".into()));
    };
    let reader: ReadableStreamDefaultReader = body.get_reader().dyn_into().map_err(strange)?;
    let mut bytes = Vec::with_capacity(total as usize);
    loop {
        let part = JsFuture::from(reader.read()).await.map_err(say)?;
        let done = Reflect::get(&part, &"done".into()).map_err(say)?;
        if done.is_truthy() {
            return Ok(bytes);
        }
        let chunk = Reflect::get(&part, &"value".into()).map_err(say)?;
        let chunk: Uint8Array = chunk.dyn_into().map_err(say)?;
        let start = bytes.len();
        bytes.resize(start + chunk.length() as usize, 0);
        chunk.copy_to(&mut bytes[start..]);
        progress(bytes.len() as f64, total);
    }
}
