//! Pictures with their classes.

use lampwork_protocol::Shape;

use crate::DataError;

/// Pictures with their classes, in order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Examples {
    /// Shape of each picture.
    pub shape: Shape,
    /// `[count, side, side, channels]` bytes, 0 for black.
    pub pictures: Vec<u8>,
    /// The class of each, or the style, `[count]`.
    pub labels: Vec<u8>,
    /// What each shows, rows of [`crate::Packed::concepts`]; empty where there are
    /// no captions.
    pub concepts: Vec<u16>,
}

impl Default for Examples {
    /// No grey pictures.
    fn default() -> Self {
        Self::grey(Vec::new(), Vec::new())
    }
}

impl Examples {
    /// Grey pictures, 28 x 28, and their classes.
    pub fn grey(pictures: Vec<u8>, labels: Vec<u8>) -> Self {
        Self {
            shape: Shape::GREY,
            pictures,
            labels,
            concepts: Vec::new(),
        }
    }

    /// Joins grey pictures and labels that were read apart.
    ///
    /// # Errors
    /// There are not as many of the one as of the other, or a label is not below
    /// `classes`.
    pub fn new(pictures: Vec<u8>, labels: Vec<u8>, classes: usize) -> Result<Self, DataError> {
        let pixels = Shape::GREY.values();
        if pictures.len() != labels.len() * pixels {
            return Err(DataError::Counts {
                pictures: pictures.len() / pixels,
                labels: labels.len(),
            });
        }
        if let Some(index) = labels
            .iter()
            .position(|&label| usize::from(label) >= classes)
        {
            return Err(DataError::Label {
                index,
                label: labels[index],
                classes,
            });
        }
        Ok(Self::grey(pictures, labels))
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.labels.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.labels.is_empty()
    }

    /// Picture `index`, `[side, side, channels]` bytes.
    ///
    /// # Panics
    /// There is no such picture.
    pub fn picture(&self, index: usize) -> &[u8] {
        let values = self.shape.values();
        &self.pictures[index * values..(index + 1) * values]
    }

    /// The examples of these numbers, in their order.
    ///
    /// # Panics
    /// There is no example of such a number.
    pub fn select(&self, indices: &[usize]) -> Self {
        let mut chosen = Self {
            shape: self.shape,
            pictures: Vec::with_capacity(indices.len() * self.shape.values()),
            labels: Vec::with_capacity(indices.len()),
            concepts: Vec::new(),
        };
        for &index in indices {
            chosen.pictures.extend_from_slice(self.picture(index));
            chosen.labels.push(self.labels[index]);
            chosen.concepts.extend(self.concepts.get(index));
        }
        chosen
    }
}
