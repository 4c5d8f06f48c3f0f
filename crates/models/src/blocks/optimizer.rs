//! Adam, AdamW and SGD that own their state.
//!
//! burn has these rules too. Ours differ in what a run in a tab needs: the
//! moments can be read asynchronously and written into a checkpoint, the
//! gradients of all parameters are clipped together, and where tensors live in
//! host memory one loop does what would be a dozen passes over it.

use std::collections::{HashMap, HashSet};

use burn::module::{Module, ModuleMapper, ModuleVisitor, Param, ParamId};
use burn::optim::GradientsParams;
use burn::tensor::{Device, Tensor, TensorData};
use lampwork_protocol::OptimizerKind;
use lampwork_weights::Named;

use crate::ModelError;
use crate::blocks::walk;

/// Where updates are computed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Update {
    /// By tensor operations, on the device.
    Tensors,
    /// In one loop over host memory: for a CPU device, whose reads are free.
    Host,
}

const EPSILON: f32 = 1e-8;

/// Mean of a parameter's gradients and of their squares, flat.
#[derive(Debug, Clone)]
struct Moments {
    first: Tensor<1>,
    second: Option<Tensor<1>>,
}

/// An optimizer and its state for one module.
#[derive(Debug, Clone)]
pub struct Optimizer {
    kind: OptimizerKind,
    clip_norm: Option<f32>,
    update: Update,
    steps: u64,
    /// Parameters that do not shrink.
    kept: HashSet<ParamId>,
    moments: HashMap<ParamId, Moments>,
}

impl Optimizer {
    /// An optimizer with no steps taken.
    pub fn new(kind: OptimizerKind, clip_norm: Option<f32>, update: Update) -> Self {
        Self {
            kind,
            clip_norm,
            update,
            steps: 0,
            kept: HashSet::new(),
            moments: HashMap::new(),
        }
    }

    /// The same, where these parameters do not shrink by weight decay.
    pub fn without_decay(mut self, kept: HashSet<ParamId>) -> Self {
        self.kept = kept;
        self
    }

    /// Changes the rule's numbers; a change of the rule itself drops the moments.
    pub fn change(&mut self, kind: OptimizerKind, clip_norm: Option<f32>) {
        if std::mem::discriminant(&kind) != std::mem::discriminant(&self.kind) {
            self.moments.clear();
            self.steps = 0;
        }
        self.kind = kind;
        self.clip_norm = clip_norm;
    }

    /// Moves the parameters of `module` along `gradients`.
    pub fn step<M: Module>(&mut self, module: M, gradients: GradientsParams, rate: f32) -> M {
        self.steps += 1;
        let mut flat = flatten(&module, gradients);
        let scale = match self.clip_norm {
            None => Scale::One,
            Some(norm) => Scale::clip(&flat, norm, self.update),
        };
        let mut step = Step {
            optimizer: self,
            gradients: &mut flat,
            scale,
            rate,
        };
        module.map(&mut step)
    }

    /// The state as named arrays, `PREFIX.first.PATH` and `PREFIX.second.PATH`,
    /// as tensors that are not yet read.
    pub fn state<M: Module>(&self, module: &M, prefix: &str) -> Vec<(String, Tensor<1>)> {
        let mut state = Vec::new();
        for (id, path) in walk::paths(module) {
            if let Some(moments) = self.moments.get(&id) {
                state.push((format!("{prefix}.first.{path}"), moments.first.clone()));
                if let Some(second) = &moments.second {
                    state.push((format!("{prefix}.second.{path}"), second.clone()));
                }
            }
        }
        state.sort_by(|a, b| a.0.cmp(&b.0));
        state
    }

    /// Steps taken.
    pub fn steps(&self) -> u64 {
        self.steps
    }

