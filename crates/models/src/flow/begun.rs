//! Pictures that a flow begins with, whole or with a hole.
//!
//! Whole: Meng and others, "SDEdit: Guided Image Synthesis and Editing with
//! Stochastic Differential Equations", arXiv 2108.01073. On a rectified flow the
//! noised picture is the mixture `(1 - t) noise + t picture`, the place where a path
//! through that picture would be.
//!
//! With a hole: of several ways (see `examples/inpainting.rs`) this one measured
//! best. At each step the net's velocity says which picture the path leads to; the
//! pixels that are known are put into it, and the next step begins at the mixture of
//! that picture with noise that is new all over. So what was made in the hole is
//! seen together with what is around it at every noise level, and can still go with
//! it: what the resampling of RePaint is for (Lugmayr and others, arXiv 2201.09865),
//! without its going back and forth. It is the null-space step of DDNM (Wang and
//! others, arXiv 2212.00490) with all noise new.

use burn::tensor::{Device, Tensor};

use crate::Noise;
use crate::blocks::matrix;

/// First stream of the noise that a fill renews.
const RENEWED: u64 = 1 << 50;

/// Pictures that a path begins with.
#[derive(Debug, Clone)]
pub struct Begun {
    /// `[count, values]`, -1..1.
    pictures: Tensor<2>,
    /// `[count, values]`, 1 where a value stays and 0 where it may change; `None`
    /// where all may.
    keep: Option<Tensor<2>>,
    /// How much of the path is gone, 0..1.
    pub(super) strength: f32,
    /// A seed for each picture's new noise.
    seeds: Vec<u64>,
    device: Device,
}

impl Begun {
    /// Pictures in 0..1, and how much of the path is gone.
    ///
    /// # Shapes
    /// - pictures: `[count, values]`
    /// - keep: `[count, values]`, 1 where a value stays, else 0
    /// - seeds: `count`
    pub fn new(
        pictures: Tensor<2>,
        keep: Option<Tensor<2>>,
        strength: f32,
        seeds: Vec<u64>,
    ) -> Self {
        Self {
            device: pictures.device(),
            pictures: pictures * 2.0 - 1.0,
            keep,
            strength: strength.clamp(0.0, 1.0),
            seeds,
        }
    }

    /// Whether some of it may not change.
    pub(super) fn is_masked(&self) -> bool {
        self.keep.is_some()
    }

    /// The mixture of noise and pictures at `time`.
    pub(super) fn mixed(&self, noise: Tensor<2>, time: f32) -> Tensor<2> {
        noise * (1.0 - time) + self.pictures.clone() * time
    }

    /// Where a path that is at `now` at `start` is at `until`, the hole filled so
    /// far by what `velocity` leads to.
    pub(super) fn filled(
        &self,
        now: Tensor<2>,
        velocity: Tensor<2>,
        start: f32,
        until: f32,
        step: u16,
    ) -> Tensor<2> {
        let foretold = now + velocity * (1.0 - start);
        let foretold = match &self.keep {
            Some(keep) => self.pictures.clone() * keep.clone() + foretold * (1.0 - keep.clone()),
            None => foretold,
        };
        if until >= 1.0 {
            return foretold;
        }
        self.noise(step) * (1.0 - until) + foretold * until
    }

    /// New noise for the step numbered `step`, `[count, values]`. A picture's own
    /// does not depend on those beside it.
    fn noise(&self, step: u16) -> Tensor<2> {
        let [count, values] = self.pictures.dims();
        let stream = RENEWED + u64::from(step);
        let noise = self.seeds.iter();
        let noise = noise.flat_map(|&seed| Noise::new(seed, stream).normal(values));
        matrix(noise.collect(), count, values, &self.device)
    }

    /// Pictures in 0..1 with what may not change put back.
    pub(super) fn with_kept(&self, pictures: Tensor<2>) -> Tensor<2> {
        match &self.keep {
            Some(keep) => {
                let known = (self.pictures.clone() + 1.0) * 0.5;
                known * keep.clone() + pictures * (1.0 - keep.clone())
            }
            None => pictures,
        }
    }
}
