//! Figures: sizes, and the speed of the page and the trainer beside their peers.

use anyhow::{Result, bail};

use crate::folders::Folders;
use crate::sizes;

/// What is measured.
#[derive(Debug, Clone, Default, clap::Args)]
pub struct Options {
    /// Only the table of sizes, of the folder that `cargo xtask dist` made.
    #[arg(long)]
    sizes: bool,
}

/// Prints the figures.
pub fn bench(_options: &Options, folders: &Folders) -> Result<()> {
    let site = folders.dist();
    if !site.join("index.html").is_file() {
        bail!(
            "{} holds no site: run `cargo xtask dist` first",
            site.display()
        );
    }
    println!("{}", sizes::table(&site)?);
    Ok(())
}
