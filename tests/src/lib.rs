//! What the tests of the studio (`suite/`) and of the site (`e2e/`) share: nets
//! and data small enough that a test takes moments.

pub mod data;
pub mod recipes;
pub mod text;
