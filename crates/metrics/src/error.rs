//! Why a measure cannot be taken.

/// Why a measure cannot be taken.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum MetricsError {
    /// The values do not divide into rows.
    #[error("{name} has {values} values, which are no rows of {dims}")]
    NotRows {
        /// Which input.
        name: &'static str,
        /// How many values it has.
        values: usize,
        /// Values in a row.
        dims: usize,
    },
    /// There are too few rows for the measure to be defined.
    #[error("{name} has {rows} rows, and this measure takes at least {least}")]
    TooFew {
        /// Which input.
        name: &'static str,
        /// How many rows it has.
        rows: usize,
        /// How many it takes.
        least: usize,
    },
    /// There are too few texts, tokens or n-grams for the measure to be defined.
    #[error("{name} has {count} entries, and this measure takes at least {least}")]
    TooFewTexts {
        /// Which input.
        name: &'static str,
        /// How many entries it has.
        count: usize,
        /// How many it takes.
        least: usize,
    },
    /// A text has more sentences than are ranked.
    #[error("the text has {count} sentences, and at most {most} are ranked; give a part of it")]
    TooManySentences {
        /// How many it has.
        count: usize,
        /// How many are ranked.
        most: usize,
    },
    /// A value is not a finite number.
    #[error("row {row} of {name} has a value that is not a finite number")]
    NotFinite {
        /// Which input.
        name: &'static str,
        /// Which row.
        row: usize,
    },
    /// Two inputs that belong together differ in length.
    #[error(
        "{left} and {right} have {left_count} and {right_count} values, and should have as many"
    )]
    Unequal {
        /// One input.
        left: &'static str,
        /// Its length.
        left_count: usize,
        /// The other.
        right: &'static str,
        /// Its length.
        right_count: usize,
    },
    /// A parameter of the measure is out of range.
    #[error("{name} is {value}, and must be {wanted}")]
    BadParameter {
        /// Which parameter.
        name: &'static str,
        /// Its value.
        value: f64,
        /// What would do.
        wanted: &'static str,
    },
}
