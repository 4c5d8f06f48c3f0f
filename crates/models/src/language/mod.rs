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
//!
//! [`Writer`] reads with any of them, and a [`Draft`] is what it writes, one token a
//! turn.

mod cache;
pub(crate) mod check;
mod choice;
mod draft;
mod transformer;
mod writer;

pub use cache::Cache;
pub use transformer::Transformer;
pub use cache::Seen;
pub use choice::{Choice, choose};
pub use draft::{Allowed, Draft, Ending, Turn};
pub use writer::{Memory, Next, Writer, WritingNet};
