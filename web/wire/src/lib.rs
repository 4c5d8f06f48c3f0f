//! The form of a message between page and worker: `{ m: value, p: [ArrayBuffer] }`.
//!
//! `m` is a `Request` or a `Reply` by serde, `p` the arrays that travel beside
//! it. Both ends use these two functions, so the form is written down once.

use js_sys::{Array, ArrayBuffer, Object, Reflect, Uint8Array};
use lampwork_protocol::Payload;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_wasm_bindgen::Serializer;
use wasm_bindgen::{JsCast, JsValue};

/// A message to post, and the buffers to hand over with it.
///
/// # Errors
///
/// In words, if the value cannot be written.
pub fn encode<T: Serialize>(value: &T, payload: &Payload) -> Result<(JsValue, Array), String> {
    // A seed is a whole 64-bit number, which a plain JavaScript one cannot hold.
    let serializer = Serializer::new().serialize_large_number_types_as_bigints(true);
    let value = value.serialize(&serializer).map_err(|e| e.to_string())?;
    let buffers = Array::new();
    for bytes in payload {
        buffers.push(&Uint8Array::from(bytes.as_slice()).buffer());
    }
    let message = Object::new();
    set(&message, "m", &value)?;
    set(&message, "p", &buffers)?;
    Ok((message.into(), buffers))
}

/// The value and the arrays of a message.
///
/// # Errors
///
/// In words, if it is none of ours.
pub fn decode<T: DeserializeOwned>(data: &JsValue) -> Result<(T, Payload), String> {
    let get = |name: &str| Reflect::get(data, &name.into()).unwrap_or(JsValue::UNDEFINED);
    let value = serde_wasm_bindgen::from_value(get("m")).map_err(|e| e.to_string())?;
    let buffers = get("p").dyn_into::<Array>().unwrap_or_default();
    let payload = buffers
        .iter()
        .filter_map(|buffer| buffer.dyn_into::<ArrayBuffer>().ok())
        .map(|buffer| Uint8Array::new(&buffer).to_vec())
        .collect();
    Ok((value, payload))
}

fn set(object: &Object, name: &str, value: &JsValue) -> Result<(), String> {
    Reflect::set(object, &name.into(), value)
        .map(|_| ())
        .map_err(|e| format!("{e:?}"))
}
