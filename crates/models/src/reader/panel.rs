//! Readers that read together.

use burn::module::Module;
use burn::tensor::{Device, Tensor};

use super::net::{EMBEDDING, Reader, unit};

/// Readers that were taught apart, from seeds of their own: a picture's place is where all
/// of them lay it, side by side, so that likenesses are the mean of theirs (Lakshminarayanan
/// 2016, arXiv 1612.01474, has such ensembles for odds). What one of them takes for a
/// stroke by a quirk of its own, the others seldom do.
#[derive(Module, Debug)]
pub struct Panel {
    readers: Vec<Reader>,
}

impl Panel {
    /// Of so many readers, their weights not yet drawn.
    pub fn new(readers: usize, device: &Device) -> Self {
        (0..readers).map(|_| Reader::new(device)).collect()
    }

    /// Numbers of a picture's place.
    pub fn dimensions(&self) -> usize {
        self.readers.len() * EMBEDDING
    }

    /// The places of pictures, each of length one.
    ///
    /// # Shapes
    /// - pictures: `[count, 1, 48, 48]` in 0..1, 1 for ink
    /// - output: `[count, dimensions]`
    pub fn forward(&self, pictures: Tensor<4>) -> Tensor<2> {
        self.together(|reader| reader.forward(pictures.clone()))
    }

    /// The same, each reader's the mean of five looks, each shifted by a pixel.
    pub fn look(&self, pictures: Tensor<4>) -> Tensor<2> {
        self.together(|reader| reader.look(pictures.clone()))
    }

    fn together(&self, places: impl Fn(&Reader) -> Tensor<2>) -> Tensor<2> {
        unit(Tensor::cat(self.readers.iter().map(places).collect(), 1))
    }
}

impl FromIterator<Reader> for Panel {
    fn from_iter<I: IntoIterator<Item = Reader>>(readers: I) -> Self {
        Self {
            readers: readers.into_iter().collect(),
        }
    }
}
