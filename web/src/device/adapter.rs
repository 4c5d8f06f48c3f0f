//! What the browser tells of its WebGPU adapter before any of it is used.
//!
//! By reflection: the bindings of WebGPU would pull much into the page for three
//! properties.

use js_sys::{Function, Promise, Reflect};
use leptos::prelude::window;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

/// Programs that pose as a GPU; all are slower than the CPU path.
const SOFTWARE: [&str; 4] = ["swiftshader", "llvmpipe", "software", "basic render"];

/// Whether the browser has WebGPU on a chip.
pub async fn is_hardware() -> bool {
    match adapter().await {
        Some(adapter) => !is_software(&adapter),
        None => false,
    }
}

fn gpu() -> Option<JsValue> {
    get(&window().navigator(), "gpu")
}

async fn adapter() -> Option<JsValue> {
    let gpu = gpu()?;
    let request: Function = get(&gpu, "requestAdapter")?.dyn_into().ok()?;
    let promise: Promise = request.call0(&gpu).ok()?.dyn_into().ok()?;
    let adapter = JsFuture::from(promise).await.ok()?;
    (!adapter.is_null() && !adapter.is_undefined()).then_some(adapter)
}

fn is_software(adapter: &JsValue) -> bool {
    let info = get(adapter, "info").unwrap_or(JsValue::UNDEFINED);
    let is_fallback = [adapter, &info]
        .into_iter()
        .any(|object| get(object, "isFallbackAdapter").is_some_and(|value| value.is_truthy()));
    let words = ["vendor", "architecture", "device", "description"]
        .iter()
        .filter_map(|name| get(&info, name)?.as_string())
        .collect::<Vec<_>>()
        .join(" ")
        .to_lowercase();
    is_fallback || SOFTWARE.iter().any(|name| words.contains(name))
}

fn get(object: &JsValue, name: &str) -> Option<JsValue> {
    if object.is_undefined() || object.is_null() {
        return None;
    }
    Reflect::get(object, &name.into())
        .ok()
        .filter(|value| !value.is_undefined() && !value.is_null())
}
