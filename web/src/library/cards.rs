//! The cards of all shipped models, without their weights.

use futures::future::try_join_all;
use lampwork_protocol::{Failure, ModelCard};
use leptos::prelude::*;

use super::{Entry, Library, fetch};

impl Library {
    /// Fetches the card of every model that the site ships, those of pictures first, in
    /// the order of the list.
    pub async fn cards(&self) -> Result<Vec<ModelCard>, Failure> {
        self.list().await?;
        let of_pictures = self.catalogue().get_untracked();
        let of_text = self.texts().get_untracked();
        of(of_pictures.iter().chain(&of_text)).await
    }

    /// The same of those that make pictures of pictures.
    pub async fn cards_of_changers(&self) -> Result<Vec<ModelCard>, Failure> {
        self.list().await?;
        let all = self.translators.get_untracked();
        of(all.iter()).await
    }
}

async fn of(entries: impl Iterator<Item = &Entry>) -> Result<Vec<ModelCard>, Failure> {
    let paths: Vec<String> = entries
        .map(|entry| format!("models/{}/card.json?{}", entry.name, entry.hash))
        .collect();
    try_join_all(paths.into_iter().map(|path| async move {
        let bytes = fetch::bytes(&path, |_, _| {}).await?;
        serde_json::from_slice(&bytes).map_err(|e| Failure::BadWeights {
            reason: format!("{path}: {e}"),
        })
    }))
    .await
}
