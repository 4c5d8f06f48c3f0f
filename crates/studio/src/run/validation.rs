//! Measuring the validation split, a piece at a time.

use lampwork_datasets::{Packed, Phrases, batch};
use lampwork_models::{Batch, Run};
use lampwork_protocol::{Augment, Failure};

/// Pictures measured in one piece.
const PIECE: usize = 32;

/// A validation under way.
#[derive(Default)]
pub(super) struct Validation {
    at: usize,
    sums: Vec<(String, f32)>,
}

impl Validation {
    /// Measures one piece; whether it was the last.
    pub(super) async fn piece(
        &mut self,
        run: &Run,
        data: &Packed,
        phrases: Option<&Phrases>,
    ) -> Result<bool, Failure> {
        let split = &data.validation;
        let until = (self.at + PIECE).min(split.len());
        if self.at == until {
            return Ok(true);
        }
        let indices: Vec<u32> = (self.at as u32..until as u32).collect();
        // What is measured is the data as it is: nothing is augmented.
        let plain = batch(
            split,
            &indices,
            data.data,
            &Augment::default(),
            phrases,
            0,
            0,
        );
        let batch = Batch {
            pictures: &plain.pictures,
            labels: &plain.labels,
            words: &plain.words,
        };
        let weight = (until - self.at) as f32;
        let values = run.validate(&batch).await?;
        if self.sums.is_empty() {
            self.sums = values.iter().map(|(name, _)| (name.clone(), 0.0)).collect();
        }
        for ((_, sum), (_, value)) in self.sums.iter_mut().zip(values) {
            *sum += value * weight;
        }
        self.at = until;
        Ok(until == split.len())
    }

    /// Means over the split.
    pub(super) fn means(self) -> Vec<(String, f32)> {
        let count = self.at.max(1) as f32;
        self.sums
            .into_iter()
            .map(|(name, sum)| (name, sum / count))
            .collect()
    }
}
