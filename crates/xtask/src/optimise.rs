//! binaryen's optimiser, by way of its npm package.
//!
//! Debian's binaryen is too old: Chromium refuses what it writes.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Result, bail};

use crate::folders::Folders;
use crate::shell::run;
use crate::{files, setup, trim};

const PACKAGE: &str = "binaryen@132.0.0";

/// The features that every browser with WebAssembly SIMD has. Named one by one:
/// with `--all-features` the optimiser writes what Chromium refuses.
const FEATURES: [&str; 7] = [
    "--enable-simd",
    "--enable-bulk-memory",
    "--enable-nontrapping-float-to-int",
    "--enable-sign-ext",
    "--enable-mutable-globals",
    "--enable-reference-types",
    "--enable-multivalue",
];

/// Optimises every wasm file below a folder, in place.
pub fn folder(site: &Path, folders: &Folders) -> Result<()> {
    let program = install(folders)?;
    let kept = folders.cache.join("optimised");
    fs::create_dir_all(&kept)?;
    for file in files::files_below(site)? {
        if file.extension().is_none_or(|extension| extension != "wasm") {
            continue;
        }
        let path = site.join(&file);
        let bytes = fs::read(&path)?;
        let done = kept.join(format!("{}.wasm", files::short_hash(&bytes)));
        if !done.is_file() {
            let aside = done.with_extension("tmp");
            run(Command::new(&program)
                .arg("-Oz")
                .args(FEATURES)
                .arg("-o")
                .arg(&aside)
                .arg(&path))?;
            fs::rename(&aside, &done)?;
        }
        let small = fs::read(&done)?;
        println!(
            "   {}: {} -> {} bytes",
            file.display(),
            bytes.len(),
            small.len()
        );
        trim::replace(site, &file, &bytes, &small)?;
    }
    Ok(())
}

fn install(folders: &Folders) -> Result<PathBuf> {
    setup::node()?;
    let folder = folders.cache.join("npm");
    let program = folder.join("node_modules/.bin/wasm-opt");
    if !program.is_file() {
        fs::create_dir_all(&folder)?;
        run(Command::new("npm")
            .args(["install", "--no-audit", "--no-fund", "--prefix"])
            .arg(&folder)
            .arg(PACKAGE))?;
    }
    if !program.is_file() {
        bail!(
            "{PACKAGE} was installed and has no wasm-opt at {}",
            program.display()
        );
    }
    Ok(program)
}
