//! Runs of nets that write, small enough to say something like verse within a minute on a
//! CPU.

use lampwork_protocol::{
    Augment, DataSet, EarlyStopping, LstmConfig, ModelConfig, OptimizerConfig, OptimizerKind,
    RunRecipe, Schedule, TextVaeConfig, TransformerConfig,
};

use super::presets::Family;

/// A good run of a family that writes.
pub fn text_preset(family: Family, data: DataSet) -> RunRecipe {
    // A poem is a few dozen tokens; a passage as long as the net sees.
    let (context, batch) = match data {
        DataSet::Poems => (96, 8),
        _ => (64, 8),
    };
    // 0 is as many tokens as the data has.
    let vocabulary = 0;
    let (model, learning_rate) = match family {
        Family::Lstm => (
            ModelConfig::Lstm(LstmConfig {
                vocabulary,
                context,
                layers: 1,
                width: 128,
                dropout: 0.0,
            }),
            4e-3,
        ),
        Family::TextVae => (
            ModelConfig::TextVae(TextVaeConfig {
                vocabulary,
                context: context.min(64),
                width: 128,
                latent: 16,
                beta: 1.0,
                kl_warmup: 1_000,
                // The writer must look at the latent point, or it never will.
                word_dropout: 0.3,
                free_nats: 0.0,
            }),
            3e-3,
        ),
        _ => (
            ModelConfig::Transformer(TransformerConfig {
                vocabulary,
                context,
                layers: 2,
                width: 96,
                heads: 4,
                hidden: 256,
                dropout: 0.0,
            }),
            4e-3,
        ),
    };
    RunRecipe {
        data,
        model,
        optimizer: OptimizerConfig {
            kind: OptimizerKind::AdamW {
                beta1: 0.9,
                beta2: 0.98,
                weight_decay: 0.05,
            },
            learning_rate,
            schedule: Schedule::Constant,
            warmup: 50,
            clip_norm: Some(1.0),
        },
        batch,
        // So that a command is answered between two slices.
        micro_batch: 4,
        epochs: 20,
        seed: 1,
        augment: Augment::default(),
        early_stopping: Some(EarlyStopping {
            patience: 3,
            min_delta: 0.0,
        }),
        ema: 0.0,
    }
}
