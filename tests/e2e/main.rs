//! The site in a real Chromium, driven through chromedriver.
//!
//! Needs the folder that `cargo xtask dist` makes, in `LAMPWORK_DIST`; `cargo
//! xtask test` makes it and sets that. Without it every test fails on a CI
//! machine and says that it was left out on any other.
//!
//! The site is served from a sub-path, with the headers that `deploy/` sends, to
//! a browser that can reach nothing but this machine. Whatever a test looks at,
//! it also fails on any error in the browser's console ([`page::visit`]).

mod accessibility;
mod axe;
mod browser;
mod compare;
mod explain;
mod keep;
mod later;
mod links;
mod measures;
mod page;
mod pictures;
mod pictures_brush;
mod pictures_edit;
mod pictures_improve;
mod pictures_motion;
mod pictures_restyle;
mod pictures_traits;
mod said;
mod server;
mod shell;
mod shipped;
mod start;
mod webdriver;
mod webgpu;
mod worded;
mod words_filter;
mod words_inside;
mod words_poem;
mod words_teach;
mod words_together;
mod words_walk;
mod workbench;
mod workers;
