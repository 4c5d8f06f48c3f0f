//! What the worker tells the page.

use serde::{Deserialize, Serialize};

use crate::{DataSet, Failure, Figure, Latent, MeasureOrder, ModelCard, RunRecipe};

/// Progress of something that takes a while.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Progress {
    /// How much is done.
    pub done: u64,
    /// Of how much.
    pub total: u64,
}

/// Where the arithmetic is done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum DeviceKind {
    /// burn-flex: the CPU, in this worker's thread.
    Cpu,
    /// WebGPU.
    WebGpu,
}

/// The device in use, as shown to the visitor.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeviceInfo {
    /// Where the arithmetic is done.
    pub kind: DeviceKind,
    /// Name of the adapter, as far as the browser tells.
    pub name: String,
    /// Name of burn's backend.
    pub backend: String,
    /// Whether the adapter is a program rather than a chip.
    pub software: bool,
}

/// One known-answer check of the self-test.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SelfCheck {
    /// Which operation.
    pub name: String,
    /// Largest error against the known answer.
    pub error: f32,
    /// Largest error allowed.
    pub tolerance: f32,
}

/// A model that is ready.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ModelInfo {
    /// Its card.
    pub card: ModelCard,
    /// First eight bytes of the SHA-256 of its file.
    pub weights: [u8; 8],
    /// Whether it can find the latent point of a picture.
    pub encodes: bool,
}

/// Whether a run trains.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum RunState {
    /// Waiting for `Play` or `Step`.
    Paused,
    /// Training.
    Playing,
    /// All epochs are done.
    Finished,
    /// The validation loss stopped falling; the best weights are in place.
    StoppedEarly {
        /// Epoch of the best weights.
        best_epoch: u32,
    },
    /// A loss was no longer a number; the last good weights are in place.
    Diverged {
        /// Step at which it was noticed.
        step: u64,
        /// Step of the weights that were put back.
        restored: u64,
    },
}

/// How a run stands.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RunStatus {
    /// The recipe in force.
    pub recipe: RunRecipe,
    /// Whether it trains.
    pub state: RunState,
    /// Steps taken.
    pub step: u64,
    /// Epochs completed.
    pub epoch: u32,
    /// Steps in an epoch.
    pub steps_per_epoch: u64,
    /// Examples a second over the last moments; 0 while paused.
    pub examples_per_second: f32,
}

/// What was measured in one training step.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct StepFigures {
    /// Which step, from 1.
    pub step: u64,
    /// Name and value, e.g. `("loss", 187.2)`; the names of a family are fixed.
    pub values: Vec<(String, f32)>,
}

/// What a measuring does at the moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum MeasureStage {
    /// The model makes pictures; progress counts them.
    Making,
    /// The judge looks at all pictures; progress counts them.
    Looking,
    /// The figures are computed.
    Comparing,
}

/// What was measured of a model.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Measurement {
    /// What was asked for.
    pub order: MeasureOrder,
    /// Whose pictures the model's were compared with.
    pub data: DataSet,
    /// First eight bytes of the SHA-256 of the judge's file.
    pub judge: [u8; 8],
    /// The figures, each with floor and ceiling where it has them.
    pub figures: Vec<Figure>,
}

/// One near training picture.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Neighbour {
    /// Its number in the packed training split.
    pub index: u32,
    /// Its class.
    pub class: u8,
    /// Euclidean distance over pixels in 0..1.
    pub distance: f32,
}

/// An event and the request it answers, if any.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Reply {
    /// The request; `None` for news of a run.
    pub request: Option<u32>,
    /// What happened.
    pub event: Event,
}

