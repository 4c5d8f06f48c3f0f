//! Which recipes can be built, and which changes leave the net as it is.

use lampwork_protocol::{
    DataSet, FlowConfig, GanConfig, Modality, ModelConfig, NetKind, OptimizerKind, Restyle,
    RunRecipe, Shape, TranslateConfig, VaeConfig,
};

use crate::ModelError;
use crate::language::check as language;

/// Slices that a step may be cut into: bounded by the streams of noise.
const MAX_SLICES: usize = 64;

/// Checks that a net of `config` can be built.
pub fn check_model(config: &ModelConfig) -> Result<(), ModelError> {
    if config.modality() == Modality::Text {
        return language::check_model(config);
    }
    // A flow's is the picture itself, and what translates has none.
    if !matches!(config, ModelConfig::Flow(_) | ModelConfig::Translate(_)) {
        within("latent", config.latent(), 1, 256)?;
    }
    within("classes", config.classes(), 0, 64)?;
    match config {
        ModelConfig::Vae(VaeConfig {
            net,
            width,
            beta,
            dropout,
            latent,
            couplings,
            ..
        }) => {
            check_width(*net, *width)?;
            between("beta", *beta, 0.0, 100.0)?;
            within("couplings", *couplings, 0, 32)?;
            if *couplings > 0 && *latent < 2 {
                return Err(ModelError::Knob {
                    knob: "couplings",
                    reason: "they need a latent space of at least 2".to_owned(),
                });
            }
            between("dropout", *dropout, 0.0, 0.95)
        }
        ModelConfig::Flow(FlowConfig {
            width,
            blocks,
            class_dropout,
            words,
            shortcut,
            ..
        }) => {
            if let Some(guidance) = shortcut {
                between("shortcut", *guidance, 0.0, 20.0)?;
            }
            within("width", *width, 1, 256)?;
            within("blocks", *blocks, 0, 16)?;
            within("words", *words, 0, 1024)?;
            between("class_dropout", *class_dropout, 0.0, 1.0)
        }
        ModelConfig::Gan(GanConfig {
            net,
            width,
            label_smoothing,
            dropout,
            d_rate,
            diff_augment,
            ..
        }) => {
            check_width(*net, *width)?;
            between("label_smoothing", *label_smoothing, 0.0, 0.5)?;
            between("dropout", *dropout, 0.0, 0.95)?;
            between("d_rate", *d_rate, 0.0, 100.0)?;
            within("diff_augment.shift", diff_augment.shift, 0, 14)?;
            within("diff_augment.cutout", diff_augment.cutout, 0, 28)?;
            between("diff_augment.brightness", diff_augment.brightness, 0.0, 1.0)
        }
        ModelConfig::Translate(config) => check_translate(config),
        ModelConfig::Transformer(_) | ModelConfig::Lstm(_) | ModelConfig::TextVae(_) => Ok(()),
    }
}

fn check_translate(config: &TranslateConfig) -> Result<(), ModelError> {
    let wrong = |knob, reason: String| Err(ModelError::Knob { knob, reason });
    let TranslateConfig {
        width,
        halvings,
        kernel,
        ..
    } = *config;
    within("width", width, 1, 256)?;
    within("blocks", config.blocks, 0, 32)?;
    within("gather", config.gather, 1, 8)?;
    within("halvings", halvings, 0, 4)?;
    within("kernel", kernel, 1, 15)?;
    within("styles", config.styles, 0, 256)?;
    within("spoil.shrink", config.spoil.shrink, 1, 8)?;
    between("spoil.noise", config.spoil.noise, 0.0, 1.0)?;
    between("spoil.scratches", config.spoil.scratches, 0.0, 1.0)?;
    within("piece", config.piece, 0, 512)?;
    if kernel.is_multiple_of(2) {
        return wrong("kernel", format!("it is {kernel} and must be odd"));
    }
    if !width.is_multiple_of(1 << halvings) {
        let reason = format!("it must be halved {halvings} times");
        return wrong("width", reason);
    }
    if let Some(restyle) = &config.restyle {
        check_restyle(config, restyle)?;
    }
    let sides = match config.sources.is_empty() && config.restyle.is_none() {
        true => config.shape().side,
        false => config.piece,
    };
    let multiple = config.cell() * config.factor();
    if sides == 0 || !sides.is_multiple_of(multiple) {
        let reason = format!("pictures of {sides} pixels a side are no multiple of {multiple}");
        return wrong("piece", reason);
    }
    if config.sources.len() > 16 {
        return wrong("sources", "there are more than 16".to_owned());
    }
    for source in &config.sources {
        if source.data.shape().channels != config.shape().channels {
            let reason = format!("{} is of other colours", source.data.name());
            return wrong("sources", reason);
        }
        if source.side > 512 || source.side == 0 || !source.side.is_multiple_of(sides) {
            let reason = format!(
                "pictures of {} pixels a side cannot be cut into pieces of {sides}",
                source.side
            );
            return wrong("piece", reason);
        }
    }
    Ok(())
}

