//! What can be wrong with a data set.

use lampwork_protocol::Failure;

/// What is wrong with a data set or with the files it is made of.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum DataError {
    /// The file is larger than any data set of ours.
    #[error("the file is too large: {bytes} bytes, and at most {limit} are read")]
    TooLarge {
        /// Its size.
        bytes: u64,
        /// What is read.
        limit: u64,
    },
    /// An IDX file is not one, or is cut short.
    #[error("not a whole IDX file: {0}")]
    Idx(String),
    /// A file of digits does not hold what the package `mnist` says it does.
    #[error("not a file of digits: {0}")]
    Digits(String),
    /// There are not as many labels as pictures.
    #[error("{pictures} pictures but {labels} labels; take both files from the same package")]
    Counts {
        /// Number of pictures.
        pictures: usize,
        /// Number of labels.
        labels: usize,
    },
    /// A label is not a class.
    #[error("label {label} of example {index} is none of the {classes} classes")]
    Label {
        /// Which example.
        index: usize,
        /// Its label.
        label: u8,
        /// How many classes there are.
        classes: usize,
    },
    /// A split cannot be made as large as asked for.
    #[error("{wanted} examples are wanted {of}, and there are {found}")]
    TooFew {
        /// What they are wanted for.
        of: String,
        /// How many are wanted.
        wanted: usize,
        /// How many there are.
        found: usize,
    },
    /// The packed file is not a safetensors file.
    #[error("not a safetensors file: {0}")]
    Safetensors(String),
    /// The packed file does not hold the tensors of a data set.
    #[error("{0}; pack the data anew with `cargo xtask data`")]
    Tensors(String),
    /// The card is missing or cannot be read.
    #[error("the data set's card cannot be read: {0}; pack the data anew with `cargo xtask data`")]
    Card(String),
    /// A table of concepts or styles is missing, cannot be read, or contradicts
    /// the pictures.
    #[error(
        "the data set's captions cannot be used: {0}; pack the data anew with `cargo xtask data`"
    )]
    Captions(String),
    /// Another data set than asked for.
    #[error("this is the data set {found}, and {wanted} was asked for")]
    OtherData {
        /// Which was asked for.
        wanted: &'static str,
        /// Which it is.
        found: &'static str,
    },
    /// The contents are not the ones that the card was written for.
    #[error("the contents do not match the card's checksum; fetch or pack the file anew")]
    Checksum,
}

impl From<DataError> for Failure {
    fn from(error: DataError) -> Self {
        match error {
            DataError::TooLarge { bytes, limit } => Failure::TooLarge { bytes, limit },
            other => Failure::BadData {
                reason: other.to_string(),
            },
        }
    }
}
