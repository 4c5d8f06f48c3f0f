//! The log of a search: one JSON line a trial, from which it goes on.

use std::fs::{File, OpenOptions};
use std::io::{Seek, SeekFrom, Write};
use std::path::Path;

use anyhow::{Context, Result, bail};
use lampwork_protocol::RunRecipe;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// The first line: what is searched.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Header {
    /// The recipe that the trials change.
    pub recipe: RunRecipe,
    /// The ranges, as on the command line.
    pub over: Vec<String>,
    /// Seed of the choices.
    pub seed: u64,
}

/// One trial.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Trial {
    /// Which, from 0.
    pub trial: usize,
    /// Its settings.
    pub settings: Map<String, Value>,
    /// The same as the search counts them.
    pub coordinates: Vec<f64>,
    /// What it came to; `None` where it failed.
    pub loss: Option<f64>,
    /// Why it failed.
    pub error: Option<String>,
    /// How the trial was chosen.
    pub method: String,
    /// Seconds of training.
    pub seconds: f64,
}

/// A search's log, open for more trials.
#[derive(Debug)]
pub struct SearchLog {
    file: File,
    /// The trials so far.
    pub trials: Vec<Trial>,
}

impl SearchLog {
    /// Starts a log, or goes on with the one that is there.
    ///
    /// A last line that a killed search left half-written is cut off.
    ///
    /// # Errors
    /// Where the log is of another search, or cannot be read or written.
    pub fn open(path: &Path, header: &Header) -> Result<SearchLog> {
        let mut file = OpenOptions::new()
            .create(true)
            .truncate(false)
            .read(true)
            .write(true)
            .open(path)
            .with_context(|| format!("cannot open {}", path.display()))?;
        let text = std::fs::read_to_string(path)?;
        let whole = text.rfind('\n').map_or(0, |end| end + 1);
        file.set_len(whole as u64)?;
        file.seek(SeekFrom::Start(whole as u64))?;
        let mut lines = text[..whole].lines();
        let mut log = SearchLog {
            file,
            trials: Vec::new(),
        };
        match lines.next() {
            None => log.line(header)?,
            Some(first) => {
                let there: Header = serde_json::from_str(first)
                    .with_context(|| format!("{} is not a search's log", path.display()))?;
                if there != *header {
                    bail!(
                        "{} is the log of another search (other recipe, ranges or seed): \
                         choose another folder by --search-dir",
                        path.display()
                    );
                }
            }
        }
        for line in lines {
            log.trials.push(
                serde_json::from_str(line)
                    .with_context(|| format!("{}: {line}", path.display()))?,
            );
        }
        Ok(log)
    }

    /// Adds a trial, durably.
    ///
    /// # Errors
    /// Where it cannot be written.
    pub fn add(&mut self, trial: Trial) -> Result<()> {
        self.line(&trial)?;
        self.trials.push(trial);
        Ok(())
    }

    fn line(&mut self, value: &impl Serialize) -> Result<()> {
        let mut line = serde_json::to_vec(value)?;
        line.push(b'\n');
        self.file.write_all(&line)?;
        Ok(self.file.sync_data()?)
    }

    /// The trial with the least loss.
    pub fn best(&self) -> Option<&Trial> {
        self.trials
            .iter()
            .filter(|trial| trial.loss.is_some_and(f64::is_finite))
            .min_by(|a, b| {
                a.loss
                    .unwrap_or(f64::MAX)
                    .total_cmp(&b.loss.unwrap_or(f64::MAX))
            })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::presets;

    fn header(seed: u64) -> Header {
        Header {
            recipe: presets::load("vae-digits").unwrap().recipe,
            over: vec!["model.beta=1..4".into()],
            seed,
        }
    }

    fn trial(trial: usize, loss: Option<f64>) -> Trial {
        Trial {
            trial,
            settings: Map::from_iter([("model.beta".to_owned(), 1.0_f64.into())]),
            coordinates: vec![0.1 + 0.2],
            loss,
            error: None,
            method: "tpe".into(),
            seconds: 1.0,
        }
    }

    #[test]
    fn a_search_goes_on_from_its_whole_lines() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("trials.jsonl");
        let mut log = SearchLog::open(&path, &header(1)).unwrap();
        log.add(trial(0, Some(3.0))).unwrap();
        log.add(trial(1, None)).unwrap();
        log.add(trial(2, Some(2.0))).unwrap();
        drop(log);
        let text = std::fs::read_to_string(&path).unwrap();
        std::fs::write(&path, &text[..text.len() - 9]).unwrap();

        let mut log = SearchLog::open(&path, &header(1)).unwrap();
        assert_eq!(log.trials, [trial(0, Some(3.0)), trial(1, None)]);
        assert_eq!(log.best(), Some(&trial(0, Some(3.0))));
        log.add(trial(2, Some(2.0))).unwrap();
        assert_eq!(std::fs::read_to_string(&path).unwrap(), text);
    }

    #[test]
    fn the_log_of_another_search_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("trials.jsonl");
        SearchLog::open(&path, &header(1)).unwrap();
        let message = SearchLog::open(&path, &header(2)).unwrap_err().to_string();
        assert!(message.contains("another search"), "{message}");
    }
}
