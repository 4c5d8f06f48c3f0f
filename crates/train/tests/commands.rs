//! The commands, from a preset to a measured model.

mod common;

use std::path::Path;

use common::{Bench, tensors};
use lampwork_pictures::{read_picture, read_recipe};
use lampwork_protocol::{Latent, ModelCard};

const VAE: &[&str] = &[
    "run",
    "vae-digits",
    "--epochs",
    "2",
    "--batch",
    "32",
    "--set",
    "model.width=4",
    "--quiet",
];

fn card(folder: &Path) -> ModelCard {
    serde_json::from_slice(&std::fs::read(folder.join("card.json")).unwrap()).unwrap()
}

#[test]
fn a_run_leaves_a_model_with_figures_a_log_and_sheets() {
    let bench = Bench::new();
    let table = bench.succeed(&[VAE, &["--out", "model"]].concat());
    let card = card(&bench.path("model"));
    assert_eq!(card.name, "vae-digits");
    assert_eq!(card.steps, 16);
    assert!(card.data_source.contains("MNIST"), "{}", card.data_source);
    let names: Vec<_> = card
        .figures
        .iter()
        .map(|figure| figure.name.as_str())
        .collect();
    for name in [
        "test_elbo",
        "frechet_distance",
        "kernel_distance",
        "precision",
        "recall",
        "agreement",
        "class_entropy",
        "nearest_training_distance",
        "spread",
    ] {
        assert!(names.contains(&name), "no {name} in {names:?}");
        assert!(table.contains(name), "{table}");
    }
    for figure in &card.figures {
        assert!(figure.value.is_finite(), "{figure:?}");
    }
    // Real training pictures are nearer to the test split than noise is.
    let frechet = card
        .figures
        .iter()
        .find(|figure| figure.name == "frechet_distance")
        .unwrap();
    assert!(frechet.floor < frechet.ceiling, "{frechet:?}");

    let run = bench.path("runs/vae-digits");
    let log = std::fs::read_to_string(run.join("log.jsonl")).unwrap();
    let kinds: Vec<String> = log
        .lines()
        .map(|line| {
            let line: serde_json::Value = serde_json::from_str(line).unwrap();
            line["kind"].as_str().unwrap().to_owned()
        })
        .collect();
    assert_eq!(
        kinds,
        ["start", "train", "validation", "train", "validation"]
    );
    for epoch in ["0001", "0002"] {
        assert!(run.join(format!("samples/epoch-{epoch}.png")).exists());
    }
    assert_eq!(std::fs::read_dir(run.join("events")).unwrap().count(), 1);
    let listed = bench.succeed(&["list"]);
    assert!(
        listed.contains("gan-fashion") && listed.contains("runs/vae-digits"),
        "{listed}"
    );
}

#[test]
fn the_same_recipe_gives_the_same_weights_and_eval_the_same_figures() {
    let bench = Bench::new();
    let recipe = [VAE, &["--no-eval"]].concat();
    bench.succeed(&[&recipe[..], &["--run-dir", "a", "--out", "model-a"]].concat());
    bench.succeed(&[&recipe[..], &["--run-dir", "b", "--out", "model-b"]].concat());
    let weights = |name: &str| tensors(&bench.path(name).join("weights.safetensors"));
    assert!(weights("model-a") == weights("model-b"));

    assert!(card(&bench.path("model-a")).figures.is_empty());
    let eval = |model| bench.succeed(&["eval", "--model", model, "--quiet", "--write"]);
    let after_name = |table: String| table.split_once('\n').unwrap().1.to_owned();
    assert_eq!(after_name(eval("model-a")), after_name(eval("model-b")));
    assert_eq!(
        card(&bench.path("model-a")).figures,
        card(&bench.path("model-b")).figures
    );
}

#[test]
fn samples_are_written_as_sheet_singles_and_arrays() {
    let bench = Bench::new();
    bench.succeed(&[VAE, &["--no-eval", "--out", "model"]].concat());
    let sample = |more: &[&str]| {
        bench.succeed(
            &[
                &[
                    "sample", "--model", "model", "--count", "6", "--seed", "9", "--quiet",
                ],
                more,
            ]
            .concat(),
        )
    };
    sample(&["--class", "3", "--out", "sheet.png"]);
    assert!(bench.path("sheet.png").exists());

    sample(&["--class", "3", "--out", "singles"]);
    let file = std::fs::read(bench.path("singles/00004.png")).unwrap();
    let recipe = read_recipe(&file).unwrap();
    assert_eq!(recipe.model, "vae-digits");
    assert_eq!(
        recipe.latent,
        Latent::Draw {
            seed: 9,
            index: 4,
            temperature: 1.0,
            class: Some(3)
        }
    );
    let weights = std::fs::read(bench.path("model/weights.safetensors")).unwrap();
    assert_eq!(recipe.weights, lampwork_weights::hash(&weights));

    sample(&["--class", "3", "--out", "arrays.safetensors"]);
    let arrays = std::fs::read(bench.path("arrays.safetensors")).unwrap();
    let (arrays, _) = lampwork_weights::read(&arrays).unwrap();
    assert_eq!(arrays[0].shape, [6, 28, 28]);
    // The arrays are the pictures before they were rounded to bytes.
    let rounded = lampwork_models::sample::to_bytes(&arrays[0].values[4 * 784..5 * 784]);
    assert_eq!(rounded, read_picture(&file).unwrap());

    sample(&["--out", "named/{index}-of-six.png"]);
    assert!(bench.path("named/00005-of-six.png").exists());
}

