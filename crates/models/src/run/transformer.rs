//! What a Transformer is trained for.

use burn::tensor::{Device, Tensor};
use lampwork_kernels::language::Places;
use lampwork_protocol::TransformerConfig;

use super::single::Objective;
use super::{Slice, TextBatch};
use crate::Noise;
use crate::language::{Transformer, WritingNet};

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
        _guide: Option<&Transformer>,
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
