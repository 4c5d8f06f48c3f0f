//! The fuzzer's seeds: links and files that are read, and those that are refused.

use std::path::Path;

use lampwork_protocol::words::charset::{Charset, decode};
use lampwork_protocol::words::front_matter;
use lampwork_protocol::{Failure, link};

#[test]
fn each_seed_is_read_or_refused_as_its_name_says() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/seeds/link_decode");
    let mut read = Vec::new();
    let mut names = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        let Ok(text) = String::from_utf8(std::fs::read(&path).unwrap()) else {
            continue;
        };
        names += 1;
        let as_sheet = link::decode_sheet(&text);
        match link::decode(&text) {
            Ok(recipe) => {
                assert_eq!(link::encode(&recipe), text, "{name}");
                assert!(as_sheet.is_err(), "{name}");
                read.push(name);
            }
            Err(Failure::NewerRecipe { .. }) => assert_eq!(name, "later-version"),
            Err(_) if name == "sheet" => assert_eq!(link::encode_sheet(&as_sheet.unwrap()), text),
            Err(_) if name == "grid" => {
                let grid = link::decode_grid(&text).unwrap();
                assert_eq!(link::encode_grid(&grid), text);
            }
            Err(_) if name == "motion" => {
                let motion = link::decode_motion(&text).unwrap();
                assert_eq!(link::encode_motion(&motion), text);
            }
            Err(failure) => assert!(matches!(failure, Failure::BadRecipe { .. }), "{name}"),
        }
    }
    read.sort_unstable();
    assert_eq!(read, ["arithmetic", "at", "blend", "draw", "near"]);
    assert!(names > read.len() + 5);
}

#[test]
fn each_text_file_is_read_or_refused_as_its_name_says() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/seeds/front_matter");
    let mut seen = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        let decoded = decode(&std::fs::read(&path).unwrap());
        seen += 1;
        match name.as_str() {
            "gb-18030" => assert_eq!(decoded, Ok(None)),
            "utf-16" => assert_eq!(decoded, Ok(Some((Charset::Utf16Le, "ab".to_owned())))),
            "binary" | "one-byte-a-letter" => {
                assert!(matches!(decoded, Err(Failure::BadText { .. })), "{name}");
            }
            _ => {
                let (charset, text) = decoded.unwrap().unwrap();
                assert_eq!(charset, Charset::Utf8);
                let read = front_matter::read(&text);
                match name.as_str() {
                    "good" => {
                        let (recipe, said) = read.unwrap().unwrap();
                        assert_eq!((recipe.seed, said), (7, "text"));
                    }
                    "later-version" => {
                        assert!(matches!(read, Err(Failure::NewerRecipe { .. })));
                    }
                    _ => assert!(matches!(read, Err(Failure::BadRecipe { .. })), "{name}"),
                }
            }
        }
    }
    assert_eq!(seen, 9);
}
