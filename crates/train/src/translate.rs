//! Nets from picture to picture: sheets to look at, and any PNG through one.

use std::path::Path;

use anyhow::{Context, Result, bail};
use burn::tensor::Device;
use futures::executor::block_on;
use lampwork_datasets::Examples;
use lampwork_models::latent::Point;
use lampwork_models::sample::to_bytes;
use lampwork_models::translate::{Pixels, Translating, spoiled};
use lampwork_models::{Noise, Sampler};
use lampwork_pictures::Whole;
use lampwork_protocol::{Shape, TranslateConfig, TranslateOrder};

use crate::publish::Model;
use crate::{atomic, make, sheet};

/// Columns of a sheet, and its rows of pictures.
const COLUMNS: usize = 12;
const ROWS: usize = 3;

/// Pictures translated at once.
const AT_ONCE: usize = 64;

/// Side of what is computed at once of a large picture, in pixels.
const SIDE: usize = 256;

/// What a net makes of square pictures, `[count, side, side, channels]` in 0..1.
///
/// # Errors
/// Where the device fails.
pub fn pictures(
    sampler: &Sampler,
    shown: &[f32],
    shape: Shape,
    device: &Device,
) -> Result<Vec<f32>> {
    let mut made = Vec::new();
    for pictures in shown.chunks(AT_ONCE * shape.values()) {
        let points: Vec<Point> = pictures
            .chunks_exact(shape.values())
            .map(|picture| Point {
                z: picture.to_vec(),
                classes: vec![],
                words: vec![],
                style: None,
            })
            .collect();
        made.extend(make::read(sampler.decode(&points, device))?);
    }
    Ok(made)
}

/// Pictures of a split that is not learned from: a row of what the net is shown,
/// enlarged by repeated pixels, a row of what it makes of that, a row as it was.
///
/// # Errors
/// Where the device fails.
pub fn sheet(
    sampler: &Sampler,
    config: &TranslateConfig,
    split: &Examples,
    device: &Device,
) -> Result<sheet::Sheet> {
    let shape = split.shape;
    let count = (COLUMNS * ROWS).min(split.len());
    let truth: Vec<f32> = (0..count)
        .flat_map(|at| split.picture(at * split.len() / count))
        .map(|&value| f32::from(value) / 255.0)
        .collect();
    let shown = spoiled(&truth, shape, &config.spoil, &mut Noise::new(1, 0));
    let small = Shape {
        side: shape.side / config.factor(),
        ..shape
    };
    let made = pictures(sampler, &shown, small, device)?;
    let mut rows = Vec::with_capacity(3 * truth.len());
    for first in (0..count).step_by(COLUMNS) {
        let until = (first + COLUMNS).min(count);
        for picture in
            shown[first * small.values()..until * small.values()].chunks_exact(small.values())
        {
            rows.extend(repeated(picture, small, config.factor()));
        }
        for all in [&made, &truth] {
            rows.extend_from_slice(&all[first * shape.values()..until * shape.values()]);
        }
    }
    Ok(sheet::png(&to_bytes(&rows), shape, COLUMNS))
}

/// Each pixel as a square of so many a side.
pub fn repeated(picture: &[f32], shape: Shape, by: usize) -> Vec<f32> {
    let Shape { side, channels } = shape;
    let mut made = Vec::with_capacity(picture.len() * by * by);
    for y in 0..side * by {
        for x in 0..side * by {
            let from = ((y / by) * side + x / by) * channels;
            made.extend_from_slice(&picture[from..from + channels]);
        }
    }
    made
}

/// Sends a picture of any size through a model, so many times in a row; `styles` are
/// the weights of its styles, none for a model without.
///
/// # Errors
/// Where the model makes pictures of its own, or the device fails.
pub fn picture(
    model: &Model,
    picture: &Pixels,
    times: u32,
    styles: &[f32],
    device: &Device,
) -> Result<Pixels> {
    let sampler = Sampler::new(&model.card.recipe.model, &model.weights, device)?;
    let Some(net) = sampler.translator() else {
        bail!(
            "{} makes pictures of its own: take upscale or repair",
            model.card.name
        );
    };
    let mut translating = Translating::new(net.clone(), styles.to_vec(), picture, times, SIDE);
    loop {
        if let Some(made) = block_on(translating.advance(device))? {
            return Ok(made);
        }
    }
}

/// Sends a PNG through a model, so many times in a row, and writes what comes of it.
///
/// # Errors
/// Where the picture cannot be read or is too large, as [`picture`], or where the file
/// cannot be written.
pub fn file(
    model: &Model,
    from: &Path,
    times: u32,
    styles: &[f32],
    to: &Path,
    device: &Device,
) -> Result<()> {
    let bytes = std::fs::read(from).with_context(|| format!("cannot read {}", from.display()))?;
    let most = TranslateOrder::MOST_SIDE as usize;
    let whole = lampwork_pictures::read_whole(&bytes, most)
        .with_context(|| format!("{} cannot be used", from.display()))?;
    let Whole {
        width,
        height,
        channels,
        values,
    } = whole;
    let shown = Pixels {
        width,
        height,
        channels,
        values,
    };
    let made = picture(model, &shown, times, styles, device)?;
    let file = lampwork_pictures::whole(&Whole {
        width: made.width,
        height: made.height,
        channels: made.channels,
        values: made.values,
    });
    Ok(atomic::write(to, &file)?)
}
