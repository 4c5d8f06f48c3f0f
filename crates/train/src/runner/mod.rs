//! The training loop around `lampwork_models::Run`: epochs, figures, checkpoints.

mod epoch;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

use anyhow::{Context, Result, bail};
use burn::tensor::Device;
use futures::executor::block_on;
use lampwork_datasets::{Batches, Packed, Phrases, batch, steps_per_epoch};
use lampwork_models::perceptual::Perceptual;
use lampwork_models::run::Families;
use lampwork_models::{Batch, Run, Update};
use lampwork_protocol::RunRecipe;
use lampwork_weights::{Named, Precision};
use serde_json::json;

use crate::atomic;
use crate::checkpoint::{self, Best, Loaded, State};
use crate::folder::RunFolder;
use crate::journal::Journal;
use crate::judge::Judge;
use crate::progress::{Loudness, Progress};
use crate::words;

/// What does not decide the weights.
#[derive(Debug, Clone)]
pub struct Options {
    /// Checkpoint after so many seconds, beside the one at each epoch's end.
    pub checkpoint_seconds: f64,
    /// Checkpoint every so many steps too; 0 for never.
    pub checkpoint_steps: u64,
    /// Read and log a step's figures every so many steps.
    pub log_steps: u64,
    /// How much is said.
    pub loudness: Loudness,
    /// Where updates are computed.
    pub update: Update,
    /// What a net that restyles is taught by.
    pub eye: Option<Arc<Perceptual>>,
}

impl Default for Options {
    fn default() -> Self {
        Options {
            checkpoint_seconds: 60.0,
            checkpoint_steps: 0,
            log_steps: 20,
            loudness: Loudness::Normal,
            update: Update::Host,
            eye: None,
        }
    }
}

/// How a run ended.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Ending {
    /// All epochs are done.
    Finished,
    /// The validation loss had stopped falling.
    StoppedEarly,
    /// It was asked to stop; a checkpoint holds where it stands.
    Interrupted,
}

/// What came of a run.
#[derive(Debug)]
pub struct Trained {
    /// How it ended.
    pub ending: Ending,
    /// Where it stood.
    pub state: State,
    /// The weights to ship: with early stopping, of the best epoch.
    pub weights: Vec<Named>,
}

/// A run under way.
struct Trainer<'a> {
    folder: &'a RunFolder,
    packed: &'a Packed,
    /// In which words its pictures are told, for a model with words.
    phrases: Option<Phrases>,
    device: &'a Device,
    options: &'a Options,
    run: Run,
    state: State,
    journal: Journal,
    progress: Progress,
    /// The classifier that a GAN's samples are shown to.
    judge: Option<Judge>,
    /// When this process began to train, and the seconds before it.
    began: Instant,
    seconds_before: f64,
}

/// Trains until the recipe's end, early stopping, or `stop`.
///
/// `from` is a checkpoint to go on from; `start` gives weights to begin with.
///
/// # Errors
/// Where the recipe cannot be trained, a file cannot be written, or a loss is no
/// longer a number; the last checkpoint is whole in every case.
pub fn train(
    folder: &RunFolder,
    recipe: &RunRecipe,
    packed: &Packed,
    device: &Device,
    options: &Options,
    start: Start,
    stop: &AtomicBool,
) -> Result<Trained> {
    // Only who trains may tidy: a reader could take a live run's file from under it.
    crate::atomic::sweep(&folder.checkpoints());
    let mut trainer = Trainer::new(folder, recipe, packed, device, options, start)?;
    let ending = trainer.train(stop)?;
    trainer.progress.end();
    Ok(Trained {
        ending,
        weights: weights_to_ship(folder, &trainer.state, &trainer.run)?,
        state: trainer.state,
    })
}

/// What a run begins with.
#[derive(Debug)]
pub enum Start {
    /// Weights drawn from the recipe's seed.
    Fresh,
    /// Weights of the same net.
    Weights(Vec<Named>),
    /// A checkpoint.
    Checkpoint(Box<Loaded>),
}

impl From<Option<Loaded>> for Start {
    /// The checkpoint there is, else a fresh start.
    fn from(loaded: Option<Loaded>) -> Start {
        loaded.map_or(Start::Fresh, |loaded| Start::Checkpoint(Box::new(loaded)))
    }
}

