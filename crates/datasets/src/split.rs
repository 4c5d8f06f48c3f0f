//! Training, validation and test, without a picture in two of them.

use std::collections::HashMap;

use lampwork_protocol::DataSet;

use crate::random::{generator, shuffle};
use crate::{DataError, Examples};

/// The three splits of a data set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Splits {
    /// What nets learn from.
    pub train: Examples,
    /// What decides when to stop.
    pub validation: Examples,
    /// What figures are measured on.
    pub test: Examples,
}

/// Examples that Fashion-MNIST's validation split takes from its 60,000.
const FASHION_VALIDATION: usize = 5_000;
/// Examples in each of the validation and test split of the digits.
const DIGITS_HELD_OUT: usize = 1_000;
/// Examples in the splits that a tab fetches.
const TAB: [usize; 3] = [3_000, 500, 500];

/// The seed of every split; another would be another data set.
const SEED: u64 = 0;

/// Splits Fashion-MNIST: its own test set, and a validation split out of its
/// training set.
///
/// A training picture that is also in the test set would be dropped (there is
/// none among the 70,000).
///
/// # Errors
/// There are too few examples.
pub fn fashion(train: &Examples, test: &Examples) -> Result<Splits, DataError> {
    let tested: std::collections::HashSet<&[u8]> =
        (0..test.len()).map(|index| test.picture(index)).collect();
    let kept: Vec<usize> = (0..train.len())
        .filter(|&index| !tested.contains(train.picture(index)))
        .collect();
    let train = train.select(&kept);
    let [validation] = held_out(&train, [FASHION_VALIDATION], DataSet::Fashion)?;
    Ok(Splits {
        train: train.select(&rest(&train, &[&validation])),
        validation: train.select(&validation),
        test: test.clone(),
    })
}

/// Splits the digits, which come in one piece: 1,000 for validation, 1,000 for
/// the test, the others for training.
///
/// # Errors
/// There are too few examples.
pub fn digits(all: &Examples) -> Result<Splits, DataError> {
    let [validation, test] = held_out(all, [DIGITS_HELD_OUT; 2], DataSet::Digits)?;
    Ok(Splits {
        train: all.select(&rest(all, &[&validation, &test])),
        validation: all.select(&validation),
        test: all.select(&test),
    })
}

/// The subset that a tab fetches: 3,000, 500 and 500, as many of each class,
/// each drawn from the split of the same name.
///
/// # Errors
/// A class has too few examples.
pub fn tab(full: &Splits, classes: usize) -> Result<Splits, DataError> {
    let [train, validation, test] = TAB;
    Ok(Splits {
        train: balanced(&full.train, train / classes, classes)?,
        validation: balanced(&full.validation, validation / classes, classes)?,
        test: balanced(&full.test, test / classes, classes)?,
    })
}

/// Draws disjoint lists of examples of which no copy is left behind.
///
/// A picture that stands there more than once is never drawn, so that all its
/// copies stay together with the rest.
fn held_out<const N: usize>(
    examples: &Examples,
    counts: [usize; N],
    data: DataSet,
) -> Result<[Vec<usize>; N], DataError> {
    let mut seen: HashMap<&[u8], u32> = HashMap::new();
    for index in 0..examples.len() {
        *seen.entry(examples.picture(index)).or_default() += 1;
    }
    let mut order: Vec<usize> = (0..examples.len())
        .filter(|&index| seen[examples.picture(index)] == 1)
        .collect();
    let wanted = counts.iter().sum();
    // At least one example must be left to learn from.
    if order.len() < wanted || examples.len() <= wanted {
        return Err(DataError::TooFew {
            of: format!("to hold out of {}", data.name()),
            wanted,
            found: order.len(),
        });
    }
    shuffle(&mut order, &mut generator(b"lampwork splits ", SEED, 0));
    let mut order = order.into_iter();
    Ok(counts.map(|count| order.by_ref().take(count).collect()))
}

/// Every example that is in none of `taken`, shuffled.
fn rest(examples: &Examples, taken: &[&Vec<usize>]) -> Vec<usize> {
    let mut free = vec![true; examples.len()];
    for &index in taken.iter().copied().flatten() {
        free[index] = false;
    }
    let mut order: Vec<usize> = (0..examples.len()).filter(|&index| free[index]).collect();
    // The files of the digits are sorted by class; whoever takes the first few
    // of the split should get some of each.
    shuffle(&mut order, &mut generator(b"lampwork train  ", SEED, 0));
    order
}

