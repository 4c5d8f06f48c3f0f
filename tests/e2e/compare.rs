//! Pictures side by side, and the way of a grid out of the page and back.

use lampwork_pictures::read_content;
use lampwork_protocol::Axis;
use lampwork_protocol::link::Content;

use crate::browser::Kind;
use crate::page::{ENTER, RIGHT, visit};
use crate::worded::{open, rests, ship};

#[test]
fn a_grid_comes_back_from_its_png_and_its_link() {
    visit(Kind::Plain, "", |page| {
        ship(page);
        open(
            page,
            "&tool=compare&words=red+apple&seed=5&across=steps:1,3&down=guidance:0,2.5",
        );
        let cells =
            || ["compare-0", "compare-1", "compare-2", "compare-3"].map(|id| page.drawn(id));
        page.drawn("compare-3");
        rests(page, "compare-grid");
        let made = cells();
        assert!(made[0] != made[1] && made[0] != made[2], "all the same");

        page.click("compare-save");
        let file = page.downloaded(".png");
        page.wait_text("compare-word", "Saved");
        let Ok(Content::Grid(grid)) = read_content(&file) else {
            panic!("no grid inside");
        };
        assert_eq!(grid.across, Axis::Steps(vec![1, 3]));
        assert_eq!(grid.down, Some(Axis::Guidance(vec![0.0, 2.5])));
        assert_eq!(grid.base.words.as_deref(), Some("red apple"));
        let link = page.value("compare-link");

        // Dropped on another tool of another model.
        page.open_anew("#/?tool=blend");
        page.drawn("blend-big");
        page.drop_file("pictures-drop", "grid.png", &file);
        page.drawn_same("compare-3", &made[3]);
        rests(page, "compare-grid");
        assert_eq!(cells(), made);
        assert_eq!(page.value("prompt"), "red apple");
        assert_eq!(page.value("compare-across-values"), "1, 3");

        let state = link.split_once('#').expect("a state").1;
        page.open_anew(&format!("#{state}"));
        page.drawn_same("compare-3", &made[3]);
        rests(page, "compare-grid");
        assert_eq!(cells(), made);
    });
}

#[test]
fn columns_and_rows_are_chosen_and_walked() {
    visit(Kind::Plain, "#/?tool=compare", |page| {
        page.drawn("compare-11");
        // Two models beside each other, over the same seeds.
        page.click("compare-preset-models");
        page.until("the address", &true, || {
            page.address().contains("across=model")
        });
        let (left, right) = (page.drawn("compare-0"), page.drawn("compare-1"));
        assert_ne!(left, right);
        // One of them is taken out.
        page.click("compare-across-vae-fashion");
        page.wait("fewer columns", || {
            (!page.address().contains("vae-fashion")).then_some(())
        });
        page.choose("compare-down", "class");
        page.until("the address", &true, || {
            page.address().contains("down=class")
        });
        page.choose("compare-across", "seed");
        page.write("compare-across-values", "3, 4, 9");
        page.until("the address", &true, || {
            page.address().contains("seed%3A3%2C4%2C9")
        });
        page.drawn("compare-11");
        // What stood there before stays until the new picture is made.
        page.until("the grid made", &Some("false".to_owned()), || {
            page.attribute("compare-grid", "data-busy")
        });
        page.keys("compare-0", RIGHT);
        page.keys("compare-1", ENTER);
        page.wait("the second picture, looked at closely", || {
            let second = page.pixels("compare-1")?;
            (page.pixels("detail-picture")? == second).then_some(())
        });
        page.wait_text("recipe", "seed 4");
    });
}

#[test]
fn a_grid_that_cannot_be_opened_says_why() {
    visit(Kind::Plain, "#/?grid=broken", |page| {
        page.wait_text("trouble", "cannot be read");
        page.drawn("sheet-0");
    });
}
