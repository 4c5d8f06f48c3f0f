//! One worker, and the requests that are under way with it.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

use futures::channel::oneshot;
use lampwork_protocol::{DeviceInfo, DeviceKind, Failure, Payload, RequestId};
use leptos::prelude::*;
use wasm_bindgen::prelude::*;
use web_sys::{ErrorEvent, Event, MessageEvent, Worker, WorkerOptions, WorkerType};

use super::speech::{Pictures, Speech};
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
type Handler<S> = Box<dyn FnMut(<S as Speech>::Event, Payload)>;

/// One worker, which is spoken to in `S`.
pub struct Connection<S: Speech = Pictures>(Rc<Inner<S>>);

impl<S: Speech> Clone for Connection<S> {
    fn clone(&self) -> Self {
        Self(Rc::clone(&self.0))
    }
}

struct Inner<S: Speech> {
    worker: Worker,
    /// Where it stands; the page shows it.
    phase: RwSignal<Phase>,
    state: RefCell<State<S>>,
}

struct State<S: Speech> {
    last: RequestId,
    /// Requests made before the worker can hear them.
    waiting: Vec<(S::Request, RequestId, Payload)>,
    ready: bool,
    closed: bool,
    handlers: HashMap<RequestId, Handler<S>>,
    /// Takes replies without a request's number.
    news: Option<Handler<S>>,
    /// Kept, as the worker calls them as long as it lives.
    _callbacks: Vec<JsValue>,
}

impl<S: Speech> Connection<S> {
    /// Starts a worker of this kind.
    pub fn open(kind: DeviceKind) -> Result<Self, Failure> {
        let name = match kind {
            DeviceKind::Cpu => S::CPU_WORKER,
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
        // By which the WebGPU worker, that holds both, knows which one it is.
        options.set_name(S::NAME);
        let worker = Worker::new_with_options(&url.href(), &options).map_err(broken)?;
        let connection = Connection(Rc::new(Inner {
            worker,
            phase: RwSignal::new(Phase::Fetching(0.0, 0.0)),
            state: RefCell::new(State {
                last: 0,
                waiting: vec![],
                ready: false,
                closed: false,
                handlers: HashMap::new(),
                news: None,
                _callbacks: vec![],
            }),
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
    pub fn on_news(&self, news: impl FnMut(S::Event, Payload) + 'static) {
        self.0.state.borrow_mut().news = Some(Box::new(news));
    }

    /// Asks, and hands every event that answers to `on_event`.
    pub fn stream(
        &self,
        command: S::Command,
        payload: Payload,
        on_event: impl FnMut(S::Event, Payload) + 'static,
    ) -> RequestId {
        let id = {
            let mut state = self.0.state.borrow_mut();
            state.last += 1;
            let id = state.last;
            state.handlers.insert(id, Box::new(on_event));
            id
        };
        let request = S::request(id, command);
        let (ready, closed) = {
            let state = self.0.state.borrow();
            (state.ready, state.closed)
        };
        if closed {
            self.answer(id, S::CANCELLED, vec![]);
        } else if ready {
            self.post(&request, id, &payload);
        } else {
            self.0
                .state
                .borrow_mut()
                .waiting
                .push((request, id, payload));
        }
        id
    }

    /// Asks, and waits for the last event that answers.
    pub async fn ask(
        &self,
        command: S::Command,
        payload: Payload,
    ) -> Result<(S::Event, Payload), Failure> {
        let (sender, receiver) = oneshot::channel();
        let mut sender = Some(sender);
        self.stream(command, payload, move |event, payload| {
            if S::is_last(&event)
                && let Some(sender) = sender.take()
            {
                // Nobody waits any longer where the view is gone.
                let _ = sender.send((event, payload));
            }
        });
        match receiver.await {
            Ok((event, payload)) => Ok((S::unfailed(event)?, payload)),
            Err(_) => Ok((S::CANCELLED, vec![])),
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
            self.answer(id, S::CANCELLED, vec![]);
        }
    }

    fn take(&self, message: Message<S::Reply>) {
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

    fn reply(&self, reply: S::Reply, payload: Payload) {
        let ready = self.0.state.borrow().ready;
        let (request, event) = S::parts(reply);
        if let Some(id) = request {
            self.answer(id, event, payload);
        } else if let Some(info) = S::ready(&event) {
            let waiting = {
                let mut state = self.0.state.borrow_mut();
                state.ready = true;
                std::mem::take(&mut state.waiting)
            };
            self.0.phase.set(Phase::Ready(info.clone()));
            for (request, id, payload) in waiting {
                self.post(&request, id, &payload);
            }
        } else if ready {
            self.tell(event, payload);
        } else {
            match S::unfailed(event) {
                Ok(event) => self.tell(event, payload),
                Err(failure) => self.die(failure),
            }
        }
    }

    fn tell(&self, event: S::Event, payload: Payload) {
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

    fn answer(&self, id: RequestId, event: S::Event, payload: Payload) {
        let last = S::is_last(&event);
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
            self.tell(S::lost(failure.to_string()), vec![]);
        }
        self.0.phase.set(Phase::Dead(failure));
        self.close();
    }

    fn post(&self, request: &S::Request, id: RequestId, payload: &Payload) {
        let posted = lampwork_wire::encode(request, payload).and_then(|(message, buffers)| {
            self.0
                .worker
                .post_message_with_transfer(&message, &buffers)
                .map_err(|e| format!("{e:?}"))
        });
        if let Err(reason) = posted {
            self.answer(id, S::failed(Failure::Internal { reason }), vec![]);
        }
    }
}
