//! Generative adversarial network.
//!
//! A generator makes pictures of noise, a discriminator tells them from real
//! ones, and each is trained against the other.
//!
//! Goodfellow 2014, arXiv 1406.2661 (the fully connected one); Radford 2015,
//! arXiv 1511.06434 (the DCGAN). The class enters the generator beside the
//! noise and the discriminator by projection (Miyato and Koyama 2018, arXiv
//! 1802.05637). What keeps training steady: spectral normalisation (Miyato
//! 2018), differentiable augmentation (Zhao 2020), and an exponential moving
//! average of the generator's weights (Yaz 2018).

mod net;
mod train;

pub use net::{Discriminator, Generator};
pub use train::{DiscriminatorLoss, discriminator_loss, generator_loss};
