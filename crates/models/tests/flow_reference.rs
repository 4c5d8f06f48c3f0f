//! A flow's net, its loss, its solvers and its leaps against what PyTorch computes,
//! and against the same by hand.

mod twin;

use burn::module::Module;
use burn::optim::GradientsParams;
use burn::tensor::{Device, Tensor, TensorData};
use lampwork_models::Noise;
use lampwork_models::flow::{self, FlowNet, Path, Told};
use lampwork_protocol::{FlowConfig, Sampling, Solver, Times};
use lampwork_weights::Named;
use serde_json::Value;

use twin::{close, close_gradients, device, named, numbers, read, reference, size};

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
