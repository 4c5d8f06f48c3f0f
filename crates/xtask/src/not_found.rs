//! The page for addresses at which nothing is.
//!
//! A server shows it in place of any missing page, however deep, so it cannot
//! refer to its parts relative to itself: the base is written into it.

use std::path::Path;

use anyhow::{Result, bail};

use crate::files;

const HTML: &str = include_str!("not_found.html");
const STYLE: &str = include_str!("not_found.css");
const SCRIPT: &str = include_str!("not_found.js");

/// Writes `404.html` and its parts into the root of the site.
pub fn write(site: &Path, base: &str) -> Result<()> {
    let base = normal_base(base)?;
    files::write(&site.join("404.html"), HTML.replace("@BASE@", &base))?;
    files::write(&site.join("404.css"), STYLE)?;
    files::write(&site.join("404.js"), SCRIPT)
}

/// A base with a slash at each end: `lampwork` -> `/lampwork/`.
pub fn normal_base(base: &str) -> Result<String> {
    let inner = base.trim_matches('/');
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_.~/".contains(c);
    if !inner.chars().all(plain) || inner.split('/').any(|part| part == "..") {
        bail!("the sub-path `{base}` may hold letters, digits, `-`, `_`, `.`, `~` and `/` only");
    }
    Ok(if inner.is_empty() {
        "/".to_owned()
    } else {
        format!("/{inner}/")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bases_get_their_slashes() -> Result<()> {
        assert_eq!(normal_base("")?, "/");
        assert_eq!(normal_base("/")?, "/");
        assert_eq!(normal_base("lampwork")?, "/lampwork/");
        assert_eq!(normal_base("/a/b/")?, "/a/b/");
        Ok(())
    }

    #[test]
    fn a_base_cannot_break_out_of_the_page() {
        for bad in ["a\"b", "a b", "<a>", "a/../b", "a?b"] {
            assert!(normal_base(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn the_page_refers_to_the_base_alone() -> Result<()> {
        let folder = tempfile::tempdir()?;
        write(folder.path(), "/some/where")?;
        let html = std::fs::read_to_string(folder.path().join("404.html"))?;
        assert!(html.contains("href=\"/some/where/404.css\""));
        assert!(html.contains("src=\"/some/where/404.js\""));
        assert!(html.contains("data-base=\"/some/where/\""));
        assert!(!html.contains('@'));
        Ok(())
    }
}
