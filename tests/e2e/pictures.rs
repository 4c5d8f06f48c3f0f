//! The Pictures room, every control of it.

use serde_json::json;

use crate::browser::Kind;
use crate::page::{DOWN, ENTER, LEFT, Page, RIGHT, SHIFT, UP, css, visit};

fn focused(page: &Page) -> String {
    let id = page.driver.run(
        "return document.activeElement.dataset.testid ?? ''",
        &json!([]),
    );
    id.as_str().unwrap_or_default().to_owned()
}

#[test]
fn a_sheet_follows_class_seed_temperature_and_count() {
    visit(Kind::Plain, "", |page| {
        let first = page.drawn("sheet-0");
        assert_ne!(page.drawn("sheet-1"), first);

        page.click("class-9");
        let boots = page.drawn_other("sheet-0", &first);
        page.until("class", &true, || page.address().contains("class=9"));
        assert_eq!(
            page.attribute("class-9", "aria-pressed").as_deref(),
            Some("true")
        );

        page.write("seed", "12345");
        let seeded = page.drawn_other("sheet-0", &boots);
        page.until("seed", &true, || page.address().contains("seed=12345"));
        page.click("die");
        page.drawn_other("sheet-0", &seeded);
        page.write("seed", "12345");
        page.drawn_same("sheet-0", &seeded);

        page.keys("temperature", &LEFT.repeat(40));
        page.until("temperature", &"0.6".to_owned(), || {
            page.value("temperature")
        });
        page.drawn_other("sheet-0", &seeded);

        assert!(!page.has("sheet-36"));
        page.choose("count", "64");
        page.drawn("sheet-63");
        page.choose("count", "16");
        page.wait("a smaller sheet", || (!page.has("sheet-16")).then_some(()));
        page.click("class-any");
        page.until("class", &false, || page.address().contains("class="));

        let tinted = page.drawn("sheet-3");
        page.click("show-ember");
        let grey = page.drawn_other("sheet-3", &tinted);
        page.click("show-smooth");
        page.wait("smooth pictures", || {
            page.driver
                .find(&format!("{} canvas.smooth", css("sheet-3")))
        });
        // What is shown, not what is made.
        page.drawn_same("sheet-3", &grey);
    });
}

#[test]
fn keys_move_over_the_sheet_and_pick() {
    visit(Kind::Plain, "#/?count=16", |page| {
        let other = page.drawn("sheet-1");
        page.keys("sheet-0", RIGHT);
        page.until("focus", &"sheet-1".to_owned(), || focused(page));
        page.keys("sheet-1", ENTER);
        page.drawn_same("detail-picture", &other);
        page.keys("sheet-1", DOWN);
        let below = focused(page);
        assert_ne!(below, "sheet-1");
        page.keys(&below, UP);
        page.until("focus", &"sheet-1".to_owned(), || focused(page));
        // One tab stop for the whole sheet.
        let stops = page.driver.run(
            "return document.querySelectorAll('[data-testid=sheet-grid] [tabindex=\"0\"]').length",
            &json!([]),
        );
        assert_eq!(stops, 1);
    });
}

#[test]
fn the_map_is_walked_by_pointer_keys_and_sliders() {
    visit(Kind::Plain, "#/?tool=map", |page| {
        let middle = page.drawn("map-big");
        page.wait("the sea of pictures", || page.pixels("map"));
        page.drag("map", &[(0.0, 0.0), (0.2, 0.1), (0.3, -0.3)]);
        let dragged = page.drawn_other("map-big", &middle);
        page.until("the address", &true, || {
            let address = page.address();
            address.contains("x=1.8") && address.contains("y=1.8")
        });

        page.keys("map", &format!("{LEFT}{LEFT}{DOWN}"));
        let walked = page.drawn_other("map-big", &dragged);
        page.keys("map", &format!("{SHIFT}{RIGHT}"));
        page.drawn_other("map-big", &walked);
        let x = page.value("map-x");
        page.keys("map-x", LEFT);
        page.wait("the slider to move", || {
            (page.value("map-x") != x).then_some(())
        });

        // The same place from a link, once the address has followed.
        let here = page.drawn("map-big");
        let address = page.wait("the address to follow", || {
            let x = format!("x={}", page.value("map-x"));
            Some(page.address()).filter(|address| address.contains(&x))
        });
        page.driver.post("/url", &json!({ "url": "about:blank" }));
        page.driver.post("/url", &json!({ "url": address }));
        page.drawn_same("map-big", &here);

        page.click("model-map-digits");
        page.drawn_other("map-big", &here);
        page.click("map-big");
        page.drawn("detail-picture");
    });
}