    /// Takes up the state written by [`Optimizer::state`]. A parameter whose
    /// moments are missing starts without.
    pub fn restore<M: Module>(
        &mut self,
        module: &M,
        prefix: &str,
        named: &[Named],
        steps: u64,
        device: &Device,
    ) -> Result<(), ModelError> {
        let by_name: HashMap<&str, &Named> = named.iter().map(|n| (n.name.as_str(), n)).collect();
        let tensor = |name: String| {
            by_name.get(name.as_str()).map(|named| {
                Tensor::from_data(
                    TensorData::new(named.values.clone(), [named.values.len()]),
                    device,
                )
            })
        };
        self.steps = steps;
        self.moments.clear();
        for (id, path) in walk::paths(module) {
            if let Some(first) = tensor(format!("{prefix}.first.{path}")) {
                let second = tensor(format!("{prefix}.second.{path}"));
                self.moments.insert(id, Moments { first, second });
            }
        }
        Ok(())
    }
}

/// What gradients are multiplied by so that their common norm is within bounds.
enum Scale {
    One,
    Host(f32),
    /// `[1]`, never read.
    Device(Box<Tensor<1>>),
}

impl Scale {
    fn clip(gradients: &Flat, norm: f32, update: Update) -> Self {
        let square = |g: &Tensor<1>| g.clone().square().sum();
        let squares: Vec<Tensor<1>> = gradients.0.iter().map(|(_, g)| square(g)).collect();
        if squares.is_empty() {
            return Scale::One;
        }
        let total = Tensor::cat(squares, 0).sum().sqrt();
        let scale = (total + 1e-6).recip().mul_scalar(norm).clamp_max(1.0);
        match update {
            Update::Host => Scale::Host(scale.into_scalar()),
            Update::Tensors => Scale::Device(Box::new(scale)),
        }
    }
}

/// Flat gradients in the order of the module's parameters: a sum over them must
/// not depend on a hash map's whim.
struct Flat(Vec<(ParamId, Tensor<1>)>);

impl Flat {
    fn take(&mut self, id: ParamId) -> Option<Tensor<1>> {
        let index = self.0.iter().position(|(other, _)| *other == id)?;
        // The module is walked in the same order again: the first is the one.
        Some(self.0.remove(index).1)
    }
}

fn flatten<M: Module>(module: &M, gradients: GradientsParams) -> Flat {
    struct Flatten {
        gradients: GradientsParams,
        flat: Flat,
    }
    impl ModuleVisitor for Flatten {
        fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
            if let Some(gradient) = self.gradients.remove::<D>(param.id) {
                let count = gradient.shape().num_elements();
                self.flat
                    .0
                    .push((param.id, gradient.inner().reshape([count])));
            }
        }
    }
    let mut flatten = Flatten {
        gradients,
        flat: Flat(Vec::new()),
    };
    module.visit(&mut flatten);
    flatten.flat
}

struct Step<'a> {
    optimizer: &'a mut Optimizer,
    gradients: &'a mut Flat,
    scale: Scale,
    rate: f32,
}

impl ModuleMapper for Step<'_> {
    fn map_float<const D: usize>(&mut self, param: Param<Tensor<D>>) -> Param<Tensor<D>> {
        let Some(gradient) = self.gradients.take(param.id) else {
            return param;
        };
        let moments = self.optimizer.moments.remove(&param.id);
        let (id, weight, mapper) = param.consume();
        let shape: [usize; D] = weight.dims();
        let count = gradient.shape().num_elements();
        let weight = weight.inner().reshape([count]);
        let (weight, moments) = match self.optimizer.update {
            Update::Host => self.on_host(id, weight, gradient, moments),
            Update::Tensors => self.on_device(id, weight, gradient, moments),
        };
        self.optimizer.moments.insert(id, moments);
        let weight = Tensor::from_inner(weight.reshape(shape)).require_grad();
        Param::from_mapped_value(id, weight, mapper)
    }
}

