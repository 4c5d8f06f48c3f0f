//! Packs the data sets: the full ones for the native trainer, subsets for a tab.
//!
//! `pack --fashion DIR --digits DIR --full OUT --tab OUT`, where the first two
//! hold the raw files of [`lampwork_datasets::sources`].

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use lampwork_datasets::split::{self, Splits};
use lampwork_datasets::{DataError, Packed, digits, idx, sources};
use lampwork_protocol::DataSet;

const USAGE: &str = "usage: pack --fashion DIR --digits DIR --full OUT --tab OUT";

/// Anything that ends the program.
type Fault = Box<dyn std::error::Error>;

fn main() -> ExitCode {
    match pack() {
        Ok(()) => ExitCode::SUCCESS,
        Err(fault) => {
            eprintln!("pack: {fault}");
            ExitCode::FAILURE
        }
    }
}

fn pack() -> Result<(), Fault> {
    let [fashion, digits, full, tab] = folders(std::env::args().skip(1))?;
    write(
        DataSet::Fashion,
        read_fashion(&fashion)?,
        "The validation split is 5,000 of the 60,000 training pictures, drawn at random with seed 0; the test split is Fashion-MNIST's own. No picture stands in two splits.",
        &full,
        &tab,
    )?;
    write(
        DataSet::Digits,
        read_digits(&digits)?,
        "1,000 of the 10,000 pictures for validation and 1,000 for the test, drawn at random with seed 0; the others for training. No picture stands in two splits.",
        &full,
        &tab,
    )
}

/// The folders named on the command line, in the order of the usage line.
fn folders(mut arguments: impl Iterator<Item = String>) -> Result<[PathBuf; 4], Fault> {
    let mut folders = [const { None }; 4];
    while let Some(name) = arguments.next() {
        let place = ["--fashion", "--digits", "--full", "--tab"]
            .iter()
            .position(|known| *known == name)
            .ok_or(USAGE)?;
        folders[place] = Some(PathBuf::from(arguments.next().ok_or(USAGE)?));
    }
    let [Some(fashion), Some(digits), Some(full), Some(tab)] = folders else {
        return Err(USAGE.into());
    };
    Ok([fashion, digits, full, tab])
}

fn read_fashion(folder: &Path) -> Result<Splits, Fault> {
    let [pictures, labels, test_pictures, test_labels] =
        sources::FASHION.map(|source| source.read(folder));
    let classes = DataSet::Fashion.classes();
    let train = idx::examples(&pictures?, &labels?, classes)?;
    let test = idx::examples(&test_pictures?, &test_labels?, classes)?;
    Ok(split::fashion(&train, &test)?)
}

fn read_digits(folder: &Path) -> Result<Splits, Fault> {
    let files = sources::DIGITS
        .iter()
        .map(|source| source.read(folder))
        .collect::<Result<Vec<_>, _>>()?;
    Ok(split::digits(&digits::examples(&files)?)?)
}

fn write(data: DataSet, splits: Splits, how: &str, full: &Path, tab: &Path) -> Result<(), Fault> {
    let subset = split::tab(&splits, data.classes())?;
    let how_subset = format!(
        "{how} Of these, the same number of each class, drawn at random with seed 0: 300 for training, 50 for validation, 50 for the test."
    );
    for (splits, how, folder) in [(splits, how, full), (subset, &how_subset, tab)] {
        let packed = Packed::new(splits, sources::card(data, how));
        let bytes = packed.to_bytes();
        // What was written must be readable before anyone relies on it.
        if Packed::from_bytes(data, &bytes)? != packed {
            return Err(DataError::Checksum.into());
        }
        std::fs::create_dir_all(folder)?;
        let file = folder.join(format!("{}.safetensors", data.name()));
        replace(&file, &bytes)?;
        replace(
            &file.with_extension("json"),
            packed.card.to_json().as_bytes(),
        )?;
        println!(
            "{} {:?} {} bytes",
            file.display(),
            packed.card.counts,
            bytes.len()
        );
    }
    Ok(())
}

/// Writes a file in one go, so that nobody ever reads half of it.
fn replace(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let unfinished = path.with_extension("tmp");
    std::fs::write(&unfinished, bytes)?;
    std::fs::rename(unfinished, path)
}
