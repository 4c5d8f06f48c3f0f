//! The peers' packages, fetched when they are measured and kept in the cache.

use std::path::PathBuf;
use std::process::Command;

use anyhow::{Result, bail};

use crate::files;
use crate::folders::Folders;
use crate::shell::{has, run, step};

/// The peers in the browser, at the versions that the figures are of.
const PACKAGES: &str = r#"{
  "private": true,
  "dependencies": {
    "@jax-js/jax": "0.1.25",
    "@tensorflow/tfjs": "4.22.0",
    "@tensorflow/tfjs-backend-wasm": "4.22.0",
    "@tensorflow/tfjs-backend-webgpu": "4.22.0"
  }
}
"#;

/// The folder whose `node_modules` holds TensorFlow.js and jax-js.
pub fn packages(folders: &Folders) -> Result<PathBuf> {
    let folder = folders.cache.join("npm");
    let modules = folder.join("node_modules");
    let named = folder.join("package.json");
    let same = std::fs::read_to_string(&named).is_ok_and(|text| text == PACKAGES);
    if same && modules.join("@jax-js/jax").is_dir() {
        return Ok(folder);
    }
    if !has("npm") {
        bail!("npm is not installed: TensorFlow.js and jax-js are fetched by it");
    }
    files::write(&named, PACKAGES)?;
    step("TensorFlow.js and jax-js", || {
        run(Command::new("npm").current_dir(&folder).args([
            "install",
            "--no-audit",
            "--no-fund",
            "--ignore-scripts",
        ]))
    })?;
    Ok(folder)
}

/// A Python that has PyTorch.
///
/// `LAMPWORK_PYTHON` names one that is there already; else one is set up in the
/// cache, which fetches some hundred megabytes.
pub fn python(folders: &Folders) -> Result<PathBuf> {
    if let Some(python) = std::env::var_os("LAMPWORK_PYTHON") {
        return Ok(python.into());
    }
    let folder = folders.cache.join("venv");
    let python = folder.join("bin/python");
    if !folder.join("done").is_file() {
        step("PyTorch", || {
            run(Command::new("python3").args(["-m", "venv"]).arg(&folder))?;
            run(Command::new(&python).args(["-m", "pip", "install", "--quiet", "torch", "numpy"]))?;
            files::write(&folder.join("done"), "")
        })?;
    }
    Ok(python)
}
