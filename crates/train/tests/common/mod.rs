//! A tiny data set and a way to call the binary.
#![allow(dead_code)] // Each test binary uses its own part.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use lampwork_datasets::split::Splits;
use lampwork_datasets::{Examples, Packed, sources};
use lampwork_models::Noise;
use lampwork_protocol::{DataSet, PICTURE_PIXELS, PICTURE_SIDE};

/// A folder with a data set in it, and room for runs.
pub struct Bench {
    folder: tempfile::TempDir,
}

impl Bench {
    pub fn new() -> Bench {
        let bench = Bench {
            folder: tempfile::tempdir().unwrap(),
        };
        std::fs::create_dir(bench.path("data")).unwrap();
        let mut noise = Noise::new(1, 0);
        let splits = Splits {
            train: bars(256, &mut noise),
            validation: bars(40, &mut noise),
            test: bars(160, &mut noise),
        };
        let packed = Packed::new(splits, sources::card(DataSet::Digits, "Bars, for tests."));
        let file = bench.path("data/digits.safetensors");
        std::fs::write(file, packed.to_bytes()).unwrap();
        bench
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// The binary with these arguments, in the folder, on its data.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_train"));
        command.args(arguments);
        if !matches!(arguments[0], "list" | "--help" | "sample") {
            command.args(["--data-dir", "data"]);
        }
        command.current_dir(self.folder.path());
        command
    }

    pub fn call(&self, arguments: &[&str]) -> Output {
        self.command(arguments).output().unwrap()
    }

    /// Calls and wants success; gives what it printed.
    #[track_caller]
    pub fn succeed(&self, arguments: &[&str]) -> String {
        let output = self.call(arguments);
        assert!(
            output.status.success(),
            "{arguments:?}: {}",
            text(&output.stderr)
        );
        text(&output.stdout)
    }

    /// Calls and wants failure with these words.
    #[track_caller]
    pub fn fail(&self, arguments: &[&str], words: &[&str]) {
        let output = self.call(arguments);
        let said = text(&output.stderr);
        assert_eq!(output.status.code(), Some(1), "{arguments:?}: {said}");
        for word in words {
            assert!(said.contains(word), "{arguments:?}: no {word:?} in: {said}");
        }
    }
}

pub fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// Pictures of ten kinds: a bar at a place of the kind's, with some noise.
fn bars(count: usize, noise: &mut Noise) -> Examples {
    let mut examples = Examples::default();
    for index in 0..count {
        let class = index % 10;
        let shades = noise.uniform(PICTURE_PIXELS);
        for (place, shade) in shades.iter().enumerate() {
            let row = place / PICTURE_SIDE;
            let bright = (2 * class + 3..2 * class + 7).contains(&row);
            let base = if bright { 180.0 } else { 0.0 };
            examples.pictures.push((base + 60.0 * shade) as u8);
        }
        examples.labels.push(class as u8);
    }
    examples
}

/// The newest checkpoint of a run.
pub fn newest_checkpoint(run: &Path) -> Option<PathBuf> {
    let mut found: Vec<_> = std::fs::read_dir(run.join("checkpoints"))
        .ok()?
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|end| end == "safetensors"))
        .collect();
    found.sort();
    found.pop()
}

/// Every tensor of a file, bit by bit.
pub fn tensors(file: &Path) -> Vec<(String, Vec<u32>)> {
    let (tensors, _) = lampwork_weights::read(&std::fs::read(file).unwrap()).unwrap();
    tensors
        .into_iter()
        .map(|tensor| {
            let bits = tensor.values.iter().map(|value| value.to_bits()).collect();
            (tensor.name, bits)
        })
        .collect()
}
