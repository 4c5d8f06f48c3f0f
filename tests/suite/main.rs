//! The studio and the desk, driven by their commands, as the page drives them in
//! workers.
//!
//! Every test here talks to a [`Studio`](lampwork_studio::Studio) and to nothing
//! behind it. Its clock ticks by calls ([`talk::Talk`]), so that what it says,
//! and when, is the same on every machine and can be compared with a golden
//! text; run with `UPDATE_EXPECT=1` to write those texts anew. Losses are never
//! in a golden: the last bit of a sum differs between processors.

mod bad_input;

mod desk;
mod devices;
mod files;
mod measures;
mod pictures;

mod redraw;
mod runs;
mod starts;
mod steering;
mod styles;
mod talk;
mod trainer;
mod translate;
mod words;
