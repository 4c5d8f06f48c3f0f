//! Any bytes as a tokenizer: whole, or refused; then any text and any tokens.
#![no_main]

use std::sync::LazyLock;

use lampwork_text::{Decoder, Tokenizer};
use libfuzzer_sys::fuzz_target;

static GOOD: LazyLock<Tokenizer> = LazyLock::new(|| {
    Tokenizer::from_json(include_str!("../seeds/tokenizer/bpe")).expect("a tokenizer")
});

fuzz_target!(|bytes: &[u8]| {
    if let Ok(text) = std::str::from_utf8(bytes) {
        assert_eq!(GOOD.decode(&GOOD.encode(text)), text);
        if let Ok(tokenizer) = Tokenizer::from_json(text) {
            assert_eq!(Tokenizer::from_json(&tokenizer.to_json()).as_ref(), Ok(&tokenizer));
            let tokens = tokenizer.encode(text);
            assert!(tokens.iter().all(|&token| usize::from(token) < tokenizer.len()));
        }
    }
    let tokens: Vec<u16> = bytes.chunks_exact(2).map(|two| u16::from_le_bytes([two[0], two[1]])).collect();
    let mut decoder = Decoder::new();
    let mut streamed: String = tokens.iter().map(|&token| decoder.push(&GOOD, token)).collect();
    streamed.push_str(&decoder.finish());
    assert_eq!(streamed, GOOD.decode(&tokens));
});
