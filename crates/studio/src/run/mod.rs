//! The training run: what is asked of it, and the news it gives.

mod diversity;
mod early;
mod file;
mod film;
mod validation;

use std::collections::VecDeque;

use burn::tensor::Device;
use lampwork_datasets::{Batches, Packed, Phrases, batch, steps_per_epoch};
use lampwork_models::{Advance, ModelError, Run, StepReport, Update};
use lampwork_protocol::event::RunState;
use lampwork_protocol::{
    Event, Failure, ModelConfig, Payload, RunRecipe, RunStatus, Side, StepFigures,
};

use early::Early;
use film::Film;
use validation::Validation;

use crate::Clock;

/// Losses are read after this many steps, or milliseconds, whichever is first:
/// each read waits for the device.
const READ_STEPS: usize = 16;
const READ_MS: f64 = 120.0;

/// A training run and all that goes with it.
pub(crate) struct Training {
    run: Run,
    state: RunState,
    batches: Batches,
    /// The batch of the step under way.
    batch: Option<lampwork_datasets::Batch>,
    /// Steps left of `Step`; `None` plays on.
    left: Option<u32>,
    /// Losses not yet read, with the step they belong to.
    unread: VecDeque<(u64, StepReport)>,
    /// The run as it was when its losses were last seen to be sound.
    sound: Run,
    validation: Option<Validation>,
    early: Early,
    film: Film,
    /// In which words the pictures are told, for a model with words.
    phrases: Option<Phrases>,
    /// Spread of real pictures within a class, for a GAN.
    real_spread: f32,
    clock: Clock,
    last_read: f64,
    /// When the run began to play, and the steps since, for the speed.
    speed: Speed,
    /// Seconds of playing.
    seconds: f64,
}

/// What the pictures of a frame are told: captions of the training split, then
/// of the validation split, as many of the one as of the other.
fn said(data: &Packed, phrases: Option<&Phrases>) -> Vec<Vec<f32>> {
    let Some(phrases) = phrases else {
        return Vec::new();
    };
    let half = film::COUNT / 2;
    [&data.train, &data.validation]
        .into_iter()
        .flat_map(|split| (0..half).map(|place| split.concepts[place * split.len() / half]))
        .map(|concept| phrases.caption(usize::from(concept)))
        .collect()
}

/// Examples a second over the last moments.
#[derive(Default)]
struct Speed {
    since: f64,
    examples: u64,
    shown: f32,
}

impl Training {
    pub(crate) fn new(
        recipe: &RunRecipe,
        data: &Packed,
        phrases: Option<Phrases>,
        device: &Device,
        update: Update,
        clock: Clock,
    ) -> Result<Self, Failure> {
        let per_epoch = check_batch(recipe, data.train.len())?;
        let run = Run::new(recipe, per_epoch, device, update)?;
        let classes = recipe.model.classes();
        let real_spread = match recipe.model {
            ModelConfig::Gan(_) => diversity::of_examples(&data.validation, classes),
            _ => 0.0,
        };
        Ok(Self {
            sound: run.clone(),
            film: Film::new(recipe, said(data, phrases.as_ref())),
            phrases,
            run,
            state: RunState::Paused,
            batches: Batches::new(data.train.len(), recipe.batch, recipe.seed),
            batch: None,
            left: None,
            unread: VecDeque::new(),
            validation: None,
            early: Early::default(),
            real_spread,
            clock,
            last_read: clock(),
            speed: Speed::default(),
            seconds: 0.0,
        })
    }

    pub(crate) fn recipe(&self) -> &RunRecipe {
        self.run.recipe()
    }

    pub(crate) fn plays(&self) -> bool {
        self.state == RunState::Playing
    }

    pub(crate) fn has_sides(&self) -> bool {
        matches!(self.recipe().model, ModelConfig::Gan(_))
    }

    pub(crate) fn play(&mut self) {
        self.play_on(None, None);
    }

    pub(crate) fn play_steps(&mut self, steps: u32, side: Option<Side>) {
        self.play_on(Some(steps.max(1)), side);
    }

