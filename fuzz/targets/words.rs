//! Any bytes as a table of words: whole and as its card says, or refused; then
//! any text read by a table.
#![no_main]

use std::sync::LazyLock;

use lampwork_words::Table;
use libfuzzer_sys::fuzz_target;

static GOOD: LazyLock<Table> =
    LazyLock::new(|| Table::from_bytes(include_bytes!("../seeds/words/good")).expect("a table"));

fn read(table: &Table, text: &str) {
    let mut end = 0;
    for token in table.read(text).tokens {
        assert!(token.range.start >= end && !text[token.range.clone()].is_empty());
        end = token.range.end;
    }
    for word in table.suggest(text, 3) {
        assert!(table.row_of(word).is_some());
    }
}

fuzz_target!(|bytes: &[u8]| {
    if let Ok(text) = std::str::from_utf8(bytes) {
        read(&GOOD, text);
    }
    if let Ok(table) = Table::from_bytes(bytes) {
        for row in 0..table.len().min(50) as u32 {
            read(&table, table.word(row));
        }
        assert_eq!(Table::from_bytes(&table.to_bytes()), Ok(table));
    }
});
