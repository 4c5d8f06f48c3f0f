//! What a worker posts: replies, and before them how far its wasm is.

use js_sys::{Array, Reflect};
use lampwork_protocol::Payload;
use serde::de::DeserializeOwned;
use wasm_bindgen::{JsCast, JsValue};

/// What a worker posts.
pub enum Message<R> {
    /// Its wasm is on the way: bytes received, of how many (0 where unknown).
    Loading(f64, f64),
    /// Its wasm is there and is being compiled.
    Preparing,
    /// A reply.
    Reply(Box<R>, Payload),
    /// Something that is no message of ours.
    Unknown(String),
}

/// What a worker posted.
pub fn decode<R: DeserializeOwned>(data: &JsValue) -> Message<R> {
    let get = |name: &str| Reflect::get(data, &name.into()).unwrap_or(JsValue::UNDEFINED);
    let loading = get("loading");
    if Array::is_array(&loading) {
        let pair: Array = loading.unchecked_into();
        let number = |i| pair.get(i).as_f64().unwrap_or(0.0);
        return Message::Loading(number(0), number(1));
    }
    if get("preparing").is_truthy() {
        return Message::Preparing;
    }
    match lampwork_wire::decode(data) {
        Ok((reply, payload)) => Message::Reply(Box::new(reply), payload),
        Err(reason) => Message::Unknown(reason),
    }
}
