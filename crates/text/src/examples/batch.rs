//! Examples side by side.

use super::Pass;

/// Rows of tokens with those that follow them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Batch {
    /// How many examples there are.
    pub rows: usize,
    /// Tokens in a row.
    pub columns: usize,
    /// `[rows, columns]`: what the model sees, filled up with `pad`.
    pub inputs: Vec<u16>,
    /// `[rows, columns]`: what it has to foretell, filled up with `pad`.
    pub targets: Vec<u16>,
    /// `[rows, columns]`: 1 where foretelling counts, 0 elsewhere.
    pub counts: Vec<u8>,
}

impl Batch {
    /// How many positions count.
    pub fn counted(&self) -> usize {
        self.counts.iter().map(|&count| usize::from(count)).sum()
    }
}

impl Pass<'_> {
    /// How many examples of the order are sorted by length together.
    const POOL: usize = 16;

    /// The examples of these numbers as a batch, as wide as the longest.
    ///
    /// # Panics
    /// There is no such example.
    pub fn batch(&self, indices: &[usize]) -> Batch {
        let examples: Vec<_> = indices.iter().map(|&index| self.example(index)).collect();
        let columns = examples
            .iter()
            .map(|example| example.tokens.len() - 1)
            .max();
        let columns = columns.unwrap_or(0);
        let size = examples.len() * columns;
        let mut batch = Batch {
            rows: examples.len(),
            columns,
            inputs: vec![self.pad(); size],
            targets: vec![self.pad(); size],
            counts: vec![0; size],
        };
        for (row, example) in examples.iter().enumerate() {
            let length = example.tokens.len() - 1;
            let here = row * columns..row * columns + length;
            batch.inputs[here.clone()].copy_from_slice(&example.tokens[..length]);
            batch.targets[here.clone()].copy_from_slice(&example.tokens[1..]);
            for (count, &counts) in batch.counts[here].iter_mut().zip(&example.counts[1..]) {
                *count = u8::from(counts);
            }
        }
        batch
    }

    /// Numbers of the examples of each batch of `size`, the last of which may be
    /// smaller.
    ///
    /// Of every sixteen batches the examples are dealt out by length, so that little
    /// is filled up, and the batches then stand in the order of the first example.
    ///
    /// # Panics
    /// `size` is 0.
    pub fn batches(&self, size: usize) -> Vec<Vec<usize>> {
        assert!(size > 0, "a batch of no examples");
        let mut batches = Vec::with_capacity(self.len().div_ceil(size));
        let numbers: Vec<usize> = (0..self.len()).collect();
        for pool in numbers.chunks(size * Self::POOL) {
            let mut pool = pool.to_vec();
            pool.sort_by_key(|&index| {
                let window = self.order[index];
                (window.end - window.start, index)
            });
            let mut dealt: Vec<Vec<usize>> = pool.chunks(size).map(<[usize]>::to_vec).collect();
            dealt.sort_by_key(|batch| batch.iter().min().copied());
            batches.append(&mut dealt);
        }
        // A batch that is not full comes last, wherever its pool had it.
        batches.sort_by_key(|batch| batch.len() < size);
        batches
    }
}
