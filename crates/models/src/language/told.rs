//! How well a net foretells a text that is there.

use super::Writer;
use super::writer::numbers;
use crate::ModelError;

/// How one token of a text was foretold.
#[derive(Debug, Clone, PartialEq)]
pub struct Foretold {
    /// Negative log likelihood, in nats.
    pub loss: f32,
    /// Entropy of the odds it was foretold by, in nats.
    pub entropy: f32,
    /// How many tokens were likelier.
    pub rank: u32,
}

impl Writer {
    /// How each token of a text but the first was foretold from those before it.
    ///
    /// A text VAE is told by its own latent point: its loss says how well it remembers
    /// the text.
    ///
    /// # Errors
    /// As [`Writer::logits`].
    pub async fn foretell(&self, tokens: &[u32]) -> Result<Vec<Foretold>, ModelError> {
        let logits = numbers(self.logits(tokens)?).await?;
        let vocabulary = self.config().vocabulary();
        let rows = logits.chunks_exact(vocabulary).zip(&tokens[1..]);
        Ok(rows
            .map(|(logits, &target)| foretold(logits, target as usize))
            .collect())
    }
}

fn foretold(logits: &[f32], target: usize) -> Foretold {
    let most = logits.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let (mut total, mut weighted) = (0.0_f64, 0.0_f64);
    for &logit in logits {
        let odds = f64::from(logit - most).exp();
        total += odds;
        weighted += odds * f64::from(logit - most);
    }
    let own = logits[target];
    Foretold {
        loss: (total.ln() - f64::from(own - most)) as f32,
        entropy: (total.ln() - weighted / total) as f32,
        rank: logits.iter().filter(|&&logit| logit > own).count() as u32,
    }
}

#[cfg(test)]
mod tests {
    use super::foretold;

    #[test]
    fn losses_and_entropies_are_those_of_the_odds() {
        let odds = [0.5_f32, 0.25, 0.125, 0.125];
        let logits = odds.map(|odds| odds.ln() + 3.0);
        let found = foretold(&logits, 1);
        assert!((found.loss - 4.0_f32.ln()).abs() < 1e-6, "{found:?}");
        // 1.75 bits.
        assert!(
            (found.entropy - 1.75 * 2.0_f32.ln()).abs() < 1e-6,
            "{found:?}"
        );
        assert_eq!(found.rank, 1);
    }
}
