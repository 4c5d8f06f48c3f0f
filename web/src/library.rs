//! Models, data sets and words: which there are, which are loaded, and their bytes.
//!
//! The bytes stay with the page, so that a worker that takes over is given the
//! same models and data without fetching them again.

mod cards;
pub mod fetch;
mod judges;
mod words;

use std::collections::BTreeMap;
use std::rc::Rc;

use futures::future::try_join;
use lampwork_protocol::{
    Command, DataSet, Event, Failure, Modality, ModelCard, ModelInfo, Payload,
};
use leptos::prelude::*;
use leptos::task::spawn_local;
use serde::Deserialize;

use crate::browser;
use crate::link::{Connection, Link};

/// A model that the site ships.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Entry {
    /// Its name.
    pub name: String,
    /// Size of its weights file.
    pub bytes: u64,
    /// First eight bytes of the SHA-256 of its weights file, in hexadecimal.
    pub hash: String,
    /// What it learned from.
    pub data: DataSet,
    /// Its family, as in a recipe.
    pub family: String,
}

impl Entry {
    /// Its card and its weights file; `progress` hears the bytes of the latter.
    pub async fn fetch(
        &self,
        mut progress: impl FnMut(f64, f64),
    ) -> Result<(ModelCard, Vec<u8>), Failure> {
        let size = self.bytes as f64;
        let of_all = move |received, total| {
            progress(received, if total > 0.0 { total } else { size });
        };
        // The hash in the query: new weights are never mixed with cached ones.
        let Entry { name, hash, .. } = self;
        let weights = format!("models/{name}/weights.safetensors?{hash}");
        let card = format!("models/{name}/card.json?{hash}");
        let (bytes, card) = try_join(
            fetch::bytes(&weights, of_all),
            fetch::bytes(&card, |_, _| {}),
        )
        .await?;
        let card = serde_json::from_slice(&card).map_err(|e| Failure::BadWeights {
            reason: format!("its card: {e}"),
        })?;
        Ok((card, bytes))
    }
}

/// How far a model or a data set has come.
#[derive(Debug, Clone, PartialEq)]
pub enum Standing<T> {
    /// Nobody has asked for it.
    Absent,
    /// Bytes received, of how many (0 where unknown).
    Fetching(f64, f64),
    /// The worker reads it.
    Preparing,
    /// It can be used.
    Ready(T),
    /// It could not be had.
    Failed(Failure),
}

impl<T> Standing<T> {
    /// Whether somebody is at it.
    pub fn is_under_way(&self) -> bool {
        matches!(self, Standing::Fetching(..) | Standing::Preparing)
    }
}

/// What a data set holds: examples in training, validation and test split.
pub type Counts = [u32; 3];

struct Kept {
    card: Option<ModelCard>,
    bytes: Rc<Vec<u8>>,
}

#[derive(Default)]
struct Shelf {
    models: BTreeMap<String, Kept>,
    data: BTreeMap<&'static str, (DataSet, Rc<Vec<u8>>)>,
    judges: BTreeMap<&'static str, (DataSet, Rc<Vec<u8>>)>,
    words: Option<words::Vocabulary>,
}

/// Models and data sets.
#[derive(Clone, Copy)]
pub struct Library {
    link: Link,
    shelf: StoredValue<Shelf, LocalStorage>,
    catalogue: RwSignal<Vec<Entry>>,
    texts: RwSignal<Vec<Entry>>,
    /// Those that change pictures; who looks for one knows its name.
    translators: RwSignal<Vec<Entry>>,
    listed: RwSignal<Standing<()>>,
    models: RwSignal<BTreeMap<String, Standing<ModelInfo>>>,
    data: RwSignal<BTreeMap<&'static str, Standing<Counts>>>,
    words: RwSignal<Standing<()>>,
}

impl Library {
    /// An empty library.
    pub fn new(link: Link) -> Library {
        Library {
            link,
            shelf: StoredValue::new_local(Shelf::default()),
            catalogue: RwSignal::new(vec![]),
            texts: RwSignal::new(vec![]),
            translators: RwSignal::new(vec![]),
            listed: RwSignal::new(Standing::Absent),
            models: RwSignal::new(BTreeMap::new()),
            data: RwSignal::new(BTreeMap::new()),
            words: RwSignal::new(Standing::Absent),
        }
    }

    /// Whether the site ships a model that changes pictures, of this name; tracked.
    pub fn ships_changer(&self, name: &str) -> bool {
        self.translators
            .with(|all| all.iter().any(|entry| entry.name == name))
    }

    /// The models of pictures that the site ships; empty until the list is there.
    pub fn catalogue(&self) -> RwSignal<Vec<Entry>> {
        self.catalogue
    }

