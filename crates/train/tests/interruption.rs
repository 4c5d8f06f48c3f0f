//! Runs that are killed, interrupted or short of disk go on as if nothing had
//! happened.

mod common;

use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use common::{Bench, newest_checkpoint, tensors, text};

const TINY_VAE: &[&str] = &[
    "vae-digits",
    "--epochs",
    "12",
    "--batch",
    "32",
    "--set",
    "model.width=4",
    "--no-eval",
    "--checkpoint-steps",
    "3",
];
const TINY_GAN: &[&str] = &[
    "mlp-gan-digits",
    "--epochs",
    "12",
    "--batch",
    "32",
    "--set",
    "model.width=32",
    "--no-eval",
    "--checkpoint-steps",
    "3",
];

fn start<'a>(run: &'a str, recipe: &[&'a str]) -> Vec<&'a str> {
    [&["run"], recipe, &["--name", run, "--out", run]].concat()
}

/// Waits until a run has saved a checkpoint later than `after`.
#[track_caller]
fn wait_for_checkpoint(run: &Path, after: Option<&Path>, child: &mut Child) {
    let began = Instant::now();
    loop {
        match newest_checkpoint(run) {
            Some(newest) if Some(newest.as_path()) > after => return,
            _ if child.try_wait().unwrap().is_some() => return,
            _ => {}
        }
        assert!(
            began.elapsed() < Duration::from_secs(60),
            "no checkpoint came"
        );
        std::thread::sleep(Duration::from_millis(1));
    }
}

#[track_caller]
fn a_killed_run_comes_to_the_same_weights(recipe: &[&str]) {
    let bench = Bench::new();
    bench.succeed(&start("whole", recipe));

    let run = bench.path("runs/killed");
    let mut kills = 0;
    for attempt in 0..4 {
        let before = newest_checkpoint(&run);
        let arguments = match attempt {
            0 => start("killed", recipe),
            _ => vec![
                "resume",
                "runs/killed",
                "--no-eval",
                "--checkpoint-steps",
                "3",
            ],
        };
        let mut child = bench
            .command(&arguments)
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        wait_for_checkpoint(&run, before.as_deref(), &mut child);
        // Not always right after a save: some attempts die in the midst of one.
        std::thread::sleep(Duration::from_millis(7 * attempt));
        child.kill().unwrap();
        kills += usize::from(!child.wait().unwrap().success());
    }
    assert!(kills > 0, "the run was over before it could be killed");
    bench.succeed(&["resume", "runs/killed", "--no-eval"]);

    let last = |name: &str| tensors(&newest_checkpoint(&bench.path(name)).unwrap());
    assert!(
        last("runs/whole") == last("runs/killed"),
        "checkpoints differ"
    );
    let shipped = |name: &str| tensors(&bench.path(name).join("weights.safetensors"));
    assert!(
        shipped("whole") == shipped("killed"),
        "shipped weights differ"
    );
    let log = |name: &str| std::fs::read_to_string(bench.path(name).join("log.jsonl")).unwrap();
    assert_eq!(log("runs/whole"), log("runs/killed"));
}

#[test]
fn a_vae_that_was_killed_goes_on_bit_by_bit() {
    a_killed_run_comes_to_the_same_weights(TINY_VAE);
}

#[test]
fn a_gan_that_was_killed_goes_on_bit_by_bit() {
    a_killed_run_comes_to_the_same_weights(TINY_GAN);
}

#[cfg(unix)]
#[test]
fn ctrl_c_saves_and_says_how_to_go_on() {
    let bench = Bench::new();
    let run = bench.path("runs/stopped");
    // Endless for a test's patience, so that it cannot finish first.
    let mut arguments = start("stopped", TINY_VAE);
    arguments.extend(["--set", "epochs=100000"]);
    let mut child = bench
        .command(&arguments)
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    wait_for_checkpoint(&run, None, &mut child);
    let id = child.id().to_string();
    assert!(
        Command::new("kill")
            .args(["-INT", &id])
            .status()
            .unwrap()
            .success()
    );
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(130));
    let said = text(&output.stderr);
    assert!(said.contains("train resume"), "{said}");
    let saved = newest_checkpoint(&run).unwrap();
    let step = saved
        .file_stem()
        .unwrap()
        .to_str()
        .unwrap()
        .trim_start_matches("step-");
    assert!(
        said.contains(&format!("stopped at step {}", step.trim_start_matches('0'))),
        "{said}"
    );
    // The run as it stands can be shipped.
    bench.succeed(&["export", "runs/stopped", "--out", "exported", "--no-eval"]);
    assert!(bench.path("exported/card.json").exists());
}

/// A write past `ulimit -f` fails as one on a full disk does, in the midst.
#[cfg(unix)]
#[test]
fn a_checkpoint_that_does_not_fit_keeps_the_last_one() {
    let bench = Bench::new();
    let run = bench.path("runs/full");
    bench.succeed(&start("full", TINY_VAE));
    let before = newest_checkpoint(&run).unwrap();
    let kept = std::fs::read(&before).unwrap();
    let output = Command::new("sh")
        .arg("-c")
        // The limit is in blocks of 512 bytes; the checkpoint has some 200 KB.
        .arg("ulimit -f 100; trap '' XFSZ; exec \"$0\" resume runs/full --epochs 14 --checkpoint-steps 3 --no-eval --data-dir data")
        .arg(env!("CARGO_BIN_EXE_train"))
        .current_dir(bench.path(""))
        .output()
        .unwrap();
    let said = text(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(
        said.contains("is not saved; the last checkpoint is whole"),
        "{said}"
    );
    assert_eq!(newest_checkpoint(&run).unwrap(), before);
    assert_eq!(std::fs::read(&before).unwrap(), kept);
    let left: Vec<_> = std::fs::read_dir(run.join("checkpoints"))
        .unwrap()
        .filter(|entry| {
            entry
                .as_ref()
                .unwrap()
                .file_name()
                .to_string_lossy()
                .ends_with(".tmp")
        })
        .collect();
    assert!(left.is_empty(), "{left:?}");
    bench.succeed(&["resume", "runs/full", "--epochs", "14", "--no-eval"]);
}

#[test]
fn a_run_that_diverges_stops_and_keeps_the_last_good_weights() {
    let bench = Bench::new();
    let wild = &[
        "--set",
        "optimizer.kind=sgd",
        "--set",
        "optimizer.clip_norm=none",
        "--set",
        "optimizer.warmup=0",
        "--learning-rate",
        "10",
    ];
    let fresh = [&start("wild", TINY_VAE)[..], wild, &["--log-steps", "1"]].concat();
    bench.fail(&fresh, &["diverged", "--learning-rate"]);

    bench.succeed(&start("good", TINY_VAE));
    let before = newest_checkpoint(&bench.path("runs/good")).unwrap();
    let on = [
        &["resume", "runs/good", "--epochs", "20", "--log-steps", "1"][..],
        wild,
    ]
    .concat();
    bench.fail(&on, &["diverged", "last good weights", "train resume"]);
    assert_eq!(newest_checkpoint(&bench.path("runs/good")).unwrap(), before);
}
