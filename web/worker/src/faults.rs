//! Faults that no `Result` carries: panics, and what the graphics stack logs.

use std::cell::Cell;

use lampwork_protocol::Event;
use log::{Level, LevelFilter, Log, Metadata, Record};
use wasm_bindgen::JsValue;

use crate::tell;

thread_local! {
    /// One word of doom is enough.
    static TOLD: Cell<bool> = const { Cell::new(false) };
}

/// Says once that the worker is of no further use.
fn doom(reason: String) {
    if !TOLD.replace(true) {
        tell(Event::DeviceLost { reason });
    }
}

/// Sends panics to the console and to the page.
///
/// A panic ends a wasm module for good. It is mostly memory that ran out or a
/// device that went away, and the page has what it takes to go on elsewhere.
pub fn watch() {
    std::panic::set_hook(Box::new(|info| {
        console_error_panic_hook::hook(info);
        let reason = match info.payload().downcast_ref::<String>() {
            Some(reason) => reason.clone(),
            None => info
                .payload()
                .downcast_ref::<&str>()
                .map_or_else(|| "a panic".to_owned(), |reason| (*reason).to_owned()),
        };
        doom(reason);
    }));
}

/// Sends log lines to the console, and takes an error as the device's end.
///
/// On the web a shader that fails validation is only logged and its output
/// keeps stale data (cubecl issue 1641), so an error that is only logged is
/// still an error.
pub fn listen() {
    struct Console;
    impl Log for Console {
        fn enabled(&self, metadata: &Metadata) -> bool {
            metadata.level() <= Level::Warn
        }
        fn log(&self, record: &Record) {
            if !self.enabled(record.metadata()) {
                return;
            }
            let line = format!("{}: {}", record.target(), record.args());
            if record.level() == Level::Error {
                web_sys::console::error_1(&JsValue::from_str(&line));
                doom(line);
            } else {
                web_sys::console::warn_1(&JsValue::from_str(&line));
            }
        }
        fn flush(&self) {}
    }
    static CONSOLE: Console = Console;
    if log::set_logger(&CONSOLE).is_ok() {
        log::set_max_level(LevelFilter::Warn);
    }
}
