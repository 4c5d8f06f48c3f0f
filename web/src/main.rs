//! Lampwork's page.
//!
//! The page holds no model and no tensor: it asks a worker by
//! [`lampwork_protocol::Command`] and shows what comes back. `web/README.md` has
//! the map.

mod app;
mod browser;
mod device;
mod explain;
mod failure;
mod files;
mod i18n;
mod later;
mod library;
mod link;
mod measures;
mod pictures;
mod route;
mod shell;
mod theme;
mod words;
mod workbench;

fn main() {
    console_error_panic_hook::set_once();
    leptos::mount::mount_to_body(app::App);
}
