//! A variational autoencoder of sentences.

use std::sync::Arc;

use burn::module::{Module, Param};
use burn::nn::{Initializer, Linear, LinearConfig};
use burn::tensor::{Device, Tensor, s};
use lampwork_kernels::language::{Targets, cross_entropy, embed, plain};
use lampwork_protocol::TextVaeConfig;

use super::lstm::{Layer, drawn};
use crate::Noise;
use crate::blocks::matrix;

/// A reader of sentences and a writer, with a latent point between them.
#[derive(Module, Debug)]
pub struct TextVae {
    /// A row for each token, for reader and writer, in and out: `[vocabulary, width]`.
    pub(super) table: Param<Tensor<2>>,
    reader_layer: Layer,
    /// From what was read to the mean and log-variance of its point.
    to_latent: Linear,
    /// From a point to the writer's first state.
    to_state: Linear,
    /// From a point to the writer's gates, at every time (Bowman 2016, section 3.1): a
    /// first state alone is soon forgotten.
    to_gates: Linear,
    writer_layer: Layer,
    #[module(skip)]
    word_dropout: f32,
}

/// Sentences of a batch.
#[derive(Debug, Clone)]
pub struct Sentences {
    /// `[times * rows]`, time by time, filled up at the end.
    pub tokens: Arc<[u32]>,
    /// Tokens of each row.
    pub lengths: Vec<usize>,
}

/// What a batch measured: sums with the targets' weights, each `[1]`.
#[derive(Debug, Clone)]
pub struct TextVaeLoss {
    /// What is minimised.
    pub loss: Tensor<1>,
    /// Negative log likelihood of the targets.
    pub reconstruction: Tensor<1>,
    /// Divergence of the points from the standard normal.
    pub kl: Tensor<1>,
}

impl TextVae {
    /// The net of `config`, its weights not yet drawn.
    pub fn new(config: &TextVaeConfig, device: &Device) -> Self {
        let (width, latent) = (config.width, config.latent);
        let linear = |from, to| LinearConfig::new(from, to).init(device);
        Self {
            table: Initializer::Zeros.init([config.vocabulary, width], device),
            reader_layer: Layer::new(width, width, device),
            to_latent: linear(width, 2 * latent),
            to_state: linear(latent, 2 * width),
            to_gates: LinearConfig::new(latent, 4 * width)
                .with_bias(false)
                .init(device),
            writer_layer: Layer::new(width, width, device),
            word_dropout: config.word_dropout,
        }
    }

    /// The net with its first weights.
    pub fn drawn(self, noise: &mut Noise, device: &Device) -> Self {
        let width = self.table.val().dims()[1];
        drawn(self, width, noise, device)
    }

    /// Where sentences lie: means and log-variances, `[rows, latent]` each.
    pub fn encode(&self, sentences: &Sentences) -> [Tensor<2>; 2] {
        let table = self.table.val();
        let rows = sentences.lengths.len();
        let state = Tensor::zeros([2 * rows, table.dims()[1]], &table.device());
        let read = embed(table.clone(), &sentences.tokens);
        let [outputs, _] = self.reader_layer.forward(read, state);
        let last: Vec<u32> = (0..)
            .zip(&sentences.lengths)
            .map(|(row, &length)| ((length.max(1) - 1) * rows) as u32 + row)
            .collect();
        let last = outputs.select(0, plain::indices(&last, &table.device()));
        let mut halves = self.to_latent.forward(last).chunk(2, 1).into_iter();
        let mut half = || halves.next().expect("two halves");
        [half(), half()]
    }

    /// The writer's state at the beginning, `[2 * rows, width]`, and what each point
    /// adds to its gates, `[rows, 4 * width]`.
    pub fn begin(&self, points: Tensor<2>) -> [Tensor<2>; 2] {
        let both = self.to_state.forward(points.clone()).tanh();
        let state = Tensor::cat(both.chunk(2, 1), 0);
        [state, self.to_gates.forward(points)]
    }

    /// What the writer makes of each token, `[times * rows, width]`, and its state after
    /// the last. `kept` is 0 for tokens that it is not shown, `[times * rows, 1]`.
    pub fn write(
        &self,
        tokens: &Arc<[u32]>,
        state: Tensor<2>,
        gates: Tensor<2>,
        kept: Option<Tensor<2>>,
    ) -> [Tensor<2>; 2] {
        let mut read = embed(self.table.val(), tokens);
        if let Some(kept) = kept {
            read = read * kept;
        }
        self.writer_layer.forward_with(read, state, Some(gates))
    }

