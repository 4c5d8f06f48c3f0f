//! What the desk is given: models, adapters, corpora and the table of readings.
//!
//! As [`crate::library`] keeps what the studio is given: the bytes stay with the page,
//! so that a worker that takes over has the same. It outlives the room, so that whoever
//! comes back finds everything there.

mod own;
mod tables;

use std::collections::BTreeMap;
use std::rc::Rc;
use std::sync::Arc;

use lampwork_protocol::words::{Command, Event, Opened, RunOrder, TextModelInfo};
use lampwork_protocol::{
    AdapterCard, DataSet, DeviceChoice, DeviceKind, Failure, ModelCard, Payload,
};
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::filter::Filtering;
use crate::browser;
use crate::library::{Library, Standing};
use crate::link::Link;
use crate::link::words::WordsLink;

/// Where the site keeps the readings of characters.
const READINGS: &str = "words/readings.safetensors";

/// What the table of readings knows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Readings {
    /// Characters that it knows.
    pub characters: u32,
    /// Tunes whose patterns it knows, in traditional characters.
    pub tunes: Vec<String>,
}

/// What a corpus holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CorpusCounts {
    /// Documents in training, validation and test split.
    pub documents: [u32; 3],
    /// Tokens in each.
    pub tokens: [u32; 3],
}

/// An adapter that is loaded.
#[derive(Debug, Clone)]
pub struct Learned {
    /// What it is.
    pub card: AdapterCard,
    /// First eight bytes of the SHA-256 of its file.
    pub hash: [u8; 8],
    /// Its file.
    pub bytes: Rc<Vec<u8>>,
}

impl Learned {
    /// Its hash as addresses name it.
    pub fn name(&self) -> String {
        hexadecimal(self.hash)
    }
}

/// A text of the visitor's own, on the desk.
#[derive(Debug, Clone, PartialEq)]
pub struct Own {
    /// Name of its file, without the ending; empty where it was pasted.
    pub name: String,
    /// How it was read.
    pub opened: Opened,
    /// All of it.
    pub text: Arc<str>,
}

#[derive(Default)]
struct Kept {
    models: BTreeMap<String, (Option<ModelCard>, Rc<Vec<u8>>)>,
    corpora: BTreeMap<&'static str, (DataSet, Rc<Vec<u8>>)>,
    readings: Option<Rc<Vec<u8>>>,
}

/// What the desk has.
#[derive(Clone, Copy)]
pub struct Shelf {
    /// The way to the worker of words.
    pub link: WordsLink,
    library: Library,
    kept: StoredValue<Kept, LocalStorage>,
    models: RwSignal<BTreeMap<String, Standing<TextModelInfo>>>,
    readings: RwSignal<Standing<Readings>>,
    corpora: RwSignal<BTreeMap<&'static str, Standing<CorpusCounts>>>,
    adapters: RwSignal<Vec<Learned>, LocalStorage>,
    /// The word filter for classrooms; whatever shows a text asks it.
    pub filter: Filtering,
    /// Whether the adapters that the browser keeps are there.
    remembered: RwSignal<Standing<()>>,
    own: RwSignal<Option<Own>>,
    /// Whether the text of an earlier visit was looked for.
    recalled: StoredValue<bool>,
    /// What the desk trains.
    order: RwSignal<Option<RunOrder>>,
    /// Why the device that was chosen does not compute words, if it does not.
    pub fell_back: RwSignal<Option<Failure>>,
}

impl Shelf {
    /// An empty shelf that follows the visitor's choice of a device.
    pub fn new(pictures: Link, library: Library) -> Shelf {
        let shelf = Shelf {
            link: WordsLink::new(),
            library,
            kept: StoredValue::new_local(Kept::default()),
            models: RwSignal::new(BTreeMap::new()),
            readings: RwSignal::new(Standing::Absent),
            corpora: RwSignal::new(BTreeMap::new()),
            adapters: RwSignal::new_local(vec![]),
            filter: Filtering::new(),
            remembered: RwSignal::new(Standing::Absent),
            own: RwSignal::new(None),
            recalled: StoredValue::new(false),
            order: RwSignal::new(None),
            fell_back: RwSignal::new(None),
        };
        Effect::new(move |before: Option<DeviceKind>| {
            // One token at a time is little work, and a queue to a GPU is long: only
            // who asks for WebGPU gets it.
            let kind = match pictures.choice().get() {
                DeviceChoice::WebGpu => DeviceKind::WebGpu,
                DeviceChoice::Cpu | DeviceChoice::Auto => DeviceKind::Cpu,
            };
            if before.unwrap_or(DeviceKind::Cpu) != kind {
                spawn_local(async move { shelf.switch(kind).await });
            }
            kind
        });
        shelf.link.listen(move |event| {
            if let Event::DeviceLost { .. } = event {
                // The run is gone with the worker; all else is given to a new one.
                shelf.order.set(None);
                shelf.link.forget();
                spawn_local(async move {
                    shelf.fell_back.set(shelf.load_again().await.err());
                });
            }
        });
        shelf
    }

