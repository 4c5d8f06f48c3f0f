//! The page's wasm cut in two: what the first room needs, and what comes later.
//!
//! `web/src/later/code.rs` says where to cut. What only that way leads to becomes
//! a file of its own, which the page fetches when it is wanted. Trunk knows
//! nothing of it: its own two files of the page are taken out again.
//!
//! The files name one another, so they keep their names, and the hash is in that
//! of their folder.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::files;
use crate::folders::Folders;
use crate::setup;
use crate::shell::run;
use crate::trim;
use crate::wasm_target::TARGET;

/// The feature of the page by which it can be cut.
pub const FEATURE: &str = "split";

/// Set where trunk's hook is to cut the page.
pub const ASKED: &str = "LAMPWORK_SPLIT";

/// The page's binary, and the names of its files.
const PAGE: &str = "lampwork-web";

/// The script that fetches the parts; named so by `wasm-split-cli`.
const LINK: &str = "__wasm_split.js";

/// Whether a file of the site is a part of the page that comes later.
pub fn comes_later(file: &Path) -> bool {
    let name = file.file_name().unwrap_or_default().to_string_lossy();
    let named = name.starts_with("split_") || name.starts_with("chunk_");
    named
        && file
            .extension()
            .is_some_and(|extension| extension == "wasm")
}

/// Cuts the page that cargo has built, and puts its files into trunk's folder in
/// place of those that trunk made.
pub fn page(stage: &Path, folders: &Folders) -> Result<()> {
    let wasm = folders
        .target_wasm()
        .join(TARGET)
        .join("page")
        .join(format!("{PAGE}.wasm"));
    let aside = folders
        .cache
        .join(format!("split.{}.tmp", std::process::id()));
    let done = cut(&wasm, &aside, folders).and_then(|made| put(&made, stage));
    if aside.exists() {
        fs::remove_dir_all(&aside)?;
    }
    done
}

/// Cuts the wasm and binds its first part; returns the folder of what is to be
/// served.
fn cut(wasm: &Path, aside: &Path, folders: &Folders) -> Result<PathBuf> {
    let parts = aside.join("parts");
    let made = aside.join("made");
    fs::create_dir_all(&parts)?;
    run(Command::new(setup::splitter_program(folders))
        .arg(wasm)
        .arg(&parts)
        .args(["--target", "web", "--out-name", PAGE]))?;
    run(Command::new(folders.tools_bin().join("wasm-bindgen"))
        .args(["--target", "web", "--no-typescript"])
        .args(["--remove-name-section", "--remove-producers-section"])
        // The other parts reach what they share by them.
        .arg("--keep-lld-exports")
        .args(["--out-name", PAGE, "--out-dir"])
        .arg(&made)
        .arg(parts.join(format!("{PAGE}.wasm"))))?;
    let mut later = 0;
    for file in files::files_below(&parts)? {
        let bytes = fs::read(parts.join(&file))?;
        if comes_later(&file) {
            let small = trim::without_names(&bytes).with_context(|| file.display().to_string())?;
            println!("   {}: {:.2} MB", file.display(), small.len() as f64 / 1e6);
            files::write(&made.join(&file), small)?;
            later += 1;
        } else if file == Path::new(LINK) {
            files::write(&made.join(&file), bytes)?;
        }
    }
    let first = format!("{PAGE}_bg.wasm");
    let size = fs::metadata(made.join(&first))?.len();
    println!("   {first}: {:.2} MB", size as f64 / 1e6);
    if later == 0 {
        bail!(
            "{} has nothing that comes later: was it built with the feature `{FEATURE}`?",
            wasm.display()
        );
    }
    Ok(made)
}

/// Puts the files in place of trunk's, and their names and hashes into the page.
fn put(made: &Path, stage: &Path) -> Result<()> {
    let parts = files::files_below(made)?;
    let mut all = Vec::new();
    for file in &parts {
        all.extend(fs::read(made.join(file))?);
    }
    let folder = format!("page-{}", files::short_hash(&all));
    for file in &parts {
        files::write(&stage.join(&folder).join(file), fs::read(made.join(file))?)?;
    }

    let page = stage.join("index.html");
    let mut html =
        fs::read_to_string(&page).with_context(|| format!("cannot read {}", page.display()))?;
    let stem = stem_of_trunk(stage)?;
    for ending in [".js", "_bg.wasm"] {
        let old = stage.join(format!("{stem}{ending}"));
        let new = fs::read(made.join(format!("{PAGE}{ending}")))?;
        let before = trim::integrity(&fs::read(&old)?);
        html = html.replace(&before, &trim::integrity(&new));
        fs::remove_file(&old)?;
    }
    html = html.replace(&stem, &format!("{folder}/{PAGE}"));
    let link = fs::read(made.join(LINK))?;
    files::write(&page, with_link(&html, &folder, &trim::integrity(&link))?)
}

