//! A figure that shows a GAN's mode collapse when it comes.

use lampwork_protocol::PICTURE_PIXELS;

/// Below this share of the real data's spread a run says that it collapses.
pub const COLLAPSE: f32 = 0.5;

/// Mean distance between two different pictures of one class, averaged over the
/// classes that have two.
///
/// Pictures are `[count, 784]` in 0..1; the distance is Euclidean. Within
/// classes, since a conditional generator that makes one picture a class has
/// collapsed, though its pictures differ.
pub fn spread(pictures: &[f32], labels: &[u8]) -> f32 {
    let rows: Vec<&[f32]> = pictures.chunks_exact(PICTURE_PIXELS).collect();
    let mut of_classes = Vec::new();
    for class in 0..=labels.iter().copied().max().unwrap_or(0) {
        let members: Vec<&[f32]> = rows
            .iter()
            .zip(labels)
            .filter(|&(_, &label)| label == class)
            .map(|(row, _)| *row)
            .collect();
        if let Some(distance) = mean_distance(&members) {
            of_classes.push(distance);
        }
    }
    of_classes.iter().sum::<f32>() / of_classes.len().max(1) as f32
}

fn mean_distance(rows: &[&[f32]]) -> Option<f32> {
    let mut sum = 0.0_f64;
    let mut pairs = 0_u32;
    for (index, a) in rows.iter().enumerate() {
        for b in &rows[index + 1..] {
            let square: f32 = a.iter().zip(*b).map(|(a, b)| (a - b) * (a - b)).sum();
            sum += f64::from(square.sqrt());
            pairs += 1;
        }
    }
    (pairs > 0).then(|| (sum / f64::from(pairs)) as f32)
}

#[cfg(test)]
mod tests {
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
        assert_eq!(spread(&pictures, &[0, 0, 1, 1]), 0.0);
        // Without classes the same pictures are 28 apart in four pairs of six.
        let all = spread(&pictures, &[0; 4]);
        assert!((all - 28.0 * 4.0 / 6.0).abs() < 1e-4, "{all}");
    }

    #[test]
    fn classes_without_a_pair_do_not_count() {
        assert_eq!(spread(&flat(&[0.0, 0.5, 1.0]), &[3, 3, 7]), 14.0);
        assert_eq!(spread(&[], &[]), 0.0);
    }
}
