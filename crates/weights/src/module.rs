//! A module's parameters to named tensors and back.

use std::collections::{BTreeMap, BTreeSet};

use burn::module::{Module, ModuleMapper, ModuleVisitor, Param};
use burn::tensor::{Bool, Device, Int, Tensor, TensorData, Transaction};

use crate::error::shortened;
use crate::{Named, WeightsError};

/// Reads every parameter of a module, in the module's order.
///
/// All are read in one asynchronous transaction: a single wait on the GPU, and
/// the only kind of read that a browser allows. Parameters that are still lazy
/// are drawn first. Values that are not finite are passed on: [`crate::write`]
/// is what refuses them.
///
/// Running statistics (batch norm) are those last synchronised: call
/// `module.valid()` before if the module trains.
///
/// # Errors
///
/// [`WeightsError::Device`] where the device fails, [`WeightsError::BadTensor`]
/// for a parameter that is not of floats.
pub async fn collect<M: Module>(module: &M) -> Result<Vec<Named>, WeightsError> {
    let mut collector = Collector::default();
    module.visit(&mut collector);
    let Collector {
        names,
        transaction,
        error,
        ..
    } = collector;
    if let Some(error) = error {
        return Err(error);
    }

    let data = transaction
        .execute_async()
        .await
        .map_err(|e| WeightsError::Device {
            reason: e.to_string(),
        })?;
    if data.len() != names.len() {
        return Err(WeightsError::Device {
            reason: format!("{} tensors of {} came back", data.len(), names.len()),
        });
    }
    names
        .into_iter()
        .zip(data)
        .map(|(name, data)| {
            let data = data.convert::<f32>();
            let shape = data.shape().to_vec();
            let values = data
                .try_into_vec::<f32>()
                .map_err(|e| WeightsError::tensor(&name, format!("cannot be read: {e:?}")))?;
            Ok(Named {
                name,
                shape,
                values,
            })
        })
        .collect()
}

/// Puts tensors into a module, which ends on `device`.
///
/// Every parameter must be among `tensors`, with its shape, and nothing may be
/// left over. Parameters that are still lazy are not drawn, so a fresh module
/// costs no random numbers. Which parameters train, and whether the module
/// tracks gradients, stays as it was.
///
/// # Errors
///
/// [`WeightsError::Missing`], [`WeightsError::Unknown`] and
/// [`WeightsError::WrongShape`] where the tensors are another net's, and
/// [`WeightsError::BadTensor`] where values are not finite or names are doubled.
pub fn fill<M: Module>(module: M, tensors: &[Named], device: &Device) -> Result<M, WeightsError> {
    let mut by_name = BTreeMap::new();
    for tensor in tensors {
        check_values(tensor)?;
        if by_name.insert(tensor.name.as_str(), tensor).is_some() {
            return Err(WeightsError::tensor(&tensor.name, "is there twice"));
        }
    }

    // Everything is checked before anything is moved: running statistics are
    // shared between clones, so a module must not be left half filled.
    let mut checker = Checker {
        path: Path::default(),
        by_name: &by_name,
        used: BTreeSet::new(),
        missing: Vec::new(),
        error: None,
    };
    module.visit(&mut checker);
    let Checker {
        used,
        missing,
        error,
        ..
    } = checker;
    if let Some((first, rest)) = missing.split_first() {
        return Err(WeightsError::Missing {
            name: first.clone(),
            others: rest.len(),
        });
    }
    if let Some(error) = error {
        return Err(error);
    }
    let mut unknown = by_name.keys().filter(|name| !used.contains(*name));
    if let Some(first) = unknown.next() {
        return Err(WeightsError::Unknown {
            name: shortened(first),
            others: unknown.count(),
        });
    }

    let mut filler = Filler {
        path: Path::default(),
        by_name: &by_name,
        device,
        error: None,
    };
    let module = module.map(&mut filler);
    match filler.error {
        Some(error) => Err(error),
        None => Ok(module),
    }
}

/// Checks that a tensor's shape and values agree and that all are finite.
pub(crate) fn check_values(tensor: &Named) -> Result<(), WeightsError> {
    let wanted = tensor
        .shape
        .iter()
        .try_fold(1usize, |n, &d| n.checked_mul(d));
    if wanted != Some(tensor.values.len()) {
        return Err(WeightsError::tensor(
            &tensor.name,
            format!(
                "has {} values, which its shape {:?} does not hold",
                tensor.values.len(),
                tensor.shape
            ),
        ));
    }
    if let Some(at) = tensor.values.iter().position(|v| !v.is_finite()) {
        return Err(WeightsError::tensor(
            &tensor.name,
            format!(
                "has {} at place {at}, and only finite numbers are weights",
                tensor.values[at]
            ),
        ));
    }
    Ok(())
}

/// Where in the module a visit is: fields and indices from the root.
#[derive(Default)]
struct Path(Vec<String>);

