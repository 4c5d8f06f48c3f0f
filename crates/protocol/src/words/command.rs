//! What the page asks of the worker of words.

use serde::{Deserialize, Serialize};

use super::{Adapter, PassageKind, TextPrompt, TextRecipe};
use crate::{DataSet, ModelCard, RequestId, RunRecipe, Tuning};

/// A command with its number.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Request {
    /// Chosen by the page; never reused within a worker's life.
    pub id: RequestId,
    /// What is asked.
    pub command: Command,
}

/// Weights that are loaded.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Base {
    /// Name of the model.
    pub model: String,
    /// First eight bytes of the SHA-256 of its file.
    pub weights: [u8; 8],
    /// What was learned on top of them, if that counts; never for a run, which goes on
    /// from the weights alone.
    #[serde(default)]
    pub adapter: Option<Adapter>,
}

/// What a run learns from.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Source {
    /// The corpus that the recipe names.
    Corpus,
    /// The visitor's own text; the recipe's data says as what kind of text it is read.
    Own {
        /// Share of it that is not learned from but measured on, above 0 and at most
        /// [`Source::MAX_HELD_OUT`].
        held_out: f32,
        /// What kind of text it is, of English.
        of: Option<PassageKind>,
    },
}

impl Source {
    /// Largest share that is held out.
    pub const MAX_HELD_OUT: f32 = 0.5;
}

/// A training run of words.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RunOrder {
    /// How it is trained. Its vocabulary may be 0 for that of what it learns from.
    pub recipe: RunRecipe,
    /// What it learns from.
    pub source: Source,
    /// Weights that it goes on from; their tokens are its tokens. `None` draws new
    /// ones. Going on from weights on one's own text is fine-tuning.
    pub base: Option<Base>,
    /// What of those weights moves; without any, everything does.
    pub tuning: Tuning,
    /// Name of the adapter that it makes, of at most [`TextRecipe::MAX_NAME`] bytes;
    /// `yours` where there is none.
    #[serde(default)]
    pub name: Option<String>,
}

