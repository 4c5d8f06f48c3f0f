//! Examples of one step.

/// Examples that a step can be cut into slices of.
pub trait Examples: Copy + Sync {
    /// How many there are.
    fn count(&self) -> usize;

    /// `count` examples from number `first` on.
    fn part(&self, first: usize, count: usize) -> Self;

    /// What these examples count for in a step of all.
    fn share(&self, all: &Self) -> f32 {
        self.count() as f32 / all.count() as f32
    }
}

/// Examples of one step, as plain arrays.
#[derive(Debug, Clone, Copy)]
pub struct Batch<'a> {
    /// `[count, values]` in 0..1, of the shape that the model makes.
    pub pictures: &'a [f32],
    /// `[count]`.
    pub labels: &'a [u8],
    /// Word vectors, `[count, dimensions]`; empty for a model without words.
    pub words: &'a [f32],
}

/// What examples are, as far as a net is told.
#[derive(Debug, Clone, Copy)]
pub(super) struct Labels<'a> {
    /// `[count]`.
    pub(super) classes: &'a [u8],
    /// `[count, dimensions]`, or empty.
    pub(super) words: &'a [f32],
}

impl Labels<'_> {
    /// Those of the first examples.
    pub(super) fn first(&self, count: usize) -> Self {
        let words = self.words.len() / self.classes.len() * count;
        Self {
            classes: &self.classes[..count],
            words: &self.words[..words],
        }
    }
}

impl<'a> Batch<'a> {
    pub(super) fn labels(&self) -> Labels<'a> {
        Labels {
            classes: self.labels,
            words: self.words,
        }
    }
}

impl Examples for Batch<'_> {
    fn count(&self) -> usize {
        self.labels.len()
    }

    fn part(&self, first: usize, count: usize) -> Self {
        fn part(all: &[f32], examples: usize, first: usize, count: usize) -> &[f32] {
            let each = all.len() / examples;
            &all[first * each..(first + count) * each]
        }
        let examples = self.labels.len();
        Batch {
            pictures: part(self.pictures, examples, first, count),
            labels: &self.labels[first..first + count],
            words: part(self.words, examples, first, count),
        }
    }
}
