//! Quality against variety at several temperatures (Caccia 2018).

use anyhow::Result;
use lampwork_metrics::text::{BleuConfig, SweepPoint, sweep};
use lampwork_protocol::{Figure, Writing};

use super::{Measured, figure};
use crate::text::write::{Order, write};

/// The temperatures that are looked at.
const TEMPERATURES: [f32; 5] = [0.6, 0.8, 1.0, 1.2, 1.4];

/// Texts written side by side.
const ROWS: usize = 100;

/// Tokens of a text at most: what comes later says nothing new of variety.
const MOST: usize = 64;

/// At each temperature the mean BLEU against held-out texts, self-BLEU and distinct
/// pairs of tokens; the floor is that of real texts.
pub(super) fn figures(measured: &Measured<'_>) -> Result<Vec<Figure>> {
    let tokenizer = &measured.corpus.tokenizer;
    let passages = measured.passages(3, 2 * measured.options.count.max(2), MOST);
    let count = passages.len() / 2;
    let mut real: Vec<String> = passages.iter().map(|text| tokenizer.decode(text)).collect();
    let held_out = real.split_off(count);
    let mut samples = vec![(0.0, real)];
    for temperature in TEMPERATURES {
        samples.push((
            f64::from(temperature),
            written(measured, temperature, count)?,
        ));
    }
    let config = BleuConfig {
        tokenization: measured.tokenization(),
        ..BleuConfig::sentence()
    };
    let points = sweep(&samples, &held_out, &config)?;
    let (floor, points) = points.split_first().unwrap_or_else(|| unreachable!());
    let how = format!(
        "{count} texts of at most {MOST} tokens with nothing told beside as many of the test split; {}; nothing cut off",
        config.tokenization.name()
    );
    Ok(points
        .iter()
        .flat_map(|point| named(point, floor, &how))
        .collect())
}

fn named(point: &SweepPoint, floor: &SweepPoint, how: &str) -> [Figure; 4] {
    let with = |name: &str, value: f64, floor: f64| Figure {
        floor: Some(floor),
        ..figure(
            &format!("{name}_at_{:.1}", point.temperature),
            value,
            "",
            how,
        )
    };
    [
        with("bleu", point.bleu, floor.bleu),
        with("self_bleu", point.self_bleu, floor.self_bleu),
        with("distinct_1", point.distinct_1, floor.distinct_1),
        with("distinct_2", point.distinct_2, floor.distinct_2),
    ]
}

fn written(measured: &Measured<'_>, temperature: f32, count: usize) -> Result<Vec<String>> {
    let tokenizer = &measured.corpus.tokenizer;
    let mut texts = vec![];
    while texts.len() < count {
        let order = Order {
            count: ROWS.min(count - texts.len()),
            most: MOST,
            // Nothing is cut off, or the temperature would not say it all.
            how: Writing {
                temperature,
                min_p: 0.0,
                ..Writing::default()
            },
            seed: measured.options.seed + texts.len() as u64,
            ..Order::new(tokenizer, "", "")?
        };
        texts.extend(write(&measured.writer, tokenizer, &order)?);
    }
    Ok(texts)
}
