//! Losses, layers, optimizers and schedules against what PyTorch computes.
//!
//! The flow has a file of its own.

mod twin;

use burn::module::{Module, Param};
use burn::nn::conv::{Conv2dConfig, ConvTranspose2dConfig};
use burn::nn::{Initializer, PaddingConfig2d};
use burn::optim::GradientsParams;
use burn::tensor::{Device, Tensor, TensorData};
use lampwork_models::blocks::norm::GroupNorm;
use lampwork_models::blocks::optimizer::Optimizer;
use lampwork_models::blocks::spectral::{largest, power_step};
use lampwork_models::blocks::{ema, init, loss, one_hot, schedule, walk};
use lampwork_models::vae::{ClassPrior, Couplings};
use lampwork_models::{Noise, Update};
use lampwork_protocol::{OptimizerConfig, OptimizerKind, Schedule};
use serde_json::Value;

use twin::{close, close_gradients, device, named, numbers, read, reference, size};

fn leaf<const D: usize>(value: &Value, shape: [usize; D]) -> Tensor<D> {
    let data = TensorData::new(numbers(value), shape);
    Tensor::from_data(data, &device()).require_grad()
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
