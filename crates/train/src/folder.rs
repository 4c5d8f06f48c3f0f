//! The folder of one run, and where models are written.

use std::path::{Path, PathBuf};

use anyhow::{Result, bail};
use lampwork_protocol::RunRecipe;
use serde::{Deserialize, Serialize};

use crate::atomic;

/// The folder of one run.
///
/// ```text
/// runs/NAME/
///   run.json                what was started
///   log.jsonl               every figure, a line each
///   events/                 the same for TensorBoard
///   samples/epoch-0001.png  from the same noise every epoch
///   checkpoints/            the two newest
///   best.safetensors        weights of the best epoch, with early stopping
/// ```
#[derive(Debug, Clone)]
pub struct RunFolder(PathBuf);

/// What was started: enough to begin again where there is no checkpoint yet.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RunFile {
    /// Name of the model.
    pub name: String,
    /// How it is trained.
    pub recipe: RunRecipe,
    /// Where the data was.
    pub data_folder: PathBuf,
    /// Where the finished model goes.
    pub out: PathBuf,
}

impl RunFolder {
    /// The run in this folder.
    pub fn new(path: impl Into<PathBuf>) -> RunFolder {
        RunFolder(path.into())
    }

    /// The folder itself.
    pub fn path(&self) -> &Path {
        &self.0
    }

    /// What was started.
    pub fn file(&self) -> PathBuf {
        self.0.join("run.json")
    }

    /// Every figure, a line each.
    pub fn log(&self) -> PathBuf {
        self.0.join("log.jsonl")
    }

    /// TensorBoard's event files.
    pub fn events(&self) -> PathBuf {
        self.0.join("events")
    }

    /// Checkpoints.
    pub fn checkpoints(&self) -> PathBuf {
        self.0.join("checkpoints")
    }

    /// Weights of the best epoch.
    pub fn best(&self) -> PathBuf {
        self.0.join("best.safetensors")
    }

    /// The sheet of samples of an epoch.
    pub fn sheet(&self, epoch: u64) -> PathBuf {
        self.0.join("samples").join(format!("epoch-{epoch:04}.png"))
    }

    /// Makes the folder for a new run.
    ///
    /// # Errors
    /// Where a run is there already, or it cannot be made.
    pub fn start(&self, what: &RunFile) -> Result<()> {
        if self.file().exists() {
            bail!(
                "{} holds a run already: go on with it by `train resume {}`, \
                 name this one by --name, or start anew by --overwrite",
                self.0.display(),
                self.0.display()
            );
        }
        atomic::folder(&self.0)?;
        atomic::write(&self.file(), &serde_json::to_vec_pretty(what)?)?;
        Ok(())
    }

    /// Reads what was started.
    ///
    /// # Errors
    /// Where this is not the folder of a run.
    pub fn read(&self) -> Result<RunFile> {
        let text = std::fs::read(self.file()).map_err(|error| {
            anyhow::anyhow!(
                "{} is not the folder of a run ({error}); `train list` shows those that are",
                self.0.display()
            )
        })?;
        serde_json::from_slice(&text)
            .map_err(|error| anyhow::anyhow!("{} cannot be read: {error}", self.file().display()))
    }

    /// Removes a run, but nothing else that may stand in its folder.
    ///
    /// # Errors
    /// Where the system refuses.
    pub fn remove(&self) -> Result<()> {
        for folder in [self.events(), self.checkpoints(), self.0.join("samples")] {
            remove(std::fs::remove_dir_all(folder))?;
        }
        for file in [self.log(), self.best(), self.file()] {
            remove(std::fs::remove_file(file))?;
        }
        Ok(())
    }
}

fn remove(result: std::io::Result<()>) -> Result<()> {
    match result {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(error.into()),
        _ => Ok(()),
    }
}

/// The root of the checkout that the working folder is in, else the working
/// folder itself.
pub fn project_root() -> PathBuf {
    let here = std::env::current_dir().unwrap_or_else(|_| ".".into());
    here.ancestors()
        .find(|folder| folder.join("crates/train/presets").is_dir())
        .map_or_else(|| here.clone(), Path::to_path_buf)
}

/// Every run under a folder, by name.
pub fn runs_in(folder: &Path) -> Vec<RunFolder> {
    let mut runs: Vec<_> = std::fs::read_dir(folder)
        .into_iter()
        .flatten()
        .flatten()
        .map(|entry| RunFolder::new(entry.path()))
        .filter(|run| run.file().exists())
        .collect();
    runs.sort_by(|a, b| a.0.cmp(&b.0));
    runs
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::presets;

    fn what() -> RunFile {
        RunFile {
            name: "a".into(),
            recipe: presets::load("vae-digits").unwrap().recipe,
            data_folder: "data".into(),
            out: "out".into(),
        }
    }

    #[test]
    fn a_run_is_not_started_over_another_unless_that_is_removed() {
        let folder = tempfile::tempdir().unwrap();
        let run = RunFolder::new(folder.path().join("a"));
        run.start(&what()).unwrap();
        assert_eq!(run.read().unwrap(), what());
        let message = run.start(&what()).unwrap_err().to_string();
        assert!(message.contains("train resume"), "{message}");
        assert_eq!(runs_in(folder.path()).len(), 1);

        std::fs::write(run.path().join("notes.txt"), b"mine").unwrap();
        run.remove().unwrap();
        run.start(&what()).unwrap();
        assert!(run.path().join("notes.txt").exists());
    }

    #[test]
    fn another_folder_is_no_run() {
        let folder = tempfile::tempdir().unwrap();
        let message = RunFolder::new(folder.path())
            .read()
            .unwrap_err()
            .to_string();
        assert!(message.contains("is not the folder of a run"), "{message}");
    }
}
