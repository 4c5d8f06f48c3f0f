//! What went wrong, in words a visitor can act on.

use serde::{Deserialize, Serialize};

/// What went wrong.
///
/// `Display` says what happened, [`Failure::hint`] what to do next, both in
/// English; the page says the same in the visitor's language by variant.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, thiserror::Error)]
pub enum Failure {
    /// A weights file could not be read.
    #[error("this weights file cannot be read: {reason}")]
    BadWeights {
        /// What is wrong with it.
        reason: String,
    },
    /// A weights file is of another net than asked for.
    #[error("these weights are for another net: {reason}")]
    WrongNet {
        /// What differs.
        reason: String,
    },
    /// A file is larger than is taken.
    #[error("the file is too large: {bytes} bytes, and at most {limit} are taken")]
    TooLarge {
        /// Its size.
        bytes: u64,
        /// What is taken.
        limit: u64,
    },
    /// A data set's file could not be read.
    #[error("this data set cannot be read: {reason}")]
    BadData {
        /// What is wrong with it.
        reason: String,
    },
    /// A link or a PNG's recipe could not be read.
    #[error("this recipe cannot be read: {reason}")]
    BadRecipe {
        /// What is wrong with it.
        reason: String,
    },
    /// A link was made by a later version of Lampwork.
    #[error("this recipe is of version {found}, and this page reads up to {known}")]
    NewerRecipe {
        /// Version in the link.
        found: u32,
        /// Newest version known.
        known: u32,
    },
    /// The recipe was made with other weights than are loaded.
    #[error("this recipe was made with other weights of {model}")]
    OtherWeights {
        /// The model.
        model: String,
    },
    /// A model is asked for that is not loaded.
    #[error("the model {model} is not loaded")]
    NoModel {
        /// Its name.
        model: String,
    },
    /// A data set is asked for that is not loaded.
    #[error("the data set {data} is not loaded")]
    NoData {
        /// Its name.
        data: String,
    },
    /// Words are said and the table of word vectors is not loaded.
    #[error("the table of words is not loaded")]
    NoWords,
    /// The table of word vectors could not be read.
    #[error("the table of words cannot be read: {reason}")]
    BadWords {
        /// What is wrong with it.
        reason: String,
    },
    /// There is no net that pictures of this data set are measured with, or it is not
    /// loaded.
    #[error("there is no net to measure {data} with")]
    NoJudge {
        /// Name of the data set.
        data: String,
    },
    /// The net that measures could not be read.
    #[error("the net that measures cannot be read: {reason}")]
    BadJudge {
        /// What is wrong with it.
        reason: String,
    },
    /// A figure cannot be computed of what the model makes.
    #[error("this model cannot be measured: {reason}")]
    CannotMeasure {
        /// Why not.
        reason: String,
    },
    /// No word of what is said is known.
    #[error("no word of \"{words}\" is known")]
    UnknownWords {
        /// What was said.
        words: String,
    },
    /// A text file cannot be read.
    #[error("this text cannot be read: {reason}")]
    BadText {
        /// What is wrong with it.
        reason: String,
    },
    /// A text is too short for what is asked.
    #[error("this text is too short: {reason}")]
    ShortText {
        /// What would do.
        reason: String,
    },
    /// The visitor's own text is asked for, and none was opened.
    #[error("no text of your own is open")]
    NoText,
    /// The table of readings is asked for and not loaded.
    #[error("the table of readings is not loaded")]
    NoReadings,
    /// What was learned on top of a model is asked for and not loaded.
    #[error("what this recipe's model learned besides is not loaded")]
    NoAdapter,
    /// There is no run.
    #[error("no run is set up")]
    NoRun,
    /// The model cannot do what is asked.
    #[error("{model} cannot do this: {reason}")]
    CannotDo {
        /// The model.
        model: String,
        /// Why not.
        reason: String,
    },
    /// A knob is out of range.
    #[error("{knob} is out of range: {reason}")]
    BadKnob {
        /// Its name.
        knob: String,
        /// What would do.
        reason: String,
    },
    /// The change needs the run to start over.
    #[error("changing {knob} alters the net, so the run must start over")]
    NeedsReset {
        /// What was changed.
        knob: String,
    },
    /// No device of the kind can be opened.
    #[error("{device} cannot be used: {reason}")]
    NoDevice {
        /// Which one.
        device: String,
        /// Why not.
        reason: String,
    },
    /// The device gave wrong answers.
    #[error("{device} gives wrong answers: {reason}")]
    WrongAnswers {
        /// Which one.
        device: String,
        /// What was wrong.
        reason: String,
    },
    /// The device is out of memory.
    #[error("the device is out of memory")]
    OutOfMemory,
    /// A fault of Lampwork's own.
    #[error("something broke inside Lampwork: {reason}")]
    Internal {
        /// What is known of it.
        reason: String,
    },
}

