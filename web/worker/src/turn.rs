//! Letting the event loop run: a macrotask, not a microtask, or no message of
//! the page would ever come through.

use std::cell::RefCell;
use std::rc::Rc;

use futures::channel::oneshot;
use wasm_bindgen::prelude::*;
use web_sys::MessageChannel;

/// A way to let the event loop run once.
///
/// By a message to ourselves: `setTimeout` waits 4 ms when it is nested, which
/// would cost a fifth of a small net's training.
pub(crate) struct Turn {
    channel: Option<MessageChannel>,
    waiting: Rc<RefCell<Option<oneshot::Sender<()>>>>,
}

impl Turn {
    pub(crate) fn new() -> Self {
        let waiting: Rc<RefCell<Option<oneshot::Sender<()>>>> = Rc::default();
        let channel = MessageChannel::new().ok();
        if let Some(channel) = &channel {
            let waiting = Rc::clone(&waiting);
            let wake = Closure::<dyn FnMut()>::new(move || {
                if let Some(sender) = waiting.borrow_mut().take() {
                    // Whoever waited is still there: the worker never gives up.
                    let _ = sender.send(());
                }
            });
            channel
                .port1()
                .set_onmessage(Some(wake.as_ref().unchecked_ref()));
            wake.forget();
        }
        Self { channel, waiting }
    }

    /// Waits until the event loop has run.
    pub(crate) async fn pass(&self) {
        let Some(channel) = &self.channel else {
            return;
        };
        let (sender, receiver) = oneshot::channel();
        *self.waiting.borrow_mut() = Some(sender);
        if channel.port2().post_message(&JsValue::NULL).is_ok() {
            let _ = receiver.await;
        }
    }
}
