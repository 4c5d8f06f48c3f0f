//! The training loop around `lampwork_models::TextRun`.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

use anyhow::Result;
use burn::tensor::Device;
use futures::executor::block_on;
use lampwork_models::{TextRun, Update};
use lampwork_protocol::RunRecipe;
use lampwork_text::{Corpus, Split};
use lampwork_weights::Precision;
use serde_json::json;

use super::write::{self, Order};
use super::{Epochs, given, measured};
use crate::atomic;
use crate::checkpoint::{self, Best, State};
use crate::folder::RunFolder;
use crate::journal::Journal;
use crate::progress::Progress;
use crate::runner::{self, Ending, Options, Start, Trained};

/// How often an epoch is looked at: its validation loss, and what the net writes.
const LOOKS: u64 = 4;

/// Batches of the validation split that are measured each time.
const VALIDATED: usize = 16;

/// A run under way.
struct Trainer<'a> {
    folder: &'a RunFolder,
    corpus: &'a Corpus,
    options: &'a Options,
    run: TextRun,
    epochs: Epochs<'a>,
    state: State,
    journal: Journal,
    progress: Progress,
    began: Instant,
    seconds_before: f64,
}

/// Trains until the recipe's end, early stopping, or `stop`.
///
/// # Errors
/// As [`runner::train`].
pub fn train(
    folder: &RunFolder,
    recipe: &RunRecipe,
    corpus: &Corpus,
    device: &Device,
    options: &Options,
    start: Start,
    stop: &AtomicBool,
) -> Result<Trained> {
    atomic::sweep(&folder.checkpoints());
    let mut epochs = Epochs::new(corpus, recipe);
    let mut run = TextRun::begin(recipe, epochs.steps()?, device, options.update)?;
    let begun = runner::begin(&mut run, recipe, &corpus.card.checksum, start)?;
    let progress = Progress::new(options.loudness, run.step(), run.total_steps());
    let mut journal = Journal::open(folder, begun.resumed)?;
    if begun.resumed.is_none() {
        journal.line(&json!({ "kind": "start", "recipe": recipe, "steps": run.total_steps() }))?;
    }
    let mut trainer = Trainer {
        folder,
        corpus,
        options,
        run,
        epochs,
        seconds_before: begun.state.seconds,
        state: begun.state,
        journal,
        progress,
        began: Instant::now(),
    };
    let ending = trainer.train(stop)?;
    trainer.progress.end();
    Ok(Trained {
        ending,
        weights: runner::weights_to_ship(folder, &trainer.state, &trainer.run)?,
        state: trainer.state,
    })
}

impl Trainer<'_> {
    fn train(&mut self, stop: &AtomicBool) -> Result<Ending> {
        let per_epoch = self.run.steps_per_epoch();
        let look = per_epoch.div_ceil(LOOKS).max(1);
        let mut saved_at = Instant::now();
        if self.patience_is_over() {
            return Ok(Ending::StoppedEarly);
        }
        while self.run.step() < self.run.total_steps() {
            if stop.load(Ordering::Relaxed) {
                self.checkpoint()?;
                return Ok(Ending::Interrupted);
            }
            self.step()?;
            let step = self.run.step();
            let within = step % per_epoch;
            if within == 0 || within.is_multiple_of(look) {
                self.look()?;
            }
            let every = self.options.checkpoint_steps;
            let due = saved_at.elapsed().as_secs_f64() >= self.options.checkpoint_seconds;
            if within == 0 || due || (every > 0 && step.is_multiple_of(every)) {
                self.checkpoint()?;
                saved_at = Instant::now();
            }
            if within == 0 && self.patience_is_over() {
                return Ok(Ending::StoppedEarly);
            }
        }
        Ok(Ending::Finished)
    }

    fn step(&mut self) -> Result<()> {
        let (step, per_epoch) = (self.run.step(), self.run.steps_per_epoch());
        let texts = self.epochs.texts(step / per_epoch, step % per_epoch)?;
        let batch = given(&texts);
        let report = match self.options.update {
            Update::Host => self.run.step_side_by_side(&batch),
            Update::Tensors => self.run.step_on(&batch),
        };
        let step = step + 1;
        if step.is_multiple_of(self.options.log_steps) || step.is_multiple_of(per_epoch) {
            let values = block_on(report.read())?;
            self.check_numbers(step, &values)?;
            self.progress.at(step, self.state.recipe.batch, &values);
            let epoch = step / per_epoch;
            self.journal.figures("train", step, epoch, &values)?;
        }
        Ok(())
    }

    /// Measures a part of the validation split, keeps the best weights, and has the net
    /// write.
    fn look(&mut self) -> Result<()> {
        let context = self.state.recipe.model.context();
        let mut sums: Vec<(String, f64)> = Vec::new();
        let mut counted = 0;
        for texts in measured(self.corpus, Split::Validation, context, VALIDATED)? {
            let batch = given(&texts);
            let weight = batch.counted();
            let values = block_on(self.run.validate(&batch))?;
            if sums.is_empty() {
                sums = values.iter().map(|(name, _)| (name.clone(), 0.0)).collect();
            }
            for ((_, sum), (_, value)) in sums.iter_mut().zip(&values) {
                *sum += weight as f64 * f64::from(*value);
            }
            counted += weight;
        }
        let mean = |sum: f64| (sum / counted.max(1) as f64) as f32;
        let values: Vec<_> = sums
            .into_iter()
            .map(|(name, sum)| (name, mean(sum)))
            .collect();
        let (step, epoch) = (self.run.step(), self.epoch());
        self.check_numbers(step, &values)?;
        self.journal.figures("validation", step, epoch, &values)?;
        let shown: Vec<_> = values.iter().map(|(n, v)| format!("{n} {v:.3}")).collect();
        let orders = Order::usual(self.corpus)?;
        let writer = self.run.writer();
        let mut written = Vec::new();
        for order in orders {
            let texts = write::write(&writer, &self.corpus.tokenizer, &order)?;
            self.journal.line(&json!({
                "kind": "text", "step": step, "epoch": epoch, "asked": order.asked, "texts": texts,
            }))?;
            written.extend(texts);
        }
        self.progress.say(&format!(
            "step {step}: validation {}\n{}",
            shown.join(", "),
            written.join("\n")
        ));
        self.keep_best(values.first().map_or(f32::NAN, |value| value.1))
    }

    fn keep_best(&mut self, loss: f32) -> Result<()> {
        let Some(early) = self.state.recipe.early_stopping else {
            return Ok(());
        };
        if self
            .state
            .best
            .is_some_and(|best| loss > best.loss - early.min_delta)
        {
            return Ok(());
        }
        let weights = block_on(self.run.weights())?;
        let bytes = lampwork_weights::write(&weights, &BTreeMap::new(), Precision::Full)?;
        atomic::write(&self.folder.best(), &bytes)?;
        self.state.best = Some(Best {
            epoch: self.epoch(),
            step: self.run.step(),
            loss,
        });
        Ok(())
    }

    /// Epochs completed.
    fn epoch(&self) -> u64 {
        self.run.step() / self.run.steps_per_epoch()
    }

    fn check_numbers(&self, step: u64, values: &[(String, f32)]) -> Result<()> {
        let sound = runner::check_numbers(self.folder, &self.state.recipe, step, values);
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

    fn patience_is_over(&self) -> bool {
        match (self.state.recipe.early_stopping, self.state.best) {
            (Some(early), Some(Best { epoch, .. })) => {
                self.epoch() >= epoch + early.patience.max(1) as u64
            }
            _ => false,
        }
    }
}
