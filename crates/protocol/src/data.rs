//! What there is to learn from.

use serde::{Deserialize, Serialize};

use crate::Shape;

/// A data set that the site ships and `train` can fetch.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum DataSet {
    /// Fashion-MNIST (Xiao 2017): ten kinds of clothing.
    Fashion,
    /// MNIST digits (LeCun 1998).
    Digits,
    /// Emoji in colour, each drawn by up to four hands, with captions.
    Emoji,
    /// The tiles of Dungeon Crawl Stone Soup, in colour, with captions.
    Pixel,
    /// Faces put together by DiceBear from drawn parts, in colour, with captions.
    Faces,
    /// Photographs in colour, of several sources, which `train` alone learns from.
    Photos,
    /// Chinese characters in grey: plain, and written by six hands with a brush.
    Brush,
    /// Chinese poems: shi of Tang and Song, and ci.
    Poems,
    /// The plays of Shakespeare.
    Plays,
}

impl DataSet {
    /// Every data set that a model of the site's can be trained on in a tab, or
    /// measured with.
    pub const ALL: [DataSet; 8] = [
        DataSet::Fashion,
        DataSet::Digits,
        DataSet::Emoji,
        DataSet::Pixel,
        DataSet::Faces,
        DataSet::Brush,
        DataSet::Poems,
        DataSet::Plays,
    ];

    /// Those of pictures that the site ships for a tab to learn from.
    pub const PICTURES: [DataSet; 5] = [
        DataSet::Fashion,
        DataSet::Digits,
        DataSet::Emoji,
        DataSet::Pixel,
        DataSet::Faces,
    ];

    /// Those of text.
    pub const TEXT: [DataSet; 2] = [DataSet::Poems, DataSet::Plays];

    /// Those of grey pictures, 28 x 28, with classes.
    pub const GREY: [DataSet; 2] = [DataSet::Fashion, DataSet::Digits];

    /// Those of colour pictures with captions.
    pub const COLOUR: [DataSet; 3] = [DataSet::Emoji, DataSet::Pixel, DataSet::Faces];

    /// Name in paths and on the command line.
    pub fn name(self) -> &'static str {
        match self {
            DataSet::Fashion => "fashion",
            DataSet::Digits => "digits",
            DataSet::Emoji => "emoji",
            DataSet::Pixel => "pixel",
            DataSet::Faces => "faces",
            DataSet::Photos => "photos",
            DataSet::Brush => "brush",
            DataSet::Poems => "poems",
            DataSet::Plays => "plays",
        }
    }

    /// What it holds.
    pub fn modality(self) -> Modality {
        match self {
            DataSet::Poems | DataSet::Plays => Modality::Text,
            DataSet::Fashion
            | DataSet::Digits
            | DataSet::Emoji
            | DataSet::Pixel
            | DataSet::Faces
            | DataSet::Photos
            | DataSet::Brush => Modality::Pictures,
        }
    }

    /// Whether its pictures are in colour and have captions.
    pub fn captioned(self) -> bool {
        match self {
            DataSet::Fashion
            | DataSet::Digits
            | DataSet::Photos
            | DataSet::Brush
            | DataSet::Poems
            | DataSet::Plays => false,
            DataSet::Emoji | DataSet::Pixel | DataSet::Faces => true,
        }
    }

    /// Whether there is a net that its pictures are measured with: the file
    /// `judges/NAME.safetensors` of the site.
    pub fn judged(self) -> bool {
        match self {
            DataSet::Fashion
            | DataSet::Digits
            | DataSet::Emoji
            | DataSet::Pixel
            | DataSet::Faces => true,
            DataSet::Photos | DataSet::Brush | DataSet::Poems | DataSet::Plays => false,
        }
    }

    /// Number of classes; of a captioned set, the styles that its pictures are
    /// drawn in; of characters, the plain one and the hands.
    pub fn classes(self) -> usize {
        match self {
            DataSet::Fashion | DataSet::Digits => 10,
            DataSet::Emoji => 4,
            DataSet::Pixel | DataSet::Faces => 5,
            DataSet::Brush => 7,
            DataSet::Photos | DataSet::Poems | DataSet::Plays => 0,
        }
    }

    /// Shape of its pictures, as nets are shown them; [`Shape::NONE`] for text.
    pub fn shape(self) -> Shape {
        if self == DataSet::Brush {
            Shape::BRUSH
        } else if self.modality() == Modality::Text {
            Shape::NONE
        } else if self.captioned() || self == DataSet::Photos {
            Shape::COLOUR
        } else {
            Shape::GREY
        }
    }

    /// Whether a mirrored picture is still a picture of its class.
    ///
    /// Mirrored digits are not digits, and sandals, sneakers and ankle boots of
    /// Fashion-MNIST all point to the left.
    pub fn may_flip(self, class: u8) -> bool {
        match self {
            DataSet::Fashion => !matches!(class, 5 | 7 | 9),
            // Arrows, letters, flags and the hand that holds a sword turn too.
            DataSet::Digits | DataSet::Emoji | DataSet::Pixel => false,
            DataSet::Brush | DataSet::Poems | DataSet::Plays => false,
            DataSet::Faces | DataSet::Photos => true,
        }
    }
}

/// What a data set holds and a model makes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Modality {
    /// Square pictures.
    Pictures,
    /// Text, as tokens.
    Text,
}
