//! `train run`, `resume`, `export` and `list`.

use std::path::Path;

use anyhow::{Context, Result, anyhow};
use burn::tensor::Device;
use lampwork_datasets::{Packed, steps_per_epoch};
use lampwork_models::Run;
use lampwork_protocol::{Modality, ModelCard, ModelConfig, TranslateConfig};
use lampwork_weights::Named;

use super::{data_folder, domains, loudness, measure, say, stop_on_signal, update};
use crate::checkpoint::{self, Loaded, State};
use crate::cli::{Common, ExportArgs, ResumeArgs, RunArgs, Saving};
use crate::device::{self, DeviceName};
use crate::folder::{RunFile, RunFolder, project_root, runs_in};
use crate::progress::duration;
use crate::runner::{self, Ending, Options, Start, Trained};
use crate::{data, presets, publish, recipe, text};

pub(super) fn run(arguments: &RunArgs) -> Result<u8> {
    let preset = recipe::preset(&arguments.preset)?;
    let recipe = recipe::apply(preset.recipe, &arguments.settings)?;
    let name = match &arguments.name {
        Some(name) => name.clone(),
        None => stem(&arguments.preset),
    };
    publish::check_name(&name)?;
    let text = recipe.data.modality() == Modality::Text;
    let root = project_root();
    let folder = RunFolder::new(
        arguments
            .run_dir
            .clone()
            .unwrap_or_else(|| root.join("runs").join(&name)),
    );
    let what = RunFile {
        out: arguments
            .out
            .clone()
            .unwrap_or_else(|| root.join("static/models").join(&name)),
        name,
        recipe,
        data_folder: data_folder(&arguments.common)?,
    };
    let start = match &arguments.from {
        Some(file) => Start::Weights(publish::read(file)?.weights),
        None => Start::Fresh,
    };
    if text {
        let corpus = text::load(&what.data_folder, what.recipe.data)?;
        let recipe = text::fitted(what.recipe.clone(), &corpus)?;
        let what = RunFile { recipe, ..what };
        lampwork_models::run::check_recipe(&what.recipe)?;
        if arguments.overwrite {
            folder.remove()?;
        }
        folder.start(&what)?;
        let (saving, common) = (&arguments.saving, &arguments.common);
        return super::text::go(&folder, &what, &corpus, start, saving, common);
    }
    if let ModelConfig::Domains(config) = &what.recipe.model {
        lampwork_models::run::check_recipe(&what.recipe)?;
        if arguments.overwrite {
            folder.remove()?;
        }
        folder.start(&what)?;
        let job = domains::Job {
            folder: &folder,
            what: &what,
            config,
            common: &arguments.common,
        };
        return job.go(start, &arguments.saving);
    }
    let job = Job {
        device: device::open(arguments.common.device)?,
        packed: data::load_for(&what.data_folder, &what.recipe)?,
        folder: &folder,
        what: &what,
        saving: &arguments.saving,
        common: &arguments.common,
    };
    // All that can be refused is refused before a folder is made or emptied.
    lampwork_models::run::check_recipe(&what.recipe)?;
    if arguments.overwrite {
        folder.remove()?;
    }
    folder.start(&what)?;
    job.go(start)
}

/// The preset's name, or that of its file.
fn stem(preset: &str) -> String {
    let stem = Path::new(preset).file_stem();
    stem.map_or_else(
        || preset.to_owned(),
        |stem| stem.to_string_lossy().into_owned(),
    )
}

