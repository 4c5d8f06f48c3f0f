//! Known answers of nets that write.

use std::sync::Arc;

use burn::tensor::Device;
use lampwork_host::read;
use lampwork_host::selftest::{Pair, check, common};
use lampwork_kernels::language::{Places, Targets};
use lampwork_models::Noise;
use lampwork_models::language::{Transformer, Writer, WritingNet};
use lampwork_protocol::event::SelfCheck;
use lampwork_protocol::{Failure, ModelConfig, TransformerConfig};

/// Runs every check.
pub(crate) async fn run(device: &Device) -> Result<Vec<SelfCheck>, Failure> {
    let mut checks = common(device).await?;
    checks.push(check("reading token by token", reading(device).await?));
    Ok(checks)
}

/// The likelihood of a text by what a Transformer keeps of each token, and by the pass
/// over all of them that training takes. They share no kernel but the products.
async fn reading(device: &Device) -> Result<Pair, Failure> {
    let config = TransformerConfig {
        vocabulary: 37,
        context: 16,
        layers: 2,
        width: 24,
        heads: 3,
        hidden: 40,
        dropout: 0.0,
    };
    let mut noise = Noise::new(1641, 20);
    let net = Transformer::new(&config, device).drawn(&mut noise, device);
    let count = config.context;
    let tokens: Vec<u32> = (0..=count)
        .map(|_| noise.below(config.vocabulary as u32))
        .collect();
    let positions: Vec<u32> = (0..count as u32).collect();
    let places = Places::new(&positions, count, net.head());
    let targets = Targets {
        tokens: Arc::from(&tokens[1..]),
        weights: Arc::from(vec![1.0 / count as f32; count]),
    };
    let known = net.loss(&Arc::from(&tokens[..count]), &places, &targets, None);
    let known = read(known).await?;

    let model = ModelConfig::Transformer(config);
    let writer = Writer::of(WritingNet::Transformer(Box::new(net)), &model);
    let mut memory = writer.blank();
    let mut nats = 0.0;
    for pair in tokens.windows(2) {
        let next = writer.read(&mut memory, &pair[..1], 1, false)?;
        let logits = read(next.logits).await?;
        let total: f32 = logits.iter().map(|logit| logit.exp()).sum();
        nats += total.ln() - logits.get(pair[1] as usize).copied().unwrap_or(f32::NAN);
    }
    Ok((vec![nats / count as f32], known))
}
