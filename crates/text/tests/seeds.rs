//! The fuzzer's seeds: corpora, tokenizers and tables, good and bad.

use std::path::Path;

use lampwork_text::prosody::Readings;
use lampwork_text::{Corpus, Texts, Tokenizer};

fn seed(kind: &str, name: &str) -> Vec<u8> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/seeds");
    let file = folder.join(kind).join(name);
    std::fs::read(file).unwrap_or_else(|error| panic!("{kind}/{name}: {error}"))
}

#[test]
fn corpora_are_read_or_refused() {
    let read = |name| Corpus::from_bytes(Texts::Poems, &seed("corpus", name));
    assert_eq!(read("poems").unwrap().to_bytes(), seed("corpus", "poems"));
    let plays = Corpus::from_bytes(Texts::Plays, &seed("corpus", "plays")).unwrap();
    assert_eq!(plays.to_bytes(), seed("corpus", "plays"));
    for (name, expected) in [
        ("cut", "safetensors"),
        ("huge-header", "safetensors"),
        ("later-card", "version 9"),
        ("overflowing-shape", "safetensors"),
        ("plays", "poems was asked for"),
        ("wrong-checksum", "checksum"),
        ("wrong-start", "do not follow"),
        ("wrong-token", "stands for no text"),
        ("wrong-type", "U16 of one axis"),
    ] {
        let message = read(name).unwrap_err().to_string();
        assert!(message.contains(expected), "{name}: {message}");
    }
}

#[test]
fn tokenizers_are_read_or_refused() {
    let read = |name| {
        let text = String::from_utf8(seed("tokenizer", name)).unwrap();
        Tokenizer::from_json(&text).map(|tokenizer| (tokenizer, text))
    };
    for name in ["bpe", "characters"] {
        let (tokenizer, text) = read(name).unwrap();
        assert_eq!(tokenizer.to_json(), text.trim_end());
    }
    for (name, expected) in [
        ("deep", "cannot be used"),
        ("early-merge", "joins 97 and 300"),
        ("long-token", "512 bytes"),
        ("no-end", "`end`"),
        ("twice", "twice"),
    ] {
        let message = read(name).unwrap_err().to_string();
        assert!(message.contains(expected), "{name}: {message}");
    }
}

#[test]
fn readings_are_read_or_refused() {
    let read = |name| Readings::from_bytes(&seed("readings", name));
    assert_eq!(read("good").unwrap().to_bytes(), seed("readings", "good"));
    for (name, expected) in [
        ("cut", "safetensors"),
        ("huge-header", "safetensors"),
        ("later-card", "version 9"),
        ("no-such-rhyme", "a rhyme is not there"),
        ("wrong-checksum", "checksum"),
    ] {
        let message = read(name).unwrap_err().to_string();
        assert!(message.contains(expected), "{name}: {message}");
    }
}
