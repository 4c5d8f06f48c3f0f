//! How near what a net makes of a spoiled picture is to the picture as it was.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context, Result};
use burn::tensor::Device;
use lampwork_datasets::{Examples, Packed};
use lampwork_metrics::{psnr, ssim};
use lampwork_models::translate::{SCRATCHES, noisy, scratched, shrunk};
use lampwork_models::{Noise, Sampler};
use lampwork_protocol::{Figure, ModelConfig, Shape, TranslateConfig};
use lampwork_weights::{Named, Precision};

use super::Options;
use crate::publish::Model;
use crate::{atomic, translate};

/// Stream of the noise that test pictures are spoiled by.
const STREAM: u64 = 1 << 40;

/// Decibels of two pictures that are the same: an infinity would be their mean.
const SAME: f64 = 60.0;

/// One way in which pictures are spoiled, the same for all of them.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Case {
    name: &'static str,
    /// Standard deviation of the noise, of 255.
    noise: f32,
    scratched: bool,
}

/// What a net that repairs is asked to undo.
const REPAIRS: [Case; 5] = [
    Case::new("noise_15", 15.0, false),
    Case::new("noise_25", 25.0, false),
    Case::new("noise_50", 50.0, false),
    Case::new("scratches", 0.0, true),
    Case::new("noise_25_scratches", 25.0, true),
];

impl Case {
    const fn new(name: &'static str, noise: f32, scratched: bool) -> Self {
        Self {
            name,
            noise,
            scratched,
        }
    }

    /// Pictures spoiled in this way, each by noise of its own.
    fn spoil(self, truth: &[f32], shape: Shape, by: usize, seed: u64) -> Vec<f32> {
        let small = small(shape, by);
        let pictures = truth.chunks_exact(shape.values()).enumerate();
        pictures
            .flat_map(|(index, picture)| {
                let mut noise = Noise::new(seed, STREAM + index as u64);
                let mut picture = shrunk(picture, shape, by);
                if self.noise > 0.0 {
                    noisy(&mut picture, self.noise / 255.0, &mut noise);
                }
                if self.scratched {
                    let [fewest, most] = SCRATCHES;
                    let count = fewest + noise.below(most - fewest + 1);
                    scratched(&mut picture, small, count, &mut noise);
                }
                picture
            })
            .collect()
    }
}

/// What a net that enlarges is asked for.
const ENLARGEMENTS: [Case; 1] = [Case::new("", 0.0, false)];

fn cases(config: &TranslateConfig) -> &'static [Case] {
    if config.factor() > 1 {
        &ENLARGEMENTS
    } else {
        &REPAIRS
    }
}

fn small(shape: Shape, by: usize) -> Shape {
    Shape {
        side: shape.side / by,
        ..shape
    }
}

/// Measures a net from picture to picture on the test split.
///
/// # Errors
/// Where it cannot be built or the device fails.
pub fn translated(
    model: &Model,
    packed: &Packed,
    device: &Device,
    options: &Options,
) -> Result<Vec<Figure>> {
    let ModelConfig::Translate(config) = &model.card.recipe.model else {
        return Ok(vec![]);
    };
    let sampler = Sampler::new(&model.card.recipe.model, &model.weights, device)?;
    let shape = packed.test.shape;
    let truth = some(&packed.test, options.count.unwrap_or(packed.test.len()));
    let count = truth.len() / shape.values();
    let by = config.factor();
    let mut figures = Vec::new();
    for case in cases(config) {
        let shown = case.spoil(&truth, shape, by, options.seed);
        let made = translate::pictures(&sampler, &shown, small(shape, by), device)?;
        let how = format!(
            "means over {count} pictures of {0} x {0} of the test split{1}; SSIM with Wang's \
             window, of each colour",
            shape.side,
            if by > 1 {
                ", each shrunk by the means of squares"
            } else {
                ""
            }
        );
        let mut say = |of: &str, pictures: &[f32]| -> Result<()> {
            let (near, alike) = compare(pictures, &truth, shape)?;
            for (name, value, unit) in [("psnr", near, "dB"), ("ssim", alike, "")] {
                let parts = [name, of, case.name];
                let parts: Vec<&str> = parts.into_iter().filter(|part| !part.is_empty()).collect();
                figures.push(Figure {
                    name: parts.join("_"),
                    value,
                    unit: unit.to_owned(),
                    floor: None,
                    ceiling: None,
                    how: how.clone(),
                });
            }
            Ok(())
        };
        say("", &made)?;
        if by > 1 {
            say(
                "bicubic",
                &enlarged(&shown, small(shape, by), by, lampwork_pictures::bicubic),
            )?;
            say(
                "nearest",
                &enlarged(&shown, small(shape, by), by, lampwork_pictures::nearest),
            )?;
        } else {
            say("shown", &shown)?;
        }
    }
    Ok(figures)
}

