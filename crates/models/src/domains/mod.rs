//! From one set of pictures to another.
//!
//! Two nets go between two domains, there and back, and learn by pictures that do not
//! belong together: what was made should pass for one of its domain, and what went there
//! and back should be what it was. Where there are pairs, one net learns by those.
//!
//! Zhu, Park, Isola and Efros, "Unpaired Image-to-Image Translation using
//! Cycle-Consistent Adversarial Networks", arXiv 1703.10593; Isola, Zhu, Zhou and Efros,
//! "Image-to-Image Translation with Conditional Adversarial Networks", arXiv 1611.07004:
//! a critic that judges pieces, and learning by pairs. Mao and others, arXiv 1611.04076:
//! the critic's least squares. Chu, Zhmoginov and Sandler, "CycleGAN, a Master of
//! Steganography", arXiv 1712.02950: nets hide what they will need on the way back where
//! nobody sees it, so noise is laid over it here. Fogel and others, "ScrabbleGAN", arXiv
//! 2003.10557: a reader keeps what is written legible. One net writes several hands by
//! instance normalisation of their own (Dumoulin 2017, arXiv 1610.07629), and one critic
//! has a verdict for each (Choi 2020, "StarGAN v2", arXiv 1912.01865), to which real
//! pictures of another hand are as good as made (Reed 2016, arXiv 1605.05396).

mod net;
mod redraw;
mod train;

pub use net::{Critic, Critics, Nets};
pub use redraw::Redrawing;
pub use train::{Losses, critic_loss, fooled, losses, told_apart, view};
