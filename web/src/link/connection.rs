//! One worker, and the requests that are under way with it.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

use futures::channel::oneshot;
use lampwork_protocol::event::Reply;
use lampwork_protocol::{
    Command, DeviceInfo, DeviceKind, Event as Answer, Failure, Payload, Request, RequestId,
};
use leptos::prelude::*;
use wasm_bindgen::prelude::*;
use web_sys::{ErrorEvent, Event, MessageEvent, Worker, WorkerOptions, WorkerType};

use super::wire::{self, Message};

/// How far a worker has come.
#[derive(Debug, Clone, PartialEq)]
pub enum Phase {
    /// Its wasm is being fetched: bytes received, of how many (0 where unknown).
    Fetching(f64, f64),
    /// It compiles, and opens its device.
    Preparing,
    /// It answers.
    Ready(DeviceInfo),
    /// It never came, or is gone.
    Dead(Failure),
}

/// What is called with every event of a request.
type Handler = Box<dyn FnMut(Answer, Payload)>;

/// One worker.
#[derive(Clone)]
pub struct Connection(Rc<Inner>);

struct Inner {
    worker: Worker,
    /// Where it stands; the page shows it.
    phase: RwSignal<Phase>,
    state: RefCell<State>,
}

#[derive(Default)]
struct State {
    last: RequestId,
    /// Requests made before the worker can hear them.
    waiting: Vec<(Request, Payload)>,
    ready: bool,
    closed: bool,
    handlers: HashMap<RequestId, Handler>,
    /// Takes replies without a request's number.
    news: Option<Handler>,
    /// Kept, as the worker calls them as long as it lives.
    _callbacks: Vec<JsValue>,
}

impl Connection {
    /// Starts a worker of this kind.
    pub fn open(kind: DeviceKind) -> Result<Connection, Failure> {
        let name = match kind {
            DeviceKind::Cpu => "workers/cpu.js",
            DeviceKind::WebGpu => "workers/gpu.js",
        };
        let broken = |e: JsValue| Failure::NoDevice {
            device: name.into(),
            reason: format!("{e:?}"),
        };
        let base = document().base_uri().ok().flatten().unwrap_or_default();
        let url = web_sys::Url::new_with_base(name, &base).map_err(broken)?;
        let options = WorkerOptions::new();
        options.set_type(WorkerType::Module);
        let worker = Worker::new_with_options(&url.href(), &options).map_err(broken)?;
        let connection = Connection(Rc::new(Inner {
            worker,
            phase: RwSignal::new(Phase::Fetching(0.0, 0.0)),
            state: RefCell::default(),
        }));
        connection.listen(name);
        Ok(connection)
    }

