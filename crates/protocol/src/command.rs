//! What the page asks of the worker.

use serde::{Deserialize, Serialize};

use crate::{DataSet, ModelCard, Recipe, RedrawOrder, RunRecipe, Sampling};

/// Number that ties an [`crate::Event`] to the request it answers.
pub type RequestId = u32;

/// A command with its number.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Request {
    /// Chosen by the page; never reused within a worker's life.
    pub id: RequestId,
    /// What is asked.
    pub command: Command,
}

/// Which device the visitor wants.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum DeviceChoice {
    /// Whichever wins a short race; a software adapter never does.
    #[default]
    Auto,
    /// The CPU.
    Cpu,
    /// WebGPU, even by a software adapter.
    WebGpu,
}

/// One side of a GAN.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Side {
    /// The generator.
    Generator,
    /// The discriminator.
    Discriminator,
}

/// What is to be measured, and how: the same order gives the same figures.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct MeasureOrder {
    /// Name of the model.
    pub model: String,
    /// Hash of its weights, as in [`Recipe::weights`].
    pub weights: [u8; 8],
    /// Pictures on each side of a comparison, [`MeasureOrder::FEWEST`] to
    /// [`MeasureOrder::MOST`]; at most as many as the test split has.
    pub count: u32,
    /// Seed of the draws, and of the choice of real pictures.
    pub seed: u64,
    /// How a flow makes them, as in [`Recipe::sampling`].
    #[serde(default)]
    pub sampling: Option<Sampling>,
}

impl MeasureOrder {
    /// Fewest pictures on each side.
    pub const FEWEST: u32 = 16;

    /// Most pictures on each side: all pairs of them are compared.
    pub const MOST: u32 = 1000;
}

/// What is sent through a net from picture to picture, and how often: the same order of
/// the same bytes gives the same picture.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TranslateOrder {
    /// Name of the model.
    pub model: String,
    /// Hash of its weights, as in [`Recipe::weights`].
    pub weights: [u8; 8],
    /// Pixels across, at most [`TranslateOrder::MOST_SIDE`].
    pub width: u32,
    /// Pixels down, at most as many.
    pub height: u32,
    /// 1 for grey, 3 for red, green and blue, 4 with opacity after them. What is
    /// transparent is shown to the net on white.
    pub channels: u8,
    /// Times in a row, 1 to [`TranslateOrder::MOST_TIMES`]: a net that doubles makes
    /// four pixels of one by two.
    pub times: u8,
    /// Weights of the styles of a net that restyles, in their order, each from 0 on,
    /// that sum to one; none for any other net.
    #[serde(default)]
    pub styles: Vec<f32>,
}

impl TranslateOrder {
    /// Most pixels on a side of what comes.
    pub const MOST_SIDE: u32 = 1024;

    /// Most pixels on a side of what is made.
    pub const MOST_MADE: u32 = 2048;

    /// Most times in a row.
    pub const MOST_TIMES: u8 = 4;
}

/// A picture whose styles are looked for: the same order of the same picture finds the
/// same ones, to the rounding of a device's arithmetic.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProjectOrder {
    /// Name of a style-based model.
    pub model: String,
    /// Hash of its weights, as in [`Recipe::weights`].
    pub weights: [u8; 8],
    /// Steps along the gradient, [`ProjectOrder::FEWEST`] to [`ProjectOrder::MOST`].
    pub steps: u16,
    /// Seed of the noise that the layers add to the picture.
    pub grain: u64,
}

impl ProjectOrder {
    /// Fewest steps.
    pub const FEWEST: u16 = 1;

    /// Most steps.
    pub const MOST: u16 = 1000;

    /// Steps where nobody asks for another number.
    pub const USUAL: u16 = 200;
}

