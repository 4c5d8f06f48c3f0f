//! Checkpoints: all that a run needs to go on as if it had not stopped.
//!
//! One safetensors file each: weights, their averages and the optimizers'
//! moments as tensors, [`State`] in the metadata. Noise is keyed by seed and
//! step, so no generator's state is stored. The two newest are kept, so that one
//! that proves unreadable does not end the run.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, anyhow, bail};
use lampwork_protocol::RunRecipe;
use lampwork_weights::{Named, Precision};
use serde::{Deserialize, Serialize};

use crate::atomic;
use crate::folder::RunFolder;

/// Key of the state in a checkpoint's metadata.
const KEY: &str = "lampwork.checkpoint";

/// How many are kept.
const KEPT: usize = 2;

/// Where a run stands, beside its tensors.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct State {
    /// How it is trained.
    pub recipe: RunRecipe,
    /// Steps taken.
    pub step: u64,
    /// Seconds of training so far.
    pub seconds: f64,
    /// Length of the log at this step; what was written later is cut off when
    /// the run goes on from here.
    pub log_bytes: u64,
    /// Checksum of the data, so that a run never goes on with other data.
    pub data: String,
    /// The best epoch so far, with early stopping.
    pub best: Option<Best>,
}

impl State {
    /// Whether early stopping has waited long enough, so many epochs being done.
    pub(crate) fn patience_is_over(&self, epochs: u64) -> bool {
        match (self.recipe.early_stopping, self.best) {
            (Some(early), Some(Best { epoch, .. })) => {
                epochs >= epoch + early.patience.max(1) as u64
            }
            _ => false,
        }
    }
}

/// The epoch with the least validation loss.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Best {
    /// Which, from 1.
    pub epoch: u64,
    /// Its last step.
    pub step: u64,
    /// Its validation loss, nats per picture.
    pub loss: f32,
}

fn path_of(run: &RunFolder, step: u64) -> PathBuf {
    run.checkpoints()
        .join(format!("step-{step:08}.safetensors"))
}

/// Writes a checkpoint, then removes those older than the two newest.
///
/// # Errors
/// Where it cannot be written (the older ones are untouched then), or a tensor
/// is not finite.
pub fn write(run: &RunFolder, state: &State, tensors: &[Named]) -> Result<()> {
    let metadata = BTreeMap::from([(KEY.to_owned(), serde_json::to_string(state)?)]);
    let bytes = lampwork_weights::write(tensors, &metadata, Precision::Full)?;
    let path = path_of(run, state.step);
    let written = atomic::folder(&run.checkpoints()).and_then(|()| atomic::write(&path, &bytes));
    written.with_context(|| format!("step {} is not saved; {}", state.step, kept(run)))?;
    for old in newest(run).iter().skip(KEPT) {
        // One too many does no harm, and is tried again next time.
        let _ = std::fs::remove_file(old);
    }
    Ok(())
}

/// What is left where something could not be written, in words.
pub fn kept(run: &RunFolder) -> String {
    match newest(run).first() {
        Some(last) => format!("the last checkpoint is whole: {}", last.display()),
        None => "there is no checkpoint yet".to_owned(),
    }
}

/// Paths of the checkpoints, newest first.
pub fn newest(run: &RunFolder) -> Vec<PathBuf> {
    let mut found: Vec<_> = std::fs::read_dir(run.checkpoints())
        .into_iter()
        .flatten()
        .flatten()
        .map(|entry| entry.path())
        .filter(|path| {
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            name.starts_with("step-") && name.ends_with(".safetensors") && path.is_file()
        })
        .collect();
    // The step is padded with zeros, so names sort as steps do.
    found.sort();
    found.reverse();
    found
}

/// A checkpoint that was read.
#[derive(Debug)]
pub struct Loaded {
    /// Where the run stood.
    pub state: State,
    /// Its tensors.
    pub tensors: Vec<Named>,
    /// Newer ones that could not be read, and why.
    pub unreadable: Vec<String>,
}

