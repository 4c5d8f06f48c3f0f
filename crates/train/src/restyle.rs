//! Nets that restyle: what they are taught by, and sheets to look at.

use std::path::Path;
use std::sync::Arc;

use anyhow::{Context, Result, bail};
use burn::tensor::{Device, Tensor, TensorData};
use lampwork_datasets::Examples;
use lampwork_models::perceptual::Perceptual;
use lampwork_models::sample::to_bytes;
use lampwork_models::translate::Generator;
use lampwork_protocol::{Restyle, Shape};

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
