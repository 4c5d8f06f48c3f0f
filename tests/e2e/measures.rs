//! The figures of the shipped models.

use crate::browser::Kind;
use crate::page::{Page, visit};

/// Models in the order of the table, by their test ids.
fn order(page: &Page) -> Vec<String> {
    let rows = page.with(
        "measures-table",
        "return [...arguments[0].querySelectorAll('tbody tr')].map(row => row.dataset.testid).join(' ')",
    );
    let rows = rows.and_then(|rows| rows.as_str().map(str::to_owned));
    rows.unwrap_or_default()
        .split(' ')
        .map(str::to_owned)
        .collect()
}

#[test]
fn figures_are_shown_explained_and_sorted() {
    visit(Kind::Plain, "#/measures", |page| {
        page.wait_text("measures-table", "Fashion");
        let by_model = order(page);
        assert!(by_model.len() >= 2, "{by_model:?}");
        page.click("measure-recall");
        // Once it is shown, so that no head of the table before is pressed.
        page.until("the figure", &Some("true".to_owned()), || {
            page.attribute("measure-recall", "aria-pressed")
        });
        assert!(page.address().contains("figure=recall"));
        page.click("measures-sort-value");
        page.wait("another order", || (order(page) != by_model).then_some(()));
        let rising = order(page);
        page.click("measures-sort-value");
        let falling: Vec<String> = rising.iter().rev().cloned().collect();
        page.until("the other way", &falling, || order(page));
        // How it was computed is there for who wants to know.
        let row = falling[0].clone();
        page.with(&row, "arguments[0].querySelector('details').open = true");
        page.wait_text(&row, "pictures on each side");
        page.until("the address", &true, || {
            page.address().contains("order=falling")
        });
        page.reload();
        page.wait_text("measures-table", "Fashion");
        page.until("the order", &falling, || order(page));
        page.resize(390, 900);
        page.until("no overflow", &Some(true.into()), || {
            page.with(
                "measures-table",
                "return document.documentElement.scrollWidth <= innerWidth",
            )
        });
    });
}

#[test]
fn models_of_text_have_figures_of_their_own() {
    visit(Kind::Plain, "#/measures", |page| {
        page.wait_text("measures-table", "Fashion");
        page.click("measures-of-words");
        page.wait_text("measures-table", "Chinese poems");
        assert!(page.address().contains("of=words"));
        page.click("measure-form_kept");
        page.wait_text("measures-row-poems-small", "%");
        // Each point of the drawing stands in the table beside it, with real texts.
        page.with(
            "measures-sweep",
            "arguments[0].querySelector('details').open = true",
        );
        page.wait_text("measures-sweep", "Real texts");
        page.reload();
        page.wait_text("measures-row-poems-small", "%");
        page.resize(390, 900);
        page.until("no overflow", &Some(true.into()), || {
            page.with(
                "measures-sweep",
                "return document.documentElement.scrollWidth <= innerWidth",
            )
        });
    });
}

/// The numbers of a row of what was measured: the model's, of real pictures, of noise.
fn numbers(page: &Page, figure: &str) -> Vec<f64> {
    let cells = page.with(
        &format!("here-row-{figure}"),
        "return [...arguments[0].querySelectorAll('td')].map(cell => cell.textContent).join(' ')",
    );
    let cells = cells.and_then(|cells| cells.as_str().map(str::to_owned));
    // A real minus, as the page writes it.
    cells
        .unwrap_or_default()
        .replace('\u{2212}', "-")
        .split(' ')
        .filter_map(|cell| cell.parse().ok())
        .collect()
}

#[test]
fn a_model_is_measured_in_the_tab() {
    visit(Kind::Plain, "#/measures", |page| {
        page.wait("the knobs", || page.has("here-start").then_some(()));
        page.choose("here-model", "gan-digits");
        page.choose("here-count", "128");
        page.write("here-seed", "5\t");
        page.click("here-start");
        page.wait_text("here-facts", "N = 128");
        assert!(!page.has("here-trouble"));
        let facts = page.text("here-facts");
        assert!(facts.contains("gan-digits"), "{facts}");
        assert!(facts.contains("seed 5"), "{facts}");
        // The judge, by the hash that `train eval` names it by.
        assert!(facts.contains("judge 1c5a1ed99a7dbf8f"), "{facts}");
        let frechet = numbers(page, "frechet_distance");
        assert_eq!(frechet.len(), 3, "{frechet:?}");
        assert!(frechet[1] < frechet[0], "{frechet:?}");
        assert!(frechet[0] < frechet[2], "{frechet:?}");
        let agreement = numbers(page, "agreement");
        assert!(
            agreement[0] > 0.8 && agreement[1] > agreement[2],
            "{agreement:?}"
        );
        page.resize(390, 900);
        page.until("no overflow", &Some(true.into()), || {
            page.with(
                "here-table",
                "return document.documentElement.scrollWidth <= innerWidth",
            )
        });
        // Another one, given up: the table of the one before goes.
        page.choose("here-model", "flow-fashion");
        page.choose("here-count", "256");
        page.click("here-start");
        page.click("here-cancel");
        page.wait("the button to start", || {
            page.has("here-start").then_some(())
        });
        assert!(!page.has("here-table"));
        crate::axe::check(page, "measured in the tab");
    });
}

#[test]
fn nets_that_change_pictures_have_tables_of_their_own() {
    visit(Kind::Plain, "#/measures", |page| {
        page.wait_text("measures-changed", "Enlarging");
        let cells = "const rows = [...arguments[0].querySelectorAll('tr')];
             return rows.map(row => [...row.children].map(cell => cell.textContent.trim()))";
        let rows = page.with("measures-changed", cells).expect("tables");
        let rows: Vec<Vec<String>> = serde_json::from_value(rows).expect("words");
        let enlarged = rows.iter().find(|row| row[0] == "bicubic");
        let enlarged = enlarged.expect("what it is compared with");
        assert_eq!(enlarged.len(), 3, "{enlarged:?}");
        assert!(enlarged[1].ends_with("dB"), "{enlarged:?}");
        let noisy = rows.iter().find(|row| row[0] == "noise · 25");
        assert_eq!(noisy.expect("what is mended").len(), 5);
        let heads = rows.iter().find(|row| row[1..] == ["PSNR", "SSIM"]);
        assert!(heads.is_some_and(|row| row[0].is_empty()), "{rows:?}");
    });
}
