//! What a model of words expects and looks at.

use crate::browser::Kind;
use crate::page::{Page, RIGHT, visit};

/// Opens the tool with a small model and some more of its state.
fn open(page: &Page, state: &str) {
    page.open_anew(&format!("#/words?tool=inside&model=poems-small{state}"));
    done(page);
}

/// Waits until a text is done.
fn done(page: &Page) -> String {
    page.wait("a text that is done", || {
        Some(page.text("inside-said")).filter(|said| !said.is_empty())
    })
}

/// The tokens that are shown.
fn tokens(page: &Page) -> Vec<String> {
    let script = "return [...arguments[0].querySelectorAll('[data-at]')].map(t => t.textContent)";
    let tokens = page.with("inside-text", script).expect("a text");
    let tokens = tokens.as_array().expect("a list").iter();
    tokens
        .map(|token| token.as_str().unwrap_or_default().to_owned())
        .collect()
}

/// Number of the chosen token.
fn chosen(page: &Page) -> Option<String> {
    page.attribute("inside-text", "aria-activedescendant")
}

#[test]
fn a_poem_is_written_and_seen_into() {
    visit(Kind::Plain, "", |page| {
        open(page, "&seed=7");
        let first = tokens(page);
        assert!(first.len() > 20, "{first:?}");
        // What was told, the form, and the verse.
        assert_eq!(first.first().map(String::as_str), Some("start"));

        // By keys along the tokens; the card follows.
        page.keys("inside-text", RIGHT);
        let at = chosen(page).expect("a token");
        page.wait_text("inside-card", "Looks at, on average");
        page.keys("inside-text", RIGHT);
        page.wait("the next token", || (chosen(page)? != at).then_some(()));

        // A head, by its radio button; it is kept in the address, and so is the seed.
        page.with("inside-head-2.3", "arguments[0].click()");
        page.wait_text("inside-card", "head 3 of layer 2");
        page.until("the address", &true, || page.address().contains("look=2.3"));
        page.wait_text("inside-habit", "tokens back");
        page.reload();
        done(page);
        assert_eq!(tokens(page), first);
        page.keys("inside-text", RIGHT);
        page.wait_text("inside-card", "head 3 of layer 2");

        // Four layers of 112 numbers, a key and a value each.
        page.wait_text("inside-saved", "Without it");
        page.with("inside-table", "arguments[0].open = true");
        let rows = "return arguments[0].querySelectorAll('tbody tr').length";
        let count = first.len() as u64;
        page.until("rows", &Some(count), || {
            page.with("inside-table", rows)?.as_u64()
        });

        page.click("inside-write");
        page.wait("another text", || {
            let now = tokens(page);
            (!page.text("inside-said").is_empty() && now != first).then_some(())
        });
        page.back();
        page.until("the first text", &first, || tokens(page));
    });
}

#[test]
fn a_text_in_disorder_costs_more_and_what_cannot_be_read_is_told() {
    visit(Kind::Plain, "", |page| {
        open(page, "&seed=7");
        page.click("inside-way-read");
        let bits = |example: &str, verse: &str| {
            page.click(example);
            page.wait("the text", || {
                let text: String = tokens(page).concat();
                (text.contains(verse) && !page.text("inside-said").is_empty()).then_some(())
            });
            let bits = page.text("inside-bits-a-character");
            bits.parse::<f64>().expect("a number")
        };
        let known = bits("inside-example-0", "處處聞啼鳥");
        let disorder = bits("inside-example-1", "曉不春處眠");
        assert!(known < disorder, "{known} and {disorder}");

        // Nothing is lost where nothing can be read.
        let shown = tokens(page);
        for (typed, word) in [
            ("", "nothing to read"),
            ("moon \u{1F319}", "Chinese verse alone"),
        ] {
            page.with("inside-own", "arguments[0].value = ''");
            let script = format!(
                "arguments[0].value = {typed:?}; \
                 arguments[0].dispatchEvent(new Event('input', {{ bubbles: true }}))"
            );
            page.with("inside-own", &script);
            page.click("inside-read");
            page.wait_text("inside-own-wrong", word);
            assert_eq!(page.value("inside-own"), typed);
            assert_eq!(tokens(page), shown);
        }
    });
}

#[test]
fn simplified_characters_are_read_as_the_traditional_ones() {
    visit(Kind::Plain, "", |page| {
        open(page, "&read=处处闻啼鸟");
        let text: String = tokens(page).concat();
        assert!(text.contains("處處聞啼鳥"), "{text}");
        open(page, "&seed=7&first=处处闻");
        let text: String = tokens(page).concat();
        assert!(text.contains("處處聞"), "{text}");
    });
}

#[test]
fn parts_of_words_are_shown_as_parts() {
    visit(Kind::Plain, "", |page| {
        page.open_anew("#/words?tool=inside&model=shakespeare&read=Incarnadine%20thou");
        done(page);
        let joined = "return arguments[0].querySelectorAll('.joined').length";
        let parts = page.with("inside-text", joined).and_then(|n| n.as_u64());
        assert!(parts > Some(0), "{:?}", tokens(page));
        assert_eq!(
            tokens(page)[1..].concat().replace("play", ""),
            "Incarnadine thou"
        );
    });
}

#[test]
fn an_lstm_has_no_attention_and_keeps_a_state_of_one_size() {
    visit(Kind::Plain, "", |page| {
        page.open_anew("#/words?tool=inside&model=lstm-poems&read=%E6%9C%88%E5%85%89");
        done(page);
        page.wait_text("inside-no-attention", "one state");
        let kept = page.text("inside-kept");
        assert!(!kept.is_empty() && !page.has("inside-map"));
        let read = "%E6%9C%88%E5%85%89%E6%98%8E%E6%9C%88%E5%85%89";
        page.open_anew(&format!("#/words?tool=inside&model=lstm-poems&read={read}"));
        done(page);
        assert_eq!(page.text("inside-kept"), kept, "whatever it has read");
    });
}
