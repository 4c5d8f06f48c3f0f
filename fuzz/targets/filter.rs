//! Any bytes as a list of words to mask: read or refused; then any text masked.
#![no_main]

use std::sync::LazyLock;

use lampwork_words::Filter;
use libfuzzer_sys::fuzz_target;

static GOOD: LazyLock<Filter> =
    LazyLock::new(|| Filter::from_bytes(include_bytes!("../seeds/filter/good")).expect("a list"));

fn mask(filter: &Filter, text: &str) {
    let masked = filter.mask(text);
    let count = |text: &str| text.chars().count();
    assert!(count(&masked.text) <= count(text));
    assert!(masked.count <= count(text));
    assert_eq!(masked.count == 0, masked.text == text);
}

fuzz_target!(|bytes: &[u8]| {
    if let Ok(text) = std::str::from_utf8(bytes) {
        mask(&GOOD, text);
        if let Ok(filter) = Filter::from_bytes(bytes) {
            mask(&filter, text);
        }
    }
});
