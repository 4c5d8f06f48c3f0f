//! What each command does.

mod directions;
mod domains;
mod measure;
mod run;
mod search;
mod text;

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use anyhow::{Context, Result};
use lampwork_models::Update;

use crate::cli::{Cli, Command, Common};
use crate::data;
use crate::device::DeviceName;
use crate::progress::Loudness;

/// Runs a command; the exit status is 130 where it was interrupted, as a shell
/// expects.
///
/// # Errors
/// Where it cannot be done; the message says what to do about it.
pub fn execute(cli: Cli) -> Result<u8> {
    match cli.command {
        Command::Run(arguments) => run::run(&arguments),
        Command::Resume(arguments) => run::resume(&arguments),
        Command::Export(arguments) => run::export(&arguments),
        Command::Round(arguments) => measure::round(&arguments),
        Command::Directions(arguments) => directions::directions(&arguments),
        Command::Sample(arguments) => measure::sample(&arguments),
        Command::Translate(arguments) => measure::translate(&arguments),
        Command::Restyle(arguments) => measure::restyle(&arguments),
        Command::Eval(arguments) => measure::eval(&arguments),
        Command::Classifier(arguments) => measure::classifier(&arguments),
        Command::Search(arguments) => search::search(&arguments),
        Command::List => run::list(),
    }
}

/// Folder of the data sets.
fn data_folder(common: &Common) -> Result<PathBuf> {
    common
        .data_dir
        .clone()
        .map_or_else(data::default_folder, Ok)
}

/// Where updates are computed: the CPU's tensors are in host memory anyway.
fn update(device: DeviceName) -> Update {
    match device {
        DeviceName::Cpu => Update::Host,
        _ => Update::Tensors,
    }
}

fn loudness(common: &Common) -> Loudness {
    if common.quiet {
        Loudness::Quiet
    } else {
        Loudness::Normal
    }
}

/// Says something on the way, unless asked to be quiet.
fn say(common: &Common) -> impl Fn(&str) {
    let quiet = common.quiet;
    move |text: &str| {
        if !quiet {
            eprintln!("{text}");
        }
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
