//! The fuzzer's seeds: data sets and raw files, good and bad.

use std::path::Path;

use lampwork_datasets::{Captioned, Glyphs, Packed, digits, idx};
use lampwork_protocol::DataSet;

fn seed(target: &str, name: &str) -> Vec<u8> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/seeds");
    std::fs::read(folder.join(target).join(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

#[test]
fn packed_data_sets_are_read_or_refused() {
    let read = |name| Packed::from_bytes(DataSet::Digits, &seed("packed_from_bytes", name));
    assert_eq!(read("good").unwrap().card.counts, [1, 1, 1]);
    for (name, expected) in [
        ("wrong-checksum", "checksum"),
        ("fashion", "data set fashion"),
        ("later-card", "version 9"),
        ("overflowing-shape", "safetensors"),
        ("cut", "safetensors"),
        ("huge-header", "safetensors"),
    ] {
        let message = read(name).unwrap_err().to_string();
        assert!(message.contains(expected), "{name}: {message}");
    }
}

#[test]
fn captioned_sets_are_read_or_refused() {
    let read = |name| Captioned::from_bytes(DataSet::Pixel, &seed("captioned", name));
    let good = read("good").unwrap();
    assert_eq!(good.card.counts, [2, 1, 1]);
    assert_eq!(good.to_bytes(), seed("captioned", "good"));
    for (name, expected) in [
        ("wrong-checksum", "checksum"),
        ("faces", "data set faces"),
        ("later-card", "version 9"),
        ("bad-concept", "shows concept 7"),
        ("two-splits", "stands in two splits"),
        ("wrong-type", "U8 [2]"),
        ("overflowing-shape", "safetensors"),
        ("deep-table", "table `concepts`"),
        ("cut", "safetensors"),
        ("huge-header", "safetensors"),
    ] {
        let message = read(name).unwrap_err().to_string();
        assert!(message.contains(expected), "{name}: {message}");
    }
}

#[test]
fn sets_of_characters_are_read_or_refused() {
    let good = Glyphs::from_bytes(&seed("glyphs", "good")).unwrap();
    assert_eq!(good.card.characters, [1, 1, 1]);
    assert_eq!(good.to_bytes(), seed("glyphs", "good"));
    for (name, expected) in [
        ("wrong-checksum", "checksum"),
        ("later-card", "version 9"),
        ("half-a-character", "a character is none"),
        ("wrong-type", "characters"),
        ("overflowing-shape", "safetensors"),
        ("cut", "safetensors"),
        ("huge-header", "safetensors"),
        ("sheet.png", "safetensors"),
    ] {
        let message = Glyphs::from_bytes(&seed("glyphs", name))
            .unwrap_err()
            .to_string();
        assert!(message.contains(expected), "{name}: {message}");
    }
}

#[test]
fn raw_files_are_read_or_refused() {
    assert_eq!(idx::read(&seed("idx", "two-by-three")).unwrap().0, [2, 3]);
    assert_eq!(
        idx::read(&seed("idx", "many-dimensions")).unwrap().0,
        [1; 255]
    );
    for name in ["overflow", "floats"] {
        assert!(idx::read(&seed("idx", name)).is_err(), "{name}");
    }
    assert_eq!(
        digits::read(&seed("idx", "digit.json")).unwrap(),
        [128; 784]
    );
    for name in ["out-of-range.json", "deep.json"] {
        assert!(digits::read(&seed("idx", name)).is_err(), "{name}");
    }
}
