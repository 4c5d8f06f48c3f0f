//! Every knob of a run: its name, its range, how it is read and written.
//!
//! One table serves the form, the marks on changed knobs, and the page's
//! address. No browser in here.

use lampwork_protocol::{
    EarlyStopping, GanConfig, GanLoss, ModelConfig, NetKind, OptimizerKind, RunRecipe, Schedule,
    VaeConfig,
};

/// A knob of a [`RunRecipe`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[allow(missing_docs, reason = "each is the field of the recipe of that name")]
pub enum Knob {
    Latent,
    Conditional,
    Width,
    Beta,
    KlWarmup,
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

/// Adam's usual decays, for a change of rule.
const ADAM: (f32, f32) = (0.9, 0.999);

/// What counts as progress where early stopping is switched on.
const MIN_DELTA: f32 = 0.1;

impl Knob {
    /// Every knob, in the order of the form.
    pub const ALL: [Knob; 35] = [
        Knob::Latent,
        Knob::Conditional,
        Knob::Width,
        Knob::Beta,
        Knob::LearningRate,
        Knob::Batch,
        Knob::Dropout,
        Knob::KlWarmup,
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
            Knob::Width => "width",
            Knob::Beta => "beta",
            Knob::KlWarmup => "kl_warmup",
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
            | Knob::Width
            | Knob::Beta
            | Knob::LearningRate
            | Knob::Batch => Group::First,
            Knob::Dropout | Knob::KlWarmup | Knob::Ema => Group::Net,
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
            Knob::Conditional | Knob::SpectralNorm | Knob::Flip => Range::Switch,
            Knob::Width => match net(recipe) {
                NetKind::Mlp => whole(16, 512, 16),
                NetKind::Conv => whole(4, 64, 4),
            },
            Knob::Beta => real(0.0, 16.0, 0.25),
            Knob::KlWarmup | Knob::Warmup => whole(0, 5_000, 50),
            Knob::Dropout => real(0.0, 0.8, 0.05),
            Knob::Loss => Range::Choice(&["non-saturating", "hinge"]),
            Knob::LabelSmoothing => real(0.0, 0.4, 0.05),
            Knob::DiffShift | Knob::Shift => whole(0, 6, 1),
            Knob::DiffCutout | Knob::Cutout => whole(0, 14, 1),
            Knob::DiffBrightness => real(0.0, 0.5, 0.05),
            Knob::DiscriminatorRate => real(0.1, 8.0, 0.1),
            Knob::Ema => real(0.0, 0.9999, 0.001),
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

    /// How it is set; `None` where this recipe has no such knob.
    pub fn read(self, recipe: &RunRecipe) -> Option<Value> {
        let whole = |value: usize| Some(Value::Whole(value as u64));
        let real = |value: f32| Some(Value::Real(value));
        let optimizer = &recipe.optimizer;
        match self {
            Knob::Latent => whole(recipe.model.latent()),
            Knob::Conditional => Some(Value::Switch(recipe.model.classes() > 0)),
            Knob::Width => whole(match &recipe.model {
                ModelConfig::Vae(vae) => vae.width,
                ModelConfig::Gan(gan) => gan.width,
            }),
            Knob::Dropout => real(match &recipe.model {
                ModelConfig::Vae(vae) => vae.dropout,
                ModelConfig::Gan(gan) => gan.dropout,
            }),
            Knob::Beta => real(vae(recipe)?.beta),
            Knob::KlWarmup => whole(vae(recipe)?.kl_warmup),
            Knob::Loss => Some(Value::Choice(match gan(recipe)?.loss {
                GanLoss::NonSaturating => "non-saturating",
                GanLoss::Hinge => "hinge",
            })),
            Knob::SpectralNorm => Some(Value::Switch(gan(recipe)?.spectral_norm)),
            // The hinge loss has no targets to smooth.
            Knob::LabelSmoothing => match gan(recipe)?.loss {
                GanLoss::NonSaturating => real(gan(recipe)?.label_smoothing),
                GanLoss::Hinge => None,
            },
            Knob::DiffShift => whole(gan(recipe)?.diff_augment.shift),
            Knob::DiffCutout => whole(gan(recipe)?.diff_augment.cutout),
            Knob::DiffBrightness => real(gan(recipe)?.diff_augment.brightness),
            Knob::DiscriminatorRate => real(gan(recipe)?.d_rate),
            Knob::Ema => real(recipe.ema),
            Knob::Batch => whole(recipe.batch),
            Knob::MicroBatch => whole(recipe.micro_batch),
            Knob::Epochs => whole(recipe.epochs),
            Knob::Seed => Some(Value::Whole(recipe.seed)),
            Knob::Rule => Some(Value::Choice(match optimizer.kind {
                OptimizerKind::Adam { .. } => "adam",
                OptimizerKind::AdamW { .. } => "adamw",
                OptimizerKind::Sgd { .. } => "sgd",
            })),
            Knob::LearningRate => real(optimizer.learning_rate),
            Knob::Beta1 => real(betas(optimizer.kind)?.0),
            Knob::Beta2 => real(betas(optimizer.kind)?.1),
            Knob::WeightDecay => match optimizer.kind {
                OptimizerKind::AdamW { weight_decay, .. } => real(weight_decay),
                _ => None,
            },
            Knob::Momentum => match optimizer.kind {
                OptimizerKind::Sgd { momentum } => real(momentum),
                _ => None,
            },
            Knob::Schedule => Some(Value::Choice(match optimizer.schedule {
                Schedule::Constant => "constant",
                Schedule::Cosine { .. } => "cosine",
                Schedule::Step { .. } => "step",
            })),
            Knob::Floor => match optimizer.schedule {
                Schedule::Cosine { floor } => real(floor),
                _ => None,
            },
            Knob::Every => match optimizer.schedule {
                Schedule::Step { every, .. } => whole(every),
                _ => None,
            },
            Knob::Factor => match optimizer.schedule {
                Schedule::Step { factor, .. } => real(factor),
                _ => None,
            },
            Knob::Warmup => whole(optimizer.warmup),
            Knob::ClipNorm => real(optimizer.clip_norm.unwrap_or(0.0)),
            Knob::Shift => whole(recipe.augment.shift),
            Knob::Flip => (0..recipe.data.classes() as u8)
                .any(|class| recipe.data.may_flip(class))
                .then_some(Value::Switch(recipe.augment.flip)),
            Knob::Cutout => whole(recipe.augment.cutout),
            // A GAN has no validation loss to stop by.
            Knob::Patience => {
                vae(recipe)?;
                whole(recipe.early_stopping.map_or(0, |stop| stop.patience))
            }
            Knob::MinDelta => real(recipe.early_stopping?.min_delta),
        }
    }

    /// Sets it. A value of the wrong kind, or a knob that this recipe has not,
    /// changes nothing.
    pub fn write(self, recipe: &mut RunRecipe, value: Value) {
        match value {
            Value::Whole(value) => self.write_whole(recipe, value),
            Value::Real(value) => self.write_real(recipe, value),
            Value::Choice(word) => self.write_choice(recipe, word),
            Value::Switch(on) => self.write_switch(recipe, on),
        }
    }

    fn write_whole(self, recipe: &mut RunRecipe, value: u64) {
        let size = value as usize;
        match (self, &mut recipe.model) {
            (Knob::Latent, ModelConfig::Vae(vae)) => vae.latent = size,
            (Knob::Latent, ModelConfig::Gan(gan)) => gan.latent = size,
            (Knob::Width, ModelConfig::Vae(vae)) => vae.width = size,
            (Knob::Width, ModelConfig::Gan(gan)) => gan.width = size,
            (Knob::KlWarmup, ModelConfig::Vae(vae)) => vae.kl_warmup = size,
            (Knob::DiffShift, ModelConfig::Gan(gan)) => gan.diff_augment.shift = size,
            (Knob::DiffCutout, ModelConfig::Gan(gan)) => gan.diff_augment.cutout = size,
            (Knob::Batch, _) => {
                recipe.batch = size;
                recipe.micro_batch = divisor(size, recipe.micro_batch);
            }
            (Knob::MicroBatch, _) => recipe.micro_batch = divisor(recipe.batch, size),
            (Knob::Epochs, _) => recipe.epochs = size,
            (Knob::Seed, _) => recipe.seed = value,
            (Knob::Warmup, _) => recipe.optimizer.warmup = size,
            (Knob::Every, _) => {
                if let Schedule::Step { every, .. } = &mut recipe.optimizer.schedule {
                    *every = size;
                }
            }
            (Knob::Shift, _) => recipe.augment.shift = size,
            (Knob::Cutout, _) => recipe.augment.cutout = size,
            (Knob::Patience, ModelConfig::Vae(_)) => {
                recipe.early_stopping = (size > 0).then(|| EarlyStopping {
                    patience: size,
                    min_delta: recipe
                        .early_stopping
                        .map_or(MIN_DELTA, |stop| stop.min_delta),
                });
            }
            _ => {}
        }
    }

    fn write_real(self, recipe: &mut RunRecipe, value: f32) {
        match (self, &mut recipe.model) {
            (Knob::Beta, ModelConfig::Vae(vae)) => vae.beta = value,
            (Knob::Dropout, ModelConfig::Vae(vae)) => vae.dropout = value,
            (Knob::Dropout, ModelConfig::Gan(gan)) => gan.dropout = value,
            (Knob::LabelSmoothing, ModelConfig::Gan(gan)) => gan.label_smoothing = value,
            (Knob::DiffBrightness, ModelConfig::Gan(gan)) => gan.diff_augment.brightness = value,
            (Knob::DiscriminatorRate, ModelConfig::Gan(gan)) => gan.d_rate = value,
            (Knob::Ema, _) => recipe.ema = value,
            (Knob::LearningRate, _) => recipe.optimizer.learning_rate = value,
            (Knob::Beta1, _) => match &mut recipe.optimizer.kind {
                OptimizerKind::Adam { beta1, .. } | OptimizerKind::AdamW { beta1, .. } => {
                    *beta1 = value;
                }
                OptimizerKind::Sgd { .. } => {}
            },
            (Knob::Beta2, _) => match &mut recipe.optimizer.kind {
                OptimizerKind::Adam { beta2, .. } | OptimizerKind::AdamW { beta2, .. } => {
                    *beta2 = value;
                }
                OptimizerKind::Sgd { .. } => {}
            },
            (Knob::WeightDecay, _) => {
                if let OptimizerKind::AdamW { weight_decay, .. } = &mut recipe.optimizer.kind {
                    *weight_decay = value;
                }
            }
            (Knob::Momentum, _) => {
                if let OptimizerKind::Sgd { momentum } = &mut recipe.optimizer.kind {
                    *momentum = value;
                }
            }
            (Knob::Floor, _) => {
                if let Schedule::Cosine { floor } = &mut recipe.optimizer.schedule {
                    *floor = value;
                }
            }
            (Knob::Factor, _) => {
                if let Schedule::Step { factor, .. } = &mut recipe.optimizer.schedule {
                    *factor = value;
                }
            }
            (Knob::ClipNorm, _) => {
                recipe.optimizer.clip_norm = (value > 0.0).then_some(value);
            }
            (Knob::MinDelta, _) => {
                if let Some(stop) = &mut recipe.early_stopping {
                    stop.min_delta = value;
                }
            }
            _ => {}
        }
    }

    fn write_choice(self, recipe: &mut RunRecipe, word: &str) {
        let (beta1, beta2) = betas(recipe.optimizer.kind).unwrap_or(ADAM);
        match (self, word) {
            (Knob::Loss, _) => {
                if let ModelConfig::Gan(gan) = &mut recipe.model {
                    gan.loss = match word {
                        "hinge" => GanLoss::Hinge,
                        _ => GanLoss::NonSaturating,
                    };
                    if gan.loss == GanLoss::Hinge {
                        gan.label_smoothing = 0.0;
                    }
                }
            }
            (Knob::Rule, "adam") => recipe.optimizer.kind = OptimizerKind::Adam { beta1, beta2 },
            (Knob::Rule, "adamw") => {
                recipe.optimizer.kind = OptimizerKind::AdamW {
                    beta1,
                    beta2,
                    weight_decay: 0.01,
                };
            }
            (Knob::Rule, "sgd") => recipe.optimizer.kind = OptimizerKind::Sgd { momentum: 0.9 },
            (Knob::Schedule, "constant") => recipe.optimizer.schedule = Schedule::Constant,
            (Knob::Schedule, "cosine") => {
                recipe.optimizer.schedule = Schedule::Cosine { floor: 0.05 };
            }
            (Knob::Schedule, "step") => {
                recipe.optimizer.schedule = Schedule::Step {
                    every: 10,
                    factor: 0.5,
                };
            }
            _ => {}
        }
    }

    fn write_switch(self, recipe: &mut RunRecipe, on: bool) {
        let classes = if on { recipe.data.classes() } else { 0 };
        match (self, &mut recipe.model) {
            (Knob::Conditional, ModelConfig::Vae(vae)) => vae.classes = classes,
            (Knob::Conditional, ModelConfig::Gan(gan)) => gan.classes = classes,
            (Knob::SpectralNorm, ModelConfig::Gan(gan)) => gan.spectral_norm = on,
            (Knob::Flip, _) => recipe.augment.flip = on,
            _ => {}
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
    }
}

fn vae(recipe: &RunRecipe) -> Option<&VaeConfig> {
    match &recipe.model {
        ModelConfig::Vae(vae) => Some(vae),
        ModelConfig::Gan(_) => None,
    }
}

fn gan(recipe: &RunRecipe) -> Option<&GanConfig> {
    match &recipe.model {
        ModelConfig::Gan(gan) => Some(gan),
        ModelConfig::Vae(_) => None,
    }
}

fn betas(kind: OptimizerKind) -> Option<(f32, f32)> {
    match kind {
        OptimizerKind::Adam { beta1, beta2 } | OptimizerKind::AdamW { beta1, beta2, .. } => {
            Some((beta1, beta2))
        }
        OptimizerKind::Sgd { .. } => None,
    }
}

/// Slices that a step may be cut into.
const MAX_SLICES: usize = 64;

/// The smallest micro-batch that a batch may be cut into.
fn least_slice(batch: usize) -> usize {
    batch.div_ceil(MAX_SLICES).max(1)
}

/// The largest divisor of `batch` that is at most `wanted`; where that would cut
/// it too small, the smallest that does not.
fn divisor(batch: usize, wanted: usize) -> usize {
    let fits = |size: &usize| batch.is_multiple_of(*size);
    let least = least_slice(batch);
    (least..=wanted.min(batch))
        .rev()
        .find(fits)
        .or_else(|| (least..=batch).find(fits))
        .unwrap_or(batch)
}