    fn listen(&self, name: &'static str) {
        let this = Rc::downgrade(&self.0);
        let on_message = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
            if let Some(inner) = this.upgrade() {
                Connection(inner).take(wire::decode(&event.data()));
            }
        });
        let this = Rc::downgrade(&self.0);
        // A script that cannot be fetched gives a plain event without a message.
        let on_error = Closure::<dyn FnMut(Event)>::new(move |event: Event| {
            event.prevent_default();
            let reason = event
                .dyn_ref::<ErrorEvent>()
                .map_or_else(|| "it cannot be fetched".to_owned(), ErrorEvent::message);
            if let Some(inner) = this.upgrade() {
                Connection(inner).die(Failure::NoDevice {
                    device: name.into(),
                    reason,
                });
            }
        });
        let worker = &self.0.worker;
        worker.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
        worker.set_onerror(Some(on_error.as_ref().unchecked_ref()));
        self.0.state.borrow_mut()._callbacks =
            vec![on_message.into_js_value(), on_error.into_js_value()];
    }

    /// How far it has come.
    pub fn phase(&self) -> RwSignal<Phase> {
        self.0.phase
    }

    /// Hands every reply without a request's number to `news`.
    pub fn on_news(&self, news: impl FnMut(Answer, Payload) + 'static) {
        self.0.state.borrow_mut().news = Some(Box::new(news));
    }

    /// Asks, and hands every event that answers to `on_event`.
    pub fn stream(
        &self,
        command: Command,
        payload: Payload,
        on_event: impl FnMut(Answer, Payload) + 'static,
    ) -> RequestId {
        let request = {
            let mut state = self.0.state.borrow_mut();
            state.last += 1;
            let id = state.last;
            state.handlers.insert(id, Box::new(on_event));
            Request { id, command }
        };
        let id = request.id;
        let (ready, closed) = {
            let state = self.0.state.borrow();
            (state.ready, state.closed)
        };
        if closed {
            self.answer(id, Answer::Cancelled, vec![]);
        } else if ready {
            self.post(&request, &payload);
        } else {
            self.0.state.borrow_mut().waiting.push((request, payload));
        }
        id
    }

    /// Asks, and waits for the last event that answers.
    pub async fn ask(
        &self,
        command: Command,
        payload: Payload,
    ) -> Result<(Answer, Payload), Failure> {
        let (sender, receiver) = oneshot::channel();
        let mut sender = Some(sender);
        self.stream(command, payload, move |event, payload| {
            if is_last(&event)
                && let Some(sender) = sender.take()
            {
                // Nobody waits any longer where the view is gone.
                let _ = sender.send((event, payload));
            }
        });
        match receiver.await {
            Ok((Answer::Failed(failure), _)) => Err(failure),
            Ok(answer) => Ok(answer),
            Err(_) => Ok((Answer::Cancelled, vec![])),
        }
    }

    /// Waits until the worker answers, or never will.
    pub async fn ready(&self) -> Result<DeviceInfo, Failure> {
        loop {
            match self.0.phase.get_untracked() {
                Phase::Ready(info) => return Ok(info),
                Phase::Dead(failure) => return Err(failure),
                _ => crate::browser::sleep(20).await,
            }
        }
    }

    /// Ends the worker; whatever is under way is cancelled.
    pub fn close(&self) {
        self.0.worker.terminate();
        let ids: Vec<RequestId> = {
            let mut state = self.0.state.borrow_mut();
            state.closed = true;
            state.news = None;
            state.waiting.clear();
            state.handlers.keys().copied().collect()
        };
        for id in ids {
            self.answer(id, Answer::Cancelled, vec![]);
        }
    }

    fn take(&self, message: Message) {
        let closed = self.0.state.borrow().closed;
        match message {
            _ if closed => {}
            Message::Loading(received, total) => {
                self.0.phase.set(Phase::Fetching(received, total));
            }
            Message::Preparing => self.0.phase.set(Phase::Preparing),
            Message::Reply(reply, payload) => self.reply(*reply, payload),
            Message::Unknown(what) => {
                leptos::logging::error!("a worker posted what the page cannot read: {what}");
            }
        }
    }

    fn reply(&self, reply: Reply, payload: Payload) {
        match (reply.request, reply.event) {
            (None, Answer::Ready(info)) => {
                let waiting = {
                    let mut state = self.0.state.borrow_mut();
                    state.ready = true;
                    std::mem::take(&mut state.waiting)
                };
                self.0.phase.set(Phase::Ready(info));
                for (request, payload) in waiting {
                    self.post(&request, &payload);
                }
            }
            (None, Answer::Failed(failure)) if !self.0.state.borrow().ready => self.die(failure),
            (None, event) => self.tell(event, payload),
            (Some(id), event) => self.answer(id, event, payload),
        }
    }

    fn tell(&self, event: Answer, payload: Payload) {
        // Taken out while it runs, as it may ask for something itself.
        let news = self.0.state.borrow_mut().news.take();
        if let Some(mut news) = news {
            news(event, payload);
            let mut state = self.0.state.borrow_mut();
            if !state.closed && state.news.is_none() {
                state.news = Some(news);
            }
        }
    }

    fn answer(&self, id: RequestId, event: Answer, payload: Payload) {
        let last = is_last(&event);
        let handler = self.0.state.borrow_mut().handlers.remove(&id);
        if let Some(mut handler) = handler {
            handler(event, payload);
            if !last {
                self.0.state.borrow_mut().handlers.insert(id, handler);
            }
        }
    }

    fn die(&self, failure: Failure) {
        let was_ready = self.0.state.borrow().ready;
        if was_ready {
            self.tell(
                Answer::DeviceLost {
                    reason: failure.to_string(),
                },
                vec![],
            );
        }
        self.0.phase.set(Phase::Dead(failure));
        self.close();
    }

    fn post(&self, request: &Request, payload: &Payload) {
        let posted = lampwork_wire::encode(request, payload).and_then(|(message, buffers)| {
            self.0
                .worker
                .post_message_with_transfer(&message, &buffers)
                .map_err(|e| format!("{e:?}"))
        });
        if let Err(reason) = posted {
            self.answer(
                request.id,
                Answer::Failed(Failure::Internal { reason }),
                vec![],
            );
        }
    }
}

/// Whether nothing else answers a request after this event.
pub fn is_last(event: &Answer) -> bool {
    // What a run measured on the way comes before the answer, under its number.
    !matches!(
        event,
        Answer::Working(_)
            | Answer::Pictures { done: false, .. }
            | Answer::Preview { .. }
            | Answer::Measuring { .. }
            | Answer::Steps { .. }
            | Answer::Filmstrip { .. }
            | Answer::Validated { .. }
    )
}
