//! Whether poems keep the form that was asked for.

use anyhow::{Context, Result};
use lampwork_protocol::{Figure, Writing};
use lampwork_text::poem::{Form, PoemTokens, SHI_FORMS, SHI_NAMES, lines_of};
use lampwork_text::prosody::{Constraint, Keep, Readings, report};

use super::{Measured, figure};
use crate::text::write::{Order, tokens_within};

/// The site's table of readings.
const READINGS: &[u8] = include_bytes!("../../../../../static/words/readings.safetensors");

/// The forms that say how many lines there are.
const ASKED: usize = 4;

/// Share of the poems that have the lines asked for, of the length asked for, freely and
/// under constraint; of those that follow the tone pattern and rhyme. Floors: poems of
/// the test split of the same forms.
pub(super) fn figures(measured: &Measured<'_>) -> Result<Vec<Figure>> {
    let tokenizer = &measured.corpus.tokenizer;
    let readings = Readings::from_bytes(READINGS)?;
    let rows = (measured.options.count / ASKED).max(1);
    let keep = Keep {
        tones: true,
        rhymes: true,
    };
    let (mut free, mut kept, mut real) = (Kept::default(), Kept::default(), Kept::default());
    for (form, names) in SHI_FORMS.into_iter().zip(SHI_NAMES).take(ASKED) {
        let order = Order {
            count: rows,
            how: Writing::default(),
            seed: measured.options.seed,
            ..Order::new(tokenizer, names[0], "")?
        };
        let constraint = Constraint::new(form, keep, &[], &[], tokenizer, &readings)?;
        for poem in tokens_within(&measured.writer, tokenizer, &order, None)? {
            free.add(measured, &poem, form, &readings)?;
        }
        for poem in tokens_within(&measured.writer, tokenizer, &order, Some(&constraint))? {
            kept.add(measured, &poem, form, &readings)?;
        }
        let of_form = |&at: &usize| measured.test().about(at).form == form.number();
        for at in measured.drawn(5).into_iter().filter(of_form).take(rows) {
            real.add(measured, measured.test().document(at), form, &readings)?;
        }
    }
    let how = format!(
        "{rows} poems each of {}",
        SHI_NAMES.map(|names| names[1])[..ASKED].join(", ")
    );
    let share = |name: &str, found: usize, of: usize, real: usize, of_real: usize, how: &str| {
        let percent = |found: usize, of: usize| 100.0 * found as f64 / of.max(1) as f64;
        Figure {
            floor: Some(percent(real, of_real)),
            ..figure(name, percent(found, of), "%", how)
        }
    };
    let free_how = format!("{how}, nothing kept by force");
    let kept_how = format!("{how}, lengths, tones and rhymes kept by leaving out tokens");
    Ok(vec![
        share(
            "form_kept",
            free.lengths,
            free.all,
            real.lengths,
            real.all,
            &free_how,
        ),
        share(
            "tones_kept",
            free.tones,
            free.all,
            real.tones,
            real.all,
            &free_how,
        ),
        share(
            "rhymes_kept",
            free.rhymes,
            free.all,
            real.rhymes,
            real.all,
            &free_how,
        ),
        share(
            "form_kept_by_force",
            kept.lengths,
            kept.all,
            real.lengths,
            real.all,
            &kept_how,
        ),
        share(
            "tones_kept_by_force",
            kept.tones,
            kept.all,
            real.tones,
            real.all,
            &kept_how,
        ),
        share(
            "rhymes_kept_by_force",
            kept.rhymes,
            kept.all,
            real.rhymes,
            real.all,
            &kept_how,
        ),
    ])
}

/// How many poems there are, and how many of them keep what.
#[derive(Default)]
struct Kept {
    all: usize,
    lengths: usize,
    tones: usize,
    rhymes: usize,
}

impl Kept {
    fn add(
        &mut self,
        measured: &Measured<'_>,
        poem: &[u16],
        form: Form,
        readings: &Readings,
    ) -> Result<()> {
        let tokenizer = &measured.corpus.tokenizer;
        let tokens = PoemTokens::new(tokenizer)?;
        let lines: Vec<String> = lines_of(poem, &tokens)
            .into_iter()
            .map(|line| tokenizer.decode(&poem[line]))
            .collect();
        let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
        let report = report(&lines, form, readings).context("a form of shi has a plan")?;
        self.all += 1;
        self.lengths += usize::from(report.lengths_kept());
        self.tones += usize::from(report.tones_kept() == Some(true));
        self.rhymes += usize::from(report.rhymes_kept() == Some(true));
        Ok(())
    }
}
