//! The training run: what is asked of it, and the news it gives.

mod epochs;
mod sample;
mod validation;

use std::collections::BTreeMap;
use std::rc::Rc;

use burn::tensor::Device;
use lampwork_host::{Clock, Course, Stepped};
use lampwork_models::run::Writers;
use lampwork_models::{Advance, TextBatch, TextRun, Update};
use lampwork_protocol::words::{Event, RunOrder, Source, TOKENIZER_KEY};
use lampwork_protocol::{
    AdapterCard, Failure, ModelCard, ModelConfig, RunRecipe, RunStatus, Tuning,
};
use lampwork_text::{Batch, Corpus, Telling};
use lampwork_weights::Named;

use epochs::Epochs;
use sample::{Sample, Sampler};
use validation::Validation;

use crate::models::{Language, hexadecimal};

/// How often an epoch is looked at: what is not learned from is measured, and a sample
/// written.
const LOOKS: u64 = 4;

/// Fewest and most steps between two looks: a look costs as much as a step or two, and
/// who trains a net in a tab waits for its first words.
const BETWEEN: [u64; 2] = [8, 50];

/// What a run learns from.
pub(crate) struct Material {
    pub(crate) corpus: Rc<Corpus>,
    pub(crate) language: Language,
    pub(crate) telling: Telling,
}

/// What a run goes on from.
pub(crate) struct Weights<'a> {
    /// How their net is built.
    pub(crate) model: &'a ModelConfig,
    pub(crate) named: &'a [Named],
    pub(crate) metadata: &'a BTreeMap<String, String>,
}

/// What a run runs on.
pub(crate) struct Host<'a> {
    pub(crate) device: &'a Device,
    pub(crate) update: Update,
    pub(crate) clock: Clock,
}

/// What a file of a run is.
pub(crate) enum Exported {
    /// A whole model.
    Model(Box<ModelCard>),
    /// What was learned on top of one.
    Adapter(AdapterCard),
}

/// A training run and all that goes with it.
pub(crate) struct Training {
    order: RunOrder,
    course: Course<Writers>,
    epochs: Epochs,
    /// The texts of the step under way.
    batch: Option<Batch>,
    validation: Option<Validation>,
    /// Whether the validation under way is that of an epoch's end.
    at_end: bool,
    sampler: Sampler,
    sample: Option<Sample>,
    /// Loss on what is held out, before anything was learned and as it was last.
    held_out: [Option<f32>; 2],
    clock: Clock,
}

impl Training {
    pub(crate) fn new(
        order: RunOrder,
        material: Material,
        weights: Option<&Weights<'_>>,
        host: &Host<'_>,
    ) -> Result<Self, Failure> {
        let (recipe, device, update) = (&order.recipe, host.device, host.update);
        lampwork_models::run::check_recipe(recipe)?;
        let mut epochs = Epochs::new(recipe, &material)?;
        let per_epoch = epochs.steps()?;
        let run = match (weights, order.tuning) {
            (Some(weights), tuning) if tuning != Tuning::Full => {
                TextRun::tune(recipe, tuning, weights.named, per_epoch, device, update)?
            }
            _ => TextRun::begin(recipe, per_epoch, device, update)?,
        };
        let mut course = Course::new(run, host.clock);
        if let Some(weights) = weights {
            course.restore(weights.named, weights.metadata)?;
        }
        Ok(Self {
            course,
            sampler: Sampler::new(&material.language)?,
            epochs,
            batch: None,
            validation: None,
            at_end: false,
            sample: None,
            held_out: [None; 2],
            order,
            clock: host.clock,
        })
    }

    pub(crate) fn order(&self) -> &RunOrder {
        &self.order
    }

    /// Whether it trains, or writes the sample of its last step.
    pub(crate) fn has_work(&self) -> bool {
        self.course.plays() || self.sample.is_some()
    }

    pub(crate) fn play(&mut self) {
        self.course.play(None, None);
    }

    pub(crate) fn play_steps(&mut self, steps: u32) {
        self.course.play(Some(steps.max(1)), None);
    }

    pub(crate) fn pause(&mut self) {
        self.course.pause();
    }

    pub(crate) fn status(&self) -> RunStatus {
        self.course.status()
    }

    pub(crate) fn change(&mut self, recipe: &RunRecipe) -> Result<(), Failure> {
        let mut epochs = self.epochs.clone();
        epochs.change(recipe);
        let per_epoch = epochs.steps()?;
        self.course.run.change(recipe, per_epoch)?;
        self.course.replaced();
        self.order.recipe = recipe.clone();
        self.epochs = epochs;
        self.batch = None;
        Ok(())
    }

    /// Measures what is not learned from, all of it at once: how good a run is that has
    /// not begun.
    pub(crate) async fn measured(&mut self) -> Result<Event, Failure> {
        let mut validation = Validation::default();
        while !validation.piece(&self.course.run, &mut self.epochs).await? {}
        let values = validation.values();
        self.held_out = [values.first().map(|value| value.1); 2];
        Ok(Event::Validated {
            step: self.course.run.step(),
            values,
        })
    }

