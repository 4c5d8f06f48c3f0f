//! Packs what a net that restyles learns from.
//!
//! `pack-restyle --sources DIR --out DIR [--sheets DIR]`: the first holds the packages
//! that `cargo xtask data` unpacked, each under its name; the second gets
//! `photos-256.safetensors` and `vgg16.safetensors`; the third pictures of the styles,
//! to look at.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use lampwork_datasets::photos::Photos;
use lampwork_datasets::{DataCard, DataError};
use lampwork_packer::Fault;
use lampwork_packer::restyle::{drawn, paintings, photos, vgg};
use lampwork_protocol::DataSet;

const USAGE: &str = "usage: pack-restyle --sources DIR --out DIR [--sheets DIR]";

fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    let mut places: [Option<PathBuf>; 3] = Default::default();
    while let Some(name) = arguments.next() {
        let names = ["--sources", "--out", "--sheets"];
        let at = names.iter().position(|known| *known == name);
        let (Some(at), Some(place)) = (at, arguments.next()) else {
            eprintln!("{USAGE}");
            return ExitCode::FAILURE;
        };
        places[at] = Some(PathBuf::from(place));
    }
    let [Some(sources), Some(out), sheets] = places else {
        eprintln!("{USAGE}");
        return ExitCode::FAILURE;
    };
    match pack(&sources, &out, sheets.as_deref()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(fault) => {
            eprintln!("pack-restyle: {fault}");
            ExitCode::FAILURE
        }
    }
}

fn pack(sources: &Path, out: &Path, sheets: Option<&Path>) -> Result<(), Fault> {
    let mut styles = paintings::all(&sources.join("gcompris-qt-data"))?;
    styles.extend(drawn::all());
    if let Some(folder) = sheets {
        for style in &styles {
            let [height, width] = style.about.size;
            let png = png(width, height, &style.values);
            write(&folder.join(format!("{}.png", style.about.name)), &png)?;
        }
    }
    let (train, validation) = photos::all(sources)?;
    let counts = [train.len() as u32, validation.len() as u32, 0];
    let mut packed = Photos {
        card: card(counts),
        train,
        validation,
        styles,
    };
    packed.card.checksum = packed.checksum();
    let bytes = packed.to_bytes();
    if Photos::from_bytes(&bytes)? != packed {
        return Err(DataError::Checksum.into());
    }
    write(&out.join("photos-256.safetensors"), &bytes)?;
    write(
        &out.join("photos-256.json"),
        packed.card.to_json().as_bytes(),
    )?;
    write(
        &out.join("vgg16.safetensors"),
        &vgg::pack(&sources.join("stlpips-pytorch"))?,
    )?;
    println!(
        "photos-256: {counts:?} squares, {} styles",
        packed.styles.len()
    );
    Ok(())
}

fn card(counts: [u32; 3]) -> DataCard {
    DataCard {
        version: DataCard::VERSION,
        data: DataSet::Photos,
        title: "Photographs and pictures of eight styles".to_owned(),
        source: "Debian packages gcompris-qt-data 3.1-2 (animals, monuments, music; paintings), lomiri-wallpapers-16.04 and -20.04 20.04.0-2, mate-backgrounds 1.26.0-1 (nature); four styles are drawn by crates/packer".to_owned(),
        licence: "public domain AND CC0-1.0 AND CC-BY-1.0 AND CC-BY-2.0 AND CC-BY-3.0 AND CC-BY-4.0 AND CC-BY-SA-2.0 AND CC-BY-SA-2.5 AND CC-BY-SA-3.0 AND CC-BY-SA-4.0 AND GPL-2.0-or-later AND GPL-3.0-or-later".to_owned(),
        copyright: "the photographers that /usr/share/doc/PACKAGE/copyright names".to_owned(),
        classes: vec![],
        counts,
        checksum: String::new(),
        how: "Photographs were shrunk by means until their shorter side was 256, then 512 pixels, and cut into squares of 256 that cover them; one photograph in twelve is not learned from. What is learned from is shown to nobody: no part of it ships.".to_owned(),
    }
}

fn png(width: usize, height: usize, values: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, width as u32, height as u32);
    encoder.set_color(png::ColorType::Rgb);
    let mut writer = encoder.write_header().expect("writing to memory");
    writer.write_image_data(values).expect("writing to memory");
    writer.finish().expect("writing to memory");
    bytes
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
