//! The subsets that the site ships are what their cards say.

use std::collections::HashSet;
use std::path::PathBuf;

use lampwork_datasets::{Captioned, CaptionedCard, DataCard, Packed};
use lampwork_protocol::DataSet;

fn file(data: DataSet, extension: &str) -> Vec<u8> {
    named(data.name(), extension)
}

fn named(name: &str, extension: &str) -> Vec<u8> {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("../../static/datasets")
        .join(format!("{name}.{extension}"));
    std::fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

#[test]
fn each_subset_is_whole_balanced_and_without_overlap() {
    for data in DataSet::GREY {
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
    for data in DataSet::GREY {
        let packed = Packed::from_bytes(data, &file(data, "safetensors")).unwrap();
        let beside: DataCard = serde_json::from_slice(&file(data, "json")).unwrap();
        assert_eq!(beside, packed.card);
        let licence = String::from_utf8(file(data, "LICENCE.txt")).unwrap();
        assert!(licence.contains("Copyright (c)"));
    }
}

#[test]
fn each_colour_set_is_whole_captioned_and_without_overlap() {
    for data in DataSet::COLOUR {
        let bytes = named(data.name(), "safetensors");
        let set = Captioned::from_bytes(data, &bytes).unwrap();
        assert_eq!(set.to_bytes(), bytes);
        assert_eq!(set.side, 32);
        assert!(set.concepts.iter().all(|concept| !concept.en.is_empty()));
        // That no concept stands in two splits is checked by the reader; no
        // picture may either.
        let splits = set.splits().map(|drawings| {
            (0..drawings.len())
                .map(|index| drawings.picture(index, 32))
                .collect::<HashSet<_>>()
        });
        assert!(splits[0].is_disjoint(&splits[1]), "{}", data.name());
        assert!(splits[0].is_disjoint(&splits[2]), "{}", data.name());
        assert!(splits[1].is_disjoint(&splits[2]), "{}", data.name());
        for style in &set.card.styles {
            assert!(style.counts[0] > 50, "{} {}", data.name(), style.name);
            assert!(style.counts[2] > 0, "{} {}", data.name(), style.name);
        }
    }
}

#[test]
fn each_colour_set_has_its_card_and_licences_beside_it() {
    for data in DataSet::COLOUR {
        let set = Captioned::from_bytes(data, &named(data.name(), "safetensors")).unwrap();
        let beside: CaptionedCard = serde_json::from_slice(&named(data.name(), "json")).unwrap();
        assert_eq!(beside, set.card);
        let licences = String::from_utf8(named(data.name(), "LICENCE.txt")).unwrap();
        for licence in set.card.licence.split(" AND ") {
            let title = match licence {
                "MIT" => "MIT License",
                "Apache-2.0" => "Apache License",
                "CC-BY-4.0" => "Attribution 4.0 International",
                "CC0-1.0" => "CC0 1.0 Universal",
                "Unicode-3.0" => "UNICODE LICENSE V3",
                other => panic!("{other} has no text here"),
            };
            assert!(licences.contains(title), "{} lacks {title}", data.name());
        }
    }
}

#[test]
fn characters_to_be_tested_by_are_none_that_nets_learn_from() {
    let list: serde_json::Value = serde_json::from_slice(&named("brush", "json")).unwrap();
    let of = |name: &str| -> Vec<char> {
        let text = list[name].as_str().unwrap_or_else(|| panic!("{name}"));
        text.chars().collect()
    };
    let [all, seen, unseen, written] = ["characters", "seen", "unseen", "written"].map(of);
    let set = |characters: &[char]| characters.iter().copied().collect::<HashSet<char>>();
    let (plain, known, new) = (set(&all), set(&seen), set(&unseen));
    assert_eq!(plain.len(), all.len(), "a character stands there twice");
    assert!(known.is_disjoint(&new));
    assert!(known.is_subset(&plain) && new.is_subset(&plain));
    assert!(seen.len() > 3_000 && unseen.len() > 300);
    assert!(written.iter().all(|c| known.contains(c) || new.contains(c)));
    assert!(
        new.iter().all(|c| written.contains(c)),
        "each can be laid beside the true hand"
    );
    let licence = String::from_utf8(named("brush", "LICENCE.txt")).unwrap();
    for hand in list["hands"].as_array().unwrap().iter().skip(1) {
        let hand = hand.as_str().unwrap();
        assert!(licence.contains(hand), "{hand}");
        assert!(named(&format!("brush-{hand}"), "png").starts_with(b"\x89PNG"));
    }
}
