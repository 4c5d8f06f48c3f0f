//! What Lampwork's page and its worker say to each other.
//!
//! Plain values with public fields and serde, nothing else: no burn, no
//! browser, no files. The page, the worker's studio, the native trainer and the
//! tests all speak in these types, so a change here is a change of architecture.
//!
//! - [`Recipe`]: how one picture was made; the share link and a PNG's metadata.
//! - [`Grid`]: pictures side by side that differ in one or two knobs.
//! - [`Motion`]: a clip of pictures that follow each other.
//! - [`RunRecipe`]: how one model is trained; what the Workbench edits.
//! - [`ModelCard`]: what a weights file is; stands beside every one.
//! - [`Command`] and [`Event`]: page to worker, and back. Large arrays travel
//!   beside them as a [`Payload`], never inside.
//! - [`words`]: the same for what writes, which has a worker of its own.
//! - [`Failure`]: what went wrong, and what to do next.

pub mod card;
pub mod command;
pub mod data;
pub mod event;
pub mod failure;
pub mod grid;
pub mod language;
pub mod link;
pub mod manner;
pub mod motion;
pub mod recipe;
pub mod run;
mod shape;
mod start;
pub mod translate;
pub mod words;

pub use card::{Figure, ModelCard};
pub use command::{Command, DeviceChoice, MeasureOrder, Request, RequestId, Side, TranslateOrder};
pub use data::{DataSet, Modality};
pub use event::{
    DeviceInfo, DeviceKind, Event, MeasureStage, Measurement, ModelInfo, Progress, Reply,
    RunStatus, StepFigures,
};
pub use failure::Failure;
pub use grid::{Axis, Grid};
pub use language::{AdapterCard, LstmConfig, TextVaeConfig, TransformerConfig, Tuning, Writing};
pub use manner::Manner;
pub use motion::{Course, Easing, Ends, Motion, Reel, Still};
pub use recipe::{Latent, Recipe, Sampling, Sheet, Solver};
pub use run::{
    Augment, DiffAugment, EarlyStopping, FlowConfig, GanConfig, GanLoss, ModelConfig, NetKind,
    OptimizerConfig, OptimizerKind, RunRecipe, Schedule, Times, VaeConfig,
};
pub use shape::Shape;
pub use start::Start;
pub use translate::{Distance, Edges, Restyle, Source, Spoil, TranslateConfig};

/// Side, in pixels, of a grey picture.
pub const PICTURE_SIDE: usize = 28;

/// Pixels of a grey picture: 28 x 28, one channel.
pub const PICTURE_PIXELS: usize = PICTURE_SIDE * PICTURE_SIDE;

/// Arrays that travel beside a [`Command`] or an [`Event`].
///
/// In the browser each is a transferred `ArrayBuffer`. What they hold is said by
/// the variant they travel with; pictures are `[count, side, side, channels]`
/// bytes of the model's or data set's [`Shape`], 0 for black.
pub type Payload = Vec<Vec<u8>>;
