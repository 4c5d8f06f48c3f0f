//! A photograph in the styles of other pictures: the example at once, blends, the
//! visitor's own file and what is none, and what a saved picture holds.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::json;

use crate::axe;
use crate::browser::Kind;
use crate::page::{self, Page};
use crate::shipped;

const ADDRESS: &str = "#/?tool=restyle";

/// Opens the tool with a net that has learned nothing.
fn visit(test: impl FnOnce(&Page)) {
    page::visit(Kind::Plain, "#/how", |page| {
        shipped::restyle(page);
        page.open_anew(ADDRESS);
        test(page);
    });
}

/// Waits until the net has made what is asked for.
#[track_caller]
fn made(page: &Page) -> String {
    // How large, and how long it took.
    page.wait_text("restyle-status", "pixels in");
    page.until("a picture to save", &Some("false".to_owned()), || {
        page.attribute("restyle-save", "aria-disabled")
    });
    page.drawn("restyle-picture")
}

/// Moves a slider, as a hand would.
fn slide(page: &Page, id: &str, value: &str) {
    let script = format!(
        "const slider = arguments[0]; slider.value = {value:?};
         slider.dispatchEvent(new Event('input', {{ bubbles: true }})); return true"
    );
    page.wait(id, || page.with(id, &script));
}

/// Size of the picture, and its colour at a place, as parts of its sides.
fn seen(page: &Page, across: f64, down: f64) -> Option<(u64, u64, Vec<u64>)> {
    let script = format!(
        "const canvas = arguments[0].querySelector('canvas');
         const x = Math.floor(canvas.width * {across}), y = Math.floor(canvas.height * {down});
         const pixel = canvas.getContext('2d').getImageData(x, y, 1, 1).data;
         return [canvas.width, canvas.height, ...pixel]"
    );
    let all: Vec<u64> = page
        .with("restyle-picture", &script)?
        .as_array()?
        .iter()
        .filter_map(serde_json::Value::as_u64)
        .collect();
    Some((all[0], all[1], all[2..5].to_vec()))
}

/// A JPEG of a red and a blue half, side by side, that says it was taken with the camera
/// turned, and where.
fn turned(page: &Page) -> Vec<u8> {
    let encoded = page.driver.run(
        "const canvas = document.createElement('canvas');
         canvas.width = 64; canvas.height = 32;
         const context = canvas.getContext('2d');
         context.fillStyle = '#f00'; context.fillRect(0, 0, 32, 32);
         context.fillStyle = '#00f'; context.fillRect(32, 0, 32, 32);
         return canvas.toDataURL('image/jpeg', 0.95).split(',')[1]",
        &json!([]),
    );
    let plain = STANDARD
        .decode(encoded.as_str().expect("a data address"))
        .expect("base64");
    let mut segment = b"Exif\0\0MM\0\x2a\0\0\0\x08\0\x01".to_vec();
    // Orientation: the first row is on the right, the first column on top.
    segment.extend(b"\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0");
    segment.extend(b"SECRET-PLACE");
    let mut file = plain[..2].to_vec();
    file.extend(b"\xff\xe1");
    file.extend((segment.len() as u16 + 2).to_be_bytes());
    file.extend(segment);
    file.extend(&plain[2..]);
    file
}

#[test]
fn an_example_is_there_at_once_and_styles_are_chosen_blended_and_undone() {
    visit(|page| {
        let first = made(page);
        let (width, height, _) = seen(page, 0.5, 0.5).expect("a picture");
        assert_eq!((width, height), (512, 341));
        page.click("style-mosaic");
        let mosaic = page.drawn_other("restyle-picture", &first);
        made(page);
        assert_eq!(page.value("style-weight-mosaic"), "100");
        assert_eq!(page.value("style-weight-wave"), "0");
        slide(page, "style-weight-glass", "60");
        let blended = page.drawn_other("restyle-picture", &mosaic);
        made(page);
        assert!(page.address().contains("glass-60"));
        // Every style shows what it would do.
        page.drawn("style-picture-print");
        page.click("restyle-undo");
        page.until("the styles of before", &"0".to_owned(), || {
            page.value("style-weight-glass")
        });
        made(page);
        page.click("restyle-redo");
        page.until("the blend again", &"60".to_owned(), || {
            page.value("style-weight-glass")
        });
        made(page);
        // No strength is the photograph itself, and its own colours are another picture.
        page.click("restyle-colours");
        let own = page.drawn_other("restyle-picture", &blended);
        slide(page, "restyle-strength", "0");
        let photo = page.drawn_other("restyle-picture", &own);
        slide(page, "restyle-strength", "1");
        page.drawn_same("restyle-picture", &own);
        slide(page, "restyle-before", "1");
        page.drawn_same("restyle-picture", &photo);
        // A reload comes to the same place.
        page.open_anew(&format!("{ADDRESS}&styles=mosaic-100_glass-60&colours=own"));
        made(page);
        page.drawn_same("restyle-picture", &own);
    });
}

