//! What the page knows of the run: its standing, its curves, its filmstrip.
//!
//! A fold of the worker's events. No browser in here; the time comes in.

use std::sync::Arc;

use lampwork_protocol::event::RunState;
use lampwork_protocol::{Event, RunStatus, Shape, StepFigures, words};

use super::series::Series;

/// One look at the run's fixed noise.
#[derive(Debug, Clone, PartialEq)]
pub struct Frame {
    /// Step it was made at.
    pub step: u64,
    /// How many pictures.
    pub count: usize,
    /// `[count, side, side, channels]` bytes.
    pub pictures: Arc<[u8]>,
    /// Of which shape each is.
    pub shape: Shape,
}

/// What a net wrote on the way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sample {
    /// Step it was written at.
    pub step: u64,
    /// The text.
    pub text: String,
}

/// Everything the page knows of the run.
#[derive(Debug, Clone, Default)]
pub struct RunLog {
    status: Option<RunStatus>,
    step: u64,
    train: Vec<(String, Series)>,
    validation: Vec<(String, Series)>,
    frames: Vec<Frame>,
    samples: Vec<Sample>,
    /// Times, in milliseconds, at which steps were reported, of the last moments.
    pace: Vec<(f64, u64)>,
}

impl RunLog {
    /// Most frames kept; beyond it every other of them is dropped, so that the
    /// strip always spans the whole run.
    pub const FRAMES: usize = 96;

    /// Over how many milliseconds the pace is measured.
    const PACE: f64 = 3_000.0;

    /// Takes an event in; `now` in milliseconds. True if it was about the run.
    pub fn apply(&mut self, event: &Event, payload: &[Vec<u8>], now: f64) -> bool {
        match event {
            Event::Run(status) => self.stand(status.clone(), now),
            Event::Snapshot { status } => self.stand(status.clone(), now),
            Event::Steps { steps } => self.stepped(steps, now),
            Event::Validated { step, values } => self.validated(*step, values),
            Event::Filmstrip { step, count } => {
                let pictures = payload.first().map_or(&[][..], Vec::as_slice);
                self.film(*step, *count as usize, pictures);
            }
            _ => return false,
        }
        true
    }

    /// Takes in what the worker of words tells; as [`RunLog::apply`].
    pub fn apply_words(&mut self, event: &words::Event, now: f64) -> bool {
        match event {
            words::Event::Run(status) | words::Event::Snapshot { status } => {
                self.stand(status.clone(), now);
            }
            words::Event::Steps { steps } => self.stepped(steps, now),
            words::Event::Validated { step, values } => {
                // How good the weights are that another run goes on from: told before
                // the word that it stands.
                if *step == 0 {
                    self.clear();
                }
                self.validated(*step, values);
            }
            words::Event::Sample { step, text } => self.write(*step, text),
            _ => return false,
        }
        true
    }

    fn stepped(&mut self, steps: &[StepFigures], now: f64) {
        for figures in steps {
            for (name, value) in &figures.values {
                series(&mut self.train, name).push(figures.step, *value);
            }
            self.step = self.step.max(figures.step);
        }
        self.pace.push((now, self.step));
        self.pace.retain(|(time, _)| now - time <= Self::PACE);
    }

    fn validated(&mut self, step: u64, values: &[(String, f32)]) {
        for (name, value) in values {
            series(&mut self.validation, name).push(step, *value);
        }
    }

    fn write(&mut self, step: u64, text: &str) {
        self.samples.retain(|sample| sample.step < step);
        self.samples.push(Sample {
            step,
            text: text.to_owned(),
        });
        thin(&mut self.samples);
    }

    /// Forgets the run: another is being set up.
    pub fn clear(&mut self) {
        *self = RunLog::default();
    }

    fn stand(&mut self, status: RunStatus, now: f64) {
        let other_net = self
            .status
            .as_ref()
            .is_some_and(|before| before.recipe.model != status.recipe.model);
        let reset = status.step == 0 && self.step > 0;
        if other_net || reset {
            self.clear();
        } else if status.step < self.furthest()
            && !matches!(status.state, RunState::StoppedEarly { .. })
        {
            // Put back to the last good weights: the curves end there as well,
            // but what was seen of the fall stays up to it. Where it stopped early, why it
            // did stays to be seen until it goes on.
            for (_, series) in self.train.iter_mut().chain(&mut self.validation) {
                series.rewind(status.step);
            }
            self.frames.retain(|frame| frame.step <= status.step);
            self.samples.retain(|sample| sample.step <= status.step);
        }
        self.step = status.step;
        if status.state == RunState::Playing {
            self.pace.push((now, status.step));
        } else {
            self.pace.clear();
        }
        self.status = Some(status);
    }

