//! The table of word vectors: fetched once a model with words is in use, given to
//! the worker, and read here too, so that the page can suggest words and say
//! which it does not know.

use std::rc::Rc;

use lampwork_protocol::{Command, Event, Failure};
use lampwork_words::Table;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::{Library, Standing, fetch, unexpected};
use crate::{browser, later};

/// Where the site keeps it.
const PATH: &str = "words/words.safetensors";

/// The table, as the page has it.
#[derive(Clone)]
pub(super) struct Vocabulary {
    /// The file, for a worker that takes over.
    pub(super) bytes: Rc<Vec<u8>>,
    table: Rc<Table>,
}

impl Library {
    /// How far the table of words has come; tracked.
    pub fn words(&self) -> Standing<()> {
        self.words.get()
    }

    /// Whether words can be said; tracked.
    pub fn has_words(&self) -> bool {
        self.words
            .with(|words| matches!(words, Standing::Ready(())))
    }

    /// The table of words, once it is there; tracked.
    pub fn table(&self) -> Option<Rc<Table>> {
        if !self.has_words() {
            return None;
        }
        self.shelf.with_value(|shelf| {
            shelf
                .words
                .as_ref()
                .map(|vocabulary| vocabulary.table.clone())
        })
    }

    /// Starts to load the table of words, unless that is under way or done.
    pub fn want_words(&self) {
        let library = *self;
        spawn_local(async move {
            // The standing says what went wrong.
            let _ = library.load_words().await;
        });
    }

    /// Loads the table of words, and waits until it can be used.
    pub async fn load_words(&self) -> Result<(), Failure> {
        loop {
            match self.words.get_untracked() {
                Standing::Ready(()) => return Ok(()),
                standing if standing.is_under_way() => browser::sleep(15).await,
                _ => break,
            }
        }
        let answer = self.fetch_words().await;
        self.words.set(match &answer {
            Ok(()) => Standing::Ready(()),
            Err(failure) => Standing::Failed(failure.clone()),
        });
        answer
    }

    async fn fetch_words(&self) -> Result<(), Failure> {
        let words = self.words;
        words.set(Standing::Fetching(0.0, 0.0));
        let bytes = fetch::bytes(PATH, move |received, total| {
            words.set(Standing::Fetching(received, total));
        })
        .await?;
        words.set(Standing::Preparing);
        let table = later::table(&bytes).await?;
        let vocabulary = Vocabulary {
            bytes: Rc::new(bytes),
            table: Rc::new(table),
        };
        loop {
            let payload = vec![vocabulary.bytes.to_vec()];
            match self.link.ask(Command::LoadWords, payload).await? {
                (Event::WordsLoaded { .. }, _) => {
                    self.shelf
                        .update_value(|shelf| shelf.words = Some(vocabulary));
                    return Ok(());
                }
                // Another worker is taking over; ask that one.
                (Event::Cancelled, _) => browser::sleep(50).await,
                (event, _) => return Err(unexpected(&event)),
            }
        }
    }
}
