//! When a GAN's mode collapse is spoken of.

pub use lampwork_metrics::spread;

/// Below this share of the real data's spread a run says that it collapses.
pub const COLLAPSE: f64 = 0.5;
