//! The typed link between the page and the worker of words.
//!
//! As [`super::Link`], but simpler: the worker starts when it is first asked for
//! something, so that nobody who looks at pictures fetches it, and it is always there
//! after that.

use js_sys::{Function, Reflect, Uint8Array};
use lampwork_protocol::words::charset::{Charset, charset, decode, plain};
use lampwork_protocol::words::{Command, Event, Opened};
use lampwork_protocol::{DeviceInfo, DeviceKind, Failure, Payload, RequestId};
use leptos::prelude::*;
use wasm_bindgen::{JsCast, JsValue};

use super::connection::{Connection, Phase};
use super::speech::words::Words;

/// The worker of words.
#[derive(Clone, Copy)]
pub struct WordsLink {
    current: RwSignal<Option<Connection<Words>>, LocalStorage>,
    /// What a run tells without being asked: the newest event.
    news: RwSignal<Option<Event>, LocalStorage>,
}

impl WordsLink {
    /// A link without a worker.
    pub fn new() -> WordsLink {
        WordsLink {
            current: RwSignal::new_local(None),
            news: RwSignal::new_local(None),
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
        let news = self.news;
        connection.on_news(move |event, _| news.set(Some(event)));
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

    /// What a run told last.
    pub fn news(&self) -> RwSignal<Option<Event>, LocalStorage> {
        self.news
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
        self.connection()?.ask(command, payload).await
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

    /// Opens a text file as the visitor's own text, whatever it is written in.
    ///
    /// # Errors
    ///
    /// [`Failure::BadText`] or [`Failure::TooLarge`] where it is none.
    pub async fn open_text(&self, bytes: Vec<u8>) -> Result<Event, Failure> {
        let charset = charset(&bytes)?;
        let bytes = match charset {
            Charset::Gb18030 => decoded(&bytes, charset)?.into_bytes(),
            _ => bytes,
        };
        let (event, _) = self.ask(Command::OpenText, vec![bytes]).await?;
        Ok(match event {
            // The worker was handed UTF-8, and the visitor's file may be another.
            Event::TextOpened(opened) => Event::TextOpened(Opened { charset, ..opened }),
            event => event,
        })
    }
}

/// The text of a file, whatever it is written in, for who shows it rather than hands it
/// to the worker.
///
/// # Errors
///
/// As [`WordsLink::open_text`].
pub fn read_text(bytes: &[u8]) -> Result<String, Failure> {
    match decode(bytes)? {
        Some((_, text)) => Ok(text),
        None => decoded(bytes, Charset::Gb18030),
    }
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
