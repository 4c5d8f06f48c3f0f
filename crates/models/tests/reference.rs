//! Losses, layers, optimizers and schedules against what PyTorch computes.
//!
//! `reference/reference.py` wrote `reference/reference.json`: inputs in single
//! precision, outputs from double. What differs is the rounding of the code here.

use burn::module::{Module, Param};
use burn::nn::conv::{Conv2dConfig, ConvTranspose2dConfig};
use burn::nn::{Initializer, PaddingConfig2d};
use burn::optim::GradientsParams;
use burn::tensor::{Device, Tensor, TensorData};
use lampwork_models::blocks::norm::GroupNorm;
use lampwork_models::blocks::optimizer::Optimizer;
use lampwork_models::blocks::spectral::{largest, power_step};
use lampwork_models::blocks::{ema, init, loss, one_hot, schedule, walk};
use lampwork_models::flow::{self, FlowNet, Path, Told};
use lampwork_models::vae::{ClassPrior, Couplings};
use lampwork_models::{Noise, Update};
use lampwork_protocol::{
    FlowConfig, OptimizerConfig, OptimizerKind, Sampling, Schedule, Solver, Times,
};
use lampwork_weights::Named;
use serde_json::Value;

fn reference() -> Value {
    let path = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/tests/reference/reference.json"
    );
    let text = std::fs::read_to_string(path).expect("the reference is kept beside the test");
    serde_json::from_str(&text).expect("JSON")
}

fn numbers(value: &Value) -> Vec<f32> {
    match value {
        Value::Array(items) => items.iter().flat_map(numbers).collect(),
        number => vec![number.as_f64().expect("a number") as f32],
    }
}

fn size(value: &Value) -> usize {
    value.as_u64().expect("a size") as usize
}

