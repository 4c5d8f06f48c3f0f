//! The same commands for nets between two domains, and for readers.

use std::path::Path;

use anyhow::{Context, Result};
use burn::tensor::Device;
use lampwork_datasets::Packed;
use lampwork_models::DomainRun;
use lampwork_protocol::{DomainsConfig, ModelCard};
use lampwork_weights::Named;

use super::run::{ended, options, unwritten};
use super::{data_folder, measure, say, stop_on_signal, update};
use crate::checkpoint::State;
use crate::cli::{ClassifierArgs, Common, Saving};
use crate::domains::runner::{self, Lessons};
use crate::folder::{RunFile, RunFolder};
use crate::publish::{self, Model};
use crate::reading::{self, Role, Schooling};
use crate::runner::{Start, weights_to_ship};
use crate::{data, device};

/// What a run of such nets is told.
pub(super) struct Job<'a> {
    pub(super) folder: &'a RunFolder,
    pub(super) what: &'a RunFile,
    pub(super) config: &'a DomainsConfig,
    pub(super) common: &'a Common,
}

impl Job<'_> {
    /// Trains, then writes and measures the model.
    pub(super) fn go(&self, start: Start, saving: &Saving) -> Result<u8> {
        let stop = stop_on_signal()?;
        // The card names the commit that trains, not the one of when it is done.
        publish::commit();
        let device = device::open(self.common.device)?;
        let packed = data::load_for(&self.what.data_folder, &self.what.recipe)?;
        let teacher = self
            .config
            .read()
            .then(|| reading::teacher(&self.what.data_folder, &packed, &device))
            .transpose()?;
        let lessons = Lessons {
            config: self.config,
            packed: &packed,
            teacher,
        };
        let options = options(saving, self.common);
        let trained = runner::train(
            self.folder,
            &self.what.recipe,
            lessons,
            &device,
            &options,
            start,
            &stop,
        )?;
        if !ended(&trained, self.folder, self.common) {
            return Ok(130);
        }
        self.publish(
            (&trained.state, &trained.weights),
            &self.what.out,
            !saving.no_eval,
            (&packed, &device),
        )
        .with_context(|| unwritten(self.folder))?;
        Ok(0)
    }

    /// Writes the model of a checkpoint.
    pub(super) fn export(
        &self,
        (state, tensors): (&State, &[Named]),
        out: &Path,
        measured: bool,
    ) -> Result<u8> {
        let device = device::open(self.common.device)?;
        let packed = data::load_for(&self.what.data_folder, &self.what.recipe)?;
        let update = update(self.common.device);
        let mut run = DomainRun::begin(&self.what.recipe, 1, &device, update)?;
        run.restore(tensors)?;
        let weights = weights_to_ship(self.folder, state, &run)?;
        self.publish((state, &weights), out, measured, (&packed, &device))?;
        Ok(0)
    }

    fn publish(
        &self,
        (state, weights): (&State, &[Named]),
        out: &Path,
        measured: bool,
        (packed, device): (&Packed, &Device),
    ) -> Result<()> {
        let card = ModelCard {
            version: ModelCard::VERSION,
            name: self.what.name.clone(),
            recipe: self.what.recipe.clone(),
            licence: publish::LICENCE.to_owned(),
            data_source: format!(
                "{}: {} ({})",
                packed.card.title, packed.card.source, packed.card.licence
            ),
            commit: publish::commit(),
            device: device::describe(self.common.device),
            steps: state.step,
            seconds: state.seconds,
            figures: Vec::new(),
            directions: Vec::new(),
        };
        let hash = publish::write(out, &card, weights)?;
        say(self.common)(&format!(
            "written to {} (hash {})",
            out.display(),
            publish::hexadecimal(&hash)
        ));
        if measured {
            // What is measured is the file: its weights are in half precision.
            let model: Model = publish::read(out)?;
            measure::measure(&model, packed, device, true, self.common)?;
        }
        Ok(())
    }
}

/// Trains a reader of characters.
pub(super) fn reader(arguments: &ClassifierArgs) -> Result<u8> {
    let common = &arguments.common;
    let device = device::open(common.device)?;
    let folder = data_folder(common)?;
    let packed = data::load(&folder, arguments.data)?;
    let role = match arguments.teacher {
        true => Role::Teacher,
        false => Role::Judge,
    };
    let file = arguments.out.clone().unwrap_or_else(|| role.file(&folder));
    let schooling = Schooling {
        role,
        epochs: arguments.epochs.unwrap_or(80),
        seed: arguments.seed.unwrap_or(role.seed()),
        nets: arguments.nets as usize,
        update: update(common.device),
    };
    let card = reading::train(&packed, &schooling, &file, &device, say(common))?;
    let mean = card.read.iter().sum::<f32>() / card.read.len().max(1) as f32;
    println!(
        "{}: {:.2} % of the pictures kept from it read right, the mean of the hands",
        file.display(),
        100.0 * mean
    );
    Ok(0)
}
