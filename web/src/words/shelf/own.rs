//! What is the visitor's own: what was learned, the text it is learned from, the run.

use std::rc::Rc;

use lampwork_protocol::words::{Command, Event, Opened, RunOrder};
use lampwork_protocol::{Failure, RunRecipe};
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::{Learned, Own, Shelf, hexadecimal, unexpected};
use crate::library::Standing;
use crate::link::words::text_of;
use crate::words::store::{self, KeptText};

impl Shelf {
    /// What was learned on top of models; tracked.
    pub fn adapters(&self) -> Vec<Learned> {
        self.adapters.get()
    }

    /// Keeps what was learned on top of a model, in the browser, too.
    ///
    /// # Errors
    ///
    /// Where the file is none.
    pub async fn load_adapter(&self, bytes: Vec<u8>) -> Result<Learned, Failure> {
        let learned = self.put_adapter(bytes).await?;
        // Where the browser keeps nothing, it lasts as long as the page.
        store::keep(&learned.name(), &learned.bytes).await;
        Ok(learned)
    }

    async fn put_adapter(&self, bytes: Vec<u8>) -> Result<Learned, Failure> {
        let bytes = Rc::new(bytes);
        match self.put(|| Command::LoadAdapter, &bytes).await? {
            Event::AdapterLoaded { card, hash } => {
                let learned = Learned { card, hash, bytes };
                self.adapters.update(|all| {
                    all.retain(|other| other.hash != hash);
                    all.push(learned.clone());
                });
                Ok(learned)
            }
            event => Err(unexpected(&event)),
        }
    }

    /// Loads the adapters that the browser keeps from an earlier visit, once.
    pub fn remember(&self) {
        if self.remembered.get_untracked() != Standing::Absent {
            return;
        }
        self.remembered.set(Standing::Preparing);
        let shelf = *self;
        spawn_local(async move {
            for (name, bytes) in store::all().await {
                if shelf.put_adapter(bytes).await.is_err() {
                    // Of an older version, or damaged.
                    store::remove(&name).await;
                }
            }
            shelf.remembered.set(Standing::Ready(()));
        });
    }

    /// Whether the adapters that the browser keeps are there; tracked.
    pub fn has_remembered(&self) -> bool {
        self.remembered
            .with(|standing| *standing == Standing::Ready(()))
    }

    /// Lets go of an adapter, in the browser, too.
    pub fn drop_adapter(&self, hash: [u8; 8]) {
        self.adapters
            .update(|all| all.retain(|other| other.hash != hash));
        spawn_local(async move { store::remove(&hexadecimal(hash)).await });
    }

    /// The visitor's own text, if it is on the desk; tracked.
    pub fn own(&self) -> Option<Own> {
        self.own.get()
    }

    /// The visitor's own text; not tracked.
    pub fn own_untracked(&self) -> Option<Own> {
        self.own.get_untracked()
    }

    /// Forgets the visitor's own text, in the browser, too. The desk keeps it until it has
    /// another; nobody asks for it there.
    pub fn clear_own(&self) {
        self.own.set(None);
        spawn_local(store::remove_text());
    }

    /// Puts a text of the visitor's own on the desk, in place of the one before, from the
    /// bytes of a file.
    ///
    /// # Errors
    ///
    /// Where it is none; the one before stays.
    pub async fn open_own(&self, name: String, bytes: &[u8]) -> Result<Own, Failure> {
        let (charset, text) = text_of(bytes)?;
        let opened = self.link.open_text(&text).await?;
        let own = Own {
            name,
            // The desk was handed UTF-8, and the file may be in another.
            opened: Opened { charset, ..opened },
            text: text.into(),
        };
        self.own.set(Some(own.clone()));
        // Where the browser keeps nothing, it lasts as long as the page.
        store::keep_text(&KeptText {
            name: own.name.clone(),
            charset,
            text: own.text.to_string(),
        })
        .await;
        Ok(own)
    }

    /// Puts the text that the browser keeps from an earlier visit on the desk, once, and
    /// only where no other is there.
    pub async fn recall_own(&self) {
        if self.recalled.get_value() {
            return;
        }
        self.recalled.set_value(true);
        let Some(kept) = store::text().await else {
            return;
        };
        if self.own.get_untracked().is_some() {
            return;
        }
        // One that cannot be read any more is as good as none.
        let Ok(opened) = self.link.open_text(&kept.text).await else {
            return;
        };
        let charset = kept.charset;
        self.own.set(Some(Own {
            name: kept.name,
            opened: Opened { charset, ..opened },
            text: kept.text.into(),
        }));
    }

    /// What the desk trains; tracked.
    pub fn order(&self) -> Option<RunOrder> {
        self.order.get()
    }

    /// What the desk trains; not tracked.
    pub fn order_untracked(&self) -> Option<RunOrder> {
        self.order.get_untracked()
    }

    /// Sets up a run in place of the one before.
    ///
    /// # Errors
    ///
    /// Why it cannot be; the one before stays.
    pub async fn start_run(&self, order: RunOrder) -> Result<(), Failure> {
        let command = Command::StartRun {
            order: order.clone(),
        };
        match self.link.ask(command, vec![]).await? {
            (Event::Run(_), _) => {
                self.order.set(Some(order));
                Ok(())
            }
            (event, _) => Err(unexpected(&event)),
        }
    }

    /// Lets the run go on from weights of its net.
    ///
    /// # Errors
    ///
    /// Where there is no run, or they are of another net.
    pub async fn restore_run(&self, recipe: RunRecipe, bytes: Vec<u8>) -> Result<(), Failure> {
        let order = self.order.get_untracked().ok_or(Failure::NoRun)?;
        let order = RunOrder { recipe, ..order };
        let command = Command::RestoreRun { order };
        self.link.ask(command, vec![bytes]).await.map(|_| ())
    }
}
