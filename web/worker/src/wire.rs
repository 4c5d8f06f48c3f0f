//! Posting replies.

use lampwork_protocol::Payload;
use serde::Serialize;
use web_sys::DedicatedWorkerGlobalScope;

/// Posts a reply; its arrays are handed over, not copied.
pub(crate) fn post<R: Serialize>(scope: &DedicatedWorkerGlobalScope, reply: &R, payload: Payload) {
    let posted = lampwork_wire::encode(reply, &payload).and_then(|(message, buffers)| {
        scope
            .post_message_with_transfer(&message, &buffers)
            .map_err(|error| format!("{error:?}"))
    });
    if let Err(reason) = posted {
        log::error!("a reply cannot be posted: {reason}");
    }
}
