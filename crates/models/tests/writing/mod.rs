//! Small nets that write, and texts by a rule for them to learn.

use burn::tensor::{Device, Tensor};
use futures::executor::block_on;
use lampwork_models::{Noise, StepReport, TextBatch, TextRun, Update};
use lampwork_protocol::*;

pub const VOCABULARY: usize = 23;

pub fn transformer() -> TransformerConfig {
    TransformerConfig {
        vocabulary: VOCABULARY,
        context: 16,
        layers: 2,
        width: 12,
        heads: 3,
        hidden: 20,
        dropout: 0.1,
    }
}

pub fn lstm() -> LstmConfig {
    LstmConfig {
        vocabulary: VOCABULARY,
        context: 16,
        layers: 2,
        width: 16,
        dropout: 0.1,
    }
}

pub fn recipe(model: ModelConfig) -> RunRecipe {
    RunRecipe {
        data: DataSet::Poems,
        model,
        optimizer: OptimizerConfig {
            kind: OptimizerKind::AdamW {
                beta1: 0.9,
                beta2: 0.99,
                weight_decay: 0.1,
            },
            learning_rate: 3e-3,
            schedule: Schedule::Cosine { floor: 0.1 },
            warmup: 2,
            clip_norm: Some(1.0),
        },
        batch: 6,
        micro_batch: 6,
        epochs: 10,
        seed: 4,
        augment: Augment::default(),
        early_stopping: None,
        ema: 0.99,
    }
}

/// Texts in which each token is the one before it and 3 more, of six lengths.
pub struct Texts {
    pub inputs: Vec<u16>,
    pub targets: Vec<u16>,
    pub counts: Vec<u8>,
}

pub const COLUMNS: usize = 9;

pub fn texts(step: u64) -> Texts {
    let mut noise = Noise::new(9, step);
    let mut texts = Texts {
        inputs: Vec::new(),
        targets: Vec::new(),
        counts: Vec::new(),
    };
    for row in 0..6 {
        let first = noise.below(VOCABULARY as u32) as usize;
        for at in 0..COLUMNS {
            texts.inputs.push(((first + 3 * at) % VOCABULARY) as u16);
            texts
                .targets
                .push(((first + 3 * at + 3) % VOCABULARY) as u16);
            texts.counts.push(u8::from(at > 0 && at < COLUMNS - row));
        }
    }
    texts
}

impl Texts {
    pub fn batch(&self) -> TextBatch<'_> {
        TextBatch {
            rows: 6,
            columns: COLUMNS,
            inputs: &self.inputs,
            targets: &self.targets,
            counts: &self.counts,
        }
    }
}

pub fn run(recipe: &RunRecipe) -> TextRun {
    TextRun::begin(recipe, 100, &Device::flex(), Update::Host).expect("a sound recipe")
}

pub fn read(report: StepReport) -> Vec<(String, f32)> {
    block_on(report.read()).expect("numbers")
}

pub fn train(run: &mut TextRun, from: u64, until: u64) -> Vec<Vec<(String, f32)>> {
    (from..until)
        .map(|step| read(run.step_on(&texts(step).batch())))
        .collect()
}

pub fn numbers<const D: usize>(tensor: Tensor<D>) -> Vec<f32> {
    tensor.into_data().try_into_vec().expect("f32")
}

#[track_caller]
pub fn near(a: &[f32], b: &[f32], allowed: f32) {
    assert_eq!(a.len(), b.len());
    for (at, (a, b)) in a.iter().zip(b).enumerate() {
        assert!((a - b).abs() < allowed, "{at}: {a} is not {b}");
    }
}
