//! What a build needs beyond Rust itself: the wasm target, wasm-bindgen, trunk,
//! and for the tests a browser.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::folders::Folders;
use crate::shell::{PAGE_FLAGS, cargo_wasm, has, output, run, show, step};
use crate::wasm_target;

/// A program that cargo installs.
struct Tool {
    /// The package, and what set-up calls it.
    package: &'static str,
    /// The program.
    program: &'static str,
    /// The only version that will do.
    version: &'static str,
    /// More arguments of `cargo install`.
    arguments: &'static [&'static str],
    /// How far to optimise it.
    opt_level: &'static str,
}

/// wasm-bindgen rewrites wasm of tens of megabytes: slow without optimisation.
/// Its lock file names a crate that not every registry serves, so no `--locked`.
///
/// Trunk only moves files and serves them. Without its default features it
/// neither looks for updates nor downloads tools, and builds in a third of the
/// time; the hash that it takes of every file is optimised all the same.
const TOOLS: [Tool; 2] = [
    Tool {
        package: "wasm-bindgen-cli",
        program: "wasm-bindgen",
        version: "0.2.130",
        arguments: &[],
        opt_level: "1",
    },
    Tool {
        package: "trunk",
        program: "trunk",
        version: "0.21.14",
        arguments: &[
            "--locked",
            "--no-default-features",
            "--config",
            "profile.release.package.sha2.opt-level=3",
        ],
        opt_level: "0",
    },
];

/// Cuts the page in two, for hosting alone (see [`crate::split`]). Its version and
/// that of `wasm_split_helpers` in the page belong together.
const SPLITTER: Tool = Tool {
    package: "wasm_split_cli_support",
    program: "wasm-split-cli",
    version: "0.2.4",
    arguments: &["--features", "build-binary"],
    opt_level: "1",
};

/// The packages that the browser tests need.
const BROWSER: [(&str, &str); 2] = [
    ("chromium", "chromium"),
    ("chromedriver", "chromium-driver"),
];

/// Installs what is missing for building and serving.
pub fn build_tools(folders: &Folders) -> Result<()> {
    step("wasm32 target", || wasm_target::ensure(folders))?;
    for tool in &TOOLS {
        install(tool, folders)?;
    }
    // Trunk runs offline, and so does the cargo that it starts.
    step("crates", || {
        let mut fetch = cargo_wasm(folders);
        run(fetch.args(["fetch", "--quiet", "--target", wasm_target::TARGET]))
    })
}

/// Installs what cuts the page, where it is missing.
pub fn splitter(folders: &Folders) -> Result<()> {
    install(&SPLITTER, folders)
}

/// The program that cuts the page.
pub fn splitter_program(folders: &Folders) -> PathBuf {
    folders.tools_bin().join(SPLITTER.program)
}

fn install(tool: &Tool, folders: &Folders) -> Result<()> {
    step(&format!("{} {}", tool.package, tool.version), || {
        ensure(tool, folders)
    })
}

fn ensure(tool: &Tool, folders: &Folders) -> Result<()> {
    let program = folders.tools_bin().join(tool.program);
    if let Some(found) = installed(tool, folders) {
        if found == tool.version {
            println!("   there");
            return Ok(());
        }
        println!("   found {found}, need {}", tool.version);
    }
    let mut install = Command::new("cargo");
    install
        .args([
            "install",
            tool.package,
            "--version",
            &format!("={}", tool.version),
        ])
        .args(tool.arguments)
        .arg("--force")
        .arg("--root")
        .arg(folders.tools())
        .current_dir(&folders.root)
        .env("CARGO_TARGET_DIR", folders.target_tools())
        .env("CARGO_PROFILE_RELEASE_LTO", "off")
        .env("CARGO_PROFILE_RELEASE_OPT_LEVEL", tool.opt_level)
        .env("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "16")
        .env("CARGO_PROFILE_RELEASE_DEBUG", "false");
    run(&mut install)?;
    match installed(tool, folders) {
        Some(found) if found == tool.version => Ok(()),
        other => bail!(
            "{} was installed, but says it is {}; delete it and run `cargo xtask setup` again",
            program.display(),
            other.as_deref().unwrap_or("nothing at all"),
        ),
    }
}

/// The version that a program says it is; of one that says none, what cargo has
/// noted when it installed it.
fn installed(tool: &Tool, folders: &Folders) -> Option<String> {
    let program = folders.tools_bin().join(tool.program);
    if !program.is_file() {
        return None;
    }
    if let Ok(text) = output(Command::new(program).arg("--version")) {
        return version_in(&text).map(str::to_owned);
    }
    let notes = fs::read_to_string(folders.tools().join(".crates.toml")).ok()?;
    noted(&notes, tool.package).map(str::to_owned)
}

/// The version of a package in cargo's notes of what it has installed.
fn noted<'a>(notes: &'a str, package: &str) -> Option<&'a str> {
    notes.lines().find_map(|line| {
        let rest = line.strip_prefix('"')?.strip_prefix(package)?;
        rest.strip_prefix(' ')?.split(' ').next()
    })
}