#[test]
fn what_is_under_way_can_be_given_up() {
    visit(|page| {
        made(page);
        page.click("restyle-size-1024");
        page.click("style-pencil");
        page.click("restyle-cancel");
        page.wait_text("restyle-status", "Stopped");
        page.click("style-glass");
        made(page);
    });
}

#[test]
fn a_photo_is_turned_as_its_camera_was_and_a_saved_picture_tells_nothing_of_its_file() {
    visit(|page| {
        made(page);
        let file = turned(page);
        page.drop_file("pictures-drop", "photo.jpg", &file);
        page.until("its size, turned", &Some((32, 64)), || {
            seen(page, 0.5, 0.5).map(|(width, height, _)| (width, height))
        });
        made(page);
        slide(page, "restyle-before", "1");
        page.wait("red on top", || {
            let (_, _, top) = seen(page, 0.5, 0.2)?;
            let (_, _, bottom) = seen(page, 0.5, 0.8)?;
            (top[0] > 200 && top[2] < 60 && bottom[2] > 200 && bottom[0] < 60).then_some(())
        });
        page.click("style-glass");
        made(page);
        page.click("restyle-save");
        let saved = page.downloaded(".png");
        let text = String::from_utf8_lossy(&saved);
        for word in ["SECRET-PLACE", "Exif", "eXIf"] {
            assert!(!text.contains(word), "{word} is in the file");
        }
        assert!(text.contains("compositeWithTrainedAlgorithmicMedia"));
        let manner = lampwork_pictures::read_manner(&saved).expect("its manner");
        assert_eq!(manner.styles, [("glass".to_owned(), 100)]);
        let whole = lampwork_pictures::read_whole(&saved, 64).expect("a picture");
        assert_eq!((whole.width, whole.height), (32, 64));
        // It brings its styles back, and says that the photograph is not in it.
        page.click("style-wave");
        made(page);
        page.drop_file("pictures-drop", "again.png", &saved);
        page.wait_text("restyle-said", "not in the file");
        page.until("its style", &"100".to_owned(), || {
            page.value("style-weight-glass")
        });
    });
}

#[test]
fn what_is_no_photo_is_refused_in_plain_words_and_nothing_is_lost() {
    visit(|page| {
        let before = made(page);
        let heic = b"\0\0\0\x18ftypheic\0\0\0\0mif1heic....ispe\0\0\0\0\0\0\x0f\xc0\0\0\x0b\xd0";
        page.drop_file("pictures-drop", "photo.heic", heic);
        page.wait_text("restyle-said", "HEIC");
        page.drop_file("pictures-drop", "photo.png", b"PK\x03\x04 a zip");
        page.wait_text("restyle-said", "archive");
        // A PNG of 20,000 x 10,000 by its header.
        let mut large =
            lampwork_pictures::single(&[0; 784], lampwork_protocol::Shape::GREY, 1, None);
        large[16..24].copy_from_slice(b"\0\0\x4e\x20\0\0\x27\x10");
        page.drop_file("pictures-drop", "large.png", &large);
        page.wait_text("restyle-said", "200 million");
        page.drawn_same("restyle-picture", &before);
        // Of one that moves its first frame is taken.
        let mut gif = b"GIF89a\x01\0\x01\0\x80\0\0\xff\0\0\0\0\xff".to_vec();
        for _ in 0..2 {
            gif.extend(b"\x21\xf9\x04\0\x0a\0\0\0\x2c\0\0\0\0\x01\0\x01\0\0\x02\x02\x44\x01\0");
        }
        gif.push(0x3b);
        page.drop_file("pictures-drop", "clip.gif", &gif);
        page.wait_text("restyle-said", "first frame");
        made(page);
    });
}

#[test]
fn it_meets_wcag_at_every_width() {
    visit(|page| {
        made(page);
        axe::check_widths(page, "restyle");
    });
}
