//! The slow way: a picture whose pixels themselves are learned (Gatys 2016).

use burn::tensor::{Device, Tensor};

use super::{Losses, Perceptual};

/// Decays of the means of the gradient and of its square (Adam, Kingma 2014).
const BETAS: [f32; 2] = [0.9, 0.99];
const EPSILON: f32 = 1e-8;

/// A picture on its way to a style.
///
/// Gatys moves its pixels by L-BFGS; here it is Adam, which needs no search along a line
/// and comes as far in some hundred steps.
#[derive(Debug)]
pub struct Slow<'a> {
    eye: &'a Perceptual,
    /// `[1, 3, height, width]`, on the plain device.
    shown: Tensor<4>,
    styles: Tensor<2>,
    pixels: Tensor<4>,
    means: [Tensor<4>; 2],
    steps: i32,
    /// What content, style and variation count.
    counts: [f32; 3],
}

impl<'a> Slow<'a> {
    /// Begins with what is shown.
    ///
    /// # Shapes
    /// - shown: `[1, 3, height, width]` in 0..1, sides multiples of 8, on the plain
    ///   device
    /// - styles: `[1, styles]`, weights that sum to one
    /// - counts: what content, style and variation count
    pub fn new(eye: &'a Perceptual, shown: Tensor<4>, styles: Tensor<2>, counts: [f32; 3]) -> Self {
        let zeros = shown.zeros_like();
        Self {
            eye,
            pixels: shown.clone(),
            shown,
            styles,
            means: [zeros.clone(), zeros],
            steps: 0,
            counts,
        }
    }

    /// The picture as it is, `[1, 3, height, width]` in 0..1.
    pub fn pixels(&self) -> Tensor<4> {
        self.pixels.clone()
    }

    /// Moves every pixel; how far the picture was from what it should be before.
    pub fn step(&mut self, rate: f32, device: &Device) -> Losses {
        debug_assert!(!device.is_autodiff());
        let pixels = Tensor::from_inner(self.pixels.clone()).require_grad();
        let losses = self
            .eye
            .losses(pixels.clone(), self.shown.clone(), self.styles.clone());
        let [content, style, variation] = self.counts;
        let loss = losses.content.clone() * content
            + losses.style.clone() * style
            + losses.variation.clone() * variation;
        let gradients = loss.backward();
        let gradient = pixels
            .grad(&gradients)
            .expect("the loss depends on every pixel");
        self.steps += 1;
        let [first, second] = BETAS;
        self.means[0] = self.means[0].clone() * first + gradient.clone() * (1.0 - first);
        self.means[1] = self.means[1].clone() * second + gradient.square() * (1.0 - second);
        let [mean, square] =
            [0, 1].map(|at| self.means[at].clone() / (1.0 - BETAS[at].powi(self.steps)));
        let step = mean / (square.sqrt() + EPSILON) * rate;
        self.pixels = (self.pixels.clone() - step).clamp(0.0, 1.0);
        Losses {
            content: losses.content.inner(),
            style: losses.style.inner(),
            variation: losses.variation.inner(),
        }
    }
}
