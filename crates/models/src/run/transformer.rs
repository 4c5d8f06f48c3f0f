//! What a Transformer is trained for.

use std::sync::Arc;

use burn::tensor::{Device, Tensor};
use lampwork_kernels::language::{Places, Targets};
use lampwork_protocol::TransformerConfig;

use super::single::Objective;
use super::{Slice, TextBatch};
use crate::Noise;
use crate::language::{Transformer, WritingNet, by_time};

impl Objective for TransformerConfig {
    type Net = Transformer;
    type Batch<'a> = TextBatch<'a>;
    type Made = WritingNet;

    const STILL: bool = true;

    fn names(&self) -> &'static [&'static str] {
        &["loss"]
    }

    fn net(&self, device: &Device) -> Transformer {
        Transformer::new(self, device)
    }

    fn drawn(&self, net: Transformer, noise: &mut Noise, device: &Device) -> Transformer {
        net.drawn(noise, device)
    }

    /// Neither gains nor the table: a rare token's row would only shrink.
    fn decays(&self, path: &str) -> bool {
        !path.ends_with("gamma") && path != "table"
    }

    fn measure(
        &self,
        net: &mut Transformer,
        _average: Option<&Transformer>,
        slice: &Slice<'_, TextBatch<'_>>,
        noise: &mut Noise,
        _device: &Device,
    ) -> Vec<Tensor<1>> {
        vec![loss(net, &slice.batch, Some(noise))]
    }

    fn validate(
        &self,
        net: &Transformer,
        batch: &TextBatch<'_>,
        _noise: &mut Noise,
        _device: &Device,
    ) -> Tensor<2> {
        loss(net, batch, None).reshape([1, 1])
    }

    fn made(&self, net: Transformer, average: Option<Transformer>) -> WritingNet {
        WritingNet::Transformer(Box::new(average.unwrap_or(net)))
    }
}

/// The mean over the places that count, in nats, `[1]`.
fn loss(net: &Transformer, batch: &TextBatch<'_>, noise: Option<&mut Noise>) -> Tensor<1> {
    let positions: Vec<u32> = (0..batch.rows)
        .flat_map(|_| 0..batch.columns as u32)
        .collect();
    let places = Places::new(&positions, batch.columns, net.head());
    net.loss(&batch.tokens(), &places, &batch.foretold(), noise)
}

impl TextBatch<'_> {
    /// What the net is shown.
    pub(super) fn tokens(&self) -> Arc<[u32]> {
        self.inputs.iter().map(|&token| u32::from(token)).collect()
    }

    /// What the net is shown and what it has to foretell, all rows of a time together.
    pub(super) fn by_time(&self) -> (Arc<[u32]>, Targets) {
        let columns = self.columns;
        let targets = self.foretold();
        (
            by_time(&self.tokens(), columns).into(),
            Targets {
                tokens: by_time(&targets.tokens, columns).into(),
                weights: by_time(&targets.weights, columns).into(),
            },
        )
    }

    /// What it has to foretell.
    pub(super) fn foretold(&self) -> Targets {
        Targets {
            tokens: self.targets.iter().map(|&token| u32::from(token)).collect(),
            weights: self.weights().into(),
        }
    }
}
