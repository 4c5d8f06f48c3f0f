//! A line of characters by several hands, and the scroll that is kept of it.

use lampwork_pictures::{read_content, read_whole};
use lampwork_protocol::link::Content;
use serde_json::json;

use crate::axe;
use crate::browser::Kind;
use crate::page::{self, Page};
use crate::shipped;

/// Opens the tool with nets that have learned nothing.
fn visit(address: &str, test: impl FnOnce(&Page)) {
    page::visit(Kind::Plain, "#/how", |page| {
        shipped::brush(page);
        page.open_anew(address);
        test(page);
    });
}

/// The scroll, once every character of the line is written by all hands.
#[track_caller]
fn written(page: &Page) -> String {
    let gaps = "return arguments[0].querySelectorAll('.waiting').length";
    page.until("no gaps", &Some(json!(0)), || page.with("brush", gaps));
    page.until("nothing to say", &String::new(), || page.text("brush-said"));
    page.drawn("brush-scroll")
}

/// Whether a button is pressed.
fn pressed(page: &Page, id: &str) -> bool {
    page.attribute(id, "aria-pressed").as_deref() == Some("true")
}

/// Writes the line anew, as by an input method: whole characters at once.
fn line(page: &Page, text: &str) {
    let script = format!(
        "const line = arguments[0]; line.focus(); line.value = {text:?};
         line.dispatchEvent(new InputEvent('input', {{ bubbles: true }}))"
    );
    page.with("brush-line", &script);
}

#[test]
fn a_line_is_there_and_follows_what_is_typed() {
    visit("#/?tool=brush", |page| {
        let first = written(page);
        assert_eq!(page.value("brush-line"), "床前明月光");
        // All hands write it, each its own way.
        let hands: Vec<String> = (0..6)
            .map(|hand| page.drawn(&format!("brush-sheet-{hand}")))
            .collect();
        for (at, one) in hands.iter().enumerate() {
            assert!(!hands[..at].contains(one), "hand {at} writes as another");
        }
        line(page, "永和");
        page.drawn_other("brush-scroll", &first);
        let typed = written(page);
        page.click("brush-hand-2");
        page.drawn_other("brush-scroll", &typed);
        page.until("pressed", &true, || pressed(page, "brush-hand-2"));
        // A step back takes back what was done last, however soon after the one before.
        page.click("brush-undo");
        page.drawn_same("brush-scroll", &typed);
        page.until("pressed", &true, || pressed(page, "brush-hand-0"));
        page.click("brush-undo");
        page.drawn_same("brush-scroll", &first);
        page.click("brush-redo");
        page.drawn_same("brush-scroll", &typed);
        assert_eq!(page.value("brush-line"), "永和");
    });
}

#[test]
fn what_cannot_be_written_is_said_and_nothing_is_lost() {
    visit("#/?tool=brush", |page| {
        page.drawn("brush-scroll");
        line(page, "月Q光");
        page.wait_text("brush-said", "Q");
        page.drawn("brush-scroll");
        line(page, &"山".repeat(31));
        page.wait_text("brush-said", "3 more");
        line(page, "，。");
        page.wait_text("brush-said", "Type a line");
        page.click("brush-save");
        page.wait_text("brush-kept", "Nothing is written");
        page.click("brush-example-上善若水");
        page.drawn("brush-scroll");
        assert_eq!(page.value("brush-line"), "上善若水");
    });
}

#[test]
fn a_scroll_is_saved_and_comes_back_by_file_and_link() {
    visit("#/?tool=brush&hand=3&seal=印", |page| {
        let before = page.drawn("brush-scroll");
        page.click("brush-across");
        let across = page.drawn_other("brush-scroll", &before);
        page.click("brush-save");
        page.wait_text("brush-kept", "Saved");
        let file = page.downloaded(".png");
        let Ok(Content::Scroll(scroll)) = read_content(&file) else {
            panic!("no scroll in the file");
        };
        assert_eq!((scroll.hand, scroll.across, &*scroll.seal), (3, true, "印"));
        assert!(read_whole(&file, 4096).unwrap().width > 1000);
        let link = page.value("brush-share");

        page.open_anew("#/?tool=sheet");
        page.drop_file("pictures-drop", "scroll.png", &file);
        page.drawn_same("brush-scroll", &across);
        page.open_anew(&link[link.find('#').expect("an address")..]);
        page.drawn_same("brush-scroll", &across);
        assert_eq!(page.value("brush-line"), "床前明月光");
        page.open_anew("#/?tool=brush&scroll=broken");
        page.wait_text("trouble", "");
        page.drawn("brush-scroll");
    });
}

#[test]
fn one_hand_is_laid_beside_the_truth_and_made_plain_again() {
    visit("#/?tool=brush&line=一中&hand=0", |page| {
        page.drawn("brush-scroll");
        page.click("brush-beside-toggle");
        let plain = page.drawn("brush-plain-中");
        for row in ["cycle", "pairs", "true", "back"] {
            let picture = page.drawn(&format!("brush-{row}-中"));
            assert_ne!(picture, plain, "{row}");
        }
        page.click("brush-beside-toggle");
        page.until("closed", &false, || page.has("brush-beside"));
    });
}

#[test]
fn on_a_phone_the_scroll_stands_under_the_text_and_nothing_is_cut_off() {
    visit("#/?tool=brush", |page| {
        page.resize(390, 800);
        page.drawn("brush-scroll");
        let below = page.with(
            "brush",
            "const at = name => arguments[0].querySelector(`[data-testid=\"${name}\"]`)
                .getBoundingClientRect();
             return at('brush-scroll').top >= at('brush-line').bottom
                 && document.documentElement.scrollWidth <= 390",
        );
        assert_eq!(below, Some(serde_json::Value::Bool(true)));
    });
}

#[test]
fn it_meets_wcag_at_every_width() {
    visit("#/?tool=brush&beside=1", |page| {
        page.drawn("brush-scroll");
        axe::check_widths(page, "brush");
    });
}