    /// Goes over to another device, with all that is loaded and the run.
    async fn switch(self, kind: DeviceKind) {
        let answer = match self.snapshot().await {
            Ok(run) => self.switch_with(kind, run).await,
            Err(failure) => Err(failure),
        };
        self.fell_back.set(answer.err());
    }

    async fn switch_with(
        self,
        kind: DeviceKind,
        run: Option<(RunOrder, Vec<u8>)>,
    ) -> Result<(), Failure> {
        self.link.switch(kind).await?;
        self.load_again().await?;
        if let Some((order, bytes)) = run {
            let command = Command::RestoreRun { order };
            self.link.ask(command, vec![bytes]).await?;
        }
        Ok(())
    }

    /// The run whole, paused, if there is one.
    async fn snapshot(&self) -> Result<Option<(RunOrder, Vec<u8>)>, Failure> {
        let Some(mut order) = self.order.get_untracked() else {
            return Ok(None);
        };
        self.link.ask(Command::Pause, vec![]).await?;
        match self.link.ask(Command::Snapshot, vec![]).await? {
            (Event::Snapshot { status }, mut payload) if !payload.is_empty() => {
                // Knobs may have been turned since it was begun.
                order.recipe = status.recipe;
                Ok(Some((order, payload.remove(0))))
            }
            (event, _) => Err(unexpected(&event)),
        }
    }

    async fn load_again(self) -> Result<(), Failure> {
        let mut requests: Vec<(Command, Payload)> = vec![];
        self.kept.with_value(|kept| {
            for (card, bytes) in kept.models.values() {
                let command = Command::LoadModel { card: card.clone() };
                requests.push((command, vec![bytes.to_vec()]));
            }
            for (data, bytes) in kept.corpora.values() {
                let command = Command::LoadCorpus { data: *data };
                requests.push((command, vec![bytes.to_vec()]));
            }
            if let Some(bytes) = &kept.readings {
                requests.push((Command::LoadReadings, vec![bytes.to_vec()]));
            }
        });
        self.adapters.with_untracked(|all| {
            for learned in all {
                requests.push((Command::LoadAdapter, vec![learned.bytes.to_vec()]));
            }
        });
        for (command, payload) in requests {
            self.link.ask(command, payload).await?;
        }
        if let Some(own) = self.own.get_untracked() {
            self.link.open_text(&own.text).await?;
        }
        Ok(())
    }

    /// Names of the models of text that the site ships; tracked.
    pub fn shipped(&self) -> Vec<(String, DataSet)> {
        self.library.texts().with(|all| {
            all.iter()
                .map(|entry| (entry.name.clone(), entry.data))
                .collect()
        })
    }

    /// Fetches the list of models, once.
    pub fn list(&self) {
        let library = self.library;
        spawn_local(async move {
            // A list that cannot be had shows as the model's standing.
            let _ = library.list().await;
        });
    }

    /// Whether the list of models is there; tracked.
    pub fn is_listed(&self) -> bool {
        matches!(self.library.listed().get(), Standing::Ready(()))
    }

    /// How far a model has come; tracked.
    pub fn standing(&self, name: &str) -> Standing<TextModelInfo> {
        if let Standing::Failed(failure) = self.library.listed().get() {
            return Standing::Failed(failure);
        }
        self.models
            .with(|all| all.get(name).cloned())
            .unwrap_or(Standing::Absent)
    }

