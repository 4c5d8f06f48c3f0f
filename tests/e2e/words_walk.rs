//! From one verse to another.

use crate::browser::Kind;
use crate::page::{Page, visit};

fn verses(page: &Page) -> Vec<String> {
    let script =
        "return [...arguments[0].querySelectorAll('li p:first-child')].map(p => p.innerText)";
    let verses = page.with("walk-texts", script);
    let verses = verses.and_then(|verses| verses.as_array().cloned());
    let verses = verses.unwrap_or_default();
    verses
        .iter()
        .map(|verse| verse.as_str().unwrap_or_default().to_owned())
        .collect()
}

#[test]
fn a_walk_is_begun_changed_and_found_again() {
    visit(
        Kind::Plain,
        "#/words?tool=walk&model=textvae-poems",
        |page| {
            page.until("verses", &5, || verses(page).len());
            let first = verses(page);
            assert!(
                first.iter().all(|verse| !verse.trim().is_empty()),
                "{first:?}"
            );
            page.wait_text("walk-said", "5 verses");
            page.wait_text("walk-numbers", "dimensions");

            let more = "arguments[0].value = '7'; \
            arguments[0].dispatchEvent(new Event('change', { bubbles: true }))";
            page.with("walk-steps", more);
            page.until("verses", &7, || verses(page).len());
            page.click("walk-turn");
            page.wait("the way back", || {
                let now = verses(page);
                (now.first() == first.last() && now.last() == first.first()).then_some(())
            });
            let back = verses(page);
            page.reload();
            page.until("the same walk", &back, || verses(page));
        },
    );
}

#[test]
fn an_end_that_is_no_verse_is_told() {
    visit(
        Kind::Plain,
        "#/words?tool=walk&model=textvae-poems",
        |page| {
            page.until("verses", &5, || verses(page).len());
            let before = verses(page);
            page.with(
                "walk-to",
                "arguments[0].value = 'moon \u{1F319} \u{645}\u{631}\u{62D}\u{628}\u{627}'; \
             arguments[0].dispatchEvent(new Event('input', { bubbles: true }))",
            );
            page.click("walk-go");
            page.wait_text("walk-wrong", "Chinese characters");
            assert_eq!(verses(page), before);
        },
    );
}
