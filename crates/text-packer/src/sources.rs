//! Files of the packages.

use std::fs;
use std::path::{Path, PathBuf};

use crate::Fault;

/// The text of a file.
///
/// # Errors
/// It is missing or no UTF-8.
pub fn text(path: &Path) -> Result<String, Fault> {
    fs::read_to_string(path).map_err(|error| fault(path, &error.to_string()))
}

/// The files of a folder whose names begin and end so, in the order of the first
/// number in each, then of their names.
///
/// # Errors
/// The folder cannot be read, or has no such file.
pub fn files(folder: &Path, start: &str, end: &str) -> Result<Vec<PathBuf>, Fault> {
    let entries = fs::read_dir(folder).map_err(|error| fault(folder, &error.to_string()))?;
    let mut found: Vec<(u64, String)> = Vec::new();
    for entry in entries {
        let entry = entry.map_err(|error| fault(folder, &error.to_string()))?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if name.starts_with(start) && name.ends_with(end) {
            let digits: String = name
                .chars()
                .skip_while(|one| !one.is_ascii_digit())
                .take_while(char::is_ascii_digit)
                .collect();
            found.push((digits.parse().unwrap_or(0), name));
        }
    }
    if found.is_empty() {
        return Err(fault(folder, &format!("there is no file {start}…{end}")));
    }
    found.sort();
    Ok(found
        .into_iter()
        .map(|(_, name)| folder.join(name))
        .collect())
}

/// What is wrong with a file.
pub fn fault(path: &Path, reason: &str) -> Fault {
    Fault::Source {
        path: path.display().to_string(),
        reason: reason.to_owned(),
    }
}
