//! What a step measured, not read until someone looks.

use burn::tensor::Tensor;

use crate::ModelError;

/// What a step measured.
///
/// The numbers stay on the device until they are read: reading them waits for
/// the device.
#[derive(Debug, Clone)]
pub struct StepReport {
    names: &'static [&'static str],
    /// `[names]`
    values: Tensor<1>,
}

impl StepReport {
    pub(super) fn new(names: &'static [&'static str], values: Vec<Tensor<1>>) -> Self {
        Self {
            names,
            values: Tensor::cat(values, 0).inner(),
        }
    }

    /// Names of the numbers, in order.
    pub fn names(&self) -> &'static [&'static str] {
        self.names
    }

    /// Reads the numbers.
    pub async fn read(self) -> Result<Vec<(String, f32)>, ModelError> {
        let values: Vec<f32> = self
            .values
            .into_data_async()
            .await?
            .try_into_vec()
            .map_err(|e| ModelError::Device(format!("{e:?}")))?;
        Ok(self
            .names
            .iter()
            .map(|n| (*n).to_owned())
            .zip(values)
            .collect())
    }
}