/// What the worker tells the page.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Event {
    /// The worker is there and its device open. The first event of all.
    Ready(DeviceInfo),
    /// A long request is under way.
    Working(Progress),
    /// The self-test is done; it passed if no error is above its tolerance.
    SelfTested {
        /// Every check.
        checks: Vec<SelfCheck>,
    },
    /// The race is run.
    Raced {
        /// Milliseconds for a sheet of 16 by a small convolutional decoder.
        sheet_ms: f32,
        /// Milliseconds for a training step of a small MLP.
        step_ms: f32,
    },
    /// A model is ready.
    ModelLoaded(ModelInfo),
    /// A data set is ready.
    DataLoaded {
        /// Which one.
        data: DataSet,
        /// Examples in the training, validation and test split.
        counts: [u32; 3],
    },
    /// The table of word vectors is ready.
    WordsLoaded {
        /// Words it knows in English.
        english: u32,
        /// And in Chinese.
        chinese: u32,
    },
    /// Pictures are made. Payload: as many, of the model's shape.
    Pictures {
        /// Number of the first, in the order of the request's recipes.
        first: u32,
        /// How many.
        count: u32,
        /// Whether these are the last of the request.
        done: bool,
    },
    /// Pictures of a flow on their way from noise, or a picture whose styles are looked
    /// for; the same ones follow as `Pictures`, or `Projected`. Payload: as many, of the model's shape.
    ///
    /// Those of `Follow` begin with the noise itself, at step 0.
    Preview {
        /// Number of the first, in the order of the request's recipes.
        first: u32,
        /// How many.
        count: u32,
        /// Steps taken.
        step: u16,
        /// Of so many.
        steps: u16,
    },
    /// A picture's latent point is found. Payload: its reconstruction,
    /// `[1, 28, 28]` bytes.
    Encoded {
        /// Its coordinates.
        z: Vec<f32>,
        /// The class that was conditioned on.
        class: Option<u8>,
    },
    /// A picture went through a net from picture to picture. Payload: its bytes,
    /// `[height, width, channels]`.
    Translated {
        /// Pixels across.
        width: u32,
        /// Pixels down.
        height: u32,
        /// As many as those of the picture that came.
        channels: u8,
    },
    /// The styles of a picture are found.
    Projected {
        /// The point of the latent space, [`Latent::Styles`].
        latent: Latent,
        /// How near the picture made of it comes to the one that was given, in decibels
        /// (PSNR).
        psnr: f32,
    },
    /// Pictures went from one domain into another. Payload: their bytes,
    /// `[count, side, side, channels]`.
    Redrawn {
        /// How many.
        count: u32,
    },
    /// The nearest training pictures, nearest first. Payload: as many, of the
    /// data's shape.
    Nearest {
        /// What was found.
        found: Vec<Neighbour>,
        /// Among how many training pictures.
        among: u32,
    },
    /// The net that pictures of a data set are measured with is ready.
    JudgeLoaded {
        /// Of which data.
        data: DataSet,
        /// First eight bytes of the SHA-256 of its file.
        hash: [u8; 8],
    },
    /// A model is being measured.
    Measuring {
        /// What is done.
        stage: MeasureStage,
        /// How far that is.
        progress: Progress,
    },
    /// A model is measured.
    Measured(Measurement),
    /// How the run stands.
    Run(RunStatus),
    /// Steps were taken; a few at a time.
    Steps {
        /// In order.
        steps: Vec<StepFigures>,
    },
    /// Samples from the run's fixed noise. Payload: as many, of the model's shape.
    Filmstrip {
        /// Step they were made at.
        step: u64,
        /// How many.
        count: u32,
    },
    /// An epoch ended and the validation split was measured.
    Validated {
        /// Step it was measured at.
        step: u64,
        /// Name and value.
        values: Vec<(String, f32)>,
    },
    /// A weights file is written. Payload: the file.
    Exported {
        /// Its card.
        card: ModelCard,
    },
    /// A run is written whole. Payload: the file.
    Snapshot {
        /// How it stands.
        status: RunStatus,
    },
    /// The request was cancelled.
    Cancelled,
    /// The request is done and there is nothing else to say.
    Done,
    /// The device is gone; the worker is of no further use.
    DeviceLost {
        /// The browser's words.
        reason: String,
    },
    /// Something went wrong.
    Failed(Failure),
}
