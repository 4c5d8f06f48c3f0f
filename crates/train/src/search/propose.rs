//! Which point of the space to try next.

use anyhow::{Result, anyhow};
use rand::rngs::Xoshiro256PlusPlus;
use rand::{RngExt, SeedableRng};
use tpe::density_estimation::DefaultEstimatorBuilder;
use tpe::{TpeOptimizer, TpeOptimizerBuilder};

use super::space::Dimension;
use crate::cli::Method;

/// Trials at random before the estimator is asked: it has to know something first.
const FIRST_AT_RANDOM: usize = 8;

/// Share of the trials that count as good (Bergstra 2011).
const GOOD: f64 = 0.15;

/// Coordinates of a trial and the loss it came to; infinite where it failed.
pub type Tried = (Vec<f64>, f64);

/// The coordinates to try after those tried so far.
///
/// Depends on the seed and the history alone, so that a search which was
/// interrupted goes on as it would have.
///
/// # Errors
/// Where a dimension has no range.
pub fn next(
    dimensions: &[Dimension],
    tried: &[Tried],
    method: Method,
    seed: u64,
) -> Result<Vec<f64>> {
    let mut rng = Xoshiro256PlusPlus::seed_from_u64(seed);
    // One stream a trial, however many numbers each draws.
    for _ in 0..tried.len() {
        rng = Xoshiro256PlusPlus::seed_from_u64(rng.random());
    }
    dimensions
        .iter()
        .enumerate()
        .map(|(index, dimension)| {
            let (low, high) = dimension.bounds();
            if method == Method::Random || tried.len() < FIRST_AT_RANDOM {
                return Ok(rng.random_range(low..high));
            }
            let mut optimizer = optimizer(dimension)?;
            for (coordinates, loss) in tried {
                optimizer
                    .tell(coordinates[index], *loss)
                    .map_err(|error| anyhow!("{}: {error}", dimension.path))?;
            }
            optimizer
                .ask(&mut rng)
                .map_err(|error| anyhow!("{}: {error}", dimension.path))
        })
        .collect()
}

fn optimizer(dimension: &Dimension) -> Result<TpeOptimizer<DefaultEstimatorBuilder>> {
    let (low, high) = dimension.bounds();
    let range = tpe::range(low, high).map_err(|error| anyhow!("{}: {error}", dimension.path))?;
    let estimator = if dimension.is_choice() {
        tpe::histogram_estimator()
    } else {
        tpe::parzen_estimator()
    };
    TpeOptimizerBuilder::new()
        .gamma(GOOD)
        .build(estimator, range)
        .map_err(|error| anyhow!("{}: {error}", dimension.path))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn space() -> Vec<Dimension> {
        ["rate=log:1e-5..1e0", "width=choice:a,b,c,d", "beta=0..10"]
            .map(|text| text.parse().unwrap())
            .to_vec()
    }

    /// Least, 0, at rate 1e-3, choice `c`, beta 2.
    fn known(space: &[Dimension], coordinates: &[f64]) -> f64 {
        let value = |index: usize| space[index].value(coordinates[index]);
        let decades = value(0).as_f64().unwrap().log10() + 3.0;
        let choice = if value(1) == "c" { 0.0 } else { 1.0 };
        decades.powi(2) + choice + (value(2).as_f64().unwrap() - 2.0).powi(2) / 4.0
    }

    fn best(method: Method, seed: u64) -> f64 {
        let space = space();
        let mut tried: Vec<Tried> = Vec::new();
        for _ in 0..60 {
            let coordinates = next(&space, &tried, method, seed).unwrap();
            let loss = known(&space, &coordinates);
            tried.push((coordinates, loss));
        }
        tried
            .iter()
            .map(|(_, loss)| *loss)
            .fold(f64::INFINITY, f64::min)
    }

    fn median(method: Method) -> f64 {
        let mut found: Vec<f64> = (0..21).map(|seed| best(method, seed)).collect();
        found.sort_by(f64::total_cmp);
        found[10]
    }

    #[test]
    fn the_estimator_finds_better_settings_than_chance() {
        let (tpe, random) = (median(Method::Tpe), median(Method::Random));
        assert!(tpe < 0.5 * random, "TPE {tpe}, random {random}");
    }

    #[test]
    fn the_same_seed_and_history_give_the_same_trial() {
        let space = space();
        let mut tried = Vec::new();
        for index in 0..12 {
            let one = next(&space, &tried, Method::Tpe, 5).unwrap();
            assert_eq!(one, next(&space, &tried, Method::Tpe, 5).unwrap());
            assert_ne!(one, next(&space, &tried, Method::Tpe, 6).unwrap());
            tried.push((one, f64::from(index)));
        }
    }

    #[test]
    fn a_failed_trial_is_the_worst_of_all() {
        let space = space();
        let mut tried: Vec<Tried> = Vec::new();
        for _ in 0..40 {
            let coordinates = next(&space, &tried, Method::Tpe, 3).unwrap();
            // Diverges wherever the rate is above 1e-2.
            let rate = space[0].value(coordinates[0]).as_f64().unwrap();
            let loss = if rate > 1e-2 {
                f64::INFINITY
            } else {
                known(&space, &coordinates)
            };
            tried.push((coordinates, loss));
        }
        let failed = |tried: &[Tried]| tried.iter().filter(|(_, loss)| loss.is_infinite()).count();
        assert!(failed(&tried[..20]) > failed(&tried[20..]));
    }
}
