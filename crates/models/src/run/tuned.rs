//! What a fine-tuning is for.

use burn::tensor::{Device, Tensor};
use lampwork_protocol::{TransformerConfig, Tuning};
use lampwork_weights::Named;

use super::single::Objective;
use super::{Slice, TextBatch};
use crate::Noise;
use crate::language::{Transformer, WritingNet, tune};

/// A Transformer of which a part is moved.
#[derive(Debug, Clone)]
pub(super) struct Tuned {
    pub(super) config: TransformerConfig,
    pub(super) tuning: Tuning,
    /// Of the first factors of an adapter.
    pub(super) seed: u64,
}

impl Tuned {
    fn first_factors(&self) -> Vec<Named> {
        match self.tuning {
            Tuning::Lora { rank, .. } => tune::first_factors(&self.config, rank, self.seed),
            Tuning::Full | Tuning::Last { .. } => Vec::new(),
        }
    }
}

impl Objective for Tuned {
    type Net = Transformer;
    type Batch<'a> = TextBatch<'a>;
    type Made = WritingNet;

    const STILL: bool = true;

    fn names(&self) -> &'static [&'static str] {
        self.config.names()
    }

    fn net(&self, device: &Device) -> Transformer {
        self.config.net(device)
    }

    fn drawn(&self, net: Transformer, noise: &mut Noise, device: &Device) -> Transformer {
        let net = tune::tuned(net.drawn(noise, device), self.tuning);
        tune::with_factors(net, &self.first_factors(), 1.0, device)
    }

    fn decays(&self, path: &str) -> bool {
        self.config.decays(path)
    }

    fn measure(
        &self,
        net: &mut Transformer,
        average: Option<&Transformer>,
        slice: &Slice<'_, TextBatch<'_>>,
        noise: &mut Noise,
        device: &Device,
    ) -> Vec<Tensor<1>> {
        self.config.measure(net, average, slice, noise, device)
    }

    fn validate(
        &self,
        net: &Transformer,
        batch: &TextBatch<'_>,
        noise: &mut Noise,
        device: &Device,
    ) -> Tensor<2> {
        self.config.validate(net, batch, noise, device)
    }

    /// A net without an adapter gets one that changes nothing yet.
    fn adapted(&self, mut weights: Vec<Named>) -> Vec<Named> {
        for factor in self.first_factors() {
            if !weights.iter().any(|named| named.name == factor.name) {
                weights.push(factor);
            }
        }
        weights
    }

    /// Of an adapter, its factors alone.
    fn shipped(&self, weights: Vec<Named>) -> Vec<Named> {
        match self.tuning {
            Tuning::Lora { .. } => tune::factors(weights),
            Tuning::Full | Tuning::Last { .. } => weights,
        }
    }

    fn made(&self, net: Transformer, average: Option<Transformer>) -> WritingNet {
        self.config.made(net, average)
    }
}
