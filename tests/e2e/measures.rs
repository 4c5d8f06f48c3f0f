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
        page.wait_text(&row, "classifier");
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
