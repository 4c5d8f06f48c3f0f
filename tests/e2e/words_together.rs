//! A page, a conversation and a summary, written together with the model of the plays.

use serde_json::json;

use crate::axe;
use crate::browser::Kind;
use crate::page::{Page, css, visit};

/// Keys by their WebDriver code.
const TAB: &str = "\u{e004}";
const ESCAPE: &str = "\u{e00c}";
const CONTROL: &str = "\u{e009}";
const RIGHT: &str = "\u{e014}";
const RELEASE: &str = "\u{e000}";

const TOGETHER: &str = "#/words?tool=together&model=shakespeare";

/// Waits until the first text of a visit has been written by itself.
fn written(page: &Page) -> String {
    page.wait_text("page-word", "stopped writing");
    page.value("page")
}

/// Waits for ghost text.
fn ghost(page: &Page) -> String {
    page.wait("ghost text", || {
        Some(page.text("ghost")).filter(|text| !text.is_empty())
    })
}

/// Writes the page anew, as a visitor would paste it.
fn paste(page: &Page, text: &str) {
    page.with(
        "page",
        &format!(
            "const area = arguments[0]; area.focus(); area.select(); \
             document.execCommand('insertText', false, {text:?})"
        ),
    );
}

/// How many elements there are.
fn count(page: &Page, selector: &str) -> u64 {
    let script = "return document.querySelectorAll(arguments[0]).length";
    let count = page.driver.run(script, &json!([selector]));
    count.as_u64().unwrap_or_default()
}

/// Whether the page scrolls sideways.
fn overflows(page: &Page) -> bool {
    let script = "return document.documentElement.scrollWidth > innerWidth";
    page.driver.run(script, &json!([])) == json!(true)
}

#[test]
fn the_model_begins_and_its_ghost_is_taken_by_keys_or_left() {
    visit(Kind::Plain, TOGETHER, |page| {
        let begun = written(page);
        assert!(
            begun.starts_with("LAMPLIGHTER.") && begun.lines().count() > 2,
            "{begun}"
        );
        // What it wrote is one step.
        page.click("undo");
        assert!(begun.starts_with(&page.value("page")));
        page.click("redo");
        assert_eq!(page.value("page"), begun);

        paste(page, "HAMLET.\nThe rest is");
        let first = ghost(page);
        page.keys("page", TAB);
        let taken = page.value("page");
        assert!(
            taken.starts_with("HAMLET.\nThe rest is") && taken.len() > 19,
            "{taken}"
        );
        assert!(first.contains(taken[19..].trim()), "{first:?} {taken:?}");
        ghost(page);
        page.keys("page", &format!("{CONTROL}{RIGHT}{RELEASE}"));
        let longer = page.value("page");
        assert!(longer.starts_with(&taken) && longer.len() > taken.len());

        // Put away, Tab leaves the page.
        ghost(page);
        page.keys("page", ESCAPE);
        page.until("no ghost", &String::new(), || page.text("ghost"));
        page.keys("page", TAB);
        assert_eq!(page.value("page"), longer);
        let focused = page
            .driver
            .run("return document.activeElement.tagName", &json!([]));
        assert_ne!(focused, "TEXTAREA");

        // Another of the odds, and all of it back again.
        page.wait("odds", || page.has("odds-1").then_some(()));
        page.click("odds-1");
        page.wait("another word", || {
            (page.value("page") != longer).then_some(())
        });
        page.click("undo");
        assert_eq!(page.value("page"), longer);
        axe::check(page, "writing together");

        // A reload loses nothing.
        page.wait("it to be kept", || {
            let kept = "return localStorage.getItem('lampwork.together.page')";
            (page.driver.run(kept, &json!([])) == json!(longer)).then_some(())
        });
        page.reload();
        page.until("the page", &longer, || page.value("page"));
    });
}

