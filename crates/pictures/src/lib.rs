//! PNG and GIF files: what Lampwork makes, with its recipe inside, and back again.
//!
//! - [`single`] writes one picture with its recipe and the mark that a model
//!   made it; [`sheet`] writes many in rows, [`grid`] those of a grid with the
//!   grid inside, [`filmstrip`] those of a clip.
//! - [`Animation`] writes a clip as GIF or APNG.
//! - [`read_recipe`] takes the recipe out of a file that a visitor drops,
//!   [`read_content`] the recipe, the grid or the clip, and
//!   [`read_picture`] the pixels of any PNG, as a 28 x 28 picture, [`read_whole`] as they
//!   are; [`whole`] writes a picture of any size.
//! - [`outside::look`] tells what any picture file is, and how large, before a
//!   browser unpacks it.
//! - [`scroll::scroll`] writes characters as ink on a scroll, [`glyphs`] reads sheets of
//!   them.
//! - [`nearest`] and [`bicubic`] enlarge a picture without a net.
//!
//! A dropped file may be anything. Its size and dimensions are limited before
//! anything is unpacked, and every fault has a message.
//!
//! ```
//! use lampwork_pictures::{read_picture, read_recipe, single};
//! use lampwork_protocol::{Latent, Recipe, Shape};
//!
//! let recipe = Recipe {
//!     model: "gan-digits".to_owned(),
//!     weights: [0; 8],
//!     latent: Latent::Draw { seed: 1, index: 0, temperature: 1.0, class: Some(3) },
//!     sampling: None,
//!     start: None,
//! };
//! let file = single(&[200; 784], Shape::GREY, 8, Some(&recipe));
//! assert_eq!(read_recipe(&file), Ok(recipe));
//! assert_eq!(read_picture(&file).unwrap(), [200; 784]);
//! ```

mod animation;
mod enlarge;
mod error;
mod gif_metadata;
pub mod glyphs;
mod metadata;
pub mod outside;
mod palette;
mod read;
pub mod scroll;
mod write;

pub use animation::{Animation, Format};
pub use enlarge::{bicubic, nearest};
pub use error::PictureError;
pub use metadata::{MANNER_KEYWORD, RECIPE_KEYWORD, read_content, read_manner, read_recipe};
pub use read::{Whole, read_picture, read_whole};
pub use write::{Frame, MAX_SCALE, filmstrip, grid, grid_size, restyled, sheet, single, whole};

/// Largest file that is read.
pub const MAX_FILE: usize = 8 << 20;

/// Largest file in which a recipe is looked for; clips are larger than pictures, and
/// nothing of them is unpacked.
pub const MAX_CLIP: usize = 64 << 20;

/// Largest width and height of a picture that is read.
pub const MAX_SIDE: u32 = 4096;
