//! The fuzzer's seeds: weights files, good and bad, of other programs' making.

use std::path::Path;

use lampwork_weights::{card, read};

fn seed(name: &str) -> Vec<u8> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/seeds/safetensors_read");
    std::fs::read(folder.join(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

#[test]
fn whole_files_are_read() {
    for (name, shape, values) in [
        ("f32", vec![2], vec![1.0, -2.0]),
        ("f16", vec![2], vec![1.0, -2.0]),
        ("scalar", vec![], vec![3.0]),
        ("card-that-is-none", vec![1], vec![0.0]),
    ] {
        let (tensors, metadata) =
            read(&seed(name)).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(tensors.len(), 1, "{name}");
        assert_eq!(
            (&tensors[0].shape, &tensors[0].values),
            (&shape, &values),
            "{name}"
        );
        assert!(card(&metadata).is_err(), "{name} has no card of ours");
    }
}

#[test]
fn all_others_are_refused() {
    for name in [
        "not-a-number",
        "i64",
        "overflowing-shape",
        "overlap",
        "huge-header",
        "cut",
    ] {
        assert!(read(&seed(name)).is_err(), "{name}");
    }
}