#[test]
fn a_run_can_begin_with_the_weights_of_another() {
    let bench = Bench::new();
    bench.succeed(&[VAE, &["--no-eval", "--out", "model"]].concat());
    let on = [
        VAE,
        &[
            "--no-eval",
            "--name",
            "on",
            "--out",
            "on",
            "--from",
            "model",
        ],
    ]
    .concat();
    bench.succeed(&on);
    let first_loss = |run: &str| {
        let log = std::fs::read_to_string(bench.path(run).join("log.jsonl")).unwrap();
        let line: serde_json::Value = serde_json::from_str(log.lines().nth(1).unwrap()).unwrap();
        line["reconstruction"].as_f64().unwrap()
    };
    assert!(first_loss("runs/on") < first_loss("runs/vae-digits"));
    let other = [
        VAE,
        &[
            "--name",
            "other",
            "--from",
            "model",
            "--set",
            "model.width=5",
        ],
    ]
    .concat();
    bench.fail(&other, &["shape"]);
}

#[test]
fn a_rounded_model_is_the_same_but_for_the_last_bits() {
    let bench = Bench::new();
    bench.succeed(&[VAE, &["--no-eval", "--out", "model"]].concat());
    let read = |folder: &str| std::fs::read(bench.path(folder).join("weights.safetensors"));
    let before = read("model").unwrap();
    let table = bench.succeed(&["round", "--model", "model", "--out", "rounded", "--quiet"]);
    assert!(table.contains("frechet_distance"), "{table}");
    assert!(!card(&bench.path("rounded")).figures.is_empty());
    assert_eq!(read("model").unwrap(), before, "the model itself is left");
    let after = read("rounded").unwrap();
    assert_eq!(after.len(), before.len());
    let [before, after] = [before, after].map(|bytes| lampwork_weights::read(&bytes).unwrap().0);
    for (before, after) in before.iter().zip(&after) {
        assert_eq!(before.name, after.name);
        for (old, new) in before.values.iter().zip(&after.values) {
            let apart = (old - new).abs();
            // Half precision has nothing finer than 2^-24 near zero.
            assert!(apart <= old.abs() / 256.0 + 6e-8, "{old} became {new}");
            let bits = new.to_bits();
            let normal = new.abs() >= 6.2e-5;
            assert!(
                !normal || bits.trailing_zeros() >= 16,
                "{new} has more bits"
            );
        }
    }
    // What the reader of arguments refuses ends with 2.
    let refused = bench.call(&["round", "--model", "model", "--bits", "11"]);
    assert_eq!(refused.status.code(), Some(2));
    bench.fail(&["round", "--model", "nowhere"], &["no model at nowhere"]);
}

#[test]
fn a_search_goes_on_from_its_log() {
    let bench = Bench::new();
    let search = |folder: &str, trials: &str| {
        bench.succeed(&[
            "search",
            "mlp-vae-digits",
            "--epochs",
            "1",
            "--batch",
            "32",
            "--over",
            "optimizer.learning_rate=log:1e-4..1e-2",
            "--over",
            "model.width=choice:8,16",
            "--search-dir",
            folder,
            "--trials",
            trials,
            "--quiet",
        ])
    };
    search("parts", "4");
    let best = search("parts", "10");
    search("whole", "10");
    let trials = |folder: &str| -> Vec<serde_json::Value> {
        let log = std::fs::read_to_string(bench.path(folder).join("trials.jsonl")).unwrap();
        log.lines()
            .skip(1)
            .map(|line| {
                let mut trial: serde_json::Value = serde_json::from_str(line).unwrap();
                trial.as_object_mut().unwrap().remove("seconds");
                trial
            })
            .collect()
    };
    assert_eq!(trials("parts").len(), 10);
    assert_eq!(trials("parts"), trials("whole"));
    assert!(trials("whole").iter().all(|trial| trial["loss"].is_f64()));
    assert!(best.contains("--set optimizer.learning_rate="), "{best}");
}

#[test]
fn what_cannot_be_done_is_said_with_what_to_do() {
    let bench = Bench::new();
    bench.fail(&["run", "vae-cats"], &["no preset", "map-fashion"]);
    bench.fail(&["run", "vae-fashion"], &["no data", "cargo xtask data"]);
    bench.fail(
        &["run", "vae-digits", "--set", "optimizer.lr=1"],
        &["optimizer.learning_rate"],
    );
    bench.fail(&["run", "vae-digits", "--name", "a/b"], &["--name"]);
    bench.fail(&["run", "vae-digits", "--batch", "0"], &["batch"]);
    bench.fail(&["resume", "nowhere"], &["is not the folder of a run"]);
    bench.fail(&["eval", "--model", "nowhere"], &["no model"]);
    bench.fail(
        &["sample", "--model", "nowhere", "--out", "a.png"],
        &["no model"],
    );
    if !cfg!(feature = "cuda") {
        bench.fail(
            &["run", "vae-digits", "--device", "cuda"],
            &["--features cuda"],
        );
    }
    // A file where a folder should be.
    std::fs::write(bench.path("file"), b"").unwrap();
    let run = [VAE, &["--run-dir", "file/run"]].concat();
    bench.fail(
        &run,
        &["file/run", "a file stands where a folder should be"],
    );
    // Nothing of all this has left a run behind.
    assert!(!bench.path("runs").exists());
}
