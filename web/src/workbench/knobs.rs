//! Every knob of a run: its name, its range, how it is read and written.
//!
//! One table serves the form, the marks on changed knobs, and the page's
//! address. No browser in here.

use lampwork_protocol::{Modality, ModelConfig, NetKind, RunRecipe};

/// A knob of a [`RunRecipe`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[allow(missing_docs, reason = "each is the field of the recipe of that name")]
pub enum Knob {
    Latent,
    Conditional,
    Layers,
    Width,
    Heads,
    Hidden,
    Context,
    WordDropout,
    FreeNats,
    Beta,
    KlWarmup,
    ClassPrior,
    Couplings,
    ClassDropout,
    Times,
    Dropout,
    Loss,
    SpectralNorm,
    LabelSmoothing,
    DiffShift,
    DiffCutout,
    DiffBrightness,
    DiscriminatorRate,
    Ema,
    Batch,
    MicroBatch,
    Epochs,
    Seed,
    Rule,
    LearningRate,
    Beta1,
    Beta2,
    WeightDecay,
    Momentum,
    Schedule,
    Floor,
    Every,
    Factor,
    Warmup,
    ClipNorm,
    Shift,
    Flip,
    Cutout,
    Patience,
    MinDelta,
}

/// Under which heading a knob stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Group {
    /// Shown at once.
    First,
    /// The net.
    Net,
    /// What the two sides of a GAN play for.
    Game,
    /// How the weights are moved.
    Optimizer,
    /// What is shown to the net, and how often.
    Examples,
    /// When to stop.
    Stopping,
}

impl Group {
    /// The groups under the disclosure, in order.
    pub const MORE: [Group; 5] = [
        Group::Net,
        Group::Game,
        Group::Optimizer,
        Group::Examples,
        Group::Stopping,
    ];
}

/// What a knob can be set to.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Range {
    /// Whole numbers.
    Whole {
        /// Least.
        min: u64,
        /// Most.
        max: u64,
        /// Stride of the slider.
        step: u64,
    },
    /// Real numbers.
    Real {
        /// Least.
        min: f32,
        /// Most.
        max: f32,
        /// Stride of the slider; where `log`, in decades.
        step: f32,
        /// Whether the slider moves by factors.
        log: bool,
    },
    /// One of some words.
    Choice(&'static [&'static str]),
    /// On or off.
    Switch,
}

/// What a knob is set to.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Value {
    /// A whole number.
    Whole(u64),
    /// A real number.
    Real(f32),
    /// A word.
    Choice(&'static str),
    /// On or off.
    Switch(bool),
}

impl Value {
    /// As it stands in the address and in the form.
    pub fn text(self) -> String {
        match self {
            Value::Whole(value) => value.to_string(),
            Value::Real(value) => value.to_string(),
            Value::Choice(word) => word.to_owned(),
            Value::Switch(on) => if on { "on" } else { "off" }.to_owned(),
        }
    }
}

impl Range {
    /// Reads what [`Value::text`] wrote, or what a visitor typed, and brings it
    /// into the range. `None` if it is nothing of the kind.
    pub fn parse(self, text: &str) -> Option<Value> {
        let text = text.trim();
        match self {
            Range::Whole { min, max, .. } => {
                let value = text.parse::<u64>().ok().or_else(|| {
                    let value = text.parse::<f64>().ok()?;
                    // `as` saturates, so a huge or negative number is clamped below.
                    value.is_finite().then_some(value.round() as u64)
                })?;
                Some(Value::Whole(value.clamp(min, max)))
            }
            Range::Real { min, max, .. } => {
                let value = text.parse::<f32>().ok()?;
                (!value.is_nan()).then_some(Value::Real(value.clamp(min, max)))
            }
            Range::Choice(words) => words
                .iter()
                .find(|word| **word == text)
                .map(|word| Value::Choice(word)),
            Range::Switch => match text {
                "on" | "true" | "1" => Some(Value::Switch(true)),
                "off" | "false" | "0" => Some(Value::Switch(false)),
                _ => None,
            },
        }
    }
}

