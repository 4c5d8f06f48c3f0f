//! The raw files, and what their contents must be.
//!
//! `cargo xtask data` fetches the packages by their ordinary clients and unpacks
//! them. A card says which version a set was made of; so a changed file is
//! refused here rather than packed under a card that is no longer true.

use std::fs;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use crate::Fault;

/// Refuses a file whose SHA-256, in hexadecimal, is another one.
///
/// # Errors
/// It cannot be read, or has changed.
pub fn read(path: &Path, sha256: &str) -> Result<Vec<u8>, Fault> {
    let bytes = fs::read(path).map_err(|error| fault(path, error))?;
    check(path, &hexadecimal(&Sha256::digest(&bytes)), sha256)?;
    Ok(bytes)
}

/// Reads every file under `folder` whose name ends in `ending`, sorted by path,
/// and refuses them if names and contents together have another SHA-256.
///
/// Returns paths relative to the folder, parts joined by `/`, with contents.
///
/// # Errors
/// Something cannot be read, or has changed.
pub fn read_folder(
    folder: &Path,
    ending: &str,
    sha256: &str,
) -> Result<Vec<(String, Vec<u8>)>, Fault> {
    let mut paths = Vec::new();
    list(folder, &mut paths)?;
    let mut files = Vec::new();
    for path in paths {
        let parts = path.strip_prefix(folder).expect("it lies in the folder");
        let name: Vec<_> = parts.iter().map(|part| part.to_string_lossy()).collect();
        let name = name.join("/");
        if name.ends_with(ending) {
            let bytes = fs::read(&path).map_err(|error| fault(&path, error))?;
            files.push((name, bytes));
        }
    }
    files.sort();
    let mut hasher = Sha256::new();
    for (name, bytes) in &files {
        hasher.update((name.len() as u64).to_le_bytes());
        hasher.update(name);
        hasher.update((bytes.len() as u64).to_le_bytes());
        hasher.update(bytes);
    }
    check(folder, &hexadecimal(&hasher.finalize()), sha256)?;
    Ok(files)
}

fn list(folder: &Path, paths: &mut Vec<PathBuf>) -> Result<(), Fault> {
    for entry in fs::read_dir(folder).map_err(|error| fault(folder, error))? {
        let entry = entry.map_err(|error| fault(folder, error))?;
        let kind = entry.file_type().map_err(|error| fault(folder, error))?;
        if kind.is_dir() {
            list(&entry.path(), paths)?;
        } else if kind.is_file() {
            paths.push(entry.path());
        }
    }
    Ok(())
}

pub(crate) fn check(path: &Path, found: &str, wanted: &str) -> Result<(), Fault> {
    if found == wanted {
        return Ok(());
    }
    Err(fault(
        path,
        format!("the SHA-256 is {found}, not {wanted}: this is another version of the data"),
    ))
}

pub(crate) fn fault(path: &Path, reason: impl std::fmt::Display) -> Fault {
    Fault::Source {
        path: path.display().to_string(),
        reason: reason.to_string(),
    }
}

pub(crate) fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn changed_files_are_refused() {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("b")).unwrap();
        fs::write(folder.path().join("b/1.png"), "abc").unwrap();
        fs::write(folder.path().join("a.png"), "d").unwrap();
        fs::write(folder.path().join("a.txt"), "left alone").unwrap();
        // SHA-256 of "abc", from FIPS 180-2.
        let abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(read(&folder.path().join("b/1.png"), abc).unwrap(), b"abc");
        let message = read(&folder.path().join("a.png"), abc).unwrap_err();
        assert!(message.to_string().contains("another version"), "{message}");

        let message = read_folder(folder.path(), ".png", "")
            .unwrap_err()
            .to_string();
        let (_, rest) = message.split_once("SHA-256 is ").unwrap();
        let found = rest[..64].to_owned();
        let files = read_folder(folder.path(), ".png", &found).unwrap();
        assert_eq!(files[0].0, "a.png");
        assert_eq!(files[1], ("b/1.png".to_owned(), b"abc".to_vec()));
        fs::rename(folder.path().join("a.png"), folder.path().join("c.png")).unwrap();
        assert!(read_folder(folder.path(), ".png", &found).is_err());
    }
}
