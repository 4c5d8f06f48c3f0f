//! Writing with a net, whichever it is.

use std::sync::Arc;

use burn::tensor::{Device, Tensor, s};
use lampwork_kernels::language::{Places, logits, plain};
use lampwork_protocol::ModelConfig;
use lampwork_weights::Named;

use super::lstm::{Lstm, States, by_time};
use super::vae::{Sentences, TextVae, pick};
use super::{Cache, Transformer};
use crate::ModelError;
use crate::blocks::matrix;

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
    /// By what is kept of the tokens before.
    Lstm(Box<Lstm>),
    /// From a latent point.
    TextVae(Box<TextVae>),
}

/// What a net has read of each row.
#[derive(Debug, Clone)]
pub enum Memory {
    /// A Transformer's keys and values.
    Cache(Cache),
    /// The states of an LSTM; `None` before the first token.
    States(Option<States>),
    /// The state of a text VAE's writer, `[2 * rows, width]`, and what the points add to
    /// its gates, `[rows, 4 * width]`; `None` for the middle of the latent space.
    From(Option<Box<[Tensor<2>; 2]>>),
}

impl Memory {
    /// The same for other rows: row `i` goes on from what row `rows[i]` read.
    pub fn select(&self, rows: &[u32]) -> Self {
        match self {
            Memory::Cache(cache) => Memory::Cache(cache.select(rows)),
            Memory::States(states) => Memory::States(
                states
                    .as_ref()
                    .map(|states| states.iter().map(|state| pick(state, rows)).collect()),
            ),
            Memory::From(from) => Memory::From(from.as_ref().map(|both| {
                let [state, gates] = both.as_ref();
                let picked = plain::indices(rows, &gates.device());
                Box::new([pick(state, rows), gates.clone().select(0, picked)])
            })),
        }
    }
}

impl Memory {
    /// Numbers that it holds.
    pub fn numbers(&self) -> usize {
        let size = |tensor: &Tensor<2>| tensor.shape().num_elements();
        match self {
            Memory::Cache(cache) => cache.numbers(),
            Memory::States(states) => states.iter().flatten().map(size).sum(),
            Memory::From(from) => from.iter().flat_map(|both| both.iter()).map(size).sum(),
        }
    }

