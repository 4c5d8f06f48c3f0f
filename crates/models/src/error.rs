//! What can go wrong with a model.

use lampwork_protocol::Failure;
use lampwork_weights::WeightsError;

/// What can go wrong with a model.
#[derive(Debug, thiserror::Error)]
pub enum ModelError {
    /// A knob of a recipe is out of range.
    #[error("{knob} is out of range: {reason}")]
    Knob {
        /// Which one.
        knob: &'static str,
        /// What would do.
        reason: String,
    },
    /// A change of knobs alters the net's shape.
    #[error("changing {knob} alters the net")]
    NeedsReset {
        /// Which one.
        knob: &'static str,
    },
    /// A latent does not fit the model.
    #[error("the latent does not fit this model: {0}")]
    Latent(String),
    /// No word of what is said is known.
    #[error("no word of \"{0}\" is known")]
    Words(String),
    /// It was to make pictures, and is a net that writes.
    #[error("this model writes text and makes no pictures")]
    Writes,
    /// It was to write, and is a net that makes pictures.
    #[error("this model makes pictures and writes no text")]
    Draws,
    /// Tokens do not fit the model.
    #[error("the text does not fit this model: {0}")]
    Text(String),
    /// The model has no encoder.
    #[error("a {0} cannot find the latent point of a picture")]
    NoEncoder(&'static str),
    /// The weights do not fit.
    #[error(transparent)]
    Weights(#[from] WeightsError),
    /// The device failed.
    #[error("the device failed: {0}")]
    Device(String),
}

impl From<burn::tensor::ExecutionError> for ModelError {
    fn from(error: burn::tensor::ExecutionError) -> Self {
        ModelError::Device(format!("{error:?}"))
    }
}

impl From<ModelError> for Failure {
    fn from(error: ModelError) -> Self {
        match error {
            ModelError::Knob { knob, reason } => Failure::BadKnob {
                knob: knob.to_owned(),
                reason,
            },
            ModelError::NeedsReset { knob } => Failure::NeedsReset {
                knob: knob.to_owned(),
            },
            ModelError::Latent(reason) => Failure::BadRecipe { reason },
            ModelError::Words(words) => Failure::UnknownWords { words },
            ModelError::Text(reason) => Failure::BadRecipe { reason },
            ModelError::Writes => Failure::CannotDo {
                model: "a net that writes".to_owned(),
                reason: "it makes no pictures".to_owned(),
            },
            ModelError::Draws => Failure::CannotDo {
                model: "a net that makes pictures".to_owned(),
                reason: "it writes no text".to_owned(),
            },
            ModelError::NoEncoder(family) => Failure::CannotDo {
                model: family.to_owned(),
                reason: "it has no encoder".to_owned(),
            },
            ModelError::Weights(error) => error.into(),
            ModelError::Device(reason) if is_memory(&reason) => Failure::OutOfMemory,
            ModelError::Device(reason) => Failure::Internal { reason },
        }
    }
}

/// Whether a device's words tell of too little memory.
fn is_memory(reason: &str) -> bool {
    let reason = reason.to_lowercase();
    reason.contains("memory") || reason.contains("alloc")
}
