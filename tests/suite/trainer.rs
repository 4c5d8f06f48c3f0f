//! The native trainer and the studio read each other's files.

use clap::Parser;
use lampwork_protocol::{Command, DataSet, ModelCard, NetKind, Sheet};
use lampwork_train::cli::Cli;

use crate::talk::{Talk, pictures, trained};
use lampwork_tests::{data, recipes};

/// Calls `train`; the exit status.
fn train(arguments: &[&str]) -> u8 {
    let all = ["train"].iter().chain(arguments);
    let cli = Cli::try_parse_from(all).expect("arguments");
    lampwork_train::commands::execute(cli).expect("what was asked for")
}

#[test]
fn what_train_makes_loads_in_the_studio_and_makes_the_same_pictures() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = |name: &str| folder.path().join(name).to_string_lossy().into_owned();
    std::fs::create_dir(path("data")).expect("a folder");
    let bytes = data::packed(DataSet::Digits).to_bytes();
    std::fs::write(path("data/digits.safetensors"), bytes).expect("a file");
    let status = train(&[
        "run",
        "mlp-gan-digits",
        "--quiet",
        "--no-eval",
        "--epochs",
        "1",
        "--batch",
        "8",
        "--set",
        "micro_batch=8",
        "--set",
        "model.width=8",
        "--data-dir",
        &path("data"),
        "--run-dir",
        &path("run"),
        "--out",
        &path("model"),
    ]);
    assert_eq!(status, 0);
    let sample = path("arrays.safetensors");
    train(&[
        "sample",
        "--model",
        &path("model"),
        "--count",
        "5",
        "--seed",
        "9",
        "--class",
        "4",
        "--out",
        &sample,
        "--quiet",
    ]);
    let (arrays, _) =
        lampwork_weights::read(&std::fs::read(sample).expect("arrays")).expect("arrays");

    let file = std::fs::read(path("model/weights.safetensors")).expect("weights");
    let card: ModelCard =
        serde_json::from_slice(&std::fs::read(path("model/card.json")).expect("a card"))
            .expect("a card");
    let mut talk = Talk::new();
    let info = talk.load(&file, Some(card));
    let sheet = Sheet {
        model: info.card.name,
        weights: info.weights,
        seed: 9,
        class: Some(4),
        temperature: 1.0,
        count: 5,
        words: None,
        sampling: None,
    };
    let made = pictures(&talk.command(Command::Make {
        recipes: sheet.recipes(),
    }));
    let apart = made
        .iter()
        .zip(&arrays[0].values)
        .map(|(byte, value)| (f32::from(*byte) - value * 255.0).abs())
        .fold(0.0, f32::max);
    assert!(apart <= 1.0, "{apart} grey levels apart");
    // As a dropped file, too.
    talk.load(&file, None);
}

#[test]
fn what_the_studio_makes_samples_in_train() {
    let folder = tempfile::tempdir().expect("a folder");
    for recipe in [recipes::vae(NetKind::Conv, 10), recipes::gan(NetKind::Conv)] {
        let (bytes, _) = trained(&recipe, ModelCard::YOURS);
        let file = folder.path().join("yours.safetensors");
        std::fs::write(&file, bytes).expect("a file");
        let out = folder.path().join("sheet.png");
        let status = train(&[
            "sample",
            "--model",
            &file.to_string_lossy(),
            "--count",
            "4",
            "--out",
            &out.to_string_lossy(),
            "--quiet",
        ]);
        assert_eq!(status, 0);
        assert!(
            std::fs::read(&out)
                .expect("a sheet")
                .starts_with(b"\x89PNG")
        );
    }
}
