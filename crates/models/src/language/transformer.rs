//! A Transformer that foretells the next token.

use std::sync::Arc;

use burn::module::{Module, Param};
use burn::nn::{Initializer, Linear, LinearConfig};
use burn::tensor::{Device, Tensor};
use lampwork_kernels::language::{
    Places, Targets, attention, cross_entropy, embed, rms_norm, swiglu,
};
use lampwork_protocol::TransformerConfig;

use crate::Noise;
use crate::blocks::dropout::dropout;
use crate::blocks::walk;

/// From tokens to what follows them.
#[derive(Module, Debug)]
pub struct Transformer {
    /// A row for each token, `[vocabulary, width]`: what it is on the way in, and what
    /// the last layer is compared with on the way out.
    pub(super) table: Param<Tensor<2>>,
    pub(super) layers: Vec<Layer>,
    pub(super) norm: Norm,
    pub(super) heads: usize,
    /// Most tokens at once.
    pub(super) context: usize,
    dropout: f64,
}

/// Attention, then a feed-forward net; each adds to what comes in.
#[derive(Module, Debug)]
pub(super) struct Layer {
    pub(super) before_attention: Norm,
    /// To queries, keys and values, `[width, 3 * width]`.
    pub(super) attend: Linear,
    /// From the heads together, `[width, width]`.
    pub(super) gather: Linear,
    pub(super) before_feed: Norm,
    /// To gates and what they gate, `[width, 2 * hidden]`.
    pub(super) up: Linear,
    /// `[hidden, width]`.
    pub(super) down: Linear,
}

/// The scale of a root mean square normalisation.
#[derive(Module, Debug)]
pub(super) struct Norm {
    /// `[width]`
    pub(super) gamma: Param<Tensor<1>>,
}

impl Norm {
    pub(super) fn new(width: usize, device: &Device) -> Self {
        Self {
            gamma: Initializer::Ones.init([width], device),
        }
    }

    pub(super) fn forward(&self, input: Tensor<2>) -> Tensor<2> {
        rms_norm(input, self.gamma.val())
    }
}

impl Transformer {
    /// The net of `config`, its weights not yet drawn.
    pub fn new(config: &TransformerConfig, device: &Device) -> Self {
        let (width, hidden) = (config.width, config.hidden);
        let linear = |from, to| LinearConfig::new(from, to).with_bias(false).init(device);
        Self {
            table: Initializer::Zeros.init([config.vocabulary, width], device),
            layers: (0..config.layers)
                .map(|_| Layer {
                    before_attention: Norm::new(width, device),
                    attend: linear(width, 3 * width),
                    gather: linear(width, width),
                    before_feed: Norm::new(width, device),
                    up: linear(width, 2 * hidden),
                    down: linear(hidden, width),
                })
                .collect(),
            norm: Norm::new(width, device),
            heads: config.heads,
            context: config.context,
            dropout: f64::from(config.dropout),
        }
    }

    /// The net with its first weights: normal, of variance `2 / (5 width)` (Nguyen
    /// 2019), and what adds to a layer's input smaller the more layers there are, so
    /// that what goes through all of them stays as large as it was (Radford 2019).
    pub fn drawn(self, noise: &mut Noise, device: &Device) -> Self {
        let width = self.table.val().dims()[1] as f32;
        let small = (0.4 / width).sqrt();
        let added = small / (2.0 * self.layers.len().max(1) as f32).sqrt();
        walk::set(self, device, |path, _, shape| {
            let count = shape.iter().product();
            let deviation = if path.ends_with("gamma") {
                return vec![1.0; count];
            } else if path.contains("gather") || path.contains("down") {
                added
            } else {
                small
            };
            noise.normal(count).iter().map(|x| x * deviation).collect()
        })
    }

    /// What the last layer makes of each token, `[tokens, width]`.
    ///
    /// With `noise` numbers are dropped, as in training.
    pub fn forward(
        &self,
        tokens: &Arc<[u32]>,
        places: &Arc<Places>,
        mut noise: Option<&mut Noise>,
    ) -> Tensor<2> {
        let rate = self.dropout as f32;
        let mut drop = |x| dropout(x, rate, noise.as_deref_mut());
        let mut x = drop(embed(self.table.val(), tokens));
        for layer in &self.layers {
            let seen = layer.before_attention.forward(x.clone());
            let seen = seen.matmul(layer.attend.weight.val());
            let seen = attention(seen, self.heads, places);
            x = x + drop(seen.matmul(layer.gather.weight.val()));
            x = x.clone() + drop(layer.feed(x));
        }
        self.norm.forward(x)
    }

    /// The loss over targets: the sum of their negative log likelihoods with their
    /// weights, in nats, `[1]`.
    pub fn loss(
        &self,
        tokens: &Arc<[u32]>,
        places: &Arc<Places>,
        targets: &Targets,
        noise: Option<&mut Noise>,
    ) -> Tensor<1> {
        let last = self.forward(tokens, places, noise);
        cross_entropy(last, self.table.val(), targets)
    }

    /// Logits of what comes after each token, `[tokens, vocabulary]`.
    pub fn logits(&self, tokens: &Arc<[u32]>, places: &Arc<Places>) -> Tensor<2> {
        let last = self.forward(tokens, places, None);
        last.matmul(self.table.val().transpose())
    }

    /// The size of a head.
    pub fn head(&self) -> usize {
        self.table.val().dims()[1] / self.heads
    }
}

impl Layer {
    /// What the feed-forward net adds.
    pub(super) fn feed(&self, x: Tensor<2>) -> Tensor<2> {
        let up = self.before_feed.forward(x).matmul(self.up.weight.val());
        swiglu(up).matmul(self.down.weight.val())
    }
}
