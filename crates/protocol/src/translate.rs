//! How a net that makes one picture of another is built and taught.

use serde::{Deserialize, Serialize};

use crate::{DataSet, Shape};

/// A fully convolutional net from picture to picture, of any size.
///
/// One form for several papers: EDSR (Lim 2017) without normalisation and with a
/// pixel-shuffle head, the transformation nets of Johnson 2016 and Zhu 2017 with
/// reflected edges, halvings and instance normalisation. What it learns here are pairs
/// that are made of one picture: spoiled as [`Spoil`] says, and as it was.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TranslateConfig {
    /// What is done to a picture that the net learns to undo.
    pub spoil: Spoil,
    /// Channels of the residual blocks; each halving on the way there doubles them up
    /// to this.
    pub width: usize,
    /// Residual blocks.
    pub blocks: usize,
    /// Side of the square of pixels that are gathered into one cell before the first
    /// convolution (FFDNet, Zhang 2018), and spread out again after the last; 1
    /// gathers none.
    #[serde(default = "one")]
    pub gather: usize,
    /// Times that the picture is halved by strided convolutions before the blocks, and
    /// doubled after them (Johnson 2016).
    #[serde(default)]
    pub halvings: usize,
    /// Side of the windows of the first and the last convolution; odd.
    #[serde(default = "three")]
    pub kernel: usize,
    /// What lies beyond the edges of a picture.
    #[serde(default)]
    pub edges: Edges,
    /// Styles of instance normalisation: 0 normalises nothing, 1 is Ulyanov 2016, more
    /// have a scale and a shift of their own in every layer (Dumoulin 2017).
    #[serde(default)]
    pub styles: usize,
    /// Whether what the net says is added to its input, enlarged by repeated pixels.
    #[serde(default = "yes")]
    pub residual: bool,
    /// Share that rectifiers leave of what is below zero; 0 cuts all of it off.
    #[serde(default)]
    pub leak: f32,
    /// How far a made picture lies from the true one.
    #[serde(default)]
    pub distance: Distance,
    /// Whether its pictures are in colour or grey.
    #[serde(default)]
    pub colour: bool,
    /// What `train` learns from; where there is none, the pictures of the recipe's data
    /// set as other nets are shown them.
    #[serde(default)]
    pub sources: Vec<Source>,
    /// Side of the squares that pictures of [`TranslateConfig::sources`] are cut into,
    /// so that those of several sizes are learned from at once.
    #[serde(default)]
    pub piece: usize,
    /// The styles that it learns to show pictures in, and what it learns them by; where
    /// there are none it learns by pairs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub restyle: Option<Restyle>,
}

/// How a net learns to show photographs in the styles of other pictures (Johnson 2016):
/// by the features that a net which tells things apart has of them. That net is
/// larger than any of ours, so `train` alone can teach by it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Restyle {
    /// Names of the styles, as those of the pictures that they are learned from; as
    /// many as [`TranslateConfig::styles`].
    pub names: Vec<String>,
    /// Side of the squares that are cut out of photographs at random, in pixels.
    pub side: usize,
    /// What counts how far what is shown has changed, of the features of `relu2_2`.
    pub content: f32,
    /// What counts how far the style is missed, of the Gram matrices of four layers.
    pub style: f32,
    /// What counts how much neighbouring pixels differ.
    pub variation: f32,
    /// Share of the pictures that are shown in two styles at once.
    pub blends: f32,
}

/// What is done to a picture before a net sees it: the net learns to undo it.
///
/// First it is shrunk, then made noisy, then scratched; what comes of each stays a
/// picture of 8 bits a channel.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Spoil {
    /// Pixels a side whose mean becomes one pixel; 1 shrinks nothing.
    #[serde(default = "one")]
    pub shrink: usize,
    /// Largest standard deviation of Gaussian noise, of a span of 1; that of each
    /// picture is drawn from 0 to this, and one in eight has none.
    #[serde(default)]
    pub noise: f32,
    /// Share of the pictures that get one to three scratches.
    #[serde(default)]
    pub scratches: f32,
}

/// What lies beyond the edges of a picture.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Edges {
    /// Zeros.
    #[default]
    Zeros,
    /// The picture, reflected.
    Reflected,
}

/// How far a made picture lies from the true one.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Distance {
    /// The mean of `sqrt(d^2 + 0.001^2)` over all values (Charbonnier 1994, Lai 2017).
    #[default]
    Charbonnier,
    /// The mean of absolute differences (Isola 2017).
    L1,
    /// The mean square of each picture in decibels of a span of 1, which is its negative
    /// PSNR; the mean over pictures (Chen 2022, arXiv 2204.04676). A decibel counts the
    /// same under faint noise as under loud.
    Psnr,
}

/// Pictures of a data set that are packed in one of several sizes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Source {
    /// The data set.
    pub data: DataSet,
    /// Side of its pictures, in pixels.
    pub side: usize,
}

impl TranslateConfig {
    /// Shape of the pictures of a data set that it may learn from in a tab.
    pub fn shape(&self) -> Shape {
        if self.colour {
            Shape::COLOUR
        } else {
            Shape::GREY
        }
    }

    /// Names of its styles; none for a net that learns by pairs.
    pub fn style_names(&self) -> &[String] {
        self.restyle
            .as_ref()
            .map_or(&[], |restyle| &restyle.names[..])
    }

    /// How many times larger than its input what it makes is.
    pub fn factor(&self) -> usize {
        self.spoil.shrink
    }

    /// Sides of a picture that goes through the net are multiples of this.
    pub fn cell(&self) -> usize {
        self.gather << self.halvings
    }
}

fn one() -> usize {
    1
}

fn three() -> usize {
    3
}

fn yes() -> bool {
    true
}
