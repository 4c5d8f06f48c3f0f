//! Walks over the parameters of a module.

use std::collections::HashMap;

use burn::module::{Module, ModuleMapper, ModuleVisitor, Param, ParamId};
use burn::tensor::{Device, Tensor, TensorData};

/// The dotted path of every float parameter, by its id.
pub fn paths<M: Module>(module: &M) -> HashMap<ParamId, String> {
    struct Walk {
        path: Vec<String>,
        found: HashMap<ParamId, String>,
    }
    impl ModuleVisitor for Walk {
        fn enter_module(&mut self, name: &str, _: &str) {
            self.path.push(name.to_owned());
        }
        fn exit_module(&mut self, _: &str, _: &str) {
            self.path.pop();
        }
        fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
            self.found.insert(param.id, self.path.join("."));
        }
    }
    let mut walk = Walk {
        path: Vec::new(),
        found: HashMap::new(),
    };
    module.visit(&mut walk);
    walk.found
}

/// Sets every float parameter to what `value(path, container, shape)` gives.
///
/// `container` is burn's name for the module that holds the parameter, such as
/// `Struct:Linear`. The random first value that burn would draw never is.
pub fn set<M: Module>(
    module: M,
    device: &Device,
    value: impl FnMut(&str, &str, &[usize]) -> Vec<f32>,
) -> M {
    struct Walk<'a, F> {
        path: Vec<String>,
        containers: Vec<String>,
        device: &'a Device,
        value: F,
    }
    impl<F: FnMut(&str, &str, &[usize]) -> Vec<f32>> ModuleMapper for Walk<'_, F> {
        fn enter_module(&mut self, name: &str, container: &str) {
            self.path.push(name.to_owned());
            self.containers.push(container.to_owned());
        }
        fn exit_module(&mut self, _: &str, _: &str) {
            self.path.pop();
            self.containers.pop();
        }
        fn map_float<const D: usize>(&mut self, param: Param<Tensor<D>>) -> Param<Tensor<D>> {
            let shape: [usize; D] = param.lazy_shape().dims();
            let container = self.containers.last().map_or("", String::as_str);
            let values = (self.value)(&self.path.join("."), container, &shape);
            // burn keeps whether a parameter trains only when a value is loaded on
            // the parameter's own device.
            let (id, own) = (param.id, param.lazy_device());
            let tensor = Tensor::from_data(TensorData::new(values, shape), &own);
            let set = param.transform_for_load(tensor, id);
            if own == *self.device {
                set
            } else {
                set.fork(self.device)
            }
        }
    }
    let mut walk = Walk {
        path: Vec::new(),
        containers: Vec::new(),
        device,
        value,
    };
    module.map(&mut walk)
}