#[test]
fn a_part_is_rewritten_and_what_is_being_written_is_stopped() {
    visit(Kind::Plain, &format!("{TOGETHER}&length=240"), |page| {
        written(page);
        paste(page, "HAMLET.\nThe rest is silence, and the night is long.");
        page.with(
            "page",
            "arguments[0].focus(); arguments[0].setSelectionRange(20, 27);
             arguments[0].dispatchEvent(new Event('select'))",
        );
        page.wait_text("fill", "Rewrite");
        page.click("fill");
        page.wait("three versions", || page.has("version-2").then_some(()));
        page.until("an end", &Some("false".to_owned()), || {
            page.attribute("versions", "aria-busy")
        });
        page.click("version-0");
        let rewritten = page.value("page");
        assert!(
            rewritten.starts_with("HAMLET.\nThe rest is "),
            "{rewritten}"
        );
        assert!(
            rewritten.ends_with(", and the night is long."),
            "{rewritten}"
        );
        let link = page.value("share-link");
        assert!(
            link.contains("tool=together") && link.contains("text="),
            "{link}"
        );
        page.click("undo");
        assert!(page.value("page").contains("silence"));

        paste(page, "ROSALIND.\n");
        page.click("go-on");
        page.wait("some words", || {
            (page.value("page").len() > 12).then_some(())
        });
        page.click("go-on");
        page.wait_text("go-on", "Go on");
        let stopped = page.value("page");
        std::thread::sleep(std::time::Duration::from_millis(300));
        assert_eq!(page.value("page"), stopped, "it went on");
        page.click("page-clear");
        assert_eq!(page.value("page"), "");
        page.click("undo");
        assert_eq!(page.value("page"), stopped);
        for width in [820, 390] {
            page.resize(width, 900);
            assert!(!overflows(page), "at {width}");
        }
    });
}

#[test]
fn a_character_answers_and_the_conversation_comes_back_from_its_link() {
    let address = format!("{TOGETHER}&mode=dialogue&length=24");
    visit(Kind::Plain, &address, |page| {
        let speeches = || count(page, &format!("{} .together-speech", css("talk")));
        // The character speaks first by itself.
        page.until("an answer", &2, speeches);
        page.wait("its end", || (!page.has("talk-answer")).then_some(()));
        page.keys("talk-line", "Where is the king?");
        page.click("talk-say");
        page.until("an answer", &4, speeches);
        page.wait("its end", || (!page.has("talk-answer")).then_some(()));
        let all = page.text("talk");
        assert!(
            all.contains("HORATIO") && all.contains("Where is the king?"),
            "{all}"
        );
        axe::check(page, "a conversation");
        let link = page.value("share-link");
        let state = link.split_once('#').expect("a state").1.to_owned();
        page.click("talk-undo");
        page.until("two speeches", &2, speeches);
        page.click("talk-clear");
        page.until("nothing", &0, speeches);
        page.open_anew(&format!("#{state}"));
        page.until("the conversation", &4, speeches);
        page.wait("its end", || (!page.has("talk-answer")).then_some(()));
        assert_eq!(page.text("talk"), all);
    });
}

#[test]
fn a_text_is_summed_up_whatever_it_is_written_in() {
    visit(Kind::Plain, &format!("{TOGETHER}&mode=summary"), |page| {
        let marked = || count(page, &format!("{} mark", css("marked")));
        page.until("the sample's sentences", &3, marked);
        page.click("weigh");
        page.wait("sentences by the model", || {
            page.text("weighed").contains("nats").then_some(())
        });
        axe::check(page, "a summary");
        // 床前明月光。疑是地上霜。 in GB 2312.
        let moon: [u8; 24] = [
            0xB4, 0xB2, 0xC7, 0xB0, 0xC3, 0xF7, 0xD4, 0xC2, 0xB9, 0xE2, 0xA1, 0xA3, 0xD2, 0xC9,
            0xCA, 0xC7, 0xB5, 0xD8, 0xC9, 0xCF, 0xCB, 0xAA, 0xA1, 0xA3,
        ];
        page.give_file("source-file", &page.file("moon.txt", &moon));
        page.until(
            "the text",
            &"床前明月光。疑是地上霜。".to_owned(),
            || page.value("source"),
        );
        page.until("both sentences", &2, marked);
        page.give_file(
            "source-file",
            &page.file("no.txt", b"\x89PNG\r\n\x1a\n\0\0"),
        );
        page.wait_text("source-trouble", "cannot be read");
        assert_eq!(page.value("source"), "床前明月光。疑是地上霜。");
        // A plain text that is dropped on the room comes here as well.
        page.drop_file(
            "words-drop",
            "two.md",
            b"One thing is this. Another thing is that.",
        );
        page.wait_text("extracted", "One thing");
    });
}
