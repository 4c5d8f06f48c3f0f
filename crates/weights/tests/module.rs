//! `collect` and `fill`: a module to named tensors and back.

mod common;

use burn::module::Module;
use burn::tensor::{Device, Distribution, Int, Tensor};
use common::{Head, lazy, named, net, now};
use lampwork_protocol::Failure;
use lampwork_weights::{Named, WeightsError, collect, fill};

fn device() -> Device {
    Device::flex()
}

#[test]
fn names_are_fields_and_indices_in_the_modules_order() {
    let names: Vec<String> = now(collect(&net(&device())))
        .unwrap()
        .into_iter()
        .map(|t| format!("{} {:?}", t.name, t.shape))
        .collect();
    assert_eq!(
        names,
        [
            "convolutions.0.weight [2, 1, 3, 3]",
            "convolutions.0.bias [2]",
            "convolutions.1.weight [4, 2, 3, 3]",
            "norm.gamma [4]",
            "norm.beta [4]",
            "running.gamma [4]",
            "running.beta [4]",
            "running.running_mean [4]",
            "running.running_var [4]",
            // Not `head.Deep.0.weight`: the variant is a Rust name.
            "head.0.weight [4, 3]",
            "head.0.bias [3]",
            "head.1.weight [3, 2]",
            "head.1.bias [2]",
            // Kept as [3, 5], stored as the layout `Col` stores it.
            "columns.weight [5, 3]",
            "columns.bias [5]",
            "pair.0.weight [2, 2]",
            "pair.0.bias [2]",
            "pair.1.weight [2, 1]",
            "pair.1.bias [1]",
            "scale [1]",
        ]
    );
}

#[test]
fn a_fresh_module_is_filled_with_anothers_values() {
    for device in [device(), device().autodiff()] {
        let tensors = now(collect(&net(&device))).unwrap();
        let fresh = net(&device);
        assert_ne!(now(collect(&fresh)).unwrap(), tensors);
        let filled = fill(net(&device), &tensors, &device).unwrap();
        assert_eq!(now(collect(&filled)).unwrap(), tensors);
    }
}

#[test]
fn the_order_of_the_tensors_does_not_matter() {
    let tensors = now(collect(&net(&device()))).unwrap();
    let mut turned = tensors.clone();
    turned.reverse();
    let filled = fill(net(&device()), &turned, &device()).unwrap();
    assert_eq!(now(collect(&filled)).unwrap(), tensors);
}

#[test]
fn a_filled_module_computes_the_same() {
    let device = device();
    let original = net(&device);
    let tensors = now(collect(&original)).unwrap();
    let filled = fill(net(&device), &tensors, &device).unwrap();
    let input = Tensor::<2>::random([7, 3], Distribution::Normal(0.0, 1.0), &device);
    let wanted = original.columns.forward(input.clone()).into_data();
    filled
        .columns
        .forward(input)
        .into_data()
        .assert_eq(&wanted, true);
    let input = Tensor::<2>::random([7, 4], Distribution::Normal(0.0, 1.0), &device);
    let run = |head: &Head| match head {
        Head::Plain(layer) => layer.forward(input.clone()),
        Head::Deep(layers) => layers
            .iter()
            .fold(input.clone(), |x, layer| layer.forward(x)),
    };
    run(&filled.head)
        .into_data()
        .assert_eq(&run(&original.head).into_data(), true);
}

#[test]
fn a_lazy_value_is_never_drawn() {
    let tensors = [named("weight", &[2, 3], &[1.0, 2.0, 3.0, 4.0, 5.0, 6.0])];
    // `lazy` panics where its value is drawn.
    let filled = fill(lazy(&device()), &tensors, &device()).unwrap();
    assert_eq!(now(collect(&filled)).unwrap(), tensors);
    // Nor where the tensors are refused.
    let wrong = [named("weight", &[3, 3], &[0.0; 9])];
    assert!(fill(lazy(&device()), &wrong, &device()).is_err());
}

#[test]
fn a_filled_module_trains_as_before() {
    let device = device().autodiff();
    let tensors = [named("weight", &[2, 3], &[1.0; 6])];
    let filled = fill(lazy(&device), &tensors, &device).unwrap();
    assert!(filled.weight.is_require_grad());
    let gradients = (filled.weight.val() * 3.0).sum().backward();
    let gradient = filled.weight.val().grad(&gradients).unwrap();
    assert_eq!(
        gradient.into_data().try_to_vec::<f32>().unwrap(),
        vec![3.0; 6]
    );

    let frozen = lazy(&device).no_grad();
    let filled = fill(frozen, &tensors, &device).unwrap();
    assert!(!filled.weight.is_require_grad());
}

