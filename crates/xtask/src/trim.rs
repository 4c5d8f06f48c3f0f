//! Wasm without what no browser needs, and files of the site that are changed once
//! they are in place.
//!
//! The names of all functions are a third of the page. They cannot be stripped by
//! cargo: `strip = true` would take the list of target features with them, which
//! wasm-bindgen reads.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha384};

use crate::files;

/// Custom sections that say where the code came from.
const NAMES: [&str; 2] = ["name", "producers"];

/// Puts other bytes into a file of the site, and their hash into the page, which
/// names the hash of what it loads: a browser refuses a file of another one.
pub fn replace(site: &Path, file: &Path, old: &[u8], new: &[u8]) -> Result<()> {
    let path = site.join(file);
    // It may be a link into a cache: replace, do not overwrite.
    fs::remove_file(&path)?;
    fs::write(&path, new)?;
    let page = site.join("index.html");
    let html =
        fs::read_to_string(&page).with_context(|| format!("cannot read {}", page.display()))?;
    files::write(&page, html.replace(&integrity(old), &integrity(new)))
}

/// The value of an attribute `integrity` (Subresource Integrity, W3C).
pub fn integrity(bytes: &[u8]) -> String {
    format!("sha384-{}", STANDARD.encode(Sha384::digest(bytes)))
}

/// A module without its custom sections of [`NAMES`].
pub fn without_names(module: &[u8]) -> Result<Vec<u8>> {
    const HEADER: usize = 8;
    if !module.starts_with(b"\0asm") || module.len() < HEADER {
        bail!("not a WebAssembly module");
    }
    let mut out = module[..HEADER].to_vec();
    let mut rest = &module[HEADER..];
    while let Some((&id, after)) = rest.split_first() {
        let (size, body) = leb128(after)?;
        let Some((section, next)) = body.split_at_checked(size) else {
            bail!("a section goes beyond the end of the file");
        };
        let whole = &rest[..rest.len() - next.len()];
        if !(id == 0 && NAMES.contains(&name(section)?)) {
            out.extend_from_slice(whole);
        }
        rest = next;
    }
    Ok(out)
}

/// Name of a custom section.
fn name(section: &[u8]) -> Result<&str> {
    let (length, text) = leb128(section)?;
    let text = text.get(..length).context("a name goes beyond its end")?;
    Ok(std::str::from_utf8(text)?)
}

/// An unsigned number of up to 32 bits, and what follows it.
fn leb128(bytes: &[u8]) -> Result<(usize, &[u8])> {
    let mut value = 0_u64;
    for (at, byte) in bytes.iter().take(5).enumerate() {
        value |= u64::from(byte & 0x7f) << (7 * at);
        if byte & 0x80 == 0 {
            return Ok((usize::try_from(value)?, &bytes[at + 1..]));
        }
    }
    bail!("a number without an end")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn section(id: u8, body: &[u8]) -> Vec<u8> {
        let size = body.len();
        // In two bytes, as compilers write it to fill the size in later.
        let head = [id, (size & 0x7f) as u8 | 0x80, (size >> 7) as u8];
        [&head[..], body].concat()
    }

    fn custom(name: &str, body: &[u8]) -> Vec<u8> {
        section(0, &[&[name.len() as u8], name.as_bytes(), body].concat())
    }

    #[test]
    fn only_names_go() -> Result<()> {
        let code = section(10, &[7; 300]);
        let features = custom("target_features", &[1, 2]);
        let header = b"\0asm\x01\0\0\0".to_vec();
        let whole = [
            header.clone(),
            code.clone(),
            custom("name", &[9; 200]),
            features.clone(),
            custom("producers", &[3]),
        ]
        .concat();
        assert_eq!(without_names(&whole)?, [header, code, features].concat());
        for cut in [3, 9, 20, whole.len() - 1] {
            assert!(without_names(&whole[..cut]).is_err(), "cut at {cut}");
        }
        Ok(())
    }

    #[test]
    fn the_page_names_the_hash_of_the_new_file() -> Result<()> {
        let folder = tempfile::tempdir()?;
        let page = |hash: &str| format!(r#"<link href="a.wasm" integrity="{hash}">"#);
        fs::write(folder.path().join("a.wasm"), "old")?;
        fs::write(folder.path().join("index.html"), page(&integrity(b"old")))?;
        replace(folder.path(), Path::new("a.wasm"), b"old", b"new")?;
        assert_eq!(fs::read(folder.path().join("a.wasm"))?, b"new");
        let html = fs::read_to_string(folder.path().join("index.html"))?;
        assert_eq!(html, page(&integrity(b"new")));
        // Of no bytes, as openssl has it.
        assert_eq!(
            integrity(b""),
            "sha384-OLBgp1GsljhM2TJ+sbHjaiH9txEUvgdDTAzHv2P24donTt6/529l+9Ua0vFImLlb"
        );
        Ok(())
    }
}