impl Path {
    fn enter(&mut self, name: &str, container: &str) {
        if !is_variant(container) {
            self.0.push(name.to_owned());
        }
    }

    fn exit(&mut self, container: &str) {
        if !is_variant(container) {
            self.0.pop();
        }
    }

    fn name(&self) -> String {
        self.0.join(".")
    }
}

/// Whether burn announces an enum's variant. A value has one variant only, so
/// its name adds nothing, and would tie files to a Rust name.
fn is_variant(container: &str) -> bool {
    container.starts_with("Enum:")
}

/// The error for a parameter of whole numbers or of truth values.
fn not_floats(path: &Path, kind: &str) -> WeightsError {
    WeightsError::tensor(
        &path.name(),
        format!("holds {kind}, and weights are floating-point numbers"),
    )
}

#[derive(Default)]
struct Collector {
    path: Path,
    names: Vec<String>,
    transaction: Transaction,
    error: Option<WeightsError>,
}

impl ModuleVisitor for Collector {
    fn enter_module(&mut self, name: &str, container: &str) {
        self.path.enter(name, container);
    }

    fn exit_module(&mut self, _name: &str, container: &str) {
        self.path.exit(container);
    }

    fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
        self.names.push(self.path.name());
        let tensor = param.transform_for_save().base();
        let transaction = std::mem::take(&mut self.transaction);
        self.transaction = transaction.register(tensor.without_autodiff());
    }

    fn visit_int<const D: usize>(&mut self, _param: &Param<Tensor<D, Int>>) {
        self.error = Some(not_floats(&self.path, "whole numbers"));
    }

    fn visit_bool<const D: usize>(&mut self, _param: &Param<Tensor<D, Bool>>) {
        self.error = Some(not_floats(&self.path, "truth values"));
    }
}

struct Checker<'a> {
    path: Path,
    by_name: &'a BTreeMap<&'a str, &'a Named>,
    used: BTreeSet<&'a str>,
    missing: Vec<String>,
    error: Option<WeightsError>,
}

impl ModuleVisitor for Checker<'_> {
    fn enter_module(&mut self, name: &str, container: &str) {
        self.path.enter(name, container);
    }

    fn exit_module(&mut self, _name: &str, container: &str) {
        self.path.exit(container);
    }

    fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
        let name = self.path.name();
        let Some((&key, tensor)) = self.by_name.get_key_value(name.as_str()) else {
            self.missing.push(name);
            return;
        };
        self.used.insert(key);
        // Only rank and count can be told here: a parameter may be kept in
        // another layout than it is stored in. `Filler` compares the shapes.
        let wanted = param.lazy_shape();
        if tensor.shape.len() != D || tensor.values.len() != wanted.num_elements() {
            self.error.get_or_insert(WeightsError::WrongShape {
                name,
                wanted: wanted.to_vec(),
                found: tensor.shape.clone(),
            });
        }
    }

    fn visit_int<const D: usize>(&mut self, _param: &Param<Tensor<D, Int>>) {
        self.error
            .get_or_insert(not_floats(&self.path, "whole numbers"));
    }

    fn visit_bool<const D: usize>(&mut self, _param: &Param<Tensor<D, Bool>>) {
        self.error
            .get_or_insert(not_floats(&self.path, "truth values"));
    }
}

struct Filler<'a> {
    path: Path,
    by_name: &'a BTreeMap<&'a str, &'a Named>,
    device: &'a Device,
    error: Option<WeightsError>,
}

impl ModuleMapper for Filler<'_> {
    fn enter_module(&mut self, name: &str, container: &str) {
        self.path.enter(name, container);
    }

    fn exit_module(&mut self, _name: &str, container: &str) {
        self.path.exit(container);
    }

    fn map_float<const D: usize>(&mut self, param: Param<Tensor<D>>) -> Param<Tensor<D>> {
        let name = self.path.name();
        let Some(tensor) = self.by_name.get(name.as_str()) else {
            self.error
                .get_or_insert(WeightsError::Missing { name, others: 0 });
            return param;
        };
        // The parameter's own device first, as burn keeps a parameter's
        // settings only when it loads one there.
        let device = param.lazy_device();
        let wanted = param.lazy_shape();
        let id = param.id;
        // Burn gives a lazy parameter's shape as it is stored, and a drawn one's
        // as it is kept: a `Linear` of the layout `Col` turns its weight around.
        let drawn = param.is_initialized();
        let data = TensorData::new(tensor.values.clone(), tensor.shape.clone());
        let filled = param.transform_for_load(Tensor::from_data(data, &device), id);
        let found = if drawn {
            filled.lazy_shape().to_vec()
        } else {
            tensor.shape.clone()
        };
        if found != wanted.to_vec() {
            self.error.get_or_insert(WeightsError::WrongShape {
                name,
                wanted: wanted.to_vec(),
                found,
            });
        }
        if device == *self.device {
            filled
        } else {
            filled.fork(self.device)
        }
    }
}
