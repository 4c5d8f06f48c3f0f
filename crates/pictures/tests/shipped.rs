//! The sheets of characters that the site ships.

use std::path::Path;

use lampwork_pictures::glyphs::GlyphSheet;
use lampwork_pictures::scroll::GLYPH;

fn sheet(name: &str, count: usize) -> GlyphSheet {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../static/datasets");
    let file = std::fs::read(folder.join(name)).unwrap_or_else(|error| panic!("{name}: {error}"));
    GlyphSheet::read(&file, count).unwrap_or_else(|error| panic!("{name}: {error}"))
}

#[test]
fn every_plain_character_has_ink_and_paper() {
    let plain = sheet("brush.png", 6_200);
    for at in 0..plain.len() {
        let glyph = plain.get(at).unwrap();
        let ink = glyph.iter().filter(|&&value| value > 127).count();
        assert!((40..GLYPH * GLYPH / 2).contains(&ink), "number {at}: {ink}");
    }
    // The first is 一: wide and flat.
    let one = plain.get(0).unwrap();
    let rows = one.chunks(GLYPH).filter(|row| row.iter().any(|&v| v > 127));
    assert!(rows.count() < GLYPH / 4);
}

#[test]
fn most_true_characters_are_there() {
    for (hand, least) in [
        ("kouzan-regular", 600),
        ("kouzan-semicursive", 600),
        ("kouzan-cursive", 600),
        ("ma-shan-zheng", 800),
        ("zhi-mang-xing", 800),
        ("liu-jian-mao-cao", 800),
    ] {
        let written = sheet(&format!("brush-{hand}.png"), 916);
        let inked =
            (0..written.len()).filter(|&at| written.get(at).unwrap().iter().any(|&v| v > 0));
        assert!(inked.count() > least, "{hand}");
    }
}
