//! Milliseconds of a training step on the CPU.
//!
//! `cargo run -p lampwork-models --example speed -- [--steps N] [--rounds N] [NET ...]`
//! prints one line a net and round: `NET MS`. Threads are rayon's:
//! `RAYON_NUM_THREADS=1` for one. The twin of this program in PyTorch, with the
//! same nets by the same names, is `bench/pytorch/speed.py`.

use std::time::Instant;

use burn::tensor::Device;
use lampwork_models::{Batch, Noise, Run, Update};
use lampwork_protocol::{
    Augment, DataSet, DiffAugment, GanConfig, GanLoss, ModelConfig, NetKind, OptimizerConfig,
    OptimizerKind, PICTURE_PIXELS, RunRecipe, Schedule, VaeConfig,
};
// Its allocator, as `train` has it.
use lampwork_native as _;

/// Steps before the first that counts.
const WARM: u32 = 5;

fn main() {
    let (mut steps, mut rounds) = (50, 1);
    let mut names = Vec::new();
    let mut words = std::env::args().skip(1);
    while let Some(word) = words.next() {
        let mut number = || {
            let value = words.next().and_then(|value| value.parse().ok());
            value.unwrap_or_else(|| panic!("{word} wants a number"))
        };
        match word.as_str() {
            "--steps" => steps = number(),
            "--rounds" => rounds = number(),
            _ => names.push(word),
        }
    }
    if names.is_empty() {
        names = ["mlp-vae", "conv-vae", "dcgan"].map(str::to_owned).to_vec();
    }
    for name in names {
        time(&name, steps, rounds);
    }
}

fn time(name: &str, steps: u32, rounds: u32) {
    let recipe = recipe(name).unwrap_or_else(|| panic!("there is no net named {name}"));
    let pictures = Noise::new(1, 1).uniform(recipe.batch * PICTURE_PIXELS);
    let labels: Vec<u8> = (0..recipe.batch).map(|i| (i % 10) as u8).collect();
    let batch = Batch {
        pictures: &pictures,
        labels: &labels,
        words: &[],
    };
    let mut run = Run::new(&recipe, 1000, &Device::flex(), Update::Host).expect("a sound recipe");
    let mut step = || {
        let report = run.step_on(&batch);
        futures::executor::block_on(report.read()).expect("the losses can be read")
    };
    for _ in 0..WARM {
        step();
    }
    for _ in 0..rounds {
        let start = Instant::now();
        for _ in 0..steps {
            step();
        }
        let ms = start.elapsed().as_secs_f64() * 1e3 / f64::from(steps);
        println!("{name} {ms:.3}");
    }
}

/// A name of a net, with `-sliced` for slices of 16, as the presets have them.
fn recipe(name: &str) -> Option<RunRecipe> {
    let (net, sliced) = match name.strip_suffix("-sliced") {
        Some(net) => (net, true),
        None => (name, false),
    };
    let vae = |net, width, classes| {
        ModelConfig::Vae(VaeConfig {
            net,
            latent: 16,
            classes,
            width,
            beta: 1.0,
            kl_warmup: 0,
            dropout: 0.0,
            class_prior: false,
            couplings: 0,
        })
    };
    let (model, batch, beta1, ema) = match net {
        "mlp-vae" => (vae(NetKind::Mlp, 256, 0), 64, 0.9, 0.0),
        "conv-vae" => (vae(NetKind::Conv, 32, 10), 64, 0.9, 0.0),
        "dcgan" => {
            let model = ModelConfig::Gan(GanConfig {
                net: NetKind::Conv,
                latent: 64,
                classes: 10,
                width: 16,
                loss: GanLoss::Hinge,
                spectral_norm: true,
                label_smoothing: 0.0,
                diff_augment: DiffAugment {
                    shift: 2,
                    cutout: 0,
                    brightness: 0.0,
                },
                dropout: 0.0,
                d_rate: 1.0,
            });
            (model, 32, 0.5, 0.999)
        }
        _ => return None,
    };
    Some(RunRecipe {
        data: DataSet::Fashion,
        model,
        optimizer: OptimizerConfig {
            kind: OptimizerKind::Adam {
                beta1,
                beta2: 0.999,
            },
            learning_rate: 5e-4,
            schedule: Schedule::Constant,
            warmup: 0,
            clip_norm: None,
        },
        batch,
        micro_batch: if sliced { 16 } else { batch },
        epochs: 10_000,
        seed: 1,
        augment: Augment::default(),
        early_stopping: None,
        ema,
    })
}