/// What the page asks of the worker.
///
/// Each is answered by at least one [`crate::Event`] that carries its
/// [`RequestId`]; the last of them is named in the variant's text.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Command {
    /// Compute known answers on the device and compare; ends with `SelfTested`.
    SelfTest,
    /// Time a sheet and a training step; ends with `Raced`.
    Race,
    /// Make a model ready to sample. Payload: its safetensors file. Ends with
    /// `ModelLoaded`.
    LoadModel {
        /// Its card; `None` for a file the visitor dropped, whose card is read
        /// from its metadata and which becomes the model `yours`.
        card: Option<ModelCard>,
    },
    /// Keep a data set for training and for nearest neighbours. Payload: its
    /// packed safetensors file. Ends with `DataLoaded`.
    LoadData {
        /// Which one.
        data: DataSet,
    },
    /// Keep the table of word vectors, by which models with words are told what to
    /// make. Payload: its safetensors file. Ends with `WordsLoaded`.
    LoadWords,
    /// Make pictures; `Pictures` events stream in order, the last has `done`. Of a
    /// flow, `Preview` events show them on their way.
    Make {
        /// One recipe a picture; all of one model.
        recipes: Vec<Recipe>,
    },
    /// Make one picture of a flow and show every step of it: a `Preview` of the noise,
    /// at step 0, and of each step but the last, then `Pictures`.
    Follow {
        /// How the picture is made.
        recipe: Recipe,
    },
    /// Find the latent point of a picture. Payload: `[1, 28, 28]` bytes. Ends
    /// with `Encoded`.
    Encode {
        /// A VAE that is loaded.
        model: String,
        /// Class to condition on; `None` takes the one with the best bound.
        class: Option<u8>,
    },
    /// Find the training pictures nearest to one (Euclidean, in pixels).
    /// Payload: one picture of the data's shape. Ends with `Nearest`.
    FindNearest {
        /// Among which data; must be loaded.
        data: DataSet,
        /// How many.
        count: usize,
    },
    /// Send a picture of any size through a net from picture to picture. Payload: its
    /// bytes, `[height, width, channels]`. `Working` events tell how far it is; ends
    /// with `Translated`.
    Translate {
        /// What is asked of which net.
        order: TranslateOrder,
    },
    /// Find the styles by which a style-based model makes a picture that is near to one
    /// that is given (Karras 2020). Payload: the picture, of the model's shape.
    /// `Working` and `Preview` events tell how far it is; ends with `Projected`.
    Project {
        /// Of which model, and how.
        order: ProjectOrder,
    },
    /// Send pictures from one of a model's two domains into the other. Payload: their
    /// bytes, `[count, side, side, channels]`. `Working` events tell how far it is; ends
    /// with `Redrawn`.
    Redraw {
        /// What is asked of which nets.
        order: RedrawOrder,
    },
    /// Keep the net that pictures of a data set are measured with. Payload: its
    /// safetensors file. Ends with `JudgeLoaded`.
    LoadJudge {
        /// Of which data.
        data: DataSet,
    },
    /// Measure a model against real pictures; its data and the data's judge must be
    /// loaded. `Measuring` events tell how far it is; ends with `Measured`.
    Measure {
        /// Of what, and how.
        order: MeasureOrder,
    },
    /// Set up a run, paused at step 0, in place of the one before. Ends with `Run`.
    StartRun {
        /// How it is trained; its data must be loaded.
        recipe: RunRecipe,
    },
    /// Train until paused. Ends with `Run`; `Steps`, `Filmstrip` and `Validated`
    /// follow without a request's number.
    Play,
    /// Stop after the slice under way. Ends with `Run`.
    Pause,
    /// Train this many steps, then pause. Ends with `Run`.
    Step {
        /// How many.
        steps: u32,
    },
    /// Train one side of a GAN alone for this many steps, then pause. Ends with
    /// `Run`.
    StepSide {
        /// Which side.
        side: Side,
        /// How many.
        steps: u32,
    },
    /// Back to step 0 with the same recipe. Ends with `Run`.
    ResetRun,
    /// Change knobs of the run under way. Ends with `Run`, or with
    /// [`crate::Failure::NeedsReset`] where the change alters the net's shape.
    ChangeKnobs {
        /// The recipe as it should be from now on.
        recipe: RunRecipe,
    },
    /// Make the run's weights, as they are now, the model `yours`. Ends with
    /// `ModelLoaded`.
    UseRun,
    /// Write the run's weights to a file. Ends with `Exported`.
    ExportRun,
    /// Write the run whole, optimizer and all, so that it can go on in another
    /// worker. Ends with `Snapshot`.
    Snapshot,
    /// Go on with a run from a snapshot or from a weights file of the same net.
    /// Payload: the file. Ends with `Run`.
    RestoreRun {
        /// How it is trained.
        recipe: RunRecipe,
    },
    /// Give up a request that is under way; what it made so far stays. Ends with
    /// `Cancelled` for that request, and `Done` for this one.
    Cancel {
        /// Which one.
        request: RequestId,
    },
}
