//! axe-core (Deque, MPL-2.0), which knows WCAG's machine-checkable rules.
//!
//! Fetched by npm at test time into the project's cache: it is no part of the
//! site and none of this repository.

use std::path::PathBuf;
use std::process::Command;
use std::sync::OnceLock;

use serde_json::json;

use crate::page::Page;

/// Its version: another may know other rules.
const VERSION: &str = "4.10.3";

/// Widths of a desk, a tablet and a phone.
pub const WIDTHS: [u32; 3] = [1440, 820, 390];

/// Its source.
fn source() -> &'static str {
    static SOURCE: OnceLock<String> = OnceLock::new();
    SOURCE.get_or_init(|| {
        let home = std::env::var_os("HOME").expect("a home");
        let folder = PathBuf::from(home).join(".cache/lampwork/npm");
        let script = folder.join(format!("axe-core-{VERSION}/package/axe.min.js"));
        if !script.is_file() {
            let into = folder.join(format!("axe-core-{VERSION}"));
            std::fs::create_dir_all(&into).expect("a folder");
            let run = |program: &str, arguments: &[&str]| {
                let status = Command::new(program).args(arguments).current_dir(&into).stdout(std::process::Stdio::null()).status();
                let fine = status.is_ok_and(|status| status.success());
                assert!(fine, "{program} could not fetch axe-core {VERSION}: is npm installed and its registry in reach?");
            };
            run("npm", &["pack", "--silent", &format!("axe-core@{VERSION}")]);
            run("tar", &["-xzf", &format!("axe-core-{VERSION}.tgz")]);
        }
        std::fs::read_to_string(script).expect("axe-core's script")
    })
}

/// Checks the page as it stands against WCAG 2.2 AA.
#[track_caller]
pub fn check(page: &Page, what: &str) {
    let here = page
        .driver
        .run("return typeof axe !== 'undefined'", &json!([]));
    if here != true {
        page.driver
            .run(&format!("{}; window.axe = axe;", source()), &json!([]));
    }
    let script = "
        const done = arguments[arguments.length - 1];
        const values = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];
        axe.run(document, { runOnly: { type: 'tag', values }, resultTypes: ['violations'] }).then(
            result => done(result.violations.map(rule =>
                `${rule.id} (${rule.impact}): ${rule.help}: ` + rule.nodes.slice(0, 4).map(node =>
                    node.target.join(' ') + ' [' + (node.any[0]?.message ?? node.all[0]?.message ?? '') + ']').join('; '))),
            error => done([String(error)]))";
    let found = page.driver.run_later(script, &json!([]));
    let found = found.as_array().cloned().unwrap_or_default();
    assert!(found.is_empty(), "{what}: {found:#?}");
}

/// Checks a room at every width, that it fits there, and takes pictures of it.
#[track_caller]
pub fn check_widths(page: &Page, name: &str) {
    for width in WIDTHS {
        page.resize(width, 1000);
        check(page, &format!("{name} at {width}"));
        page.picture_of(&format!("{name}-{width}"));
        page.fits(&format!("{name} at {width}"));
    }
}