    /// The weights as they write now, or what was learned on top of them, in half
    /// precision, and what they are.
    pub(crate) async fn export(&self, device: &str) -> Result<(Vec<u8>, Exported), Failure> {
        if let (Tuning::Lora { rank, alpha }, Some(base)) = (self.order.tuning, &self.order.base) {
            let [before, after] = self.held_out;
            let card = AdapterCard {
                version: AdapterCard::VERSION,
                name: self
                    .order
                    .name
                    .clone()
                    .unwrap_or_else(|| ModelCard::YOURS.to_owned()),
                model: base.model.clone(),
                weights: hexadecimal(base.weights),
                rank,
                alpha,
                steps: self.course.run.step(),
                held_out: before.zip(after).map(|(before, after)| [before, after]),
            };
            let factors = self.course.run.weights().await?;
            let bytes = lampwork_weights::write_adapter(&card, &factors)?;
            return Ok((bytes, Exported::Adapter(card)));
        }
        let card = self.card(device);
        let bytes = self.course.export(&card, self.besides()).await?;
        Ok((bytes, Exported::Model(Box::new(card))))
    }

    /// Everything needed to go on, in full precision.
    pub(crate) async fn snapshot(&self, device: &str) -> Result<Vec<u8>, Failure> {
        self.course
            .snapshot(&self.card(device), self.besides())
            .await
    }

    fn card(&self, device: &str) -> ModelCard {
        let name = self.order.recipe.data.name();
        let mut source = match self.order.source {
            Source::Corpus => format!("{name}, the part that Lampwork's page fetches"),
            Source::Own { .. } => "a text of the visitor's own".to_owned(),
        };
        if let Some(base) = &self.order.base {
            source += &format!(", going on from {}", base.model);
        }
        self.course.card(device, source)
    }

    fn besides(&self) -> BTreeMap<String, String> {
        let tokenizer = self.epochs.corpus().tokenizer.to_json();
        BTreeMap::from([(TOKENIZER_KEY.to_owned(), tokenizer)])
    }

    /// One slice of a step, or a piece of what follows a step.
    pub(crate) async fn work(&mut self) -> Vec<Event> {
        let start = (self.clock)();
        let outcome = self.piece().await;
        self.course.seconds += ((self.clock)() - start) / 1e3;
        match outcome {
            Ok(news) => news,
            Err(failure) => {
                self.course.pause();
                vec![Event::Failed(failure), Event::Run(self.status())]
            }
        }
    }

    async fn piece(&mut self) -> Result<Vec<Event>, Failure> {
        if let Some(mut validation) = self.validation.take() {
            if !validation.piece(&self.course.run, &mut self.epochs).await? {
                self.validation = Some(validation);
                return Ok(vec![]);
            }
            return Ok(self.validated(validation.values()));
        }
        if let Some(sample) = &mut self.sample {
            let text = sample.piece().await?;
            let step = sample.step;
            return Ok(match text {
                Some(text) => {
                    self.sample = None;
                    vec![Event::Sample { step, text }]
                }
                None => vec![],
            });
        }
        if self.batch.is_none() {
            let (step, per_epoch) = (self.course.run.step(), self.course.run.steps_per_epoch());
            self.batch = Some(self.epochs.texts(step / per_epoch, step % per_epoch)?);
        }
        let Some(texts) = &self.batch else {
            return Ok(vec![]);
        };
        match self.course.run.advance(&given(texts)) {
            Advance::Slice => Ok(vec![]),
            Advance::Step(report) => {
                self.batch = None;
                let stepped = self.course.stepped(*report);
                self.stepped(stepped).await
            }
        }
    }

    /// What follows a step: reading, looking, and the ends that it may have met.
    async fn stepped(&mut self, stepped: Stepped) -> Result<Vec<Event>, Failure> {
        let Stepped {
            epoch_ends,
            all_done,
            pauses,
        } = stepped;
        let per_epoch = self.course.run.steps_per_epoch();
        let within = self.course.run.step() % per_epoch;
        let between = per_epoch.div_ceil(LOOKS).clamp(BETWEEN[0], BETWEEN[1]);
        let looks = within.is_multiple_of(between);
        let mut news = Vec::new();
        if self.course.due((self.clock)()) || epoch_ends || all_done || pauses {
            news.extend(self.flush().await?);
            if self.course.diverged() {
                return Ok(news);
            }
        }
        if epoch_ends || all_done || looks {
            self.validation = Some(Validation::default());
            self.at_end = epoch_ends || all_done;
        } else {
            self.course.pause_after_steps();
        }
        if !news.is_empty() {
            news.push(Event::Run(self.status()));
        }
        Ok(news)
    }

    /// What follows a validation: the figures, a sample, and whether to stop.
    fn validated(&mut self, values: Vec<(String, f32)>) -> Vec<Event> {
        let step = self.course.run.step();
        self.held_out[1] = values.first().map(|value| value.1);
        if self.at_end {
            // Where it went back to the best weights, the figure is theirs.
            self.held_out[1] = self.course.validated(&values).or(self.held_out[1]);
        } else {
            self.course.pause_after_steps();
        }
        let mut news = vec![Event::Validated { step, values }];
        match self.sampler.begin(&self.course.run) {
            Ok(sample) => self.sample = Some(sample),
            Err(failure) => news.push(Event::Failed(failure)),
        }
        news.push(Event::Run(self.status()));
        news
    }

    /// Reads the losses that wait. Where one is no number, the run goes back to its last
    /// sound state and stops.
    pub(crate) async fn flush(&mut self) -> Result<Vec<Event>, Failure> {
        let losses = self.course.flush().await?;
        let mut news = Vec::new();
        if !losses.steps.is_empty() {
            news.push(Event::Steps {
                steps: losses.steps,
            });
        }
        if losses.diverged {
            self.batch = None;
            news.push(Event::Run(self.status()));
        }
        Ok(news)
    }
}

/// A batch as a run takes it.
fn given(batch: &Batch) -> TextBatch<'_> {
    TextBatch {
        rows: batch.rows,
        columns: batch.columns,
        inputs: &batch.inputs,
        targets: &batch.targets,
        counts: &batch.counts,
    }
}
