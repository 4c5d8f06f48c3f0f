//! The characters: fonts, fetched, checked, packed.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};

use crate::colour::{marks, unpack};
use crate::data::{Package, apt_download, fetch};
use crate::files;
use crate::folders::Folders;
use crate::setup::require;
use crate::shell::{cargo, run, step};

/// Packages of npm's: name and version, the file, and where it is unpacked.
const NPM: [(&str, Package, &str); 3] = [
    (
        "@fontsource/ma-shan-zheng@5.3.1",
        Package {
            file: "fontsource-ma-shan-zheng-5.3.1.tgz",
            sha256: "f441a8e137c210da78e8a287616227b11771ff8bbc4a6e506a0f5f84790ca272",
        },
        "ma-shan-zheng",
    ),
    (
        "@fontsource/zhi-mang-xing@5.3.0",
        Package {
            file: "fontsource-zhi-mang-xing-5.3.0.tgz",
            sha256: "903fe57d53c97001563dfa380e91c3ceaacc2f65485f93c4741d34470aedb0b9",
        },
        "zhi-mang-xing",
    ),
    (
        "@fontsource/liu-jian-mao-cao@5.3.0",
        Package {
            file: "fontsource-liu-jian-mao-cao-5.3.0.tgz",
            sha256: "bbffc6b7e13b1e10eff328df1d9b16ba2697b6237b34b67e9aa0450fb0b9a621",
        },
        "liu-jian-mao-cao",
    ),
];

/// Packages of Debian's: name and version, the file, and the folder of fonts.
const DEBIAN: [(&str, Package, &str); 2] = [
    (
        "fonts-kouzan-mouhitsu=20170411-3",
        Package {
            file: "fonts-kouzan-mouhitsu_20170411-3_all.deb",
            sha256: "924536ceff9359b99996e56cd24633df67d696a343ba46f9e3106e8cee228dbe",
        },
        "kouzan-mouhitsu",
    ),
    (
        "fonts-lxgw-wenkai=1.250+repack-1",
        Package {
            file: "fonts-lxgw-wenkai_1.250+repack-1_all.deb",
            sha256: "6d1e4c4aac78ad32062aefa2c836ee4d6e58f9dcf8b3f4407c9eefe604615318",
        },
        "lxgw-wenkai",
    ),
];

/// What `pack-brush` writes for a tab.
const TAB: [&str; 8] = [
    "brush.json",
    "brush.png",
    "brush-kouzan-regular.png",
    "brush-kouzan-semicursive.png",
    "brush-kouzan-cursive.png",
    "brush-ma-shan-zheng.png",
    "brush-zhi-mang-xing.png",
    "brush-liu-jian-mao-cao.png",
];

/// Fetches and packs them.
pub fn data(folders: &Folders) -> Result<()> {
    let sources = folders.data().join("src");
    step("characters: fetch", || {
        for (name, package, _) in &NPM {
            fetch(package, &sources, || {
                require("npm", "install Node.js (on Debian: `apt-get install npm`)")?;
                let mut pack = Command::new("npm");
                pack.args(["pack", name]);
                Ok(pack)
            })?;
        }
        for (name, package, _) in &DEBIAN {
            fetch(package, &sources, || {
                require(
                    "apt-get",
                    "two of the fonts come as Debian packages; run this on Debian or Ubuntu",
                )?;
                Ok(apt_download(name))
            })?;
        }
        Ok(())
    })?;
    let pack = step("characters: build pack-brush", || {
        run(cargo(folders).args(["build", "--package", "lampwork-packer"]))?;
        Ok(folders.target().join("debug/pack-brush"))
    })?;
    let outputs = outputs(folders);
    let stamp = folders.data().join("brush.stamp");
    let inputs = [pack.clone()];
    if fs::read_to_string(&stamp).is_ok_and(|old| marks(&inputs, &outputs) == Some(old)) {
        println!("── characters: all there, as packed before");
        return Ok(());
    }
    let fonts = sources.join("brush");
    step("characters: unpack", || {
        for (_, package, folder) in &NPM {
            let archive = sources.join(package.file);
            unpack(&archive, &fonts.join(folder), "-xzf", 1, "package")?;
        }
        for (_, package, folder) in &DEBIAN {
            unpack_deb(&sources.join(package.file), &sources, &fonts, folder)?;
        }
        Ok(())
    })?;
    step("characters: draw and pack", || {
        run(Command::new(&pack)
            .arg("--fonts")
            .arg(&fonts)
            .arg("--full")
            .arg(folders.data())
            .arg("--tab")
            .arg(folders.root.join("static/datasets")))
    })?;
    let marks = marks(&inputs, &outputs).context("a packed file is missing")?;
    files::write(&stamp, marks)
}

/// Puts the fonts of a Debian package into a folder of their own.
fn unpack_deb(deb: &Path, sources: &Path, into: &Path, folder: &str) -> Result<()> {
    let whole = sources.join("brush-deb");
    run(Command::new("dpkg-deb").arg("-x").arg(deb).arg(&whole))?;
    let from = whole.join("usr/share/fonts/truetype").join(folder);
    let to = into.join(folder);
    fs::create_dir_all(&to)?;
    for entry in fs::read_dir(&from).with_context(|| from.display().to_string())? {
        let entry = entry?;
        fs::copy(entry.path(), to.join(entry.file_name()))?;
    }
    fs::remove_dir_all(whole)?;
    Ok(())
}

/// Every file that packing writes.
fn outputs(folders: &Folders) -> Vec<PathBuf> {
    let full = ["brush.safetensors", "brush.json"].map(|name| folders.data().join(name));
    let tab = TAB.map(|name| folders.root.join("static/datasets").join(name));
    full.into_iter().chain(tab).collect()
}
