//! Any bytes as a text file: its encoding told apart, its front matter read within the
//! limits, or refused; and any text as the link of a text.
//!
//! Every input is also taken for the lines of a front matter, and for the bytes of a
//! link with the checksum that belongs to them, so that the fuzzer comes past both.
#![no_main]

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use lampwork_protocol::link;
use lampwork_protocol::words::{charset, front_matter};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let charset = charset::charset(bytes);
    if let Ok(Some((found, text))) = charset::decode(bytes) {
        assert_eq!(charset, Ok(found));
        assert!(!text.trim().is_empty() && !text.contains('\r'));
    }
    if let Ok(text) = std::str::from_utf8(bytes) {
        file(text);
        file(&format!("---\nlampwork: 1\n{text}\n---\n\nx"));
        check(text);
    }
    let mut sealed = bytes.to_vec();
    sealed.extend(crc32fast::hash(bytes).to_le_bytes());
    check(&URL_SAFE_NO_PAD.encode(sealed));
});

fn file(file: &str) {
    if let Ok(Some((recipe, text))) = front_matter::read(file) {
        assert_eq!(link::check_text(&recipe), Ok(()));
        assert_eq!(front_matter::write(&recipe, text), file);
    }
}

fn check(text: &str) {
    if let Ok(recipe) = link::decode_text(text) {
        assert_eq!(link::check_text(&recipe), Ok(()));
        assert_eq!(link::encode_text(&recipe), text);
    }
}
