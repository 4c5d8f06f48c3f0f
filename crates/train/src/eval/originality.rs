//! Whether a model makes pictures of its own or copies what it was shown.

use std::collections::BTreeMap;

use anyhow::Result;
use lampwork_datasets::Examples;
use lampwork_judge::{Set, Sets};
use lampwork_metrics::{Cell, copying_test, nearest_distances};
use lampwork_protocol::Figure;

use super::Measured;
use crate::judge::pixels;

/// Most pictures whose nearest training picture is looked for: each is compared
/// with the whole training split.
const MOST: usize = 1000;

/// Fewest pictures of a class that are compared on their own (Meehan 2020).
const LEAST: usize = 20;

/// Distances from made pictures to the nearest training picture, beside those of
/// test pictures, which nobody can have copied.
pub(super) fn figures(sets: &Sets, train: &Examples) -> Result<Vec<Figure>> {
    let count = sets.count().min(MOST);
    let shown = pixels(&train.pictures);
    let mut made = distances(&sets.made, count, &shown)?;
    let mut test = distances(&sets.test, count, &shown)?;
    let copying = copying(sets, &test, &made, count)?;
    made.sort_by(f64::total_cmp);
    test.sort_by(f64::total_cmp);
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
    let mut figures = vec![
        at(0.5).into_figure("nearest_training_distance", "", how("median")),
        at(0.01).into_figure(
            "nearest_training_distance_1_percent",
            "",
            how("first percentile of the"),
        ),
    ];
    figures.extend(copying);
    Ok(figures)
}

/// The three-sample test: are made pictures nearer to the training split than
/// test pictures are?
///
/// Nothing where no class has enough pictures to say so.
fn copying(sets: &Sets, test: &[f64], made: &[f64], count: usize) -> Result<Option<Figure>> {
    let mut cells: BTreeMap<u8, Cell> = BTreeMap::new();
    for (index, (&test, &made)) in test.iter().zip(made).enumerate() {
        // Asked for as often as the test split has it, so both are of one class.
        let cell = cells.entry(sets.test.classes[index]).or_default();
        cell.test.push(test);
        cell.made.push(made);
    }
    let cells: Vec<Cell> = cells.into_values().collect();
    if cells.iter().all(|cell| cell.test.len() < LEAST) {
        return Ok(None);
    }
    let how = format!(
        "C_T of the three-sample test of Meehan 2020 over {count} made and {count} test pictures, \
         their distances (Euclidean, over pixels) to the nearest training picture compared class \
         by class; near 0: as far from the training split as real new pictures; below -3: copied; \
         far above 0: further from it than real ones"
    );
    let measured = Measured {
        value: copying_test(&cells, LEAST)?,
        floor: None,
        ceiling: None,
    };
    Ok(Some(measured.into_figure("copying_test", "", how)))
}

fn distances(set: &Set, count: usize, train: &[f32]) -> Result<Vec<f64>> {
    let found = nearest_distances(train, set.first(count), set.values())?;
    Ok(found.into_iter().map(|nearest| nearest.distance).collect())
}
