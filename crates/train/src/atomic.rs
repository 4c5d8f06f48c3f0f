//! Files that are either the old ones or the new ones whole, never a half.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// Why a file could not be written.
#[derive(Debug, thiserror::Error)]
#[error("cannot write {}: {}", path.display(), reason(error))]
pub struct WriteError {
    /// The file.
    pub path: PathBuf,
    /// What the system said; part of the message, so not a source of its own.
    pub error: io::Error,
}

fn reason(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
            "the disk is full; free some space and go on with `train resume`".into()
        }
        io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => {
            format!("{error}; choose a folder you may write to")
        }
        io::ErrorKind::NotADirectory | io::ErrorKind::AlreadyExists => {
            format!("{error}; a file stands where a folder should be")
        }
        _ => error.to_string(),
    }
}

/// Makes a folder and those above it.
///
/// # Errors
/// Where the system refuses.
pub fn folder(path: &Path) -> Result<(), WriteError> {
    fs::create_dir_all(path).map_err(|error| WriteError {
        path: path.into(),
        error,
    })
}

/// Writes a file whole: a temporary one beside it, made durable, then renamed.
///
/// A crash at any moment leaves either the file that was there or the new one.
///
/// # Errors
/// Where the system refuses; the file that was there is untouched and nothing
/// is left beside it.
pub fn write(path: &Path, bytes: &[u8]) -> Result<(), WriteError> {
    let temporary = beside(path);
    let result = write_durably(&temporary, bytes)
        .and_then(|()| fs::rename(&temporary, path))
        .and_then(|()| sync_folder_of(path));
    result.map_err(|error| {
        // The half-written one is of no use, and on a full disk in the way.
        let _ = fs::remove_file(&temporary);
        WriteError {
            path: path.into(),
            error,
        }
    })
}

/// Name of the temporary file: in the same folder, so that the rename is within
/// one file system, and told apart by process, so that two never share one.
fn beside(path: &Path) -> PathBuf {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    path.with_file_name(format!(".{name}.{}.tmp", std::process::id()))
}

fn write_durably(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = File::create(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

/// Makes the rename itself durable; only Unix lets a folder be opened for it.
fn sync_folder_of(path: &Path) -> io::Result<()> {
    if cfg!(unix) {
        let folder = match path.parent() {
            Some(folder) if !folder.as_os_str().is_empty() => folder,
            _ => Path::new("."),
        };
        File::open(folder)?.sync_all()?;
    }
    Ok(())
}

/// Removes temporary files that a killed process left in a folder.
pub fn sweep(folder: &Path) {
    let Ok(entries) = fs::read_dir(folder) else {
        return;
    };
    for entry in entries.flatten() {
        let name = entry.file_name();
        let name = name.to_string_lossy();
        if name.starts_with('.') && name.ends_with(".tmp") {
            let _ = fs::remove_file(entry.path());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(folder: &Path) -> Vec<String> {
        let mut names: Vec<_> = fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    }

    #[test]
    fn a_second_write_replaces_the_first_and_leaves_nothing_beside() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.json");
        write(&path, b"one").unwrap();
        write(&path, b"two").unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"two");
        assert_eq!(names(folder.path()), ["a.json"]);
    }

    #[test]
    fn a_refused_write_keeps_what_was_there() {
        let folder = tempfile::tempdir().unwrap();
        // A folder of the target's name refuses the rename, after all bytes
        // were written: the latest moment at which it can fail.
        let path = folder.path().join("a.json");
        fs::create_dir(&path).unwrap();
        fs::write(path.join("kept"), b"kept").unwrap();
        let error = write(&path, b"new").unwrap_err();
        assert!(error.to_string().contains("a.json"), "{error}");
        assert_eq!(names(folder.path()), ["a.json"]);
        assert_eq!(fs::read(path.join("kept")).unwrap(), b"kept");
    }

    #[test]
    fn a_folder_under_a_file_is_said_plainly() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("file");
        fs::write(&file, b"").unwrap();
        let error = super::folder(&file.join("runs")).unwrap_err().to_string();
        assert!(
            error.contains("a file stands where a folder should be"),
            "{error}"
        );
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_full_disk_is_said_plainly_and_keeps_what_was_there() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.json");
        write(&path, b"one").unwrap();
        // The temporary file's bytes go to a device that is always full.
        std::os::unix::fs::symlink("/dev/full", beside(&path)).unwrap();
        let error = write(&path, b"two").unwrap_err().to_string();
        assert!(error.contains("the disk is full"), "{error}");
        assert_eq!(fs::read(&path).unwrap(), b"one");
        assert_eq!(names(folder.path()), ["a.json"]);
    }

    #[test]
    fn sweeping_removes_only_what_a_killed_write_left() {
        let folder = tempfile::tempdir().unwrap();
        let kept = folder.path().join("a.json");
        fs::write(&kept, b"kept").unwrap();
        fs::write(beside(&kept), b"half").unwrap();
        sweep(folder.path());
        assert_eq!(names(folder.path()), ["a.json"]);
    }
}
