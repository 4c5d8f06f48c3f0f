//! The log of a run: every figure as JSON lines, and the same for TensorBoard.

use std::fs::{File, OpenOptions};
use std::io::{BufWriter, Seek, SeekFrom, Write};

use anyhow::{Context, Result};
use serde_json::{Map, Value, json};

use crate::folder::RunFolder;
use crate::tensorboard::EventWriter;

/// Writes a run's figures.
#[derive(Debug)]
pub struct Journal {
    log: BufWriter<File>,
    events: EventWriter,
}

impl Journal {
    /// Opens a run's log; `resumed` gives the step it goes on from and the
    /// length the log had then.
    ///
    /// # Errors
    /// Where a file cannot be opened or cut.
    pub fn open(run: &RunFolder, resumed: Option<(u64, u64)>) -> Result<Journal> {
        let path = run.log();
        let mut file = OpenOptions::new()
            .create(true)
            .truncate(false)
            .write(true)
            .open(&path)
            .with_context(|| format!("cannot open {}", path.display()))?;
        let kept = resumed.map_or(0, |(_, length)| length);
        // Steps that were taken after the checkpoint are taken again.
        let length = kept.min(file.metadata()?.len());
        file.set_len(length)?;
        file.seek(SeekFrom::Start(length))?;
        let events = EventWriter::create(&run.events(), resumed.map(|(step, _)| step))
            .with_context(|| format!("cannot write {}", run.events().display()))?;
        Ok(Journal {
            log: BufWriter::new(file),
            events,
        })
    }

    /// Writes figures of one kind at a step: a line, and a scalar each under
    /// `kind/name`.
    ///
    /// # Errors
    /// Where they cannot be written.
    pub fn figures(
        &mut self,
        kind: &str,
        step: u64,
        epoch: u64,
        values: &[(String, f32)],
    ) -> Result<()> {
        let mut line = Map::from_iter([
            ("kind".to_owned(), json!(kind)),
            ("step".to_owned(), json!(step)),
            ("epoch".to_owned(), json!(epoch)),
        ]);
        for (name, value) in values {
            line.insert(name.clone(), json!(value));
            self.events
                .scalar(step, &format!("{kind}/{name}"), *value)?;
        }
        self.line(&Value::Object(line))
    }

    /// Writes one line.
    ///
    /// # Errors
    /// Where it cannot be written.
    pub fn line(&mut self, line: &Value) -> Result<()> {
        writeln!(self.log, "{line}")?;
        Ok(())
    }

    /// Shows a sheet of samples in TensorBoard.
    ///
    /// # Errors
    /// Where it cannot be written.
    pub fn sheet(&mut self, step: u64, size: (u32, u32), png: &[u8]) -> Result<()> {
        Ok(self.events.picture(step, "samples", size, png)?)
    }

    /// Makes everything so far durable; returns the length of the log.
    ///
    /// # Errors
    /// Where it cannot be written.
    pub fn sync(&mut self) -> Result<u64> {
        self.events.flush()?;
        self.log.flush()?;
        self.log.get_ref().sync_data()?;
        Ok(self.log.get_ref().metadata()?.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(run: &RunFolder) -> Vec<Value> {
        let text = std::fs::read_to_string(run.log()).unwrap();
        text.lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect()
    }

    #[test]
    fn going_on_cuts_off_what_came_after_the_checkpoint() {
        let folder = tempfile::tempdir().unwrap();
        let run = RunFolder::new(folder.path());
        let mut journal = Journal::open(&run, None).unwrap();
        let loss = |value| [("loss".to_owned(), value)];
        journal.figures("train", 1, 0, &loss(3.0)).unwrap();
        let length = journal.sync().unwrap();
        journal.figures("train", 2, 0, &loss(2.0)).unwrap();
        journal.sync().unwrap();
        drop(journal);

        let mut journal = Journal::open(&run, Some((1, length))).unwrap();
        journal.figures("train", 2, 0, &loss(1.0)).unwrap();
        journal.sync().unwrap();
        let lines = lines(&run);
        assert_eq!(lines.len(), 2);
        assert_eq!(lines[0]["loss"], 3.0);
        assert_eq!(
            lines[1],
            json!({"kind": "train", "step": 2, "epoch": 0, "loss": 1.0})
        );
        assert_eq!(std::fs::read_dir(run.events()).unwrap().count(), 2);
    }
}
