//! The editing desk: marking and filling, undoing, a picture of one's own.

use lampwork_protocol::Shape;
use serde_json::json;

use crate::browser::Kind;
use crate::page::{Page, visit};

/// Draws a stroke across the middle of the paper, as a pointer would.
fn stroke(page: &Page, kind: &str, buttons: u16) {
    page.driver.run(
        r#"const paper = document.querySelector('[data-testid="edit-paper"]');
        const frame = paper.getBoundingClientRect();
        const send = (name, x, y) => paper.dispatchEvent(new PointerEvent(name, {
            bubbles: true, pointerId: 1, isPrimary: true, pointerType: arguments[0],
            buttons: name === 'pointerup' ? 0 : arguments[1], button: arguments[1] === 32 ? 5 : 0,
            pressure: 0.5, clientX: frame.left + frame.width * x, clientY: frame.top + frame.height * y,
        }));
        send('pointerdown', 0.3, 0.5);
        send('pointermove', 0.5, 0.5);
        send('pointermove', 0.7, 0.5);
        send('pointerup', 0.7, 0.5);"#,
        &json!([kind, buttons]),
    );
}

/// The paper, once the first picture lies on it.
fn begun(page: &Page) -> String {
    page.until("a step back", &Some("false".to_owned()), || {
        page.attribute("edit-undo", "aria-disabled")
    });
    page.drawn("edit-paper")
}

/// The colour in the middle of the paper.
fn middle(page: &Page) -> Option<serde_json::Value> {
    page.with(
        "edit-paper",
        "const canvas = arguments[0].querySelector('canvas');
         return [...canvas.getContext('2d').getImageData(14, 14, 1, 1).data]",
    )
}

#[test]
fn a_marked_part_is_filled_in_taken_and_undone() {
    visit(
        Kind::Plain,
        "#/?tool=edit&model=flow-digits&class=3",
        |page| {
            let before = page.drawn("edit-paper");
            page.until("nothing to ask for", &Some("true".to_owned()), || {
                page.attribute("edit-ask", "aria-disabled")
            });
            stroke(page, "mouse", 1);
            page.until("something to ask for", &Some("false".to_owned()), || {
                page.attribute("edit-ask", "aria-disabled")
            });
            page.click("edit-ask");
            page.drawn("proposals-3");
            page.until("rest", &Some("false".to_owned()), || {
                page.attribute("proposals-grid", "data-busy")
            });
            let wanted = page.drawn("proposals-3");
            assert_ne!(wanted, before, "nothing was made anew");
            page.click("proposals-3");
            page.drawn_same("edit-paper", &wanted);
            page.wait_text("recipe", "filled in");

            page.click("edit-undo");
            page.drawn_same("edit-paper", &before);
            page.click("edit-redo");
            page.drawn_same("edit-paper", &wanted);
            // Nothing is lost with a reload.
            page.open_anew("#/?tool=edit&model=flow-digits&class=3");
            page.drawn_same("edit-paper", &wanted);
            page.click("edit-undo");
            page.drawn_same("edit-paper", &before);
        },
    );
}

#[test]
fn a_pen_paints_and_its_other_end_erases() {
    let address = "#/?tool=edit&model=flow-digits&way=redraw";
    visit(Kind::Plain, address, |page| {
        begun(page);
        page.click("edit-clear");
        page.click("edit-colour-ffffff");
        let empty = page.drawn("edit-paper");
        let black = middle(page);
        stroke(page, "pen", 1);
        page.drawn_other("edit-paper", &empty);
        assert_ne!(middle(page), black, "the pen left nothing");
        stroke(page, "pen", 32);
        page.until("black", &black, || middle(page));
    });
}

#[test]
fn a_picture_of_ones_own_is_opened_and_what_is_none_is_refused() {
    let address = "#/?tool=edit&model=flow-digits&way=adjust";
    visit(Kind::Plain, address, |page| {
        let before = begun(page);
        let pixels: Vec<u8> = (0..784).map(|at| (at % 28 * 9) as u8).collect();
        let file = lampwork_pictures::single(&pixels, Shape::GREY, 4, None);
        page.drop_file("pictures-drop", "own.png", &file);
        let own = page.drawn_other("edit-paper", &before);
        page.click("edit-flip");
        page.drawn_other("edit-paper", &own);
        page.click("edit-undo");
        page.drawn_same("edit-paper", &own);
        page.drop_file("pictures-drop", "photo.png", b"PK\x03\x04 a zip");
        page.wait_text("edit-said", "archive");
        let mut large = file.clone();
        large[16..24].copy_from_slice(b"\x00\x00\x4e\x20\x00\x00\x27\x10");
        page.drop_file("pictures-drop", "large.png", &large);
        page.wait_text("edit-said", "200 million");
        page.drop_file("pictures-drop", "cut.png", &file[..60]);
        page.wait_text("edit-said", "damaged");
    });
}
