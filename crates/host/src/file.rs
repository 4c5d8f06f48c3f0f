//! A run as a file: to be shipped, or to go on elsewhere.

use std::collections::BTreeMap;

use lampwork_models::run::Families;
use lampwork_protocol::{Failure, ModelCard};
use lampwork_weights::{Named, Precision};

use crate::Course;

/// Key of the seconds trained, in a snapshot's metadata.
const SECONDS: &str = "lampwork.seconds";

impl<F: Families> Course<F> {
    /// The weights as they are used now, in half precision, under a card and whatever
    /// else belongs into the file's metadata.
    ///
    /// # Errors
    /// Where the device fails.
    pub async fn export(
        &self,
        card: &ModelCard,
        besides: BTreeMap<String, String>,
    ) -> Result<Vec<u8>, Failure> {
        let named = self.run.weights().await?;
        let metadata = metadata(card, besides)?;
        Ok(lampwork_weights::write(&named, &metadata, Precision::Half)?)
    }

    /// Everything needed to go on, in full precision.
    ///
    /// # Errors
    /// Where the device fails.
    pub async fn snapshot(
        &self,
        card: &ModelCard,
        besides: BTreeMap<String, String>,
    ) -> Result<Vec<u8>, Failure> {
        let named = self.run.save().await?;
        let mut metadata = metadata(card, besides)?;
        metadata.insert(SECONDS.to_owned(), self.seconds.to_string());
        Ok(lampwork_weights::write(&named, &metadata, Precision::Full)?)
    }

    /// Goes on from a snapshot, or from shipped weights of the same net.
    ///
    /// # Errors
    /// Where they are of another net.
    pub fn restore(
        &mut self,
        named: &[Named],
        metadata: &BTreeMap<String, String>,
    ) -> Result<(), Failure> {
        self.run.restore(named)?;
        self.replaced();
        self.seconds = metadata
            .get(SECONDS)
            .and_then(|s| s.parse().ok())
            .filter(|s: &f64| s.is_finite() && *s >= 0.0)
            .unwrap_or(0.0);
        Ok(())
    }

    /// The card of what it has trained in a tab.
    pub fn card(&self, device: &str, data_source: String) -> ModelCard {
        ModelCard {
            version: ModelCard::VERSION,
            name: ModelCard::YOURS.to_owned(),
            recipe: self.recipe().clone(),
            licence: "the maker's own".to_owned(),
            data_source,
            commit: String::new(),
            device: device.to_owned(),
            steps: self.run.step(),
            seconds: self.seconds,
            directions: Vec::new(),
            figures: Vec::new(),
        }
    }
}

fn metadata(
    card: &ModelCard,
    mut besides: BTreeMap<String, String>,
) -> Result<BTreeMap<String, String>, Failure> {
    let json = serde_json::to_string(card).map_err(|error| Failure::Internal {
        reason: error.to_string(),
    })?;
    besides.insert(ModelCard::METADATA_KEY.to_owned(), json);
    Ok(besides)
}
