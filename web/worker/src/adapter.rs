//! What the browser tells of the graphics adapter.

use js_sys::{Function, Promise, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

/// What the browser tells of the graphics adapter.
#[derive(Debug, Clone)]
pub struct Adapter {
    /// Its name, or vendor and architecture where the browser hides the name.
    pub name: String,
    /// Whether it is a program rather than a chip.
    pub software: bool,
}

/// Asks the browser for its adapter; `None` where there is no WebGPU.
///
/// burn asks for its own; this one is only read and dropped.
pub async fn find() -> Option<Adapter> {
    let get = |object: &JsValue, name: &str| Reflect::get(object, &name.into()).ok();
    let navigator = get(&js_sys::global(), "navigator")?;
    let gpu = get(&navigator, "gpu").filter(JsValue::is_truthy)?;
    let ask: Function = get(&gpu, "requestAdapter")?.dyn_into().ok()?;
    let promise: Promise = ask.call0(&gpu).ok()?.dyn_into().ok()?;
    let adapter = JsFuture::from(promise)
        .await
        .ok()
        .filter(JsValue::is_truthy)?;
    let info = get(&adapter, "info")?;
    let word = |name: &str| {
        get(&info, name)
            .and_then(|value| value.as_string())
            .filter(|word| !word.is_empty())
    };
    let name = word("description").unwrap_or_else(|| {
        [word("vendor"), word("architecture")]
            .into_iter()
            .flatten()
            .collect::<Vec<_>>()
            .join(" ")
    });
    let fallback = [&adapter, &info]
        .iter()
        .any(|object| get(object, "isFallbackAdapter").is_some_and(|value| value.is_truthy()));
    let words = format!(
        "{name} {}",
        word("architecture").unwrap_or_default().to_lowercase()
    )
    .to_lowercase();
    let program = ["swiftshader", "llvmpipe", "lavapipe", "basic render"]
        .iter()
        .any(|known| words.contains(known));
    Some(Adapter {
        name: if name.is_empty() {
            "WebGPU adapter".to_owned()
        } else {
            name
        },
        software: fallback || program,
    })
}
