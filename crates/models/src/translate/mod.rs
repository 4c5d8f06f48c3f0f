//! From picture to picture.
//!
//! A fully convolutional net is shown a picture and makes another of it, of any size.
//! What it is taught by here are pairs: a picture as it was, and what became of it when
//! it was shrunk, made noisy or scratched; so it learns to enlarge, or to repair.
//!
//! Lim, Son, Kim, Nah and Lee, "Enhanced Deep Residual Networks for Single Image
//! Super-Resolution", arXiv 1707.02921: residual blocks without normalisation, and
//! pixels that are shuffled out of channels (Shi 2016, arXiv 1609.05158). Zhang, Zuo
//! and Zhang, "FFDNet", arXiv 1710.04039: pixels that are gathered into channels, so
//! that a denoising net sees far at little cost. Johnson, Alahi and Li, arXiv
//! 1603.08155, and Zhu and others, arXiv 1703.10593: halvings around the blocks,
//! reflected edges, instance normalisation (Ulyanov 2016, arXiv 1607.08022), of which
//! each style may have its own scale and shift (Dumoulin 2017, arXiv 1610.07629).
//! Isola and others, arXiv 1611.07004: learning by pairs.

mod net;
mod norm;
mod sample;
mod spoil;
mod tiles;
mod train;

pub use net::Generator;
pub use norm::InstanceNorm;
pub use sample::{Pixels, Translating};
pub use spoil::{SCRATCHES, noisy, scratched, shrunk, spoiled};
pub use train::{distance, psnr};
