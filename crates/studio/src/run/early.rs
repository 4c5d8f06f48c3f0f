//! Early stopping (Prechelt 1998).

use lampwork_models::Run;
use lampwork_protocol::EarlyStopping;

/// The best validation loss so far and the run that had it.
#[derive(Default)]
pub(super) struct Early {
    best: Option<(f32, Run)>,
    without: usize,
}

impl Early {
    /// Takes note of a validation; the best run, if it is time to stop.
    pub(super) fn stop(&mut self, rule: &EarlyStopping, loss: f32, run: &Run) -> Option<Run> {
        let better = self
            .best
            .as_ref()
            .is_none_or(|(best, _)| loss < best - rule.min_delta);
        if better {
            self.best = Some((loss, run.clone()));
            self.without = 0;
            return None;
        }
        self.without += 1;
        if self.without < rule.patience.max(1) {
            return None;
        }
        self.without = 0;
        self.best.take().map(|(_, run)| run)
    }
}
