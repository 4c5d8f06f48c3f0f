//! Which examples a step is shown, and as what numbers.

use lampwork_protocol::{Augment, DataSet};

use crate::random::{generator, shuffle};
use crate::{Examples, Phrases, augment};

/// Endless epochs: in each, the examples in another random order.
///
/// Which examples a step is shown depends on the seed, the epoch and the step
/// alone, so that a run that was stopped goes on as if it had not been.
#[derive(Debug, Clone)]
pub struct Batches {
    count: usize,
    batch: usize,
    seed: u64,
    /// The order of the epoch asked for last.
    order: Vec<u32>,
    epoch: Option<u64>,
}

impl Batches {
    /// Batches of `batch` out of `count` examples.
    ///
    /// # Panics
    /// Either is 0.
    pub fn new(count: usize, batch: usize, seed: u64) -> Self {
        assert!(count > 0 && batch > 0, "batches of no examples");
        Self {
            count,
            batch,
            seed,
            order: Vec::new(),
            epoch: None,
        }
    }

    /// Numbers of the examples of a step, both counted from 0.
    ///
    /// The last, partial batch of an epoch is left out; the next epoch has
    /// another order, so no example is left out for good. Where there are fewer
    /// examples than a batch holds, they are repeated.
    pub fn indices(&mut self, epoch: u64, step_in_epoch: u64) -> Vec<u32> {
        if self.epoch != Some(epoch) {
            self.order.clear();
            self.order.extend(0..self.count as u32);
            let mut rng = generator(b"lampwork batches", self.seed, epoch);
            shuffle(&mut self.order, &mut rng);
            self.epoch = Some(epoch);
        }
        let step = step_in_epoch % steps_per_epoch(self.count, self.batch);
        let first = step as usize * self.batch;
        (first..first + self.batch)
            .map(|position| self.order[position % self.count])
            .collect()
    }
}

/// Whole batches in an epoch; at least 1.
///
/// # Panics
/// `batch` is 0.
pub fn steps_per_epoch(count: usize, batch: usize) -> u64 {
    ((count / batch) as u64).max(1)
}

/// Examples as numbers that a net is shown.
#[derive(Debug, Clone, PartialEq)]
pub struct Batch {
    /// `[n, side, side, channels]`, in 0..1.
    pub pictures: Vec<f32>,
    /// The class of each, `[n]`.
    pub labels: Vec<u8>,
    /// What the words of each mean, `[n, dimensions]`; empty without words.
    pub words: Vec<f32>,
}

/// The examples of these numbers, augmented.
///
/// What is done to them depends on `seed` and `step` alone, and so does in which
/// words an example is told, where there are `phrases`.
///
/// # Panics
/// There is no example of such a number, or a concept has no phrase.
pub fn batch(
    examples: &Examples,
    indices: &[u32],
    data: DataSet,
    augmentation: &Augment,
    phrases: Option<&Phrases>,
    seed: u64,
    step: u64,
) -> Batch {
    let mut rng = generator(b"lampwork augment", seed, step);
    let mut speaker = generator(b"lampwork phrases", seed, step);
    let mut batch = Batch {
        pictures: Vec::with_capacity(indices.len() * examples.shape.values()),
        labels: Vec::with_capacity(indices.len()),
        words: Vec::new(),
    };
    for &index in indices {
        let index = index as usize;
        let label = examples.labels[index];
        let start = batch.pictures.len();
        batch.pictures.extend(
            examples
                .picture(index)
                .iter()
                .map(|&pixel| f32::from(pixel) / 255.0),
        );
        augment(
            &mut batch.pictures[start..],
            examples.shape,
            label,
            data,
            augmentation,
            &mut rng,
        );
        batch.labels.push(label);
        if let (Some(phrases), Some(&concept)) = (phrases, examples.concepts.get(index)) {
            let said = phrases.pick(usize::from(concept), &mut speaker);
            batch.words.extend_from_slice(&said);
        }
    }
    batch
}

#[cfg(test)]
mod tests {
    use lampwork_protocol::PICTURE_PIXELS;
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn an_epoch_shows_no_example_twice(count in 1_usize..200, batch in 1_usize..50, seed: u64, epoch: u64) {
            prop_assume!(batch <= count);
            let mut batches = Batches::new(count, batch, seed);
            let steps = steps_per_epoch(count, batch);
            let mut shown: Vec<u32> = (0..steps).flat_map(|step| batches.indices(epoch, step)).collect();
            prop_assert_eq!(shown.len(), steps as usize * batch);
            shown.sort_unstable();
            shown.dedup();
            prop_assert_eq!(shown.len(), steps as usize * batch);
            prop_assert!(shown.iter().all(|&index| (index as usize) < count));
        }
    }

    #[test]
    fn a_run_taken_up_again_is_shown_the_same() {
        let mut through = Batches::new(100, 8, 3);
        let mut all = Vec::new();
        for epoch in 0..3 {
            for step in 0..steps_per_epoch(100, 8) {
                all.push(through.indices(epoch, step));
            }
        }
        assert_eq!(Batches::new(100, 8, 3).indices(2, 5), all[2 * 12 + 5]);
        assert_ne!(all[0], all[12], "each epoch has an order of its own");
        assert_ne!(Batches::new(100, 8, 4).indices(0, 0), all[0]);
    }

    #[test]
    fn fewer_examples_than_a_batch_are_repeated() {
        assert_eq!(steps_per_epoch(3, 8), 1);
        let mut shown = Batches::new(3, 8, 0).indices(0, 0);
        assert_eq!(shown.len(), 8);
        shown.sort_unstable();
        shown.dedup();
        assert_eq!(shown, [0, 1, 2]);
    }

    #[test]
    fn pictures_become_numbers_in_0_to_1() {
        let mut examples = Examples::grey(vec![0; 2 * PICTURE_PIXELS], vec![4, 6]);
        examples.pictures[PICTURE_PIXELS] = 255;
        examples.pictures[PICTURE_PIXELS + 1] = 51;
        let batch = batch(
            &examples,
            &[1, 0],
            DataSet::Digits,
            &Augment::default(),
            None,
            0,
            0,
        );
        assert_eq!(batch.labels, [6, 4]);
        assert_eq!(batch.pictures[..3], [1.0, 0.2, 0.0]);
        assert_eq!(batch.pictures.len(), 2 * PICTURE_PIXELS);
    }

    #[test]
    fn augmentation_follows_seed_and_step() {
        let pictures = (0..PICTURE_PIXELS).map(|pixel| pixel as u8).collect();
        let examples = Examples::grey(pictures, vec![0]);
        let augmentation = Augment {
            shift: 4,
            flip: true,
            cutout: 8,
        };
        let of = |seed, step| {
            batch(
                &examples,
                &[0; 4],
                DataSet::Fashion,
                &augmentation,
                None,
                seed,
                step,
            )
        };
        assert_eq!(of(1, 1), of(1, 1));
        assert_ne!(of(1, 1), of(1, 2));
        assert_ne!(of(1, 1), of(2, 1));
    }
}
