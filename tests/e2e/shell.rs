//! Language, theme and device: what every room shares.

use serde_json::json;

use crate::browser::Kind;
use crate::page::{Page, visit};

fn root(page: &Page, what: &str) -> String {
    let value = page.driver.run(
        &format!("return document.documentElement.{what}"),
        &json!([]),
    );
    value.as_str().unwrap_or_default().to_owned()
}

#[test]
fn every_room_speaks_both_languages() {
    visit(Kind::Plain, "", |page| {
        page.drawn("sheet-0");
        for room in ["pictures", "workbench", "how"] {
            page.click(&format!("room-{room}"));
            page.until("language", &"en".to_owned(), || root(page, "lang"));
            let heading = || {
                let script = "return document.querySelector('h1')?.innerText";
                page.wait("a heading", || {
                    let text = page.driver.run(script, &json!([]));
                    text.as_str().map(str::to_owned)
                })
            };
            let english = heading();
            page.click("language");
            page.until("language", &"zh-Hans".to_owned(), || root(page, "lang"));
            let chinese = heading();
            assert_ne!(chinese, english);
            assert!(
                chinese
                    .chars()
                    .any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c)),
                "{chinese}"
            );
            page.click("language");
        }
    });
}

#[test]
fn light_and_dark_are_two_looks() {
    visit(Kind::Plain, "", |page| {
        page.drawn("sheet-0");
        let ground = || {
            let script = "return getComputedStyle(document.body).backgroundColor";
            page.driver
                .run(script, &json!([]))
                .as_str()
                .unwrap_or_default()
                .to_owned()
        };
        let (theme, before) = (root(page, "dataset.theme"), ground());
        page.click("theme");
        page.wait("the other theme", || {
            (root(page, "dataset.theme") != theme).then_some(())
        });
        page.wait("another ground", || (ground() != before).then_some(()));
        page.click("theme");
        page.until("the first theme", &theme, || root(page, "dataset.theme"));
    });
}

#[test]
fn the_keyboard_reaches_the_content_and_focus_is_seen() {
    visit(Kind::Plain, "", |page| {
        page.drawn("sheet-0");
        page.keys("skip", crate::page::ENTER);
        let main = page
            .driver
            .run("return document.activeElement.id", &json!([]));
        assert_eq!(main, "main");
        page.click("home");
        page.until("room", &Some("page".to_owned()), || {
            page.attribute("room-pictures", "aria-current")
        });
    });
}

#[test]
fn the_device_is_named_and_a_missing_one_falls_back() {
    visit(Kind::Plain, "", |page| {
        page.drawn("sheet-0");
        page.wait_text("device-name", "CPU");
        page.choose("device-choice", "cpu");
        page.wait_text("device-name", "CPU");
        page.choose("device-choice", "webgpu");
        page.wait("a word", || page.has("device-dismiss").then_some(()));
        page.wait_text("device-word", "cannot be used");
        page.wait_text("device-name", "CPU");
        page.click("device-dismiss");
        page.write("seed", "5");
        page.drawn("sheet-35");
        // That there is no adapter, the browser may say itself.
        page.driver.log("browser");
    });
}
