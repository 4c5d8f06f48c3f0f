//! The worker's end of the message form `{ m: value, p: [ArrayBuffer] }`.

use js_sys::{Array, ArrayBuffer, Object, Reflect, Uint8Array};
use lampwork_protocol::{Payload, Reply, Request};
use serde::Serialize;
use serde_wasm_bindgen::Serializer;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::DedicatedWorkerGlobalScope;

/// Posts a reply; its arrays are handed over, not copied.
pub(crate) fn post(scope: &DedicatedWorkerGlobalScope, reply: &Reply, payload: Payload) {
    // A seed is a whole 64-bit number, which a plain JavaScript one cannot hold.
    let serializer = Serializer::new().serialize_large_number_types_as_bigints(true);
    let value = match reply.serialize(&serializer) {
        Ok(value) => value,
        Err(error) => return log::error!("a reply cannot be written: {error}"),
    };
    let buffers = Array::new();
    for bytes in payload {
        buffers.push(&Uint8Array::from(bytes.as_slice()).buffer());
    }
    let message = Object::new();
    let set = |name: &str, value: &JsValue| Reflect::set(&message, &name.into(), value).is_ok();
    if !set("m", &value)
        || !set("p", &buffers)
        || scope
            .post_message_with_transfer(&message, &buffers)
            .is_err()
    {
        log::error!("a reply cannot be posted");
    }
}

/// Reads a request.
pub(crate) fn decode(data: &JsValue) -> Result<(Request, Payload), String> {
    let get = |name: &str| Reflect::get(data, &name.into()).unwrap_or(JsValue::UNDEFINED);
    let request = serde_wasm_bindgen::from_value(get("m")).map_err(|e| e.to_string())?;
    let buffers = get("p").dyn_into::<Array>().unwrap_or_default();
    let payload = buffers
        .iter()
        .filter_map(|buffer| buffer.dyn_into::<ArrayBuffer>().ok())
        .map(|buffer| Uint8Array::new(&buffer).to_vec())
        .collect();
    Ok((request, payload))
}