pub(super) fn resume(arguments: &ResumeArgs) -> Result<u8> {
    let folder = RunFolder::new(&arguments.run);
    let say = say(&arguments.common);
    let (mut what, loaded) = read(&folder)?;
    what.recipe = recipe::apply(what.recipe, &arguments.settings)?;
    if let Some(folder) = &arguments.common.data_dir {
        what.data_folder = folder.clone();
    }
    match &loaded {
        Some(loaded) => say(&format!("going on from step {}", loaded.state.step)),
        None => say("there is no checkpoint yet: beginning at step 0"),
    }
    if what.recipe.data.modality() == Modality::Text {
        let corpus = text::load(&what.data_folder, what.recipe.data)?;
        let (saving, common) = (&arguments.saving, &arguments.common);
        return super::text::go(&folder, &what, &corpus, Start::from(loaded), saving, common);
    }
    if let ModelConfig::Domains(config) = &what.recipe.model {
        let job = domains::Job {
            folder: &folder,
            what: &what,
            config,
            common: &arguments.common,
        };
        return job.go(Start::from(loaded), &arguments.saving);
    }
    let job = Job {
        device: device::open(arguments.common.device)?,
        packed: data::load_for(&what.data_folder, &what.recipe)?,
        folder: &folder,
        what: &what,
        saving: &arguments.saving,
        common: &arguments.common,
    };
    job.go(Start::from(loaded))
}

/// What was started, with the recipe in force at its newest checkpoint.
pub(super) fn read(folder: &RunFolder) -> Result<(RunFile, Option<Loaded>)> {
    let mut what = folder.read()?;
    let loaded = checkpoint::read_newest(folder)?;
    if let Some(loaded) = &loaded {
        what.recipe = loaded.state.recipe.clone();
        for unreadable in &loaded.unreadable {
            eprintln!("passed over a checkpoint that cannot be read: {unreadable}");
        }
    }
    Ok((what, loaded))
}

/// A run with everything it needs.
struct Job<'a> {
    folder: &'a RunFolder,
    what: &'a RunFile,
    packed: Packed,
    device: Device,
    saving: &'a Saving,
    common: &'a Common,
}

impl Job<'_> {
    /// Trains, then writes and measures the model.
    fn go(&self, start: Start) -> Result<u8> {
        let stop = stop_on_signal()?;
        // The card names the commit that trains, not the one of when it is done.
        publish::commit();
        let mut options = options(self.saving, self.common);
        if let ModelConfig::Translate(TranslateConfig {
            restyle: Some(restyle),
            ..
        }) = &self.what.recipe.model
        {
            let folder = &self.what.data_folder;
            options.eye = Some(crate::restyle::eye(folder, restyle, &self.device)?);
        }
        let (folder, recipe) = (self.folder, &self.what.recipe);
        let trained = runner::train(
            folder,
            recipe,
            &self.packed,
            &self.device,
            &options,
            start,
            &stop,
        )?;
        if !ended(&trained, folder, self.common) {
            return Ok(130);
        }
        let finished = Finished {
            what: self.what,
            state: &trained.state,
            weights: &trained.weights,
            out: &self.what.out,
        };
        let advice = unwritten(folder);
        finished
            .publish(
                &self.packed,
                &self.device,
                !self.saving.no_eval,
                self.common,
            )
            .context(advice)?;
        Ok(0)
    }
}

/// What does not decide the weights.
pub(super) fn options(saving: &Saving, common: &Common) -> Options {
    Options {
        checkpoint_seconds: saving.checkpoint_seconds,
        checkpoint_steps: saving.checkpoint_steps,
        log_steps: saving.log_steps,
        loudness: loudness(common),
        update: update(common.device),
        eye: None,
    }
}

/// Says how a run ended; whether it ended at all.
pub(super) fn ended(trained: &Trained, folder: &RunFolder, common: &Common) -> bool {
    if trained.ending == Ending::Interrupted {
        eprintln!(
            "stopped at step {} and saved; go on by `train resume {}`",
            trained.state.step,
            folder.path().display()
        );
        return false;
    }
    say(common)(&match (trained.ending, trained.state.best) {
        (Ending::StoppedEarly, Some(best)) => {
            format!(
                "stopped early; the weights are those of epoch {}",
                best.epoch
            )
        }
        _ => format!("finished after {}", duration(trained.state.seconds)),
    });
    true
}

/// What to do where a trained model could not be written.
pub(super) fn unwritten(folder: &RunFolder) -> String {
    format!(
        "the model is trained but not written; `train resume {}` tries again",
        folder.path().display()
    )
}

/// A model about to be written.
struct Finished<'a> {
    what: &'a RunFile,
    state: &'a State,
    weights: &'a [Named],
    out: &'a Path,
}

