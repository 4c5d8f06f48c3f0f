//! What trunk does not do itself: the hook that completes a build of the page.
//!
//! Trunk calls `cargo xtask stage` (see Trunk.toml) when the page is built and
//! before it is put into place. So a plain `trunk serve` is whole, too.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use serde::Serialize;
use serde_json::Value;

use crate::files;
use crate::folders::Folders;
use crate::not_found;
use crate::shell::step;
use crate::split;
use crate::workers::{self, Worker};

/// Base of the site's addresses, where the hosting folder is known; set by
/// `cargo xtask dist --sub-path`.
pub const SUB_PATH: &str = "LAMPWORK_SUB_PATH";

/// Completes the build in the folder that trunk names.
pub fn stage(folders: &Folders) -> Result<()> {
    let stage: PathBuf = std::env::var_os("TRUNK_STAGING_DIR")
        .context("trunk calls this chore as a hook: run `cargo xtask serve` or `trunk build`")?
        .into();
    workers::build_into(&Worker::ALL, &stage.join("workers"), folders)?;
    step("static files", || {
        let count = files::copy_folder(&folders.root.join("static"), &stage)?;
        println!("   {count} files");
        let index = model_index(&stage.join("models"))?;
        files::write(
            &stage.join("models/index.json"),
            serde_json::to_vec_pretty(&index)?,
        )?;
        let base = std::env::var(SUB_PATH).unwrap_or_else(|_| "/".to_owned());
        not_found::write(&stage, &base)
    })?;
    if std::env::var_os(split::ASKED).is_some() {
        step("split the page", || split::page(&stage, folders))?;
    }
    move_script_out(&stage)
}

/// One line of `models/index.json`: what the page may load.
#[derive(Debug, PartialEq, Eq, Serialize)]
struct Listed {
    /// Name of the model and of its folder.
    name: String,
    /// Size of its weights file.
    bytes: u64,
    /// First eight bytes of the file's SHA-256, in hexadecimal: recipes name
    /// weights by it.
    hash: String,
    /// What it learned from, by which the page knows whose room it is for.
    data: String,
    /// Its family, by which the page tells what makes pictures from what changes them.
    family: String,
}

/// Lists the folders below `models` that hold a card and weights.
fn model_index(models: &Path) -> Result<Vec<Listed>> {
    let mut index = Vec::new();
    if !models.is_dir() {
        return Ok(index);
    }
    for file in files::files_below(models)? {
        if file.file_name().is_none_or(|name| name != "card.json") {
            continue;
        }
        let card = models.join(&file);
        let folder = card.parent().context("a file has a folder")?;
        let text = fs::read_to_string(&card)?;
        let value: Value = serde_json::from_str(&text)
            .with_context(|| format!("{} is not JSON", card.display()))?;
        let name = value["name"]
            .as_str()
            .with_context(|| format!("{} names no model", card.display()))?;
        let data = value["recipe"]["data"]
            .as_str()
            .with_context(|| format!("{} names no data set", card.display()))?;
        let family = value["recipe"]["model"]["family"]
            .as_str()
            .with_context(|| format!("{} names no family", card.display()))?;
        if folder.file_name().is_none_or(|folder| folder != name) {
            bail!(
                "{} is the card of {name}, which is not its folder's name",
                card.display()
            );
        }
        let weights = folder.join("weights.safetensors");
        let bytes = fs::read(&weights)
            .with_context(|| format!("{} has a card and no weights", folder.display()))?;
        index.push(Listed {
            name: name.to_owned(),
            bytes: bytes.len() as u64,
            hash: files::short_hash(&bytes),
            data: data.to_owned(),
            family: family.to_owned(),
        });
    }
    Ok(index)
}

/// Moves the script that trunk writes into the page to a file of its own, so that
/// the page needs no inline script under its content security policy.
fn move_script_out(stage: &Path) -> Result<()> {
    let page = stage.join("index.html");
    let html =
        fs::read_to_string(&page).with_context(|| format!("cannot read {}", page.display()))?;
    let Some((before, script, after)) = inline_module(&html) else {
        bail!(
            "trunk wrote no start script into {}; is `inject_scripts` off?",
            page.display()
        );
    };
    let name = files::hashed_name("start.js", script.as_bytes());
    files::write(&stage.join(&name), script)?;
    files::write(
        &page,
        format!("{before}<script type=\"module\" src=\"./{name}\"></script>{after}"),
    )
}

/// Splits a page at its inline module script: before, the script, after.
fn inline_module(html: &str) -> Option<(&str, &str, &str)> {
    const OPEN: &str = "<script type=\"module\">";
    const CLOSE: &str = "</script>";
    let (before, rest) = html.split_once(OPEN)?;
    let (script, after) = rest.split_once(CLOSE)?;
    Some((before, script.trim(), after))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn models_are_listed_by_their_cards() -> Result<()> {
        let folder = tempfile::tempdir()?;
        let models = folder.path();
        files::write(
            &models.join("vae/card.json"),
            r#"{"name": "vae", "recipe": {"data": "digits", "model": {"family": "vae"}}}"#,
        )?;
        files::write(&models.join("vae/weights.safetensors"), "abc")?;
        files::write(&models.join("notes.txt"), "not a model")?;
        assert_eq!(
            model_index(models)?,
            [Listed {
                name: "vae".into(),
                bytes: 3,
                hash: "ba7816bf8f01cfea".into(),
                data: "digits".into(),
                family: "vae".into()
            }]
        );
        Ok(())
    }

    #[test]
    fn a_card_without_weights_or_of_another_name_stops_the_build() -> Result<()> {
        let folder = tempfile::tempdir()?;
        let models = folder.path();
        let card = |name: &str| {
            format!(
                r#"{{"name": "{name}", "recipe": {{"data": "digits", "model": {{"family": "vae"}}}}}}"#
            )
        };
        files::write(&models.join("vae/card.json"), card("vae"))?;
        assert!(model_index(models).is_err());
        files::write(&models.join("vae/weights.safetensors"), "abc")?;
        for wrong in [card("gan"), r#"{"name": "vae"}"#.to_owned()] {
            files::write(&models.join("vae/card.json"), wrong)?;
            assert!(model_index(models).is_err());
        }
        Ok(())
    }

    #[test]
    fn the_start_script_moves_to_a_file() -> Result<()> {
        let folder = tempfile::tempdir()?;
        let stage = folder.path();
        let html = "<body>\n<script type=\"module\">\nimport init from './a.js';\n</script></body>";
        files::write(&stage.join("index.html"), html)?;
        move_script_out(stage)?;
        let page = fs::read_to_string(stage.join("index.html"))?;
        let name = files::hashed_name("start.js", b"import init from './a.js';");
        assert_eq!(
            page,
            format!("<body>\n<script type=\"module\" src=\"./{name}\"></script></body>")
        );
        assert_eq!(
            fs::read_to_string(stage.join(name))?,
            "import init from './a.js';"
        );
        assert!(move_script_out(stage).is_err());
        Ok(())
    }
}
