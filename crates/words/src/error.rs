//! What can be wrong with a table of words.

/// Why a table cannot be read or made.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum WordsError {
    /// The file is larger than any table of ours.
    #[error("the file is too large: {bytes} bytes, and at most {limit} are read")]
    TooLarge {
        /// Its size.
        bytes: usize,
        /// What is read.
        limit: usize,
    },
    /// The file is not a safetensors file.
    #[error("not a safetensors file: {0}; fetch the table anew")]
    Safetensors(String),
    /// The file does not hold the tensors of a table.
    #[error("{0}; fetch the table anew, or make it with crates/words/make/table.py")]
    Tensors(String),
    /// The words cannot be used.
    #[error(
        "the list of words cannot be used: {0}; fetch the table anew, or make it with crates/words/make/table.py"
    )]
    Words(String),
    /// The card is missing or cannot be read.
    #[error(
        "the table's card cannot be read: {0}; fetch the table anew, or make it with crates/words/make/table.py"
    )]
    Card(String),
    /// The contents are not the ones that the card was written for.
    #[error("the contents do not match the card's checksum; fetch the table anew")]
    Checksum,
}
