//! How a net learns to show photographs in styles: by the features of VGG16.

use std::sync::Arc;

use burn::tensor::{Device, Tensor};
use lampwork_protocol::{Restyle, Shape};

use super::translate::{Translation, pictures};
use super::{Batch, Slice};
use crate::Noise;
use crate::blocks::matrix;
use crate::perceptual::{Losses, Perceptual};
use crate::translate::Generator;

/// Photographs that are looked at together outside of training.
const AT_ONCE: usize = 4;

impl Translation {
    /// The same, by what styles are learned by.
    pub(super) fn seen_by(&self, eye: Arc<Perceptual>) -> Self {
        Self {
            eye: Some(eye),
            ..self.clone()
        }
    }

    /// # Panics
    /// Nobody has said by what styles are learned.
    fn eye(&self) -> &Perceptual {
        let eye = self.eye.as_ref();
        eye.expect("a run that restyles is given its eye first")
    }

    /// Measures one slice: the loss, and what it is made of.
    pub(super) fn restyled(
        &self,
        net: &Generator,
        restyle: &Restyle,
        slice: &Slice<'_>,
        noise: &mut Noise,
        device: &Device,
    ) -> Vec<Tensor<1>> {
        let batch = &slice.batch;
        let shown = cut(batch, restyle.side, |room| {
            noise.below(room as u32) as usize
        });
        let count = batch.labels.len();
        // One style after the other, so that each is shown as often as the others.
        let first = (slice.step as usize * slice.count + slice.index) * count;
        let styles = restyle.names.len();
        let mut weights = vec![0.0; count * styles];
        for (at, weights) in weights.chunks_exact_mut(styles).enumerate() {
            let share = match noise.one_uniform() < restyle.blends {
                true => noise.one_uniform(),
                false => 0.0,
            };
            weights[(first + at) % styles] += 1.0 - share;
            weights[noise.below(styles as u32) as usize] += share;
        }
        let plain = slice.device;
        let shown = pictures(shown, count, square(restyle.side), plain);
        let weights = matrix(weights, count, styles, plain);
        let said = Tensor::from_inner(weights.clone());
        let made = net.forward(Tensor::from_inner(shown.clone()), Some(&said));
        debug_assert!(device.is_autodiff());
        parts(restyle, self.eye().losses(made, shown, weights))
    }

    /// Means over photographs that are not learned from, the middle of each in one
    /// style after the other.
    pub(super) fn validated(
        &self,
        net: &Generator,
        restyle: &Restyle,
        batch: &Batch<'_>,
        device: &Device,
    ) -> Tensor<2> {
        use super::Examples;

        let all = batch.labels.len();
        let styles = restyle.names.len();
        let mut sum: Option<Tensor<2>> = None;
        for first in (0..all).step_by(AT_ONCE) {
            let part = batch.part(first, AT_ONCE.min(all - first));
            let count = part.labels.len();
            let shown = cut(&part, restyle.side, |room| room / 2);
            let shown = pictures(shown, count, square(restyle.side), device);
            let weights = (first..first + count).flat_map(|at| {
                (0..styles).map(move |style| f32::from(u8::from(style == at % styles)))
            });
            let weights = matrix(weights.collect(), count, styles, device);
            let made = net.forward(shown.clone(), Some(&weights));
            let losses = parts(restyle, self.eye().losses(made, shown, weights));
            let share = count as f32 / all as f32;
            let losses = Tensor::cat(losses, 0).reshape([1, 4]) * share;
            sum = Some(match sum {
                None => losses,
                Some(sum) => sum + losses,
            });
        }
        sum.unwrap_or_else(|| Tensor::zeros([1, 4], device))
    }
}

/// The loss, and what it is made of.
fn parts(restyle: &Restyle, losses: Losses) -> Vec<Tensor<1>> {
    let Losses {
        content,
        style,
        variation,
    } = losses;
    let loss = content.clone() * restyle.content
        + style.clone() * restyle.style
        + variation.clone() * restyle.variation;
    vec![loss, content.detach(), style.detach(), variation.detach()]
}

fn square(side: usize) -> Shape {
    Shape { side, channels: 3 }
}

/// A square out of each photograph; `place` says where, of so many places in a row.
///
/// # Shapes
/// - output: `[count, side, side, 3]`
fn cut(batch: &Batch<'_>, side: usize, mut place: impl FnMut(usize) -> usize) -> Vec<f32> {
    let count = batch.labels.len();
    let each = batch.pictures.len() / count;
    let whole = (each / 3).isqrt();
    let mut squares = Vec::with_capacity(count * side * side * 3);
    for picture in batch.pictures.chunks_exact(each) {
        let [top, left] = [(); 2].map(|()| place(whole - side + 1));
        for y in top..top + side {
            let from = (y * whole + left) * 3;
            squares.extend_from_slice(&picture[from..from + side * 3]);
        }
    }
    squares
}