impl<'a> Trainer<'a> {
    fn new(
        folder: &'a RunFolder,
        recipe: &RunRecipe,
        packed: &'a Packed,
        device: &'a Device,
        options: &'a Options,
        start: Start,
    ) -> Result<Trainer<'a>> {
        let per_epoch = steps_per_epoch(packed.train.len(), recipe.batch);
        let mut run = Run::new(recipe, per_epoch, device, options.update)?;
        if let Some(eye) = &options.eye {
            run.see_by(Arc::clone(eye));
        }
        let Begun { state, resumed } = begin(&mut run, recipe, &packed.card.checksum, start)?;
        let progress = Progress::new(options.loudness, run.step(), run.total_steps());
        let mut journal = Journal::open(folder, resumed)?;
        if resumed.is_none() {
            journal
                .line(&json!({ "kind": "start", "recipe": recipe, "steps": run.total_steps() }))?;
        }
        Ok(Trainer {
            folder,
            packed,
            phrases: words::phrases(&recipe.model, packed)?,
            device,
            options,
            run,
            seconds_before: state.seconds,
            state,
            journal,
            progress,
            judge: None,
            began: Instant::now(),
        })
    }

    fn recipe(&self) -> &RunRecipe {
        &self.state.recipe
    }

    /// Epochs completed.
    fn epoch(&self) -> u64 {
        self.run.step() / self.run.steps_per_epoch()
    }

    fn train(&mut self, stop: &AtomicBool) -> Result<Ending> {
        if self.state.patience_is_over(self.epoch()) {
            return Ok(Ending::StoppedEarly);
        }
        let recipe = self.recipe().clone();
        let mut batches = Batches::new(self.packed.train.len(), recipe.batch, recipe.seed);
        let mut saved_at = Instant::now();
        while self.run.step() < self.run.total_steps() {
            if stop.load(Ordering::Relaxed) {
                self.checkpoint()?;
                return Ok(Ending::Interrupted);
            }
            self.step(&mut batches)?;
            let step = self.run.step();
            if step.is_multiple_of(self.run.steps_per_epoch()) {
                self.end_epoch()
                    .with_context(|| format!("epoch {} is not finished", self.epoch()))?;
                self.checkpoint()?;
                saved_at = Instant::now();
                if self.state.patience_is_over(self.epoch()) {
                    return Ok(Ending::StoppedEarly);
                }
            } else if saved_at.elapsed().as_secs_f64() >= self.options.checkpoint_seconds
                || (self.options.checkpoint_steps > 0
                    && step.is_multiple_of(self.options.checkpoint_steps))
            {
                self.checkpoint()?;
                saved_at = Instant::now();
            }
        }
        Ok(Ending::Finished)
    }

    fn step(&mut self, batches: &mut Batches) -> Result<()> {
        let step = self.run.step();
        let per_epoch = self.run.steps_per_epoch();
        let recipe = &self.state.recipe;
        let indices = batches.indices(step / per_epoch, step % per_epoch);
        let examples = batch(
            &self.packed.train,
            &indices,
            recipe.data,
            &recipe.augment,
            self.phrases.as_ref(),
            recipe.seed,
            step,
        );
        let batch = Batch {
            pictures: &examples.pictures,
            labels: &examples.labels,
            words: &examples.words,
        };
        let report = match self.options.update {
            Update::Host => self.run.step_side_by_side(&batch),
            Update::Tensors => self.run.step_on(&batch),
        };
        let step = step + 1;
        if step.is_multiple_of(self.options.log_steps) || step.is_multiple_of(per_epoch) {
            let values = block_on(report.read())?;
            self.check_numbers(step, &values)?;
            self.progress.at(step, self.state.recipe.batch, &values);
            self.journal
                .figures("train", step, step / per_epoch, &values)?;
        }
        Ok(())
    }

    fn check_numbers(&self, step: u64, values: &[(String, f32)]) -> Result<()> {
        let sound = check_numbers(self.folder, self.recipe(), step, values);
        if sound.is_err() {
            self.progress.end();
        }
        sound
    }

    fn checkpoint(&mut self) -> Result<()> {
        self.state.step = self.run.step();
        self.state.seconds = self.seconds_before + self.began.elapsed().as_secs_f64();
        self.state.log_bytes = self.journal.sync()?;
        let tensors = block_on(self.run.save())?;
        checkpoint::write(self.folder, &self.state, &tensors)
    }
}

