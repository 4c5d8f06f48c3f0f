//! Words for what pictures show, in English and Chinese.

mod faces;
mod tiles;

pub use faces::face;
pub use tiles::{FOLDERS, tile};

/// The same word in both languages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Word {
    /// In English.
    pub en: String,
    /// In Chinese.
    pub zh: String,
}

impl Word {
    fn new(en: &str, zh: &str) -> Self {
        Self {
            en: en.to_owned(),
            zh: zh.to_owned(),
        }
    }
}
