//! How the learning rate changes over a run.

use lampwork_protocol::{OptimizerConfig, Schedule};

/// Learning rate of step `step` (from 0) of `total`.
///
/// A function of the step alone, so that a resumed run goes on with it exactly.
pub fn learning_rate(config: &OptimizerConfig, step: u64, steps_per_epoch: u64, total: u64) -> f32 {
    let top = config.learning_rate;
    let warm = config.warmup as u64;
    if step < warm {
        return top * (step + 1) as f32 / warm as f32;
    }
    match config.schedule {
        Schedule::Constant => top,
        Schedule::Cosine { floor } => {
            let span = total.saturating_sub(warm).max(1);
            let done = ((step - warm) as f32 / span as f32).min(1.0);
            let height = (1.0 + (std::f32::consts::PI * done).cos()) / 2.0;
            top * (floor + (1.0 - floor) * height)
        }
        Schedule::Step { every, factor } => {
            let epoch = step / steps_per_epoch.max(1);
            top * factor.powi((epoch / (every as u64).max(1)) as i32)
        }
    }
}
