//! Training on the CPU beside PyTorch: the same nets, taking turns.

use std::collections::BTreeMap;
use std::process::Command;

use anyhow::{Context, Result};

use super::peers;
use crate::folders::Folders;
use crate::shell::{cargo, output, run};

/// Steps of a turn.
const STEPS: &str = "30";

/// Milliseconds of every turn by net.
type Times = BTreeMap<String, Vec<f64>>;

/// Prints milliseconds a step and their ratios, with one thread and with all.
pub fn compare(rounds: u32, folders: &Folders) -> Result<()> {
    let python = peers::python(folders)?;
    let example = ["--package", "lampwork-models", "--example", "speed"];
    run(cargo(folders).arg("build").args(example))?;
    let ours = folders.target().join("debug/examples/speed");
    let theirs = folders.root.join("bench/pytorch/speed.py");
    let cores = std::thread::available_parallelism()?.get();
    let mut counts = vec![1, cores];
    counts.dedup();
    for threads in counts {
        let (mut by_us, mut by_them) = (Times::new(), Times::new());
        for _ in 0..rounds.max(1) {
            let text = output(
                Command::new(&ours)
                    .args(["--steps", STEPS])
                    .env("RAYON_NUM_THREADS", threads.to_string()),
            )?;
            gather(&text, &mut by_us)?;
            let text = output(
                Command::new(&python)
                    .arg(&theirs)
                    .args(["--steps", STEPS, "--threads"])
                    .arg(threads.to_string())
                    .env("OMP_NUM_THREADS", threads.to_string()),
            )?;
            gather(&text, &mut by_them)?;
        }
        println!("\nTraining on the CPU, {threads} thread(s), ms a step (median of turns)");
        println!(
            "  {:<12} {:>9} {:>9} {:>9}",
            "net", "ours", "PyTorch", "ratio"
        );
        for (net, times) in &by_us {
            let Some(theirs) = by_them.get(net) else {
                continue;
            };
            let (ours, theirs) = (median(times), median(theirs));
            let ratio = theirs / ours;
            println!("  {net:<12} {ours:>9.2} {theirs:>9.2} {ratio:>9.2}");
        }
    }
    println!("  (a ratio above 1: we are faster)");
    Ok(())
}

/// Adds the lines `NET MS` of a program to what is known.
fn gather(text: &str, times: &mut Times) -> Result<()> {
    for line in text.lines() {
        let (net, ms) = line
            .split_once(' ')
            .with_context(|| format!("`{line}` is not a net and its milliseconds"))?;
        times.entry(net.to_owned()).or_default().push(ms.parse()?);
    }
    Ok(())
}

/// The middle of some numbers, at least one.
fn median(numbers: &[f64]) -> f64 {
    let mut sorted = numbers.to_vec();
    sorted.sort_by(f64::total_cmp);
    let middle = sorted.len() / 2;
    if sorted.len() % 2 == 1 {
        sorted[middle]
    } else {
        (sorted[middle - 1] + sorted[middle]) / 2.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn turns_are_gathered_by_net() -> Result<()> {
        let mut times = Times::new();
        gather("a 1.5\nb 2\n", &mut times)?;
        gather("a 0.5\n", &mut times)?;
        assert_eq!(times["a"], [1.5, 0.5]);
        assert_eq!(times["b"], [2.0]);
        assert!(gather("nothing", &mut times).is_err());
        Ok(())
    }

    #[test]
    fn the_median_of_an_even_count_lies_between() {
        assert_eq!(median(&[3.0, 1.0, 2.0]), 2.0);
        assert_eq!(median(&[4.0, 1.0, 2.0, 3.0]), 2.5);
    }
}
