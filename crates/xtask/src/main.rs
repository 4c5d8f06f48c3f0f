//! Lampwork's chores. `cargo xtask help` lists them.

mod bench;
mod brush;
mod colour;
mod compress;
mod count;
mod data;
mod dist;
mod files;
mod folders;
mod not_found;
mod optimise;
mod relaxed;
mod restyle;
mod serve;
mod setup;
mod shell;
mod sizes;
mod split;
mod stage;
mod tests;
mod text;
mod trim;
mod wasm_target;
mod workers;

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Result;
use clap::{Parser, Subcommand};

use crate::folders::Folders;
use crate::workers::Worker;

/// Lampwork's chores.
///
/// Tools and builds are kept in ~/.cache/lampwork, or where LAMPWORK_CACHE says.
#[derive(Debug, Parser)]
#[command(bin_name = "cargo xtask")]
struct Cli {
    #[command(subcommand)]
    chore: Chore,
}

#[derive(Debug, Subcommand)]
enum Chore {
    /// Install what is missing: the wasm target, wasm-bindgen, trunk.
    Setup {
        /// The browser and its driver as well.
        #[arg(long)]
        browser: bool,
    },
    /// Print the lines that let a shell use the tools by hand.
    Env,
    /// Set up, build and serve the site on 127.0.0.1, rebuilding with each change.
    Serve(serve::Options),
    /// Make the folder to host, the page cut in two.
    Dist(dist::Options),
    /// Build the worker binaries.
    Workers {
        /// Only the CPU worker of pictures.
        #[arg(long, conflicts_with = "gpu")]
        cpu: bool,
        /// Only the CPU worker of words.
        #[arg(long, conflicts_with_all = ["cpu", "gpu"])]
        words: bool,
        /// Only the WebGPU worker.
        #[arg(long)]
        gpu: bool,
        /// A folder to put them into as well.
        #[arg(long, value_name = "FOLDER")]
        into: Option<PathBuf>,
    },
    /// Fetch the data sets and pack them.
    Data,
    /// Run every test there is.
    Test(tests::Options),
    /// Measure sizes and speed.
    Bench(bench::Options),
    /// Complete a build of trunk's; called by its hook.
    #[command(hide = true)]
    Stage,
}

fn main() -> ExitCode {
    if let Some(code) = relaxed::compile() {
        return code;
    }
    match chore(Cli::parse().chore) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(fault) => {
            eprintln!("xtask: {fault:#}");
            ExitCode::FAILURE
        }
    }
}

fn chore(chore: Chore) -> Result<bool> {
    let folders = Folders::find()?;
    match chore {
        Chore::Setup { browser } => {
            setup::build_tools(&folders)?;
            if browser {
                setup::browser()?;
            }
            println!("{}", setup::versions(&folders).join("\n"));
        }
        Chore::Env => println!("{}", setup::environment(&folders)?),
        Chore::Serve(options) => serve::serve(&options, &folders)?,
        Chore::Dist(options) => drop(dist::dist(&options, &folders)?),
        Chore::Workers {
            cpu,
            words,
            gpu,
            into,
        } => {
            let wanted: &[Worker] = match (cpu, words, gpu) {
                (true, ..) => &[Worker::Cpu],
                (_, true, _) => &[Worker::Words],
                (.., true) => &[Worker::Gpu],
                _ => &Worker::ALL,
            };
            setup::build_tools(&folders)?;
            match into {
                Some(into) => workers::build_into(wanted, &into, &folders)?,
                None => {
                    for &worker in wanted {
                        println!("{}", workers::build(worker, &folders)?.display());
                    }
                }
            }
        }
        Chore::Data => data::data(&folders)?,
        Chore::Test(options) => return tests::test(&options, &folders),
        Chore::Bench(options) => bench::bench(&options, &folders)?,
        Chore::Stage => stage::stage(&folders)?,
    }
    Ok(true)
}
