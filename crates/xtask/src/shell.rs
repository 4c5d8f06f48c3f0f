//! Running programs, and saying what is done and how long it took.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use crate::folders::Folders;

/// Does one step: says its name before and its time after.
pub fn step<T>(name: &str, work: impl FnOnce() -> Result<T>) -> Result<T> {
    println!("── {name}");
    let start = Instant::now();
    let outcome = work();
    let time = spell(start.elapsed());
    match &outcome {
        Ok(_) => println!("── {name}: {time}"),
        Err(_) => println!("── {name}: failed after {time}"),
    }
    outcome
}

/// A duration as one reads it: `0.4 s`, `17 s`, `3 min 05 s`.
pub fn spell(time: Duration) -> String {
    let seconds = time.as_secs_f64();
    if seconds < 9.95 {
        format!("{seconds:.1} s")
    } else if seconds < 99.5 {
        format!("{seconds:.0} s")
    } else {
        let whole = seconds.round() as u64;
        format!("{} min {:02} s", whole / 60, whole % 60)
    }
}

/// The command as one would type it.
pub fn show(command: &Command) -> String {
    std::iter::once(command.get_program())
        .chain(command.get_args())
        .map(|word| {
            let word = word.to_string_lossy();
            if word.is_empty() || word.contains([' ', '"', '\'', '$']) {
                format!("'{}'", word.replace('\'', r"'\''"))
            } else {
                word.into_owned()
            }
        })
        .collect::<Vec<_>>()
        .join(" ")
}

/// Runs a command with its output on ours, and fails where it does.
pub fn run(command: &mut Command) -> Result<()> {
    let words = show(command);
    println!("   {words}");
    let status = command
        .stdin(Stdio::null())
        .status()
        .with_context(|| format!("cannot start `{words}`"))?;
    if !status.success() {
        bail!("`{words}` ended with {status}");
    }
    Ok(())
}

/// Runs a command and returns what it says on standard output.
pub fn output(command: &mut Command) -> Result<String> {
    let words = show(command);
    let output = command
        .stdin(Stdio::null())
        .output()
        .with_context(|| format!("cannot start `{words}`"))?;
    if !output.status.success() {
        let complaint = String::from_utf8_lossy(&output.stderr);
        bail!(
            "`{words}` ended with {}: {}",
            output.status,
            complaint.trim()
        );
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// Runs a command, shows every line of its standard output as it comes, hands
/// it to `line` too, and tells whether the command succeeded.
pub fn watch(command: &mut Command, mut line: impl FnMut(&str)) -> Result<bool> {
    let words = show(command);
    println!("   {words}");
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()
        .with_context(|| format!("cannot start `{words}`"))?;
    let output = child.stdout.take().context("standard output is piped")?;
    let mut reader = BufReader::new(output);
    let mut bytes = Vec::new();
    while reader.read_until(b'\n', &mut bytes)? > 0 {
        let text = String::from_utf8_lossy(&bytes);
        print!("{text}");
        line(text.trim_end());
        bytes.clear();
    }
    Ok(child.wait()?.success())
}

/// A cargo call at the root of the checkout, for native code.
pub fn cargo(folders: &Folders) -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command
        .current_dir(&folders.root)
        .env("CARGO_TARGET_DIR", folders.target());
    command
}

/// A cargo call at the root of the checkout, for wasm.
pub fn cargo_wasm(folders: &Folders) -> Command {
    let mut command = cargo(folders);
    command
        .env("CARGO_TARGET_DIR", folders.target_wasm())
        // Trunk's hook builds the workers: theirs are those of .cargo/config.toml.
        .env_remove(PAGE_FLAGS.0);
    command
}

/// The flags of the page: those of all wasm (.cargo/config.toml), and views whose
/// types Leptos erases. That makes the page a quarter smaller.
pub const PAGE_FLAGS: (&str, &str) = (
    "CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS",
    "-C target-feature=+simd128 --cfg erase_components",
);

/// Whether a program is there to be started.
pub fn has(program: &str) -> bool {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path).any(|folder| is_program(&folder.join(program)))
}

fn is_program(path: &Path) -> bool {
    path.is_file()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_read_well() {
        let spelled = |seconds: f64| spell(Duration::from_secs_f64(seconds));
        assert_eq!(spelled(0.04), "0.0 s");
        assert_eq!(spelled(9.94), "9.9 s");
        assert_eq!(spelled(17.4), "17 s");
        assert_eq!(spelled(185.0), "3 min 05 s");
        assert_eq!(spelled(119.7), "2 min 00 s");
    }

    #[test]
    fn commands_can_be_pasted() {
        let mut command = Command::new("sh");
        command.args(["-c", "echo it's", "", "plain"]);
        assert_eq!(show(&command), r"sh -c 'echo it'\''s' '' plain");
    }

    #[test]
    fn every_line_is_seen_and_failure_is_told() {
        let mut seen = Vec::new();
        let ok = watch(
            Command::new("sh").args(["-c", "echo one; echo two; exit 3"]),
            |line| seen.push(line.to_owned()),
        );
        assert!(!ok.expect("sh is there"));
        assert_eq!(seen, ["one", "two"]);
    }
}
