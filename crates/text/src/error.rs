//! What can be wrong with text that was packed.

/// What is wrong with a tokenizer, a corpus or a table of readings.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TextError {
    /// The file is larger than any of ours.
    #[error("the file is too large: {bytes} bytes, and at most {limit} are read")]
    TooLarge {
        /// Its size.
        bytes: usize,
        /// What is read.
        limit: usize,
    },
    /// The file is not a safetensors file.
    #[error("not a safetensors file: {0}")]
    Safetensors(String),
    /// The file does not hold the tensors that were looked for.
    #[error("{0}; pack the text anew with `cargo xtask data`")]
    Tensors(String),
    /// The card is missing or cannot be read.
    #[error("the card of the text cannot be read: {0}; pack the text anew with `cargo xtask data`")]
    Card(String),
    /// A tokenizer contradicts itself or lacks a token that is needed.
    #[error("the tokenizer cannot be used: {0}; pack the text anew with `cargo xtask data`")]
    Tokenizer(String),
    /// Documents contradict themselves.
    #[error("the documents cannot be used: {0}; pack the text anew with `cargo xtask data`")]
    Documents(String),
    /// The readings, rhymes or tunes contradict themselves.
    #[error(
        "the table of readings cannot be used: {0}; pack the text anew with `cargo xtask data`"
    )]
    Readings(String),
    /// Another corpus than asked for.
    #[error("this is the corpus {found}, and {wanted} was asked for")]
    OtherCorpus {
        /// Which was asked for.
        wanted: &'static str,
        /// Which it is.
        found: &'static str,
    },
    /// The contents are not the ones that the card was written for.
    #[error("the contents do not match the card's checksum; fetch or pack the file anew")]
    Checksum,
    /// A prompt cannot be said in this vocabulary.
    #[error("{0}")]
    Prompt(String),
}
