//! Nets that write.
//!
//! A text is a row of tokens, and a net foretells each from those before it. What it
//! learns from is the mean negative log likelihood of the tokens that count, in nats.
//!
//! - [`Transformer`]: Vaswani and others, "Attention Is All You Need", arXiv
//!   1706.03762, as a decoder alone (Radford 2018), with root mean square
//!   normalisation before each part (Zhang 2019, arXiv 1910.07467), rotary positions
//!   (Su 2021, arXiv 2104.09864), gated units (Shazeer 2020, arXiv 2002.05202) and one
//!   table for tokens in and out (Press 2017, arXiv 1608.05859).
//! - [`Lstm`]: Hochreiter and Schmidhuber, "Long Short-Term Memory", Neural Computation
//!   9(8), 1997, as a language model (Mikolov 2010; Zaremba 2014, arXiv 1409.2329).
//! - [`TextVae`]: Bowman and others, "Generating Sentences from a Continuous Space",
//!   arXiv 1511.06349.
//!
//! A [`Writer`] reads with any of them. A [`Draft`] is what it writes, one token a turn;
//! a [`Beam`] looks for the likeliest text; [`Writer::foretell`] says how well a text
//! was foretold. [`tune`] moves a part of a trained Transformer, or an adapter beside it.

mod beam;
mod cache;
pub(crate) mod check;
mod choice;
mod draft;
mod lstm;
mod memory;
mod told;
mod transformer;
pub mod tune;
mod vae;
mod writer;

pub use beam::{Beam, Found};
pub use cache::{Cache, Seen};
pub use choice::{Choice, choose};
pub use draft::{Allowed, Draft, Ending, Turn};
pub(crate) use lstm::by_time;
pub use lstm::{Lstm, States};
pub use told::Foretold;
pub use transformer::Transformer;
pub use vae::{Sentences, TextVae, TextVaeLoss, between};
pub use writer::{Memory, Next, Writer, WritingNet};