/// The version in what `--version` prints: `trunk 0.21.14`, `rustc 1.95.0 (..)`.
pub fn version_in(text: &str) -> Option<&str> {
    text.split_whitespace()
        .map(|word| word.trim_start_matches('v'))
        .find(|word| {
            let mut parts = word.split('.');
            let number = |part: Option<&str>| {
                part.is_some_and(|part| {
                    !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit())
                })
            };
            number(parts.next()) && number(parts.next())
        })
}

/// Installs the browser and its driver, where that is allowed.
pub fn browser() -> Result<()> {
    step("Chromium and chromedriver", || {
        let missing: Vec<&str> = BROWSER
            .iter()
            .filter(|(program, _)| !has(program))
            .map(|(_, package)| *package)
            .collect();
        if missing.is_empty() {
            println!("   there");
            return Ok(());
        }
        let advice = format!(
            "the browser tests need Chromium and its driver: install {} (on Debian: `apt-get install {}`)",
            missing.join(" and "),
            missing.join(" "),
        );
        if !has("apt-get") {
            bail!("{advice}");
        }
        let root = output(Command::new("id").arg("-u"))?.trim() == "0";
        let apt = |arguments: &[&str]| {
            // sudo -n fails rather than ask for a password that nobody types.
            let mut command = if root {
                Command::new("apt-get")
            } else {
                let mut sudo = Command::new("sudo");
                sudo.args(["-n", "apt-get"]);
                sudo
            };
            command
                .args(arguments)
                .env("DEBIAN_FRONTEND", "noninteractive");
            run(&mut command).with_context(|| advice.clone())
        };
        apt(&["update", "-q"])?;
        let mut install = vec!["install", "-y", "-q", "--no-install-recommends"];
        install.extend(missing);
        apt(&install)
    })
}

/// The lines that let a shell use the tools by hand.
///
/// # Errors
/// Where this program's own path cannot be told.
pub fn environment(folders: &Folders) -> Result<String> {
    Ok(format!(
        "export PATH=\"{}:$PATH\"\nexport CARGO_TARGET_DIR=\"{}\"\nexport LAMPWORK_XTASK=\"{}\"\nexport {}=\"{}\"",
        folders.tools_bin().display(),
        folders.target_wasm().display(),
        // So that trunk's hook need not build it once more in that folder.
        std::env::current_exe()?.display(),
        PAGE_FLAGS.0,
        PAGE_FLAGS.1,
    ))
}

/// Fails with what to do where a program that a chore needs is missing.
pub fn require(program: &str, advice: &str) -> Result<()> {
    if has(program) {
        Ok(())
    } else {
        bail!("`{program}` is not on PATH: {advice}")
    }
}

/// Debian's `node`, or any other: the optimiser and the benchmarks run in it.
pub fn node() -> Result<()> {
    require(
        "npm",
        "install Node.js (on Debian: `apt-get install nodejs npm`)",
    )
}

/// `cargo --version` and the like, for the first lines of a report.
pub fn versions(folders: &Folders) -> Vec<String> {
    let mut commands = vec![Command::new("rustc"), Command::new("cargo")];
    commands.extend(
        TOOLS
            .iter()
            .map(|tool| Command::new(folders.tools_bin().join(tool.program))),
    );
    commands
        .iter_mut()
        .map(|command| {
            let words = show(command);
            output(command.arg("--version"))
                .map(|text| text.trim().to_owned())
                .unwrap_or_else(|_| format!("{words}: not there"))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{noted, version_in};

    #[test]
    fn versions_are_found_in_what_cargo_notes() {
        let notes = "[v1]\n\"trunk 0.21.14 (registry+x)\" = [\"trunk\"]\n\"trunk-more 2.0.0 (registry+x)\" = [\n    \"more\",\n]\n";
        assert_eq!(noted(notes, "trunk"), Some("0.21.14"));
        assert_eq!(noted(notes, "trunk-more"), Some("2.0.0"));
        assert_eq!(noted(notes, "more"), None);
    }

    #[test]
    fn versions_are_found_in_what_programs_print() {
        assert_eq!(version_in("trunk 0.21.14"), Some("0.21.14"));
        assert_eq!(version_in("wasm-bindgen 0.2.130 (a1b2c3)"), Some("0.2.130"));
        assert_eq!(
            version_in("rustc 1.95.0 (59807616e 2026-04-14)"),
            Some("1.95.0")
        );
        assert_eq!(version_in("v20.19.2\n"), Some("20.19.2"));
        assert_eq!(version_in("ChromeDriver 156.0.1 (x)"), Some("156.0.1"));
    }

    #[test]
    fn what_is_no_version_is_not_taken_for_one() {
        assert_eq!(version_in(""), None);
        assert_eq!(version_in("error: no such command"), None);
        assert_eq!(version_in("see a.b or 12"), None);
    }
}
