//! Pictures with their classes.

use lampwork_protocol::PICTURE_PIXELS;

use crate::DataError;

/// Pictures with their classes, in order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Examples {
    /// `[count, 28, 28]` bytes, 0 for black.
    pub pictures: Vec<u8>,
    /// The class of each, `[count]`.
    pub labels: Vec<u8>,
}

impl Examples {
    /// Joins pictures and labels that were read apart.
    ///
    /// # Errors
    /// There are not as many of the one as of the other, or a label is not below
    /// `classes`.
    pub fn new(pictures: Vec<u8>, labels: Vec<u8>, classes: usize) -> Result<Self, DataError> {
        if pictures.len() != labels.len() * PICTURE_PIXELS {
            return Err(DataError::Counts {
                pictures: pictures.len() / PICTURE_PIXELS,
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
        Ok(Self { pictures, labels })
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.labels.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.labels.is_empty()
    }

    /// Picture `index`, `[28, 28]` bytes.
    ///
    /// # Panics
    /// There is no such picture.
    pub fn picture(&self, index: usize) -> &[u8] {
        &self.pictures[index * PICTURE_PIXELS..(index + 1) * PICTURE_PIXELS]
    }

    /// The examples of these numbers, in their order.
    ///
    /// # Panics
    /// There is no example of such a number.
    pub fn select(&self, indices: &[usize]) -> Self {
        let mut chosen = Self {
            pictures: Vec::with_capacity(indices.len() * PICTURE_PIXELS),
            labels: Vec::with_capacity(indices.len()),
        };
        for &index in indices {
            chosen.pictures.extend_from_slice(self.picture(index));
            chosen.labels.push(self.labels[index]);
        }
        chosen
    }
}