#[test]
fn two_pictures_are_blended() {
    visit(Kind::Plain, "#/?tool=blend", |page| {
        let [start, half, end] = ["slot-a", "blend-big", "slot-b"].map(|id| page.drawn(id));
        assert!(start != half && half != end && start != end);
        assert_eq!(page.drawn("still-0"), start);
        assert_eq!(page.drawn("still-8"), end);

        page.click("still-0");
        page.drawn_same("blend-big", &start);
        page.keys("blend-t", &RIGHT.repeat(30));
        let third = page.drawn_other("blend-big", &start);
        page.until("the address", &true, || page.address().contains("t=0.3"));

        page.click("blend-play");
        page.drawn_other("blend-big", &third);
        page.click("blend-play");
        page.until("play", &Some("false".to_owned()), || {
            page.attribute("blend-play", "aria-pressed")
        });

        // Another end, from the tray.
        page.click("slot-b");
        let chosen = page.drawn("tray-7");
        page.click("tray-7");
        page.drawn_same("slot-b", &chosen);
        page.drawn_same("still-8", &chosen);
    });
}

#[test]
fn pictures_are_added_up() {
    visit(Kind::Plain, "#/?tool=arithmetic", |page| {
        let sum = page.drawn("arithmetic-big");
        let a = page.drawn("slot-a");
        // A - B + B is A.
        let same = page.drawn("tray-5");
        page.click("slot-b");
        page.click("tray-5");
        page.drawn_same("slot-b", &same);
        let other = page.drawn_other("arithmetic-big", &sum);
        page.click("slot-c");
        page.click("tray-5");
        page.drawn_same("slot-c", &same);
        page.drawn_other("arithmetic-big", &other);
        page.drawn_same("arithmetic-big", &a);
    });
}

#[test]
fn one_picture_is_varied() {
    visit(Kind::Plain, "", |page| {
        page.click("sheet-4");
        let chosen = page.drawn("detail-picture");
        page.click("vary");
        page.drawn_same("variations-big", &chosen);
        let neighbour = page.drawn("variations-0");
        assert_ne!(neighbour, chosen);
        page.keys("amount", &RIGHT.repeat(10));
        let farther = page.drawn_other("variations-0", &neighbour);
        page.write("seed", "99");
        page.drawn_other("variations-0", &farther);
        page.click("variations-3");
        page.drawn_other("detail-picture", &chosen);
    });
}

#[test]
fn a_scribble_is_answered_by_pointer_and_by_keys() {
    visit(Kind::Plain, "#/?tool=draw", |page| {
        page.wait("the model", || {
            (page.text("progress").is_empty() && page.has("model-vae-digits")).then_some(())
        });
        // A one.
        page.drag("pad", &[(0.0, -0.3), (0.0, -0.1), (0.0, 0.1), (0.0, 0.3)]);
        let one = page.drawn("draw-big");
        page.drawn("near-0");
        page.wait_text("draw-says", "takes it for");
        // And a bar across it.
        page.drag("pad", &[(-0.3, 0.0), (0.3, 0.0)]);
        page.drawn_other("draw-big", &one);

        page.click("draw-clear");
        page.wait("an empty answer", || {
            page.pixels("draw-big").is_none().then_some(())
        });
        page.keys("pad", &format!(" {SHIFT}{}", DOWN.repeat(6)));
        let by_keys = page.drawn("draw-big");
        let strokes = page.drawn("pad");
        page.click("draw-erase");
        page.drag("pad", &[(0.0, 0.1), (0.0, 0.3)]);
        page.drawn_other("pad", &strokes);
        page.drawn("draw-big");
        assert!(!by_keys.is_empty());
        page.click("draw-big");
        page.drawn("detail-picture");
    });
}

#[test]
fn models_are_chosen() {
    visit(Kind::Plain, "", |page| {
        let fashion = page.drawn("sheet-0");
        page.click("model-gan-digits");
        let digits = page.drawn_other("sheet-0", &fashion);
        page.click("model-vae-digits");
        page.drawn_other("sheet-0", &digits);
        page.until("model", &true, || {
            page.address().contains("model=vae-digits")
        });
        page.click("tool-map");
        // A model that cannot do the tool gives way to one that can.
        page.drawn("map-big");
        page.click("tool-sheet");
        page.drawn("sheet-0");
    });
}
