//! A compiler that may use relaxed vectors, for our own crates alone.
//!
//! With the target's flags for all, other people's crates would switch on code for
//! relaxed vectors that was never compiled, and be built twice. So cargo is told to
//! call this program for the crates of the workspace (`RUSTC_WORKSPACE_WRAPPER`), and
//! it calls the compiler with one flag more.

use std::env::{args_os, current_exe, var_os};
use std::ffi::OsStr;
use std::process::{Command, ExitCode};

use anyhow::{Context, Result};

use crate::wasm_target::TARGET;

/// Set where this program stands in for the compiler.
const ASKED: &str = "LAMPWORK_RELAXED";

const FLAG: &str = "-Ctarget-feature=+relaxed-simd";

/// Has a cargo call compile the workspace's crates so.
pub fn ask(cargo: &mut Command) -> Result<()> {
    let program = current_exe().context("the path of this program")?;
    cargo
        .env("RUSTC_WORKSPACE_WRAPPER", program)
        .env(ASKED, "1");
    Ok(())
}

/// Compiles, if cargo called this program in place of the compiler: its first argument
/// is the compiler then, and those of the compiler follow.
pub fn compile() -> Option<ExitCode> {
    var_os(ASKED)?;
    let mut words = args_os().skip(1);
    let compiler = words.next()?;
    let words: Vec<_> = words.collect();
    let mut command = Command::new(compiler);
    command.args(&words);
    // Build scripts and macros are for this machine, which has no such vectors.
    if words.iter().any(|word| word == OsStr::new(TARGET)) {
        command.arg(FLAG);
    }
    let code = match command.status() {
        Ok(status) => status.code().and_then(|code| u8::try_from(code).ok()),
        Err(error) => {
            eprintln!("xtask: cannot start the compiler: {error}");
            None
        }
    };
    Some(code.map_or(ExitCode::FAILURE, ExitCode::from))
}