/// Close to `relative` of the largest known value.
#[track_caller]
fn close(name: &str, made: &[f32], known: &Value, relative: f32) {
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

fn device() -> Device {
    Device::flex().autodiff()
}

fn leaf<const D: usize>(value: &Value, shape: [usize; D]) -> Tensor<D> {
    let data = TensorData::new(numbers(value), shape);
    Tensor::from_data(data, &device()).require_grad()
}

fn read<const D: usize>(tensor: Tensor<D>) -> Vec<f32> {
    tensor.into_data().try_into_vec().expect("f32")
}

/// Values of the gradient of `by` in `sum`.
fn gradient<const D: usize>(sum: &Tensor<1>, by: &Tensor<D>) -> Vec<f32> {
    read(by.grad(&sum.clone().backward()).expect("a gradient"))
}

#[test]
fn gaussian_kl_and_its_gradients() {
    let known = &reference()["gaussian_kl"];
    let shape = [size(&known["rows"]), size(&known["columns"])];
    let mean = leaf(&known["mean"], shape);
    let log_variance = leaf(&known["log_variance"], shape);
    let kl = loss::gaussian_kl(mean.clone(), log_variance.clone());
    let gradients = kl.clone().sum().backward();
    let by = |tensor: &Tensor<2>| read(tensor.grad(&gradients).expect("a gradient"));
    close("kl", &read(kl), &known["kl"], 1e-6);
    close("d_mean", &by(&mean), &known["d_mean"], 1e-6);
    let made = by(&log_variance);
    close("d_log_variance", &made, &known["d_log_variance"], 1e-6);
}

#[test]
fn bernoulli_likelihood_and_its_gradient() {
    let known = &reference()["bernoulli"];
    let shape = [size(&known["rows"]), size(&known["columns"])];
    let logits = leaf(&known["logits"], shape);
    let targets = leaf(&known["targets"], shape).detach();
    let nll = loss::bernoulli(logits.clone(), targets);
    let sum = nll.clone().sum();
    close("nll", &read(nll), &known["nll"], 1e-6);
    close(
        "d_logits",
        &gradient(&sum, &logits),
        &known["d_logits"],
        1e-6,
    );
}

#[test]
fn adversarial_losses_and_their_gradients() {
    let known = &reference()["gan"];
    let shape = [size(&known["count"]), 1];
    let logits = || (leaf(&known["real"], shape), leaf(&known["fake"], shape));
    let check = |name: &str, value: Tensor<1>, by: &Tensor<2>, loss: &Value, d: &Value| {
        close(name, &gradient(&value, by), d, 1e-6);
        close(name, &read(value), loss, 1e-6);
    };
    for case in known["non_saturating"].as_array().expect("cases") {
        let smoothing = numbers(&case["smoothing"])[0];
        let (real, fake) = logits();
        let value = loss::non_saturating_d(real.clone(), fake.clone(), smoothing);
        check(
            "ns real",
            value.clone(),
            &real,
            &case["d_loss"],
            &case["d_real"],
        );
        let (real, fake) = logits();
        let value = loss::non_saturating_d(real, fake.clone(), smoothing);
        check("ns fake", value, &fake, &case["d_loss"], &case["d_fake"]);
    }
    let hinge = &known["hinge"];
    let (real, fake) = logits();
    let value = loss::hinge_d(real.clone(), fake);
    check(
        "hinge real",
        value,
        &real,
        &hinge["d_loss"],
        &hinge["d_real"],
    );
    let (real, fake) = logits();
    let value = loss::hinge_d(real, fake.clone());
    check(
        "hinge fake",
        value,
        &fake,
        &hinge["d_loss"],
        &hinge["d_fake"],
    );
    let (_, fake) = logits();
    let value = loss::hinge_g(fake.clone());
    check(
        "hinge g",
        value,
        &fake,
        &hinge["g_loss"],
        &hinge["g_d_fake"],
    );
    let generator = &known["non_saturating_g"];
    let (_, fake) = logits();
    let value = loss::non_saturating_g(fake.clone());
    check(
        "ns g",
        value,
        &fake,
        &generator["g_loss"],
        &generator["d_fake"],
    );
}

#[test]
fn spectral_norm_and_its_gradient() {
    for case in reference()["spectral"].as_array().expect("cases") {
        let shape: Vec<usize> = case["shape"]
            .as_array()
            .expect("shape")
            .iter()
            .map(size)
            .collect();
        let matrix_shape = [shape[0], shape[1..].iter().product()];
        let upstream = leaf(&case["upstream"], matrix_shape).detach();
        for after in case["after"].as_array().expect("counts") {
            let weight = leaf(&case["weight"], matrix_shape);
            let mut u = leaf(&case["u"], [shape[0]]).detach();
            for _ in 0..size(&after["iterations"]) {
                u = power_step(weight.clone().detach(), u);
            }
            let sigma = largest(weight.clone(), u.clone());
            close("u", &read(u), &after["u"], 1e-5);
            close("sigma", &read(sigma.clone()), &after["sigma"], 1e-5);
            let normalised = weight.clone() / sigma.reshape([1, 1]);
            let sum = (normalised.clone() * upstream.clone()).sum();
            close("normalised", &read(normalised), &after["normalised"], 1e-5);
            close(
                "d_weight",
                &gradient(&sum, &weight),
                &after["d_weight"],
                1e-4,
            );
            if size(&after["iterations"]) == 200 {
                let sigma = largest(weight.clone(), leaf(&after["u"], [shape[0]]));
                close("SVD", &read(sigma), &case["largest_singular_value"], 1e-5);
            }
        }
    }
}

/// Two parameters of the reference's shapes.
#[derive(Module, Debug)]
struct Pair {
    a: Param<Tensor<1>>,
    b: Param<Tensor<2>>,
}

impl Pair {
    fn new(values: &Value) -> Self {
        let device = Device::flex();
        let pair = Self {
            a: Initializer::Zeros.init([3], &device),
            b: Initializer::Zeros.init([2, 2], &device),
        };
        let pair = walk::set(pair, &device, |path, _, _| {
            numbers(&values[usize::from(path == "b")])
        });
        pair.train()
    }

    fn values(&self) -> Vec<f32> {
        let mut all = read(self.a.val().inner());
        all.extend(read(self.b.val().inner()));
        all
    }

    /// Gradients of these values, whatever the loss.
    fn gradients(&self, values: &Value) -> GradientsParams {
        let device = Device::flex();
        let mut gradients = GradientsParams::new();
        let of = |index: usize| numbers(&values[index]);
        gradients.register(
            self.a.id,
            Tensor::<1>::from_data(TensorData::new(of(0), [3]), &device),
        );
        gradients.register(
            self.b.id,
            Tensor::<2>::from_data(TensorData::new(of(1), [2, 2]), &device),
        );
        gradients
    }
}

#[test]
fn optimizers_and_clipping_step_by_step() {
    let known = &reference()["optimizers"];
    for case in known["cases"].as_array().expect("cases") {
        let number = |name: &str| numbers(&case[name])[0];
        let kind = match case["rule"].as_str().expect("a rule") {
            "adam" => OptimizerKind::Adam {
                beta1: number("beta1"),
                beta2: number("beta2"),
            },
            "adamw" => OptimizerKind::AdamW {
                beta1: number("beta1"),
                beta2: number("beta2"),
                weight_decay: number("weight_decay"),
            },
            _ => OptimizerKind::Sgd {
                momentum: number("momentum"),
            },
        };
        let clip = case["clip_norm"].as_f64().map(|n| n as f32);
        for update in [Update::Host, Update::Tensors] {
            let mut optimizer = Optimizer::new(kind, clip, update);
            let mut pair = Pair::new(&known["start"]);
            for (step, after) in case["after"].as_array().expect("steps").iter().enumerate() {
                let gradients = pair.gradients(&known["gradients"][step]);
                pair = optimizer.step(pair, gradients, number("rate"));
                let name = format!("{kind:?} {update:?} step {step}");
                close(&name, &pair.values(), after, 1e-5);
            }
        }
    }
}

#[test]
fn schedules_over_a_run() {
    let known = &reference()["schedules"];
    for case in known["cases"].as_array().expect("cases") {
        let number = |name: &str| numbers(&case[name])[0];
        let shape = match case["shape"].as_str().expect("a shape") {
            "cosine" => Schedule::Cosine {
                floor: number("floor"),
            },
            "step" => Schedule::Step {
                every: size(&case["every"]),
                factor: number("factor"),
            },
            _ => Schedule::Constant,
        };
        let config = OptimizerConfig {
            kind: OptimizerKind::Sgd { momentum: 0.0 },
            learning_rate: numbers(&known["learning_rate"])[0],
            schedule: shape,
            warmup: size(&case["warmup"]),
            clip_norm: None,
        };
        let (per_epoch, total) = (size(&known["steps_per_epoch"]), size(&known["total"]));
        let made: Vec<f32> = (0..total as u64)
            .map(|step| schedule::learning_rate(&config, step, per_epoch as u64, total as u64))
            .map(|rate| rate / config.learning_rate)
            .collect();
        let relative: Vec<f32> = numbers(&case["rates"])
            .iter()
            .map(|r| r / config.learning_rate)
            .collect();
        close("rates", &made, &serde_json::json!(relative), 1e-5);
    }
}

#[test]
fn group_norm_and_its_gradients() {
    let known = &reference()["layers"]["group_norm"];
    let shape: Vec<usize> = known["shape"]
        .as_array()
        .expect("shape")
        .iter()
        .map(size)
        .collect();
    let shape: [usize; 4] = shape.try_into().expect("four");
    let layer = GroupNorm::new(size(&known["groups"]), shape[1], &device());
    let layer = walk::set(layer, &device(), |path, _, _| numbers(&known[path]));
    let x = leaf(&known["x"], shape);
    let y = layer.forward(x.clone());
    let sum = (y.clone() * leaf(&known["upstream"], shape).detach()).sum();
    close("y", &read(y), &known["y"], 1e-5);
    close("d_x", &gradient(&sum, &x), &known["d_x"], 1e-4);
}

#[test]
fn convolutions_and_their_gradients() {
    let layers = &reference()["layers"];
    let shape = |value: &Value| -> [usize; 4] {
        let all: Vec<usize> = value.as_array().expect("shape").iter().map(size).collect();
        all.try_into().expect("four")
    };
    for name in ["conv", "conv_transpose"] {
        let known = &layers[name];
        let weight = shape(&known["weight_shape"]);
        let kernel = [weight[2], weight[3]];
        let value = |path: &str, _: &str, _: &[usize]| numbers(&known[path]);
        let x = leaf(&known["x"], shape(&known["x_shape"]));
        let y = if name == "conv" {
            let layer = Conv2dConfig::new([weight[1], weight[0]], kernel)
                .with_stride([2, 2])
                .with_padding(PaddingConfig2d::Explicit(1, 1, 1, 1))
                .init(&device());
            walk::set(layer, &device(), value).forward(x.clone())
        } else {
            let layer = ConvTranspose2dConfig::new([weight[0], weight[1]], kernel)
                .with_stride([2, 2])
                .with_padding([1, 1])
                .init(&device());
            walk::set(layer, &device(), value).forward(x.clone())
        };
        let upstream = leaf(&known["upstream"], shape(&known["y_shape"])).detach();
        let sum = (y.clone() * upstream).sum();
        close(name, &read(y), &known["y"], 1e-5);
        close(name, &gradient(&sum, &x), &known["d_x"], 1e-5);
    }
}

#[test]
fn the_moving_average_with_its_early_decay() {
    let known = &reference()["ema"];
    let decay = numbers(&known["decay"])[0];
    let device = Device::flex();
    let linear = |values: Vec<f32>| {
        let layer = burn::nn::LinearConfig::new(2, 2)
            .with_bias(false)
            .init(&device);
        walk::set(layer, &device, |_, _, _| values.clone())
    };
    for update in [Update::Host, Update::Tensors] {
        let mut average = linear(numbers(&known["start"]));
        for (step, weights) in known["weights"]
            .as_array()
            .expect("steps")
            .iter()
            .enumerate()
        {
            // The same parameter, so that the average finds it.
            let now = walk::set(average.clone(), &device, |_, _, _| numbers(weights));
            average = ema::towards(average, &now, decay, step as u64, update);
            let made = read(average.weight.val());
            close("average", &made, &known["after"][step], 1e-5);
        }
    }
}

#[test]
fn the_prior_of_a_class_its_divergence_and_its_points() {
    let known = &reference()["class_prior"];
    let [kinds, latent, count] = ["kinds", "latent", "count"].map(|name| size(&known[name]));
    let device = Device::flex();
    let rows = |value: &Value, columns: usize| {
        let values = numbers(value);
        let shape = [values.len() / columns, columns];
        Tensor::<2>::from_data(TensorData::new(values, shape), &device)
    };
    let mut prior = init::initialise(
        ClassPrior::new(kinds, latent, &device),
        init::Spread::He,
        &mut Noise::new(1, 0),
        &device,
    );
    for batch in known["batches"].as_array().expect("batches") {
        let labels: Vec<u8> = numbers(&batch["labels"]).iter().map(|&l| l as u8).collect();
        assert_eq!(labels.len(), count);
        prior = prior.follow(
            rows(&batch["mean"], latent),
            rows(&batch["log_variance"], latent),
            one_hot(&labels, kinds, &device),
            numbers(&batch["rate"])[0],
        );
    }
    let placed = prior.placed(None);
    let each: Vec<u8> = (0..kinds as u8).collect();
    let (standard, kl) = placed.standard(
        rows(&known["mean"], latent),
        rows(&known["log_variance"], latent),
        one_hot(&each, kinds, &device),
    );
    close("kl", &read(kl), &known["kl"], 1e-5);
    close(
        "standard",
        &read(standard.clone()),
        &known["standard"],
        1e-5,
    );
    let points = placed.place(
        rows(&known["noise"], latent),
        rows(&known["weights"], kinds),
    );
    close("placed", &read(points), &known["placed"], 1e-5);
    // The one undoes the other.
    let back = placed.place(standard, one_hot(&each, kinds, &device));
    close("back", &read(back), &known["mean"], 1e-5);
}

/// The weights of a part of the reference.
fn named(known: &Value) -> Vec<Named> {
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
fn close_gradients<M: Module>(net: &M, mut gradients: GradientsParams, known: &Value) {
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

#[test]
fn couplings_straighten_and_bend_back() {
    let known = &reference()["couplings"];
    let [layers, classes, latent, hidden] =
        ["layers", "classes", "latent", "hidden"].map(|name| size(&known[name]));
    let plain = Device::flex();
    let net = Couplings::new(layers, classes, latent, hidden, &plain);
    let net = lampwork_weights::fill(net, &named(known), &plain).expect("the same net");
    let net = net.train();
    let rows = |name: &str, columns: usize| {
        let values = numbers(&known[name]);
        let shape = [values.len() / columns, columns];
        Tensor::<2>::from_data(TensorData::new(values, shape), &device())
    };
    let shares = rows("shares", classes);
    let (straight, log_det) = net.straighten(rows("points", latent), &shares);
    close(
        "straight",
        &read(straight.clone()),
        &known["straight"],
        1e-5,
    );
    close("log_det", &read(log_det.clone()), &known["log_det"], 1e-5);
    let back = net.bend(straight.clone(), &shares);
    close("back", &read(back), &known["points"], 1e-5);
    let loss = (straight.square().sum_dim(1) * 0.5 - log_det).mean();
    let gradients = GradientsParams::from_grads(loss.backward(), &net);
    close_gradients(&net, gradients, known);
}

fn told(classes: Tensor<2>) -> Told {
    Told {
        classes: Some(classes),
        words: None,
    }
}

/// A flow's net with the weights of the reference.
fn flow_net(known: &Value, device: &Device) -> FlowNet {
    let config = FlowConfig {
        classes: size(&known["classes"]),
        width: size(&known["width"]),
        class_dropout: 0.1,
        times: Times::Uniform,
        blocks: 2,
        words: 0,
        colour: false,
        shortcut: None,
    };
    let weights = named(known);
    lampwork_weights::fill(FlowNet::new(&config, device), &weights, device).expect("the same net")
}

#[test]
fn the_net_of_a_flow_and_its_gradients() {
    let known = &reference()["flow"];
    let plain = Device::flex();
    let net = flow_net(known, &plain).train();
    let rows = |name: &str, columns: usize| {
        let values = numbers(&known[name]);
        let shape = [values.len() / columns, columns];
        Tensor::<2>::from_data(TensorData::new(values, shape), &device())
    };
    let times = numbers(&known["times"]);
    let velocity = net.forward(rows("pictures", 784), &times, told(rows("shares", 3)));
    close(
        "velocity",
        &read(velocity.clone()),
        &known["velocity"],
        1e-4,
    );
    let gradients = (velocity * rows("upstream", 784)).sum().backward();
    let gradients = GradientsParams::from_grads(gradients, &net);
    close_gradients(&net, gradients, known);
}

#[test]
fn a_flow_is_followed_by_euler_and_by_heun() {
    let known = &reference()["flow"];
    let device = Device::flex();
    let net = flow_net(known, &device);
    let rows = |name: &str, columns: usize| {
        let values = numbers(&known[name]);
        let shape = [values.len() / columns, columns];
        Tensor::<2>::from_data(TensorData::new(values, shape), &device)
    };
    let (start, classes) = (rows("pictures", 784) * 0.1, rows("shares", 3));
    for (solver, guidance) in [
        (Solver::Euler, 1.0),
        (Solver::Euler, 2.5),
        (Solver::Heun, 0.0),
        (Solver::Heun, 1.5),
    ] {
        let velocity = |at: Tensor<2>, time: f32| {
            let with = net.forward(at.clone(), &[time; 2], told(classes.clone()));
            let without = net.forward(at, &[time; 2], told(classes.zeros_like()));
            with * guidance + without * (1.0 - guidance)
        };
        let mut by_hand = start.clone();
        for step in 0..3 {
            let time = step as f32 / 3.0;
            let first = velocity(by_hand.clone(), time);
            by_hand = if solver == Solver::Euler || step == 2 {
                by_hand + first / 3.0
            } else {
                let second = velocity(by_hand.clone() + first.clone() / 3.0, time + 1.0 / 3.0);
                by_hand + (first + second) / 6.0
            };
        }
        let sampling = Sampling {
            steps: 3,
            guidance,
            solver,
        };
        let mut path = Path::new(start.clone(), told(classes.clone()), sampling);
        let mut evaluations = 1;
        while !path.advance(&net) {
            evaluations += 1;
        }
        assert_eq!(evaluations, if solver == Solver::Euler { 3 } else { 5 });
        assert_eq!(path.progress(), (3, 3));
        let by_hand = ((by_hand + 1.0) * 0.5).clamp(0.0, 1.0);
        let worst: f32 = (path.pictures() - by_hand).abs().max().into_scalar();
        assert!(worst < 1e-4, "{solver:?} {guidance}: {worst}");
    }
}

#[test]
fn a_flow_learns_the_way_from_noise_to_picture() {
    let known = &reference()["flow"];
    let device = Device::flex();
    let net = flow_net(known, &device);
    let classes = Tensor::<2>::zeros([2, 3], &device);
    let times = [0.25, 0.75];
    let pictures: Vec<f32> = (0..2 * 784).map(|i| (i % 97) as f32 / 96.0).collect();
    let noise = Noise::new(5, 9).normal(2 * 784);
    let mut mixture = Vec::new();
    let mut wanted = Vec::new();
    for (at, (picture, noise)) in pictures.iter().zip(&noise).enumerate() {
        let (picture, time) = (2.0 * picture - 1.0, times[at / 784]);
        mixture.push((1.0 - time) * noise + time * picture);
        wanted.push(picture - noise);
    }
    let tensor =
        |values: Vec<f32>| Tensor::<2>::from_data(TensorData::new(values, [2, 784]), &device);
    let velocity = read(net.forward(tensor(mixture), &times, told(classes.clone())));
    let squares = velocity.iter().zip(&wanted).map(|(v, w)| (v - w).powi(2));
    let by_hand = squares.sum::<f32>() / wanted.len() as f32;
    let mut again = Noise::new(5, 9);
    let loss = flow::loss(&net, tensor(pictures), told(classes), &times, &mut again);
    let loss = read(loss)[0];
    assert!((loss - by_hand).abs() < 1e-4 * by_hand, "{loss} {by_hand}");
}

#[test]
fn times_cover_what_they_should() {
    let uniform = flow::times(Times::Uniform, 64, &mut Noise::new(1, 0));
    for (part, time) in uniform.iter().enumerate() {
        assert!((part as f32 / 64.0..(part + 1) as f32 / 64.0).contains(time));
    }
    let normal = flow::times(Times::LogitNormal, 20_000, &mut Noise::new(1, 0));
    // Half of the sigmoids of normal draws lie between those of the quartiles.
    let quartile = 1.0 / (1.0 + 0.674_49_f32.exp());
    let inside = normal
        .iter()
        .filter(|t| (quartile..1.0 - quartile).contains(*t))
        .count();
    assert!((9_650..10_350).contains(&inside), "{inside}");
}

/// The reference's net with a layer of leaps that is not zero.
fn leaping_net(known: &Value, device: &Device) -> FlowNet {
    let config = FlowConfig {
        classes: size(&known["classes"]),
        width: size(&known["width"]),
        class_dropout: 0.1,
        times: Times::Uniform,
        blocks: 2,
        words: 0,
        colour: false,
        shortcut: Some(1.5),
    };
    let mut weights = named(known);
    let shape = vec![flow::LEAPS, 4 * config.width];
    weights.push(Named {
        name: "condition.zero_leap.weight".to_owned(),
        values: Noise::new(3, 3).normal(shape.iter().product()),
        shape,
    });
    lampwork_weights::fill(FlowNet::new(&config, device), &weights, device).expect("the same net")
}

#[test]
fn leaps_aim_along_the_path_of_small_steps() {
    let known = &reference()["flow"];
    let device = Device::flex();
    let net = leaping_net(known, &device);
    let guidance = 2.0;
    let start = Tensor::<2>::from_data(
        TensorData::new(Noise::new(5, 9).normal(2 * 784), [2, 784]),
        &device,
    );
    let classes = Tensor::<2>::from_data(
        TensorData::new(vec![1.0, 0.0, 0.0, 0.0, 1.0, 0.0], [2, 3]),
        &device,
    );

    // Each path by itself, a step at a time; each leap by itself.
    let mut squares = 0.0;
    let shortest = Noise::new(7, 7).below(8) as usize;
    for row in 0..2 {
        let only = |all: &Tensor<2>| all.clone().slice(burn::tensor::s![row..row + 1, ..]);
        let class = only(&classes);
        let mut places = vec![only(&start)];
        let mut velocities: Vec<Tensor<2>> = Vec::new();
        for step in 0..8 {
            let (at, time) = (places[step].clone(), step as f32 / 8.0);
            let with = net.forward(at.clone(), &[time], told(class.clone()));
            let without = net.forward(at.clone(), &[time], told(class.zeros_like()));
            velocities.push(with * guidance + without * (1.0 - guidance));
            let now = velocities[step].clone();
            let mean = match step {
                0 => now,
                _ => now * 1.5 - velocities[step - 1].clone() * 0.5,
            };
            places.push(at + mean / 8.0);
        }
        let leaps = [
            (0, 8),
            (0, 4),
            (4, 4),
            (0, 2),
            (2, 2),
            (4, 2),
            (6, 2),
            (shortest, 1),
        ];
        for (at, length) in leaps {
            let leap = length as f32 / 8.0;
            let aim = (places[at + length].clone() - places[at].clone()) / leap;
            let time = [at as f32 / 8.0];
            let made = net.leap(places[at].clone(), &time, &[leap], told(class.clone()));
            let error: f32 = (made - aim).square().sum().into_scalar();
            squares += error;
        }
    }
    let by_hand = squares / (2.0 * 8.0 * 784.0);

    let guide = flow::Guide {
        net: &net,
        guidance,
    };
    let learning = device.clone().autodiff();
    let loss = flow::leap_loss(
        &net.clone().train(),
        guide,
        start,
        told(classes.to_device(&learning)),
        &mut Noise::new(7, 7),
    );
    let loss = loss.into_scalar::<f32>();
    assert!((loss - by_hand).abs() < 1e-4 * by_hand, "{loss} {by_hand}");
}

#[test]
fn leaps_lead_from_noise_to_picture() {
    let known = &reference()["flow"];
    let device = Device::flex();
    let net = leaping_net(known, &device);
    let start = Tensor::<2>::from_data(
        TensorData::new(Noise::new(1, 1).normal(784), [1, 784]),
        &device,
    );
    let classes = Tensor::<2>::from_data(TensorData::new(vec![0.0, 1.0, 0.0], [1, 3]), &device);
    let by_hand = {
        let first = net.leap(start.clone(), &[0.0], &[0.5], told(classes.clone()));
        let half = start.clone() + first * 0.5;
        let second = net.leap(half.clone(), &[0.5], &[0.5], told(classes.clone()));
        ((half + second * 0.5 + 1.0) * 0.5).clamp(0.0, 1.0)
    };
    let sampling = Sampling {
        steps: 2,
        ..Sampling::SHORTCUT
    };
    let mut path = Path::new(start, told(classes), sampling);
    assert!(!path.advance(&net));
    assert!(path.advance(&net));
    let worst: f32 = (path.pictures() - by_hand).abs().max().into_scalar();
    assert!(worst < 1e-6, "{worst}");
}