/// Writes pictures of the validation and the test split, spoiled as they are measured,
/// and what the net makes of them, for other programs to compare with: for each split
/// and case `SPLIT.truth`, `SPLIT.CASE.shown`, `SPLIT.CASE.made`.
///
/// # Errors
/// Where the device fails or the file cannot be written.
pub fn pairs(
    model: &Model,
    packed: &Packed,
    device: &Device,
    options: &Options,
    file: &Path,
) -> Result<()> {
    let ModelConfig::Translate(config) = &model.card.recipe.model else {
        anyhow::bail!("{} is shown no pairs: leave --pairs out", model.card.name);
    };
    let sampler = Sampler::new(&model.card.recipe.model, &model.weights, device)?;
    let shape = packed.test.shape;
    let by = config.factor();
    let mut arrays = Vec::new();
    let mut keep = |name: String, shape: Shape, values: Vec<f32>| {
        let count = values.len() / shape.values();
        arrays.push(Named {
            name,
            shape: vec![count, shape.side, shape.side, shape.channels],
            values,
        });
    };
    for (name, split) in [("validation", &packed.validation), ("test", &packed.test)] {
        let truth = some(split, options.count.unwrap_or(250));
        for case in cases(config) {
            let shown = case.spoil(&truth, shape, by, options.seed);
            let made = translate::pictures(&sampler, &shown, small(shape, by), device)?;
            let case = if case.name.is_empty() {
                "small"
            } else {
                case.name
            };
            keep(format!("{name}.{case}.shown"), small(shape, by), shown);
            keep(format!("{name}.{case}.made"), shape, made);
        }
        keep(format!("{name}.truth"), shape, truth);
    }
    let bytes = lampwork_weights::write(&arrays, &BTreeMap::new(), Precision::Full)
        .context("these arrays make no file; ask for fewer by --count")?;
    Ok(atomic::write(file, &bytes)?)
}

/// At most so many pictures, spread over a split, in 0..1.
fn some(split: &Examples, most: usize) -> Vec<f32> {
    let count = most.clamp(1, split.len());
    (0..count)
        .flat_map(|at| split.picture(at * split.len() / count))
        .map(|&value| f32::from(value) / 255.0)
        .collect()
}

/// Pictures enlarged without a net.
fn enlarged(
    shown: &[f32],
    shape: Shape,
    by: usize,
    way: fn(&[u8], usize, usize, usize) -> Vec<u8>,
) -> Vec<f32> {
    let bytes = lampwork_models::sample::to_bytes(shown);
    let pictures = bytes.chunks_exact(shape.values());
    pictures
        .flat_map(|picture| way(picture, shape.side, shape.channels, by))
        .map(|value| f32::from(value) / 255.0)
        .collect()
}

/// Means of PSNR and SSIM over pictures.
fn compare(made: &[f32], truth: &[f32], shape: Shape) -> Result<(f64, f64)> {
    let Shape { side, channels } = shape;
    let (mut near, mut alike) = (0.0, 0.0);
    let pictures = made.chunks_exact(shape.values());
    let count = pictures.len() as f64;
    for (made, truth) in pictures.zip(truth.chunks_exact(shape.values())) {
        // As bytes, which is what anyone gets to see.
        let made: Vec<f32> = made.iter().map(|v| (v * 255.0).round() / 255.0).collect();
        near += psnr(&made, truth, 1.0)?.min(SAME);
        for channel in 0..channels {
            let of = |picture: &[f32]| -> Vec<f32> {
                picture
                    .iter()
                    .skip(channel)
                    .step_by(channels)
                    .copied()
                    .collect()
            };
            alike += ssim(&of(&made), &of(truth), side, side, 1.0)? / channels as f64;
        }
    }
    Ok((near / count, alike / count))
}
