//! The pictures that are compared.

use std::collections::VecDeque;

use lampwork_datasets::{Batches, Examples, Packed};
use lampwork_models::Noise;
use lampwork_models::latent::{Meaning, Space};
use lampwork_protocol::Latent;

/// The pictures that are compared, equally many of each.
#[derive(Debug, Clone, Default)]
pub struct Sets {
    /// Of the test split: what all others are compared with.
    pub test: Set,
    /// Of the training split, the classes as often as `test` has them.
    pub train: Set,
    /// Made by the model, the classes asked for as often as `test` has them.
    pub made: Set,
    /// Every pixel uniform in 0..1.
    pub noise: Set,
}

/// Pictures with their classes.
#[derive(Debug, Clone, Default)]
pub struct Set {
    /// `[count, values]` in 0..1.
    pub pictures: Vec<f32>,
    /// The class of each; asked for, where it was made.
    pub classes: Vec<u8>,
    /// The concept of each, where there are captions.
    pub concepts: Vec<u16>,
}

impl Set {
    /// So many examples, drawn without replacement.
    pub fn drawn(examples: &Examples, count: usize, seed: u64) -> Set {
        let order = Batches::new(examples.len(), count, seed).indices(0, 0);
        let order: Vec<usize> = order.into_iter().map(|index| index as usize).collect();
        Set::of(examples, &order)
    }

    /// As many examples as `like` has, and of each class as many, drawn without
    /// replacement; where a class has too few, of whatever class is left.
    ///
    /// Two small draws differ by how often each class is in them before they differ
    /// by what is drawn, and a model is asked for the classes of one of them: it
    /// would seem better than real pictures are.
    pub fn drawn_like(examples: &Examples, like: &Set, seed: u64) -> Set {
        let order = Batches::new(examples.len(), examples.len(), seed).indices(0, 0);
        let mut left: [VecDeque<usize>; 256] = std::array::from_fn(|_| VecDeque::new());
        for index in order {
            let index = index as usize;
            left[usize::from(examples.labels[index])].push_back(index);
        }
        // Each of its own class first, so that what is left is nobody's.
        let found: Vec<Option<usize>> = (like.classes.iter())
            .map(|&class| left[usize::from(class)].pop_front())
            .collect();
        let mut rest = left.into_iter().flatten();
        let chosen: Vec<usize> = (found.into_iter())
            .filter_map(|index| index.or_else(|| rest.next()))
            .collect();
        Set::of(examples, &chosen)
    }

    /// These examples.
    fn of(examples: &Examples, order: &[usize]) -> Set {
        let chosen = examples.select(order);
        Set {
            pictures: pixels(&chosen.pictures),
            classes: chosen.labels,
            concepts: chosen.concepts,
        }
    }

    /// How many there are.
    pub fn count(&self) -> usize {
        self.classes.len()
    }

    /// Numbers of one picture.
    pub fn values(&self) -> usize {
        self.pictures.len() / self.count().max(1)
    }

    /// The first `count` pictures.
    pub fn first(&self, count: usize) -> &[f32] {
        &self.pictures[..count * self.values()]
    }
}

impl Sets {
    /// `count` pictures on each side, but none yet in `made`, whose classes and
    /// concepts are to be asked for ([`asked`]).
    pub fn without_made(packed: &Packed, count: usize, seed: u64) -> Sets {
        let test = Set::drawn(&packed.test, count, seed);
        let values = packed.data.shape().values();
        Sets {
            made: Set {
                pictures: Vec::new(),
                ..test.clone()
            },
            noise: Set {
                pictures: Noise::new(seed, 0).uniform(test.count() * values),
                ..test.clone()
            },
            train: Set::drawn_like(&packed.train, &test, seed),
            test,
        }
    }

    /// How many pictures there are on each side.
    pub fn count(&self) -> usize {
        self.test.count()
    }
}

/// What a model is asked for: a draw for each picture of `like`, of its class where
/// the model has classes, told the caption of its concept where the model has words.
pub fn asked(
    space: Space,
    packed: &Packed,
    like: &Set,
    seed: u64,
    meaning: Meaning<'_>,
) -> Vec<Latent> {
    let draws = (0..like.count()).map(|index| Latent::Draw {
        seed,
        index: index as u32,
        temperature: 1.0,
        class: (space.classes > 0).then(|| like.classes[index]),
    });
    told(space, packed, draws.collect(), &like.concepts, meaning)
}

/// Draws, each told the caption of its concept; as they are where a model knows
/// no words.
fn told(
    space: Space,
    packed: &Packed,
    draws: Vec<Latent>,
    concepts: &[u16],
    meaning: Meaning<'_>,
) -> Vec<Latent> {
    if space.words == 0 {
        return draws;
    }
    let told = draws.into_iter().zip(concepts).map(|(draw, &concept)| {
        let words = packed.concepts[usize::from(concept)].en.clone();
        // A caption of which no word is known is as good as none.
        if meaning(&words).is_none() {
            return draw;
        }
        Latent::Worded {
            of: Box::new(draw),
            words,
        }
    });
    told.collect()
}

/// Bytes as numbers in 0..1.
pub fn pixels(bytes: &[u8]) -> Vec<f32> {
    bytes.iter().map(|&byte| f32::from(byte) / 255.0).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Grey pictures, each full of its number, of these classes.
    fn examples(labels: &[u8]) -> Examples {
        let numbers = 0..labels.len() as u8;
        let pictures = numbers.flat_map(|number| [number; 28 * 28]).collect();
        Examples::grey(pictures, labels.to_vec())
    }

    fn numbers(set: &Set) -> Vec<u8> {
        let firsts = set.pictures.chunks(set.values());
        firsts
            .map(|picture| (picture[0] * 255.0).round() as u8)
            .collect()
    }

    #[test]
    fn a_draw_like_another_has_its_classes() {
        let examples = examples(&[0, 0, 0, 0, 1, 1, 1, 2]);
        let like = Set {
            classes: vec![1, 0, 1, 2],
            ..Set::default()
        };
        let drawn = Set::drawn_like(&examples, &like, 7);
        assert_eq!(drawn.classes, like.classes);
        let mut once = numbers(&drawn);
        once.sort_unstable();
        once.dedup();
        assert_eq!(once.len(), 4, "drawn without replacement");
    }

    #[test]
    fn a_class_that_runs_short_is_made_up_for() {
        let examples = examples(&[0, 0, 0, 1]);
        let like = Set {
            classes: vec![1, 1, 0],
            ..Set::default()
        };
        let drawn = Set::drawn_like(&examples, &like, 7);
        assert_eq!(drawn.count(), 3);
        assert_eq!(drawn.classes[0], 1);
        assert_eq!(drawn.classes[1..], [0, 0]);
    }
}
