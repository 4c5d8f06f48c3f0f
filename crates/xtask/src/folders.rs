//! Where everything is: the checkout, and the project's own cache outside it.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

/// The folders that the chores read and write.
#[derive(Debug, Clone)]
pub struct Folders {
    /// Root of the checkout.
    pub root: PathBuf,
    /// The project's cache: `~/.cache/lampwork`, or what `LAMPWORK_CACHE` says.
    pub cache: PathBuf,
}

impl Folders {
    /// Finds them.
    pub fn find() -> Result<Self> {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"))
            .ancestors()
            .nth(2)
            .context("xtask lies two folders below the root")?
            .to_path_buf();
        let cache = match std::env::var_os("LAMPWORK_CACHE") {
            Some(folder) => PathBuf::from(folder),
            None => {
                let home = std::env::var_os("HOME")
                    .context("neither HOME nor LAMPWORK_CACHE is set: set LAMPWORK_CACHE to a folder for tools and builds")?;
                PathBuf::from(home).join(".cache/lampwork")
            }
        };
        Ok(Self { root, cache })
    }

    /// Programs that set-up installs.
    pub fn tools(&self) -> PathBuf {
        self.cache.join("tools")
    }

    /// The folder of [`Self::tools`] that belongs on `PATH`.
    pub fn tools_bin(&self) -> PathBuf {
        self.tools().join("bin")
    }

    /// Cargo's target folder for native builds.
    ///
    /// Whoever sets `CARGO_TARGET_DIR` means this one: wasm has its own, so that
    /// neither locks the other out.
    pub fn target(&self) -> PathBuf {
        match std::env::var_os("CARGO_TARGET_DIR") {
            Some(folder) if Path::new(&folder) != self.target_wasm() => PathBuf::from(folder),
            _ => self.cache.join("target"),
        }
    }

    /// Cargo's target folder for wasm builds.
    pub fn target_wasm(&self) -> PathBuf {
        self.cache.join("target-wasm")
    }

    /// Cargo's target folder for the tools' own builds.
    pub fn target_tools(&self) -> PathBuf {
        self.cache.join("target-tools")
    }

    /// Worker builds after wasm-bindgen, one folder each.
    pub fn workers(&self) -> PathBuf {
        self.cache.join("workers")
    }

    /// Data sets and their sources.
    pub fn data(&self) -> PathBuf {
        self.cache.join("data")
    }

    /// Where `dist` writes the site.
    pub fn dist(&self) -> PathBuf {
        self.root.join("dist")
    }

    /// `PATH` with the project's own tools in front.
    pub fn path(&self) -> Result<std::ffi::OsString> {
        let old = std::env::var_os("PATH").unwrap_or_default();
        let folders = std::iter::once(self.tools_bin()).chain(std::env::split_paths(&old));
        Ok(std::env::join_paths(folders)?)
    }
}