/// Has the browser fetch the script that fetches the parts along with the page's
/// own, which imports it: otherwise it would hear of it later.
fn with_link(html: &str, folder: &str, integrity: &str) -> Result<String> {
    let Some((head, rest)) = html.split_once("</head>") else {
        bail!("the page has no head to put the link to {LINK} into");
    };
    Ok(format!(
        "{head}<link rel=\"modulepreload\" href=\"./{folder}/{LINK}\" crossorigin=\"anonymous\" integrity=\"{integrity}\"></head>{rest}"
    ))
}

/// What the names of the page's files that trunk made begin with.
fn stem_of_trunk(stage: &Path) -> Result<String> {
    for entry in fs::read_dir(stage)? {
        let name = entry?.file_name().to_string_lossy().into_owned();
        if let Some(stem) = name.strip_suffix("_bg.wasm")
            && stem.starts_with(PAGE)
        {
            return Ok(stem.to_owned());
        }
    }
    bail!("trunk made no {PAGE}_bg.wasm in {}", stage.display());
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder(files: &[(&str, &str)]) -> Result<tempfile::TempDir> {
        let folder = tempfile::tempdir()?;
        for (name, content) in files {
            files::write(&folder.path().join(name), content)?;
        }
        Ok(folder)
    }

    #[test]
    fn the_cut_page_takes_the_place_of_trunks() -> Result<()> {
        let html = |stem: &str, js: &str, wasm: &str, link: &str| {
            format!(
                "<head><link href=\"./{stem}.js\" integrity=\"{js}\"><link href=\"./{stem}_bg.wasm\" integrity=\"{wasm}\">{link}</head><script>import init from './{stem}.js'</script>"
            )
        };
        let [old_js, old_wasm] = [b"old js", b"old wa"].map(|bytes| trim::integrity(bytes));
        let stage = folder(&[
            (
                "index.html",
                &html("lampwork-web-1a", &old_js, &old_wasm, ""),
            ),
            ("lampwork-web-1a.js", "old js"),
            ("lampwork-web-1a_bg.wasm", "old wa"),
            ("other.css", "css"),
        ])?;
        let made = folder(&[
            ("lampwork-web.js", "js"),
            ("lampwork-web_bg.wasm", "wasm"),
            ("__wasm_split.js", "link"),
            ("split_later.wasm", "later"),
        ])?;
        put(made.path(), stage.path())?;

        // In the order of their names.
        let name = format!("page-{}", files::short_hash(b"linkjswasmlater"));
        let written: Vec<String> = files::files_below(stage.path())?
            .iter()
            .map(|file| file.display().to_string())
            .collect();
        let [link, js, wasm, later] = [
            "__wasm_split.js",
            "lampwork-web.js",
            "lampwork-web_bg.wasm",
            "split_later.wasm",
        ]
        .map(|file| format!("{name}/{file}"));
        let mut wanted = [
            "index.html".to_owned(),
            "other.css".to_owned(),
            link.clone(),
            js,
            wasm,
            later,
        ];
        wanted.sort();
        assert_eq!(written, wanted);
        let link = format!(
            "<link rel=\"modulepreload\" href=\"./{link}\" crossorigin=\"anonymous\" integrity=\"{}\">",
            trim::integrity(b"link")
        );
        assert_eq!(
            fs::read_to_string(stage.path().join("index.html"))?,
            html(
                &format!("{name}/lampwork-web"),
                &trim::integrity(b"js"),
                &trim::integrity(b"wasm"),
                &link
            )
        );
        assert!(
            put(made.path(), stage.path()).is_err(),
            "trunk's files are gone"
        );
        Ok(())
    }

    #[test]
    fn only_the_parts_behind_the_first_come_later() {
        for (file, later) in [
            ("page-1/split_later.wasm", true),
            ("page-1/chunk_2.wasm", true),
            ("page-1/lampwork-web_bg.wasm", false),
            ("page-1/__wasm_split.js", false),
            ("page-1/split_later.wasm.gz", false),
        ] {
            assert_eq!(comes_later(Path::new(file)), later, "{file}");
        }
    }
}