impl Knob {
    /// Every knob, in the order of the form.
    pub const ALL: [Knob; 45] = [
        Knob::Latent,
        Knob::Conditional,
        Knob::Layers,
        Knob::Width,
        Knob::Beta,
        Knob::LearningRate,
        Knob::Batch,
        Knob::ClassPrior,
        Knob::Couplings,
        Knob::ClassDropout,
        Knob::Times,
        Knob::Heads,
        Knob::Hidden,
        Knob::Context,
        Knob::Dropout,
        Knob::WordDropout,
        Knob::KlWarmup,
        Knob::FreeNats,
        Knob::Ema,
        Knob::Loss,
        Knob::SpectralNorm,
        Knob::LabelSmoothing,
        Knob::DiscriminatorRate,
        Knob::DiffShift,
        Knob::DiffCutout,
        Knob::DiffBrightness,
        Knob::Rule,
        Knob::Beta1,
        Knob::Beta2,
        Knob::WeightDecay,
        Knob::Momentum,
        Knob::Schedule,
        Knob::Floor,
        Knob::Every,
        Knob::Factor,
        Knob::Warmup,
        Knob::ClipNorm,
        Knob::Seed,
        Knob::MicroBatch,
        Knob::Shift,
        Knob::Flip,
        Knob::Cutout,
        Knob::Epochs,
        Knob::Patience,
        Knob::MinDelta,
    ];