    /// A model that is ready; tracked.
    pub fn model(&self, name: &str) -> Option<TextModelInfo> {
        match self.standing(name) {
            Standing::Ready(info) => Some(info),
            _ => None,
        }
    }

    /// Starts to load a model that the site ships, unless that is under way or done.
    pub fn want(&self, name: &str) {
        let shelf = *self;
        let name = name.to_owned();
        spawn_local(async move {
            // The standing says what went wrong.
            let _ = shelf.ready(&name).await;
        });
    }

    /// Loads a model, and waits until it can be used.
    ///
    /// # Errors
    ///
    /// Where it cannot be fetched or read.
    pub async fn ready(&self, name: &str) -> Result<TextModelInfo, Failure> {
        loop {
            match self.models.with_untracked(|all| all.get(name).cloned()) {
                Some(Standing::Ready(info)) => return Ok(info),
                Some(standing) if standing.is_under_way() => browser::sleep(15).await,
                _ => break,
            }
        }
        self.set_model(name, Standing::Fetching(0.0, 0.0));
        let answer = self.fetch_model(name).await;
        self.set_model(
            name,
            match &answer {
                Ok(info) => Standing::Ready(info.clone()),
                Err(failure) => Standing::Failed(failure.clone()),
            },
        );
        answer
    }

    async fn fetch_model(&self, name: &str) -> Result<TextModelInfo, Failure> {
        // The worker is fetched meanwhile.
        self.link.connection()?;
        self.library.list().await?;
        let entry = self
            .library
            .texts()
            .with_untracked(|all| all.iter().find(|entry| entry.name == name).cloned())
            .ok_or_else(|| Failure::NoModel { model: name.into() })?;
        let progress = {
            let (shelf, name) = (*self, name.to_owned());
            move |received, all| shelf.set_model(&name, Standing::Fetching(received, all))
        };
        let (card, bytes) = entry.fetch(progress).await?;
        self.set_model(name, Standing::Preparing);
        self.load_model(Some(card), bytes).await
    }

    /// Loads a weights file that the visitor has: it becomes the model `yours`.
    ///
    /// # Errors
    ///
    /// Where it is none.
    pub async fn load_yours(&self, bytes: Vec<u8>) -> Result<TextModelInfo, Failure> {
        let info = self.load_model(None, bytes).await?;
        self.set_model(ModelCard::YOURS, Standing::Ready(info.clone()));
        Ok(info)
    }

    async fn load_model(
        &self,
        card: Option<ModelCard>,
        bytes: Vec<u8>,
    ) -> Result<TextModelInfo, Failure> {
        let bytes = Rc::new(bytes);
        let command = || Command::LoadModel { card: card.clone() };
        let event = self.put(command, &bytes).await?;
        let Event::ModelLoaded(info) = event else {
            return Err(unexpected(&event));
        };
        let name = match &card {
            Some(card) => card.name.clone(),
            None => ModelCard::YOURS.to_owned(),
        };
        self.kept.update_value(|kept| {
            kept.models.insert(name, (card, bytes));
        });
        Ok(info)
    }

    /// Hands the worker a file; asks again where another worker takes over.
    async fn put(
        &self,
        command: impl Fn() -> Command,
        bytes: &Rc<Vec<u8>>,
    ) -> Result<Event, Failure> {
        loop {
            match self.link.ask(command(), vec![bytes.to_vec()]).await? {
                (Event::Cancelled, _) => browser::sleep(50).await,
                (event, _) => return Ok(event),
            }
        }
    }

    fn set_model(&self, name: &str, standing: Standing<TextModelInfo>) {
        self.models.update(|all| {
            all.insert(name.to_owned(), standing);
        });
    }
}

/// A hash as cards and addresses have it.
pub fn hexadecimal(hash: [u8; 8]) -> String {
    format!("{:016x}", u64::from_be_bytes(hash))
}

/// The hash that [`hexadecimal`] wrote.
pub fn hash_of(name: &str) -> Option<[u8; 8]> {
    let digits = Some(name).filter(|name| name.len() == 16)?;
    let number = u64::from_str_radix(digits, 16).ok()?;
    Some(number.to_be_bytes())
}

/// An event that does not answer what was asked.
pub fn unexpected(event: &Event) -> Failure {
    Failure::Internal {
        reason: format!("an answer that does not fit the question: {event:?}"),
    }
}
