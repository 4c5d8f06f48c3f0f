//! The part of the page that comes after the first pictures.

use crate::browser::Kind;
use crate::page::{Page, visit};

/// Path of the part's file.
fn part(page: &Page) -> String {
    page.site
        .find("split_later.wasm")
        .expect("the page was not split: `cargo xtask dist` does it")
}

fn times_asked(page: &Page, path: &str) -> usize {
    let asked = page.site.asked();
    asked.iter().filter(|asked| asked.ends_with(path)).count()
}

#[test]
fn the_other_rooms_come_by_themselves_and_once() {
    visit(Kind::Plain, "", |page| {
        let part = part(page);
        let html = String::from_utf8(page.site.file("index.html")).expect("text");
        assert!(!html.contains(&part), "fetched before the first pictures");
        page.drawn("sheet-0");
        page.wait("the other rooms", || {
            (times_asked(page, &part) > 0).then_some(())
        });
        for (room, sign) in [
            ("workbench", "workbench-state"),
            ("how", "explain-train"),
            ("measures", "measures-table"),
        ] {
            page.click(&format!("room-{room}"));
            page.wait(sign, || page.has(sign).then_some(()));
        }
        assert_eq!(times_asked(page, &part), 1);
    });
}

#[test]
fn a_room_that_cannot_be_fetched_says_so_comes_later_and_loses_nothing() {
    visit(Kind::Plain, "", |page| {
        page.drawn("sheet-0");
        let part = part(page);
        page.site.lose(&part);
        page.open_anew("#/?seed=11");
        let picture = page.drawn("sheet-0");

        page.click("room-workbench");
        page.wait_text("later-missing", "could not be fetched");
        page.click("language");
        page.wait_text("later-missing", "未能下载");
        page.click("language");
        page.wait_text("later-missing", "could not be fetched");
        let before = times_asked(page, &part);
        page.click("later-retry");
        page.wait("another try", || {
            (times_asked(page, &part) > before).then_some(())
        });
        page.wait_text("later-missing", "could not be fetched");

        // The first room needs none of it.
        page.back();
        page.drawn_same("sheet-0", &picture);
        page.with(
            "pictures-how",
            "arguments[0].querySelector('summary').click()",
        );
        page.wait_text("later-missing", "could not be fetched");

        page.site.find_again(&part);
        page.click("later-retry");
        page.wait("the drawing", || page.has("explain-gan").then_some(()));
        assert_eq!(page.pixels("sheet-0"), Some(picture));
        page.click("room-workbench");
        page.drawn("workbench-samples");
        // That a file was not there, the browser says itself.
        page.driver.log("browser");
    });
}
