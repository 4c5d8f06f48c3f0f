//! How varied pictures are within a class: what shows mode collapse.
//!
//! The mean Euclidean distance, in pixels, between pictures of one class; for
//! what a generator makes, divided by the same for real pictures. One is as
//! varied as the data, zero the same picture again and again. Coarser than the
//! recall that `train eval` measures, but there at every moment.

use burn::tensor::Device;
use lampwork_datasets::Examples;
use lampwork_models::latent::Point;
use lampwork_models::{Noise, Sampler};
use lampwork_protocol::Failure;

use lampwork_host::read;

/// Pictures of a class that are made, and at most looked at of the real ones.
const MADE: usize = 4;
const REAL: usize = 20;

/// The spread of real pictures, over their classes, or over all where the model
/// is not conditioned.
pub(super) fn of_examples(examples: &Examples, classes: usize) -> f32 {
    let groups = classes.max(1);
    let mut by_class: Vec<Vec<Vec<f32>>> = vec![Vec::new(); groups];
    for index in 0..examples.len() {
        let class = usize::from(examples.labels[index]) % groups;
        if by_class[class].len() < REAL {
            let picture = examples.picture(index);
            by_class[class].push(picture.iter().map(|&p| f32::from(p) / 255.0).collect());
        }
    }
    mean_of(&by_class)
}

/// The spread of what a model makes now.
pub(super) async fn of_sampler(sampler: &Sampler, device: &Device) -> Result<f32, Failure> {
    let space = sampler.space();
    let groups = space.classes.max(1);
    let per_group = if space.classes == 0 { REAL } else { MADE };
    let mut points = Vec::new();
    for group in 0..groups {
        for index in 0..per_group {
            let stream = (group * per_group + index) as u64;
            points.push(Point {
                z: Noise::new(97, stream).normal(space.dimensions),
                classes: space.one_hot(group as u8)?,
                words: vec![0.0; space.words],
                style: None,
            });
        }
    }
    let pixels = read(sampler.decode(&points, device)).await?;
    let values = pixels.len() / points.len();
    let pictures: Vec<Vec<f32>> = pixels.chunks(values).map(<[f32]>::to_vec).collect();
    let by_class: Vec<Vec<Vec<f32>>> = pictures.chunks(per_group).map(<[_]>::to_vec).collect();
    Ok(mean_of(&by_class))
}

/// Mean distance of all pairs within each group.
fn mean_of(groups: &[Vec<Vec<f32>>]) -> f32 {
    let mut sum = 0.0;
    let mut pairs = 0usize;
    for group in groups {
        for (index, a) in group.iter().enumerate() {
            for b in &group[index + 1..] {
                let squares: f32 = a.iter().zip(b).map(|(x, y)| (x - y) * (x - y)).sum();
                sum += squares.sqrt();
                pairs += 1;
            }
        }
    }
    if pairs == 0 { 0.0 } else { sum / pairs as f32 }
}
