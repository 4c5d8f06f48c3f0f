//! `train`: trains, samples and measures Lampwork's models on this machine.

use std::process::ExitCode;

use clap::Parser;
use lampwork_train::cli::Cli;

fn main() -> ExitCode {
    #[cfg(feature = "cpu")]
    lampwork_native::keep_memory();
    match lampwork_train::commands::execute(Cli::parse()) {
        Ok(status) => ExitCode::from(status),
        Err(error) => {
            eprintln!("train: {error:#}");
            ExitCode::FAILURE
        }
    }
}