/// Photographs teach styles and nothing else, and styles are learned natively alone.
fn check_taught(recipe: &RunRecipe) -> Result<(), ModelError> {
    let restyles = matches!(&recipe.model, ModelConfig::Translate(c) if c.restyle.is_some());
    let reason = if restyles && !cfg!(feature = "perceptual") {
        "styles are learned by the native trainer alone: `train run restyle`"
    } else if restyles && recipe.data != DataSet::Photos {
        "styles are learned on photographs: `data` is photos"
    } else if !restyles && recipe.data == DataSet::Photos {
        "photographs teach nets that restyle, and no others"
    } else {
        return Ok(());
    };
    Err(ModelError::Knob {
        knob: "data",
        reason: reason.to_owned(),
    })
}

/// Most styles of a net, and most characters of a style's name.
const MOST_STYLES: usize = 64;
const MOST_NAME: usize = 40;

fn check_restyle(config: &TranslateConfig, restyle: &Restyle) -> Result<(), ModelError> {
    let wrong = |knob, reason: String| Err(ModelError::Knob { knob, reason });
    let names = &restyle.names;
    within("restyle.names", names.len(), 1, MOST_STYLES)?;
    if names.len() != config.styles {
        let reason = format!(
            "there are {} names of {} styles",
            names.len(),
            config.styles
        );
        return wrong("restyle.names", reason);
    }
    if let Some(name) = names
        .iter()
        .find(|name| name.is_empty() || name.len() > MOST_NAME)
    {
        return wrong("restyle.names", format!("{name:?} is no name"));
    }
    if !config.colour {
        return wrong("colour", "photographs are in colour".to_owned());
    }
    let side = restyle.side;
    // VGG16 halves what it sees three times.
    if !side.is_multiple_of(config.cell().max(8)) || !(32..=config.piece).contains(&side) {
        let reason = format!("squares of {side} pixels cannot be cut of {}", config.piece);
        return wrong("restyle.side", reason);
    }
    between("restyle.content", restyle.content, 0.0, 1e6)?;
    between("restyle.style", restyle.style, 0.0, 1e6)?;
    between("restyle.variation", restyle.variation, 0.0, 1e6)?;
    between("restyle.blends", restyle.blends, 0.0, 1.0)
}

fn check_width(net: NetKind, width: usize) -> Result<(), ModelError> {
    match net {
        NetKind::Mlp => within("width", width, 1, 4096),
        NetKind::Conv => within("width", width, 1, 256),
    }
}

/// Checks that a run of `recipe` can be set up.
pub fn check_recipe(recipe: &RunRecipe) -> Result<(), ModelError> {
    check_model(&recipe.model)?;
    if recipe.model.shape() != recipe.data.shape() {
        let what = |shape: Shape| match shape {
            Shape::COLOUR => "colour pictures",
            Shape::NONE => "text",
            _ => "grey pictures",
        };
        return Err(ModelError::Knob {
            knob: "data",
            reason: format!(
                "{} holds {} and the model makes {}",
                recipe.data.name(),
                what(recipe.data.shape()),
                what(recipe.model.shape())
            ),
        });
    }
    check_taught(recipe)?;
    if recipe.model.words() > 0 && !recipe.data.captioned() {
        return Err(ModelError::Knob {
            knob: "words",
            reason: format!("{} has no captions to learn words from", recipe.data.name()),
        });
    }
    let classes = recipe.model.classes();
    if classes > 0 && classes < recipe.data.classes() {
        return Err(ModelError::Knob {
            knob: "classes",
            reason: format!(
                "the model has {classes} and {} has {}",
                recipe.data.name(),
                recipe.data.classes()
            ),
        });
    }
    within("batch", recipe.batch, 1, 4096)?;
    within("micro_batch", recipe.micro_batch, 1, recipe.batch)?;
    if !recipe.batch.is_multiple_of(recipe.micro_batch)
        || recipe.batch / recipe.micro_batch > MAX_SLICES
    {
        return Err(ModelError::Knob {
            knob: "micro_batch",
            reason: format!(
                "it must divide the batch of {} into at most {MAX_SLICES} slices",
                recipe.batch
            ),
        });
    }
    within("epochs", recipe.epochs, 1, 100_000)?;
    between("ema", recipe.ema, 0.0, 0.99999)?;
    let optimizer = &recipe.optimizer;
    between("learning_rate", optimizer.learning_rate, 0.0, 10.0)?;
    if let Some(norm) = optimizer.clip_norm {
        between("clip_norm", norm, 1e-6, 1e6)?;
    }
    match optimizer.kind {
        OptimizerKind::Adam { beta1, beta2 } => betas(beta1, beta2),
        OptimizerKind::AdamW {
            beta1,
            beta2,
            weight_decay,
        } => {
            betas(beta1, beta2)?;
            between("weight_decay", weight_decay, 0.0, 10.0)
        }
        OptimizerKind::Sgd { momentum } => between("momentum", momentum, 0.0, 0.9999),
    }
}

