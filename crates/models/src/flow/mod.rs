//! Rectified flow, also called conditional flow matching.
//!
//! A net learns a velocity: which way a mixture of noise and picture moves when
//! its share of picture grows. Mixtures lie on straight lines, `(1 - t) noise +
//! t picture`, so the velocity of one is `picture - noise`, and the net learns
//! the mean over all that pass. A picture is made by following the velocity from
//! noise at `t = 0` to `t = 1`.
//!
//! Liu, Gong and Liu, "Flow Straight and Fast", arXiv 2209.03003; Lipman and
//! others, "Flow Matching for Generative Modeling", arXiv 2210.02747. Guidance
//! by a net that sometimes learns without the class: Ho and Salimans, "Classifier-
//! Free Diffusion Guidance", arXiv 2207.12598. Leaps, by which few steps do: Frans,
//! Hafner, Levine and Abbeel, "One Step Diffusion via Shortcut Models", arXiv
//! 2410.12557; Meng and others, "On Distillation of Guided Diffusion Models", arXiv
//! 2210.03142.

mod begun;
mod leaps;
mod net;
mod sample;
mod told;
mod train;

pub use begun::Begun;
pub use leaps::{Guide, leap_loss};
pub use net::{FlowNet, LEAPS};
pub use sample::Path;
pub use told::Told;
pub use train::{loss, times};
