//! Measuring what is not learned from, a piece at a time.

use lampwork_models::TextRun;
use lampwork_protocol::Failure;
use lampwork_text::corpus::characters;

use super::epochs::Epochs;
use super::given;

/// A validation under way.
#[derive(Default)]
pub(super) struct Validation {
    at: usize,
    nats: f64,
    tokens: usize,
    characters: usize,
}

impl Validation {
    /// Measures one piece; whether it was the last.
    pub(super) async fn piece(
        &mut self,
        run: &TextRun,
        epochs: &mut Epochs,
    ) -> Result<bool, Failure> {
        let batches = epochs.measured()?;
        let Some(batch) = batches.get(self.at) else {
            return Ok(true);
        };
        let values = run.validate(&given(batch)).await?;
        let loss = values.iter().find(|(name, _)| name == "loss");
        let loss = loss.map_or(f32::NAN, |(_, loss)| *loss);
        let places = batch.targets.iter().zip(&batch.counts);
        let foretold: Vec<u16> = places
            .filter(|(_, counts)| **counts != 0)
            .map(|(&token, _)| token)
            .collect();
        self.nats += f64::from(loss) * foretold.len() as f64;
        self.tokens += foretold.len();
        self.characters += characters(&epochs.corpus().tokenizer, &foretold);
        self.at += 1;
        Ok(self.at == batches.len())
    }

    /// What was measured, by name.
    pub(super) fn values(&self) -> Vec<(String, f32)> {
        let loss = self.nats / self.tokens.max(1) as f64;
        let bits = self.nats / std::f64::consts::LN_2 / self.characters.max(1) as f64;
        [("loss", loss), ("perplexity", loss.exp()), ("bits", bits)]
            .map(|(name, value)| (name.to_owned(), value as f32))
            .to_vec()
    }
}
