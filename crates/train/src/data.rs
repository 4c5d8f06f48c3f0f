//! Where data sets are, and reading them.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, anyhow, bail};
use lampwork_datasets::Packed;
use lampwork_protocol::{DataSet, Modality};

/// Where `cargo xtask data` puts the full data sets.
///
/// # Errors
/// Where the environment names no home folder.
pub fn default_folder() -> Result<PathBuf> {
    let home = std::env::var_os("HOME")
        .ok_or_else(|| anyhow!("HOME is not set: say where the data is by --data-dir"))?;
    Ok(Path::new(&home).join(".cache/lampwork/data"))
}

/// Reads a data set from a folder.
///
/// # Errors
/// Where it is not there or cannot be read; the message says how to get it.
pub fn load(folder: &Path, data: DataSet) -> Result<Packed> {
    if data.modality() == Modality::Text {
        bail!(
            "{} holds text: this can be done with pictures alone",
            data.name()
        );
    }
    let name = if data.captioned() {
        // Packed in more than one size.
        format!("{}-{}.safetensors", data.name(), data.shape().side)
    } else {
        format!("{}.safetensors", data.name())
    };
    let path = folder.join(name);
    let bytes = match std::fs::read(&path) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => bail!(
            "there is no data at {}: run `cargo xtask data` to fetch and pack it, \
             or say by --data-dir where it is",
            path.display()
        ),
        Err(error) => return Err(error).with_context(|| format!("cannot read {}", path.display())),
    };
    Packed::read(data, &bytes).with_context(|| {
        format!(
            "{} cannot be used: run `cargo xtask data` to make it anew",
            path.display()
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(write: Option<&[u8]>, parts: &[&str]) {
        let folder = tempfile::tempdir().unwrap();
        if let Some(bytes) = write {
            std::fs::write(folder.path().join("digits.safetensors"), bytes).unwrap();
        }
        let message = format!("{:#}", load(folder.path(), DataSet::Digits).unwrap_err());
        for part in parts {
            assert!(message.contains(part), "{message}");
        }
    }

    #[test]
    fn missing_and_broken_data_say_how_to_get_it() {
        check(
            None,
            &["digits.safetensors", "cargo xtask data", "--data-dir"],
        );
        check(
            Some(b"not a data set"),
            &["cannot be used", "cargo xtask data"],
        );
    }
}
