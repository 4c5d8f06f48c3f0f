//! Nets that restyle: what they are taught by, and sheets to look at.

use std::path::Path;
use std::sync::Arc;

use anyhow::{Context, Result, bail};
use burn::tensor::{Device, Tensor, TensorData};
use lampwork_datasets::Examples;
use lampwork_models::Sampler;
use lampwork_models::perceptual::{Losses, Perceptual, Slow};
use lampwork_models::sample::to_bytes;
use lampwork_models::translate::Generator;
use lampwork_protocol::{Figure, ModelConfig, Restyle, Shape};

use crate::cli::RestyleArgs;
use crate::publish::Model;
use crate::{data, sheet};

/// The file of VGG16's convolutions in the folder of the data sets.
const VGG: &str = "vgg16.safetensors";

/// Photographs down a sheet.
const ROWS: usize = 3;

/// What the styles of these names are learned by.
///
/// # Errors
/// Where a file is missing or a style is not in it; the message says how to get it.
pub fn eye(folder: &Path, restyle: &Restyle, device: &Device) -> Result<Arc<Perceptual>> {
    let photos = data::photos(folder)?;
    let mut styles = Vec::new();
    for name in &restyle.names {
        let Some(style) = photos.styles.iter().find(|style| style.about.name == *name) else {
            let known: Vec<_> = photos
                .styles
                .iter()
                .map(|style| &*style.about.name)
                .collect();
            bail!("there is no style {name}; there are {}", known.join(", "));
        };
        let values = style.values.iter().map(|&value| f32::from(value) / 255.0);
        let [height, width] = style.about.size;
        // Sides that VGG16 can halve three times.
        let [tall, wide] = [height, width].map(|side| side / 8 * 8);
        let values: Vec<f32> = values.collect();
        let cut = (0..tall).flat_map(|y| &values[y * width * 3..(y * width + wide) * 3]);
        styles.push(([tall, wide], cut.copied().collect()));
    }
    let path = folder.join(VGG);
    let bytes = std::fs::read(&path).with_context(|| {
        format!(
            "cannot read {}: run `cargo xtask data` to fetch and pack it",
            path.display()
        )
    })?;
    let (weights, _) = lampwork_weights::read(&bytes)
        .with_context(|| format!("{} cannot be used", path.display()))?;
    Ok(Arc::new(Perceptual::new(&weights, &styles, device)?))
}

/// Photographs that are not learned from, each followed by what it becomes in every
/// style, a row each.
///
/// # Errors
/// Where the device fails.
pub fn sheet(
    net: &Generator,
    restyle: &Restyle,
    split: &Examples,
    device: &Device,
) -> Result<sheet::Sheet> {
    let shape = split.shape;
    let count = ROWS.min(split.len());
    let styles = restyle.names.len();
    let mut rows = Vec::new();
    for row in 0..count {
        let shown: Vec<f32> = split
            .picture(row * split.len() / count)
            .iter()
            .map(|&value| f32::from(value) / 255.0)
            .collect();
        rows.extend(to_bytes(&shown));
        for style in 0..styles {
            let weights: Vec<f32> = (0..styles)
                .map(|at| f32::from(u8::from(at == style)))
                .collect();
            rows.extend(to_bytes(&through(net, &shown, shape, weights, device)?));
        }
    }
    Ok(sheet::plain(&rows, shape, styles + 1))
}

/// A square photograph `[side, side, 3]` in 0..1 in a blend of styles.
fn through(
    net: &Generator,
    shown: &[f32],
    shape: Shape,
    styles: Vec<f32>,
    device: &Device,
) -> Result<Vec<f32>> {
    let Shape { side, channels } = shape;
    let data = TensorData::new(shown.to_vec(), [1, side, side, channels]);
    let shown = Tensor::<4>::from_data(data, device).permute([0, 3, 1, 2]);
    let count = styles.len();
    let styles = Tensor::from_data(TensorData::new(styles, [1, count]), device);
    let made = net.forward(shown, Some(&styles)).permute([0, 2, 3, 1]);
    let made = made.clamp(0.0, 1.0).into_data();
    made.try_into_vec()
        .map_err(|error| anyhow::anyhow!("the device failed: {error:?}"))
}

