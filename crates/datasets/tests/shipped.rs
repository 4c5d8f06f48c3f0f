//! The subsets that the site ships are what their cards say.

use std::collections::HashSet;
use std::path::PathBuf;

use lampwork_datasets::{DataCard, Packed};
use lampwork_protocol::DataSet;

fn file(data: DataSet, extension: &str) -> Vec<u8> {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("../../static/datasets")
        .join(format!("{}.{extension}", data.name()));
    std::fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

#[test]
fn each_subset_is_whole_balanced_and_without_overlap() {
    for data in DataSet::ALL {
        let packed = Packed::from_bytes(data, &file(data, "safetensors")).unwrap();
        assert_eq!(packed.card.counts, [3_000, 500, 500]);
        let mut seen = HashSet::new();
        for (examples, each) in [
            (&packed.train, 300),
            (&packed.validation, 50),
            (&packed.test, 50),
        ] {
            for class in 0..10 {
                let count = examples
                    .labels
                    .iter()
                    .filter(|&&label| label == class)
                    .count();
                assert_eq!(count, each, "{} of class {class}", data.name());
            }
            for index in 0..examples.len() {
                assert!(
                    seen.insert(examples.picture(index)),
                    "a picture stands there twice"
                );
            }
        }
    }
}

#[test]
fn the_card_beside_the_file_is_the_one_in_it() {
    for data in DataSet::ALL {
        let packed = Packed::from_bytes(data, &file(data, "safetensors")).unwrap();
        let beside: DataCard = serde_json::from_slice(&file(data, "json")).unwrap();
        assert_eq!(beside, packed.card);
        let licence = String::from_utf8(file(data, "LICENCE.txt")).unwrap();
        assert!(licence.contains("Copyright (c)"));
    }
}
