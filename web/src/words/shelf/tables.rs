//! Tables and corpora that the site ships.

use std::rc::Rc;

use lampwork_protocol::words::{Command, Event};
use lampwork_protocol::{DataSet, Failure};
use leptos::prelude::*;

use super::{CorpusCounts, READINGS, Readings, Shelf, unexpected};
use crate::browser;
use crate::library::{Standing, fetch};

impl Shelf {
    /// How far the table of readings has come; tracked.
    pub fn readings(&self) -> Standing<Readings> {
        self.readings.get()
    }

    /// Loads the table of readings, and waits until it can be used.
    ///
    /// # Errors
    ///
    /// Where it cannot be fetched or read.
    pub async fn load_readings(&self) -> Result<Readings, Failure> {
        loop {
            match self.readings.get_untracked() {
                Standing::Ready(readings) => return Ok(readings),
                standing if standing.is_under_way() => browser::sleep(15).await,
                _ => break,
            }
        }
        let answer = self.fetch_readings().await;
        self.readings.set(match &answer {
            Ok(readings) => Standing::Ready(readings.clone()),
            Err(failure) => Standing::Failed(failure.clone()),
        });
        answer
    }

    async fn fetch_readings(&self) -> Result<Readings, Failure> {
        let standing = self.readings;
        standing.set(Standing::Fetching(0.0, 0.0));
        let bytes = fetch::bytes(READINGS, move |received, total| {
            standing.set(Standing::Fetching(received, total));
        })
        .await?;
        standing.set(Standing::Preparing);
        let bytes = Rc::new(bytes);
        match self.put(|| Command::LoadReadings, &bytes).await? {
            Event::ReadingsLoaded { characters, tunes } => {
                self.kept
                    .update_value(|kept| kept.readings = Some(bytes.clone()));
                Ok(Readings { characters, tunes })
            }
            event => Err(unexpected(&event)),
        }
    }

    /// How far a corpus has come; tracked.
    pub fn corpus(&self, data: DataSet) -> Standing<CorpusCounts> {
        self.corpora
            .with(|all| all.get(data.name()).cloned())
            .unwrap_or(Standing::Absent)
    }

    /// Loads a corpus, and waits until it can be used.
    ///
    /// # Errors
    ///
    /// Where it cannot be fetched or read.
    pub async fn load_corpus(&self, data: DataSet) -> Result<CorpusCounts, Failure> {
        loop {
            let standing = self
                .corpora
                .with_untracked(|all| all.get(data.name()).cloned());
            match standing {
                Some(Standing::Ready(counts)) => return Ok(counts),
                Some(standing) if standing.is_under_way() => browser::sleep(15).await,
                _ => break,
            }
        }
        let answer = self.fetch_corpus(data).await;
        self.set_corpus(
            data,
            match &answer {
                Ok(counts) => Standing::Ready(*counts),
                Err(failure) => Standing::Failed(failure.clone()),
            },
        );
        answer
    }

    async fn fetch_corpus(&self, data: DataSet) -> Result<CorpusCounts, Failure> {
        let shelf = *self;
        self.set_corpus(data, Standing::Fetching(0.0, 0.0));
        let path = format!("datasets/{}.safetensors", data.name());
        let bytes = fetch::bytes(&path, move |received, total| {
            shelf.set_corpus(data, Standing::Fetching(received, total));
        })
        .await?;
        self.set_corpus(data, Standing::Preparing);
        let bytes = Rc::new(bytes);
        match self.put(|| Command::LoadCorpus { data }, &bytes).await? {
            Event::CorpusLoaded {
                documents, tokens, ..
            } => {
                self.kept.update_value(|kept| {
                    kept.corpora.insert(data.name(), (data, bytes));
                });
                Ok(CorpusCounts { documents, tokens })
            }
            event => Err(unexpected(&event)),
        }
    }

    fn set_corpus(&self, data: DataSet, standing: Standing<CorpusCounts>) {
        self.corpora.update(|all| {
            all.insert(data.name(), standing);
        });
    }
}
