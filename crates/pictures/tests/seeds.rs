//! The fuzzer's seeds: PNG files, good and bad, of other programs' making.

use std::path::Path;

use lampwork_pictures::glyphs::GlyphSheet;
use lampwork_pictures::{read_content, read_picture, read_recipe};
use lampwork_protocol::link::Content;

fn seed(name: &str) -> Vec<u8> {
    seed_of("png_recipe", name)
}

fn seed_of(target: &str, name: &str) -> Vec<u8> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/seeds");
    std::fs::read(folder.join(target).join(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

#[test]
fn sheets_of_characters_are_read_or_refused() {
    let sheet = GlyphSheet::read(&seed_of("glyphs", "sheet.png"), 2).unwrap();
    let [first, second] = [0, 1].map(|at| sheet.get(at).unwrap());
    assert_ne!(first, second);
    for (name, count, expected) in [
        ("sheet.png", 3, "fewer characters"),
        ("sheet-coloured.png", 1, "grey"),
        ("sheet-no-squares.png", 1, "squares"),
        ("sheet-huge.png", 1, "not as large"),
        ("sheet-short-data.png", 2, ""),
        ("sheet-cut.png", 2, ""),
        ("good", 1, ""),
    ] {
        let failure = GlyphSheet::read(&seed_of("glyphs", name), count).unwrap_err();
        let message = failure.to_string();
        assert!(message.contains(expected), "{name}: {message}");
    }
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

#[test]
fn clips_are_read_or_refused() {
    for (name, expected) in [
        ("good.gif", ""),
        ("colour.gif", ""),
        ("interlaced.gif", ""),
        ("comment-last.gif", ""),
        ("huge-dimensions.gif", ""),
        ("without.gif", "the GIF holds none"),
        ("other-comment.gif", "the GIF holds none"),
        ("forged.gif", "missing or changed"),
        ("not-text.gif", "not text"),
        ("two-recipes.gif", "more than one recipe"),
        ("cut.gif", "cut short"),
        ("unknown-block.gif", "unknown kind"),
    ] {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/seeds/gif_recipe");
        let file = std::fs::read(folder.join(name)).unwrap();
        match read_content(&file) {
            Ok(Content::Motion(motion)) => {
                assert_eq!((motion.fps, expected), (24, ""), "{name}");
            }
            Ok(other) => panic!("{name}: {other:?}"),
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
