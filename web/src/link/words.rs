//! The typed link between the page and the worker of words.
//!
//! As [`super::Link`], but simpler: the worker starts when it is first asked for
//! something, so that nobody who looks at pictures fetches it, and it is always there
//! after that.

use std::cell::RefCell;
use std::rc::Rc;

use js_sys::{Function, Reflect, Uint8Array};
use lampwork_protocol::words::charset::{Charset, decode, plain};
use lampwork_protocol::words::{Command, Event, Opened};
use lampwork_protocol::{DeviceInfo, DeviceKind, Failure, Payload, RequestId};
use leptos::prelude::*;
use wasm_bindgen::{JsCast, JsValue};

use super::connection::{Connection, Phase};
use super::speech::words::Words;

type Listener = Rc<RefCell<dyn FnMut(&Event)>>;

/// The worker of words.
#[derive(Clone, Copy)]
pub struct WordsLink {
    current: RwSignal<Option<Connection<Words>>, LocalStorage>,
    listeners: StoredValue<Vec<Listener>, LocalStorage>,
}

impl WordsLink {
    /// A link without a worker.
    pub fn new() -> WordsLink {
        WordsLink {
            current: RwSignal::new_local(None),
            listeners: StoredValue::new_local(vec![]),
        }
    }

    /// The worker, which is started if it is not there.
    ///
    /// # Errors
    ///
    /// [`Failure::NoDevice`] where it cannot be started.
    pub fn connection(&self) -> Result<Connection<Words>, Failure> {
        if let Some(connection) = self.current.get_untracked() {
            return Ok(connection);
        }
        let connection = Connection::open(DeviceKind::Cpu)?;
        self.attach(connection.clone());
        Ok(connection)
    }

    /// Goes over to a worker of this kind, once it answers and its self-test has passed;
    /// the one before stays in use until then, and if it does not. What was loaded into
    /// it must be loaded anew.
    ///
    /// # Errors
    ///
    /// Why the other one cannot be used.
    pub async fn switch(&self, kind: DeviceKind) -> Result<DeviceInfo, Failure> {
        let connection = Connection::<Words>::open(kind)?;
        let info = connection.ready().await?;
        let tested = connection.ask(Command::SelfTest, vec![]).await;
        let wrong = match tested {
            Ok((Event::SelfTested { checks }, _)) => checks
                .into_iter()
                .find(|check| check.error > check.tolerance),
            Ok(_) => None,
            Err(failure) => {
                connection.close();
                return Err(failure);
            }
        };
        if let Some(check) = wrong {
            connection.close();
            return Err(Failure::WrongAnswers {
                device: info.name,
                reason: check.name,
            });
        }
        self.attach(connection);
        Ok(info)
    }

    fn attach(&self, connection: Connection<Words>) {
        let link = *self;
        connection.on_news(move |event, _| link.hear(&event));
        let before = self.current.get_untracked();
        self.current.set(Some(connection));
        if let Some(before) = before {
            before.close();
        }
    }

    /// How far the worker has come; `None` while nobody has asked for it. Tracked.
    pub fn phase(&self) -> Option<Phase> {
        let connection = self.current.get();
        connection.map(|connection| connection.phase().get())
    }

    /// Lets go of a worker that is gone; the next that is asked for starts anew.
    pub fn forget(&self) {
        let before = self.current.get_untracked();
        self.current.set(None);
        if let Some(before) = before {
            before.close();
        }
    }

    /// The device that computes words, once it is open; tracked.
    pub fn device(&self) -> Option<DeviceInfo> {
        match self.phase() {
            Some(Phase::Ready(info)) => Some(info),
            _ => None,
        }
    }

    /// Calls `listener` with every event that answers a command, and with the news of
    /// the run, for as long as the page lives.
    pub fn listen(&self, listener: impl FnMut(&Event) + 'static) {
        let listener: Listener = Rc::new(RefCell::new(listener));
        self.listeners.update_value(|all| all.push(listener));
    }

    fn hear(&self, event: &Event) {
        // A copy, as one that listens may ask for something meanwhile.
        for listener in self.listeners.get_value() {
            if let Ok(mut listener) = listener.try_borrow_mut() {
                listener(event);
            }
        }
    }

    /// Asks, and waits for the last event that answers.
    ///
    /// # Errors
    ///
    /// The failure that the worker answered with, or that kept it from starting.
    pub async fn ask(
        &self,
        command: Command,
        payload: Payload,
    ) -> Result<(Event, Payload), Failure> {
        let (event, payload) = self.connection()?.ask(command, payload).await?;
        self.hear(&event);
        Ok((event, payload))
    }

    /// Asks, and hands every event that answers to `on_event`.
    pub fn stream(
        &self,
        command: Command,
        payload: Payload,
        mut on_event: impl FnMut(Event, Payload) + 'static,
    ) -> RequestId {
        match self.connection() {
            Ok(connection) => connection.stream(command, payload, on_event),
            Err(failure) => {
                on_event(Event::Failed(failure), vec![]);
                0
            }
        }
    }

    /// Gives up a request that is under way.
    pub fn cancel(&self, request: RequestId) {
        self.stream(Command::Cancel { request }, vec![], |_, _| {});
    }

    /// Puts a text on the desk as the visitor's own.
    ///
    /// # Errors
    ///
    /// [`Failure::BadText`] or [`Failure::TooLarge`] where it is none.
    pub async fn open_text(&self, text: &str) -> Result<Opened, Failure> {
        let bytes = text.as_bytes().to_vec();
        match self.ask(Command::OpenText, vec![bytes]).await? {
            (Event::TextOpened(opened), _) => Ok(opened),
            (event, _) => Err(Failure::Internal {
                reason: format!("a text was opened, and the answer was {event:?}"),
            }),
        }
    }
}

/// The text of a file, whatever it is written in.
///
/// # Errors
///
/// [`Failure::BadText`] or [`Failure::TooLarge`] where it is none.
pub fn text_of(bytes: &[u8]) -> Result<(Charset, String), Failure> {
    match decode(bytes)? {
        Some(read) => Ok(read),
        None => Ok((Charset::Gb18030, decoded(bytes, Charset::Gb18030)?)),
    }
}

/// The text of a file, whatever it is written in, for who does not ask in what.
///
/// # Errors
///
/// As [`text_of`].
pub fn read_text(bytes: &[u8]) -> Result<String, Failure> {
    text_of(bytes).map(|(_, text)| text)
}

/// The text of bytes by the browser's decoder: its tables would add 0.12 MB to what is
/// fetched of the worker.
fn decoded(bytes: &[u8], charset: Charset) -> Result<String, Failure> {
    let broken = |_: JsValue| Failure::BadText {
        reason: format!("it is not all in {}", charset.label()),
    };
    let class: Function = Reflect::get(&js_sys::global(), &"TextDecoder".into())
        .and_then(JsCast::dyn_into)
        .map_err(broken)?;
    let options = js_sys::Object::new();
    Reflect::set(&options, &"fatal".into(), &true.into()).map_err(broken)?;
    let arguments = js_sys::Array::of2(&charset.label().into(), &options);
    let decoder = Reflect::construct(&class, &arguments).map_err(broken)?;
    let decode: Function = Reflect::get(&decoder, &"decode".into())
        .and_then(JsCast::dyn_into)
        .map_err(broken)?;
    let text = decode
        .call1(&decoder, &Uint8Array::from(bytes))
        .map_err(broken)?;
    plain(&text.as_string().unwrap_or_default())
}
