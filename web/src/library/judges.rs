//! The nets that models are measured with: fetched once somebody measures.

use std::rc::Rc;

use lampwork_protocol::{Command, DataSet, Event, Failure};
use leptos::prelude::*;

use super::{Library, fetch, unexpected};
use crate::browser;

impl Library {
    /// Loads the net that pictures of `data` are measured with, and waits until it
    /// can be used.
    pub async fn load_judge(&self, data: DataSet) -> Result<(), Failure> {
        // A worker that took over was given it.
        if self
            .shelf
            .with_value(|shelf| shelf.judges.contains_key(data.name()))
        {
            return Ok(());
        }
        let path = format!("judges/{}.safetensors", data.name());
        let bytes = Rc::new(fetch::bytes(&path, |_, _| {}).await?);
        loop {
            let command = Command::LoadJudge { data };
            match self.link.ask(command, vec![bytes.to_vec()]).await? {
                (Event::JudgeLoaded { .. }, _) => {
                    self.shelf.update_value(|shelf| {
                        shelf.judges.insert(data.name(), (data, bytes));
                    });
                    return Ok(());
                }
                // Another worker is taking over; ask that one.
                (Event::Cancelled, _) => browser::sleep(50).await,
                (event, _) => return Err(unexpected(&event)),
            }
        }
    }
}
