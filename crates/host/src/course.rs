//! A training run between play and its ends, whatever it trains.

use std::collections::VecDeque;

use lampwork_models::run::Families;
use lampwork_models::{Run, StepReport};
use lampwork_protocol::event::RunState;
use lampwork_protocol::{Failure, RunRecipe, RunStatus, Side, StepFigures};

use crate::Clock;
use crate::early::Early;

/// Losses are read after this many steps, or milliseconds, whichever is first: each
/// read waits for the device.
const READ_STEPS: usize = 16;
const READ_MS: f64 = 120.0;

/// A run, whether it plays, and what of its losses was seen.
pub struct Course<F: Families> {
    /// The run.
    pub run: Run<F>,
    state: RunState,
    /// Steps left of `Step`; `None` plays on.
    left: Option<u32>,
    /// Losses not yet read, with the step they belong to.
    unread: VecDeque<(u64, StepReport)>,
    /// The run as it was when its losses were last seen to be sound.
    sound: Run<F>,
    early: Early<F>,
    clock: Clock,
    last_read: f64,
    speed: Speed,
    /// Seconds of playing.
    pub seconds: f64,
}

/// Examples a second over the last moments.
#[derive(Default)]
struct Speed {
    since: f64,
    examples: u64,
    shown: f32,
}

/// What a step led to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stepped {
    /// An epoch ended with it.
    pub epoch_ends: bool,
    /// It was the last of the recipe.
    pub all_done: bool,
    /// It was the last that was asked for.
    pub pauses: bool,
}

/// Losses that were read.
#[derive(Debug, Default)]
pub struct Losses {
    /// In the order of their steps.
    pub steps: Vec<StepFigures>,
    /// Whether one was no number, so that the run went back to its last sound state.
    pub diverged: bool,
}

impl<F: Families> Course<F> {
    /// A run that waits for `play`.
    pub fn new(run: Run<F>, clock: Clock) -> Self {
        Self {
            sound: run.clone(),
            run,
            state: RunState::Paused,
            left: None,
            unread: VecDeque::new(),
            early: Early::default(),
            clock,
            last_read: clock(),
            speed: Speed::default(),
            seconds: 0.0,
        }
    }

    /// The recipe in force.
    pub fn recipe(&self) -> &RunRecipe {
        self.run.recipe()
    }

    /// Whether it trains.
    pub fn plays(&self) -> bool {
        self.state == RunState::Playing
    }

    /// Whether a loss was no number.
    pub fn diverged(&self) -> bool {
        matches!(self.state, RunState::Diverged { .. })
    }

    /// Trains from now on: so many steps, or until paused; one side of a GAN, or both.
    pub fn play(&mut self, steps: Option<u32>, side: Option<Side>) {
        if self.run.step() >= self.run.total_steps() {
            self.state = RunState::Finished;
            return;
        }
        if self.run.within_step() {
            // Which side a step trains is settled when it begins; one that was
            // cut short by a pause is finished first.
            self.left = steps.map(|s| s.saturating_add(1));
        } else {
            self.run.only(side);
            self.left = steps;
        }
        self.state = RunState::Playing;
        self.speed = Speed {
            since: (self.clock)(),
            ..Speed::default()
        };
    }

    /// Stops training, if it trains.
    pub fn pause(&mut self) {
        if self.plays() {
            self.state = RunState::Paused;
        }
    }

    /// Stops after the step that was asked for last.
    pub fn pause_after_steps(&mut self) {
        if self.left == Some(0) && self.plays() {
            self.state = RunState::Paused;
            self.run.only(None);
        }
    }

    /// All steps of the recipe are taken.
    pub fn finish(&mut self) {
        self.state = RunState::Finished;
    }

    /// How it stands.
    pub fn status(&self) -> RunStatus {
        let per_epoch = self.run.steps_per_epoch();
        RunStatus {
            recipe: self.recipe().clone(),
            state: self.state.clone(),
            step: self.run.step(),
            epoch: (self.run.step() / per_epoch) as u32,
            steps_per_epoch: per_epoch,
            examples_per_second: if self.plays() { self.speed.shown } else { 0.0 },
        }
    }

    /// The run is another one now, as sound as it came.
    pub fn replaced(&mut self) {
        self.sound = self.run.clone();
    }

    /// Takes note of a step.
    pub fn stepped(&mut self, report: StepReport) -> Stepped {
        let step = self.run.step();
        self.unread.push_back((step, report));
        self.left = self.left.map(|left| left.saturating_sub(1));
        self.speed.examples += self.run.recipe().batch as u64;
        Stepped {
            epoch_ends: step.is_multiple_of(self.run.steps_per_epoch()),
            all_done: step >= self.run.total_steps(),
            pauses: self.left == Some(0),
        }
    }

    /// Whether it is time to read losses.
    pub fn due(&self, now: f64) -> bool {
        now - self.last_read >= READ_MS || self.unread.len() >= READ_STEPS
    }

    /// Reads the losses that wait. Where one is no number, the run goes back to its
    /// last sound state and stops.
    ///
    /// # Errors
    /// Where the device fails.
    pub async fn flush(&mut self) -> Result<Losses, Failure> {
        let now = (self.clock)();
        let elapsed = (now - self.speed.since) / 1e3;
        if elapsed > 0.5 {
            self.speed.shown = (self.speed.examples as f64 / elapsed) as f32;
            self.speed.examples = 0;
            self.speed.since = now;
        }
        self.last_read = now;
        let mut steps = Vec::new();
        let mut bad = None;
        for (step, report) in std::mem::take(&mut self.unread) {
            let values = report.read().await?;
            if bad.is_none() && values.iter().any(|(_, v)| !v.is_finite()) {
                bad = Some(step);
            }
            steps.push(StepFigures { step, values });
        }
        match bad {
            None => self.sound = self.run.clone(),
            Some(step) => {
                self.run = self.sound.clone();
                let restored = self.run.step();
                self.state = RunState::Diverged { step, restored };
            }
        }
        Ok(Losses {
            steps,
            diverged: bad.is_some(),
        })
    }

    /// Takes note of a validation, which may be the end: by early stopping, by the
    /// recipe, or by the steps that were asked for. The best loss, if it went back to the
    /// weights that had it.
    pub fn validated(&mut self, values: &[(String, f32)]) -> Option<f32> {
        let mut went_back = None;
        let step = self.run.step();
        let loss = values.iter().find(|(name, _)| name == "loss");
        if let (Some(rule), Some((_, loss))) = (self.run.recipe().early_stopping, loss)
            && let Some((lowest, best)) = self.early.stop(&rule, *loss, &self.run)
        {
            went_back = Some(lowest);
            let best_epoch = (best.step() / best.steps_per_epoch()) as u32;
            self.run = best;
            self.state = RunState::StoppedEarly { best_epoch };
        }
        if self.plays() {
            if step >= self.run.total_steps() {
                self.state = RunState::Finished;
            } else if self.left == Some(0) {
                self.state = RunState::Paused;
            }
        }
        went_back
    }
}
