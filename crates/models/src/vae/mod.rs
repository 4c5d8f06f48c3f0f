//! Variational autoencoder.
//!
//! An encoder turns a picture into a normal distribution over a latent space, a
//! decoder turns a point of it back into a picture, and both are trained to
//! raise the evidence lower bound: the likelihood of the picture, less the
//! divergence of the distribution from a standard normal.
//!
//! Kingma and Welling, "Auto-Encoding Variational Bayes", arXiv 1312.6114. With
//! a class given to both nets: Sohn 2015. With a weight on the divergence:
//! Higgins 2017. With that weight rising over the first steps: Bowman 2016. With a
//! prior fitted to each class after the encoder: Ghosh 2020. With that prior bent by
//! affine couplings: Dinh 2017.

mod coupling;
mod net;
mod prior;
mod train;

pub use coupling::Couplings;
pub use net::Vae;
pub use prior::{ClassPrior, Placed};
pub use train::{VaeLoss, beta_at, bound, loss};
