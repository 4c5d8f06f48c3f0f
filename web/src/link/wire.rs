//! The form of a message between page and worker: `{ m: value, p: [ArrayBuffer] }`.

use js_sys::{Array, ArrayBuffer, Object, Reflect, Uint8Array};
use lampwork_protocol::event::Reply;
use lampwork_protocol::{Payload, Request};
use serde::Serialize;
use serde_wasm_bindgen::Serializer;
use wasm_bindgen::{JsCast, JsValue};

/// What a worker posts.
pub enum Message {
    /// Its wasm is on the way: bytes received, of how many (0 where unknown).
    Loading(f64, f64),
    /// Its wasm is there and is being compiled.
    Preparing,
    /// A reply of the studio.
    Reply(Box<Reply>, Payload),
    /// Something that is no message of ours.
    Unknown(String),
}

/// A request as it is posted, and the buffers to hand over with it.
pub fn encode(request: &Request, payload: &Payload) -> Result<(JsValue, Array), String> {
    let serializer = Serializer::new().serialize_large_number_types_as_bigints(true);
    let value = request.serialize(&serializer).map_err(|e| e.to_string())?;
    let buffers = Array::new();
    for bytes in payload {
        buffers.push(&Uint8Array::from(bytes.as_slice()).buffer());
    }
    let message = Object::new();
    set(&message, "m", &value)?;
    set(&message, "p", &buffers)?;
    Ok((message.into(), buffers))
}

/// What a worker posted.
pub fn decode(data: &JsValue) -> Message {
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
    let payload = get("p")
        .dyn_into::<Array>()
        .map(|buffers| {
            buffers
                .iter()
                .filter_map(|buffer| buffer.dyn_into::<ArrayBuffer>().ok())
                .map(|buffer| Uint8Array::new(&buffer).to_vec())
                .collect()
        })
        .unwrap_or_default();
    match serde_wasm_bindgen::from_value(get("m")) {
        Ok(reply) => Message::Reply(Box::new(reply), payload),
        Err(e) => Message::Unknown(e.to_string()),
    }
}

fn set(object: &Object, name: &str, value: &JsValue) -> Result<(), String> {
    Reflect::set(object, &name.into(), value)
        .map(|_| ())
        .map_err(|e| format!("{e:?}"))
}
