//! Early stopping (Prechelt 1998).

use lampwork_models::Run;
use lampwork_models::run::Families;
use lampwork_protocol::EarlyStopping;

/// The best validation loss so far and the run that had it.
pub(crate) struct Early<F> {
    best: Option<(f32, Run<F>)>,
    without: usize,
}

impl<F> Default for Early<F> {
    fn default() -> Self {
        Self {
            best: None,
            without: 0,
        }
    }
}

impl<F: Families> Early<F> {
    /// Takes note of a validation; the best loss and the run that had it, if it is time
    /// to stop.
    pub(crate) fn stop(
        &mut self,
        rule: &EarlyStopping,
        loss: f32,
        run: &Run<F>,
    ) -> Option<(f32, Run<F>)> {
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
        self.best.take()
    }
}
