//! The fuzzer's seeds: PNG files, good and bad, of other programs' making.

use std::path::Path;

use lampwork_pictures::{read_picture, read_recipe};

fn seed(name: &str) -> Vec<u8> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/seeds/png_recipe");
    std::fs::read(folder.join(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

#[test]
fn recipes_are_read_or_refused() {
    for (name, expected) in [
        ("good.png", ""),
        ("plain-text.png", ""),
        ("two-recipes.png", "more than one recipe"),
        ("forged.png", "missing or changed"),
        ("without.png", "holds none"),
        ("cut.png", "cut short"),
        ("huge-dimensions.png", "4294967295 x 28"),
        ("short-data.png", "holds none"),
    ] {
        let found = read_recipe(&seed(name)).map(|recipe| recipe.model);
        match found {
            Ok(model) => assert_eq!((model.as_str(), expected), ("gan-fashion", ""), "{name}"),
            Err(failure) => {
                let message = failure.to_string();
                assert!(
                    !expected.is_empty() && message.contains(expected),
                    "{name}: {message}"
                );
            }
        }
    }
}

#[test]
fn pictures_of_every_colour_type_are_read() {
    for (name, centre) in [
        ("mode-1.png", 255),
        ("mode-rgba.png", 35),
        ("mode-la.png", 44),
        ("mode-p.png", 35),
        ("mode-i16.png", 117),
        ("good.png", 196),
    ] {
        let picture = read_picture(&seed(name)).unwrap();
        assert_eq!(picture[14 * 28 + 14], centre, "{name}");
    }
    for name in ["cut.png", "huge-dimensions.png", "short-data.png"] {
        assert!(read_picture(&seed(name)).is_err(), "{name}");
    }
}
