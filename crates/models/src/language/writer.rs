//! Writing with a net, whichever it is.

use burn::tensor::{Device, Tensor};
use lampwork_protocol::ModelConfig;
use lampwork_weights::Named;

use super::{Cache, Transformer};
use crate::ModelError;

/// A trained net, ready to write.
#[derive(Debug, Clone)]
pub struct Writer {
    net: WritingNet,
    config: ModelConfig,
}

/// The net of a [`Writer`].
#[derive(Debug, Clone)]
pub enum WritingNet {
    /// By attention.
    Transformer(Box<Transformer>),
}

/// What a net has read of each row.
#[derive(Debug, Clone)]
pub enum Memory {
    /// A Transformer's keys and values.
    Cache(Cache),
}

impl Memory {
    /// Tokens that were read of each row.
    pub fn tokens(&self) -> usize {
        match self {
            Memory::Cache(cache) => cache.len(),
        }
    }

    /// Numbers that it holds.
    pub fn numbers(&self) -> usize {
        match self {
            Memory::Cache(cache) => cache.numbers(),
        }
    }

    /// The same for other rows: row `i` goes on from what row `rows[i]` read.
    pub fn select(&self, rows: &[u32]) -> Self {
        match self {
            Memory::Cache(cache) => Memory::Cache(cache.select(rows)),
        }
    }

    /// Forgets all but the first tokens; whether it could.
    pub fn truncate(&mut self, length: usize) -> bool {
        match self {
            Memory::Cache(cache) => {
                cache.truncate(length);
                true
            }
        }
    }
}

/// What comes after the tokens that were read.
#[derive(Debug, Clone)]
pub struct Next {
    /// `[rows, vocabulary]`, not yet read.
    pub logits: Tensor<2>,
    /// How much each new token looks at each before it, by layer: `[rows, heads, new,
    /// tokens]`; empty unless asked for, or where there is no attention.
    pub attention: Vec<Tensor<4>>,
}

impl Writer {
    /// The net of `config` with these weights.
    ///
    /// # Errors
    ///
    /// [`ModelError::Weights`] if they do not fit, [`ModelError::Knob`] if no such net
    /// can be built, [`ModelError::Draws`] for one that makes pictures.
    pub fn new(
        config: &ModelConfig,
        weights: &[Named],
        device: &Device,
    ) -> Result<Self, ModelError> {
        super::check::check_model(config)?;
        let net = match config {
            ModelConfig::Transformer(own) => {
                let net = Transformer::new(own, device);
                let net = lampwork_weights::fill(net, weights, device)?;
                WritingNet::Transformer(Box::new(net))
            }
            _ => return Err(ModelError::Draws),
        };
        Ok(Self {
            net,
            config: config.clone(),
        })
    }

    /// A writer of a net that is there already.
    pub fn of(net: WritingNet, config: &ModelConfig) -> Self {
        Self {
            net,
            config: config.clone(),
        }
    }

    /// Its net.
    pub fn net(&self) -> &WritingNet {
        &self.net
    }

    /// How it is built.
    pub fn config(&self) -> &ModelConfig {
        &self.config
    }

    /// The memory of one that has read nothing.
    pub fn blank(&self) -> Memory {
        match &self.net {
            WritingNet::Transformer(_) => Memory::Cache(Cache::default()),
        }
    }

    /// Reads the next tokens of each row, `[rows, new]`; what comes after them.
    ///
    /// # Errors
    /// [`ModelError::Text`] where they are more than the net sees at once, or a token
    /// is not in its vocabulary.
    pub fn read(
        &self,
        memory: &mut Memory,
        tokens: &[u32],
        rows: usize,
        attention: bool,
    ) -> Result<Next, ModelError> {
        match (&self.net, memory) {
            (WritingNet::Transformer(net), Memory::Cache(cache)) => {
                let seen = net.read(cache, tokens, rows, attention)?;
                Ok(Next {
                    logits: net.logits(seen.last),
                    attention: seen.attention,
                })
            }
        }
    }
}
