//! The fuzzer's seeds: tables good and bad, and texts.

use std::path::Path;

use lampwork_words::Table;

fn seed(name: &str) -> Vec<u8> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/seeds/words");
    std::fs::read(folder.join(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

#[test]
fn tables_are_read_or_refused() {
    let good = Table::from_bytes(&seed("good")).unwrap();
    assert_eq!(good.to_bytes(), seed("good"));
    for (name, expected) in [
        ("cut", "safetensors"),
        ("huge-header", "safetensors"),
        ("later-card", "version 9"),
        ("twice", "stands there twice"),
        ("wrong-checksum", "checksum"),
        ("wrong-type", "I8 of 2 axes"),
    ] {
        let message = Table::from_bytes(&seed(name)).unwrap_err().to_string();
        assert!(message.contains(expected), "{name}: {message}");
    }
}

#[test]
fn texts_are_read() {
    let good = Table::from_bytes(&seed("good")).unwrap();
    let text = String::from_utf8(seed("text")).unwrap();
    let reading = good.read(&text);
    assert!(reading.vector.is_some());
    assert!(reading.tokens.iter().any(|token| token.known.is_none()));
}
