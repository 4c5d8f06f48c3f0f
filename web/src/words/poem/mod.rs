//! Chinese verse by form, first words, theme and mood.

mod check;
mod knobs;
mod line;
mod memory;
mod poet;
mod reading;
mod rework;
mod sheet;
mod source;
mod verse;
mod view;
mod wish;
mod wishes;

pub use self::view::PoemTool;
