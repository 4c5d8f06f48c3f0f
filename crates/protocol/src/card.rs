//! The model card: what a weights file is, where it comes from and how good it is.

use serde::{Deserialize, Serialize};

use crate::Direction;
use crate::run::RunRecipe;

/// What a weights file is (Mitchell 2019).
///
/// `static/models/NAME/card.json`; the same JSON stands in the metadata of the
/// safetensors file under the key `lampwork.card`, so that a file which was
/// parted from its card still says what it is.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ModelCard {
    /// Version of this form; [`ModelCard::VERSION`].
    pub version: u32,
    /// Name: letters, digits and hyphens, at most 64.
    pub name: String,
    /// How it was trained; holds the net's configuration.
    pub recipe: RunRecipe,
    /// Licence of the weights, an SPDX expression.
    pub licence: String,
    /// Where the training data comes from, and its licence.
    pub data_source: String,
    /// Commit of the code that trained it; empty in the tab.
    pub commit: String,
    /// Device it was trained on.
    pub device: String,
    /// Steps taken.
    pub steps: u64,
    /// Seconds of training.
    pub seconds: f64,
    /// What `train eval` measured; empty where nothing was.
    pub figures: Vec<Figure>,
    /// Directions of the space of styles that its weights hold, in their order; none
    /// but for a style-based model.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub directions: Vec<Direction>,
}

impl ModelCard {
    /// Version of the form written now.
    pub const VERSION: u32 = 1;

    /// Key of the card in a safetensors file's metadata.
    pub const METADATA_KEY: &'static str = "lampwork.card";

    /// Name of a model that was trained or loaded in the tab.
    pub const YOURS: &'static str = "yours";
}

/// One measured figure.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Figure {
    /// What it is, e.g. `frechet_distance`.
    pub name: String,
    /// Its value.
    pub value: f64,
    /// Its unit; empty for a pure number.
    pub unit: String,
    /// The same figure for real test data: as good as it gets.
    pub floor: Option<f64>,
    /// The same figure for noise: as bad as it gets.
    pub ceiling: Option<f64>,
    /// How it was computed: sample count, features' hash, split.
    pub how: String,
}
