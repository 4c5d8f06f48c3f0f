//! Text as it comes, token by token.

use super::Tokenizer;

/// Tokens to text, one at a time: a character whose bytes have not all come is
/// held back.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Decoder {
    pending: Vec<u8>,
}

impl Decoder {
    /// One that holds nothing back.
    pub fn new() -> Self {
        Self::default()
    }

    /// The text that `token` completes; bytes that can never be a character
    /// become U+FFFD.
    pub fn push(&mut self, tokenizer: &Tokenizer, token: u16) -> String {
        self.pending.extend_from_slice(tokenizer.bytes(token));
        let mut text = String::new();
        let mut done = 0;
        for chunk in self.pending.utf8_chunks() {
            text.push_str(chunk.valid());
            done += chunk.valid().len();
            let broken = chunk.invalid();
            let at_the_end = done + broken.len() == self.pending.len();
            if broken.is_empty() || (at_the_end && may_go_on(broken)) {
                break;
            }
            text.push(char::REPLACEMENT_CHARACTER);
            done += broken.len();
        }
        self.pending.drain(..done);
        text
    }

    /// What is left when no more comes: U+FFFD for an unfinished character.
    pub fn finish(&mut self) -> String {
        let text = String::from_utf8_lossy(&self.pending).into_owned();
        self.pending.clear();
        text
    }
}

/// Whether bytes that are no character are the beginning of one.
fn may_go_on(bytes: &[u8]) -> bool {
    std::str::from_utf8(bytes).is_err_and(|error| error.error_len().is_none())
}