/// `each` examples of every class, in random order.
fn balanced(examples: &Examples, each: usize, classes: usize) -> Result<Examples, DataError> {
    let mut rng = generator(b"lampwork tab set", SEED, 0);
    let mut order: Vec<usize> = (0..examples.len()).collect();
    shuffle(&mut order, &mut rng);
    let mut found = vec![0; classes];
    order.retain(|&index| {
        let count = &mut found[usize::from(examples.labels[index])];
        *count += 1;
        *count <= each
    });
    if let Some(class) = found.iter().position(|&count| count < each) {
        return Err(DataError::TooFew {
            of: format!("of class {class}"),
            wanted: each,
            found: found[class],
        });
    }
    Ok(examples.select(&order))
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use lampwork_protocol::PICTURE_PIXELS;

    use super::*;

    /// Pictures that differ, but for every `twin`-th, which repeats the one before.
    fn examples(count: usize, first: usize, twin: usize) -> Examples {
        let mut all = Examples::default();
        for index in 0..count {
            let number = first
                + if index % twin == twin - 1 {
                    index - 1
                } else {
                    index
                };
            let mut picture = vec![0; PICTURE_PIXELS];
            picture[..8].copy_from_slice(&(number as u64).to_le_bytes());
            all.pictures.extend(picture);
            all.labels.push((number % 10) as u8);
        }
        all
    }

    fn pictures(examples: &Examples) -> HashSet<&[u8]> {
        (0..examples.len())
            .map(|index| examples.picture(index))
            .collect()
    }

    fn assert_apart(splits: &Splits) {
        let [train, validation, test] =
            [&splits.train, &splits.validation, &splits.test].map(pictures);
        assert!(train.is_disjoint(&validation));
        assert!(train.is_disjoint(&test));
        assert!(validation.is_disjoint(&test));
    }

    #[test]
    fn digits_are_split_without_overlap_and_nothing_is_lost() {
        let all = examples(3_000, 0, 7);
        let splits = digits(&all).unwrap();
        assert_eq!(splits.validation.len(), 1_000);
        assert_eq!(splits.test.len(), 1_000);
        assert_eq!(splits.train.len(), 1_000);
        assert_apart(&splits);
        let mut joined = pictures(&splits.train);
        joined.extend(pictures(&splits.validation));
        joined.extend(pictures(&splits.test));
        assert_eq!(joined, pictures(&all));
    }

    #[test]
    fn a_training_picture_that_is_tested_is_dropped() {
        let train = examples(7_000, 0, 11);
        let test = examples(1_000, 6_500, 13);
        let splits = fashion(&train, &test).unwrap();
        assert_apart(&splits);
        assert_eq!(splits.test, test);
        assert_eq!(splits.validation.len(), 5_000);
        let shared = (0..train.len())
            .filter(|&index| pictures(&test).contains(train.picture(index)))
            .count();
        assert!(shared > 400);
        assert_eq!(splits.train.len(), 2_000 - shared);
    }

    #[test]
    fn splits_are_the_same_every_time() {
        let all = examples(2_500, 0, usize::MAX);
        assert_eq!(digits(&all), digits(&all));
    }

    #[test]
    fn the_tab_gets_as_many_of_each_class() {
        let full = Splits {
            train: examples(4_000, 0, usize::MAX),
            validation: examples(1_000, 10_000, usize::MAX),
            test: examples(1_000, 20_000, usize::MAX),
        };
        let subset = tab(&full, 10).unwrap();
        for (part, each, whole) in [
            (&subset.train, 300, &full.train),
            (&subset.validation, 50, &full.validation),
            (&subset.test, 50, &full.test),
        ] {
            for class in 0..10 {
                assert_eq!(
                    part.labels.iter().filter(|&&label| label == class).count(),
                    each
                );
            }
            assert!(pictures(part).is_subset(&pictures(whole)));
            for index in 0..part.len() {
                let number = u64::from_le_bytes(part.picture(index)[..8].try_into().unwrap());
                assert_eq!(number % 10, u64::from(part.labels[index]));
            }
        }
    }

    #[test]
    fn too_few_examples_are_an_error() {
        assert!(matches!(
            digits(&examples(2_000, 0, usize::MAX)),
            Err(DataError::TooFew { wanted: 2_000, .. })
        ));
        let full = Splits {
            train: examples(2_990, 0, usize::MAX),
            validation: examples(500, 10_000, usize::MAX),
            test: examples(500, 20_000, usize::MAX),
        };
        assert!(matches!(
            tab(&full, 10),
            Err(DataError::TooFew {
                wanted: 300,
                found: 299,
                ..
            })
        ));
    }
}