/// Reads the newest checkpoint that is whole; `None` where there is none at all.
///
/// # Errors
/// Where there are some and none can be read.
pub fn read_newest(run: &RunFolder) -> Result<Option<Loaded>> {
    let mut unreadable = Vec::new();
    for path in newest(run) {
        match read(&path) {
            Ok((state, tensors)) => {
                return Ok(Some(Loaded {
                    state,
                    tensors,
                    unreadable,
                }));
            }
            Err(error) => unreadable.push(format!("{}: {error:#}", path.display())),
        }
    }
    if unreadable.is_empty() {
        return Ok(None);
    }
    bail!(
        "no checkpoint of {} can be read: {}",
        run.path().display(),
        unreadable.join("; ")
    )
}

fn read(path: &Path) -> Result<(State, Vec<Named>)> {
    let bytes = std::fs::read(path)?;
    let (tensors, metadata) = lampwork_weights::read(&bytes)?;
    let state = metadata
        .get(KEY)
        .ok_or_else(|| anyhow!("it is not a checkpoint"))?;
    Ok((serde_json::from_str(state)?, tensors))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::presets;

    fn state(step: u64) -> State {
        State {
            recipe: presets::load("vae-digits").unwrap().recipe,
            step,
            seconds: 1.5,
            log_bytes: 10,
            data: "abc".into(),
            best: Some(Best {
                epoch: 1,
                step: 2,
                loss: 0.1 + 0.2,
            }),
        }
    }

    fn tensors(value: f32) -> Vec<Named> {
        vec![Named {
            name: "net.weight".into(),
            shape: vec![2],
            values: vec![value, f32::MIN_POSITIVE],
        }]
    }

    fn run_in(folder: &Path) -> RunFolder {
        RunFolder::new(folder.join("run"))
    }

    #[test]
    fn the_newest_is_read_back_bit_by_bit_and_two_are_kept() {
        let folder = tempfile::tempdir().unwrap();
        let run = run_in(folder.path());
        assert!(read_newest(&run).unwrap().is_none());
        for step in [9, 100, 1000] {
            write(&run, &state(step), &tensors(step as f32 / 3.0)).unwrap();
        }
        let loaded = read_newest(&run).unwrap().unwrap();
        assert_eq!(loaded.state, state(1000));
        assert_eq!(loaded.tensors, tensors(1000.0 / 3.0));
        assert_eq!(newest(&run), [path_of(&run, 1000), path_of(&run, 100)]);
    }

    #[test]
    fn one_that_is_cut_off_is_passed_over_with_a_word() {
        let folder = tempfile::tempdir().unwrap();
        let run = run_in(folder.path());
        write(&run, &state(1), &tensors(1.0)).unwrap();
        write(&run, &state(2), &tensors(2.0)).unwrap();
        let newer = path_of(&run, 2);
        let bytes = std::fs::read(&newer).unwrap();
        std::fs::write(&newer, &bytes[..bytes.len() - 3]).unwrap();
        let loaded = read_newest(&run).unwrap().unwrap();
        assert_eq!(loaded.state.step, 1);
        assert!(loaded.unreadable[0].contains("step-00000002"));

        std::fs::write(path_of(&run, 1), b"").unwrap();
        let message = read_newest(&run).unwrap_err().to_string();
        assert!(message.contains("no checkpoint of"), "{message}");
    }

    #[test]
    fn one_that_cannot_be_written_leaves_the_last_whole() {
        let folder = tempfile::tempdir().unwrap();
        let run = run_in(folder.path());
        write(&run, &state(1), &tensors(1.0)).unwrap();
        // A folder of the next one's name: the system refuses the last rename.
        std::fs::create_dir_all(path_of(&run, 2).join("in-the-way")).unwrap();
        let message = format!("{:#}", write(&run, &state(2), &tensors(2.0)).unwrap_err());
        assert!(message.contains("step 2 is not saved"), "{message}");
        std::fs::remove_dir_all(path_of(&run, 2)).unwrap();
        assert_eq!(read_newest(&run).unwrap().unwrap().state, state(1));
    }

    #[test]
    fn weights_that_are_no_numbers_are_never_written() {
        let folder = tempfile::tempdir().unwrap();
        let run = run_in(folder.path());
        assert!(write(&run, &state(1), &tensors(f32::NAN)).is_err());
        assert!(newest(&run).is_empty());
    }
}
