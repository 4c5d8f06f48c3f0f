//! A figure that shows a GAN's mode collapse when it comes.

use std::collections::BTreeMap;

use lampwork_metrics::{MetricsError, mean_pairwise_distance};

/// Below this share of the real data's spread a run says that it collapses.
pub const COLLAPSE: f64 = 0.5;

/// Mean distance between two different pictures of one class, averaged over the
/// classes that have two; 0 where none has.
///
/// Pictures are `[count, values]` in 0..1; the distance is Euclidean. Within
/// classes, since a conditional generator that makes one picture a class has
/// collapsed, though its pictures differ.
///
/// # Errors
/// Where a pixel is not finite.
pub fn spread(pictures: &[f32], labels: &[u8]) -> Result<f64, MetricsError> {
    let mut classes: BTreeMap<u8, Vec<f32>> = BTreeMap::new();
    let values = pictures.len() / labels.len().max(1);
    for (picture, &label) in pictures.chunks_exact(values.max(1)).zip(labels) {
        classes.entry(label).or_default().extend(picture);
    }
    let distances = classes
        .values()
        .filter(|members| members.len() >= 2 * values)
        .map(|members| mean_pairwise_distance(members, values))
        .collect::<Result<Vec<f64>, _>>()?;
    Ok(distances.iter().sum::<f64>() / distances.len().max(1) as f64)
}

#[cfg(test)]
mod tests {
    use lampwork_protocol::PICTURE_PIXELS;

    use super::*;

    fn flat(shades: &[f32]) -> Vec<f32> {
        shades
            .iter()
            .flat_map(|&shade| [shade; PICTURE_PIXELS])
            .collect()
    }

    #[test]
    fn one_picture_a_class_has_no_spread() {
        let pictures = flat(&[0.0, 0.0, 1.0, 1.0]);
        assert_eq!(spread(&pictures, &[0, 0, 1, 1]).unwrap(), 0.0);
        // Without classes the same pictures are 28 apart in four pairs of six.
        let all = spread(&pictures, &[0; 4]).unwrap();
        assert!((all - 28.0 * 4.0 / 6.0).abs() < 1e-4, "{all}");
    }

    #[test]
    fn classes_without_a_pair_do_not_count() {
        assert_eq!(spread(&flat(&[0.0, 0.5, 1.0]), &[3, 3, 7]).unwrap(), 14.0);
        assert_eq!(spread(&[], &[]).unwrap(), 0.0);
    }
}