impl Failure {
    /// What to do next.
    pub fn hint(&self) -> &'static str {
        match self {
            Failure::BadWeights { .. } => {
                "Use a .safetensors file that was downloaded here or written by `train`; if it was, download it again, as it may be cut short."
            }
            Failure::WrongNet { .. } => {
                "Choose the family, net and sizes that the file was trained with, or load it in Pictures, which reads them from the file."
            }
            Failure::TooLarge { .. } => "Choose a smaller file.",
            Failure::BadData { .. } => {
                "Reload the page; if that does not help, the site's copy is damaged."
            }
            Failure::BadRecipe { .. } => {
                "Ask for the link again, whole, or use a PNG that was saved here."
            }
            Failure::NewerRecipe { .. } => "Reload the page to get the newest version.",
            Failure::OtherWeights { .. } => {
                "Load the weights that it was made with, or make it anew with these: it will look different."
            }
            Failure::NoModel { .. } => "Load the model first.",
            Failure::NoData { .. } => "Wait until the data set is there, or reload the page.",
            Failure::NoWords => "Wait until the table of words is there, or reload the page.",
            Failure::BadWords { .. } => {
                "Reload the page; if that does not help, the site's copy is damaged."
            }
            Failure::NoJudge { .. } => {
                "Measure a model of another data set; the figures of shipped models are in Measures."
            }
            Failure::BadJudge { .. } => {
                "Reload the page; if that does not help, the site's copy is damaged."
            }
            Failure::CannotMeasure { .. } => {
                "Take another seed or more pictures; a model whose pictures are no numbers is broken, so train it anew."
            }
            Failure::UnknownWords { .. } => {
                "Say it in other words, in English or Chinese; the names of things do best."
            }
            Failure::BadText { .. } => {
                "Save it as plain text in UTF-8, GB 18030 or UTF-16, and open it again."
            }
            Failure::ShortText { .. } => "Add more of it, or join several texts into one.",
            Failure::NoText => "Open a text file, or paste a text.",
            Failure::NoReadings => "Wait until the table of readings is there, or reload the page.",
            Failure::NoAdapter => "Load its adapter file first, or write without it.",
            Failure::NoRun => "Set one up in the Workbench.",
            Failure::CannotDo { .. } => "Choose another model.",
            Failure::BadKnob { .. } => "Change it and try again.",
            Failure::NeedsReset { .. } => {
                "Press Reset to start over with the new knobs, or put it back."
            }
            Failure::NoDevice { .. } => "Lampwork goes on with the CPU.",
            Failure::WrongAnswers { .. } => {
                "Lampwork goes on with the CPU; updating the browser or the graphics driver may help."
            }
            Failure::OutOfMemory => {
                "Choose a smaller batch or net, or close other tabs; the run is kept."
            }
            Failure::Internal { .. } => {
                "Reload the page; your recipes and downloaded weights are still good."
            }
        }
    }
}