fn betas(beta1: f32, beta2: f32) -> Result<(), ModelError> {
    between("beta1", beta1, 0.0, 0.99999)?;
    between("beta2", beta2, 0.0, 0.999999)
}

/// Checks that going from `old` to `new` leaves the net and its data as they are.
pub fn check_change(old: &RunRecipe, new: &RunRecipe) -> Result<(), ModelError> {
    let same = |knob, same: bool| {
        if same {
            Ok(())
        } else {
            Err(ModelError::NeedsReset { knob })
        }
    };
    let family = std::mem::discriminant(&old.model) == std::mem::discriminant(&new.model);
    same("family", family)?;
    same("data", old.data == new.data)?;
    same("seed", old.seed == new.seed)?;
    same("latent", old.model.latent() == new.model.latent())?;
    same("classes", old.model.classes() == new.model.classes())?;
    match (&old.model, &new.model) {
        (ModelConfig::Vae(old), ModelConfig::Vae(new)) => {
            same("net", old.net == new.net)?;
            same("width", old.width == new.width)?;
            same("class_prior", old.class_prior == new.class_prior)?;
            same("couplings", old.couplings == new.couplings)?;
            // Part of the net's own description.
            same("dropout", old.dropout == new.dropout)
        }
        (ModelConfig::Flow(old), ModelConfig::Flow(new)) => {
            same("width", old.width == new.width)?;
            same("blocks", old.blocks == new.blocks)?;
            same("words", old.words == new.words)?;
            same("shortcut", old.shortcut.is_some() == new.shortcut.is_some())
        }
        (ModelConfig::Gan(old), ModelConfig::Gan(new)) => {
            same("net", old.net == new.net)?;
            same("width", old.width == new.width)?;
            same("spectral_norm", old.spectral_norm == new.spectral_norm)?;
            same("dropout", old.dropout == new.dropout)
        }
        (ModelConfig::Translate(old), ModelConfig::Translate(new)) => {
            // Of what it learns from, all but how it is spoiled is part of the net.
            let built = |config: &TranslateConfig| TranslateConfig {
                spoil: lampwork_protocol::Spoil {
                    shrink: config.spoil.shrink,
                    noise: 0.0,
                    scratches: 0.0,
                },
                distance: lampwork_protocol::Distance::default(),
                restyle: config.restyle.as_ref().map(|restyle| Restyle {
                    names: restyle.names.clone(),
                    side: 0,
                    content: 0.0,
                    style: 0.0,
                    variation: 0.0,
                    blends: 0.0,
                }),
                ..config.clone()
            };
            same("model", built(old) == built(new))
        }
        _ => language::check_change(&old.model, &new.model),
    }
}

pub(crate) fn within(
    knob: &'static str,
    value: usize,
    low: usize,
    high: usize,
) -> Result<(), ModelError> {
    if (low..=high).contains(&value) {
        return Ok(());
    }
    Err(ModelError::Knob {
        knob,
        reason: format!("it is {value} and must be from {low} to {high}"),
    })
}

pub(crate) fn between(
    knob: &'static str,
    value: f32,
    low: f32,
    high: f32,
) -> Result<(), ModelError> {
    if (low..=high).contains(&value) {
        return Ok(());
    }
    Err(ModelError::Knob {
        knob,
        reason: format!("it is {value} and must be from {low} to {high}"),
    })
}
