//! Exponential moving average of weights (Yaz 2018).

use std::collections::HashMap;

use burn::module::{Module, ModuleMapper, ModuleVisitor, Param, ParamId};
use burn::tensor::{Tensor, TensorData};

use crate::Update;

/// Moves every parameter of `average` towards `module`'s: `a <- d a + (1-d) w`.
///
/// The early steps would count for too much with the full decay, so it is
/// `min(decay, (1 + step) / (10 + step))`.
pub fn towards<M: Module>(average: M, module: &M, decay: f32, step: u64, update: Update) -> M {
    let early = (1.0 + step as f32) / (10.0 + step as f32);
    let mut blend = Blend {
        current: collect(module),
        decay: decay.min(early),
        update,
    };
    average.map(&mut blend)
}

/// Inner tensors of a module, flat, by parameter.
fn collect<M: Module>(module: &M) -> HashMap<ParamId, Tensor<1>> {
    struct Collect(HashMap<ParamId, Tensor<1>>);
    impl ModuleVisitor for Collect {
        fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
            let value = param.val().inner();
            let count = value.shape().num_elements();
            self.0.insert(param.id, value.reshape([count]));
        }
    }
    let mut collect = Collect(HashMap::new());
    module.visit(&mut collect);
    collect.0
}

struct Blend {
    current: HashMap<ParamId, Tensor<1>>,
    decay: f32,
    update: Update,
}

impl ModuleMapper for Blend {
    fn map_float<const D: usize>(&mut self, param: Param<Tensor<D>>) -> Param<Tensor<D>> {
        let Some(current) = self.current.remove(&param.id) else {
            return param;
        };
        let (decay, update) = (self.decay, self.update);
        param.map(|average| match update {
            Update::Tensors => {
                let shape: [usize; D] = average.dims();
                average * decay + current.reshape(shape) * (1.0 - decay)
            }
            Update::Host => {
                let device = average.device();
                let shape: [usize; D] = average.dims();
                let mut average: Vec<f32> = average.into_data().try_into_vec().expect("f32");
                let current = current.into_data();
                let current: &[f32] = current.as_slice().expect("f32");
                for (a, w) in average.iter_mut().zip(current) {
                    *a = decay * *a + (1.0 - decay) * w;
                }
                Tensor::from_data(TensorData::new(average, shape), &device)
            }
        })
    }
}
