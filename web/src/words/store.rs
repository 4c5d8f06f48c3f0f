//! What the browser keeps from one visit to the next: what was learned here, and the text
//! that it is learned from.
//!
//! In its cache storage, which takes files of any size and sends nothing anywhere. A
//! private window may keep nothing; then it lasts as long as the page.

use js_sys::{Array, ArrayBuffer, Uint8Array};
use lampwork_protocol::words::Charset;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Cache, Request, Response};

/// Names of the parts of the storage that are ours: of adapters, and of the text.
const NAME: &str = "lampwork-adapters";
const TEXT: &str = "lampwork-text";

/// Where the text is in its part.
const TEXT_ADDRESS: &str = "own-text";

/// Most files that are read back.
const MOST: usize = 64;

/// The visitor's own text, as it is kept.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct KeptText {
    /// Name of its file, without the ending; empty where it was pasted.
    pub name: String,
    /// What it was written in.
    pub charset: Charset,
    /// All of it.
    pub text: String,
}

async fn cache(name: &str) -> Result<Cache, JsValue> {
    let window = web_sys::window().ok_or(JsValue::NULL)?;
    JsFuture::from(window.caches()?.open(name))
        .await?
        .dyn_into()
}

async fn put(part: &str, address: &str, bytes: &[u8]) -> Result<(), JsValue> {
    // Copied: the browser takes no view of memory that may grow.
    let mut body = bytes.to_vec();
    let response = Response::new_with_opt_u8_array(Some(&mut body))?;
    let put = cache(part).await?.put_with_str(address, &response);
    JsFuture::from(put).await.map(drop)
}

async fn delete(part: &str, address: &str) {
    let deleted = async {
        let cache = cache(part).await?;
        JsFuture::from(cache.delete_with_str(address)).await
    };
    // What is not there, or cannot be let go of, is no longer listed in any case.
    let _: Result<JsValue, JsValue> = deleted.await;
}

async fn bytes_of(response: Response) -> Result<Vec<u8>, JsValue> {
    let buffer: ArrayBuffer = JsFuture::from(response.array_buffer()?).await?.dyn_into()?;
    Ok(Uint8Array::new(&buffer).to_vec())
}

/// Keeps the visitor's own text, in place of the one before; whether the browser does.
pub async fn keep_text(text: &KeptText) -> bool {
    match serde_json::to_vec(text) {
        Ok(bytes) => put(TEXT, TEXT_ADDRESS, &bytes).await.is_ok(),
        Err(_) => false,
    }
}

/// Lets go of the visitor's own text.
pub async fn remove_text() {
    delete(TEXT, TEXT_ADDRESS).await;
}

/// The visitor's own text, if one is kept.
pub async fn text() -> Option<KeptText> {
    let read = async {
        let found = cache(TEXT).await?.match_with_str(TEXT_ADDRESS);
        bytes_of(JsFuture::from(found).await?.dyn_into()?).await
    };
    let bytes: Result<Vec<u8>, JsValue> = read.await;
    serde_json::from_slice(&bytes.ok()?).ok()
}

/// A name as the address that the storage wants.
fn address(name: &str) -> String {
    format!("adapter-{name}")
}

/// Keeps a file; whether the browser does.
pub async fn keep(name: &str, bytes: &[u8]) -> bool {
    put(NAME, &address(name), bytes).await.is_ok()
}

/// Lets go of a file.
pub async fn remove(name: &str) {
    delete(NAME, &address(name)).await;
}

/// All files that are kept, by name.
pub async fn all() -> Vec<(String, Vec<u8>)> {
    read_all().await.unwrap_or_default()
}

async fn read_all() -> Result<Vec<(String, Vec<u8>)>, JsValue> {
    let cache = cache(NAME).await?;
    let keys: Array = JsFuture::from(cache.keys()).await?.dyn_into()?;
    let mut files = vec![];
    for key in keys.iter().take(MOST) {
        let request: Request = key.dyn_into()?;
        let found = JsFuture::from(cache.match_with_request(&request)).await?;
        let response: Response = found.dyn_into()?;
        let url = request.url();
        let name = url.rsplit("adapter-").next().unwrap_or_default();
        files.push((name.to_owned(), bytes_of(response).await?));
    }
    Ok(files)
}