    /// The last step that is drawn.
    fn furthest(&self) -> u64 {
        let all = self.train.iter().chain(&self.validation);
        let last = all.filter_map(|(_, series)| series.last());
        last.map(|point| point.step).max().unwrap_or(0)
    }

    fn film(&mut self, step: u64, count: usize, pictures: &[u8]) {
        let shape = pictures.len().checked_div(count).and_then(Shape::of);
        let Some(shape) = shape.filter(|shape| shape.values() * count == pictures.len()) else {
            return;
        };
        self.frames.retain(|frame| frame.step < step);
        self.frames.push(Frame {
            step,
            count,
            pictures: pictures.into(),
            shape,
        });
        thin(&mut self.frames);
    }

    /// How the run stands; `None` if none is set up.
    pub fn status(&self) -> Option<&RunStatus> {
        self.status.as_ref()
    }

    /// Steps taken, as far as was heard.
    pub fn step(&self) -> u64 {
        self.step
    }

    /// Epochs completed and the part of the next that is done.
    pub fn epoch(&self) -> f64 {
        let per_epoch = self
            .status
            .as_ref()
            .map_or(0, |status| status.steps_per_epoch);
        if per_epoch == 0 {
            return 0.0;
        }
        self.step as f64 / per_epoch as f64
    }

    /// Examples a second over the last moments, by the page's own clock; the
    /// worker's figure where the page has not heard enough.
    pub fn examples_per_second(&self) -> f64 {
        let Some(status) = &self.status else {
            return 0.0;
        };
        match (self.pace.first(), self.pace.last()) {
            (Some((start, from)), Some((end, to))) if end - start > 500.0 && to > from => {
                (to - from) as f64 * status.recipe.batch as f64 / (end - start) * 1_000.0
            }
            _ => f64::from(status.examples_per_second),
        }
    }

    /// The training curve of a figure.
    pub fn train(&self, name: &str) -> Option<&Series> {
        find(&self.train, name)
    }

    /// The validation curve of a figure.
    pub fn validation(&self, name: &str) -> Option<&Series> {
        find(&self.validation, name)
    }

    /// Names of all training figures, in the order they first came.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.train.iter().map(|(name, _)| name.as_str())
    }

    /// Newest value of a figure.
    pub fn latest(&self, name: &str) -> Option<f32> {
        self.train(name)?.last().map(|point| point.value)
    }

    /// What it wrote on the way, oldest first.
    pub fn samples(&self) -> &[Sample] {
        &self.samples
    }

    /// The filmstrip, oldest first.
    pub fn frames(&self) -> &[Frame] {
        &self.frames
    }
}

/// Drops every other one of too many, but not the last.
fn thin<T>(kept: &mut Vec<T>) {
    if kept.len() <= RunLog::FRAMES {
        return;
    }
    let last = kept.len() - 1;
    let mut index = 0;
    kept.retain(|_| {
        index += 1;
        (index - 1) % 2 == 0 || index - 1 == last
    });
}

fn series<'a>(all: &'a mut Vec<(String, Series)>, name: &str) -> &'a mut Series {
    let index = all
        .iter()
        .position(|(known, _)| known == name)
        .unwrap_or_else(|| {
            all.push((name.to_owned(), Series::default()));
            all.len() - 1
        });
    &mut all[index].1
}

