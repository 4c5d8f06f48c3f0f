//! Any bytes as a table of readings: whole and as its card says, or refused; then any
//! poem, looked at by one.
#![no_main]

use std::sync::LazyLock;

use lampwork_text::poem::{Form, SHI_FORMS};
use lampwork_text::prosody::{Readings, report};
use libfuzzer_sys::fuzz_target;

static GOOD: LazyLock<Readings> = LazyLock::new(|| {
    Readings::from_bytes(include_bytes!("../seeds/readings/good")).expect("a table")
});

fn look(readings: &Readings, poem: &str) {
    let lines: Vec<&str> = poem.lines().collect();
    for form in SHI_FORMS.into_iter().chain((0..3).map(Form::Tune)) {
        if let Some(report) = report(&lines, form, readings) {
            assert_eq!(report.lines.len(), lines.len());
            let _ = (report.lengths_kept(), report.tones_kept(), report.rhymes_kept());
        }
    }
}

fuzz_target!(|bytes: &[u8]| {
    if let Ok(text) = std::str::from_utf8(bytes) {
        look(&GOOD, text);
    }
    if let Ok(readings) = Readings::from_bytes(bytes) {
        look(&readings, "白日依山盡\n黃河入海流\n欲窮千里目\n更上一層樓");
        assert_eq!(Readings::from_bytes(&readings.to_bytes()), Ok(readings));
    }
});
