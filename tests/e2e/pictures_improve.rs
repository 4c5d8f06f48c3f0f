//! One picture made larger, mended, and drawn by other hands, with the plain ways beside.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use crate::axe;
use crate::browser::Kind;
use crate::page::{self, Page};
use crate::shipped;
use crate::worded::rests;

/// The panel of an emoji of sixteen.
fn visit(test: impl FnOnce(&Page)) {
    page::visit(Kind::Plain, "#/how", |page| {
        shipped::other_hands(page);
        page.open_anew("#/?model=flow-emoji-leaps&seed=7");
        choose(page, "sheet-4");
        test(page);
    });
}

/// Chooses a picture, once it has come out of noise.
fn choose(page: &Page, id: &str) {
    page.drawn("sheet-15");
    rests(page, "sheet-grid");
    let picture = page.drawn(id);
    page.click(id);
    page.drawn_same("detail-picture", &picture);
}

/// The pixels of a version, of so many on a side.
#[track_caller]
fn version(page: &Page, way: &str, side: usize) -> Vec<u8> {
    let pixels = page.drawn(&format!("improved-{way}-{side}"));
    let pixels = STANDARD.decode(pixels).expect("pixels");
    assert_eq!(pixels.len(), side * side * 4, "{way}");
    pixels
}

/// Mean difference of two pictures of a size, in levels.
fn apart(a: &[u8], b: &[u8]) -> f64 {
    let sum: u64 = a
        .iter()
        .zip(b)
        .map(|(a, b)| u64::from(a.abs_diff(*b)))
        .sum();
    sum as f64 / a.len() as f64
}

#[test]
fn a_picture_is_enlarged_beside_the_plain_ways_and_saved() {
    visit(|page| {
        page.click("improve-enlarge");
        for side in [64, 128] {
            let learned = version(page, "enlarged", side);
            let nearest = version(page, "nearest", side);
            let bicubic = version(page, "bicubic", side);
            // The same picture, by three ways.
            for (a, b) in [
                (&learned, &bicubic),
                (&learned, &nearest),
                (&bicubic, &nearest),
            ] {
                let apart = apart(a, b);
                assert!(apart > 0.05 && apart < 40.0, "{side}: {apart}");
            }
        }
        assert!(page.address().contains("improve=enlarge"));
        page.wait_text("improve-status", "bicubic");
        axe::check(page, "an enlarged picture");
        page.with(
            "improved-enlarged-128",
            "arguments[0].querySelector('button').click()",
        );
        let file = page.downloaded(".png");
        let mut reader = png::Decoder::new(std::io::Cursor::new(&file))
            .read_info()
            .expect("a PNG");
        assert_eq!((reader.info().width, reader.info().height), (128, 128));
        let mut saved = vec![0; reader.output_buffer_size().expect("a size")];
        reader.next_frame(&mut saved).expect("pixels");
        let shown = version(page, "enlarged", 128);
        let shown: Vec<u8> = shown.chunks(4).flat_map(|p| p[..3].to_vec()).collect();
        assert_eq!(saved, shown);
        // What was asked for is there again, and is put away by asking again.
        page.reload();
        version(page, "enlarged", 64);
        page.click("improve-enlarge");
        page.wait("nothing to compare", || {
            (!page.has("improved-enlarged-64")).then_some(())
        });
    });
}

#[test]
fn a_picture_is_mended_and_one_without_faults_hardly_changes() {
    visit(|page| {
        page.click("improve-repair");
        let before = version(page, "as-it-was", 32);
        let after = version(page, "repaired", 32);
        let apart = apart(&before, &after);
        assert!(apart > 0.0 && apart < 12.0, "{apart}");
        page.resize(390, 900);
        page.until("no overflow", &Some(true.into()), || {
            page.with(
                "improve",
                "return document.documentElement.scrollWidth <= innerWidth",
            )
        });
    });
}

#[test]
fn an_emoji_is_drawn_by_other_hands() {
    visit(|page| {
        page.click("improve-hands");
        let before = version(page, "as-it-was", 32);
        let all = ["flat", "solid", "noto"].map(|way| version(page, way, 32));
        for (at, one) in all.iter().enumerate() {
            assert!(apart(one, &before) > 0.0);
            for other in &all[at + 1..] {
                assert!(apart(one, other) > 0.0, "two hands draw alike");
            }
        }
        page.wait_text("improve-status", "CycleGAN");
        // Faces have no hands to be drawn by.
        page.open_anew("#/?model=flow-faces&seed=7&improve=repair");
        choose(page, "sheet-2");
        version(page, "repaired", 32);
        assert!(!page.has("improve-hands"));
    });
}
