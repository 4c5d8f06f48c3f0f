//! What the tests against the stored outputs of PyTorch share.
//!
//! `reference/reference.py` wrote `reference/reference.json`: inputs in single
//! precision, outputs from double. What differs is the rounding of the code here.

use burn::module::Module;
use burn::optim::GradientsParams;
use burn::tensor::{Device, Tensor};
use lampwork_models::blocks::walk;
use lampwork_weights::Named;
use serde_json::Value;

pub fn reference() -> Value {
    let path = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/tests/reference/reference.json"
    );
    let text = std::fs::read_to_string(path).expect("the reference is kept beside the test");
    serde_json::from_str(&text).expect("JSON")
}

pub fn numbers(value: &Value) -> Vec<f32> {
    match value {
        Value::Array(items) => items.iter().flat_map(numbers).collect(),
        number => vec![number.as_f64().expect("a number") as f32],
    }
}

pub fn size(value: &Value) -> usize {
    value.as_u64().expect("a size") as usize
}

/// Close to `relative` of the largest known value.
#[track_caller]
pub fn close(name: &str, made: &[f32], known: &Value, relative: f32) {
    let known = numbers(known);
    assert_eq!(made.len(), known.len(), "{name}: other counts");
    let scale = known.iter().fold(1.0f32, |m, k| m.max(k.abs()));
    for (index, (m, k)) in made.iter().zip(&known).enumerate() {
        let error = (m - k).abs();
        assert!(
            error <= relative * scale,
            "{name}[{index}]: {m} and should be {k}"
        );
    }
}

pub fn device() -> Device {
    Device::flex().autodiff()
}

pub fn read<const D: usize>(tensor: Tensor<D>) -> Vec<f32> {
    tensor.into_data().try_into_vec().expect("f32")
}

/// The weights of a part of the reference.
pub fn named(known: &Value) -> Vec<Named> {
    let weights = known["weights"].as_array().expect("weights").iter();
    weights
        .map(|weight| Named {
            name: weight["name"].as_str().expect("a name").to_owned(),
            shape: numbers(&weight["shape"])
                .iter()
                .map(|&n| n as usize)
                .collect(),
            values: numbers(&weight["values"]),
        })
        .collect()
}

/// Checks the gradient of each of the net's weights.
#[track_caller]
pub fn close_gradients<M: Module>(net: &M, mut gradients: GradientsParams, known: &Value) {
    let paths = walk::paths(net);
    let mut checked = 0;
    for weight in known["weights"].as_array().expect("weights") {
        let name = weight["name"].as_str().expect("a name");
        let (&id, _) = paths.iter().find(|(_, path)| *path == name).expect(name);
        let made = match numbers(&weight["shape"]).len() {
            1 => read(gradients.remove::<1>(id).expect(name)),
            2 => read(gradients.remove::<2>(id).expect(name)),
            _ => read(gradients.remove::<4>(id).expect(name)),
        };
        close(name, &made, &weight["gradient"], 1e-4);
        checked += 1;
    }
    assert_eq!(checked, paths.len());
}
