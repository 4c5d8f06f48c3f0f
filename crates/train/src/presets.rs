//! The presets: recipes in TOML, part of the binary.

use anyhow::{Context, Result, bail};
use lampwork_protocol::RunRecipe;
use serde::Deserialize;

/// A named recipe.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Preset {
    /// One line for `train list`.
    pub about: String,
    /// How it is trained.
    pub recipe: RunRecipe,
}

macro_rules! files {
    ($($name:literal),* $(,)?) => {
        /// Name and text of every preset, in the order `train list` shows them.
        const FILES: &[(&str, &str)] = &[
            $(($name, include_str!(concat!("../presets/", $name, ".toml")))),*
        ];
    };
}

files![
    "map-fashion",
    "map-digits",
    "vae-fashion",
    "vae-digits",
    "gan-fashion",
    "gan-digits",
    "flow-fashion",
    "flow-digits",
    "flow-emoji",
    "flow-pixel",
    "flow-faces",
    "style-faces",
    "style-pixel",
    "upscale",
    "repair",
    "restyle",
    "cycle-brush",
    "brush-pairs",
    "cycle-emoji",
    "mlp-vae-fashion",
    "mlp-vae-digits",
    "mlp-gan-fashion",
    "mlp-gan-digits",
    "poems",
    "poems-small",
    "shakespeare",
    "lstm-poems",
    "lstm-shakespeare",
    "textvae-poems",
];

/// Names of all presets.
pub fn names() -> impl Iterator<Item = &'static str> {
    FILES.iter().map(|(name, _)| *name)
}

/// The preset of this name.
///
/// # Errors
/// Where there is none; the message names those that are.
pub fn load(name: &str) -> Result<Preset> {
    let Some((_, text)) = FILES.iter().find(|(known, _)| *known == name) else {
        let known: Vec<_> = names().collect();
        bail!(
            "there is no preset {name:?}; there are {}",
            known.join(", ")
        );
    };
    toml::from_str(text).with_context(|| format!("presets/{name}.toml"))
}

#[cfg(test)]
mod tests {
    use lampwork_protocol::Modality;

    use super::*;

    #[test]
    fn every_preset_reads_and_fits_its_name() {
        for name in names() {
            let preset = load(name).unwrap();
            assert!(!preset.about.is_empty());
            assert_eq!(preset.recipe.batch % preset.recipe.micro_batch, 0, "{name}");
            if preset.recipe.data.modality() == Modality::Text {
                assert_eq!(preset.recipe.model.modality(), Modality::Text);
                assert_eq!(preset.recipe.model.vocabulary(), 0, "that of the data");
                continue;
            }
            if preset.recipe.model.translates() {
                lampwork_models::run::check_recipe(&preset.recipe).unwrap();
                continue;
            }
            assert!(name.ends_with(preset.recipe.data.name()), "{name}");
            if name.starts_with("map-") {
                assert_eq!(preset.recipe.model.latent(), 2);
                assert_eq!(preset.recipe.model.classes(), 0);
            } else {
                // Labels of a style-based model are found when it is trained.
                let labelled = !name.starts_with("style-");
                let classes = if labelled {
                    preset.recipe.data.classes()
                } else {
                    0
                };
                assert_eq!(preset.recipe.model.classes(), classes);
                assert_eq!(preset.recipe.model.shape(), preset.recipe.data.shape());
            }
        }
    }

    #[test]
    fn an_unknown_preset_names_the_known_ones() {
        let message = load("vae-cats").unwrap_err().to_string();
        assert!(message.contains("vae-cats") && message.contains("map-digits"));
    }
}
