//! The native trainer behind the `train` binary.
//!
//! Files, command line, progress and devices are here; what a training step is
//! stands in `lampwork_models`, the same for the browser.

pub mod atomic;
pub mod overrides;
pub mod presets;
pub mod tensorboard;
