//! A net that reads characters, by laying those of one kind close together.
//!
//! It has no head with a class for each character: a picture is read as the character of
//! the nearest known picture, so that one can read characters that the net was never
//! taught. A softmax over thousands of classes of half a dozen pictures each learned next
//! to nothing here.
//!
//! Khosla and others, "Supervised Contrastive Learning", arXiv 2004.11362. Characters
//! that look alike are shown together, as those are hard to tell apart (hard negatives:
//! Schroff 2015, arXiv 1503.03832).

mod look;
mod net;
mod panel;
mod teacher;
mod train;

pub use look::{Looks, spoilt};
pub use net::{EMBEDDING, Reader};
pub use panel::Panel;
pub use teacher::Teacher;
pub use train::{ReaderRun, contrastive};
