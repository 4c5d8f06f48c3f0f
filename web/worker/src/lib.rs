//! The studio and the desk behind a browser's message port.
//!
//! Three binaries of the same code. `worker_cpu` holds the studio of pictures: it is
//! what every visitor fetches, small and there within a second. `worker_words` holds
//! the desk of words, for whoever opens that room. `worker_gpu` carries burn's WebGPU
//! backend, four times the size of either, and is fetched only where an adapter is; so
//! it holds both, is fetched once for both, and the name that the page starts it under
//! says which one it is to be.

#![cfg(target_family = "wasm")]

mod adapter;
mod faults;
mod host;
mod turn;
mod wire;

use futures::StreamExt;
use futures::channel::mpsc;
use js_sys::Reflect;
use lampwork_protocol::{Event, Failure, Payload, Reply};
use wasm_bindgen::prelude::*;
use web_sys::{DedicatedWorkerGlobalScope, MessageEvent};

pub use adapter::{Adapter, find as find_adapter};
pub use faults::{listen as listen_for_faults, watch as watch_for_faults};
pub use host::Host;

/// Milliseconds of work between two turns of the event loop. Short enough that
/// a command waits for no more than this and one slice.
const TURN_MS: f64 = 8.0;

/// The scope of the worker that this runs in.
pub fn scope() -> DedicatedWorkerGlobalScope {
    js_sys::global().unchecked_into()
}

/// Milliseconds since the worker began.
pub fn now() -> f64 {
    let performance = Reflect::get(&js_sys::global(), &"performance".into());
    performance
        .and_then(|performance| {
            let now = Reflect::get(&performance, &"now".into())?;
            now.unchecked_into::<js_sys::Function>().call0(&performance)
        })
        .ok()
        .and_then(|value| value.as_f64())
        .unwrap_or_else(js_sys::Date::now)
}

/// Tells the page, before there is a host or after it broke: what the studio and the
/// desk say in the same words.
pub fn tell(event: Event) {
    let reply = Reply {
        request: None,
        event,
    };
    wire::post(&scope(), &reply, Payload::new());
}

/// Serves the page until it ends the worker.
pub async fn serve<H: Host>(mut host: H) {
    let (sender, mut requests) = mpsc::unbounded::<Result<(H::Request, Payload), String>>();
    let scope = scope();
    let on_message = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
        // The receiver lives as long as the worker.
        let _ = sender.unbounded_send(lampwork_wire::decode(&event.data()));
    });
    scope.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
    on_message.forget();

    let (ready, payload) = host.ready();
    wire::post(&scope, &ready, payload);

    let turn = turn::Turn::new();
    let mut began = now();
    loop {
        let request = if host.has_work() {
            if now() - began >= TURN_MS {
                turn.pass().await;
                began = now();
            }
            requests.try_recv().ok()
        } else {
            let request = requests.next().await;
            began = now();
            request
        };
        let answers = match request {
            Some(Ok((request, payload))) => host.handle(request, payload).await,
            Some(Err(reason)) => {
                tell(Event::Failed(Failure::Internal { reason }));
                continue;
            }
            None => host.work().await,
        };
        for (reply, payload) in answers {
            wire::post(&scope, &reply, payload);
        }
    }
}