/// What the page asks of the worker of words.
///
/// Each is answered by at least one [`super::Event`] that carries its [`RequestId`];
/// the last of them is named in the variant's text.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Command {
    /// Compute known answers on the device and compare; ends with `SelfTested`.
    SelfTest,
    /// Make a model ready to write. Payload: its safetensors file, with the tokenizer
    /// in its metadata. Ends with `ModelLoaded`.
    LoadModel {
        /// Its card; `None` for a file the visitor dropped, whose card is read from its
        /// metadata and which becomes the model `yours`.
        card: Option<ModelCard>,
    },
    /// Keep what was learned on top of a model. Payload: its file. Ends with
    /// `AdapterLoaded`; how strong it is, each recipe says.
    LoadAdapter,
    /// Keep the table of readings, by which forms of verse are checked and kept.
    /// Payload: its file. Ends with `ReadingsLoaded`.
    LoadReadings,
    /// Keep a corpus for training and for finding copies. Payload: its packed file.
    /// Ends with `CorpusLoaded`.
    LoadCorpus {
        /// Which one.
        data: DataSet,
    },
    /// Keep the visitor's own text, in place of the one before. Payload: its bytes, in
    /// UTF-8 or UTF-16 ([`super::charset`]). Ends with `TextOpened`.
    OpenText,
    /// Write texts. `Wrote` events stream in order, the last has `done`.
    ///
    /// Neighbouring recipes that differ in their index alone are written side by side.
    /// With an `after` in their prompt they fill in what is missing.
    Write {
        /// One recipe a text.
        recipes: Vec<TextRecipe>,
        /// How many of the likeliest tokens are told with each, at most
        /// [`super::MAX_SHOWN`]; `None` tells nothing of the odds.
        shown: Option<u8>,
    },
    /// What may come next, and what the model would go on with. Ends with `Foretold`.
    Next {
        /// By which model.
        base: Base,
        /// After what.
        prompt: TextPrompt,
        /// How many of the likeliest tokens, at most [`super::MAX_SHOWN`].
        shown: u8,
        /// Tokens of the continuation, the likeliest one each; at most
        /// [`Command::MAX_GHOST`].
        ghost: u8,
    },
    /// Let a model read a text. `ReadOn` events stream, one a token; ends with
    /// `ReadThrough`.
    Read {
        /// By which model.
        base: Base,
        /// What, as `before`: all of it that the model sees at once.
        prompt: TextPrompt,
        /// Whether it is told what each token looks at.
        attention: bool,
        /// How many of the likeliest tokens are told at each place.
        shown: u8,
    },
    /// Go from one sentence to another through the latent space of a text VAE (Bowman
    /// 2016). Ends with `Walked`.
    Walk {
        /// By which model.
        base: Base,
        /// From here.
        a: TextPrompt,
        /// To there.
        b: TextPrompt,
        /// Sentences, both ends among them: 2 to [`Command::MAX_STEPS`].
        steps: u8,
    },
    /// The main sentences of a text, by `TextRank` (Mihalcea 2004). Ends with
    /// `Summarised`.
    Extract {
        /// The text, of at most [`super::MAX_FILE`] bytes.
        text: String,
        /// How many sentences.
        sentences: u32,
    },
    /// A summary of a text by a model: the sentences that tell it most of the others, and
    /// lines that it would have come before the text. `Weighed` events stream; ends with
    /// `Weighted`.
    Summarise {
        /// By which model, of English.
        base: Base,
        /// The text, of at most [`super::MAX_FILE`] bytes.
        text: String,
        /// How many sentences, and how many lines.
        sentences: u32,
    },
    /// Whether lines keep a form; the table of readings must be loaded. Ends with
    /// `FormChecked`.
    CheckForm {
        /// Which form: one of [`super::FORMS`], or a tune.
        form: String,
        /// The lines, without marks.
        lines: Vec<String>,
    },
    /// A text of traditional characters in simplified ones, by the table of readings,
    /// which must be loaded. Ends with `Simplified`.
    Simplify {
        /// The text, of at most [`super::MAX_FILE`] bytes.
        text: String,
    },
    /// What somebody typed in the characters that a model of poems has: simplified ones
    /// become traditional by the table of readings, which must be loaded, Western marks
    /// become Chinese ones, and blanks go. Ends with `Spelled`.
    Spell {
        /// By the vocabulary of which model.
        base: Base,
        /// The text, of at most [`TextRecipe::MAX_PROMPT`] bytes.
        text: String,
    },
    /// The longest run of a text that stands in the training split of a corpus as well.
    /// Ends with `SourceFound`.
    FindSource {
        /// Which corpus; must be loaded.
        data: DataSet,
        /// The text, of at most [`super::MAX_FILE`] bytes.
        text: String,
    },
    /// Set up a run, paused at step 0, in place of the one before. Ends with `Run`; for
    /// one that goes on from weights, `Validated` says before it how good they are.
    StartRun {
        /// Which.
        order: RunOrder,
    },
    /// Train until paused. Ends with `Run`; `Steps`, `Sample` and `Validated` follow
    /// without a request's number.
    Play,
    /// Stop after the slice under way. Ends with `Run`.
    Pause,
    /// Train this many steps, then pause. Ends with `Run`.
    Step {
        /// How many.
        steps: u32,
    },
    /// Back to step 0 with the same order. Ends with `Run`.
    ResetRun,
    /// Change knobs of the run under way. Ends with `Run`, or with
    /// [`crate::Failure::NeedsReset`] where the change alters the net.
    ChangeKnobs {
        /// The recipe as it should be from now on.
        recipe: RunRecipe,
    },
    /// Make the run's weights, as they are now, the model `yours`, or keep its adapter.
    /// Ends with `ModelLoaded` or `AdapterLoaded`.
    UseRun,
    /// Write the run's weights, or its adapter, to a file. Ends with `Exported` or
    /// `AdapterExported`.
    ExportRun,
    /// Write the run whole, optimizer and all, so that it can go on in another worker.
    /// Ends with `Snapshot`.
    Snapshot,
    /// Go on with a run from a snapshot. Payload: the file. Ends with `Run`.
    RestoreRun {
        /// How it is trained; its base need not be loaded.
        order: RunOrder,
    },
    /// Give up a request that is under way; what it wrote so far stays. Ends with
    /// `Cancelled` for that request, and `Done` for this one.
    Cancel {
        /// Which one.
        request: RequestId,
    },
}

impl Command {
    /// Most tokens of a continuation that is only hinted at.
    pub const MAX_GHOST: u8 = 64;

    /// Most sentences of a walk.
    pub const MAX_STEPS: u8 = 32;

    /// Most lines whose form is checked.
    pub const MAX_LINES: usize = 256;
}
