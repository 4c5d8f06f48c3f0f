//! A style-based generator, and what moves its pictures.

use serde::{Deserialize, Serialize};

use crate::DiffAugment;

/// A style-based generative adversarial network (Karras 2019, 2020), for pictures
/// in colour ([`crate::Shape::COLOUR`]).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct StyleConfig {
    /// Dimensions of the noise that the mapping net is given.
    pub latent: usize,
    /// Dimensions of a style, which is what the mapping net makes of it.
    pub styles: usize,
    /// Layers of the mapping net.
    pub mapping: usize,
    /// Channels of the generator at 4 x 4, 8 x 8 and 16 x 16.
    pub width: usize,
    /// Channels of the generator at 32 x 32.
    pub fine: usize,
    /// Channels of the discriminator at 16 x 16; twice as many at 8 x 8, three
    /// times as many at 4 x 4.
    pub judge: usize,
    /// Share of the batches in which two styles are mixed, the coarse layers of
    /// one and the fine ones of the other (Karras 2019).
    pub mixing: f32,
    /// Price of the squared gradient of the discriminator at real pictures
    /// (Mescheder 2018), which is measured by a finite difference.
    pub penalty: f32,
    /// Differentiable augmentation of all that the discriminator sees (Zhao 2020).
    pub diff_augment: DiffAugment,
    /// Learning rate of the discriminator over that of the generator (Heusel 2017).
    pub d_rate: f32,
    /// Directions of the space of styles that its weights hold; 0 for none.
    pub directions: usize,
}

impl StyleConfig {
    /// Layers that are given a style: one at 4 x 4, two each at 8, 16 and 32.
    pub const LAYERS: usize = 7;

    /// Most directions that a model may hold.
    pub const MAX_DIRECTIONS: usize = 64;
}

/// Which layers of a style-based generator.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// All of them.
    #[default]
    All,
    /// At 4 x 4 and 8 x 8: pose, shape, what is there at all.
    Coarse,
    /// At 16 x 16: features.
    Middle,
    /// At 32 x 32: colours and lines.
    Fine,
}

impl Level {
    /// Every level.
    pub const ALL: [Level; 4] = [Level::All, Level::Coarse, Level::Middle, Level::Fine];

    /// The layers of it.
    pub fn layers(self) -> std::ops::Range<usize> {
        match self {
            Level::All => 0..StyleConfig::LAYERS,
            Level::Coarse => 0..3,
            Level::Middle => 3..5,
            Level::Fine => 5..StyleConfig::LAYERS,
        }
    }
}

/// A push along one of the directions that a model's weights hold.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Nudge {
    /// Which direction, from 0.
    pub direction: u8,
    /// Which layers are pushed.
    pub level: Level,
    /// How far, in standard deviations of the styles along it.
    pub amount: f32,
}

impl Nudge {
    /// Farthest push.
    pub const MAX_AMOUNT: f32 = 8.0;

    /// Most pushes of one picture.
    pub const MAX: usize = 256;
}

/// A direction of the space of styles, as a model's card tells of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Direction {
    /// What it changes, in English; empty for a principal component.
    pub en: String,
    /// The same in Chinese.
    pub zh: String,
    /// Which layers it is meant for.
    #[serde(default)]
    pub level: Level,
    /// Share of the variance of styles that lies along it.
    pub variance: f32,
    /// For a label, how well it foretells the label (area under the curve of
    /// true against false positives); none for a principal component.
    #[serde(default)]
    pub skill: Option<f32>,
}
