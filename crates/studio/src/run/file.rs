//! A run as a file: to be shipped, or to go on elsewhere.

use std::collections::BTreeMap;

use lampwork_protocol::{Failure, ModelCard};
use lampwork_weights::{Named, Precision};

use super::Training;

/// Key of the seconds trained, in a snapshot's metadata.
const SECONDS: &str = "lampwork.seconds";

impl Training {
    /// The weights as they sample now, in half precision, and their card.
    pub(crate) async fn export(&mut self, device: &str) -> Result<(Vec<u8>, ModelCard), Failure> {
        let card = self.card(device);
        let named = self.run.weights().await?;
        let bytes = lampwork_weights::write(&named, &metadata(&card)?, Precision::Half)?;
        Ok((bytes, card))
    }

    /// Everything needed to go on, in full precision.
    pub(crate) async fn snapshot(&mut self, device: &str) -> Result<Vec<u8>, Failure> {
        let named = self.run.save().await?;
        let mut metadata = metadata(&self.card(device))?;
        metadata.insert(SECONDS.to_owned(), self.seconds.to_string());
        Ok(lampwork_weights::write(&named, &metadata, Precision::Full)?)
    }

    /// Goes on from a snapshot, or from shipped weights of the same net.
    pub(crate) fn restore(
        &mut self,
        named: &[Named],
        metadata: &BTreeMap<String, String>,
    ) -> Result<(), Failure> {
        self.run.restore(named)?;
        self.sound = self.run.clone();
        self.seconds = metadata
            .get(SECONDS)
            .and_then(|s| s.parse().ok())
            .filter(|s: &f64| s.is_finite() && *s >= 0.0)
            .unwrap_or(0.0);
        Ok(())
    }

    fn card(&self, device: &str) -> ModelCard {
        ModelCard {
            version: ModelCard::VERSION,
            name: ModelCard::YOURS.to_owned(),
            recipe: self.recipe().clone(),
            licence: "the maker's own".to_owned(),
            data_source: format!(
                "{}, the part that Lampwork's page fetches",
                self.recipe().data.name()
            ),
            commit: String::new(),
            device: device.to_owned(),
            steps: self.run.step(),
            seconds: self.seconds,
            figures: Vec::new(),
        }
    }
}

fn metadata(card: &ModelCard) -> Result<BTreeMap<String, String>, Failure> {
    let json = serde_json::to_string(card).map_err(|error| Failure::Internal {
        reason: error.to_string(),
    })?;
    Ok(BTreeMap::from([(ModelCard::METADATA_KEY.to_owned(), json)]))
}