#[test]
fn an_inference_module_can_still_be_made_to_train() {
    let tensors = [named("weight", &[2, 3], &[1.0; 6])];
    let filled = fill(lazy(&device()), &tensors, &device()).unwrap();
    assert!(filled.train().weight.is_require_grad());
}

/// The net's own tensors, changed, and what `fill` says of them.
fn refusal(change: impl FnOnce(&mut Vec<Named>)) -> WeightsError {
    let mut tensors = now(collect(&net(&device()))).unwrap();
    change(&mut tensors);
    fill(net(&device()), &tensors, &device()).expect_err("these tensors should be refused")
}

#[test]
fn a_missing_tensor_is_refused() {
    let error = refusal(|t| {
        t.remove(3);
        t.remove(3);
    });
    assert_eq!(
        error.to_string(),
        r#"the net's "norm.gamma" is missing (and 1 more)"#
    );
    assert!(matches!(error.into(), Failure::WrongNet { .. }));
}

#[test]
fn a_tensor_too_many_is_refused() {
    let error = refusal(|t| t.push(named("head.2.weight", &[1], &[0.0])));
    assert_eq!(error.to_string(), r#"the net has no "head.2.weight""#);
    assert!(matches!(error.into(), Failure::WrongNet { .. }));
}

#[test]
fn a_wrong_shape_is_refused() {
    // As many values, otherwise arranged.
    let error = refusal(|t| t[9].shape = vec![3, 4]);
    assert_eq!(
        error.to_string(),
        r#""head.0.weight" has the shape [3, 4], and the net's is [4, 3]"#
    );
    assert!(matches!(error.into(), Failure::WrongNet { .. }));
    // Another rank.
    let error = refusal(|t| t[9].shape = vec![12]);
    assert!(matches!(error, WeightsError::WrongShape { .. }), "{error}");
    // Another count.
    let error = refusal(|t| {
        t[9].shape = vec![4, 4];
        t[9].values = vec![0.0; 16];
    });
    assert!(matches!(error, WeightsError::WrongShape { .. }), "{error}");
}

#[test]
fn a_weight_kept_in_another_layout_has_its_shape_checked() {
    let turned = |t: &mut Vec<Named>| t[13].shape = vec![3, 5];
    let error = refusal(turned);
    assert!(matches!(error, WeightsError::WrongShape { .. }), "{error}");
    // The same for a module whose values are drawn.
    let drawn = net(&device());
    let mut tensors = now(collect(&drawn)).unwrap();
    assert!(fill(drawn.clone(), &tensors, &device()).is_ok());
    turned(&mut tensors);
    assert!(fill(drawn, &tensors, &device()).is_err());
}

#[test]
fn a_refused_file_leaves_running_statistics_alone() {
    let module = net(&device());
    let before = now(collect(&module)).unwrap();
    let mut tensors = before.clone();
    for value in &mut tensors[7].values {
        *value += 1.0;
    }
    tensors.pop();
    // Clones share their running statistics.
    assert!(fill(module.clone(), &tensors, &device()).is_err());
    assert_eq!(now(collect(&module)).unwrap(), before);
}

#[test]
fn values_that_are_not_finite_are_refused() {
    for value in [f32::NAN, f32::INFINITY, f32::NEG_INFINITY] {
        let error = refusal(|t| t[0].values[5] = value);
        assert_eq!(
            error.to_string(),
            format!(
                "the tensor \"convolutions.0.weight\" has {value} at place 5, \
                 and only finite numbers are weights"
            )
        );
        assert!(matches!(error.into(), Failure::BadWeights { .. }));
    }
}

#[test]
fn a_doubled_name_is_refused() {
    let error = refusal(|t| t.push(t[0].clone()));
    assert_eq!(
        error.to_string(),
        r#"the tensor "convolutions.0.weight" is there twice"#
    );
}

#[test]
fn values_that_do_not_fit_their_shape_are_refused() {
    let error = refusal(|t| {
        t[0].values.pop();
    });
    assert!(matches!(error, WeightsError::BadTensor { .. }), "{error}");
    let error = refusal(|t| t[0].shape = vec![usize::MAX, 2, 3, 3]);
    assert!(matches!(error, WeightsError::BadTensor { .. }), "{error}");
}

#[derive(Module, Debug)]
struct Counter {
    steps: burn::module::Param<Tensor<1, Int>>,
}

#[test]
fn parameters_that_are_not_floats_are_refused() {
    let counter = Counter {
        steps: burn::module::Param::initialized(
            burn::module::ParamId::new(),
            Tensor::from_data([1], &device()),
        ),
    };
    let said = "the tensor \"steps\" holds whole numbers, and weights are floating-point numbers";
    assert_eq!(now(collect(&counter)).unwrap_err().to_string(), said);
    assert_eq!(fill(counter, &[], &device()).unwrap_err().to_string(), said);
}