/// What a model that restyles learned its styles by.
fn learned(model: &Model) -> Result<&Restyle> {
    let restyle = match &model.card.recipe.model {
        ModelConfig::Translate(config) => config.restyle.as_ref(),
        _ => None,
    };
    restyle.with_context(|| format!("{} has no styles", model.card.name))
}

/// Weights of a model's styles, as `NAME=WEIGHT` says them, made to sum to one; none for
/// a model without styles.
///
/// # Errors
/// Where a style is unknown, or a weight is no number.
pub fn blend(model: &Model, said: &[String]) -> Result<Vec<f32>> {
    if said.is_empty() && learned(model).is_err() {
        return Ok(vec![]);
    }
    let names = &learned(model)?.names;
    let mut weights = vec![0.0; names.len()];
    for said in said {
        let (name, weight) = said.split_once('=').unwrap_or((said, "1"));
        let Some(at) = names.iter().position(|known| known == name) else {
            bail!("there is no style {name}; there are {}", names.join(", "));
        };
        let weight: f32 = weight
            .parse()
            .ok()
            .filter(|weight: &f32| weight.is_finite() && *weight >= 0.0)
            .with_context(|| format!("{weight} is no weight: it is a number from 0 on"))?;
        weights[at] += weight;
    }
    let sum: f32 = weights.iter().sum();
    if sum == 0.0 {
        // The first of them.
        weights[0] = 1.0;
        return Ok(weights);
    }
    Ok(weights.iter().map(|weight| weight / sum).collect())
}

/// A picture in styles by a model and by the slow way, with what both lose.
///
/// # Errors
/// Where the picture cannot be read, a style is unknown or the device fails.
pub fn slowly(
    model: &Model,
    arguments: &RestyleArgs,
    data: &Path,
    device: &Device,
) -> Result<sheet::Sheet> {
    let restyle = learned(model)?;
    let sampler = Sampler::new(&model.card.recipe.model, &model.weights, device)?;
    let net = sampler.translator().context("it translates")?;
    let eye = eye(data, restyle, device)?;
    let (shown, shape) = square(&arguments.picture, arguments.side as usize)?;
    let wanted = match &arguments.style[..] {
        [] => &restyle.names,
        some => some,
    };
    let counts = [
        restyle.content,
        arguments.count.unwrap_or(restyle.style),
        restyle.variation,
    ];
    let side = shape.side;
    let tensor = |values: &[f32]| {
        let data = TensorData::new(values.to_vec(), [1, side, side, 3]);
        Tensor::<4>::from_data(data, device).permute([0, 3, 1, 2])
    };
    let mut rows = Vec::new();
    for name in wanted {
        let weights = blend(model, std::slice::from_ref(name))?;
        let count = weights.len();
        let said = Tensor::from_data(TensorData::new(weights.clone(), [1, count]), device);
        let made = through(net, &shown, shape, weights, device)?;
        let fast = eye.losses(tensor(&made), tensor(&shown), said.clone());
        println!("{name}: {}", told("by the model", &fast, counts));
        rows.extend(to_bytes(&shown));
        rows.extend(to_bytes(&made));
        if arguments.steps > 0 {
            let mut slow = Slow::new(&eye, tensor(&shown), said.clone(), counts);
            for _ in 0..arguments.steps {
                slow.step(arguments.rate, device);
            }
            let found = eye.losses(slow.pixels(), tensor(&shown), said);
            println!("{name}: {}", told("the slow way", &found, counts));
            let pixels = slow.pixels().permute([0, 2, 3, 1]).into_data();
            let pixels: Vec<f32> = pixels
                .try_into_vec()
                .map_err(|error| anyhow::anyhow!("the device failed: {error:?}"))?;
            rows.extend(to_bytes(&pixels));
        }
    }
    Ok(sheet::plain(
        &rows,
        shape,
        if arguments.steps > 0 { 3 } else { 2 },
    ))
}