    /// The models of text that the site ships; empty until the list is there.
    pub fn texts(&self) -> RwSignal<Vec<Entry>> {
        self.texts
    }

    /// How far the list of models has come.
    pub fn listed(&self) -> RwSignal<Standing<()>> {
        self.listed
    }

    /// How far a model has come; tracked.
    pub fn standing(&self, name: &str) -> Standing<ModelInfo> {
        if let Standing::Failed(failure) = self.listed.get() {
            return Standing::Failed(failure);
        }
        self.models
            .with(|all| all.get(name).cloned())
            .unwrap_or(Standing::Absent)
    }

    /// A model that is ready; tracked.
    pub fn model(&self, name: &str) -> Option<ModelInfo> {
        match self.standing(name) {
            Standing::Ready(info) => Some(info),
            _ => None,
        }
    }

    /// The model that was trained or loaded in the tab, if any; tracked.
    pub fn yours(&self) -> Option<ModelInfo> {
        self.model(ModelCard::YOURS)
    }

    /// How far a data set has come; tracked.
    pub fn data(&self, data: DataSet) -> Standing<Counts> {
        self.data
            .with(|all| all.get(data.name()).cloned())
            .unwrap_or(Standing::Absent)
    }

    /// Fetches the list of models, once.
    pub async fn list(&self) -> Result<(), Failure> {
        loop {
            match self.listed.get_untracked() {
                Standing::Ready(()) => return Ok(()),
                Standing::Fetching(..) | Standing::Preparing => browser::sleep(15).await,
                Standing::Absent | Standing::Failed(_) => break,
            }
        }
        self.listed.set(Standing::Fetching(0.0, 0.0));
        let list = fetch::bytes("models/index.json", |_, _| {})
            .await
            .and_then(|bytes| {
                serde_json::from_slice::<Vec<Entry>>(&bytes).map_err(|e| Failure::Internal {
                    reason: format!("models/index.json: {e}"),
                })
            });
        match list {
            Ok(list) => {
                let (texts, pictures): (_, Vec<Entry>) = list
                    .into_iter()
                    .partition(|entry| entry.data.modality() == Modality::Text);
                let (translators, pictures) = pictures
                    .into_iter()
                    .partition(|entry| matches!(entry.family.as_str(), "translate" | "domains"));
                self.texts.set(texts);
                self.translators.set(translators);
                self.catalogue.set(pictures);
                self.listed.set(Standing::Ready(()));
                Ok(())
            }
            Err(failure) => {
                self.listed.set(Standing::Failed(failure.clone()));
                Err(failure)
            }
        }
    }

    /// Starts to load a model that the site ships, unless that is under way or
    /// done.
    pub fn want(&self, name: &str) {
        let library = *self;
        let name = name.to_owned();
        spawn_local(async move {
            // The standing says what went wrong.
            let _ = library.ready(&name).await;
        });
    }

    /// Loads a model, and waits until it can be used.
    pub async fn ready(&self, name: &str) -> Result<ModelInfo, Failure> {
        loop {
            match self.models.with_untracked(|all| all.get(name).cloned()) {
                Some(Standing::Ready(info)) => return Ok(info),
                Some(standing) if standing.is_under_way() => browser::sleep(15).await,
                _ => break,
            }
        }
        self.set_model(name, Standing::Fetching(0.0, 0.0));
        let answer = self.fetch_model(name).await;
        match &answer {
            Ok(info) => self.set_model(name, Standing::Ready(info.clone())),
            Err(failure) => self.set_model(name, Standing::Failed(failure.clone())),
        }
        answer
    }

    async fn fetch_model(&self, name: &str) -> Result<ModelInfo, Failure> {
        self.list().await?;
        let named = |all: &Vec<Entry>| all.iter().find(|entry| entry.name == name).cloned();
        let entry = self
            .catalogue
            .with_untracked(named)
            .or_else(|| self.translators.with_untracked(named))
            .ok_or_else(|| Failure::NoModel { model: name.into() })?;
        let progress = {
            let (library, name) = (*self, name.to_owned());
            move |received, all| library.set_model(&name, Standing::Fetching(received, all))
        };
        let (card, bytes) = entry.fetch(progress).await?;
        self.set_model(name, Standing::Preparing);
        self.load_model(Some(card), bytes).await
    }

    /// Loads a weights file that the visitor has: it becomes the model `yours`.
    pub async fn load_yours(&self, bytes: Vec<u8>) -> Result<ModelInfo, Failure> {
        let info = self.load_model(None, bytes).await?;
        self.set_model(ModelCard::YOURS, Standing::Ready(info.clone()));
        Ok(info)
    }

