//! How good, how varied and how original made pictures and texts are.
//!
//! Plain arrays in, numbers out; no burn. Rows lie one after the other in a
//! `&[f32]`, `dims` values each; whether they are pixels or features is the
//! caller's choice, and belongs beside every number that is printed. All sums
//! are in `f64`.
//!
//! | question | measure |
//! |---|---|
//! | do made and real have the same distribution? | [`frechet_distance`], [`kernel_distance`] |
//! | is what is made real, and is all that is real made? | [`precision_recall`] |
//! | is it copied from the training data? | [`nearest_distances`], [`copying_test`] |
//! | does it vary? | [`spread`], [`mean_pairwise_distance`], [`class_entropy`] |
//! | is it what was asked for? | [`agreement`], [`retrieval_ranks`] |
//! | how close is a reconstruction? | [`psnr`], [`ssim`] |
//!
//! Texts are measured by [`text`].
//!
//! What takes long can be computed a piece at a time ([`KernelDistance`],
//! [`Manifold`] and [`Overlap`], [`Spread`]), so that a worker hears its page in
//! between. In the browser nothing is taken from a library of linear algebra, as
//! every visitor would fetch it; the looking for nearest rows is native alone.
//!
//! Distances between distributions depend on the features and on the number of
//! samples: they compare only with numbers got in the same way. None of them is
//! the "FID" of papers, which is defined by the features of one Inception net.

mod copying;
mod diversity;
mod eigen;
mod error;
mod frechet;
mod kernel;
mod manifold;
#[cfg(not(target_family = "wasm"))]
mod nearest;
mod picture;
mod retrieval;
mod rows;
pub mod text;

pub use copying::{Cell, copying_score, copying_test};
pub use diversity::{
    ClassEntropy, Spread, agreement, agreement_by_class, class_entropy, mean_pairwise_distance,
    spread,
};
pub use eigen::{Eigen, symmetric_eigen};
pub use error::MetricsError;
pub use frechet::{Gaussian, frechet_distance};
pub use kernel::{KernelDistance, MeanAndDeviation, kernel_distance, kernel_distance_over_subsets};
pub use manifold::{Manifold, Overlap, PrecisionRecall, precision_recall};
#[cfg(not(target_family = "wasm"))]
pub use nearest::{Nearest, nearest_distances};
pub use picture::{psnr, ssim};
pub use retrieval::retrieval_ranks;
