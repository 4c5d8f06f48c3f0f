//! The word filter for classrooms, in every tool.

use serde_json::json;

use crate::browser::Kind;
use crate::page::{Page, visit};

/// Where the site keeps the list.
const LIST: &str = "words/filter.txt";

/// Where there is nothing, and so nothing that keeps anything.
const NOWHERE: &str = "nowhere";

/// Opens an address as on a first visit.
fn open(page: &Page, address: &str) {
    // Once the page is gone, or it would keep what it shows.
    page.open_anew(NOWHERE);
    page.driver.run("localStorage.clear()", &json!([]));
    // That there is nothing, nor an icon of it, is no error of the site.
    std::thread::sleep(std::time::Duration::from_millis(500));
    page.driver.log("browser");
    page.open_anew(address);
}

/// What is shown of a text once it is long enough and has rested.
fn shown(page: &Page, id: &str) -> String {
    let text = || match id {
        "page" => page.value(id),
        // Not what the visitor gave for its ends.
        "walk-texts" => {
            let script = "return [...arguments[0].querySelectorAll('li p:first-child')]
                .map(verse => verse.innerText).join(' ')";
            let verses = page.with(id, script);
            let verses = verses.and_then(|verses| verses.as_str().map(str::to_owned));
            verses.unwrap_or_default()
        }
        _ => page.text(id),
    };
    page.wait("a text that rests", || {
        let before = text();
        std::thread::sleep(std::time::Duration::from_millis(700));
        (before.chars().count() > 30 && before == text()).then_some(before)
    })
}

/// The word that is listed: of what the model wrote, not of what it was given.
fn word(id: &str, text: &str) -> String {
    if id == "page" {
        // Its first two lines are there before the model is asked.
        let written = text.lines().skip(2).collect::<Vec<_>>().join(" ");
        let mut words = written.split(|one: char| !one.is_ascii_lowercase());
        return words
            .find(|word| word.len() > 3)
            .expect("a word")
            .to_owned();
    }
    let mut verse = text
        .chars()
        .filter(|one| *one >= '\u{4e00}' && *one <= '\u{9fff}');
    // The first may stand for the beginning, or for the form.
    verse.nth(8).expect("a character").to_string()
}

#[test]
fn a_listed_word_is_masked_in_every_tool() {
    visit(Kind::Plain, "#/words", |page| {
        for (tool, id) in [
            ("tool=poem&model=poems-small", "poem-0"),
            ("tool=together&model=shakespeare", "page"),
            ("tool=inside&model=poems-small&seed=7", "inside-text"),
            ("tool=teach&model=poems-small", "teach-alone"),
            ("tool=walk&model=textvae-poems", "walk-texts"),
        ] {
            page.site.find_again(LIST);
            let address = format!("#/words?{tool}");
            open(page, &address);
            let word = word(id, &shown(page, id));
            let list = format!("lampwork word filter 1\n{word}\n");
            page.site.put(LIST, list.into_bytes());
            open(page, &format!("{address}&filter=1"));
            page.wait_text("filter-on", "masks");
            let masked = shown(page, id);
            let mask = if id == "page" { "****" } else { "＊" };
            assert!(masked.contains(mask), "{tool}: {masked}");
            let words = masked.to_lowercase();
            let mut words = words.split(|one: char| !one.is_ascii_alphabetic());
            let listed = match id {
                "page" => words.any(|other| other == word),
                _ => masked.contains(&word),
            };
            assert!(!listed, "{tool}: {word} in {masked}");
        }
    });
}
