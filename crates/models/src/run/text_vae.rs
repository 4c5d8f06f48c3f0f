//! What a text VAE is trained for.

use burn::tensor::{Device, Tensor};
use lampwork_protocol::TextVaeConfig;

use super::single::Objective;
use super::{Slice, TextBatch};
use crate::Noise;
use crate::language::{Sentences, TextVae, TextVaeLoss, WritingNet};

impl Objective for TextVaeConfig {
    type Net = TextVae;
    type Batch<'a> = TextBatch<'a>;
    type Made = WritingNet;

    const STILL: bool = true;

    /// All in nats a token, the divergence too.
    fn names(&self) -> &'static [&'static str] {
        &["loss", "reconstruction", "kl"]
    }

    fn net(&self, device: &Device) -> TextVae {
        TextVae::new(self, device)
    }

    fn drawn(&self, net: TextVae, noise: &mut Noise, device: &Device) -> TextVae {
        net.drawn(noise, device)
    }

    fn decays(&self, path: &str) -> bool {
        !path.ends_with("bias") && path != "table"
    }

    fn measure(
        &self,
        net: &mut TextVae,
        _average: Option<&TextVae>,
        slice: &Slice<'_, TextBatch<'_>>,
        noise: &mut Noise,
        _device: &Device,
    ) -> Vec<Tensor<1>> {
        let beta = self.beta * risen(self.kl_warmup, slice.step);
        let measured = loss(net, &slice.batch, beta, self.free_nats, Some(noise));
        vec![measured.loss, measured.reconstruction, measured.kl]
    }

    /// The bound itself: the whole divergence, and a drawn point.
    fn validate(
        &self,
        net: &TextVae,
        batch: &TextBatch<'_>,
        noise: &mut Noise,
        device: &Device,
    ) -> Tensor<2> {
        // Every token is shown.
        let shown = net.clone().showing_all();
        let measured = loss(&shown, batch, 1.0, 0.0, Some(noise));
        let terms = [measured.loss, measured.reconstruction, measured.kl];
        Tensor::cat(terms.map(|term| term.reshape([1, 1])).to_vec(), 1).to_device(device)
    }

    fn made(&self, net: TextVae, average: Option<TextVae>) -> WritingNet {
        WritingNet::TextVae(Box::new(average.unwrap_or(net)))
    }
}

fn loss(
    net: &TextVae,
    batch: &TextBatch<'_>,
    beta: f32,
    free: f32,
    noise: Option<&mut Noise>,
) -> TextVaeLoss {
    let inputs: Vec<u32> = batch.inputs.iter().map(|&token| token.into()).collect();
    let sentences = Sentences::new(&inputs, batch.counts, batch.columns);
    net.loss(&sentences, &batch.by_time().1, beta, free, noise)
}

/// How far the weight of the divergence has risen at a step (Bowman 2016).
fn risen(warmup: usize, step: u64) -> f32 {
    if warmup == 0 {
        1.0
    } else {
        ((step + 1) as f32 / warmup as f32).min(1.0)
    }
}