impl Step<'_> {
    fn on_device(
        &self,
        id: ParamId,
        weight: Tensor<1>,
        gradient: Tensor<1>,
        moments: Option<Moments>,
    ) -> (Tensor<1>, Moments) {
        let gradient = match &self.scale {
            Scale::One => gradient,
            Scale::Host(scale) => gradient * *scale,
            Scale::Device(scale) => gradient * scale.as_ref().clone(),
        };
        let zeros = || gradient.zeros_like();
        let (first, second) = match moments {
            Some(Moments { first, second }) => (first, second),
            None => (zeros(), None),
        };
        match self.optimizer.kind {
            OptimizerKind::Sgd { momentum } => {
                let first = first * momentum + gradient;
                let weight = weight - first.clone() * self.rate;
                (
                    weight,
                    Moments {
                        first,
                        second: None,
                    },
                )
            }
            OptimizerKind::Adam { beta1, beta2 } | OptimizerKind::AdamW { beta1, beta2, .. } => {
                let second = second.unwrap_or_else(zeros);
                let first = first * beta1 + gradient.clone() * (1.0 - beta1);
                let second = second * beta2 + gradient.square() * (1.0 - beta2);
                let (bias1, bias2) = self.corrections(beta1, beta2);
                let root = (second.clone() / bias2).sqrt() + EPSILON;
                let weight = weight * self.decayed(id) - first.clone() / root * (self.rate / bias1);
                let second = Some(second);
                (weight, Moments { first, second })
            }
        }
    }

    fn on_host(
        &self,
        id: ParamId,
        weight: Tensor<1>,
        gradient: Tensor<1>,
        moments: Option<Moments>,
    ) -> (Tensor<1>, Moments) {
        let device = weight.device();
        let read = |tensor: Tensor<1>| -> Vec<f32> {
            tensor.into_data().try_into_vec().expect("weights are f32")
        };
        let write = |values: Vec<f32>| -> Tensor<1> {
            let count = values.len();
            Tensor::from_data(TensorData::new(values, [count]), &device)
        };
        let scale = match &self.scale {
            Scale::Host(scale) => *scale,
            Scale::One | Scale::Device(_) => 1.0,
        };
        let mut weight = read(weight);
        let gradient = gradient.into_data();
        let gradient: &[f32] = gradient.as_slice().expect("gradients are f32");
        let (first, second) = match moments {
            Some(Moments { first, second }) => (Some(first), second),
            None => (None, None),
        };
        let fresh = |tensor: Option<Tensor<1>>| match tensor {
            Some(tensor) => read(tensor),
            None => vec![0.0; gradient.len()],
        };
        let mut first = fresh(first);
        match self.optimizer.kind {
            OptimizerKind::Sgd { momentum } => {
                for ((w, m), &g) in weight.iter_mut().zip(&mut first).zip(gradient) {
                    *m = *m * momentum + g * scale;
                    *w -= *m * self.rate;
                }
                let first = write(first);
                (
                    write(weight),
                    Moments {
                        first,
                        second: None,
                    },
                )
            }
            OptimizerKind::Adam { beta1, beta2 } | OptimizerKind::AdamW { beta1, beta2, .. } => {
                let mut second = fresh(second);
                let (bias1, bias2) = self.corrections(beta1, beta2);
                let (rate, decayed) = (self.rate / bias1, self.decayed(id));
                let by_bias2 = 1.0 / bias2;
                let cells = weight.iter_mut().zip(&mut first).zip(&mut second);
                for (((w, m), v), &g) in cells.zip(gradient) {
                    let g = g * scale;
                    *m = *m * beta1 + g * (1.0 - beta1);
                    *v = *v * beta2 + g * g * (1.0 - beta2);
                    *w = *w * decayed - rate * *m / ((*v * by_bias2).sqrt() + EPSILON);
                }
                let second = Some(write(second));
                let first = write(first);
                (write(weight), Moments { first, second })
            }
        }
    }

    /// What the means are divided by because they started at zero.
    fn corrections(&self, beta1: f32, beta2: f32) -> (f32, f32) {
        let steps = self.optimizer.steps.min(i32::MAX as u64) as i32;
        (1.0 - beta1.powi(steps), 1.0 - beta2.powi(steps))
    }

    /// What decoupled weight decay leaves of a weight.
    fn decayed(&self, id: ParamId) -> f32 {
        match self.optimizer.kind {
            _ if self.optimizer.kept.contains(&id) => 1.0,
            OptimizerKind::AdamW { weight_decay, .. } => 1.0 - self.rate * weight_decay,
            OptimizerKind::Adam { .. } | OptimizerKind::Sgd { .. } => 1.0,
        }
    }
}