    /// Makes the run's weights, as they are now, the model `yours`.
    pub async fn use_run(&self) -> Result<ModelInfo, Failure> {
        // By way of the file, so that the page has it for the next worker and its
        // hash is that of the file a visitor downloads.
        match self.link.ask(Command::ExportRun, vec![]).await? {
            (Event::Exported { .. }, mut payload) if !payload.is_empty() => {
                self.load_yours(payload.remove(0)).await
            }
            other => Err(unexpected(&other.0)),
        }
    }

    async fn load_model(
        &self,
        card: Option<ModelCard>,
        bytes: Vec<u8>,
    ) -> Result<ModelInfo, Failure> {
        let bytes = Rc::new(bytes);
        loop {
            let command = Command::LoadModel { card: card.clone() };
            match self.link.ask(command, vec![bytes.to_vec()]).await? {
                (Event::ModelLoaded(info), _) => {
                    let name = info.card.name.clone();
                    let name = if card.is_some() {
                        name
                    } else {
                        ModelCard::YOURS.to_owned()
                    };
                    self.shelf.update_value(|shelf| {
                        shelf.models.insert(name, Kept { card, bytes });
                    });
                    return Ok(info);
                }
                // Another worker is taking over; ask that one.
                (Event::Cancelled, _) => browser::sleep(50).await,
                (event, _) => return Err(unexpected(&event)),
            }
        }
    }

    /// Loads a data set, and waits until it can be used.
    pub async fn load_data(&self, data: DataSet) -> Result<Counts, Failure> {
        loop {
            let standing = self
                .data
                .with_untracked(|all| all.get(data.name()).cloned());
            match standing {
                Some(Standing::Ready(counts)) => return Ok(counts),
                Some(standing) if standing.is_under_way() => browser::sleep(15).await,
                _ => break,
            }
        }
        let answer = self.fetch_data(data).await;
        match &answer {
            Ok(counts) => self.set_data(data, Standing::Ready(*counts)),
            Err(failure) => self.set_data(data, Standing::Failed(failure.clone())),
        }
        answer
    }

    async fn fetch_data(&self, data: DataSet) -> Result<Counts, Failure> {
        let library = *self;
        self.set_data(data, Standing::Fetching(0.0, 0.0));
        let path = format!("datasets/{}.safetensors", data.name());
        let bytes = fetch::bytes(&path, move |received, total| {
            library.set_data(data, Standing::Fetching(received, total));
        })
        .await?;
        self.set_data(data, Standing::Preparing);
        let bytes = Rc::new(bytes);
        loop {
            let command = Command::LoadData { data };
            match self.link.ask(command, vec![bytes.to_vec()]).await? {
                (Event::DataLoaded { counts, .. }, _) => {
                    self.shelf.update_value(|shelf| {
                        shelf.data.insert(data.name(), (data, bytes));
                    });
                    return Ok(counts);
                }
                (Event::Cancelled, _) => browser::sleep(50).await,
                (event, _) => return Err(unexpected(&event)),
            }
        }
    }

    /// The file of a data set, once it is loaded.
    pub fn data_bytes(&self, data: DataSet) -> Option<Rc<Vec<u8>>> {
        self.shelf
            .with_value(|shelf| shelf.data.get(data.name()).map(|(_, bytes)| bytes.clone()))
    }

    /// Gives another worker everything that is loaded.
    pub async fn hand_over(&self, to: &Connection) -> Result<(), Failure> {
        let mut requests: Vec<(Command, Payload)> = vec![];
        self.shelf.with_value(|shelf| {
            for kept in shelf.models.values() {
                let command = Command::LoadModel {
                    card: kept.card.clone(),
                };
                requests.push((command, vec![kept.bytes.to_vec()]));
            }
            for (data, bytes) in shelf.data.values() {
                requests.push((Command::LoadData { data: *data }, vec![bytes.to_vec()]));
            }
            for (data, bytes) in shelf.judges.values() {
                requests.push((Command::LoadJudge { data: *data }, vec![bytes.to_vec()]));
            }
            if let Some(words) = &shelf.words {
                requests.push((Command::LoadWords, vec![words.bytes.to_vec()]));
            }
        });
        for (command, payload) in requests {
            to.ask(command, payload).await?;
        }
        Ok(())
    }

    fn set_model(&self, name: &str, standing: Standing<ModelInfo>) {
        self.models.update(|all| {
            all.insert(name.to_owned(), standing);
        });
    }

    fn set_data(&self, data: DataSet, standing: Standing<Counts>) {
        self.data.update(|all| {
            all.insert(data.name(), standing);
        });
    }
}

/// The library, from the context.
pub fn use_library() -> Library {
    expect_context()
}

/// An event that does not answer what was asked.
pub fn unexpected(event: &Event) -> Failure {
    Failure::Internal {
        reason: format!("an answer that does not fit the question: {event:?}"),
    }
}
