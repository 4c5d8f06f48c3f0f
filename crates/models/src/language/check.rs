//! Which nets that write can be built, and which changes leave one as it is.

use lampwork_protocol::{LstmConfig, ModelConfig, TextVaeConfig, TransformerConfig};

use crate::ModelError;
use crate::run::{between, within};

/// Checks that a net of `config` can be built.
pub(crate) fn check_model(config: &ModelConfig) -> Result<(), ModelError> {
    type Limits = TransformerConfig;
    within("vocabulary", config.vocabulary(), 2, Limits::MAX_VOCABULARY)?;
    within("context", config.context(), 2, Limits::MAX_CONTEXT)?;
    match config {
        ModelConfig::Transformer(TransformerConfig {
            layers,
            width,
            heads,
            hidden,
            dropout,
            ..
        }) => {
            within("layers", *layers, 1, Limits::MAX_LAYERS)?;
            within("width", *width, 2, Limits::MAX_WIDTH)?;
            within("hidden", *hidden, 1, Limits::MAX_HIDDEN)?;
            within("heads", *heads, 1, *width)?;
            if !width.is_multiple_of(2 * heads) {
                return Err(ModelError::Knob {
                    knob: "heads",
                    reason: format!("a width of {width} has no {heads} even parts"),
                });
            }
            between("dropout", *dropout, 0.0, 0.95)
        }
        ModelConfig::Lstm(LstmConfig {
            layers,
            width,
            dropout,
            ..
        }) => {
            within("layers", *layers, 1, Limits::MAX_LAYERS)?;
            within("width", *width, 1, Limits::MAX_WIDTH)?;
            between("dropout", *dropout, 0.0, 0.95)
        }
        ModelConfig::TextVae(TextVaeConfig {
            width,
            latent,
            beta,
            word_dropout,
            free_nats,
            ..
        }) => {
            within("width", *width, 1, Limits::MAX_WIDTH)?;
            within("latent", *latent, 1, 256)?;
            between("beta", *beta, 0.0, 100.0)?;
            between("word_dropout", *word_dropout, 0.0, 1.0)?;
            between("free_nats", *free_nats, 0.0, 10.0)
        }
        ModelConfig::Vae(_)
        | ModelConfig::Gan(_)
        | ModelConfig::Flow(_)
        | ModelConfig::Translate(_)
        | ModelConfig::Style(_)
        | ModelConfig::Domains(_) => Ok(()),
    }
}

/// Checks that going from `old` to `new` leaves the net as it is.
pub(crate) fn check_change(old: &ModelConfig, new: &ModelConfig) -> Result<(), ModelError> {
    let same = |knob, same: bool| {
        if same {
            Ok(())
        } else {
            Err(ModelError::NeedsReset { knob })
        }
    };
    same("vocabulary", old.vocabulary() == new.vocabulary())?;
    same("context", old.context() == new.context())?;
    match (old, new) {
        (ModelConfig::Transformer(old), ModelConfig::Transformer(new)) => {
            same("layers", old.layers == new.layers)?;
            same("width", old.width == new.width)?;
            same("heads", old.heads == new.heads)?;
            same("hidden", old.hidden == new.hidden)?;
            // Part of the net's own description.
            same("dropout", old.dropout == new.dropout)
        }
        (ModelConfig::Lstm(old), ModelConfig::Lstm(new)) => {
            same("layers", old.layers == new.layers)?;
            same("width", old.width == new.width)?;
            same("dropout", old.dropout == new.dropout)
        }
        (ModelConfig::TextVae(old), ModelConfig::TextVae(new)) => {
            same("width", old.width == new.width)?;
            same("latent", old.latent == new.latent)
        }
        _ => same("family", false),
    }
}
