//! The finished model: weights in half precision, and its card.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use anyhow::{Context, Result, bail};
use lampwork_protocol::ModelCard;
use lampwork_weights::{Named, Precision};

use crate::atomic;

/// Licence of the weights that ship.
pub const LICENCE: &str = "MIT OR Apache-2.0";

/// A model that was read.
#[derive(Debug, Clone)]
pub struct Model {
    /// Its card.
    pub card: ModelCard,
    /// Its weights.
    pub weights: Vec<Named>,
    /// What else its file says.
    pub metadata: BTreeMap<String, String>,
    /// First eight bytes of the SHA-256 of its file.
    pub hash: [u8; 8],
    /// Bytes of its file.
    pub bytes: usize,
    /// Its file.
    pub file: PathBuf,
}

/// Writes a model's weights and card into a folder; returns the weights' hash.
///
/// The card in the weights' metadata has no figures: they are measured on the
/// file, and a file whose hash changed by being measured could not be named.
///
/// # Errors
/// Where they cannot be written.
pub fn write(folder: &Path, card: &ModelCard, weights: &[Named]) -> Result<[u8; 8]> {
    write_with(folder, card, weights, &BTreeMap::new())
}

/// The same, with more in the metadata of the weights: what a model of text needs to be
/// read.
///
/// # Errors
/// Where they cannot be written.
pub fn write_with(
    folder: &Path,
    card: &ModelCard,
    weights: &[Named],
    more: &BTreeMap<String, String>,
) -> Result<[u8; 8]> {
    let bare = ModelCard {
        figures: Vec::new(),
        ..card.clone()
    };
    let mut metadata = more.clone();
    metadata.insert(
        ModelCard::METADATA_KEY.to_owned(),
        serde_json::to_string(&bare)?,
    );
    let bytes = lampwork_weights::write(weights, &metadata, Precision::Half)?;
    atomic::folder(folder)?;
    atomic::write(&folder.join("weights.safetensors"), &bytes)?;
    write_card(folder, card)?;
    Ok(lampwork_weights::hash(&bytes))
}

/// Writes a model's card.
///
/// # Errors
/// Where it cannot be written.
pub fn write_card(folder: &Path, card: &ModelCard) -> Result<()> {
    let mut json = serde_json::to_vec_pretty(card)?;
    json.push(b'\n');
    Ok(atomic::write(&folder.join("card.json"), &json)?)
}

/// Reads a model: its folder, or a weights file with a card in its metadata.
///
/// # Errors
/// Where there is none or it cannot be read.
pub fn read(path: &Path) -> Result<Model> {
    let file = if path.is_dir() {
        path.join("weights.safetensors")
    } else {
        path.to_owned()
    };
    let bytes = match std::fs::read(&file) {
        Ok(bytes) => bytes,
        Err(error) => bail!(
            "there is no model at {} ({error}): `train run` writes one, and `train list` shows them",
            file.display()
        ),
    };
    let (weights, metadata) =
        lampwork_weights::read(&bytes).with_context(|| file.display().to_string())?;
    let card = lampwork_weights::card(&metadata).with_context(|| file.display().to_string())?;
    Ok(Model {
        card,
        weights,
        metadata,
        hash: lampwork_weights::hash(&bytes),
        bytes: bytes.len(),
        file,
    })
}

/// Checks a model's name as every reader of its card will.
///
/// # Errors
/// Where it is not letters, digits and hyphens, at most 64.
pub fn check_name(name: &str) -> Result<()> {
    let allowed = |c: char| c.is_ascii_alphanumeric() || c == '-';
    if name.is_empty() || name.len() > 64 || !name.chars().all(allowed) {
        bail!(
            "{name:?} cannot be a model's name: give one of letters, digits and hyphens by --name"
        );
    }
    Ok(())
}

/// Every model under a folder, by name.
pub fn models_in(folder: &Path) -> Vec<(PathBuf, ModelCard)> {
    let mut models: Vec<_> = std::fs::read_dir(folder)
        .into_iter()
        .flatten()
        .flatten()
        .filter_map(|entry| {
            let text = std::fs::read(entry.path().join("card.json")).ok()?;
            Some((entry.path(), serde_json::from_slice(&text).ok()?))
        })
        .collect();
    models.sort_by(|a, b| a.0.cmp(&b.0));
    models
}

/// The commit of the checkout that this binary was built in, with a `+` where the
/// crates have changes of their own; empty where there is no checkout. It is what
/// the first call found: a checkout may go on while a net trains.
pub fn commit() -> String {
    static FOUND: OnceLock<String> = OnceLock::new();
    FOUND.get_or_init(checked_out).clone()
}

fn checked_out() -> String {
    let git = |arguments: &[&str]| {
        let output = Command::new("git")
            .args(["-C", env!("CARGO_MANIFEST_DIR")])
            .args(arguments)
            .output()
            .ok()?;
        let text = String::from_utf8(output.stdout).ok()?;
        output.status.success().then(|| text.trim().to_owned())
    };
    let Some(commit) = git(&["rev-parse", "--short=12", "HEAD"]) else {
        return String::new();
    };
    match git(&["status", "--porcelain", "--", ":/crates"]) {
        Some(changes) if changes.is_empty() => commit,
        _ => format!("{commit}+"),
    }
}

/// A hash as hexadecimal digits.
pub fn hexadecimal(hash: &[u8]) -> String {
    hash.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::presets;

    #[test]
    fn what_is_not_a_model_says_so() {
        let folder = tempfile::tempdir().unwrap();
        let message = read(folder.path()).unwrap_err().to_string();
        assert!(message.contains("there is no model at"), "{message}");
        let file = folder.path().join("weights.safetensors");
        std::fs::write(&file, b"cut off").unwrap();
        let message = format!("{:#}", read(&file).unwrap_err());
        assert!(message.contains("weights.safetensors"), "{message}");
    }

    #[test]
    fn measuring_a_model_does_not_change_its_hash() {
        let folder = tempfile::tempdir().unwrap();
        let mut card = ModelCard {
            version: ModelCard::VERSION,
            name: "vae-digits".into(),
            recipe: presets::load("vae-digits").unwrap().recipe,
            licence: LICENCE.into(),
            data_source: String::new(),
            commit: commit(),
            device: "CPU".into(),
            steps: 1,
            seconds: 1.0,
            directions: Vec::new(),
            figures: vec![],
        };
        let weights = [Named {
            name: "a".into(),
            shape: vec![1],
            values: vec![0.5],
        }];
        let hash = write(folder.path(), &card, &weights).unwrap();
        card.figures.push(lampwork_protocol::Figure {
            name: "elbo".into(),
            value: 1.0,
            unit: "nats".into(),
            floor: None,
            ceiling: None,
            how: String::new(),
        });
        assert_eq!(write(folder.path(), &card, &weights).unwrap(), hash);
        assert_eq!(read(folder.path()).unwrap().hash, hash);
        let text = std::fs::read_to_string(folder.path().join("card.json")).unwrap();
        assert_eq!(serde_json::from_str::<ModelCard>(&text).unwrap(), card);
    }
}
