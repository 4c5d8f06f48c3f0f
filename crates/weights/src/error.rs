//! What can be wrong with weights.

use lampwork_protocol::Failure;

/// What is wrong with weights, in words that say what to change.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum WeightsError {
    /// More bytes than are taken.
    #[error("the file is {bytes} bytes, and at most {limit} are taken")]
    TooLarge {
        /// Its size.
        bytes: u64,
        /// What is taken.
        limit: u64,
    },
    /// It is not a safetensors file, or is cut short.
    #[error("this is not a whole safetensors file: {reason}")]
    NotSafetensors {
        /// Where reading stopped, and why.
        reason: String,
    },
    /// More tensors than are taken.
    #[error("there are {count} tensors, and at most {limit} are taken")]
    TooManyTensors {
        /// How many there are.
        count: usize,
        /// How many are taken.
        limit: usize,
    },
    /// A tensor is not as it should be.
    #[error("the tensor {name:?} {reason}")]
    BadTensor {
        /// Its name, shortened if long.
        name: String,
        /// What is wrong, as the rest of a sentence.
        reason: String,
    },
    /// A tensor that the net has is not there.
    #[error("the net's {name:?} is missing{}", and_more(*others))]
    Missing {
        /// The first that is missing.
        name: String,
        /// How many more are.
        others: usize,
    },
    /// A tensor is there that the net has not.
    #[error("the net has no {name:?}{}", and_more(*others))]
    Unknown {
        /// The first that is too many.
        name: String,
        /// How many more are.
        others: usize,
    },
    /// A tensor has another shape than the net's.
    #[error("{name:?} has the shape {found:?}, and the net's is {wanted:?}")]
    WrongShape {
        /// Its name.
        name: String,
        /// Shape of the net's parameter.
        wanted: Vec<usize>,
        /// Shape of the tensor.
        found: Vec<usize>,
    },
    /// The file has no model card.
    #[error("the file has no model card, so it does not say which net it is for")]
    NoCard,
    /// The model card is not one.
    #[error("the file's model card cannot be read: {reason}")]
    BadCard {
        /// What is wrong with it.
        reason: String,
    },
    /// The model card is of a later form.
    #[error(
        "the file's model card is of version {found}, and this Lampwork reads up to {known}: update it"
    )]
    NewerCard {
        /// Version of the card.
        found: u32,
        /// Newest version known.
        known: u32,
    },
    /// The metadata cannot be written.
    #[error("the metadata cannot be written: {reason}")]
    BadMetadata {
        /// What is wrong with it.
        reason: String,
    },
    /// The device did not give its values back.
    #[error("the device did not give the weights back: {reason}")]
    Device {
        /// The device's words.
        reason: String,
    },
}

/// ` (and 3 more)`, or nothing.
fn and_more(others: usize) -> String {
    match others {
        0 => String::new(),
        n => format!(" (and {n} more)"),
    }
}

impl WeightsError {
    /// A tensor that is not as it should be. `reason` ends the sentence "the
    /// tensor NAME ...".
    pub(crate) fn tensor(name: &str, reason: impl Into<String>) -> Self {
        WeightsError::BadTensor {
            name: shortened(name),
            reason: reason.into(),
        }
    }
}

/// A name fit to be shown: a hostile file may have names of any length.
pub(crate) fn shortened(name: &str) -> String {
    const SHOWN: usize = 64;
    if name.chars().count() <= SHOWN {
        return name.to_owned();
    }
    let start: String = name.chars().take(SHOWN - 3).collect();
    format!("{start}...")
}

impl From<WeightsError> for Failure {
    fn from(error: WeightsError) -> Self {
        match error {
            WeightsError::TooLarge { bytes, limit } => Failure::TooLarge { bytes, limit },
            WeightsError::Missing { .. }
            | WeightsError::Unknown { .. }
            | WeightsError::WrongShape { .. } => Failure::WrongNet {
                reason: error.to_string(),
            },
            WeightsError::Device { reason } => Failure::Internal { reason },
            other => Failure::BadWeights {
                reason: other.to_string(),
            },
        }
    }
}
