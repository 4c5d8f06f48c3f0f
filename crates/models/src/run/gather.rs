//! What the slices of a step add up to.

use burn::module::Module;
use burn::optim::{GradientsAccumulator, GradientsParams};
use burn::tensor::Tensor;

/// Gradients summed over the slices of a step.
pub(super) struct Gathered<M>(GradientsAccumulator<M>);

impl<M> Default for Gathered<M> {
    fn default() -> Self {
        Self(GradientsAccumulator::new())
    }
}

impl<M> std::fmt::Debug for Gathered<M> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Gathered")
    }
}

impl<M> Clone for Gathered<M> {
    /// A copy of a run starts its step anew.
    fn clone(&self) -> Self {
        Self::default()
    }
}

impl<M: Module> Gathered<M> {
    /// Adds one slice's gradients.
    pub(super) fn add(&mut self, module: &M, gradients: GradientsParams) {
        self.0.accumulate(module, gradients);
    }

    /// The sum; the next step starts from nothing.
    pub(super) fn take(&mut self) -> GradientsParams {
        self.0.grads()
    }
}

/// Sums of what the slices of a step measured.
#[derive(Debug, Clone, Default)]
pub(super) struct Sums(Vec<Tensor<1>>);

impl Sums {
    /// Adds one slice's numbers, each weighted by `share`.
    pub(super) fn add(&mut self, values: impl IntoIterator<Item = Tensor<1>>, share: f32) {
        let values = values.into_iter().map(|v| v.inner() * share);
        if self.0.is_empty() {
            self.0 = values.collect();
        } else {
            self.0 = std::mem::take(&mut self.0)
                .into_iter()
                .zip(values)
                .map(|(sum, value)| sum + value)
                .collect();
        }
    }

    pub(super) fn take(&mut self) -> Vec<Tensor<1>> {
        std::mem::take(&mut self.0)
    }
}
