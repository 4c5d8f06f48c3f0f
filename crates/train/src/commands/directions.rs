//! `train directions`.

use anyhow::{Context, Result, bail};
use lampwork_models::sample;
use lampwork_protocol::ModelCard;

use super::{data_folder, say};
use crate::cli::DirectionsArgs;
use crate::publish::{self, Model};
use crate::{atomic, data, device, directions, sheet};

pub(super) fn directions(arguments: &DirectionsArgs) -> Result<u8> {
    let common = &arguments.common;
    let device = device::open(common.device)?;
    let model = publish::read(&arguments.model)?;
    let packed = data::load_for(&data_folder(common)?, &model.card.recipe)?;
    let say = say(common);
    let (draws, seed) = (arguments.draws, arguments.seed);
    let found = directions::find(&model, &packed, draws, seed, &device, &say)?;
    if let Some(file) = &arguments.sheet {
        let made = directions::sheet(&model, &found, seed, &device)?;
        let columns = directions::SHEET_PUSHES.len();
        let shape = model.card.recipe.model.shape();
        let sheet = sheet::png(&sample::to_bytes(&made), shape, columns);
        atomic::write(file, &sheet.bytes)?;
        say(&format!("a row for each direction: {}", file.display()));
    }
    let Model {
        card,
        mut weights,
        mut metadata,
        file,
        ..
    } = model;
    let Some(all) = weights.iter_mut().find(|named| named.name == "directions") else {
        bail!("{} was trained without directions", card.name);
    };
    all.values.fill(0.0);
    all.values[..found.values.len()].copy_from_slice(&found.values);
    let folder = match &arguments.out {
        Some(folder) => folder,
        None => file.parent().context("a weights file is in a folder")?,
    };
    // Figures are of the draws, which directions leave as they are, but they are
    // measured on a file, and this is another.
    let card = ModelCard {
        directions: found.directions,
        figures: Vec::new(),
        ..card
    };
    metadata.remove(ModelCard::METADATA_KEY);
    let hash = publish::write_with(folder, &card, &weights, &metadata)?;
    say(&format!(
        "{} directions written to {} (hash {})",
        card.directions.len(),
        folder.display(),
        publish::hexadecimal(&hash)
    ));
    Ok(0)
}
