//! Sheets to look at: what nets between two domains make, beside what is true.

use anyhow::Result;
use burn::tensor::{Device, Tensor, TensorData};
use lampwork_models::domains::Nets;
use lampwork_models::sample::to_bytes;
use lampwork_protocol::{DomainsConfig, Shape};

use super::Course;
use crate::{make, sheet};

/// Columns of a sheet, each a thing.
const COLUMNS: usize = 16;

/// Pictures that go through a net at once.
const AT_ONCE: usize = 64;

/// Which way pictures go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// Into this hand of the second domain.
    To(usize),
    /// Into the first domain.
    Back,
}

/// What becomes of pictures, `[count, values]` in 0..1; nothing where there is no such
/// way.
///
/// # Errors
/// Where the device fails.
pub fn through(
    nets: &Nets,
    config: &DomainsConfig,
    pictures: &[f32],
    way: Way,
    device: &Device,
) -> Result<Vec<f32>> {
    let Shape { side, channels } = config.shape();
    let values = side * side * channels;
    let mut made = Vec::with_capacity(pictures.len());
    for some in pictures.chunks(AT_ONCE * values) {
        let count = some.len() / values;
        let data = TensorData::new(some.to_vec(), [count, side, side, channels]);
        let shown = Tensor::<4>::from_data(data, device).permute([0, 3, 1, 2]);
        let out = match way {
            Way::To(hand) => {
                let mut hands = vec![0.0; count * config.to.len()];
                for row in hands.chunks_mut(config.to.len()) {
                    row[hand] = 1.0;
                }
                let hands = TensorData::new(hands, [count, config.to.len()]);
                let hands = Tensor::<2>::from_data(hands, device);
                nets.to().forward(shown, Some(&hands))
            }
            Way::Back => match nets.back() {
                Some(back) => back.forward(shown, None),
                None => return Ok(vec![]),
            },
        };
        made.extend(make::read(out.permute([0, 2, 3, 1]).flatten::<2>(1, 3))?);
    }
    Ok(made)
}

/// Things of a split that is not learned from: a row in the first domain, for each hand
/// a row of what was made and one of what is true, a row of what the first hand's came
/// back as.
///
/// # Errors
/// Where the device fails.
pub fn sheet(
    nets: &Nets,
    config: &DomainsConfig,
    course: &Course<'_>,
    device: &Device,
) -> Result<sheet::Sheet> {
    let shape = config.shape();
    let truths = course.truths(1, COLUMNS);
    let first: Vec<f32> = truths
        .iter()
        .flat_map(|truth| truth.first.clone())
        .collect();
    let mut rows = first.clone();
    for hand in 0..config.to.len() {
        let made = through(nets, config, &first, Way::To(hand), device)?;
        if hand == 0 {
            rows.extend(through(nets, config, &made, Way::Back, device)?);
        }
        rows.extend(made);
        for truth in &truths {
            let blank = || vec![0.0; shape.values()];
            rows.extend(truth.seconds[hand].clone().unwrap_or_else(blank));
        }
    }
    if shape.channels == 1 {
        // Ink is dark.
        rows.iter_mut().for_each(|value| *value = 1.0 - *value);
    }
    Ok(sheet::png(&to_bytes(&rows), shape, truths.len()))
}
