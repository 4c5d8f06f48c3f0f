//! A run as a file: to be shipped, or to go on elsewhere.

use std::collections::BTreeMap;

use lampwork_protocol::{Failure, ModelCard};
use lampwork_weights::Named;

use super::Training;

impl Training {
    /// The weights as they sample now, in half precision, and their card.
    pub(crate) async fn export(&mut self, device: &str) -> Result<(Vec<u8>, ModelCard), Failure> {
        let card = self.card(device);
        let bytes = self.course.export(&card, BTreeMap::new()).await?;
        Ok((bytes, card))
    }

    /// Everything needed to go on, in full precision.
    pub(crate) async fn snapshot(&mut self, device: &str) -> Result<Vec<u8>, Failure> {
        let card = self.card(device);
        self.course.snapshot(&card, BTreeMap::new()).await
    }

    /// Goes on from a snapshot, or from shipped weights of the same net.
    pub(crate) fn restore(
        &mut self,
        named: &[Named],
        metadata: &BTreeMap<String, String>,
    ) -> Result<(), Failure> {
        self.course.restore(named, metadata)
    }

    fn card(&self, device: &str) -> ModelCard {
        let source = format!(
            "{}, the part that Lampwork's page fetches",
            self.recipe().data.name()
        );
        self.course.card(device, source)
    }
}
