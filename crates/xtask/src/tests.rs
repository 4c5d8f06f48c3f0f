//! `cargo xtask test`: everything there is to check.

use std::process::Command;
use std::time::Instant;

use anyhow::Result;

use crate::count::{Count, Outcome, report, result_line};
use crate::folders::Folders;
use crate::shell::{cargo, cargo_wasm, run, spell, watch};
use crate::wasm_target::TARGET;
use crate::{dist, setup, split};

/// Which tests are run.
#[derive(Debug, Clone, Default, clap::Args)]
pub struct Options {
    /// Leave out the site and the tests in a browser.
    #[arg(long)]
    no_browser: bool,
}

/// What is never part of a native build: the workers are wasm and nothing else.
const NATIVE: [&str; 3] = ["--workspace", "--exclude", "lampwork-worker"];

/// Where the browser tests find the site.
const SITE: &str = "LAMPWORK_DIST";

/// The steps so far. A failure does not stop the rest: one run should tell all.
#[derive(Default)]
struct Steps(Vec<Outcome>);

impl Steps {
    fn step(&mut self, name: &str, work: impl FnOnce() -> Result<Count>) -> bool {
        println!("\n══ {name}");
        let start = Instant::now();
        let count = work().unwrap_or_else(|fault| {
            println!("{fault:#}");
            Count::gate(false)
        });
        let time = start.elapsed();
        println!("══ {name}: {}", spell(time));
        self.0.push(Outcome {
            name: name.to_owned(),
            count,
            time,
        });
        count.failed == 0
    }

    /// A step that passes as a whole or fails as a whole.
    fn gate(&mut self, name: &str, work: impl FnOnce() -> Result<()>) -> bool {
        self.step(name, || work().map(|()| Count::gate(true)))
    }
}

/// Runs everything; whether all of it passed.
pub fn test(options: &Options, folders: &Folders) -> Result<bool> {
    let mut steps = Steps::default();
    steps.gate("set-up", || {
        setup::build_tools(folders)?;
        if options.no_browser {
            Ok(())
        } else {
            setup::browser()
        }
    });
    steps.gate("fmt", || {
        run(cargo(folders).args(["fmt", "--all", "--check"]))
    });
    steps.gate("clippy, native", || {
        run(cargo(folders)
            .arg("clippy")
            .args(NATIVE)
            .args(["--exclude", "lampwork-web"])
            .args(["--all-targets", "--", "-D", "warnings"]))
    });
    // In the profiles that the site is built in, so that build scripts and macros
    // are compiled once.
    steps.gate("clippy, page on wasm32", || {
        // As it is hosted; the documentation is made of the page in one file.
        let split = ["--features", split::FEATURE];
        run(&mut wasm_clippy(folders, "page", "lampwork-web", &split))
    });
    steps.gate("clippy, workers on wasm32", || {
        let all = ["--features", "fusion,words"];
        run(&mut wasm_clippy(folders, "worker", "lampwork-worker", &all))
    });
    steps.gate("docs, native", || {
        run(docs(cargo(folders))
            .args(NATIVE)
            .args(["--exclude", "lampwork-web"]))
    });
    steps.gate("docs, page on wasm32", || {
        run(docs(cargo_wasm(folders)).args([
            "--package",
            "lampwork-web",
            "--target",
            TARGET,
            "--profile",
            "page",
        ]))
    });
    if options.no_browser {
        let mut tests = cargo(folders);
        tests
            .args(["test", "--no-fail-fast"])
            .args(NATIVE)
            .args(["--exclude", "lampwork-tests"]);
        steps.step("native tests", || counted(&mut tests));
        let mut suite = cargo(folders);
        suite.args([
            "test",
            "--no-fail-fast",
            "--package",
            "lampwork-tests",
            "--test",
            "suite",
        ]);
        steps.step("studio by its commands", || counted(&mut suite));
    } else {
        // The site first: the browser tests are part of the workspace's tests, and
        // a second cargo call with other packages would build burn a second time.
        let site = folders.dist();
        steps.gate("site", || {
            dist::dist(&dist::Options::default(), folders).map(drop)
        });
        let mut tests = cargo(folders);
        tests
            .args(["test", "--no-fail-fast"])
            .args(NATIVE)
            .env(SITE, &site);
        steps.step("native and browser tests", || counted(&mut tests));
    }
    println!("\n{}", report(&steps.0));
    Ok(steps.0.iter().all(|outcome| outcome.count.failed == 0))
}

fn wasm_clippy(folders: &Folders, profile: &str, package: &str, features: &[&str]) -> Command {
    let mut command = cargo_wasm(folders);
    command
        .args(["clippy", "--package", package])
        .args(["--target", TARGET, "--profile", profile])
        .args(features)
        .args(["--", "-D", "warnings"]);
    command
}

fn docs(mut command: Command) -> Command {
    command
        .args(["doc", "--no-deps"])
        .env("RUSTDOCFLAGS", "-D warnings");
    command
}

/// Runs `cargo test` and sums the closing lines of its binaries.
fn counted(command: &mut Command) -> Result<Count> {
    let mut count = Count::default();
    let ok = watch(command, |line| {
        if let Some(found) = result_line(line) {
            count.add(found);
        }
    })?;
    // A build that fails, or a binary that dies, has no closing line.
    if !ok && count.failed == 0 {
        count.failed = 1;
    }
    Ok(count)
}

#[cfg(test)]
mod unit_tests {
    use super::*;

    #[test]
    fn test_binaries_are_summed_and_a_death_counts() -> Result<()> {
        let say = |text: &str, code: u8| {
            let mut command = Command::new("sh");
            command.args(["-c", &format!("printf '{text}'; exit {code}")]);
            command
        };
        let two = "test result: ok. 2 passed; 0 failed; 0 ignored;\\n";
        assert_eq!(
            counted(&mut say(&two.repeat(2), 0))?,
            Count {
                passed: 4,
                failed: 0,
                ignored: 0
            }
        );
        assert_eq!(
            counted(&mut say(two, 101))?,
            Count {
                passed: 2,
                failed: 1,
                ignored: 0
            }
        );
        assert_eq!(counted(&mut say("error: no", 101))?, Count::gate(false));
        Ok(())
    }

    #[test]
    fn a_step_that_cannot_run_fails_and_the_next_still_runs() {
        let mut steps = Steps::default();
        assert!(!steps.gate("broken", || anyhow::bail!("it is")));
        assert!(steps.gate("sound", || Ok(())));
        assert_eq!(steps.0.len(), 2);
    }
}
