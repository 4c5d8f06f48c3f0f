//! The training run: what is asked of it, and the news it gives.

mod diversity;
mod file;
mod film;
mod validation;

use burn::tensor::Device;
use lampwork_datasets::{Batches, Packed, Phrases, batch, steps_per_epoch};
use lampwork_host::{Course, Stepped};
use lampwork_models::run::Pictures;
use lampwork_models::translate::spoiled;
use lampwork_models::{Advance, ModelError, Noise, Run, Update};
use lampwork_protocol::{
    Event, Failure, ModelConfig, Payload, RunRecipe, RunStatus, Side, TranslateConfig,
};

use film::Film;
use validation::Validation;

use crate::Clock;

/// A training run and all that goes with it.
pub(crate) struct Training {
    course: Course<Pictures>,
    batches: Batches,
    /// The batch of the step under way.
    batch: Option<lampwork_datasets::Batch>,
    validation: Option<Validation>,
    film: Film,
    /// In which words the pictures are told, for a model with words.
    phrases: Option<Phrases>,
    /// Spread of real pictures within a class, for a GAN.
    real_spread: f32,
    clock: Clock,
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

/// The film of a net from picture to picture: pictures of the validation split, spoiled
/// once as it is taught to undo.
fn shown(config: &TranslateConfig, data: &Packed, seed: u64) -> Result<Film, Failure> {
    if !config.sources.is_empty() {
        let error = ModelError::Knob {
            knob: "sources",
            reason: "several data sets at once are for `train`".to_owned(),
        };
        return Err(error.into());
    }
    let split = &data.validation;
    let pictures: Vec<f32> = (0..film::COUNT)
        .flat_map(|place| split.picture(place * split.len() / film::COUNT))
        .map(|&value| f32::from(value) / 255.0)
        .collect();
    let mut noise = Noise::new(seed, film::STREAM);
    let spoiled = spoiled(&pictures, split.shape, &config.spoil, &mut noise);
    Ok(Film::of_pictures(&spoiled, spoiled.len() / film::COUNT))
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
            ModelConfig::Gan(_) | ModelConfig::Style(_) => {
                diversity::of_examples(&data.validation, classes)
            }
            _ => 0.0,
        };
        let film = match &recipe.model {
            ModelConfig::Translate(config) => shown(config, data, recipe.seed)?,
            _ => Film::new(recipe, said(data, phrases.as_ref())),
        };
        Ok(Self {
            film,
            phrases,
            course: Course::new(run, clock),
            batches: Batches::new(data.train.len(), recipe.batch, recipe.seed),
            batch: None,
            validation: None,
            real_spread,
            clock,
        })
    }

    pub(crate) fn recipe(&self) -> &RunRecipe {
        self.course.recipe()
    }

    pub(crate) fn plays(&self) -> bool {
        self.course.plays()
    }

    pub(crate) fn has_sides(&self) -> bool {
        matches!(
            self.recipe().model,
            ModelConfig::Gan(_) | ModelConfig::Style(_)
        )
    }

    pub(crate) fn play(&mut self) {
        self.course.play(None, None);
    }

    pub(crate) fn play_steps(&mut self, steps: u32, side: Option<Side>) {
        self.course.play(Some(steps.max(1)), side);
    }

    pub(crate) fn pause(&mut self) {
        self.course.pause();
    }

    pub(crate) fn status(&self) -> RunStatus {
        self.course.status()
    }

    pub(crate) fn change(&mut self, recipe: &RunRecipe, examples: usize) -> Result<(), Failure> {
        let per_epoch = check_batch(recipe, examples)?;
        self.course.run.change(recipe, per_epoch)?;
        self.course.replaced();
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
        self.course.seconds += (clock() - start) / 1e3;
        match outcome {
            Ok(news) => news,
            Err(failure) => {
                self.course.pause();
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
                .piece(&self.course.run, data, self.phrases.as_ref())
                .await?
            {
                self.validation = Some(validation);
                return Ok(vec![]);
            }
            return Ok(self.validated(validation.means()));
        }
        if let Some(frame) = self.film.piece().await {
            return Ok(frame?.into_iter().collect());
        }
        let recipe = self.recipe().clone();
        let step = self.course.run.step();
        if self.batch.is_none() {
            let per_epoch = self.course.run.steps_per_epoch();
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
        match self.course.run.advance(&view) {
            Advance::Slice => Ok(vec![]),
            Advance::Step(report) => {
                self.batch = None;
                let stepped = self.course.stepped(*report);
                self.stepped(stepped, device).await
            }
        }
    }

    /// What follows a step: reading, filming, and the ends that it may have met.
    async fn stepped(
        &mut self,
        stepped: Stepped,
        device: &Device,
    ) -> Result<Vec<(Event, Payload)>, Failure> {
        let Stepped {
            epoch_ends,
            all_done,
            pauses,
        } = stepped;
        let now = (self.clock)();
        let mut news = Vec::new();
        if self.course.due(now) || epoch_ends || all_done || pauses {
            news.extend(self.flush().await?);
            if self.course.diverged() {
                return Ok(news);
            }
        }
        if self.film.due(self.course.run.step(), now) || pauses || all_done {
            self.film.filmed(now);
            let later = !pauses && !all_done && self.film.begin(&self.course.run, device);
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
            self.course.finish();
        }
        if self.validation.is_none() {
            self.course.pause_after_steps();
        }
        if !news.is_empty() {
            news.push((Event::Run(self.status()), vec![]));
        }
        Ok(news)
    }

    /// What follows a validation: the figures, and whether to stop.
    fn validated(&mut self, values: Vec<(String, f32)>) -> Vec<(Event, Payload)> {
        let step = self.course.run.step();
        self.course.validated(&values);
        vec![
            (Event::Validated { step, values }, vec![]),
            (Event::Run(self.status()), vec![]),
        ]
    }

    /// Reads the losses that wait. Where one is no number, the run goes back to
    /// its last sound state and stops.
    pub(crate) async fn flush(&mut self) -> Result<Vec<(Event, Payload)>, Failure> {
        let losses = self.course.flush().await?;
        let mut news = Vec::new();
        if !losses.steps.is_empty() {
            let steps = losses.steps;
            news.push((Event::Steps { steps }, vec![]));
        }
        if losses.diverged {
            self.batch = None;
            news.push((Event::Run(self.status()), vec![]));
        }
        Ok(news)
    }

    /// Samples from the run's fixed noise.
    pub(crate) async fn film(&self, device: &Device) -> Result<(Event, Payload), Failure> {
        self.film.take(&self.course.run, device).await
    }

    /// How varied a GAN's pictures are within a class, of how varied real ones are.
    async fn spread(&self, device: &Device) -> Result<Option<(Event, Payload)>, Failure> {
        if !self.has_sides() || self.real_spread <= 0.0 {
            return Ok(None);
        }
        let made = diversity::of_sampler(&self.course.run.sampler(), device).await?;
        let values = vec![("diversity".to_owned(), made / self.real_spread)];
        let step = self.course.run.step();
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
