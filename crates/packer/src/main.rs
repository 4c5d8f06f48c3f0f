//! Packs the colour data sets: the full ones for the trainer, parts for a tab.
//!
//! `pack-colour --emoji DIR --pixel DIR --faces FILE --full OUT --tab OUT
//! [--sheets OUT]`, where the first three hold what `cargo xtask data` fetched;
//! `--sheets` also writes pictures of the sets, style by style, to look at.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use lampwork_datasets::{Captioned, DataError};
use lampwork_packer::divide::{self, Alike};
use lampwork_packer::{Collection, Fault, emoji, faces, pixel, set, sheet};
use lampwork_protocol::DataSet;

const USAGE: &str =
    "usage: pack-colour --emoji DIR --pixel DIR --faces FILE --full OUT --tab OUT [--sheets OUT]";

/// Where to read and to write.
#[derive(Debug, Default)]
struct Places {
    emoji: Option<PathBuf>,
    pixel: Option<PathBuf>,
    faces: Option<PathBuf>,
    full: Option<PathBuf>,
    tab: Option<PathBuf>,
    sheets: Option<PathBuf>,
}

fn main() -> ExitCode {
    let Some(places) = places(std::env::args().skip(1)) else {
        eprintln!("{USAGE}");
        return ExitCode::FAILURE;
    };
    match pack_all(&places) {
        Ok(()) => ExitCode::SUCCESS,
        Err(fault) => {
            eprintln!("pack-colour: {fault}");
            ExitCode::FAILURE
        }
    }
}

/// The places named on the command line; a set that is not named is not packed.
fn places(mut arguments: impl Iterator<Item = String>) -> Option<Places> {
    let mut places = Places::default();
    while let Some(name) = arguments.next() {
        let place = match &*name {
            "--emoji" => &mut places.emoji,
            "--pixel" => &mut places.pixel,
            "--faces" => &mut places.faces,
            "--full" => &mut places.full,
            "--tab" => &mut places.tab,
            "--sheets" => &mut places.sheets,
            _ => return None,
        };
        *place = Some(PathBuf::from(arguments.next()?));
    }
    (places.full.is_some() && places.tab.is_some()).then_some(places)
}

fn pack_all(places: &Places) -> Result<(), Fault> {
    if let Some(folder) = &places.emoji {
        pack(
            DataSet::Emoji,
            &emoji::read(folder)?,
            Alike::Within(200),
            places,
        )?;
    }
    if let Some(folder) = &places.pixel {
        pack(
            DataSet::Pixel,
            &pixel::read(folder)?,
            Alike::Within(200),
            places,
        )?;
    }
    if let Some(file) = &places.faces {
        // Two faces of one style differ in a brow or a mouth, and that is what
        // is to be learnt: only the very same picture counts as seen.
        pack(DataSet::Faces, &faces::read(file)?, Alike::Same, places)?;
    }
    Ok(())
}

fn pack(
    data: DataSet,
    collection: &Collection,
    alike: Alike,
    places: &Places,
) -> Result<(), Fault> {
    for line in &collection.left_out {
        println!("{}: left out {line}", data.name());
    }
    if let Some(folder) = &places.sheets {
        for (style, name) in collection.styles.iter().enumerate() {
            for &side in &collection.sides {
                let png = sheet::png(collection, style, side, 1_280 / side, 1_000)?;
                write(
                    &folder.join(format!("{}-{name}-{side}.png", data.name())),
                    &png,
                )?;
            }
        }
    }
    let splits = divide::splits(data.name(), collection, alike);
    let all: Vec<usize> = (0..collection.concepts.len()).collect();
    if let Some(folder) = &places.full {
        for &side in &collection.sides {
            let packed = set::pack(collection, &splits, &all, side, set::card(data, false))?;
            save(folder, &format!("{}-{side}", data.name()), &packed)?;
        }
    }
    if let Some(folder) = &places.tab {
        let kept = set::for_tab(data, collection, &splits);
        let side = collection.sides[0];
        let packed = set::pack(collection, &splits, &kept, side, set::card(data, true))?;
        let bytes = set::gzipped(&packed.to_bytes());
        println!("{}: {bytes} bytes by gzip", data.name());
        if bytes > set::TAB_LIMIT {
            return Err(Fault::TooLarge {
                name: data.name(),
                bytes,
                limit: set::TAB_LIMIT,
            });
        }
        save(folder, data.name(), &packed)?;
    }
    Ok(())
}

/// Writes a set and its card, having read back what is written.
fn save(folder: &Path, name: &str, packed: &Captioned) -> Result<(), Fault> {
    let bytes = packed.to_bytes();
    if Captioned::from_bytes(packed.data, &bytes)? != *packed {
        return Err(DataError::Checksum.into());
    }
    let file = folder.join(format!("{name}.safetensors"));
    write(&file, &bytes)?;
    write(
        &file.with_extension("json"),
        packed.card.to_json().as_bytes(),
    )?;
    println!(
        "{} {:?} of {:?} concepts, {} bytes",
        file.display(),
        packed.card.counts,
        packed.card.concepts,
        bytes.len()
    );
    Ok(())
}

/// Writes a file in one go, so that nobody ever reads half of it.
fn write(path: &Path, bytes: &[u8]) -> Result<(), Fault> {
    let fault = |error| Fault::Write {
        path: path.display().to_string(),
        error,
    };
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).map_err(fault)?;
    }
    let unfinished = path.with_extension("tmp");
    fs::write(&unfinished, bytes).map_err(fault)?;
    fs::rename(unfinished, path).map_err(fault)
}
