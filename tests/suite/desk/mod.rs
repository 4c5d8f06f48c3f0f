//! The desk: writing, reading, and the runs of nets that write.

mod bad_input;
mod runs;
mod spelling;
mod talk;
mod writing;
