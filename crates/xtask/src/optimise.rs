//! binaryen's optimiser, by way of its npm package.
//!
//! Debian's binaryen is too old: Chromium refuses what it writes.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::files;
use crate::folders::Folders;
use crate::setup;
use crate::shell::run;

const PACKAGE: &str = "binaryen@132.0.0";

/// The features that every browser with WebAssembly SIMD has. Named one by one:
/// with `--all-features` the optimiser writes what Chromium refuses.
const FEATURES: [&str; 7] = [
    "--enable-simd",
    "--enable-bulk-memory",
    "--enable-nontrapping-float-to-int",
    "--enable-sign-ext",
    "--enable-mutable-globals",
    "--enable-reference-types",
    "--enable-multivalue",
];

/// Optimises every wasm file below a folder, in place.
pub fn folder(site: &Path, folders: &Folders) -> Result<()> {
    let program = install(folders)?;
    let kept = folders.cache.join("optimised");
    fs::create_dir_all(&kept)?;
    for file in files::files_below(site)? {
        if file.extension().is_none_or(|extension| extension != "wasm") {
            continue;
        }
        let path = site.join(&file);
        let bytes = fs::read(&path)?;
        let done = kept.join(format!("{}.wasm", files::short_hash(&bytes)));
        if !done.is_file() {
            let aside = done.with_extension("tmp");
            run(Command::new(&program)
                .arg("-Oz")
                .args(FEATURES)
                .arg("-o")
                .arg(&aside)
                .arg(&path))?;
            fs::rename(&aside, &done)?;
        }
        let small = fs::read(&done)?;
        println!(
            "   {}: {} -> {} bytes",
            file.display(),
            bytes.len(),
            small.len()
        );
        // The file may be a link into the cache of workers: replace, do not overwrite.
        fs::remove_file(&path)?;
        fs::write(&path, small)?;
    }
    check_integrity(site)
}

fn install(folders: &Folders) -> Result<PathBuf> {
    setup::node()?;
    let folder = folders.cache.join("npm");
    let program = folder.join("node_modules/.bin/wasm-opt");
    if !program.is_file() {
        fs::create_dir_all(&folder)?;
        run(Command::new("npm")
            .args(["install", "--no-audit", "--no-fund", "--prefix"])
            .arg(&folder)
            .arg(PACKAGE))?;
    }
    if !program.is_file() {
        bail!(
            "{PACKAGE} was installed and has no wasm-opt at {}",
            program.display()
        );
    }
    Ok(program)
}

/// The page carries a hash of the wasm that trunk made: after a change of that
/// file the browser would refuse it, so the hash goes.
fn check_integrity(site: &Path) -> Result<()> {
    let page = site.join("index.html");
    let html =
        fs::read_to_string(&page).with_context(|| format!("cannot read {}", page.display()))?;
    files::write(&page, without_wasm_integrity(&html))
}

/// Removes the attribute `integrity` from the tags that name a wasm file.
fn without_wasm_integrity(html: &str) -> String {
    let mut out = String::with_capacity(html.len());
    for (at, tag) in html.split('<').enumerate() {
        if at > 0 {
            out.push('<');
        }
        let attribute = " integrity=\"";
        match tag.find(attribute) {
            Some(start) if tag.contains(".wasm") => {
                let rest = &tag[start + attribute.len()..];
                let end = rest.find('"').map_or(rest.len(), |end| end + 1);
                out.push_str(&tag[..start]);
                out.push_str(&rest[end..]);
            }
            _ => out.push_str(tag),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::without_wasm_integrity;

    #[test]
    fn only_the_wasm_loses_its_hash() {
        assert_eq!(
            without_wasm_integrity(
                r#"<link href="a.js" integrity="sha384-x"><link href="a.wasm" integrity="sha384-y" as="fetch">"#
            ),
            r#"<link href="a.js" integrity="sha384-x"><link href="a.wasm" as="fetch">"#
        );
    }
}
