//! What each command does.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use anyhow::{Context, Result, bail};
use burn::tensor::Device;
use lampwork_models::Update;
use lampwork_protocol::ModelCard;

use crate::checkpoint::{self, State};
use crate::cli::{Cli, Command, Common, ResumeArgs, RunArgs, Saving};
use crate::device::{self, DeviceName};
use crate::folder::{RunFile, RunFolder, project_root};
use crate::progress::{Loudness, duration};
use crate::runner::{self, Ending, Options, Start};
use crate::{data, publish, recipe};

/// Runs a command; the exit status is 130 where it was interrupted, as a shell
/// expects.
///
/// # Errors
/// Where it cannot be done; the message says what to do about it.
pub fn execute(cli: Cli) -> Result<u8> {
    match cli.command {
        Command::Run(arguments) => run(&arguments),
        Command::Resume(arguments) => resume(&arguments),
        _ => bail!("not yet"),
    }
}

/// Folder of the data sets.
///
/// # Errors
/// Where none is named and there is no home.
pub fn data_folder(common: &Common) -> Result<PathBuf> {
    common.data_dir.clone().map_or_else(data::default_folder, Ok)
}

fn options(saving: &Saving, common: &Common) -> Options {
    Options {
        checkpoint_seconds: saving.checkpoint_seconds,
        checkpoint_steps: saving.checkpoint_steps,
        log_steps: saving.log_steps,
        loudness: if common.quiet {
            Loudness::Quiet
        } else {
            Loudness::Normal
        },
        update: update(common.device),
    }
}

/// Where updates are computed: the CPU's tensors are in host memory anyway.
fn update(device: DeviceName) -> Update {
    match device {
        DeviceName::Cpu => Update::Host,
        _ => Update::Tensors,
    }
}

fn run(arguments: &RunArgs) -> Result<u8> {
    let preset = recipe::preset(&arguments.preset)?;
    let recipe = recipe::apply(preset.recipe, &arguments.settings)?;
    let device = device::open(arguments.common.device)?;
    let name = match &arguments.name {
        Some(name) => name.clone(),
        None => stem(&arguments.preset),
    };
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
    let packed = data::load(&what.data_folder, what.recipe.data)?;
    // All that can be refused is refused before a folder is made or emptied.
    lampwork_models::run::check_recipe(&what.recipe)?;
    if arguments.overwrite {
        folder.remove()?;
    }
    folder.start(&what)?;
    go(&folder, &what, &packed, start, &device, &arguments.saving, &arguments.common)
}

/// The preset's name, or that of its file.
fn stem(preset: &str) -> String {
    let path = std::path::Path::new(preset);
    path.file_stem()
        .map_or_else(|| preset.to_owned(), |stem| stem.to_string_lossy().into_owned())
}

fn resume(arguments: &ResumeArgs) -> Result<u8> {
    let folder = RunFolder::new(&arguments.run);
    let mut what = folder.read()?;
    let loaded = checkpoint::read_newest(&folder)?;
    if let Some(loaded) = &loaded {
        what.recipe = loaded.state.recipe.clone();
        for unreadable in &loaded.unreadable {
            eprintln!("passed over a checkpoint that cannot be read: {unreadable}");
        }
    }
    what.recipe = recipe::apply(what.recipe, &arguments.settings)?;
    if let Some(folder) = &arguments.common.data_dir {
        what.data_folder = folder.clone();
    }
    let device = device::open(arguments.common.device)?;
    let packed = data::load(&what.data_folder, what.recipe.data)?;
    if !arguments.common.quiet {
        match &loaded {
            Some(loaded) => eprintln!("going on from step {}", loaded.state.step),
            None => eprintln!("there is no checkpoint yet: beginning at step 0"),
        }
    }
    let start = loaded.map_or(Start::Fresh, Start::Checkpoint);
    go(&folder, &what, &packed, start, &device, &arguments.saving, &arguments.common)
}

/// Trains, then writes and measures the model.
fn go(
    folder: &RunFolder,
    what: &RunFile,
    packed: &lampwork_datasets::Packed,
    start: Start,
    device: &Device,
    saving: &Saving,
    common: &Common,
) -> Result<u8> {
    let stop = stop_on_signal()?;
    let options = options(saving, common);
    let trained = runner::train(folder, &what.recipe, packed, device, &options, start, &stop)?;
    if trained.ending == Ending::Interrupted {
        eprintln!(
            "stopped at step {} and saved; go on by `train resume {}`",
            trained.state.step,
            folder.path().display()
        );
        return Ok(130);
    }
    let card = card(what, packed, &trained.state, common.device);
    let hash = publish::write(&what.out, &card, &trained.weights)
        .with_context(|| "the model is trained but not written; `train resume` tries again")?;
    if !common.quiet {
        let ending = match (trained.ending, trained.state.best) {
            (Ending::StoppedEarly, Some(best)) => format!(
                "stopped early; the weights are those of epoch {}",
                best.epoch
            ),
            _ => "finished".to_owned(),
        };
        eprintln!(
            "{ending} after {}; written to {} (hash {})",
            duration(trained.state.seconds),
            what.out.display(),
            publish::hexadecimal(&hash)
        );
    }
    Ok(0)
}

fn card(
    what: &RunFile,
    packed: &lampwork_datasets::Packed,
    state: &State,
    device: DeviceName,
) -> ModelCard {
    ModelCard {
        version: ModelCard::VERSION,
        name: what.name.clone(),
        recipe: what.recipe.clone(),
        licence: publish::LICENCE.to_owned(),
        data_source: format!(
            "{}: {} ({})",
            packed.card.title, packed.card.source, packed.card.licence
        ),
        commit: publish::commit(),
        device: device::describe(device),
        steps: state.step,
        seconds: state.seconds,
        figures: Vec::new(),
    }
}

/// A flag that Ctrl-C and a polite request to end set; a second one ends at once.
fn stop_on_signal() -> Result<Arc<AtomicBool>> {
    let stop = Arc::new(AtomicBool::new(false));
    let flag = Arc::clone(&stop);
    ctrlc::set_handler(move || {
        if flag.swap(true, Ordering::Relaxed) {
            std::process::exit(130);
        }
        eprintln!("saving after this step; once more ends without saving");
    })
    .context("cannot listen for Ctrl-C")?;
    Ok(stop)
}
