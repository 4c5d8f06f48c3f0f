//! The worker binaries: cargo, then wasm-bindgen, then a loader.
//!
//! Trunk could build them, but would rebuild and copy them with every change of
//! the page, in the page's profile.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};

use crate::files;
use crate::folders::Folders;
use crate::shell::{cargo_wasm, run, step};
use crate::wasm_target::TARGET;

/// A worker binary.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Worker {
    /// Pictures by burn-flex on one thread; fetched by every visitor.
    Cpu,
    /// Words by burn-flex on one thread; fetched by whoever opens their room.
    Words,
    /// Both by WebGPU; fetched where there is an adapter.
    Gpu,
}

impl Worker {
    /// All of them.
    pub const ALL: [Worker; 3] = [Worker::Cpu, Worker::Words, Worker::Gpu];

    /// Its binary in the package `lampwork-worker`.
    fn binary(self) -> &'static str {
        match self {
            Worker::Cpu => "worker_cpu",
            Worker::Words => "worker_words",
            Worker::Gpu => "worker_gpu",
        }
    }

    /// Name of the script that starts it; the page knows it by this name.
    pub fn loader(self) -> &'static str {
        match self {
            Worker::Cpu => "cpu.js",
            Worker::Words => "words.js",
            Worker::Gpu => "gpu.js",
        }
    }

    /// What a visitor reads of it when it cannot start.
    fn device(self) -> &'static str {
        match self {
            Worker::Cpu | Worker::Words => "the CPU",
            Worker::Gpu => "WebGPU",
        }
    }

    fn features(self) -> &'static [&'static str] {
        match self {
            Worker::Cpu => &[],
            Worker::Words => &["--no-default-features", "--features", "words"],
            // Fused kernels take a third off a step on the adapter measured, for a fifth more
            // to fetch; see `bench/README.md`.
            Worker::Gpu => &["--no-default-features", "--features", "fusion"],
        }
    }
}

/// Builds a worker and returns the folder that holds its three files.
pub fn build(worker: Worker, folders: &Folders) -> Result<PathBuf> {
    step(&format!("worker {}", worker.binary()), || {
        let wasm = compile(worker, folders)?;
        bind(worker, &wasm, folders)
    })
}

/// Builds workers and puts their files into one folder.
pub fn build_into(workers: &[Worker], into: &Path, folders: &Folders) -> Result<()> {
    for &worker in workers {
        let made = build(worker, folders)?;
        for file in files::files_below(&made)? {
            files::place(&made.join(&file), &into.join(&file))?;
        }
    }
    Ok(())
}

fn compile(worker: Worker, folders: &Folders) -> Result<PathBuf> {
    run(cargo_wasm(folders)
        .args([
            "build",
            "--package",
            "lampwork-worker",
            "--bin",
            worker.binary(),
        ])
        .args(["--target", TARGET, "--profile", "worker"])
        .args(worker.features()))?;
    let wasm = folders
        .target_wasm()
        .join(TARGET)
        .join("worker")
        .join(format!("{}.wasm", worker.binary()));
    Ok(wasm)
}

/// Runs wasm-bindgen, unless the same wasm has been through it before.
fn bind(worker: Worker, wasm: &Path, folders: &Folders) -> Result<PathBuf> {
    let bytes = fs::read(wasm).with_context(|| format!("cannot read {}", wasm.display()))?;
    let key = files::short_hash(&[&bytes[..], LOADER.as_bytes()].concat());
    let done = folders.workers().join(&key);
    if done.join(worker.loader()).is_file() {
        println!("   unchanged");
        return Ok(done);
    }
    // Made aside and renamed, so that a build that was cut short leaves nothing
    // that looks whole.
    let aside = folders
        .workers()
        .join(format!("{key}.{}.tmp", std::process::id()));
    let name = format!("{}-{key}", worker.binary());
    run(Command::new(folders.tools_bin().join("wasm-bindgen"))
        .args(["--target", "web", "--no-typescript"])
        .args(["--remove-name-section", "--remove-producers-section"])
        .args(["--out-name", &name, "--out-dir"])
        .arg(&aside)
        .arg(wasm))?;
    let js = format!("{name}.js");
    let bound = format!("{name}_bg.wasm");
    let size = fs::metadata(aside.join(&bound))?.len();
    files::write(
        &aside.join(worker.loader()),
        loader(worker, &js, &bound, size),
    )?;
    println!("   {bound}: {:.2} MB", size as f64 / 1e6);
    if done.exists() {
        fs::remove_dir_all(&done)?;
    }
    fs::rename(&aside, &done)?;
    Ok(done)
}

const LOADER: &str = include_str!("loader.js");

/// The script that starts a worker.
fn loader(worker: Worker, js: &str, wasm: &str, bytes: u64) -> String {
    LOADER
        .replace("@JS@", js)
        .replace("@WASM@", wasm)
        .replace("@BYTES@", &bytes.to_string())
        .replace("@NAME@", worker.device())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_loader_names_its_files_and_leaves_nothing_open() {
        let script = loader(Worker::Gpu, "g.js", "g_bg.wasm", 12);
        assert!(script.contains(r#"import init from "./g.js";"#));
        assert!(script.contains(r#"new URL("./g_bg.wasm", import.meta.url)"#));
        assert!(script.contains("const TOTAL = 12;"));
        assert!(!script.contains('@'), "{script}");
    }
}
