//! Small dealings with the browser.

use js_sys::Promise;
use lampwork_protocol::Failure;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::Storage;

/// Waits, and lets the browser do other things meanwhile.
pub async fn sleep(milliseconds: i32) {
    let promise = Promise::new(&mut |resolve, _| {
        if let Some(window) = web_sys::window() {
            // Without a timer there is nothing to wait for.
            let _ = window
                .set_timeout_with_callback_and_timeout_and_arguments_0(&resolve, milliseconds);
        }
    });
    let _ = JsFuture::from(promise).await;
}

/// Milliseconds since the page was opened.
pub fn now() -> f64 {
    js_sys::Reflect::get(&js_sys::global(), &"performance".into())
        .ok()
        .and_then(|clock| {
            let now: js_sys::Function = js_sys::Reflect::get(&clock, &"now".into())
                .ok()?
                .dyn_into()
                .ok()?;
            now.call0(&clock).ok()?.as_f64()
        })
        .unwrap_or_else(js_sys::Date::now)
}

/// Copies a text; whether it was allowed to.
pub async fn copy(text: &str) -> bool {
    let Some(window) = web_sys::window() else {
        return false;
    };
    let clipboard = window.navigator().clipboard();
    JsFuture::from(clipboard.write_text(text)).await.is_ok()
}

fn storage() -> Option<Storage> {
    web_sys::window()?.local_storage().ok().flatten()
}

/// What was kept under this name; `None` also where the browser keeps nothing.
pub fn kept(name: &str) -> Option<String> {
    storage()?.get_item(name).ok().flatten()
}

/// Keeps a value under this name, where the browser keeps anything.
pub fn keep(name: &str, value: &str) {
    if let Some(storage) = storage() {
        // Private windows refuse; the choice then lasts as long as the page.
        let _ = storage.set_item(name, value);
    }
}

/// Whether a media query holds.
pub fn matches(query: &str) -> bool {
    web_sys::window()
        .and_then(|window| window.match_media(query).ok().flatten())
        .is_some_and(|list| list.matches())
}

/// Whether the visitor asked for no motion.
pub fn reduced_motion() -> bool {
    matches("(prefers-reduced-motion: reduce)")
}

/// Bytes of a file that the visitor chose or dropped.
pub async fn read_file(file: &web_sys::File) -> Result<Vec<u8>, Failure> {
    read_blob(file).await.map_err(|e| Failure::Internal {
        reason: format!("{}: {e:?}", file.name()),
    })
}

/// Bytes of a file, or of what is like one.
pub async fn read_blob(blob: &web_sys::Blob) -> Result<Vec<u8>, JsValue> {
    let buffer = JsFuture::from(blob.array_buffer()).await?;
    Ok(js_sys::Uint8Array::new(&buffer).to_vec())
}

/// Hands bytes to the browser as a file to save.
pub fn save_file(name: &str, kind: &str, bytes: &[u8]) {
    // No step of it fails in a browser that runs this page; if one does, nothing
    // is saved and the visitor sees that.
    let _ = try_save(name, kind, bytes);
}

fn try_save(name: &str, kind: &str, bytes: &[u8]) -> Result<(), JsValue> {
    let parts = js_sys::Array::of1(&js_sys::Uint8Array::from(bytes));
    let options = web_sys::BlobPropertyBag::new();
    options.set_type(kind);
    let blob = web_sys::Blob::new_with_u8_array_sequence_and_options(&parts, &options)?;
    let url = web_sys::Url::create_object_url_with_blob(&blob)?;
    let document = leptos::prelude::document();
    let link: web_sys::HtmlAnchorElement = document.create_element("a")?.dyn_into()?;
    link.set_href(&url);
    link.set_download(name);
    link.click();
    web_sys::Url::revoke_object_url(&url)
}
