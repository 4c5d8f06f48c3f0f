//! `train`: trains, samples and measures Lampwork's models on this machine.

use std::process::ExitCode;

use clap::Parser;
use lampwork_train::cli::Cli;
// Its allocator.
#[cfg(feature = "cpu")]
use lampwork_native as _;

fn main() -> ExitCode {
    match lampwork_train::commands::execute(Cli::parse()) {
        Ok(status) => ExitCode::from(status),
        Err(error) => {
            eprintln!("train: {error:#}");
            ExitCode::FAILURE
        }
    }
}
