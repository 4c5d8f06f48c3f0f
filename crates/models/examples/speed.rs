//! Steps a second of the nets that the site ships, on the CPU.
//!
//! `cargo run -p lampwork-models --example speed`

use std::time::Instant;

use burn::tensor::Device;
use lampwork_models::{Batch, Noise, Run, Update};
use lampwork_protocol::*;

fn main() {
    let device = Device::flex();
    let optimizer = OptimizerConfig {
        kind: OptimizerKind::Adam {
            beta1: 0.9,
            beta2: 0.999,
        },
        learning_rate: 1e-3,
        schedule: Schedule::Constant,
        warmup: 0,
        clip_norm: None,
    };
    let recipe = |model, micro_batch| RunRecipe {
        data: DataSet::Fashion,
        model,
        optimizer: optimizer.clone(),
        batch: 64,
        micro_batch,
        epochs: 1,
        seed: 1,
        augment: Augment::default(),
        early_stopping: None,
        ema: 0.999,
    };
    let vae = |net, width, latent| {
        ModelConfig::Vae(VaeConfig {
            net,
            latent,
            classes: 10,
            width,
            beta: 1.0,
            kl_warmup: 0,
            dropout: 0.0,
        })
    };
    let gan = |net, width| {
        ModelConfig::Gan(GanConfig {
            net,
            latent: 64,
            classes: 10,
            width,
            loss: GanLoss::Hinge,
            spectral_norm: true,
            label_smoothing: 0.0,
            diff_augment: DiffAugment {
                shift: 3,
                cutout: 0,
                brightness: 0.0,
            },
            dropout: 0.0,
            d_rate: 1.0,
        })
    };
    let mut noise = Noise::new(1, 1);
    let pictures = noise.uniform(64 * PICTURE_PIXELS);
    let labels: Vec<u8> = (0..64).map(|i| i % 10).collect();
    let batch = Batch {
        pictures: &pictures,
        labels: &labels,
    };
    for (name, model, micro) in [
        ("mlp vae 256", vae(NetKind::Mlp, 256, 16), 64),
        ("conv vae 32", vae(NetKind::Conv, 32, 16), 64),
        ("conv vae 32 in slices", vae(NetKind::Conv, 32, 16), 16),
        ("mlp gan 256", gan(NetKind::Mlp, 256), 64),
        ("dcgan 24", gan(NetKind::Conv, 24), 64),
        ("dcgan 24 in slices", gan(NetKind::Conv, 24), 16),
    ] {
        for update in [Update::Host, Update::Tensors] {
            let recipe = recipe(model.clone(), micro);
            let mut run = Run::new(&recipe, 1000, &device, update).expect("a sound recipe");
            run.step_on(&batch);
            let start = Instant::now();
            let steps = 20;
            for _ in 0..steps {
                let report = run.step_on(&batch);
                futures::executor::block_on(report.read()).expect("numbers");
            }
            let ms = start.elapsed().as_secs_f64() * 1e3 / f64::from(steps);
            println!("{name:24} {update:?} {ms:8.2} ms/step");
        }
    }
}
