//! The recipe of a command: a preset and what the command line sets in it.

use anyhow::{Context, Result};
use lampwork_protocol::RunRecipe;
use serde_json::{Value, json};

use crate::cli::Settings;
use crate::overrides;
use crate::presets::{self, Preset};

/// The preset of this name, or the one in a TOML file.
///
/// # Errors
/// Where there is none or it cannot be read.
pub fn preset(name: &str) -> Result<Preset> {
    if !name.ends_with(".toml") {
        return presets::load(name);
    }
    let text = std::fs::read_to_string(name).with_context(|| format!("cannot read {name}"))?;
    toml::from_str(&text).with_context(|| format!("{name} is not a preset"))
}

/// The recipe with all that the command line sets.
///
/// # Errors
/// Where a setting is unknown or takes no such value.
pub fn apply(mut recipe: RunRecipe, settings: &Settings) -> Result<RunRecipe> {
    if let Some(data) = settings.data {
        recipe.data = data;
    }
    if let Some(epochs) = settings.epochs {
        recipe.epochs = epochs;
    }
    if let Some(seed) = settings.seed {
        recipe.seed = seed;
    }
    if let Some(rate) = settings.learning_rate {
        recipe.optimizer.learning_rate = rate;
    }
    if let Some(batch) = settings.batch {
        recipe = set_batch(&recipe, &json!(batch))?;
    }
    for setting in &settings.set {
        let (path, value) = overrides::parse(setting)?;
        recipe = set(&recipe, &path, &value)?;
    }
    Ok(recipe)
}

/// The recipe with its setting `path` as `value`; a batch that cannot be cut into
/// the slices there are is one slice.
///
/// # Errors
/// Where there is no such setting, or it takes no such value.
pub fn set(recipe: &RunRecipe, path: &str, value: &Value) -> Result<RunRecipe> {
    match path {
        "batch" => set_batch(recipe, value),
        _ => overrides::set(recipe, path, value),
    }
}

fn set_batch(recipe: &RunRecipe, value: &Value) -> Result<RunRecipe> {
    let mut recipe = overrides::set(recipe, "batch", value)?;
    if recipe.micro_batch == 0 || !recipe.batch.is_multiple_of(recipe.micro_batch) {
        recipe.micro_batch = recipe.batch;
    }
    Ok(recipe)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings(set: &[&str]) -> Settings {
        Settings {
            set: set.iter().map(|&text| text.to_owned()).collect(),
            ..Settings::default()
        }
    }

    #[test]
    fn flags_come_first_and_settings_after() {
        let recipe = preset("vae-digits").unwrap().recipe;
        let flags = Settings {
            epochs: Some(3),
            batch: Some(32),
            seed: Some(9),
            learning_rate: Some(0.5),
            data: Some(lampwork_protocol::DataSet::Fashion),
            ..settings(&["epochs=4"])
        };
        let changed = apply(recipe, &flags).unwrap();
        assert_eq!((changed.epochs, changed.batch), (4, 32));
        assert_eq!((changed.seed, changed.optimizer.learning_rate), (9, 0.5));
        assert_eq!(changed.data, lampwork_protocol::DataSet::Fashion);
    }

    #[test]
    fn a_batch_is_one_slice_where_it_cannot_be_cut() {
        let mut recipe = preset("vae-digits").unwrap().recipe;
        recipe.micro_batch = 16;
        let cut = |set: &[&str]| {
            let recipe = apply(recipe.clone(), &settings(set)).unwrap();
            (recipe.batch, recipe.micro_batch)
        };
        assert_eq!(cut(&["batch=96"]), (96, 16));
        assert_eq!(cut(&["batch=40"]), (40, 40));
        assert_eq!(cut(&["batch=40", "micro_batch=20"]), (40, 20));
    }

    #[test]
    fn a_file_of_ones_own_is_a_preset() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("mine.toml");
        let text = include_str!("../presets/gan-digits.toml");
        std::fs::write(&path, text).unwrap();
        let path = path.to_str().unwrap();
        assert_eq!(preset(path).unwrap(), preset("gan-digits").unwrap());
        std::fs::write(path, "about = 3").unwrap();
        assert!(format!("{:#}", preset(path).unwrap_err()).contains("is not a preset"));
    }
}
