//! Weights that stay, laid out for their products once.

use std::sync::{Arc, Mutex, PoisonError};

use burn::backend::tensor::FloatTensor;
use burn::backend::{Flex, TensorMetadata};

/// Numbers that are kept. In a tab 48 MiB of them: two nets of the largest that are
/// shipped fit side by side. Natively 128 MiB, which hold the convolutions of VGG16
/// that `train` compares pictures by.
const MOST: usize = if cfg!(feature = "rayon") {
    32 << 20
} else {
    12 << 20
};

/// Weights, and what was made of them.
struct Entry<K, T> {
    /// Held, so that what lies at its place in memory stays what it is: burn changes
    /// in place only what nobody else holds.
    weight: FloatTensor<Flex>,
    /// For what it was laid out.
    key: K,
    made: Arc<T>,
    /// Numbers in what is held.
    numbers: usize,
}

/// What was made of the weights that were used last.
pub(crate) struct Kept<K, T> {
    /// The last used last.
    entries: Mutex<Vec<Entry<K, T>>>,
}

impl<K: PartialEq, T> Kept<K, T> {
    pub(crate) const fn new() -> Self {
        Self {
            entries: Mutex::new(Vec::new()),
        }
    }

    /// What is kept for a weight, or else what `make` makes of it with its count of
    /// numbers.
    pub(crate) fn of(
        &self,
        weight: &FloatTensor<Flex>,
        key: K,
        make: impl FnOnce(&[f32]) -> (T, usize),
    ) -> Arc<T> {
        let numbers = slice(weight);
        let mut entries = self.entries.lock().unwrap_or_else(PoisonError::into_inner);
        let found = entries.iter().position(|entry| {
            std::ptr::eq(slice(&entry.weight), numbers)
                && entry.weight.shape() == weight.shape()
                && entry.key == key
        });
        if let Some(at) = found {
            let entry = entries.remove(at);
            let made = Arc::clone(&entry.made);
            entries.push(entry);
            return made;
        }
        let (made, count) = make(numbers);
        let made = Arc::new(made);
        entries.push(Entry {
            weight: weight.clone(),
            key,
            made: Arc::clone(&made),
            numbers: count + numbers.len(),
        });
        let mut all: usize = entries.iter().map(|entry| entry.numbers).sum();
        while all > MOST {
            all -= entries.remove(0).numbers;
        }
        made
    }
}

fn slice(tensor: &FloatTensor<Flex>) -> &[f32] {
    tensor.as_slice().expect("contiguous numbers")
}