    /// Forgets all but the first tokens; whether it could. A state cannot: what it read
    /// is one with what it read before.
    pub fn truncate(&mut self, length: usize) -> bool {
        match self {
            Memory::Cache(cache) => {
                cache.truncate(length);
                true
            }
            Memory::States(_) | Memory::From(_) => false,
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
            ModelConfig::Lstm(own) => {
                let net = Lstm::new(own, device);
                WritingNet::Lstm(Box::new(lampwork_weights::fill(net, weights, device)?))
            }
            ModelConfig::TextVae(own) => {
                let net = TextVae::new(own, device);
                WritingNet::TextVae(Box::new(lampwork_weights::fill(net, weights, device)?))
            }
            ModelConfig::Vae(_)
            | ModelConfig::Gan(_)
            | ModelConfig::Flow(_)
            | ModelConfig::Translate(_)
            | ModelConfig::Style(_)
            | ModelConfig::Domains(_) => {
                return Err(ModelError::Draws);
            }
        };
        Ok(Self::of(net, config))
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
            WritingNet::Lstm(_) => Memory::States(None),
            WritingNet::TextVae(_) => Memory::From(None),
        }
    }

    /// The memory of one that is about to write from latent points, a row each.
    ///
    /// # Errors
    /// [`ModelError::Text`] where the net has no latent space, or one of other
    /// dimensions.
    pub fn from_points(&self, points: &[Vec<f32>]) -> Result<Memory, ModelError> {
        let net = self.text_vae()?;
        let latent = net.latent();
        if points.is_empty() || points.iter().any(|point| point.len() != latent) {
            return Err(ModelError::Text(format!(
                "a point of its latent space has {latent} coordinates"
            )));
        }
        let device = net.table.val().device();
        let points = matrix(points.concat(), points.len(), latent, &device);
        Ok(Memory::From(Some(Box::new(net.begin(points)))))
    }

    /// Where a text lies in the latent space: the mean of its points.
    ///
    /// # Errors
    /// [`ModelError::Text`] where the net has no latent space, or the text does not fit.
    pub async fn encode(&self, tokens: &[u32]) -> Result<Vec<f32>, ModelError> {
        let net = self.text_vae()?;
        self.check(tokens, 1)?;
        if tokens.is_empty() || tokens.len() > self.config.context() {
            return Err(ModelError::Text(format!(
                "a sentence has 1 to {} tokens, and this one {}",
                self.config.context(),
                tokens.len()
            )));
        }
        let [mean, _] = net.encode(&Sentences::one(tokens));
        numbers(mean).await
    }

    fn text_vae(&self) -> Result<&TextVae, ModelError> {
        match &self.net {
            WritingNet::TextVae(net) => Ok(net),
            WritingNet::Transformer(_) | WritingNet::Lstm(_) => {
                Err(ModelError::Text("it has no latent space".to_owned()))
            }
        }
    }

    /// Whether there are whole rows of tokens that it knows.
    fn check(&self, tokens: &[u32], rows: usize) -> Result<(), ModelError> {
        if rows == 0 || !tokens.len().is_multiple_of(rows) {
            return Err(ModelError::Text(
                "its rows are not of one length".to_owned(),
            ));
        }
        let vocabulary = self.config.vocabulary() as u32;
        match tokens.iter().find(|&&token| token >= vocabulary) {
            Some(token) => Err(ModelError::Text(format!("it knows no token {token}"))),
            None => Ok(()),
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
        self.check(tokens, rows)?;
        let new = tokens.len() / rows;
        let times = || -> Arc<[u32]> { by_time(tokens, new).into() };
        let last_of = |outputs: Tensor<2>| outputs.slice(s![(new - 1) * rows.., ..]);
        let (last, table, attention) = match (&self.net, memory) {
            (WritingNet::Transformer(net), Memory::Cache(cache)) => {
                let seen = net.read(cache, tokens, rows, attention)?;
                (seen.last, &net.table, seen.attention)
            }
            (WritingNet::Lstm(net), Memory::States(states)) => {
                let before = states.take().unwrap_or_else(|| net.blank(rows));
                let (outputs, after) = net.forward(&times(), before, None);
                *states = Some(after);
                (last_of(outputs), &net.table, Vec::new())
            }
            (WritingNet::TextVae(net), Memory::From(from)) => {
                let [state, gates] = match from.take() {
                    Some(both) => *both,
                    None => {
                        let device = net.table.val().device();
                        net.begin(Tensor::zeros([rows, net.latent()], &device))
                    }
                };
                let [outputs, state] = net.write(&times(), state, gates.clone(), None);
                *from = Some(Box::new([state, gates]));
                (last_of(outputs), &net.table, Vec::new())
            }
            _ => return Err(ModelError::Text("this memory is another net's".to_owned())),
        };
        Ok(Next {
            logits: logits(last, table.val()),
            attention,
        })
    }

    /// What comes after each token of one text, read from its beginning: `[tokens,
    /// vocabulary]`.
    ///
    /// # Errors
    /// As [`Writer::read`].
    pub fn logits(&self, tokens: &[u32]) -> Result<Tensor<2>, ModelError> {
        self.check(tokens, 1)?;
        if tokens.is_empty() || tokens.len() > self.config.context() {
            return Err(ModelError::Text(format!(
                "it sees 1 to {} tokens at once, and these are {}",
                self.config.context(),
                tokens.len()
            )));
        }
        let shown: Arc<[u32]> = tokens.into();
        Ok(match &self.net {
            WritingNet::Transformer(net) => {
                let positions: Vec<u32> = (0..tokens.len() as u32).collect();
                net.logits(&shown, &Places::new(&positions, tokens.len(), net.head()))
            }
            WritingNet::Lstm(net) => net.logits(&shown, 1),
            WritingNet::TextVae(net) => {
                let [mean, _] = net.encode(&Sentences::one(tokens));
                let [state, gates] = net.begin(mean);
                let [last, _] = net.write(&shown, state, gates, None);
                last.matmul(net.table.val().transpose())
            }
        })
    }
}

/// Reads a tensor.
pub(super) async fn numbers<const D: usize>(tensor: Tensor<D>) -> Result<Vec<f32>, ModelError> {
    let data = tensor.into_data_async().await?;
    data.try_into_vec()
        .map_err(|error| ModelError::Device(format!("{error:?}")))
}
