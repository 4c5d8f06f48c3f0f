//! WCAG 2.2 AA, as far as a machine can check it, and pictures of every room for
//! a human to look at.

use serde_json::json;

use crate::axe::{self, WIDTHS};
use crate::browser::Kind;
use crate::page::{Page, visit};

/// Every room as a visitor may find it, with its name and what shows that it is
/// there.
const ROOMS: [(&str, &str, &str); 24] = [
    ("pictures", "#/?seed=7", "sheet-0"),
    ("map", "#/?tool=map", "map-big"),
    ("blend", "#/?tool=blend", "blend-big"),
    ("draw", "#/?tool=draw", "pad"),
    ("arithmetic", "#/?tool=arithmetic", "arithmetic-big"),
    ("variations", "#/?tool=variations", "variations-big"),
    ("compare", "#/?tool=compare", "compare-0"),
    ("motion", "#/?tool=motion", "motion-key-0"),
    ("edit", "#/?tool=edit&model=flow-emoji", "edit-paper"),
    ("traits", "#/?tool=traits", "traits-big"),
    ("brush", "#/?tool=brush", "brush-scroll"),
    ("restyle", "#/?tool=restyle", "restyle-picture"),
    (
        "workbench",
        "#/workbench?family=gan&net=mlp&data=digits&width=32&batch=16&micro_batch=16",
        "workbench-samples",
    ),
    ("how", "#/how", ""),
    ("measures", "#/measures", "measures-table"),
    ("poem", "#/words?tool=poem", "verdict-lengths"),
    ("together", "#/words?tool=together", "odds-0"),
    (
        "dialogue",
        "#/words?tool=together&mode=dialogue",
        "talk-line",
    ),
    ("summary", "#/words?tool=together&mode=summary", "marked"),
    ("inside", "#/words?tool=inside&seed=7", "inside-habit"),
    ("walk", "#/words?tool=walk", "walk-copy"),
    ("teach", "#/words?tool=teach", "teach-alone"),
    (
        "workbench-words",
        "#/workbench?family=lstm&data=poems&width=32&batch=8&micro_batch=8",
        "workbench-written",
    ),
    ("measures-words", "#/measures?of=words", "measures-table"),
];

/// Signs that nothing is drawn in.
const UNDRAWN: [&str; 10] = [
    "pad",
    "measures-table",
    "verdict-lengths",
    "odds-0",
    "talk-line",
    "marked",
    "inside-habit",
    "walk-copy",
    "teach-alone",
    "workbench-written",
];

fn open(page: &Page, address: &str, sign: &str) {
    page.open(address);
    page.wait_text("device-name", "CPU");
    match sign {
        "" => page.wait("a drawing", || page.has("explain").then_some(())),
        sign if UNDRAWN.contains(&sign) => {
            let seen = "return arguments[0].offsetParent !== null";
            page.until(sign, &Some(json!(true)), || page.with(sign, seen));
        }
        sign => drop(page.drawn(sign)),
    }
    // Until what fades in has done so: half-transparent text has less contrast.
    let script = "
        const done = arguments[arguments.length - 1];
        const ends = document.getAnimations().filter(a => a.effect.getComputedTiming().endTime !== Infinity);
        Promise.allSettled(ends.map(a => a.finished)).then(() => done(null));
        setTimeout(() => done(null), 2000);";
    page.driver.run_later(script, &json!([]));
}

/// Waits until the other rooms are there: WebDriver stops whatever is being fetched when
/// it opens an address, even one of the same page.
fn all_there(page: &Page) {
    page.drawn("sheet-0");
    let script = "return performance.getEntriesByType('resource')
        .some(file => file.name.includes('split_later') && file.responseEnd > 0)";
    page.until("the other rooms", &json!(true), || {
        page.driver.run(script, &json!([]))
    });
}

fn theme(page: &Page) -> String {
    let theme = page
        .driver
        .run("return document.documentElement.dataset.theme", &json!([]));
    theme.as_str().unwrap_or_default().to_owned()
}

#[test]
fn every_room_in_both_themes_and_languages_meets_wcag() {
    visit(Kind::Plain, "", |page| {
        all_there(page);
        for language in ["en", "zh"] {
            for _ in 0..2 {
                let theme = theme(page);
                for (name, address, sign) in ROOMS {
                    open(page, address, sign);
                    if name == "workbench" {
                        page.with("workbench-more-knobs", "arguments[0].open = true");
                    }
                    axe::check(page, &format!("{name}, {theme}, {language}"));
                }
                page.click("theme");
                page.wait("the other theme", || {
                    (self::theme(page) != theme).then_some(())
                });
            }
            page.click("language");
        }
        // With a picture in the panel, and with trouble.
        open(page, "#/?seed=7", "sheet-0");
        page.click("sheet-0");
        page.drawn("detail-picture");
        // Asked for, unless the data is there already.
        page.wait("the nearest", || {
            page.with("find-nearest", "arguments[0].click()");
            page.pixels("nearest")
        });
        axe::check(page, "a picture looked at closely");
        open(page, "#/?pick=broken", "sheet-0");
        page.wait("trouble", || page.has("trouble-dismiss").then_some(()));
        axe::check(page, "trouble");
    });
}

#[test]
fn every_room_fits_every_width_and_is_pictured_for_a_human_to_look_at() {
    visit(Kind::Plain, "", |page| {
        all_there(page);
        for _ in 0..2 {
            let theme = theme(page);
            for width in WIDTHS {
                page.resize(width, 1000);
                for (name, address, sign) in ROOMS {
                    open(page, address, sign);
                    page.picture_of(&format!("{name}-{theme}-{width}"));
                    page.fits(&format!("{name} at {width}"));
                }
            }
            page.click("theme");
            page.wait("the other theme", || {
                (self::theme(page) != theme).then_some(())
            });
        }
    });
}
