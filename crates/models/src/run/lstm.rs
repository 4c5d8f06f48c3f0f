//! What an LSTM that writes is trained for.

use burn::tensor::{Device, Tensor};
use lampwork_protocol::LstmConfig;

use super::single::Objective;
use super::{Slice, TextBatch};
use crate::Noise;
use crate::language::{Lstm, WritingNet};

impl Objective for LstmConfig {
    type Net = Lstm;
    type Batch<'a> = TextBatch<'a>;
    type Made = WritingNet;

    const STILL: bool = true;

    fn names(&self) -> &'static [&'static str] {
        &["loss"]
    }

    fn net(&self, device: &Device) -> Lstm {
        Lstm::new(self, device)
    }

    fn drawn(&self, net: Lstm, noise: &mut Noise, device: &Device) -> Lstm {
        net.drawn(noise, device)
    }

    fn decays(&self, path: &str) -> bool {
        !path.ends_with("bias") && path != "table"
    }

    fn measure(
        &self,
        net: &mut Lstm,
        _average: Option<&Lstm>,
        slice: &Slice<'_, TextBatch<'_>>,
        noise: &mut Noise,
        _device: &Device,
    ) -> Vec<Tensor<1>> {
        vec![loss(net, &slice.batch, Some(noise))]
    }

    fn validate(
        &self,
        net: &Lstm,
        batch: &TextBatch<'_>,
        _noise: &mut Noise,
        _device: &Device,
    ) -> Tensor<2> {
        loss(net, batch, None).reshape([1, 1])
    }

    fn made(&self, net: Lstm, average: Option<Lstm>) -> WritingNet {
        WritingNet::Lstm(Box::new(average.unwrap_or(net)))
    }
}

/// The mean over the places that count, in nats, `[1]`.
fn loss(net: &Lstm, batch: &TextBatch<'_>, noise: Option<&mut Noise>) -> Tensor<1> {
    let (tokens, targets) = batch.by_time();
    net.loss(&tokens, batch.rows, &targets, noise)
}
