//! Files: hashes, hashed names, copying.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use sha2::{Digest, Sha256};

/// SHA-256 in hexadecimal.
pub fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes)
        .iter()
        .map(|b| format!("{b:02x}"))
        .collect()
}

/// The first eight bytes of the SHA-256 in hexadecimal: names of builds, and the
/// hash by which recipes name weights.
pub fn short_hash(bytes: &[u8]) -> String {
    sha256(bytes)[..16].to_owned()
}

/// A name that changes with the content: `start.js` -> `start-0123456789abcdef.js`.
pub fn hashed_name(name: &str, bytes: &[u8]) -> String {
    let hash = short_hash(bytes);
    match name.rsplit_once('.') {
        Some((stem, extension)) => format!("{stem}-{hash}.{extension}"),
        None => format!("{name}-{hash}"),
    }
}

/// Every file below a folder, sorted, as paths relative to it.
pub fn files_below(folder: &Path) -> Result<Vec<PathBuf>> {
    fn walk(base: &Path, folder: &Path, found: &mut Vec<PathBuf>) -> Result<()> {
        for entry in
            fs::read_dir(folder).with_context(|| format!("cannot read {}", folder.display()))?
        {
            let path = entry?.path();
            if path.is_dir() {
                walk(base, &path, found)?;
            } else {
                found.push(path.strip_prefix(base)?.to_path_buf());
            }
        }
        Ok(())
    }
    let mut found = Vec::new();
    walk(folder, folder, &mut found)?;
    found.sort();
    Ok(found)
}

/// Writes a file, making its folder first.
pub fn write(path: &Path, bytes: impl AsRef<[u8]>) -> Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    fs::write(path, bytes).with_context(|| format!("cannot write {}", path.display()))
}

/// Puts a file at another place: a hard link where the disk allows it, as a
/// rebuild of the page should not copy the same megabytes each time.
pub fn place(from: &Path, to: &Path) -> Result<()> {
    if let Some(folder) = to.parent() {
        fs::create_dir_all(folder)?;
    }
    if to.exists() {
        fs::remove_file(to)?;
    }
    if fs::hard_link(from, to).is_err() {
        fs::copy(from, to)
            .with_context(|| format!("cannot copy {} to {}", from.display(), to.display()))?;
    }
    Ok(())
}

/// Copies every file below one folder to another; returns how many there were.
///
/// Copies rather than links: what lies in the checkout must not change when
/// someone edits the copy.
pub fn copy_folder(from: &Path, to: &Path) -> Result<usize> {
    let files = files_below(from)?;
    for file in &files {
        let target = to.join(file);
        if let Some(folder) = target.parent() {
            fs::create_dir_all(folder)?;
        }
        fs::copy(from.join(file), &target)
            .with_context(|| format!("cannot copy {} to {}", file.display(), target.display()))?;
    }
    Ok(files.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hashes_are_those_of_the_standard() {
        assert_eq!(
            sha256(b"abc"),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        );
        assert_eq!(short_hash(b"abc"), "ba7816bf8f01cfea");
    }

    #[test]
    fn names_carry_the_hash_before_the_extension() {
        assert_eq!(hashed_name("start.js", b"abc"), "start-ba7816bf8f01cfea.js");
        assert_eq!(hashed_name("LICENSE", b"abc"), "LICENSE-ba7816bf8f01cfea");
        assert_ne!(
            hashed_name("start.js", b"abd"),
            hashed_name("start.js", b"abc")
        );
    }

    #[test]
    fn copies_do_not_touch_what_they_were_made_of() -> Result<()> {
        let folder = tempfile::tempdir()?;
        let from = folder.path().join("from");
        let to = folder.path().join("to");
        write(&from.join("a/b.txt"), "old")?;
        assert_eq!(copy_folder(&from, &to)?, 1);
        fs::write(to.join("a/b.txt"), "new")?;
        assert_eq!(fs::read_to_string(from.join("a/b.txt"))?, "old");
        Ok(())
    }
}