    /// Name in the address, in `data-testid`, and in a worker's failures: the
    /// recipe's field.
    pub fn name(self) -> &'static str {
        match self {
            Knob::Latent => "latent",
            Knob::Conditional => "classes",
            Knob::Layers => "layers",
            Knob::Width => "width",
            Knob::Heads => "heads",
            Knob::Hidden => "hidden",
            Knob::Context => "context",
            Knob::WordDropout => "word_dropout",
            Knob::FreeNats => "free_nats",
            Knob::Beta => "beta",
            Knob::KlWarmup => "kl_warmup",
            Knob::ClassPrior => "class_prior",
            Knob::Couplings => "couplings",
            Knob::ClassDropout => "class_dropout",
            Knob::Times => "times",
            Knob::Dropout => "dropout",
            Knob::Loss => "loss",
            Knob::SpectralNorm => "spectral_norm",
            Knob::LabelSmoothing => "label_smoothing",
            Knob::DiffShift => "diff_augment.shift",
            Knob::DiffCutout => "diff_augment.cutout",
            Knob::DiffBrightness => "diff_augment.brightness",
            Knob::DiscriminatorRate => "d_rate",
            Knob::Ema => "ema",
            Knob::Batch => "batch",
            Knob::MicroBatch => "micro_batch",
            Knob::Epochs => "epochs",
            Knob::Seed => "seed",
            Knob::Rule => "rule",
            Knob::LearningRate => "learning_rate",
            Knob::Beta1 => "beta1",
            Knob::Beta2 => "beta2",
            Knob::WeightDecay => "weight_decay",
            Knob::Momentum => "momentum",
            Knob::Schedule => "schedule",
            Knob::Floor => "floor",
            Knob::Every => "every",
            Knob::Factor => "factor",
            Knob::Warmup => "warmup",
            Knob::ClipNorm => "clip_norm",
            Knob::Shift => "augment.shift",
            Knob::Flip => "augment.flip",
            Knob::Cutout => "augment.cutout",
            Knob::Patience => "patience",
            Knob::MinDelta => "min_delta",
        }
    }

    /// The knob of a name.
    pub fn named(name: &str) -> Option<Knob> {
        Knob::ALL.into_iter().find(|knob| knob.name() == name)
    }

    /// Under which heading it stands.
    pub fn group(self) -> Group {
        match self {
            Knob::Latent
            | Knob::Conditional
            | Knob::Layers
            | Knob::Width
            | Knob::Beta
            | Knob::LearningRate
            | Knob::Batch => Group::First,
            Knob::Heads
            | Knob::Hidden
            | Knob::Context
            | Knob::WordDropout
            | Knob::FreeNats
            | Knob::Dropout
            | Knob::KlWarmup
            | Knob::ClassPrior
            | Knob::Couplings
            | Knob::ClassDropout
            | Knob::Times
            | Knob::Ema => Group::Net,
            Knob::Loss
            | Knob::SpectralNorm
            | Knob::LabelSmoothing
            | Knob::DiscriminatorRate
            | Knob::DiffShift
            | Knob::DiffCutout
            | Knob::DiffBrightness => Group::Game,
            Knob::Rule
            | Knob::Beta1
            | Knob::Beta2
            | Knob::WeightDecay
            | Knob::Momentum
            | Knob::Schedule
            | Knob::Floor
            | Knob::Every
            | Knob::Factor
            | Knob::Warmup
            | Knob::ClipNorm => Group::Optimizer,
            Knob::Seed | Knob::MicroBatch | Knob::Shift | Knob::Flip | Knob::Cutout => {
                Group::Examples
            }
            Knob::Epochs | Knob::Patience | Knob::MinDelta => Group::Stopping,
        }
    }

    /// What it can be set to in this recipe.
    pub fn range(self, recipe: &RunRecipe) -> Range {
        let whole = |min, max, step| Range::Whole { min, max, step };
        let real = |min, max, step| Range::Real {
            min,
            max,
            step,
            log: false,
        };
        let decades = |min, max| Range::Real {
            min,
            max,
            step: 0.1,
            log: true,
        };
        match self {
            Knob::Latent => whole(1, 64, 1),
            Knob::Conditional | Knob::ClassPrior | Knob::SpectralNorm | Knob::Flip => Range::Switch,
            Knob::Layers => whole(1, 8, 1),
            Knob::Heads => whole(1, 8, 1),
            Knob::Hidden => whole(16, 1_024, 16),
            Knob::Context => whole(32, 256, 16),
            Knob::WordDropout => real(0.0, 1.0, 0.05),
            Knob::FreeNats => real(0.0, 2.0, 0.05),
            // Whatever the number of heads, each gets an even part of it.
            Knob::Width if recipe.model.modality() == Modality::Text => whole(32, 512, 16),
            Knob::Width => match net(recipe) {
                NetKind::Mlp => whole(16, 512, 16),
                NetKind::Conv => whole(4, 64, 4),
            },
            Knob::Couplings => whole(0, 12, 1),
            Knob::Beta => real(0.0, 16.0, 0.25),
            Knob::KlWarmup | Knob::Warmup => whole(0, 5_000, 50),
            Knob::Dropout => real(0.0, 0.8, 0.05),
            Knob::ClassDropout => real(0.0, 1.0, 0.05),
            Knob::Times => Range::Choice(&["uniform", "logit-normal"]),
            Knob::Loss => Range::Choice(&["non-saturating", "hinge"]),
            Knob::LabelSmoothing => real(0.0, 0.4, 0.05),
            Knob::DiffShift | Knob::Shift => whole(0, 6, 1),
            Knob::DiffCutout | Knob::Cutout => whole(0, 14, 1),
            Knob::DiffBrightness => real(0.0, 0.5, 0.05),
            Knob::DiscriminatorRate => real(0.1, 8.0, 0.1),
            Knob::Ema => real(0.0, 0.9999, 0.001),
            // A text of one's own may have few parts.
            Knob::Batch if recipe.model.modality() == Modality::Text => whole(1, 256, 1),
            Knob::Batch => whole(8, 256, 8),
            Knob::MicroBatch => whole(least_slice(recipe.batch) as u64, recipe.batch as u64, 1),
            Knob::Epochs => whole(1, 10_000, 1),
            // The largest whole number that a number input keeps exactly.
            Knob::Seed => whole(0, (1 << 53) - 1, 1),
            Knob::Rule => Range::Choice(&["adam", "adamw", "sgd"]),
            Knob::LearningRate => decades(1e-6, 1.0),
            Knob::Beta1 => real(0.0, 0.99, 0.05),
            Knob::Beta2 => real(0.5, 0.9999, 0.001),
            Knob::WeightDecay => real(0.0, 1.0, 0.01),
            Knob::Momentum => real(0.0, 0.99, 0.05),
            Knob::Schedule => Range::Choice(&["constant", "cosine", "step"]),
            Knob::Floor => real(0.0, 1.0, 0.05),
            Knob::Every => whole(1, 1_000, 1),
            Knob::Factor => real(0.01, 1.0, 0.05),
            Knob::ClipNorm => real(0.0, 1_000.0, 0.5),
            Knob::Patience => whole(0, 1_000, 1),
            Knob::MinDelta => real(0.0, 10.0, 0.05),
        }
    }
}

/// The knobs that are set otherwise in `a` than in `b`, those that only one of
/// them has included.
pub fn changed(a: &RunRecipe, b: &RunRecipe) -> Vec<Knob> {
    Knob::ALL
        .into_iter()
        .filter(|knob| knob.read(a) != knob.read(b))
        .collect()
}

/// The kind of net of a recipe.
pub fn net(recipe: &RunRecipe) -> NetKind {
    match &recipe.model {
        ModelConfig::Vae(vae) => vae.net,
        ModelConfig::Gan(gan) => gan.net,
        _ => NetKind::Conv,
    }
}

/// Slices that a step may be cut into.
const MAX_SLICES: usize = 64;

/// The smallest micro-batch that a batch may be cut into.
pub(super) fn least_slice(batch: usize) -> usize {
    batch.div_ceil(MAX_SLICES).max(1)
}
