//! What is kept in the browser, so that a reload loses nothing.

use crate::browser;

const PAGE: &str = "lampwork.together.page";
const TALK: &str = "lampwork.together.talk";
const SUMMARY: &str = "lampwork.together.summary";

/// The page; `None` where nothing was ever written on it.
pub fn page() -> Option<String> {
    browser::kept(PAGE)
}

/// Keeps the page.
pub fn keep_page(text: &str) {
    browser::keep(PAGE, text);
}

/// The conversation, as the plays print one.
pub fn talk() -> Option<String> {
    browser::kept(TALK)
}

/// Keeps the conversation.
pub fn keep_talk(printed: &str) {
    browser::keep(TALK, printed);
}

/// The text that is summed up.
pub fn summary() -> Option<String> {
    browser::kept(SUMMARY)
}

/// Keeps the text that is summed up. One that is too long for the browser is not kept.
pub fn keep_summary(text: &str) {
    browser::keep(SUMMARY, text);
}