fn told(who: &str, losses: &Losses, counts: [f32; 3]) -> String {
    let number = |tensor: &Tensor<1>| tensor.clone().into_scalar::<f32>();
    let parts = [&losses.content, &losses.style, &losses.variation].map(number);
    let loss: f32 = parts
        .iter()
        .zip(counts)
        .map(|(part, count)| part * count)
        .sum();
    let [content, style, _] = parts;
    format!("{who} loss {loss:.3}, content {content:.3}, style {style:.3}")
}

/// The middle of a PNG, square, in 0..1; a side is a multiple of 8.
fn square(path: &Path, most: usize) -> Result<(Vec<f32>, Shape)> {
    let bytes = std::fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
    let whole = lampwork_pictures::read_whole(&bytes, 2_048)
        .with_context(|| format!("{} cannot be used", path.display()))?;
    let side = whole.width.min(whole.height).min(most) / 8 * 8;
    if side < 32 {
        bail!(
            "{} is too small: 32 pixels a side are needed",
            path.display()
        );
    }
    let [top, left] = [whole.height, whole.width].map(|length| (length - side) / 2);
    let mut values = Vec::with_capacity(side * side * 3);
    for y in top..top + side {
        for x in left..left + side {
            let at = (y * whole.width + x) * whole.channels;
            let pixel = &whole.values[at..at + whole.channels];
            let colours = if whole.channels < 3 {
                [0; 3]
            } else {
                [0, 1, 2]
            };
            values.extend(colours.map(|channel| f32::from(pixel[channel]) / 255.0));
        }
    }
    Ok((values, Shape { side, channels: 3 }))
}

/// How far a model's pictures are from each style and from what they show: means over the
/// photographs that are not learned from, of which as many as `count`.
///
/// # Errors
/// Where it has no styles, a file is missing or the device fails.
pub fn figures(
    model: &Model,
    split: &Examples,
    count: usize,
    data: &Path,
    device: &Device,
) -> Result<Vec<Figure>> {
    let restyle = learned(model)?;
    let sampler = Sampler::new(&model.card.recipe.model, &model.weights, device)?;
    let net = sampler.translator().context("it translates")?;
    let eye = eye(data, restyle, device)?;
    let (shape, count) = (split.shape, count.min(split.len()));
    let side = shape.side;
    let tensor = |values: &[f32]| {
        let data = TensorData::new(values.to_vec(), [1, side, side, 3]);
        Tensor::<4>::from_data(data, device).permute([0, 3, 1, 2])
    };
    let number = |tensor: Tensor<1>| f64::from(tensor.into_scalar::<f32>());
    let mut figures = Vec::new();
    for name in &restyle.names {
        let weights = blend(model, std::slice::from_ref(name))?;
        let said = TensorData::new(weights.clone(), [1, weights.len()]);
        let said = Tensor::<2>::from_data(said, device);
        let [mut content, mut style, mut untouched] = [0.0; 3];
        for at in 0..count {
            let shown: Vec<f32> = split
                .picture(at)
                .iter()
                .map(|&value| f32::from(value) / 255.0)
                .collect();
            let made = through(net, &shown, shape, weights.clone(), device)?;
            let losses = eye.losses(tensor(&made), tensor(&shown), said.clone());
            content += number(losses.content) / count as f64;
            style += number(losses.style) / count as f64;
            let photo = eye.losses(tensor(&shown), tensor(&shown), said.clone());
            untouched += number(photo.style) / count as f64;
        }
        let how = format!(
            "means over {count} photographs of {side} x {side} that were not learned from, by \
             the features of VGG16"
        );
        for (what, value, ceiling) in [
            ("style", style, Some(untouched)),
            // Another picture altogether.
            ("content", content, Some(2.0)),
        ] {
            figures.push(Figure {
                name: format!("{what}_{name}"),
                value,
                unit: String::new(),
                floor: None,
                ceiling,
                how: how.clone(),
            });
        }
    }
    Ok(figures)
}
