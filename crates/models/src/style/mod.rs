//! Style-based generative adversarial network.
//!
//! A mapping net makes a style of noise, and the style scales the channels of every
//! layer of a generator that begins with a constant. So the space of styles need not
//! be shaped as the noise is, directions in it change one thing at a time, and layers
//! may be given the styles of different pictures.
//!
//! Karras, Laine and Aila, arXiv 1812.04948: the mapping net, mixing, noise in every
//! layer, truncation. Karras and others, arXiv 1912.04958: modulated convolutions,
//! pictures as a sum over resolutions, projection. Härkönen 2020, arXiv 2004.02546:
//! principal components of the styles as directions.
//!
//! What keeps training steady there is a price on the discriminator's gradient (R1,
//! Mescheder 2018, arXiv 1801.04406), whose own gradient is a second derivative, and
//! burn differentiates once. Here it is measured by a finite difference
//! ([`discriminator_loss`]); besides that there are differentiable augmentation (Zhao
//! 2020, arXiv 2006.10738), which the small sets of pictures need, and an average of
//! the generator's weights. For the same reason there is no price on the length of
//! paths (Karras 2020).

mod even;
mod judge;
mod mix;
mod net;
#[cfg(test)]
mod net_tests;
mod project;
mod train;

pub use judge::{Discriminator, TOGETHER};
pub use mix::{Mix, grains, mean, styles};
pub use net::{Generator, SIDES, as_planes, as_rows, grain};
pub use project::{Found, Projecting};
pub use train::{discriminator_loss, generator_loss, made};
