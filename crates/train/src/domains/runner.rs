//! The training loop around `lampwork_models::DomainRun`.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

use anyhow::Result;
use burn::tensor::Device;
use futures::executor::block_on;
use lampwork_datasets::{Batches, Packed, steps_per_epoch};
use lampwork_models::reader::Teacher;
use lampwork_models::{DomainRun, Update};
use lampwork_protocol::{DomainsConfig, RunRecipe};
use serde_json::json;

use super::{Course, sheet};
use crate::atomic;
use crate::checkpoint::{self, State};
use crate::folder::RunFolder;
use crate::journal::Journal;
use crate::progress::Progress;
use crate::runner::{self, Ending, Options, Start, Trained};

/// How often an epoch is looked at.
const LOOKS: u64 = 2;

/// Pictures of the validation split that are measured.
const VALIDATED: usize = 96;

/// A run under way.
struct Trainer<'a> {
    folder: &'a RunFolder,
    config: &'a DomainsConfig,
    course: Course<'a>,
    device: &'a Device,
    options: &'a Options,
    run: DomainRun,
    state: State,
    journal: Journal,
    progress: Progress,
    began: Instant,
    seconds_before: f64,
}

/// What a run learns from.
#[derive(Debug)]
pub struct Lessons<'a> {
    /// How the nets are built and taught.
    pub config: &'a DomainsConfig,
    /// The pictures.
    pub packed: &'a Packed,
    /// The reader beside, where the lesson asks for one.
    pub teacher: Option<Teacher>,
}

/// Trains until the recipe's end or `stop`.
///
/// # Errors
/// As [`runner::train`].
pub fn train(
    folder: &RunFolder,
    recipe: &RunRecipe,
    lessons: Lessons<'_>,
    device: &Device,
    options: &Options,
    start: Start,
    stop: &AtomicBool,
) -> Result<Trained> {
    atomic::sweep(&folder.checkpoints());
    let Lessons {
        config,
        packed,
        teacher,
    } = lessons;
    let course = Course::new(config, packed)?;
    let per_epoch = steps_per_epoch(course.len(0), recipe.batch);
    let mut run = DomainRun::begin(recipe, per_epoch, device, options.update)?;
    let begun = runner::begin(&mut run, recipe, &packed.card.checksum, start)?;
    if let Some(teacher) = teacher {
        run.teach(teacher);
    }
    let progress = Progress::new(options.loudness, run.step(), run.total_steps());
    let mut journal = Journal::open(folder, begun.resumed)?;
    if begun.resumed.is_none() {
        journal.line(&json!({ "kind": "start", "recipe": recipe, "steps": run.total_steps() }))?;
    }
    let mut trainer = Trainer {
        folder,
        config,
        course,
        device,
        options,
        run,
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
        let recipe = &self.state.recipe;
        let mut batches = Batches::new(self.course.len(0), recipe.batch, recipe.seed);
        let mut saved_at = Instant::now();
        while self.run.step() < self.run.total_steps() {
            if stop.load(Ordering::Relaxed) {
                self.checkpoint()?;
                return Ok(Ending::Interrupted);
            }
            self.step(&mut batches)?;
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
        }
        Ok(Ending::Finished)
    }

    fn step(&mut self, batches: &mut Batches) -> Result<()> {
        let (step, per_epoch) = (self.run.step(), self.run.steps_per_epoch());
        let indices = batches.indices(step / per_epoch, step % per_epoch);
        let seed = self.state.recipe.seed;
        let shown = self.course.shown(0, &indices, seed, step);
        let report = match self.options.update {
            Update::Host => self.run.step_side_by_side(&shown.batch()),
            Update::Tensors => self.run.step_on(&shown.batch()),
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

    /// Measures a part of the validation split, and writes a sheet.
    fn look(&mut self) -> Result<()> {
        let count = VALIDATED.min(self.course.len(1)) as u32;
        let indices: Vec<u32> = (0..count).collect();
        let shown = self.course.shown(1, &indices, 0, 0);
        let values = block_on(self.run.validate(&shown.batch()))?;
        let (step, epoch) = (
            self.run.step(),
            self.run.step() / self.run.steps_per_epoch(),
        );
        self.check_numbers(step, &values)?;
        self.journal.figures("validation", step, epoch, &values)?;
        let said: Vec<_> = values.iter().map(|(n, v)| format!("{n} {v:.4}")).collect();
        self.progress
            .say(&format!("step {step}: validation {}", said.join(", ")));
        let nets = self.run.made();
        let sheet = sheet::sheet(&nets, self.config, &self.course, self.device)?;
        let path = self.folder.sheet(epoch);
        if let Some(folder) = path.parent() {
            atomic::folder(folder)?;
        }
        atomic::write(&path, &sheet.bytes)?;
        self.journal.sheet(step, sheet.size, &sheet.bytes)
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
}
