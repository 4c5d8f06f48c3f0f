//! Packs the characters: all hands for the trainer, the plain one for a tab.
//!
//! `pack-brush --fonts DIR --full OUT --tab OUT [--sheet FILE]`, where DIR holds what
//! `cargo xtask data` fetched; `--sheet` also writes a picture of some of them.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use lampwork_datasets::{DataError, Glyphs};
use lampwork_packer::Fault;
use lampwork_packer::brush::{self, Places, tab};

const USAGE: &str = "usage: pack-brush --fonts DIR --full OUT --tab OUT [--sheet FILE]";

/// Characters to learn from that all simplified hands have.
const SIMPLIFIED: usize = 2_900;

/// Others, that all traditional hands have.
const TRADITIONAL: usize = 700;

/// Which hands write what.
const PLACES: Places = Places {
    plain: 0,
    traditional: 1..4,
    simplified: 4..7,
};

/// Where to read and to write.
#[derive(Debug, Default)]
struct Folders {
    fonts: PathBuf,
    full: PathBuf,
    tab: PathBuf,
    sheet: Option<PathBuf>,
}

fn main() -> ExitCode {
    let Some(folders) = folders(std::env::args().skip(1)) else {
        eprintln!("{USAGE}");
        return ExitCode::FAILURE;
    };
    match pack(&folders) {
        Ok(()) => ExitCode::SUCCESS,
        Err(fault) => {
            eprintln!("pack-brush: {fault}");
            ExitCode::FAILURE
        }
    }
}

fn folders(mut arguments: impl Iterator<Item = String>) -> Option<Folders> {
    let mut folders = Folders::default();
    while let Some(name) = arguments.next() {
        let path = PathBuf::from(arguments.next()?);
        match &*name {
            "--fonts" => folders.fonts = path,
            "--full" => folders.full = path,
            "--tab" => folders.tab = path,
            "--sheet" => folders.sheet = Some(path),
            _ => return None,
        }
    }
    let named = [&folders.fonts, &folders.full, &folders.tab];
    named
        .iter()
        .all(|path| !path.as_os_str().is_empty())
        .then_some(folders)
}

fn pack(folders: &Folders) -> Result<(), Fault> {
    let hands = brush::hands(&folders.fonts)?;
    let order = brush::order(&folders.fonts)?;
    let characters = brush::choose(&order, &hands, &PLACES, SIMPLIFIED, TRADITIONAL);
    let glyphs = brush::draw(&hands, characters, brush::card())?;
    let bytes = glyphs.to_bytes();
    if Glyphs::from_bytes(&bytes)? != glyphs {
        return Err(DataError::Checksum.into());
    }
    write(&folders.full.join("brush.safetensors"), &bytes)?;
    write(
        &folders.full.join("brush.json"),
        glyphs.card.to_json().as_bytes(),
    )?;
    println!(
        "characters {:?}, of each hand {:?}, {} bytes",
        glyphs.card.characters,
        glyphs.card.drawn,
        bytes.len()
    );
    if let Some(path) = &folders.sheet {
        write(path, &tab::look(&glyphs, 40)?)?;
    }
    for (name, bytes) in tab::files(&hands, &order, &glyphs)? {
        println!("{name}: {} bytes", bytes.len());
        write(&folders.tab.join(name), &bytes)?;
    }
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
