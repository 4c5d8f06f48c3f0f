//! How each knob is read from a recipe, and written to it.

use lampwork_protocol::{
    EarlyStopping, FlowConfig, GanConfig, GanLoss, Modality, ModelConfig, OptimizerKind, RunRecipe,
    Schedule, TextVaeConfig, Times, TransformerConfig, VaeConfig,
};

use super::knobs::{Knob, Value, least_slice};

/// Adam's usual decays, for a change of rule.
const ADAM: (f32, f32) = (0.9, 0.999);

/// What counts as progress where early stopping is switched on.
const MIN_DELTA: f32 = 0.1;

impl Knob {
    /// How it is set; `None` where this recipe has no such knob.
    pub fn read(self, recipe: &RunRecipe) -> Option<Value> {
        let whole = |value: usize| Some(Value::Whole(value as u64));
        let real = |value: f32| Some(Value::Real(value));
        let optimizer = &recipe.optimizer;
        match self {
            Knob::Latent => match &recipe.model {
                // The noise is of the size of a picture.
                ModelConfig::Flow(_)
                | ModelConfig::Translate(_)
                | ModelConfig::Domains(_)
                | ModelConfig::Transformer(_)
                | ModelConfig::Lstm(_) => None,
                model => whole(model.latent()),
            },
            Knob::Conditional => {
                pictures(recipe).then_some(Value::Switch(recipe.model.classes() > 0))
            }
            Knob::Layers => whole(match &recipe.model {
                ModelConfig::Transformer(net) => net.layers,
                ModelConfig::Lstm(net) => net.layers,
                _ => return None,
            }),
            Knob::Heads => whole(transformer(recipe)?.heads),
            Knob::Hidden => whole(transformer(recipe)?.hidden),
            Knob::Context => match recipe.model.context() {
                0 => None,
                context => whole(context),
            },
            Knob::WordDropout => real(text_vae(recipe)?.word_dropout),
            Knob::FreeNats => real(text_vae(recipe)?.free_nats),
            Knob::Width => whole(match &recipe.model {
                ModelConfig::Vae(vae) => vae.width,
                ModelConfig::Gan(gan) => gan.width,
                ModelConfig::Flow(flow) => flow.width,
                ModelConfig::Translate(net) => net.width,
                ModelConfig::Style(net) => net.width,
                ModelConfig::Domains(nets) => nets.width,
                ModelConfig::Transformer(net) => net.width,
                ModelConfig::Lstm(net) => net.width,
                ModelConfig::TextVae(net) => net.width,
            }),
            Knob::Dropout => real(match &recipe.model {
                ModelConfig::Vae(vae) => vae.dropout,
                ModelConfig::Gan(gan) => gan.dropout,
                ModelConfig::Transformer(net) => net.dropout,
                ModelConfig::Lstm(net) => net.dropout,
                _ => return None,
            }),
            Knob::Beta => real(match &recipe.model {
                ModelConfig::Vae(vae) => vae.beta,
                ModelConfig::TextVae(vae) => vae.beta,
                _ => return None,
            }),
            Knob::KlWarmup => whole(match &recipe.model {
                ModelConfig::Vae(vae) => vae.kl_warmup,
                ModelConfig::TextVae(vae) => vae.kl_warmup,
                _ => return None,
            }),
            // Without classes there is one prior.
            Knob::ClassPrior => match vae(recipe)? {
                vae if vae.classes > 0 => Some(Value::Switch(vae.class_prior)),
                _ => None,
            },
            Knob::Couplings => match vae(recipe)? {
                vae if vae.classes > 0 && vae.class_prior => whole(vae.couplings),
                _ => None,
            },
            Knob::ClassDropout => match flow(recipe)? {
                flow if flow.classes > 0 || flow.words > 0 => real(flow.class_dropout),
                _ => None,
            },
            Knob::Times => Some(Value::Choice(match flow(recipe)?.times {
                Times::Uniform => "uniform",
                Times::LogitNormal => "logit-normal",
            })),
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
            // What is done to a picture means nothing to a text.
            Knob::Shift | Knob::Cutout if !pictures(recipe) => None,
            Knob::Shift => whole(recipe.augment.shift),
            Knob::Flip => (0..recipe.data.classes() as u8)
                .any(|class| recipe.data.may_flip(class))
                .then_some(Value::Switch(recipe.augment.flip)),
            Knob::Cutout => whole(recipe.augment.cutout),
            // A GAN has no validation loss to stop by.
            Knob::Patience => {
                if gan(recipe).is_some() {
                    return None;
                }
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
            (Knob::Width, ModelConfig::Flow(flow)) => flow.width = size,
            (Knob::Width, ModelConfig::Translate(net)) => net.width = size,
            (Knob::Width, ModelConfig::Style(net)) => net.width = size,
            (Knob::Latent, ModelConfig::TextVae(vae)) => vae.latent = size,
            (Knob::Width, ModelConfig::Transformer(net)) => net.width = size,
            (Knob::Width, ModelConfig::Lstm(net)) => net.width = size,
            (Knob::Width, ModelConfig::TextVae(net)) => net.width = size,
            (Knob::Layers, ModelConfig::Transformer(net)) => net.layers = size,
            (Knob::Layers, ModelConfig::Lstm(net)) => net.layers = size,
            // Any other number would not divide the width.
            (Knob::Heads, ModelConfig::Transformer(net)) => net.heads = size.next_power_of_two(),
            (Knob::Hidden, ModelConfig::Transformer(net)) => net.hidden = size,
            (Knob::Context, ModelConfig::Transformer(net)) => net.context = size,
            (Knob::Context, ModelConfig::Lstm(net)) => net.context = size,
            (Knob::Context, ModelConfig::TextVae(net)) => net.context = size,
            (Knob::KlWarmup, ModelConfig::TextVae(vae)) => vae.kl_warmup = size,
            (Knob::KlWarmup, ModelConfig::Vae(vae)) => vae.kl_warmup = size,
            (Knob::Couplings, ModelConfig::Vae(vae)) => vae.couplings = size,
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
            (Knob::Patience, ModelConfig::Gan(_)) => {}
            (Knob::Patience, model) => {
                // A nat of a token is far more than one of a picture.
                let usual = match model.modality() {
                    Modality::Pictures => MIN_DELTA,
                    Modality::Text => 0.0,
                };
                recipe.early_stopping = (size > 0).then(|| EarlyStopping {
                    patience: size,
                    min_delta: recipe.early_stopping.map_or(usual, |stop| stop.min_delta),
                });
            }
            _ => {}
        }
    }

    fn write_real(self, recipe: &mut RunRecipe, value: f32) {
        match (self, &mut recipe.model) {
            (Knob::Beta, ModelConfig::TextVae(vae)) => vae.beta = value,
            (Knob::WordDropout, ModelConfig::TextVae(vae)) => vae.word_dropout = value,
            (Knob::FreeNats, ModelConfig::TextVae(vae)) => vae.free_nats = value,
            (Knob::Dropout, ModelConfig::Transformer(net)) => net.dropout = value,
            (Knob::Dropout, ModelConfig::Lstm(net)) => net.dropout = value,
            (Knob::Beta, ModelConfig::Vae(vae)) => vae.beta = value,
            (Knob::Dropout, ModelConfig::Vae(vae)) => vae.dropout = value,
            (Knob::Dropout, ModelConfig::Gan(gan)) => gan.dropout = value,
            (Knob::ClassDropout, ModelConfig::Flow(flow)) => flow.class_dropout = value,
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
            (Knob::Times, _) => {
                if let ModelConfig::Flow(flow) = &mut recipe.model {
                    flow.times = match word {
                        "logit-normal" => Times::LogitNormal,
                        _ => Times::Uniform,
                    };
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
            (Knob::Conditional, ModelConfig::Flow(flow)) => flow.classes = classes,
            (Knob::ClassPrior, ModelConfig::Vae(vae)) => vae.class_prior = on,
            (Knob::SpectralNorm, ModelConfig::Gan(gan)) => gan.spectral_norm = on,
            (Knob::Flip, _) => recipe.augment.flip = on,
            _ => {}
        }
    }
}

fn pictures(recipe: &RunRecipe) -> bool {
    recipe.model.modality() == Modality::Pictures
}

fn transformer(recipe: &RunRecipe) -> Option<&TransformerConfig> {
    match &recipe.model {
        ModelConfig::Transformer(net) => Some(net),
        _ => None,
    }
}

fn text_vae(recipe: &RunRecipe) -> Option<&TextVaeConfig> {
    match &recipe.model {
        ModelConfig::TextVae(net) => Some(net),
        _ => None,
    }
}

fn vae(recipe: &RunRecipe) -> Option<&VaeConfig> {
    match &recipe.model {
        ModelConfig::Vae(vae) => Some(vae),
        _ => None,
    }
}

fn gan(recipe: &RunRecipe) -> Option<&GanConfig> {
    match &recipe.model {
        ModelConfig::Gan(gan) => Some(gan),
        _ => None,
    }
}

fn flow(recipe: &RunRecipe) -> Option<&FlowConfig> {
    match &recipe.model {
        ModelConfig::Flow(flow) => Some(flow),
        _ => None,
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
