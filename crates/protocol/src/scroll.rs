//! Characters on a scroll.

use serde::{Deserialize, Serialize};

/// A line of characters, written in a hand: enough to have the same scroll again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Scroll {
    /// Name of the model.
    pub model: String,
    /// Hash of its weights, as in [`crate::Recipe::weights`].
    pub weights: [u8; 8],
    /// What is written; breaks between lines are line feeds.
    pub text: String,
    /// In which hand, by the model's number.
    pub hand: u8,
    /// Whether lines go across the paper, from its top; else they go down, from its
    /// right.
    pub across: bool,
    /// Characters of the seal; empty for none.
    pub seal: String,
}

impl Scroll {
    /// Most characters that are written, breaks not counted.
    pub const MOST: usize = 28;

    /// Most characters of a seal.
    pub const MOST_SEAL: usize = 4;

    /// Most bytes of the text that a link may hold.
    pub const MOST_BYTES: usize = 512;
}
