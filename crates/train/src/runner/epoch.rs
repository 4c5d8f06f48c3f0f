//! What is done at an epoch's end: validation, a figure for collapse, a sheet.

use anyhow::{Context, Result};
use futures::executor::block_on;
use lampwork_datasets::Batches;
use lampwork_metrics::{agreement, class_entropy, spread};
use lampwork_models::{Batch, sample};
use lampwork_protocol::{Augment, Latent, ModelConfig};

use super::Trainer;
use crate::judge::{self, Judge};
use crate::{atomic, make, restyle, sheet, translate};

/// Pictures that the spread of a GAN is taken over.
const SPREAD_OVER: usize = 200;

/// Below this share of the real data's spread a GAN's collapse is spoken of.
const COLLAPSE: f64 = 0.5;

/// Captions across a sheet of a model with words.
const SAID: usize = 16;

/// Validation examples measured at once.
const VALIDATE_AT_ONCE: usize = 250;

impl Trainer<'_> {
    pub(super) fn end_epoch(&mut self) -> Result<()> {
        self.validate()?;
        if matches!(
            self.recipe().model,
            ModelConfig::Gan(_) | ModelConfig::Style(_)
        ) {
            self.measure_samples()?;
        }
        self.save_sheet()
    }

    /// Means over the validation split; keeps the best epoch's weights.
    fn validate(&mut self) -> Result<()> {
        let examples = &self.packed.validation;
        let mut sums: Vec<(String, f64)> = Vec::new();
        let all: Vec<u32> = (0..examples.len() as u32).collect();
        for indices in all.chunks(VALIDATE_AT_ONCE) {
            // What is measured is the data as it is: nothing is augmented.
            let plain = lampwork_datasets::batch(
                examples,
                indices,
                self.recipe().data,
                &Augment::default(),
                self.phrases.as_ref(),
                0,
                0,
            );
            let values = block_on(self.run.validate(&Batch {
                pictures: &plain.pictures,
                labels: &plain.labels,
                words: &plain.words,
            }))?;
            let share = indices.len() as f64 / all.len() as f64;
            if sums.is_empty() {
                sums = values.iter().map(|(name, _)| (name.clone(), 0.0)).collect();
            }
            for ((_, sum), (_, value)) in sums.iter_mut().zip(&values) {
                *sum += share * f64::from(*value);
            }
        }
        if sums.is_empty() {
            return Ok(());
        }
        let values: Vec<(String, f32)> = sums.into_iter().map(|(n, v)| (n, v as f32)).collect();
        let (step, epoch) = (self.run.step(), self.epoch());
        self.check_numbers(step, &values)?;
        self.journal.figures("validation", step, epoch, &values)?;
        let shown: Vec<_> = values.iter().map(|(n, v)| format!("{n} {v:.2}")).collect();
        self.progress
            .say(&format!("epoch {epoch}: validation {}", shown.join(", ")));
        super::keep_best(self.folder, &mut self.state, &self.run, values[0].1)
    }

    /// How varied a GAN's pictures are within a class, beside real ones, and what
    /// the classifier sees in them.
    fn measure_samples(&mut self) -> Result<()> {
        let recipe = self.recipe();
        let classes = recipe.model.classes();
        let indices = Batches::new(self.packed.train.len(), SPREAD_OVER, recipe.seed).indices(0, 0);
        let plain = Augment::default();
        let real = lampwork_datasets::batch(
            &self.packed.train,
            &indices,
            recipe.data,
            &plain,
            None,
            0,
            0,
        );
        // An unconditional model's pictures have no class: neither side is split.
        let labels = match classes {
            0 => vec![0; SPREAD_OVER],
            _ => real.labels.clone(),
        };
        let latents = make::draws(recipe.seed, SPREAD_OVER as u32, 1.0, |index| {
            (classes > 0).then(|| labels[index as usize])
        });
        let made = make::pictures(&self.run.sampler(), &latents, None, self.device)?;
        let spread = spread(&made, &labels)? / spread(&real.pictures, &labels)?;
        let mut values = vec![("spread", spread)];
        // What measures colour pictures matches words and knows no classes.
        if !recipe.data.captioned() {
            let seen = judge::see(self.judge()?, &made)?.classes;
            let entropy = class_entropy(&judge::counts(&seen))?.bits;
            values.push(("class_entropy", entropy));
            if classes > 0 {
                values.push(("agreement", agreement(&labels, &seen)?));
            }
        }
        let values: Vec<(String, f32)> = values
            .into_iter()
            .map(|(name, value)| (name.to_owned(), value as f32))
            .collect();
        let (step, epoch) = (self.run.step(), self.epoch());
        self.journal.figures("samples", step, epoch, &values)?;
        // The average of the weights has to leave its start before it says much.
        let settled = 4 * step > self.run.total_steps();
        let warning = if settled && spread < COLLAPSE {
            ": the generator is collapsing onto few pictures"
        } else {
            ""
        };
        let shown: Vec<_> = values.iter().map(|(n, v)| format!("{n} {v:.2}")).collect();
        self.progress.say(&format!(
            "epoch {epoch}: samples {}{warning}",
            shown.join(", ")
        ));
        Ok(())
    }

    /// The classifier, read when it is first asked.
    fn judge(&mut self) -> Result<&Judge> {
        if self.judge.is_none() {
            self.judge = Some(judge::shipped(self.packed.data, self.device)?);
        }
        self.judge.as_ref().context("it was just read")
    }

    /// Captions over and over: the left half of a row are of the training split,
    /// the right half of the validation split; each row in another style.
    fn said(&self) -> Vec<Latent> {
        let recipe = self.recipe();
        let classes = recipe.model.classes();
        let splits = [&self.packed.train, &self.packed.validation];
        let captions = splits.into_iter().flat_map(|split| {
            // Spread over the split, as its neighbours are often alike.
            (0..SAID / 2).map(|place| split.concepts[place * split.len() / (SAID / 2)])
        });
        let captions: Vec<&str> = captions
            .map(|concept| &*self.packed.concepts[usize::from(concept)].en)
            .collect();
        let style = |index: u32| (classes > 0).then(|| (index as usize / SAID % classes) as u8);
        make::draws(recipe.seed, 6 * SAID as u32, 1.0, style)
            .into_iter()
            .zip(captions.iter().cycle())
            .map(|(draw, words)| Latent::Worded {
                of: Box::new(draw),
                words: (*words).to_owned(),
            })
            .collect()
    }

    /// A sheet from the same noise every epoch.
    fn save_sheet(&mut self) -> Result<()> {
        if let ModelConfig::Translate(config) = &self.recipe().model {
            let split = &self.packed.validation;
            if let (Some(restyle), Some(net)) = (&config.restyle, self.run.sampler().translator()) {
                let sheet = restyle::sheet(net, restyle, split, self.device)?;
                return self.write_sheet(&sheet);
            }
            let sheet = translate::sheet(&self.run.sampler(), config, split, self.device)?;
            return self.write_sheet(&sheet);
        }
        let recipe = self.recipe();
        let classes = recipe.model.classes();
        let (columns, latents) = if recipe.model.words() > 0 {
            (SAID, self.said())
        } else {
            let columns = if classes > 0 { classes } else { 8 };
            let class = make::every_class(classes);
            let latents = make::draws(recipe.seed, 8 * columns as u32, 1.0, class);
            (columns, latents)
        };
        let made = make::pictures(&self.run.sampler(), &latents, None, self.device)?;
        let sheet = sheet::png(&sample::to_bytes(&made), recipe.model.shape(), columns);
        self.write_sheet(&sheet)
    }

    fn write_sheet(&mut self, sheet: &sheet::Sheet) -> Result<()> {
        let path = self.folder.sheet(self.epoch());
        if let Some(folder) = path.parent() {
            atomic::folder(folder)?;
        }
        atomic::write(&path, &sheet.bytes)?;
        self.journal
            .sheet(self.run.step(), sheet.size, &sheet.bytes)
    }
}
