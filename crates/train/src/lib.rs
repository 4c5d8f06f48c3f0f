//! The native trainer behind the `train` binary.
//!
//! Files, command line, progress and devices are here; what a training step is
//! stands in `lampwork_models`, the same for the browser.

pub mod atomic;
pub mod checkpoint;
pub mod cli;
pub mod commands;
pub mod data;
pub mod device;
pub mod directions;
pub mod domains;
pub mod eval;
pub mod folder;
pub mod journal;
pub mod judge;
pub mod make;
pub mod overrides;
pub mod presets;
pub mod progress;
pub mod publish;
pub mod reading;
pub mod recipe;
pub mod restyle;
pub mod runner;
pub mod sample;
pub mod search;
pub mod sheet;
pub mod tensorboard;
pub mod text;
pub mod translate;
pub mod words;
