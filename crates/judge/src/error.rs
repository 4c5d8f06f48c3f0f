//! What can go wrong when a model is measured.

use lampwork_metrics::MetricsError;
use lampwork_models::ModelError;
use lampwork_protocol::Failure;
use lampwork_weights::WeightsError;

/// What can go wrong when a model is measured.
#[derive(Debug, thiserror::Error)]
pub enum JudgeError {
    /// The file of the net that measures cannot be read, or its weights do not fit.
    #[error(transparent)]
    Weights(#[from] WeightsError),
    /// The file is sound, but not of a net that measures.
    #[error("this weights file is not that of a net that measures: {0}")]
    NotAJudge(String),
    /// The device failed.
    #[error(transparent)]
    Model(#[from] ModelError),
    /// A figure cannot be taken.
    #[error(transparent)]
    Metrics(#[from] MetricsError),
}

impl From<burn::tensor::ExecutionError> for JudgeError {
    fn from(error: burn::tensor::ExecutionError) -> Self {
        JudgeError::Model(error.into())
    }
}

impl From<JudgeError> for Failure {
    fn from(error: JudgeError) -> Self {
        match error {
            JudgeError::Weights(WeightsError::Device { reason }) => Failure::Internal { reason },
            JudgeError::Weights(error) => Failure::BadJudge {
                reason: error.to_string(),
            },
            JudgeError::NotAJudge(reason) => Failure::BadJudge { reason },
            JudgeError::Model(error) => error.into(),
            // What a model makes may be no numbers, where its weights are unsound.
            JudgeError::Metrics(error) => Failure::CannotMeasure {
                reason: error.to_string(),
            },
        }
    }
}