    fn play_on(&mut self, steps: Option<u32>, side: Option<Side>) {
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

    pub(crate) fn pause(&mut self) {
        if self.plays() {
            self.state = RunState::Paused;
        }
    }

    pub(crate) fn status(&self) -> RunStatus {
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

    pub(crate) fn change(&mut self, recipe: &RunRecipe, examples: usize) -> Result<(), Failure> {
        let per_epoch = check_batch(recipe, examples)?;
        self.run.change(recipe, per_epoch)?;
        self.sound = self.run.clone();
        self.batches = Batches::new(examples, recipe.batch, recipe.seed);
        self.batch = None;
        Ok(())
    }

    /// One slice of a step, or a piece of what follows a step.
    pub(crate) async fn work(
        &mut self,
        data: &Packed,
        device: &Device,
        clock: Clock,
    ) -> Vec<(Event, Payload)> {
        let start = clock();
        let outcome = self.piece(data, device).await;
        self.seconds += (clock() - start) / 1e3;
        match outcome {
            Ok(news) => news,
            Err(failure) => {
                self.state = RunState::Paused;
                let status = self.status();
                vec![
                    (Event::Failed(failure), vec![]),
                    (Event::Run(status), vec![]),
                ]
            }
        }
    }

    async fn piece(
        &mut self,
        data: &Packed,
        device: &Device,
    ) -> Result<Vec<(Event, Payload)>, Failure> {
        if let Some(mut validation) = self.validation.take() {
            if !validation
                .piece(&self.run, data, self.phrases.as_ref())
                .await?
            {
                self.validation = Some(validation);
                return Ok(vec![]);
            }
            return self.validated(validation.means());
        }
        if let Some(frame) = self.film.piece().await {
            return Ok(frame?.into_iter().collect());
        }
        let recipe = self.run.recipe().clone();
        let step = self.run.step();
        if self.batch.is_none() {
            let per_epoch = self.run.steps_per_epoch();
            let indices = self.batches.indices(step / per_epoch, step % per_epoch);
            let made = batch(
                &data.train,
                &indices,
                recipe.data,
                &recipe.augment,
                self.phrases.as_ref(),
                recipe.seed,
                step,
            );
            self.batch = Some(made);
        }
        let Some(shown) = &self.batch else {
            return Ok(vec![]);
        };
        let view = lampwork_models::Batch {
            pictures: &shown.pictures,
            labels: &shown.labels,
            words: &shown.words,
        };
        match self.run.advance(&view) {
            Advance::Slice => Ok(vec![]),
            Advance::Step(report) => {
                self.batch = None;
                self.unread.push_back((self.run.step(), *report));
                self.stepped(device).await
            }
        }
    }

    /// What follows a step: reading, filming, and the ends that it may have met.
    async fn stepped(&mut self, device: &Device) -> Result<Vec<(Event, Payload)>, Failure> {
        let now = (self.clock)();
        let per_epoch = self.run.steps_per_epoch();
        let step = self.run.step();
        self.left = self.left.map(|left| left - 1);
        self.speed.examples += self.run.recipe().batch as u64;
        let epoch_ends = step.is_multiple_of(per_epoch);
        let all_done = step >= self.run.total_steps();
        let pauses = self.left == Some(0);
        let mut news = Vec::new();
        let due = now - self.last_read >= READ_MS || self.unread.len() >= READ_STEPS;
        if due || epoch_ends || all_done || pauses {
            news.extend(self.flush().await);
            if matches!(self.state, RunState::Diverged { .. }) {
                return Ok(news);
            }
        }
        if self.film.due(step, now) || pauses || all_done {
            self.film.filmed(now);
            let later = !pauses && !all_done && self.film.begin(&self.run, device);
            if !later {
                news.push(self.film(device).await?);
            }
            if let Some(spread) = self.spread(device).await? {
                news.push(spread);
            }
        }
        if epoch_ends && !self.has_sides() {
            self.validation = Some(Validation::default());
        } else if all_done {
            self.state = RunState::Finished;
        }
        if pauses && self.plays() && self.validation.is_none() {
            self.state = RunState::Paused;
            self.run.only(None);
        }
        if !news.is_empty() {
            news.push((Event::Run(self.status()), vec![]));
        }
        Ok(news)
    }

    /// What follows a validation: the figures, and whether to stop.
    fn validated(&mut self, values: Vec<(String, f32)>) -> Result<Vec<(Event, Payload)>, Failure> {
        let step = self.run.step();
        let mut news = Vec::new();
        if let (Some(rule), Some((_, loss))) = (
            self.run.recipe().early_stopping,
            values.iter().find(|(name, _)| name == "loss"),
        ) && let Some(best) = self.early.stop(&rule, *loss, &self.run)
        {
            let best_epoch = (best.step() / best.steps_per_epoch()) as u32;
            self.run = best;
            self.state = RunState::StoppedEarly { best_epoch };
        }
        news.push((Event::Validated { step, values }, vec![]));
        if self.plays() {
            if step >= self.run.total_steps() {
                self.state = RunState::Finished;
            } else if self.left == Some(0) {
                self.state = RunState::Paused;
            }
        }
        news.push((Event::Run(self.status()), vec![]));
        Ok(news)
    }

    /// Reads the losses that wait. Where one is no number, the run goes back to
    /// its last sound state and stops.
    pub(crate) async fn flush(&mut self) -> Vec<(Event, Payload)> {
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
            match report.read().await {
                Ok(values) => {
                    if bad.is_none() && values.iter().any(|(_, v)| !v.is_finite()) {
                        bad = Some(step);
                    }
                    steps.push(StepFigures { step, values });
                }
                Err(error) => return vec![(Event::Failed(error.into()), vec![])],
            }
        }
        let mut news = Vec::new();
        if !steps.is_empty() {
            news.push((Event::Steps { steps }, vec![]));
        }
        match bad {
            None => self.sound = self.run.clone(),
            Some(step) => {
                self.run = self.sound.clone();
                self.batch = None;
                let restored = self.run.step();
                self.state = RunState::Diverged { step, restored };
                news.push((Event::Run(self.status()), vec![]));
            }
        }
        news
    }

    /// Samples from the run's fixed noise.
    pub(crate) async fn film(&self, device: &Device) -> Result<(Event, Payload), Failure> {
        self.film.take(&self.run, device).await
    }

    /// How varied a GAN's pictures are within a class, of how varied real ones are.
    async fn spread(&self, device: &Device) -> Result<Option<(Event, Payload)>, Failure> {
        if !self.has_sides() || self.real_spread <= 0.0 {
            return Ok(None);
        }
        let made = diversity::of_sampler(&self.run.sampler(), device).await?;
        let values = vec![("diversity".to_owned(), made / self.real_spread)];
        let step = self.run.step();
        Ok(Some((Event::Validated { step, values }, vec![])))
    }
}

/// Checks that an epoch has at least one batch; steps in it.
fn check_batch(recipe: &RunRecipe, examples: usize) -> Result<u64, Failure> {
    if recipe.batch == 0 || recipe.batch > examples {
        let error = ModelError::Knob {
            knob: "batch",
            reason: format!("the training split has {examples} examples"),
        };
        return Err(error.into());
    }
    Ok(steps_per_epoch(examples, recipe.batch))
}
