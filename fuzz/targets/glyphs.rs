//! Any bytes as a sheet of characters, and as a packed set of them.
#![no_main]

use lampwork_datasets::Glyphs;
use lampwork_pictures::glyphs::GlyphSheet;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    for count in [0, 1, 5] {
        if let Ok(sheet) = GlyphSheet::read(bytes, count) {
            assert_eq!(sheet.len(), count);
            assert!(sheet.get(count).is_none());
            assert!((0..count).all(|at| sheet.get(at).is_some()));
        }
    }
    if let Ok(glyphs) = Glyphs::from_bytes(bytes) {
        glyphs.packed();
    }
});
