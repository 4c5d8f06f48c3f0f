//! A short race of real work, by which the page picks the device.

use burn::tensor::Device;
use lampwork_models::latent::Point;
use lampwork_models::{Batch, Noise, Run, Update};
use lampwork_protocol::{
    Augment, DataSet, Failure, ModelConfig, NetKind, OptimizerConfig, OptimizerKind,
    PICTURE_PIXELS, RunRecipe, Schedule, VaeConfig,
};

use crate::Clock;
use crate::models::read_pictures;

/// Milliseconds for a sheet of 16 by a convolutional decoder, and for a training
/// step of an MLP; each after one that is not counted, since the first compiles.
pub(crate) async fn run(
    device: &Device,
    update: Update,
    clock: Clock,
) -> Result<(f32, f32), Failure> {
    let sampler = Run::new(&recipe(NetKind::Conv, 16), 1, device, update)?.sampler();
    let points: Vec<Point> = (0..16)
        .map(|index| Point {
            z: Noise::new(1, index).normal(sampler.space().dimensions),
            classes: Vec::new(),
            words: Vec::new(),
            style: None,
        })
        .collect();
    let mut sheet = f64::MAX;
    for _ in 0..3 {
        let start = clock();
        read_pictures(sampler.decode(&points, device)).await?;
        sheet = sheet.min(clock() - start);
    }

    let mut run = Run::new(&recipe(NetKind::Mlp, 128), 1, device, update)?;
    let pictures = Noise::new(2, 0).uniform(32 * PICTURE_PIXELS);
    let labels = [0; 32];
    let batch = Batch {
        pictures: &pictures,
        labels: &labels,
        words: &[],
    };
    let mut step = f64::MAX;
    for _ in 0..3 {
        let start = clock();
        run.step_on(&batch).read().await?;
        step = step.min(clock() - start);
    }
    Ok((sheet as f32, step as f32))
}

fn recipe(net: NetKind, width: usize) -> RunRecipe {
    RunRecipe {
        data: DataSet::Digits,
        model: ModelConfig::Vae(VaeConfig {
            net,
            latent: 8,
            classes: 0,
            width,
            beta: 1.0,
            kl_warmup: 0,
            dropout: 0.0,
            class_prior: false,
            couplings: 0,
        }),
        optimizer: OptimizerConfig {
            kind: OptimizerKind::Adam {
                beta1: 0.9,
                beta2: 0.999,
            },
            learning_rate: 1e-3,
            schedule: Schedule::Constant,
            warmup: 0,
            clip_norm: None,
        },
        batch: 32,
        micro_batch: 32,
        epochs: 1,
        seed: 1,
        augment: Augment::default(),
        early_stopping: None,
        ema: 0.0,
    }
}
