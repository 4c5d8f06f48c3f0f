//! Lampwork's model crate: small generative nets on burn, and one step of their
//! training.
//!
//! A folder a family: `net.rs` is the net, `train.rs` its loss, `sample.rs`
//! the way from seed to picture; each module's text names the paper.
//! [`language`] holds the families that write. [`blocks`] holds what several families share.
//!
//! No files, threads, clocks or browser here, and no backend is named: code
//! takes a [`burn::tensor::Device`] and cannot tell WebGPU from the CPU. All
//! noise that decides a result comes from [`noise::Noise`] (ChaCha, on the CPU),
//! so that a seed means the same everywhere.

pub mod blocks;
pub mod classifier;
pub mod domains;
pub mod error;
pub mod flow;
pub mod gan;
pub mod language;
pub mod latent;
pub mod matcher;
pub mod noise;
#[cfg(feature = "perceptual")]
pub mod perceptual;
pub mod reader;
pub mod run;
pub mod sample;
pub mod style;
pub mod translate;
pub mod vae;

pub use blocks::optimizer::Update;
pub use error::ModelError;
pub use noise::Noise;
pub use run::{Advance, Batch, DomainBatch, DomainRun, Run, StepReport, TextBatch, TextRun};
pub use sample::Sampler;
