//! How much a model says again of what it has read.

use anyhow::{Context, Result};
use lampwork_protocol::{Figure, Writing};
use lampwork_text::copied::longest_run;
use lampwork_text::{Split, Texts, Tokenizer};

use super::{Measured, figure};
use crate::text::write::{Order, tokens};

/// Texts written side by side.
const ROWS: usize = 50;

/// Tokens of a text at most.
const MOST: usize = 128;

/// Texts at most: each is looked for in the whole training split.
const COUNT: usize = 200;

/// The longest run that a text has in common with the training split, the mean and what
/// one in a hundred is above; the floor is that of texts of the test split, which nobody
/// copied.
pub(super) fn figures(measured: &Measured<'_>) -> Result<Vec<Figure>> {
    let tokenizer = &measured.corpus.tokenizer;
    let count = measured.options.count.min(COUNT);
    let mut made: Vec<Vec<u16>> = vec![];
    while made.len() < count {
        let order = Order {
            count: ROWS.min(count - made.len()),
            most: MOST,
            how: Writing::default(),
            seed: measured.options.seed + made.len() as u64,
            ..Order::new(tokenizer, "", "")?
        };
        made.extend(tokens(&measured.writer, tokenizer, &order)?);
    }
    let real: Vec<Vec<u16>> = made
        .iter()
        .zip(measured.passages(4, count, MOST).into_iter().cycle())
        // As long as the text that it stands beside.
        .map(|(made, real)| real[..real.len().min(made.len())].to_vec())
        .collect();
    let (mean, most) = longest(measured, &made)?;
    let (real_mean, real_most) = longest(measured, &real)?;
    let how = format!(
        "{count} texts of at most {MOST} tokens with nothing told, looked for in the {} documents of the training split; marks and ends of lines are passed over",
        measured.corpus.split(Split::Train).len()
    );
    Ok(vec![
        Figure {
            floor: Some(real_mean),
            ..figure("copied_run", mean, "tokens", &how)
        },
        Figure {
            floor: Some(real_most),
            ..figure("copied_run_99_percent", most, "tokens", &how)
        },
    ])
}

/// Mean, and the 99th percentile.
fn longest(measured: &Measured<'_>, texts: &[Vec<u16>]) -> Result<(f64, f64)> {
    let train = measured.corpus.split(Split::Train);
    let passed = passed(&measured.corpus.tokenizer, measured.corpus.card.texts);
    let mut lengths: Vec<usize> = texts
        .iter()
        .map(|text| longest_run(text, train, &|token| passed[usize::from(token)]))
        .map(|run| run.map_or(0, |run| run.length))
        .collect();
    lengths.sort_unstable();
    let at = (lengths.len() * 99).div_ceil(100).saturating_sub(1);
    let most = lengths.get(at).context("no text was written")?;
    let mean = lengths.iter().sum::<usize>() as f64 / lengths.len() as f64;
    Ok((mean, *most as f64))
}

/// Tokens that count for nothing: of poems marks and ends of lines, of English what is
/// no word.
fn passed(tokenizer: &Tokenizer, texts: Texts) -> Vec<bool> {
    let mut passed = vec![false; 1 << 16];
    for token in 0..tokenizer.len() as u16 {
        let text = String::from_utf8_lossy(tokenizer.bytes(token));
        let counts = match texts {
            Texts::Poems => text.chars().any(char::is_alphanumeric),
            Texts::Plays | Texts::Prose => !text.trim().is_empty(),
        };
        passed[usize::from(token)] = tokenizer.is_special(token) || !counts;
    }
    passed
}
