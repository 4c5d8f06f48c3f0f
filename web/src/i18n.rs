//! The page's words, in English and Chinese; `locales/LANGUAGE/ROOM.json`.
//!
//! `t!(i18n, shell.rooms.pictures)` in a view, `t_string!` for an attribute
//! (inside a closure, so that it follows the language).

#![allow(missing_docs, dead_code, unused_imports, clippy::all)]

include!(concat!(env!("OUT_DIR"), "/i18n.rs"));
pub use self::i18n::*;
