//! Where data sets are, and reading them.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, anyhow, bail};
use lampwork_datasets::photos::Photos;
use lampwork_datasets::{Captioned, DataCard, Examples, Glyphs, Packed};
use lampwork_protocol::{DataSet, Modality, ModelConfig, RunRecipe, Shape, TranslateConfig};

/// Where `cargo xtask data` puts the full data sets.
///
/// # Errors
/// Where the environment names no home folder.
pub fn default_folder() -> Result<PathBuf> {
    let home = std::env::var_os("HOME")
        .ok_or_else(|| anyhow!("HOME is not set: say where the data is by --data-dir"))?;
    Ok(Path::new(&home).join(".cache/lampwork/data"))
}

/// Reads what a recipe learns from: its data set, or the pieces of several that a net
/// from picture to picture names.
///
/// # Errors
/// As [`load`].
pub fn load_for(folder: &Path, recipe: &RunRecipe) -> Result<Packed> {
    match &recipe.model {
        ModelConfig::Translate(config) if !config.sources.is_empty() => pieces(folder, config),
        ModelConfig::Translate(config) if config.restyle.is_some() => {
            Ok(photos(folder)?.into_packed())
        }
        _ => load(folder, recipe.data),
    }
}

/// Reads photographs and the pictures of styles.
///
/// # Errors
/// As [`load`].
pub fn photos(folder: &Path) -> Result<Photos> {
    read(folder, "photos-256.safetensors", |bytes| {
        Ok(Photos::from_bytes(bytes)?)
    })
}

/// Squares out of the pictures of several data sets, those of each split together.
fn pieces(folder: &Path, config: &TranslateConfig) -> Result<Packed> {
    let shape = Shape {
        side: config.piece,
        ..config.shape()
    };
    let mut packed: Option<Packed> = None;
    let mut checksums = String::new();
    for source in &config.sources {
        let (data, side) = (source.data, source.side);
        if !data.captioned() {
            bail!("{} comes in one size: name no sources", data.name());
        }
        let name = format!("{}-{side}.safetensors", data.name());
        let set = read(folder, &name, |bytes| {
            Ok(Captioned::from_bytes(data, bytes)?)
        })?;
        checksums.push_str(&set.card.checksum);
        let cut = |split: usize| {
            let drawings = set.splits()[split];
            let pictures = drawings.pictures.chunks_exact(side * side * shape.channels);
            let pictures: Vec<u8> = pictures
                .flat_map(|picture| squares(picture, side, shape))
                .collect();
            Examples {
                shape,
                labels: vec![0; pictures.len() / shape.values()],
                pictures,
                concepts: vec![],
            }
        };
        let of = |what: fn(&lampwork_datasets::Origin) -> &str| {
            let mut all: Vec<&str> = set.card.sources.iter().map(what).collect();
            all.dedup();
            all.join(", ")
        };
        let title = format!("{} at {side} pixels", set.card.title);
        let source = of(|origin| &origin.package);
        match &mut packed {
            None => {
                packed = Some(Packed {
                    data,
                    train: cut(0),
                    validation: cut(1),
                    test: cut(2),
                    card: DataCard {
                        version: DataCard::VERSION,
                        data,
                        title,
                        source,
                        licence: set.card.licence.clone(),
                        copyright: of(|origin| &origin.copyright),
                        classes: vec![],
                        counts: [0; 3],
                        checksum: String::new(),
                        how: format!("cut into squares of {} pixels", shape.side),
                    },
                    concepts: vec![],
                });
            }
            Some(packed) => {
                for (all, more) in [
                    (&mut packed.train, cut(0)),
                    (&mut packed.validation, cut(1)),
                    (&mut packed.test, cut(2)),
                ] {
                    all.pictures.extend(more.pictures);
                    all.labels.extend(more.labels);
                }
                packed.card.title.push_str(&format!("; {title}"));
                packed.card.source.push_str(&format!("; {source}"));
                for licence in set.card.licence.split(" AND ") {
                    if !packed.card.licence.split(" AND ").any(|has| has == licence) {
                        packed.card.licence.push_str(&format!(" AND {licence}"));
                    }
                }
            }
        }
    }
    let mut packed = packed.context("no source is named")?;
    packed.card.counts =
        [&packed.train, &packed.validation, &packed.test].map(|split| split.len() as u32);
    // That of all sources: a run goes on with the data that it began with.
    packed.card.checksum = checksums;
    Ok(packed)
}

/// The squares that a picture is cut into, row by row.
fn squares(picture: &[u8], side: usize, shape: Shape) -> Vec<u8> {
    let row = shape.side * shape.channels;
    let mut cut = Vec::with_capacity(picture.len());
    for top in (0..side).step_by(shape.side) {
        for left in (0..side).step_by(shape.side) {
            for y in top..top + shape.side {
                let from = (y * side + left) * shape.channels;
                cut.extend_from_slice(&picture[from..from + row]);
            }
        }
    }
    cut
}

/// Reads a data set from a folder.
///
/// # Errors
/// Where it is not there or cannot be read; the message says how to get it.
pub fn load(folder: &Path, data: DataSet) -> Result<Packed> {
    if data.modality() == Modality::Text {
        bail!(
            "{} holds text: this can be done with pictures alone",
            data.name()
        );
    }
    if data == DataSet::Brush {
        let glyphs = read(folder, "brush.safetensors", |bytes| {
            Ok(Glyphs::from_bytes(bytes)?)
        })?;
        return Ok(glyphs.packed());
    }
    let name = if data.captioned() {
        // Packed in more than one size.
        format!("{}-{}.safetensors", data.name(), data.shape().side)
    } else {
        format!("{}.safetensors", data.name())
    };
    read(folder, &name, |bytes| Ok(Packed::read(data, bytes)?))
}

/// Reads a file of a folder.
fn read<T>(folder: &Path, name: &str, form: impl Fn(&[u8]) -> Result<T>) -> Result<T> {
    let path = folder.join(name);
    let bytes = match std::fs::read(&path) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => bail!(
            "there is no data at {}: run `cargo xtask data` to fetch and pack it, \
             or say by --data-dir where it is",
            path.display()
        ),
        Err(error) => return Err(error).with_context(|| format!("cannot read {}", path.display())),
    };
    form(&bytes).with_context(|| {
        format!(
            "{} cannot be used: run `cargo xtask data` to make it anew",
            path.display()
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(write: Option<&[u8]>, parts: &[&str]) {
        let folder = tempfile::tempdir().unwrap();
        if let Some(bytes) = write {
            std::fs::write(folder.path().join("digits.safetensors"), bytes).unwrap();
        }
        let message = format!("{:#}", load(folder.path(), DataSet::Digits).unwrap_err());
        for part in parts {
            assert!(message.contains(part), "{message}");
        }
    }

    #[test]
    fn a_picture_is_cut_row_by_row_and_loses_nothing() {
        let shape = Shape {
            side: 2,
            channels: 3,
        };
        let picture: Vec<u8> = (0..4 * 4 * 3).collect();
        let cut = squares(&picture, 4, shape);
        let second = [6, 7, 8, 9, 10, 11, 18, 19, 20, 21, 22, 23];
        assert_eq!(cut[12..24], second);
        let mut all = cut;
        all.sort_unstable();
        assert_eq!(all, picture);
    }

    #[test]
    fn missing_and_broken_data_say_how_to_get_it() {
        check(
            None,
            &["digits.safetensors", "cargo xtask data", "--data-dir"],
        );
        check(
            Some(b"not a data set"),
            &["cannot be used", "cargo xtask data"],
        );
    }
}
