//! Words said to a model, in the page.

use lampwork_protocol::Latent;
use serde_json::json;

use crate::axe;
use crate::browser::Kind;
use crate::page::{DOWN, ENTER, visit};
use crate::worded::{asked_for_words, open, rests, ship};

/// Escape, by its WebDriver code.
const ESCAPE: &str = "\u{e00c}";

#[test]
fn words_are_fetched_by_who_can_say_some_and_decide_the_pictures() {
    visit(Kind::Plain, "", |page| {
        page.drawn("sheet-0");
        assert!(!asked_for_words(page), "words on a visit that says none");
        assert!(!page.has("prompt"));
        ship(page);
        open(page, "&steps=2&guidance=5&count=16");
        let silent = page.drawn("sheet-3");
        assert!(asked_for_words(page));
        assert!(!page.has("show-ember") || !page.text("sheet-grid").contains("Tinted"));

        page.write("prompt", "red apple");
        let apple = page.drawn_other("sheet-3", &silent);
        page.until("the address", &true, || {
            page.address().contains("words=red")
        });
        page.wait_text("prompt-said", "Every word is known");
        rests(page, "sheet-grid");
        let apple = page.pixels("sheet-3").unwrap_or(apple);

        // Another language, by typing and resting.
        page.with("prompt", "arguments[0].select()");
        page.keys("prompt", "小狗");
        page.drawn_other("sheet-3", &apple);
        rests(page, "sheet-grid");
        let puppy = page.drawn("sheet-3");

        // A style, and the way back.
        page.click("class-2");
        page.drawn_other("sheet-3", &puppy);
        page.back();
        rests(page, "sheet-grid");
        page.drawn_same("sheet-3", &puppy);
        page.click("prompt-example-0");
        rests(page, "sheet-grid");
        assert_eq!(page.value("prompt"), "red apple");
        page.drawn_same("sheet-3", &apple);

        // Tools that do not fit are out of sight.
        for (tool, hidden) in [
            ("tool-map", true),
            ("tool-draw", true),
            ("tool-blend", false),
        ] {
            let is = page.with(tool, "return arguments[0].hidden");
            assert_eq!(is, Some(json!(hidden)), "{tool}");
        }
    });
}

#[test]
fn unknown_words_are_told_and_nothing_is_made_of_them() {
    visit(Kind::Plain, "", |page| {
        ship(page);
        open(page, "&steps=2&count=16");
        let silent = page.drawn("sheet-0");
        rests(page, "sheet-grid");
        let silent = page.pixels("sheet-0").unwrap_or(silent);
        page.write("prompt", "xyzzy");
        page.wait_text("prompt-said", "nothing is made");
        axe::check(page, "an unknown word");
        rests(page, "sheet-grid");
        page.drawn_same("sheet-0", &silent);
        // With a known one beside it, only the other is told.
        page.write("prompt", "the red xyzzy apple");
        page.drawn_other("sheet-0", &silent);
        let told = page.wait_text("prompt-said", "Not known");
        assert!(
            told.contains("xyzzy") && !told.contains("nothing"),
            "{told}"
        );
        assert!(!told.contains("the"), "{told}");
        page.write("prompt", "of the");
        page.wait_text("prompt-said", "mean nothing");
        // A link without words is as before.
        page.write("prompt", " ");
        page.until("the address", &false, || page.address().contains("words="));
    });
}

#[test]
fn a_suggestion_is_taken_by_keys() {
    visit(Kind::Plain, "", |page| {
        ship(page);
        open(page, "&steps=2&count=16");
        page.drawn("sheet-0");
        let expanded = || page.attribute("prompt", "aria-expanded");
        // Once the table of words is there.
        page.write("prompt", "a red");
        page.wait_text("prompt-said", "known");
        page.keys("prompt", " appl");
        page.until("suggestions", &Some("true".to_owned()), expanded);
        axe::check(page, "suggestions");
        page.keys("prompt", ESCAPE);
        page.until("no suggestions", &Some("false".to_owned()), expanded);
        page.keys("prompt", DOWN);
        page.until("one to take", &Some("prompt-option-0".to_owned()), || {
            page.attribute("prompt", "aria-activedescendant")
        });
        assert_eq!(
            page.attribute("prompt-option-0", "aria-selected")
                .as_deref(),
            Some("true")
        );
        let word = page.text("prompt-option-0");
        assert!(word.starts_with("appl"), "{word}");
        page.keys("prompt", ENTER);
        page.until("the text", &format!("a red {word}"), || {
            page.value("prompt")
        });
        page.until("no suggestions", &Some("false".to_owned()), expanded);
        page.wait("the address", || {
            page.address().contains("words=a").then_some(())
        });
    });
}

#[test]
fn what_is_being_made_is_cancelled_and_taken_up_again() {
    visit(Kind::Plain, "", |page| {
        ship(page);
        open(page, "&steps=50&count=100&words=heart");
        page.wait_text("prompt-make", "Cancel");
        page.wait("a picture on its way", || page.pixels("sheet-0"));
        page.click("prompt-make");
        rests(page, "sheet-grid");
        page.wait_text("prompt-make", "Make");
        assert!(page.pixels("sheet-99").is_none(), "all were made");
        page.choose("count", "16");
        rests(page, "sheet-grid");
        page.drawn("sheet-15");
    });
}

#[test]
fn a_colour_picture_comes_back_from_its_png_and_its_link() {
    visit(Kind::Plain, "", |page| {
        ship(page);
        open(page, "&steps=3&count=16&words=red+apple&class=1");
        page.drawn("sheet-15");
        rests(page, "sheet-grid");
        page.click("sheet-2");
        let chosen = page.drawn("detail-picture");
        page.wait_text("recipe", "red apple");
        page.click("find-nearest");
        page.wait_text("nearest", "Of 1908");
        let link = page.value("share-link");
        page.click("save-png");
        let file = page.downloaded(".png");
        let recipe = lampwork_pictures::read_recipe(&file).expect("a recipe inside");
        let Latent::Worded { words, .. } = &recipe.latent else {
            panic!("no words in {recipe:?}");
        };
        assert_eq!(words, "red apple");
        let reader = png::Decoder::new(std::io::Cursor::new(&file))
            .read_info()
            .expect("a PNG");
        assert_eq!(reader.info().color_type, png::ColorType::Rgb);
        assert_eq!(reader.info().width, 32 * 16);

        page.open_anew("#/");
        page.drawn("sheet-0");
        page.drop_file("pictures-drop", "picture.png", &file);
        page.drawn_same("detail-picture", &chosen);
        let state = link.split_once('#').expect("a state").1;
        page.open_anew(&format!("#{state}"));
        page.drawn_same("detail-picture", &chosen);
    });
}

#[test]
fn a_table_of_words_that_is_damaged_is_told_and_asked_for_again() {
    visit(Kind::Plain, "", |page| {
        ship(page);
        let words = page.site.file("words/words.safetensors");
        page.site.put("words/words.safetensors", vec![7; 3_000]);
        open(page, "&steps=1&count=16&words=heart");
        page.wait_text("prompt-said", "cannot be read");
        assert!(page.pixels("sheet-0").is_none(), "made without words");
        page.site.put("words/words.safetensors", words);
        page.click("words-retry");
        page.drawn("sheet-0");
        page.wait_text("prompt-said", "Every word is known");
    });
}
