//! White space as the reference tools, which are written in Python, see it.

/// Whether Python's `str.isspace` holds: Unicode's white space, and the four
/// separators of ASCII.
pub(super) fn is_space(c: char) -> bool {
    c.is_whitespace() || ('\u{1c}'..='\u{1f}').contains(&c)
}

/// The parts between white space, none of them empty, as Python's `str.split`.
pub(super) fn split(text: &str) -> impl Iterator<Item = &str> {
    text.split(is_space).filter(|part| !part.is_empty())
}
