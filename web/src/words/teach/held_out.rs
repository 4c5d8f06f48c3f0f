//! What a lesson does to the loss on what is held out.

use crate::workbench::run_log::RunLog;

/// Loss on what is held out, in nats a token, and in bits a character.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct HeldOut {
    /// As the model was, before anything was learned.
    pub before: [f32; 2],
    /// The best so far, and the step that had it.
    pub best: [f32; 2],
    /// That step.
    pub step: u64,
    /// As it was last.
    pub last: [f32; 2],
}

impl HeldOut {
    /// By how many per cent the best loss lies below the first.
    pub fn fall(&self) -> f32 {
        (1.0 - self.best[0] / self.before[0]) * 100.0
    }

    /// Whether the loss has begun to rise again, by more than it flickers.
    pub fn rises(&self) -> bool {
        self.last[0] > self.best[0] * 1.01
    }

    /// The same with the loss of what was kept at last, which is of an epoch's end.
    pub fn kept(self, loss: f32) -> HeldOut {
        // Both figures are of the same tokens and characters.
        let bits = self.before[1] * loss / self.before[0];
        HeldOut {
            best: [loss, bits],
            ..self
        }
    }

    /// The figures of a run, once more than its beginning was measured.
    pub fn of(log: &RunLog) -> Option<HeldOut> {
        let loss = log.validation("loss")?.points();
        let bits = log.validation("bits")?.points();
        let first = loss.first().filter(|first| first.step == 0)?;
        let at = |step: u64| bits.iter().find(|point| point.step == step);
        let pair = |step, loss| Some([loss, at(step)?.value]);
        // What was not taught yet is no result, however good.
        let learned = loss.iter().filter(|point| point.step > 0);
        let lowest = learned.min_by(|a, b| a.value.total_cmp(&b.value));
        let best = lowest.unwrap_or(first);
        let last = loss.last()?;
        Some(HeldOut {
            before: pair(0, first.value)?,
            best: pair(best.step, best.value)?,
            step: best.step,
            last: pair(last.step, last.value)?,
        })
    }
}

#[cfg(test)]
mod tests {
    use lampwork_protocol::words::Event;

    use super::*;

    fn log(points: &[(u64, f32)]) -> RunLog {
        let mut log = RunLog::default();
        for &(step, loss) in points {
            let values = [("loss", loss), ("bits", 2.0 * loss)]
                .map(|(name, value)| (name.to_owned(), value))
                .to_vec();
            log.apply_words(&Event::Validated { step, values }, 0.0);
        }
        log
    }

    #[test]
    fn what_is_told_is_the_best_beside_the_first() {
        assert_eq!(HeldOut::of(&RunLog::default()), None);
        let held = HeldOut::of(&log(&[(0, 4.0), (5, 3.5), (10, 3.0), (15, 3.2)]));
        let held = held.expect("it was measured");
        assert_eq!((held.before, held.best), ([4.0, 8.0], [3.0, 6.0]));
        assert_eq!((held.step, held.last), (10, [3.2, 6.4]));
        assert_eq!(held.fall(), 25.0);
        assert!(held.rises());
    }

    #[test]
    fn before_it_trains_the_best_is_the_first() {
        let held = HeldOut::of(&log(&[(0, 4.0)])).expect("it was measured");
        assert_eq!((held.step, held.fall(), held.rises()), (0, 0.0, false));
    }

    #[test]
    fn a_lesson_that_makes_it_worse_is_told_so() {
        let held = HeldOut::of(&log(&[(0, 4.0), (5, 4.4), (10, 5.0)])).expect("it was measured");
        assert_eq!((held.step, held.best), (5, [4.4, 8.8]));
        assert!(held.fall() < 0.0);
        assert_eq!(held.kept(5.0).best, [5.0, 10.0]);
    }
}
