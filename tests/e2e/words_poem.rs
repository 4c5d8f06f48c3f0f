//! The Words room: poems.

use lampwork_protocol::words::{TextPrompt, front_matter};

use crate::browser::Kind;
use crate::page::{Page, visit};

const QUATRAIN: &str = "#/words?tool=poem&model=poems-small&form=five-quatrain";

/// A line of the only sheet.
fn line(page: &Page, at: usize) -> String {
    let text = page.text(&format!("poem-line-{at}"));
    text.split_whitespace().collect()
}

/// The lines of the only sheet, once its poem is done and checked.
#[track_caller]
fn poem(page: &Page, lines: usize) -> Vec<String> {
    page.wait("a checked poem", || {
        let done = page.attribute("poem-0", "data-busy").as_deref() == Some("false");
        (done && page.has("verdict-lengths")).then_some(())
    });
    (0..lines).map(|at| line(page, at)).collect()
}

/// As [`poem`], once it is another than this.
#[track_caller]
fn other_poem(page: &Page, than: &[String]) -> Vec<String> {
    page.wait("another poem", || {
        let now = poem(page, than.len());
        (now != than).then_some(now)
    })
}

#[track_caller]
fn same_poem(page: &Page, as_before: &[String]) {
    page.wait("the same poem", || {
        (poem(page, as_before.len()) == as_before).then_some(())
    });
}

#[test]
fn a_first_poem_writes_itself_and_keeps_its_form() {
    visit(Kind::Plain, "#/words", |page| {
        let first = poem(page, 4);
        for line in &first {
            assert_eq!(line.chars().count(), 8, "seven and a mark: {line}");
        }
        for point in ["verdict-lengths", "verdict-tones", "verdict-rhymes"] {
            assert_eq!(page.attribute(point, "data-kept").as_deref(), Some("true"));
        }
        page.wait_text("poem-said", &first[0][..6]);
        page.wait_text("speed", "characters a second");

        // Another, a form of its own, and back to each.
        page.click("poem-write");
        let second = other_poem(page, &first);
        page.click("form-five-regulated");
        page.wait("eight lines", || page.has("poem-line-7").then_some(()));
        assert_eq!(poem(page, 8)[7].chars().count(), 6);
        page.back();
        same_poem(page, &second);
        page.back();
        same_poem(page, &first);
        page.click("poem-write");
        other_poem(page, &first);
        page.reload();
        assert_eq!(poem(page, 4).len(), 4);
    });
}

#[test]
fn a_line_is_written_anew_kept_and_typed_over() {
    visit(Kind::Plain, QUATRAIN, |page| {
        let first = poem(page, 4);
        page.click("poem-line-1");
        page.click("line-again");
        page.wait("its recipe in the address", || {
            page.address().contains("text=").then_some(())
        });
        let anew = poem(page, 4);
        assert_eq!(
            [&anew[0], &anew[2], &anew[3]],
            [&first[0], &first[2], &first[3]]
        );

        page.click("line-keep");
        page.click("poem-rest");
        let rest = other_poem(page, &anew);
        assert_eq!(rest[1], anew[1]);

        // Simplified characters are taken for the traditional ones.
        page.click("line-edit");
        page.write("line-text", "白日依山尽");
        page.wait("the line", || {
            line(page, 1).starts_with("白日依山盡").then_some(())
        });
        let edited = poem(page, 4);
        page.reload();
        same_poem(page, &edited);

        page.click("poem-line-1");
        page.click("line-edit");
        page.write("line-text", "moon 🌙");
        page.wait_text("line-wrong", "🌙");
        same_poem(page, &edited);
        page.back();
        same_poem(page, &rest);
    });
}

#[test]
fn a_poem_begins_as_it_is_asked_to_or_says_why_not() {
    let address = format!("{QUATRAIN}&heads=春夏秋冬");
    visit(Kind::Plain, &address, |page| {
        let acrostic = poem(page, 4);
        let heads: String = acrostic
            .iter()
            .filter_map(|line| line.chars().next())
            .collect();
        assert_eq!(heads, "春夏秋冬");
        assert_eq!(
            page.attribute("verdict-heads", "data-kept").as_deref(),
            Some("true")
        );
        page.write("poem-heads", "春夏秋冬春夏秋冬");
        page.wait_text("poem-wrong", "4 lines");
        same_poem(page, &acrostic);
        page.click("poem-heads-clear");
        page.write("poem-first", "مرحبا");
        page.wait_text("poem-wrong", "مرحبا");
        page.write("poem-first", "春风");
        page.wait("its first words", || {
            line(page, 0).starts_with("春風").then_some(())
        });
        poem(page, 4);
    });
}

#[test]
fn four_sheets_lie_side_by_side_and_one_is_taken() {
    visit(
        Kind::Plain,
        &format!("{QUATRAIN}&sheets=4&mood=calm"),
        |page| {
            page.wait_text("sheet-verdict-3", "form");
            page.click("take-2");
            let taken = poem(page, 4);
            page.click("find-source");
            page.wait_text("source-run", "training poems");
            page.click("save-text");
            let file = page.downloaded(".md");
            let file = String::from_utf8(file).expect("text");
            let (recipe, text) = front_matter::read(&file).expect("sound").expect("a recipe");
            assert_eq!((recipe.index, text.trim()), (2, taken.concat().as_str()));
            let TextPrompt::Poem(asked) = &recipe.prompt else {
                panic!("{recipe:?}");
            };
            assert_eq!(asked.mood.as_deref(), Some("calm"));

            page.open_anew("#/words?tool=poem&form=seven-quatrain");
            poem(page, 4);
            page.drop_file("words-drop", "poem.md", file.as_bytes());
            same_poem(page, &taken);
            page.until("its wishes in the address", &true, || {
                page.address().contains("mood=calm")
            });
        },
    );
}

#[test]
fn the_word_filter_is_on_for_who_has_its_link_in_every_tool() {
    visit(Kind::Plain, &format!("{QUATRAIN}&filter=1"), |page| {
        page.wait_text("filter-on", "masks");
        poem(page, 4);
        let link = page.value("share-link");
        assert!(link.ends_with("&filter=1"), "{link}");
        page.click("tool-inside");
        page.wait("the flag", || {
            page.address().contains("filter=1").then_some(())
        });
        assert!(page.has("filter-on"));
    });
}
