//! What the studio of pictures and the desk of words share.
//!
//! - [`open`]: opening a device.
//! - [`selftest`]: known answers, by which a device is trusted.
//! - [`Course`]: a training run between play and its ends.
//! - [`first`], [`read`]: arrays that come with a command, tensors that are read.
//!
//! It knows no browser, no files and no threads; the clock is handed in.

mod course;
mod early;
mod file;
pub mod open;
pub mod selftest;

use burn::tensor::Tensor;
use lampwork_models::{ModelError, Update};
use lampwork_protocol::{DeviceKind, Failure, Payload};

pub use course::{Course, Losses, Stepped};

/// Milliseconds since some fixed moment.
pub type Clock = fn() -> f64;

/// How optimizers move weights on a device of this kind.
pub fn update(kind: DeviceKind) -> Update {
    match kind {
        // On the CPU, tensors live in the memory that we run in.
        DeviceKind::Cpu => Update::Host,
        DeviceKind::WebGpu => Update::Tensors,
    }
}

/// The one array that a command must come with.
///
/// # Errors
/// [`Failure::Internal`] where there is none.
pub fn first(payload: Payload, what: &str) -> Result<Vec<u8>, Failure> {
    payload.into_iter().next().ok_or_else(|| Failure::Internal {
        reason: format!("the command came without {what}"),
    })
}

/// Reads a tensor of single precision.
///
/// # Errors
/// Where the device fails.
pub async fn read<const D: usize>(tensor: Tensor<D>) -> Result<Vec<f32>, Failure> {
    let data = tensor.into_data_async().await.map_err(ModelError::from)?;
    data.try_into_vec().map_err(|error| Failure::Internal {
        reason: format!("{error:?}"),
    })
}