impl Finished<'_> {
    fn publish(
        &self,
        packed: &Packed,
        device: &Device,
        measured: bool,
        common: &Common,
    ) -> Result<()> {
        let card = self.card(packed, common.device);
        let hash = publish::write(self.out, &card, self.weights)?;
        say(common)(&format!(
            "written to {} (hash {})",
            self.out.display(),
            publish::hexadecimal(&hash)
        ));
        if measured {
            // What is measured is the file: its weights are in half precision.
            measure::measure(&publish::read(self.out)?, packed, device, true, common)?;
        }
        Ok(())
    }

    fn card(&self, packed: &Packed, device: DeviceName) -> ModelCard {
        ModelCard {
            version: ModelCard::VERSION,
            name: self.what.name.clone(),
            recipe: self.what.recipe.clone(),
            licence: publish::LICENCE.to_owned(),
            data_source: format!(
                "{}: {} ({})",
                packed.card.title, packed.card.source, packed.card.licence
            ),
            commit: publish::commit(),
            device: device::describe(device),
            steps: self.state.step,
            seconds: self.state.seconds,
            directions: Vec::new(),
            figures: Vec::new(),
        }
    }
}

pub(super) fn export(arguments: &ExportArgs) -> Result<u8> {
    let folder = RunFolder::new(&arguments.run);
    let (what, loaded) = read(&folder)?;
    let Loaded { state, tensors, .. } = loaded.ok_or_else(|| {
        anyhow!(
            "{} has no checkpoint yet to write a model of",
            folder.path().display()
        )
    })?;
    let common = &arguments.common;
    let data_folder = common.data_dir.as_ref().unwrap_or(&what.data_folder);
    if what.recipe.data.modality() == Modality::Text {
        let corpus = text::load(data_folder, what.recipe.data)?;
        let out = arguments.out.as_deref().unwrap_or(&what.out);
        let loaded = (&state, &tensors[..]);
        return super::text::export(
            &folder,
            &what,
            &corpus,
            loaded,
            out,
            !arguments.no_eval,
            common,
        );
    }
    if let ModelConfig::Domains(config) = &what.recipe.model {
        let what = RunFile {
            data_folder: data_folder.clone(),
            ..what.clone()
        };
        let job = domains::Job {
            folder: &folder,
            what: &what,
            config,
            common,
        };
        let out = arguments.out.as_deref().unwrap_or(&what.out);
        return job.export((&state, &tensors), out, !arguments.no_eval);
    }
    let packed = data::load_for(data_folder, &what.recipe)?;
    let device = device::open(common.device)?;
    let per_epoch = steps_per_epoch(packed.train.len(), what.recipe.batch);
    let mut run = Run::new(&what.recipe, per_epoch, &device, update(common.device))?;
    run.restore(&tensors)?;
    let finished = Finished {
        what: &what,
        state: &state,
        weights: &runner::weights_to_ship(&folder, &state, &run)?,
        out: arguments.out.as_deref().unwrap_or(&what.out),
    };
    finished.publish(&packed, &device, !arguments.no_eval, common)?;
    Ok(0)
}

pub(super) fn list() -> Result<u8> {
    let root = project_root();
    println!("presets (train run NAME):");
    for name in presets::names() {
        let preset = presets::load(name)?;
        println!(
            "  {name:<16} {}, {} epochs",
            preset.about, preset.recipe.epochs
        );
    }
    println!("devices in this build: {}", device::compiled().join(", "));
    let runs = runs_in(&root.join("runs"));
    if !runs.is_empty() {
        println!("runs (train resume FOLDER):");
    }
    for run in runs {
        let newest = checkpoint::newest(&run);
        let last = newest.first().and_then(|path| path.file_stem());
        let last = last.map_or("no checkpoint yet".into(), |stem| {
            stem.to_string_lossy().into_owned()
        });
        println!("  {}: {last}", run.path().display());
    }
    let models = publish::models_in(&root.join("static/models"));
    if !models.is_empty() {
        println!("models (train sample --model FOLDER, train eval --model FOLDER):");
    }
    for (folder, card) in models {
        println!(
            "  {}: {} steps, {} figures",
            folder.display(),
            card.steps,
            card.figures.len()
        );
    }
    Ok(0)
}
