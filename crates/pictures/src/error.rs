//! Why a PNG cannot be read.

use lampwork_protocol::Failure;

use crate::{MAX_FILE, MAX_SIDE};

/// Why a PNG cannot be read.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum PictureError {
    /// The file is larger than is read.
    #[error("the file is too large: {bytes} bytes, and at most {MAX_FILE} are read")]
    TooLarge {
        /// Its size.
        bytes: u64,
    },
    /// The picture is larger than is read.
    #[error("the picture is {width} x {height}, and at most {MAX_SIDE} x {MAX_SIDE} are read")]
    Dimensions {
        /// Its width.
        width: u32,
        /// Its height.
        height: u32,
    },
    /// The picture is larger than can be used here.
    #[error("the picture is {width} x {height}, and at most {most} x {most} are taken")]
    Larger {
        /// Its width.
        width: usize,
        /// Its height.
        height: usize,
        /// What is taken.
        most: usize,
    },
    /// The file is of another form.
    #[error("it is not a PNG file")]
    NotPng,
    /// The file is of a form in which no recipe is looked for.
    #[error("it is neither a PNG nor a GIF file")]
    NeitherPngNorGif,
    /// The file is a film that the page has recorded.
    #[error("a WebM file has no room for it; a GIF, an APNG or a link has")]
    WebM,
    /// The file is damaged.
    #[error("the GIF is damaged: {0}")]
    DamagedGif(String),
    /// The file is damaged.
    #[error("the PNG is damaged: {0}")]
    Damaged(String),
}

impl From<PictureError> for Failure {
    fn from(error: PictureError) -> Self {
        match error {
            PictureError::TooLarge { bytes } => Failure::TooLarge {
                bytes,
                limit: MAX_FILE as u64,
            },
            other => Failure::BadRecipe {
                reason: other.to_string(),
            },
        }
    }
}
