//! The colour data sets: small pictures with captions.

use serde::{Deserialize, Serialize};

/// A set of small colour pictures, each with a caption and a style.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ColourSet {
    /// Emoji, each drawn by up to four hands.
    Emoji,
    /// The tiles of Dungeon Crawl Stone Soup.
    Pixel,
    /// Faces put together by DiceBear from drawn parts.
    Faces,
}

impl ColourSet {
    /// All of them, in the order in which they are shown.
    pub const ALL: [Self; 3] = [Self::Emoji, Self::Pixel, Self::Faces];

    /// Its name in links, files and folders.
    pub fn name(self) -> &'static str {
        match self {
            Self::Emoji => "emoji",
            Self::Pixel => "pixel",
            Self::Faces => "faces",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_what_serde_writes() {
        for data in ColourSet::ALL {
            let json = serde_json::to_string(&data).unwrap();
            assert_eq!(json, format!("\"{}\"", data.name()));
            assert_eq!(serde_json::from_str::<ColourSet>(&json).unwrap(), data);
        }
    }
}
