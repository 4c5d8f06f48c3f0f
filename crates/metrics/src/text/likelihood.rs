//! From a model's loss to figures that compare.

use std::ops::Add;

use crate::MetricsError;

/// How probable a model finds a text: what it was told, summed.
///
/// Texts add up with `+`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Likelihood {
    nats: f64,
    tokens: u64,
    characters: u64,
}

impl Likelihood {
    /// Of the negative logarithm of the text's probability in nats (the mean loss
    /// times the number of tokens), the tokens that were predicted, and the
    /// text's characters (Unicode scalar values).
    ///
    /// # Errors
    ///
    /// Where the nats are no finite number of 0 or above, or a count is 0.
    pub fn new(nats: f64, tokens: u64, characters: u64) -> Result<Self, MetricsError> {
        if !(nats >= 0.0 && nats.is_finite()) {
            return Err(MetricsError::BadParameter {
                name: "the negative logarithm of the probability",
                value: nats,
                wanted: "a finite number of 0 or above",
            });
        }
        for (name, count) in [
            ("the number of tokens", tokens),
            ("the number of characters", characters),
        ] {
            if count == 0 {
                return Err(MetricsError::BadParameter {
                    name,
                    value: 0.0,
                    wanted: "at least 1",
                });
            }
        }
        Ok(Self {
            nats,
            tokens,
            characters,
        })
    }

    /// The mean loss: nats a token.
    pub fn nats_per_token(&self) -> f64 {
        self.nats / self.tokens as f64
    }

    /// `exp` of the mean loss: among how many tokens, all as likely, the model
    /// would be as unsure. 1 and above.
    ///
    /// Compares only between models of the same tokens: longer tokens have a
    /// higher perplexity for the same text.
    pub fn perplexity(&self) -> f64 {
        self.nats_per_token().exp()
    }

    /// Bits that the model would need to write down one character. 0 and above.
    ///
    /// Compares models whatever their tokens are, on the same text. A Chinese
    /// character says more than a Latin letter and costs more.
    pub fn bits_per_character(&self) -> f64 {
        self.nats / self.characters as f64 / std::f64::consts::LN_2
    }

    /// Characters a token, on average.
    pub fn characters_per_token(&self) -> f64 {
        self.characters as f64 / self.tokens as f64
    }
}

impl Add for Likelihood {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self {
            nats: self.nats + other.nats,
            tokens: self.tokens + other.tokens,
            characters: self.characters + other.characters,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_even_guess_among_256_bytes() {
        // 30 characters of ASCII in 30 tokens.
        let even = Likelihood::new(30.0 * 256f64.ln(), 30, 30).unwrap();
        assert!((even.perplexity() - 256.0).abs() < 1e-9);
        assert!((even.bits_per_character() - 8.0).abs() < 1e-12);
        // As many characters again, half as many tokens, nothing to learn.
        let both = even + Likelihood::new(0.0, 15, 30).unwrap();
        assert!((both.bits_per_character() - 4.0).abs() < 1e-12);
        assert!((both.nats_per_token() - 30.0 * 256f64.ln() / 45.0).abs() < 1e-12);
        assert!((both.characters_per_token() - 60.0 / 45.0).abs() < 1e-12);
    }

    #[test]
    fn what_is_no_likelihood_is_refused() {
        for (nats, tokens, characters) in [
            (-1.0, 1, 1),
            (f64::NAN, 1, 1),
            (f64::INFINITY, 1, 1),
            (1.0, 0, 1),
            (1.0, 1, 0),
        ] {
            assert!(Likelihood::new(nats, tokens, characters).is_err());
        }
    }
}