fn find<'a>(all: &'a [(String, Series)], name: &str) -> Option<&'a Series> {
    all.iter()
        .find(|(known, _)| known == name)
        .map(|(_, series)| series)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workbench::presets::{Family, preset};
    use lampwork_protocol::{DataSet, NetKind, StepFigures};

    fn status(state: RunState, step: u64) -> Event {
        Event::Run(RunStatus {
            recipe: preset(Family::Vae, NetKind::Mlp, DataSet::Fashion),
            state,
            step,
            epoch: 0,
            steps_per_epoch: 40,
            examples_per_second: 12.0,
        })
    }

    fn steps(range: std::ops::RangeInclusive<u64>) -> Event {
        Event::Steps {
            steps: range
                .map(|step| StepFigures {
                    step,
                    values: vec![("loss".to_owned(), step as f32), ("kl".to_owned(), 1.0)],
                })
                .collect(),
        }
    }

    fn frame(step: u64) -> (Event, Vec<Vec<u8>>) {
        (
            Event::Filmstrip { step, count: 2 },
            vec![vec![step as u8; 2 * lampwork_protocol::PICTURE_PIXELS]],
        )
    }

    #[test]
    fn curves_pace_and_epoch_follow_the_steps() {
        let mut log = RunLog::default();
        log.apply(&status(RunState::Playing, 0), &[], 0.0);
        log.apply(&steps(1..=10), &[], 1_000.0);
        log.apply(&steps(11..=20), &[], 2_000.0);
        assert_eq!(log.latest("loss"), Some(20.0));
        assert_eq!(log.names().collect::<Vec<_>>(), ["loss", "kl"]);
        assert_eq!(log.epoch(), 0.5);
        // 20 steps of 64 in two seconds.
        assert_eq!(log.examples_per_second(), 640.0);
        log.apply(&status(RunState::Paused, 20), &[], 2_100.0);
        assert_eq!(log.examples_per_second(), 12.0);
    }

    #[test]
    fn a_reset_forgets_and_a_fall_back_ends_the_curves_where_it_fell_back_to() {
        let mut log = RunLog::default();
        log.apply(&status(RunState::Playing, 0), &[], 0.0);
        log.apply(&steps(1..=30), &[], 10.0);
        for step in [10, 20, 30] {
            let (event, payload) = frame(step);
            log.apply(&event, &payload, 20.0);
        }
        let diverged = RunState::Diverged {
            step: 30,
            restored: 20,
        };
        log.apply(&status(diverged, 20), &[], 30.0);
        assert_eq!(log.latest("loss"), Some(20.0));
        assert_eq!(log.frames().len(), 2);
        log.apply(&status(RunState::Paused, 0), &[], 40.0);
        assert_eq!(log.latest("loss"), None);
        assert!(log.frames().is_empty());
        assert!(log.status().is_some());
    }

    #[test]
    fn a_run_that_stopped_early_shows_why_until_it_goes_on() {
        let mut log = RunLog::default();
        log.apply(&status(RunState::Playing, 0), &[], 0.0);
        log.apply(&steps(1..=30), &[], 10.0);
        let early = RunState::StoppedEarly { best_epoch: 1 };
        log.apply(&status(early, 20), &[], 20.0);
        assert_eq!((log.step(), log.latest("loss")), (20, Some(30.0)));
        log.apply(&status(RunState::Playing, 20), &[], 30.0);
        assert_eq!(log.latest("loss"), Some(20.0));
    }

    #[test]
    fn the_filmstrip_is_bounded_and_spans_the_run() {
        let mut log = RunLog::default();
        log.apply(&status(RunState::Playing, 0), &[], 0.0);
        for step in 0..1_000 {
            let (event, payload) = frame(step);
            log.apply(&event, &payload, 0.0);
            assert_eq!(log.frames().last().map(|frame| frame.step), Some(step));
        }
        assert!(log.frames().len() <= RunLog::FRAMES);
        assert_eq!(log.frames()[0].step, 0);
        assert!(
            log.frames()
                .windows(2)
                .all(|pair| pair[0].step < pair[1].step)
        );
    }

    #[test]
    fn a_filmstrip_of_the_wrong_size_is_left_out() {
        let mut log = RunLog::default();
        let event = Event::Filmstrip { step: 1, count: 3 };
        log.apply(&event, &[vec![0; 10]], 0.0);
        log.apply(&event, &[], 0.0);
        assert!(log.frames().is_empty());
    }

    #[test]
    fn a_run_of_words_begins_with_how_good_its_weights_are() {
        let mut log = RunLog::default();
        let validated = |step, loss| words::Event::Validated {
            step,
            values: vec![("loss".to_owned(), loss)],
        };
        let sample = |step: u64| words::Event::Sample {
            step,
            text: format!("written at {step}"),
        };
        let Event::Run(begun) = status(RunState::Paused, 0) else {
            unreachable!("it is one");
        };
        for first in [5.0, 4.0] {
            log.apply_words(&validated(0, first), 0.0);
            log.apply_words(&words::Event::Run(begun.clone()), 0.0);
            let before = log.validation("loss").expect("it was measured");
            assert_eq!(before.points()[0].value, first);
            for step in [10, 20] {
                log.apply_words(&validated(step, 1.0), 0.0);
                log.apply_words(&sample(step), 0.0);
            }
            assert_eq!(log.samples().len(), 2);
            assert_eq!(log.samples()[1].text, "written at 20");
        }
        assert!(!log.apply_words(&words::Event::Done, 0.0));
    }

    #[test]
    fn events_about_other_things_are_not_taken() {
        assert!(!RunLog::default().apply(&Event::Done, &[], 0.0));
    }
}