    /// The negative lower bound of sentences, in the units of the targets' weights: if
    /// those are one over the tokens that count, nats a token.
    ///
    /// `beta` weighs the divergence (annealing, Bowman 2016, section 3.1); of each latent
    /// dimension `free` nats a sentence cost nothing (Kingma 2016). With `train` points
    /// are drawn and the writer is not shown every token; without, a point is the mean.
    pub fn loss(
        &self,
        sentences: &Sentences,
        targets: &Targets,
        beta: f32,
        free: f32,
        train: Option<&mut Noise>,
    ) -> TextVaeLoss {
        let [mean, log_variance] = self.encode(sentences);
        let [rows, latent] = mean.dims();
        let device = mean.device();
        let mut kept = None;
        let mut point = mean.clone();
        if let Some(noise) = train {
            let drawn = matrix(noise.normal(rows * latent), rows, latent, &device);
            point = point + (log_variance.clone() * 0.5).exp() * drawn;
            if self.word_dropout > 0.0 {
                let count = sentences.tokens.len();
                let shown = |&draw: &f32| if draw < self.word_dropout { 0.0 } else { 1.0 };
                let mut shown: Vec<f32> = noise.uniform(count).iter().map(shown).collect();
                // The first token says that a sentence begins.
                shown[..rows].fill(1.0);
                kept = Some(matrix(shown, count, 1, &device));
            }
        }
        let [state, gates] = self.begin(point);
        let [last, _] = self.write(&sentences.tokens, state, gates, kept);
        let reconstruction = cross_entropy(last, self.table.val(), targets);
        let by_dimension = (mean.square() + log_variance.clone().exp() - log_variance - 1.0) * 0.5;
        // In the units of the targets: what one token counts for.
        let unit = targets.weights.iter().copied().fold(0.0, f32::max);
        let kl = by_dimension.clone().sum() * unit;
        let paid = if free > 0.0 {
            by_dimension.mean_dim(0).clamp_min(free).sum() * (rows as f32 * unit)
        } else {
            kl.clone()
        };
        TextVaeLoss {
            loss: reconstruction.clone() + paid * beta,
            reconstruction,
            kl,
        }
    }

    /// The same net, whose writer is shown every token.
    pub(crate) fn showing_all(self) -> Self {
        Self {
            word_dropout: 0.0,
            ..self
        }
    }

    /// Numbers of a latent point.
    pub fn latent(&self) -> usize {
        self.to_gates.weight.val().dims()[0]
    }
}

/// `count` points on the straight line between two, both ends among them.
pub fn between(a: &[f32], b: &[f32], count: usize) -> Vec<Vec<f32>> {
    let last = count.max(2) - 1;
    (0..count)
        .map(|step| {
            let t = step as f32 / last as f32;
            a.iter()
                .zip(b)
                .map(|(a, b)| (1.0 - t) * a + t * b)
                .collect()
        })
        .collect()
}

impl Sentences {
    /// Of `[rows, columns]` tokens; each row is as long as its last place that counts.
    pub(crate) fn new(inputs: &[u32], counts: &[u8], columns: usize) -> Self {
        let length = |row: &[u8]| {
            row.iter()
                .rposition(|&count| count != 0)
                .map_or(1, |at| at + 1)
        };
        Self {
            tokens: super::lstm::by_time(inputs, columns).into(),
            lengths: counts.chunks_exact(columns.max(1)).map(length).collect(),
        }
    }

    /// One sentence.
    pub fn one(tokens: &[u32]) -> Self {
        Self {
            tokens: tokens.into(),
            lengths: vec![tokens.len()],
        }
    }
}

/// Rows of a state, picked: outputs and cells.
pub(super) fn pick(state: &Tensor<2>, rows: &[u32]) -> Tensor<2> {
    let half = state.dims()[0] / 2;
    let part = |part: Tensor<2>| part.select(0, plain::indices(rows, &state.device()));
    Tensor::cat(
        vec![
            part(state.clone().slice(s![..half, ..])),
            part(state.clone().slice(s![half.., ..])),
        ],
        0,
    )
}
