//! What the browser keeps of what was learned here, from one visit to the next.
//!
//! In its cache storage, which takes files of any size and sends nothing anywhere. A
//! private window may keep nothing; then it lasts as long as the page.

use js_sys::{Array, ArrayBuffer, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Cache, Request, Response};

/// Name of the part of the storage that is ours.
const NAME: &str = "lampwork-adapters";

/// Most files that are read back.
const MOST: usize = 64;

async fn cache() -> Result<Cache, JsValue> {
    let window = web_sys::window().ok_or(JsValue::NULL)?;
    JsFuture::from(window.caches()?.open(NAME))
        .await?
        .dyn_into()
}

/// A name as the address that the storage wants.
fn address(name: &str) -> String {
    format!("adapter-{name}")
}

/// Keeps a file; whether the browser does.
pub async fn keep(name: &str, bytes: &[u8]) -> bool {
    let put = async {
        // Copied: the browser takes no view of memory that may grow.
        let mut body = bytes.to_vec();
        let response = Response::new_with_opt_u8_array(Some(&mut body))?;
        let cache = cache().await?;
        JsFuture::from(cache.put_with_str(&address(name), &response)).await
    };
    put.await.is_ok()
}

/// Lets go of a file.
pub async fn remove(name: &str) {
    let removed = async {
        let cache = cache().await?;
        JsFuture::from(cache.delete_with_str(&address(name))).await
    };
    // What is not there, or cannot be let go of, is no longer listed in any case.
    let _: Result<JsValue, JsValue> = removed.await;
}

/// All files that are kept, by name.
pub async fn all() -> Vec<(String, Vec<u8>)> {
    read_all().await.unwrap_or_default()
}

async fn read_all() -> Result<Vec<(String, Vec<u8>)>, JsValue> {
    let cache = cache().await?;
    let keys: Array = JsFuture::from(cache.keys()).await?.dyn_into()?;
    let mut files = vec![];
    for key in keys.iter().take(MOST) {
        let request: Request = key.dyn_into()?;
        let found = JsFuture::from(cache.match_with_request(&request)).await?;
        let response: Response = found.dyn_into()?;
        let buffer: ArrayBuffer = JsFuture::from(response.array_buffer()?).await?.dyn_into()?;
        let url = request.url();
        let name = url.rsplit("adapter-").next().unwrap_or_default();
        files.push((name.to_owned(), Uint8Array::new(&buffer).to_vec()));
    }
    Ok(files)
}
