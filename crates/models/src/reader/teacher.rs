//! Readers beside nets that write: they say how hard their characters are to read.

use burn::module::Module;
use burn::tensor::activation::log_softmax;
use burn::tensor::{Int, Tensor, TensorData};

use super::Panel;
use super::net::{shifted, unit};
use crate::Noise;

/// What a likeness, a cosine, is multiplied by before odds are made of it.
const SHARPNESS: f32 = 20.0;

/// Standard deviation of the noise over what the teacher is shown, so that no faint
/// pattern that only a net could see counts as legible.
const VEIL: f32 = 0.1;

/// Readers that have learned, and the places of the characters that they know.
#[derive(Debug, Clone)]
pub struct Teacher {
    panel: Panel,
    /// `[known, dimensions]`, each of length one.
    known: Tensor<2>,
}

impl Teacher {
    /// A teacher by the means of the places of each character's pictures,
    /// `[known, dimensions]`.
    pub fn new(panel: Panel, means: Tensor<2>) -> Self {
        Self {
            panel,
            known: unit(means),
        }
    }

    /// How many characters it knows.
    pub fn known(&self) -> usize {
        self.known.dims()[0]
    }

    /// How hard to read what was written is, in nats, `[1]`: the cross-entropy of the
    /// odds of all known characters, by how near each lies.
    ///
    /// # Shapes
    /// - written: `[count, 1, 48, 48]`
    /// - meant: `[count]`, places among those known
    pub fn misread(&self, written: Tensor<4>, meant: &[u32], noise: &mut Noise) -> Tensor<1> {
        let device = written.device();
        let shape: [usize; 4] = written.dims();
        let veil = noise.normal(shape.iter().product());
        let veil = Tensor::<4>::from_data(TensorData::new(veil, shape), &device);
        let shift = (noise.below(5) as isize - 2, noise.below(5) as isize - 2);
        let shown = shifted(written + veil * VEIL, shift);
        // It passes gradients on, and learns nothing.
        let places = self.panel.clone().train().no_grad().forward(shown);
        let known = self.known.clone().autodiff();
        let odds = log_softmax(places.matmul(known.transpose()) * SHARPNESS, 1);
        let meant: Vec<i32> = meant.iter().map(|&place| place as i32).collect();
        let meant = Tensor::<2, Int>::from_data(TensorData::new(meant, [shape[0], 1]), &device);
        -odds.gather(1, meant).mean()
    }
}
