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
use crate::relaxed;
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

    /// In which ways it is built. What computes on the CPU is also built with fused
    /// multiplication, which not every browser has: the loader asks.
    fn builds(self) -> &'static [Build] {
        match self {
            Worker::Cpu | Worker::Words => &[Build::Plain, Build::Relaxed],
            Worker::Gpu => &[Build::Plain],
        }
    }
}

/// Which features of WebAssembly a build needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Build {
    /// Vectors.
    Plain,
    /// Relaxed vectors, too: a product and a sum are one instruction where the machine
    /// has one.
    Relaxed,
}

impl Build {
    /// What follows the binary's name in its files' names.
    fn suffix(self) -> &'static str {
        match self {
            Build::Plain => "",
            Build::Relaxed => "-relaxed",
        }
    }

    /// Its name in the loader.
    fn key(self) -> &'static str {
        match self {
            Build::Plain => "plain",
            Build::Relaxed => "relaxed",
        }
    }
}

/// Builds a worker and returns the folder that holds its files.
pub fn build(worker: Worker, folders: &Folders) -> Result<PathBuf> {
    step(&format!("worker {}", worker.binary()), || {
        let mut builds = Vec::new();
        for &build in worker.builds() {
            let wasm = compile(worker, build, folders)?;
            let bytes =
                fs::read(&wasm).with_context(|| format!("cannot read {}", wasm.display()))?;
            builds.push((build, bytes));
        }
        bind(worker, &builds, folders)
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

fn compile(worker: Worker, build: Build, folders: &Folders) -> Result<PathBuf> {
    let mut cargo = cargo_wasm(folders);
    if build == Build::Relaxed {
        relaxed::ask(&mut cargo)?;
    }
    run(cargo
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
fn bind(worker: Worker, builds: &[(Build, Vec<u8>)], folders: &Folders) -> Result<PathBuf> {
    let wasm = builds.iter().flat_map(|(_, wasm)| wasm);
    let all: Vec<u8> = wasm.chain(LOADER.as_bytes()).copied().collect();
    let key = files::short_hash(&all);
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
    let mut bound = Vec::new();
    for (build, wasm) in builds {
        let name = format!("{}{}-{key}", worker.binary(), build.suffix());
        let unbound = aside.join("unbound.wasm");
        files::write(&unbound, wasm)?;
        run(Command::new(folders.tools_bin().join("wasm-bindgen"))
            .args(["--target", "web", "--no-typescript"])
            .args(["--remove-name-section", "--remove-producers-section"])
            .args(["--out-name", &name, "--out-dir"])
            .arg(&aside)
            .arg(&unbound))?;
        fs::remove_file(&unbound)?;
        let wasm = format!("{name}_bg.wasm");
        let bytes = fs::metadata(aside.join(&wasm))?.len();
        println!("   {wasm}: {:.2} MB", bytes as f64 / 1e6);
        bound.push(Bound {
            build: *build,
            script: format!("{name}.js"),
            wasm,
            bytes,
        });
    }
    files::write(&aside.join(worker.loader()), loader(worker, &bound))?;
    if done.exists() {
        fs::remove_dir_all(&done)?;
    }
    fs::rename(&aside, &done)?;
    Ok(done)
}

/// A build after wasm-bindgen, by the names of its files.
struct Bound {
    build: Build,
    script: String,
    wasm: String,
    bytes: u64,
}

const LOADER: &str = include_str!("loader.js");

/// The script that starts a worker.
fn loader(worker: Worker, builds: &[Bound]) -> String {
    let builds: Vec<String> = builds
        .iter()
        .map(|bound| {
            format!(
                "  {}: {{ script: \"./{}\", wasm: \"./{}\", bytes: {} }},",
                bound.build.key(),
                bound.script,
                bound.wasm,
                bound.bytes
            )
        })
        .collect();
    LOADER
        .replace("@BUILDS@", &builds.join("\n"))
        .replace("@NAME@", worker.device())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_loader_names_its_files_and_leaves_nothing_open() {
        let bound = |build, script: &str, bytes| Bound {
            build,
            script: format!("{script}.js"),
            wasm: format!("{script}_bg.wasm"),
            bytes,
        };
        let builds = [
            bound(Build::Plain, "w", 12),
            bound(Build::Relaxed, "w-relaxed", 13),
        ];
        let script = loader(Worker::Words, &builds);
        let plain = r#"plain: { script: "./w.js", wasm: "./w_bg.wasm", bytes: 12 },"#;
        let relaxed =
            r#"relaxed: { script: "./w-relaxed.js", wasm: "./w-relaxed_bg.wasm", bytes: 13 },"#;
        assert!(
            script.contains(plain) && script.contains(relaxed),
            "{script}"
        );
        assert!(!script.contains('@'), "{script}");
    }
}