/// Keeps the weights beside the run, with early stopping, where they are the best so
/// far: `loss` is that of the validation split.
///
/// # Errors
/// Where the device fails or the file cannot be written.
pub(crate) fn keep_best<F: Families>(
    folder: &RunFolder,
    state: &mut State,
    run: &Run<F>,
    loss: f32,
) -> Result<()> {
    let Some(early) = state.recipe.early_stopping else {
        return Ok(());
    };
    if (state.best).is_some_and(|best| loss > best.loss - early.min_delta) {
        return Ok(());
    }
    let weights = block_on(run.weights())?;
    let bytes = lampwork_weights::write(&weights, &BTreeMap::new(), Precision::Full)?;
    atomic::write(&folder.best(), &bytes)?;
    state.best = Some(Best {
        epoch: run.step() / run.steps_per_epoch(),
        step: run.step(),
        loss,
    });
    Ok(())
}

/// Where a run begins.
pub(crate) struct Begun {
    pub(crate) state: State,
    /// Step and length of the log of the checkpoint it goes on from.
    pub(crate) resumed: Option<(u64, u64)>,
}

/// Gives a run what it begins with; `checksum` is that of the data.
///
/// # Errors
/// Where the weights are of another net, or the checkpoint of other data.
pub(crate) fn begin<F: Families>(
    run: &mut Run<F>,
    recipe: &RunRecipe,
    checksum: &str,
    start: Start,
) -> Result<Begun> {
    let mut state = State {
        recipe: recipe.clone(),
        step: 0,
        seconds: 0.0,
        log_bytes: 0,
        data: checksum.to_owned(),
        best: None,
    };
    let mut resumed = None;
    match start {
        Start::Fresh => {}
        Start::Weights(weights) => run.restore(&weights)?,
        Start::Checkpoint(loaded) => {
            if loaded.state.data != checksum {
                bail!(
                    "this run was trained on other data (checksum {}, and the data here has {checksum}): \
                     say by --data-dir where its data is",
                    loaded.state.data
                );
            }
            run.restore(&loaded.tensors)?;
            resumed = Some((loaded.state.step, loaded.state.log_bytes));
            state = State {
                recipe: recipe.clone(),
                ..loaded.state
            };
        }
    }
    Ok(Begun { state, resumed })
}

/// Stops a run whose loss is no longer a number before it is saved.
pub(crate) fn check_numbers(
    folder: &RunFolder,
    recipe: &RunRecipe,
    step: u64,
    values: &[(String, f32)],
) -> Result<()> {
    let Some((name, value)) = values.iter().find(|(_, value)| !value.is_finite()) else {
        return Ok(());
    };
    let what = format!("the {name} was {value} at step {step}: the run has diverged");
    let gentler = recipe.optimizer.learning_rate / 3.0;
    match checkpoint::newest(folder).first() {
        Some(last) => bail!(
            "{what}. The last good weights are in {}; go on from them more gently, e.g. \
             `train resume {} --set optimizer.learning_rate={gentler:e}`",
            last.display(),
            folder.path().display(),
        ),
        None => bail!(
            "{what}, before the first checkpoint. Start anew with a smaller learning rate, \
             e.g. --learning-rate {gentler:e}"
        ),
    }
}

/// The weights to ship of a run that stands at `state`: with early stopping,
/// those of the best epoch so far.
///
/// # Errors
/// Where they cannot be read.
pub fn weights_to_ship<F: Families>(
    folder: &RunFolder,
    state: &State,
    run: &Run<F>,
) -> Result<Vec<Named>> {
    if state.best.is_none() || state.recipe.early_stopping.is_none() {
        return Ok(block_on(run.weights())?);
    }
    let path = folder.best();
    let read = || anyhow::Ok(lampwork_weights::read(&std::fs::read(&path)?)?.0);
    read().with_context(|| format!("cannot read the best weights, {}", path.display()))
}
