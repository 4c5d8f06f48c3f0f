//! How good, how varied and how original made pictures are.
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
//! | does it vary? | [`mean_pairwise_distance`], [`class_entropy`] |
//! | is it what was asked for? | [`agreement`], [`retrieval_ranks`] |
//! | how close is a reconstruction? | [`psnr`], [`ssim`] |
//!
//! Distances between distributions depend on the features and on the number of
//! samples: they compare only with numbers got in the same way. None of them is
//! the "FID" of papers, which is defined by the features of one Inception net.

mod copying;
mod diversity;
mod error;
mod frechet;
mod kernel;
mod manifold;
mod nearest;
mod picture;
mod retrieval;
mod rows;

pub use copying::{Cell, copying_score, copying_test};
pub use diversity::{
    ClassEntropy, agreement, agreement_by_class, class_entropy, mean_pairwise_distance,
};
pub use error::MetricsError;
pub use frechet::{Gaussian, frechet_distance};
pub use kernel::{MeanAndDeviation, kernel_distance, kernel_distance_over_subsets};
pub use manifold::{PrecisionRecall, precision_recall};
pub use nearest::{Nearest, nearest_distances};
pub use picture::{psnr, ssim};
pub use retrieval::retrieval_ranks;
