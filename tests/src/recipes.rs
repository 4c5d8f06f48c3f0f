//! Nets and runs small enough for a test.

use lampwork_protocol::{
    Augment, DataSet, DiffAugment, Distance, DomainsConfig, Edges, FlowConfig, GanConfig, GanLoss,
    Lesson, ModelConfig, NetKind, OptimizerConfig, OptimizerKind, RunRecipe, Schedule, Spoil,
    StyleConfig, Times, TranslateConfig, VaeConfig,
};

/// A VAE of a handful of units, unconditional unless said otherwise.
pub fn vae(net: NetKind, classes: usize) -> RunRecipe {
    run(ModelConfig::Vae(VaeConfig {
        net,
        latent: 3,
        classes,
        width: 4,
        beta: 1.0,
        kl_warmup: 0,
        dropout: 0.0,
        class_prior: classes > 0 && net == NetKind::Conv,
        couplings: 0,
    }))
}

/// A class-conditional GAN of a handful of units.
pub fn gan(net: NetKind) -> RunRecipe {
    run(ModelConfig::Gan(GanConfig {
        net,
        latent: 4,
        classes: 10,
        width: 4,
        loss: GanLoss::Hinge,
        spectral_norm: true,
        label_smoothing: 0.0,
        diff_augment: DiffAugment {
            shift: 1,
            cutout: 0,
            brightness: 0.0,
        },
        dropout: 0.0,
        d_rate: 1.0,
    }))
}

/// A class-conditional flow of a handful of channels.
pub fn flow() -> RunRecipe {
    run(ModelConfig::Flow(FlowConfig {
        classes: 10,
        width: 4,
        blocks: 2,
        class_dropout: 0.1,
        times: Times::Uniform,
        words: 0,
        colour: false,
        shortcut: None,
    }))
}

/// A net of a handful of channels that doubles grey pictures.
pub fn enlarger() -> RunRecipe {
    run(ModelConfig::Translate(TranslateConfig {
        spoil: Spoil {
            shrink: 2,
            noise: 0.0,
            scratches: 0.0,
        },
        width: 4,
        blocks: 1,
        gather: 1,
        halvings: 0,
        kernel: 3,
        edges: Edges::Zeros,
        styles: 0,
        residual: true,
        leak: 0.0,
        distance: Distance::Charbonnier,
        colour: false,
        sources: vec![],
        piece: 0,
        restyle: None,
    }))
}

/// A style-based GAN of a handful of channels, of the squares of
/// [`crate::data::squares`].
pub fn styler() -> RunRecipe {
    RunRecipe {
        data: DataSet::Emoji,
        ..run(ModelConfig::Style(StyleConfig {
            latent: 5,
            styles: 6,
            mapping: 2,
            width: 6,
            fine: 4,
            judge: 4,
            mixing: 0.5,
            penalty: 0.2,
            diff_augment: DiffAugment::default(),
            d_rate: 1.0,
            directions: 3,
        }))
    }
}

/// Nets of a handful of channels between plain characters and two hands.
pub fn domains(lesson: Lesson) -> RunRecipe {
    RunRecipe {
        data: DataSet::Brush,
        ..run(ModelConfig::Domains(DomainsConfig {
            from: 0,
            to: vec![1, 2],
            lesson,
            width: 8,
            blocks: 1,
            gather: 4,
            halvings: 1,
            kernel: 3,
            leak: 0.0,
            residual: false,
            critic: 4,
            critic_halvings: 2,
            critic_shift: 0,
            critic_rate: 1.0,
            colour: false,
        }))
    }
}

/// A net of a handful of channels with three styles, taught by pairs to show pictures
/// in the first one: what styles are learned by is no part of a studio.
pub fn restyler() -> RunRecipe {
    let mut recipe = enlarger();
    if let ModelConfig::Translate(config) = &mut recipe.model {
        *config = TranslateConfig {
            spoil: Spoil {
                shrink: 1,
                noise: 0.0,
                scratches: 0.0,
            },
            halvings: 2,
            edges: Edges::Reflected,
            styles: 3,
            residual: false,
            colour: true,
            ..config.clone()
        };
    }
    recipe.data = DataSet::Emoji;
    recipe
}

/// A flow of a handful of channels that paints the squares of
/// [`crate::data::squares`] by words, and learns leaps.
pub fn painter() -> RunRecipe {
    RunRecipe {
        data: DataSet::Emoji,
        ..run(ModelConfig::Flow(FlowConfig {
            classes: 4,
            width: 4,
            blocks: 1,
            class_dropout: 0.1,
            times: Times::LogitNormal,
            words: 4,
            colour: true,
            shortcut: Some(1.5),
        }))
    }
}

/// A run of 3 epochs of 5 steps, each in two slices.
fn run(model: ModelConfig) -> RunRecipe {
    RunRecipe {
        data: DataSet::Digits,
        model,
        optimizer: OptimizerConfig {
            kind: OptimizerKind::Adam {
                beta1: 0.5,
                beta2: 0.99,
            },
            learning_rate: 2e-3,
            schedule: Schedule::Constant,
            warmup: 0,
            clip_norm: Some(5.0),
        },
        batch: 8,
        micro_batch: 4,
        epochs: 3,
        seed: 7,
        augment: Augment {
            shift: 1,
            flip: false,
            cutout: 0,
        },
        early_stopping: None,
        ema: 0.9,
    }
}
