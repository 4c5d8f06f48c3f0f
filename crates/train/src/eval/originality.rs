//! Whether a model makes pictures of its own or copies what it was shown.

use anyhow::Result;
use lampwork_datasets::Examples;
use lampwork_metrics::nearest_distances;
use lampwork_protocol::{Figure, PICTURE_PIXELS};

use super::{Measured, Set, Sets};
use crate::judge::pixels;

/// Most pictures whose nearest training picture is looked for: each is compared
/// with the whole training split.
const MOST: usize = 1000;

/// Distances from made pictures to the nearest training picture, beside those of
/// test pictures, which nobody can have copied.
pub(super) fn figures(sets: &Sets, train: &Examples) -> Result<Vec<Figure>> {
    let count = sets.count().min(MOST);
    let shown = pixels(&train.pictures);
    let made = sorted_distances(&sets.made, count, &shown)?;
    let test = sorted_distances(&sets.test, count, &shown)?;
    let how = |what: &str| {
        format!(
            "{what} distance (Euclidean, over pixels in 0..1) from {count} pictures to the \
             nearest of {} training pictures; floor: the test split's own",
            train.len()
        )
    };
    let at = |share: f64| {
        let place = (share * (count - 1) as f64).round() as usize;
        Measured {
            value: made[place],
            floor: Some(test[place]),
            ceiling: None,
        }
    };
    Ok(vec![
        at(0.5).into_figure("nearest_training_distance", "", how("median")),
        at(0.01).into_figure(
            "nearest_training_distance_1_percent",
            "",
            how("first percentile of the"),
        ),
    ])
}

fn sorted_distances(set: &Set, count: usize, train: &[f32]) -> Result<Vec<f64>> {
    let pictures = &set.pictures[..count * PICTURE_PIXELS];
    let found = nearest_distances(train, pictures, PICTURE_PIXELS)?;
    let mut distances: Vec<f64> = found.into_iter().map(|nearest| nearest.distance).collect();
    distances.sort_by(f64::total_cmp);
    Ok(distances)
}
