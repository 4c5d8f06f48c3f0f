//! The typed link between the page and the worker that computes.
//!
//! The page talks to one worker at a time through a [`Link`], which is `Copy`
//! and sits in the context. Which worker that is may change under way (see
//! [`crate::device`]); a request that was under way then ends with
//! [`Event::Cancelled`], and [`Link::generation`] tells views to ask again.

mod connection;
mod feed;
mod speech;
mod wire;
pub mod words;

use std::cell::RefCell;
use std::rc::Rc;

use lampwork_protocol::{Command, DeviceChoice, DeviceInfo, Event, Failure, Payload, RequestId};
use leptos::prelude::*;

pub use connection::{Connection, Phase};
pub use feed::RunFeed;

type Listener = Rc<RefCell<dyn FnMut(&Event, &Payload)>>;

/// The worker in use.
#[derive(Clone, Copy)]
pub struct Link {
    current: StoredValue<Option<Connection>, LocalStorage>,
    listeners: StoredValue<Vec<(u32, Listener)>, LocalStorage>,
    feed: RunFeed,
    generation: RwSignal<u32>,
    device: RwSignal<Option<DeviceInfo>>,
    choice: RwSignal<DeviceChoice>,
}

impl Link {
    /// A link without a worker.
    pub fn new(choice: DeviceChoice) -> Link {
        Link {
            current: StoredValue::new_local(None),
            listeners: StoredValue::new_local(vec![]),
            feed: RunFeed::new(),
            generation: RwSignal::new(0),
            device: RwSignal::new(None),
            choice: RwSignal::new(choice),
        }
    }

    /// Asks and does not wait; failures go unheard.
    pub fn send(&self, command: Command, payload: Payload) -> RequestId {
        self.stream(command, payload, |_, _| {})
    }

    /// Asks, and waits for the last event that answers.
    ///
    /// # Errors
    ///
    /// The failure that the worker answered with.
    pub async fn ask(
        &self,
        command: Command,
        payload: Payload,
    ) -> Result<(Event, Payload), Failure> {
        let Some(connection) = self.connection() else {
            return Ok((Event::Cancelled, vec![]));
        };
        let (event, payload) = connection.ask(command, payload).await?;
        self.hear(&event, &payload);
        Ok((event, payload))
    }

    /// Asks, and hands every event that answers to `on_event`.
    pub fn stream(
        &self,
        command: Command,
        payload: Payload,
        mut on_event: impl FnMut(Event, Payload) + 'static,
    ) -> RequestId {
        let Some(connection) = self.connection() else {
            on_event(Event::Cancelled, vec![]);
            return 0;
        };
        let link = *self;
        connection.stream(command, payload, move |event, payload| {
            link.hear(&event, &payload);
            on_event(event, payload);
        })
    }

    /// Gives up a request that is under way.
    pub fn cancel(&self, request: RequestId) {
        self.send(Command::Cancel { request }, vec![]);
    }

    /// What is known of the training run.
    pub fn run_events(&self) -> RunFeed {
        self.feed
    }

    /// Calls `listener` with every event of the run, asked for or not, for as
    /// long as the owner that calls this lives.
    pub fn listen(&self, listener: impl FnMut(&Event, &Payload) + 'static) {
        let id = self
            .listeners
            .with_value(|all| all.last().map_or(0, |(id, _)| id + 1));
        let listener: Listener = Rc::new(RefCell::new(listener));
        self.listeners.update_value(|all| all.push((id, listener)));
        let listeners = self.listeners;
        on_cleanup(move || {
            listeners.try_update_value(|all| all.retain(|(other, _)| *other != id));
        });
    }

    /// The device in use; `None` until a worker is ready.
    pub fn device(&self) -> RwSignal<Option<DeviceInfo>> {
        self.device
    }

    /// What the visitor asked for.
    pub fn choice(&self) -> RwSignal<DeviceChoice> {
        self.choice
    }

    /// Goes over to another device; see [`crate::device`].
    pub fn switch(&self, choice: DeviceChoice) {
        self.choice.set(choice);
    }

    /// Changes whenever another worker takes over. Views that show what a worker
    /// made track it, and ask again.
    pub fn generation(&self) -> RwSignal<u32> {
        self.generation
    }

    /// The worker in use.
    pub fn connection(&self) -> Option<Connection> {
        self.current.get_value()
    }

    /// Makes a worker the one in use, and ends the one before.
    pub fn attach(&self, connection: Connection, device: Option<DeviceInfo>) {
        let link = *self;
        connection.on_news(move |event, payload| {
            link.hear(&event, &payload);
        });
        let before = self.current.get_value();
        self.current.set_value(Some(connection));
        self.device.set(device);
        self.generation.update(|n| *n += 1);
        if let Some(before) = before {
            before.close();
        }
    }

    /// Takes in an event as if the worker in use had told it.
    pub fn hear(&self, event: &Event, payload: &Payload) {
        self.feed.take(event, payload);
        // A copy, as a listener may come or go while they are called.
        for (_, listener) in self.listeners.get_value() {
            if let Ok(mut listener) = listener.try_borrow_mut() {
                listener(event, payload);
            }
        }
    }
}
