//! Whether lines keep a form.

use lampwork_protocol::Failure;
use lampwork_protocol::words::{CharacterPlace, CharacterTone, Command, FormCheck, LineCheck};
use lampwork_text::poem::{Form, SHI_FORMS, SHI_NAMES, STOPS};
use lampwork_text::prosody::{Place, Readings, report};

/// Looks at lines by the table of readings.
pub(crate) fn check(
    name: &str,
    lines: &[String],
    readings: &Readings,
) -> Result<FormCheck, Failure> {
    let shi = SHI_NAMES.iter().position(|names| names[0] == name);
    let tune = || {
        let at = readings.tunes().iter().position(|tune| tune.name == name)?;
        u8::try_from(at).ok().map(Form::Tune)
    };
    let form = shi.map(|at| SHI_FORMS[at]).or_else(tune);
    let unknown = || Failure::BadKnob {
        knob: "form".to_owned(),
        reason: format!("there is no pattern for {name}"),
    };
    if lines.len() > Command::MAX_LINES {
        return Err(Failure::BadKnob {
            knob: "lines".to_owned(),
            reason: format!("at most {} are checked at once", Command::MAX_LINES),
        });
    }
    let apart = |one: char| one.is_whitespace() || STOPS.contains(&one);
    let lines: Vec<String> = lines.iter().map(|line| line.replace(apart, "")).collect();
    let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
    let report = report(&lines, form.ok_or_else(unknown)?, readings).ok_or_else(unknown)?;
    Ok(FormCheck {
        lengths_kept: report.lengths_kept(),
        tones_kept: report.tones_kept(),
        rhymes_kept: report.rhymes_kept(),
        pattern: report.pattern.map(str::to_owned),
        group: report.group.map(str::to_owned),
        wanted: report.wanted.map(|count| count as u32),
        lines: report
            .lines
            .iter()
            .zip(&lines)
            .map(|(line, text)| LineCheck {
                tones: text.chars().map(|one| tone(one, readings)).collect(),
                length: line.length as u32,
                wanted: line.wanted.map(|length| length as u32),
                places: line.places.iter().map(|&place| shown(place)).collect(),
                rhymes: line.rhymes,
            })
            .collect(),
    })
}

fn shown(place: Place) -> CharacterPlace {
    match place {
        Place::Kept => CharacterPlace::Kept,
        Place::Free => CharacterPlace::Free,
        Place::Broken => CharacterPlace::Broken,
        Place::Unknown => CharacterPlace::Unknown,
    }
}

fn tone(one: char, readings: &Readings) -> CharacterTone {
    if readings.of(one).is_empty() {
        return CharacterTone::Unknown;
    }
    match readings.tones(one) {
        (true, true) => CharacterTone::Either,
        (true, false) => CharacterTone::Level,
        (false, _) => CharacterTone::Oblique,
    }
}
