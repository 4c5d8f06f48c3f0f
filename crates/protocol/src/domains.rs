//! How nets between two sets of pictures are built and taught.

use serde::{Deserialize, Serialize};

use crate::{Distance, Edges, Shape, Spoil, TranslateConfig};

/// Nets between two domains: classes of one data set, of which the one holds one class
/// and the other one or more, called hands.
///
/// A net makes of a picture of the first domain one in a hand that is asked for; where
/// the lesson goes both ways, another makes of a picture in any hand one of the first
/// domain. The pictures of the two are of the same things or not, as the lesson says.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DomainsConfig {
    /// The class of the first domain.
    pub from: u8,
    /// The classes of the second, each a hand.
    pub to: Vec<u8>,
    /// What is learned from, and by which losses.
    pub lesson: Lesson,
    /// Channels of the residual blocks of a net; each halving on the way there doubles
    /// them up to this.
    pub width: usize,
    /// Residual blocks.
    pub blocks: usize,
    /// Side of the square of pixels that are gathered into one cell before the first
    /// convolution.
    #[serde(default = "one")]
    pub gather: usize,
    /// Times that the picture is halved before the blocks.
    #[serde(default)]
    pub halvings: usize,
    /// Side of the windows of the first and the last convolution; odd.
    #[serde(default = "three")]
    pub kernel: usize,
    /// Share that rectifiers leave of what is below zero in a net that has several hands:
    /// channels that the shifts of one hand push below it can still learn.
    #[serde(default)]
    pub leak: f32,
    /// Whether what a net makes is added to its picture, or is the picture: added, it
    /// begins as the picture itself, for domains that have their shapes in common.
    #[serde(default)]
    pub residual: bool,
    /// Channels of the first layer of a critic; each of its halvings doubles them.
    pub critic: usize,
    /// Times that a critic halves a picture: what it judges are the pieces that a place
    /// of its last layer sees (Isola 2017).
    #[serde(default = "three")]
    pub critic_halvings: usize,
    /// Furthest that what critics are shown is moved at random, in pixels; what leaves on
    /// one side comes in on the other. Of few pictures a critic learns places by heart,
    /// and the nets answer by noise (Zhao 2020, arXiv 2006.10738).
    #[serde(default)]
    pub critic_shift: usize,
    /// Learning rate of the critics over that of the nets.
    #[serde(default = "whole")]
    pub critic_rate: f32,
    /// Whether its pictures are in colour or grey.
    #[serde(default)]
    pub colour: bool,
}

/// What two domains are learned from, and by which losses; each number is a weight
/// beside that of the critics' verdict, which is 1.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(tag = "by", rename_all = "lowercase")]
pub enum Lesson {
    /// Pictures that do not belong together, both ways (Zhu 2017).
    Cycle {
        /// How far a picture that went there and back is from what it was.
        cycle: f32,
        /// How far a picture that is in the domain already is from what becomes of it.
        identity: f32,
        /// Standard deviation of the noise that lies on a picture on its way back, of a
        /// span of 1, so that nothing faint can be hidden in it (Chu 2017).
        #[serde(default)]
        noise: f32,
        /// How hard what was written is to read for a net that learned to read beside
        /// (Fogel 2020); 0 does without a reader.
        #[serde(default)]
        legible: f32,
    },
    /// Pairs of pictures of the same thing, there alone (Isola 2017).
    Pairs {
        /// How far what is made is from the true picture, by absolute differences.
        distance: f32,
    },
}

impl DomainsConfig {
    /// Shape of the pictures of both domains.
    pub fn shape(&self) -> Shape {
        if self.colour {
            Shape::COLOUR
        } else {
            Shape::BRUSH
        }
    }

    /// Whether there is a net for the way back.
    pub fn both_ways(&self) -> bool {
        matches!(self.lesson, Lesson::Cycle { .. })
    }

    /// Whether a reader is needed to teach it.
    pub fn read(&self) -> bool {
        matches!(self.lesson, Lesson::Cycle { legible, .. } if legible > 0.0)
    }

    /// One of its nets, into a domain of so many hands.
    pub fn net(&self, hands: usize) -> TranslateConfig {
        TranslateConfig {
            spoil: Spoil {
                shrink: 1,
                noise: 0.0,
                scratches: 0.0,
            },
            width: self.width,
            blocks: self.blocks,
            gather: self.gather,
            halvings: self.halvings,
            kernel: self.kernel,
            edges: Edges::Zeros,
            styles: hands,
            residual: self.residual,
            leak: if hands > 1 { self.leak } else { 0.0 },
            distance: Distance::L1,
            colour: self.colour,
            sources: vec![],
            piece: 0,
            restyle: None,
        }
    }
}

fn one() -> usize {
    1
}

fn three() -> usize {
    3
}

fn whole() -> f32 {
    1.0
}

/// Pictures that are to go between two domains.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RedrawOrder {
    /// Name of the model.
    pub model: String,
    /// Hash of its weights, as in [`crate::Recipe::weights`].
    pub weights: [u8; 8],
    /// How many, 1 to [`RedrawOrder::MOST`].
    pub count: u32,
    /// Which way.
    pub way: Way,
}

impl RedrawOrder {
    /// Most pictures at once.
    pub const MOST: u32 = 256;
}

/// Which way a picture goes between two domains.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Way {
    /// Into a hand of the second, by its number.
    To(u8),
    /// Into the first.
    Back,
}
