//! A run as a whole: gradients, resuming, slices, knobs, and that it learns.

use burn::tensor::{Device, Tensor, TensorData};
use futures::executor::block_on;
use lampwork_models::vae::{self, Vae};
use lampwork_models::{Batch, ModelError, Noise, Run, StepReport, Update, blocks};
use lampwork_protocol::*;

fn vae_config(net: NetKind, classes: usize) -> VaeConfig {
    VaeConfig {
        net,
        latent: 3,
        classes,
        width: 4,
        beta: 1.0,
        kl_warmup: 5,
        dropout: if net == NetKind::Mlp { 0.2 } else { 0.0 },
        class_prior: classes > 0,
        couplings: 0,
    }
}

fn gan_config(net: NetKind, loss: GanLoss) -> GanConfig {
    GanConfig {
        net,
        latent: 5,
        classes: 10,
        width: 4,
        loss,
        spectral_norm: true,
        label_smoothing: 0.1,
        diff_augment: DiffAugment {
            shift: 2,
            cutout: 6,
            brightness: 0.2,
        },
        dropout: 0.1,
        d_rate: 1.5,
    }
}

fn flow_config() -> FlowConfig {
    FlowConfig {
        classes: 10,
        width: 4,
        class_dropout: 0.3,
        times: Times::LogitNormal,
        blocks: 2,
        words: 0,
        colour: false,
        shortcut: None,
    }
}

fn translate_config() -> TranslateConfig {
    TranslateConfig {
        spoil: Spoil {
            shrink: 2,
            noise: 0.2,
            scratches: 0.5,
        },
        width: 4,
        blocks: 1,
        gather: 1,
        halvings: 0,
        kernel: 3,
        edges: Edges::Reflected,
        styles: 2,
        residual: true,
        leak: 0.0,
        distance: Distance::Charbonnier,
        colour: false,
        sources: vec![],
        piece: 0,
        restyle: None,
    }
}

fn recipe(model: ModelConfig) -> RunRecipe {
    RunRecipe {
        data: DataSet::Digits,
        model,
        optimizer: OptimizerConfig {
            kind: OptimizerKind::Adam {
                beta1: 0.5,
                beta2: 0.99,
            },
            learning_rate: 2e-3,
            schedule: Schedule::Cosine { floor: 0.1 },
            warmup: 2,
            clip_norm: Some(10.0),
        },
        batch: 12,
        micro_batch: 12,
        epochs: 10,
        seed: 4,
        augment: Augment::default(),
        early_stopping: None,
        ema: 0.99,
    }
}

fn models() -> Vec<ModelConfig> {
    vec![
        ModelConfig::Vae(vae_config(NetKind::Mlp, 10)),
        ModelConfig::Vae(VaeConfig {
            couplings: 2,
            ..vae_config(NetKind::Mlp, 10)
        }),
        ModelConfig::Vae(vae_config(NetKind::Conv, 0)),
        ModelConfig::Gan(gan_config(NetKind::Mlp, GanLoss::NonSaturating)),
        ModelConfig::Gan(gan_config(NetKind::Conv, GanLoss::Hinge)),
        ModelConfig::Flow(flow_config()),
        ModelConfig::Flow(FlowConfig {
            shortcut: Some(1.5),
            ..flow_config()
        }),
        ModelConfig::Translate(translate_config()),
        ModelConfig::Translate(TranslateConfig {
            spoil: Spoil {
                shrink: 1,
                ..translate_config().spoil
            },
            gather: 2,
            halvings: 1,
            styles: 0,
            residual: false,
            distance: Distance::L1,
            ..translate_config()
        }),
    ]
}

fn examples(step: u64) -> (Vec<f32>, Vec<u8>) {
    let pictures = Noise::new(9, step).uniform(12 * PICTURE_PIXELS);
    (pictures, (0..12).map(|i| i % 3).collect())
}

fn run(recipe: &RunRecipe) -> Run {
    Run::new(recipe, 100, &Device::flex(), Update::Host).expect("a sound recipe")
}

/// Losses of steps `from..until`.
fn train(run: &mut Run, from: u64, until: u64) -> Vec<Vec<(String, f32)>> {
    (from..until)
        .map(|step| {
            let (pictures, labels) = examples(step);
            let report = run.step_on(&Batch {
                pictures: &pictures,
                labels: &labels,
                words: &[],
            });
            block_on(report.read()).expect("numbers")
        })
        .collect()
}

#[test]
fn the_same_recipe_gives_the_same_numbers() {
    for model in models() {
        let recipe = recipe(model);
        let losses = || train(&mut run(&recipe), 0, 4);
        assert_eq!(losses(), losses());
        let other = RunRecipe {
            seed: 5,
            ..recipe.clone()
        };
        assert_ne!(losses(), train(&mut run(&other), 0, 4));
    }
}

#[test]
fn slices_side_by_side_give_the_same_numbers() {
    for model in models() {
        let mut recipe = recipe(model);
        recipe.micro_batch = 4;
        let (mut one, mut all) = (run(&recipe), run(&recipe));
        for step in 0..3 {
            let (pictures, labels) = examples(step);
            let batch = Batch {
                pictures: &pictures,
                labels: &labels,
                words: &[],
            };
            let read = |report: StepReport| block_on(report.read()).expect("numbers");
            let alone = read(one.step_on(&batch));
            assert_eq!(read(all.step_side_by_side(&batch)), alone);
            assert_eq!(all.step(), one.step());
        }
        let weights = |run: &Run| block_on(run.save()).expect("arrays");
        assert_eq!(weights(&one), weights(&all));
    }
}

#[test]
fn a_restored_run_goes_on_as_if_nothing_had_happened() {
    for model in models() {
        let recipe = recipe(model);
        let mut whole = run(&recipe);
        train(&mut whole, 0, 3);
        let saved = block_on(whole.save()).expect("arrays");
        let rest = train(&mut whole, 3, 6);

        let mut restored = run(&recipe);
        restored.restore(&saved).expect("the same net");
        assert_eq!(restored.step(), 3);
        assert_eq!(train(&mut restored, 3, 6), rest);
        let weights = |run: &Run| block_on(run.weights()).expect("weights");
        // Not assert_eq: it would print every weight.
        assert!(weights(&restored) == weights(&whole), "other weights");
    }
}

#[test]
fn shipped_weights_start_a_run() {
    for model in models() {
        let recipe = recipe(model);
        let mut first = run(&recipe);
        train(&mut first, 0, 3);
        let weights = block_on(first.weights()).expect("weights");
        let mut second = run(&recipe);
        second.restore(&weights).expect("the same net");
        assert_eq!(second.step(), 0);
        assert!(block_on(second.weights()).expect("weights") == weights);
        train(&mut second, 0, 2);
    }
}

#[test]
fn weights_of_another_net_are_refused_and_the_run_is_kept() {
    let nets = models();
    let mut runs: Vec<Run> = models().into_iter().map(|m| run(&recipe(m))).collect();
    for from in 0..runs.len() {
        let saved = block_on(runs[from].save()).expect("arrays");
        for (to, run) in runs.iter_mut().enumerate() {
            let before = block_on(run.weights()).expect("weights");
            let outcome = run.restore(&saved);
            // A flow may begin to learn leaps: there the layer of leaps is zero.
            let leaps =
                |of: usize| matches!(&nets[of], ModelConfig::Flow(c) if c.shortcut.is_some());
            let flow = |of: usize| matches!(&nets[of], ModelConfig::Flow(_));
            let begins = flow(from) && leaps(to);
            assert_eq!(outcome.is_ok(), from == to || begins, "{from} to {to}");
            let after = block_on(run.weights()).expect("weights");
            // Of one seed, so that a net which begins to leap is as it was, too.
            assert!(after == before, "{from} to {to}");
        }
    }
}

/// Noise is drawn by slice, so the augmentation and latents differ between ways
/// of cutting; without them a step cut in slices is the step.
#[test]
fn slices_change_nothing_but_rounding() {
    let config = VaeConfig {
        dropout: 0.0,
        ..vae_config(NetKind::Conv, 10)
    };
    let device = Device::flex().autodiff();
    let vae = blocks::init::initialise(
        Vae::new(&config, &Device::flex()),
        blocks::init::Spread::He,
        &mut Noise::new(1, 0),
        &Device::flex(),
    );
    let (pictures, _) = examples(0);
    let x = |from: usize, until: usize| {
        let values = pictures[from * PICTURE_PIXELS..until * PICTURE_PIXELS].to_vec();
        Tensor::<2>::from_data(
            TensorData::new(values, [until - from, PICTURE_PIXELS]),
            &device,
        )
    };
    // The encoder's mean has no noise in it: whole, and in three pieces.
    let whole = vae.encode(x(0, 12), None, None).0.inner();
    let pieces = (0..3)
        .map(|i| vae.encode(x(4 * i, 4 * i + 4), None, None).0.inner())
        .collect();
    let pieces = Tensor::cat(pieces, 0);
    let worst: f32 = (whole - pieces).abs().max().into_scalar();
    assert!(worst < 1e-5, "{worst}");

    // And a sliced run learns as a whole one does, within the noise.
    let loss_of = |micro_batch| {
        let recipe = RunRecipe {
            micro_batch,
            ..recipe(ModelConfig::Vae(config.clone()))
        };
        train(&mut run(&recipe), 0, 30).last().expect("steps")[0].1
    };
    let (whole, sliced) = (loss_of(12), loss_of(4));
    assert!(
        (whole - sliced).abs() < 0.02 * whole,
        "{whole} and {sliced}"
    );
}

#[test]
fn both_ways_to_update_agree() {
    for model in models() {
        let recipe = recipe(model);
        let device = Device::flex();
        let mut host = Run::new(&recipe, 100, &device, Update::Host).expect("sound");
        let mut tensors = Run::new(&recipe, 100, &device, Update::Tensors).expect("sound");
        let (a, b) = (train(&mut host, 0, 4), train(&mut tensors, 0, 4));
        for ((name, x), (_, y)) in a.iter().flatten().zip(b.iter().flatten()) {
            assert!(
                (x - y).abs() <= 1e-3 * (1.0 + x.abs()),
                "{name}: {x} and {y}"
            );
        }
    }
}

#[test]
fn a_vae_learns_a_few_pictures() {
    // Two plain pictures, over and over: the loss must fall far below a coin's.
    let mut pictures = vec![0.0; 12 * PICTURE_PIXELS];
    for (index, picture) in pictures.chunks_mut(PICTURE_PIXELS).enumerate() {
        let half = PICTURE_PIXELS / 2;
        let lit = if index % 2 == 0 {
            0..half
        } else {
            half..2 * half
        };
        picture[lit].fill(1.0);
    }
    let labels = [0; 12];
    let batch = Batch {
        pictures: &pictures,
        labels: &labels,
        words: &[],
    };
    let config = VaeConfig {
        width: 32,
        dropout: 0.0,
        ..vae_config(NetKind::Mlp, 0)
    };
    let mut recipe = recipe(ModelConfig::Vae(config));
    recipe.optimizer.learning_rate = 1e-2;
    let mut run = run(&recipe);
    for _ in 0..200 {
        run.step_on(&batch);
    }
    let measured = block_on(run.validate(&batch)).expect("numbers");
    // 784 ln 2 = 543 nats for a coin a pixel.
    assert!(measured[0].1 < 40.0, "{measured:?}");
}

#[test]
fn one_side_of_a_gan_trains_alone() {
    let recipe = recipe(ModelConfig::Gan(gan_config(NetKind::Conv, GanLoss::Hinge)));
    let mut run = run(&recipe);
    train(&mut run, 0, 1);
    let weights = |run: &Run| block_on(run.save()).expect("arrays");
    let moved = |a: &[lampwork_weights::Named], b: &[lampwork_weights::Named], prefix: &str| {
        let of = |all: &[lampwork_weights::Named]| -> Vec<f32> {
            all.iter()
                .filter(|n| n.name.starts_with(prefix))
                .flat_map(|n| n.values.clone())
                .collect()
        };
        of(a) != of(b)
    };
    for (side, moves, stays) in [
        (Side::Generator, "generator.", "discriminator."),
        (Side::Discriminator, "discriminator.", "generator."),
    ] {
        let before = weights(&run);
        run.only(Some(side));
        let step = run.step();
        train(&mut run, step, step + 1);
        let after = weights(&run);
        assert!(moved(&before, &after, moves), "{side:?}");
        assert!(!moved(&before, &after, stays), "{side:?}");
    }
}

#[test]
fn knobs_that_alter_the_net_need_a_reset() {
    let recipe = recipe(ModelConfig::Vae(vae_config(NetKind::Mlp, 10)));
    let mut run = run(&recipe);
    let mut calm = recipe.clone();
    calm.optimizer.learning_rate = 1e-4;
    calm.batch = 6;
    calm.micro_batch = 3;
    run.change(&calm, 200).expect("only the pace changes");
    let mut wide = calm.clone();
    wide.model = ModelConfig::Vae(VaeConfig {
        width: 8,
        ..vae_config(NetKind::Mlp, 10)
    });
    assert!(matches!(
        run.change(&wide, 200),
        Err(ModelError::NeedsReset { knob: "width" })
    ));
    let mut uneven = calm.clone();
    uneven.micro_batch = 4;
    assert!(matches!(
        run.change(&uneven, 200),
        Err(ModelError::Knob {
            knob: "micro_batch",
            ..
        })
    ));
    assert_eq!(run.recipe(), &calm);
}

#[test]
fn couplings_need_two_coordinates() {
    let refused = |couplings, latent| {
        let config = VaeConfig {
            couplings,
            latent,
            ..vae_config(NetKind::Mlp, 10)
        };
        let run = Run::new(
            &recipe(ModelConfig::Vae(config)),
            200,
            &Device::flex(),
            Update::Host,
        );
        matches!(
            run,
            Err(ModelError::Knob {
                knob: "couplings",
                ..
            })
        )
    };
    assert!(refused(1, 1) && refused(33, 4));
    assert!(!refused(0, 1) && !refused(32, 2));
}

/// The gradient of the whole VAE loss against finite differences, by one number
/// of each parameter.
#[test]
fn the_vae_gradient_matches_finite_differences() {
    let config = VaeConfig {
        dropout: 0.0,
        width: 6,
        ..vae_config(NetKind::Conv, 10)
    };
    let plain = Device::flex();
    let device = plain.clone().autodiff();
    let (pictures, labels) = examples(1);
    let loss_of = |vae: &Vae, device: &Device| {
        let x = blocks::matrix(pictures.clone(), 12, PICTURE_PIXELS, device);
        let classes = blocks::one_hot(&labels, 10, device);
        vae::loss(vae, x, Some(classes), 0.7, true, &mut Noise::new(2, 2)).loss
    };
    let at = |moved: Option<(&str, usize, f32)>| {
        let mut noise = Noise::new(3, 0);
        let net = Vae::new(&config, &plain);
        blocks::walk::set(net, &plain, |path, _, shape| {
            let count = shape.iter().product();
            let mut values: Vec<f32> = noise.normal(count).iter().map(|v| v * 0.1).collect();
            if let Some((name, index, by)) = moved
                && name == path
            {
                values[index % count] += by;
            }
            values
        })
    };
    use burn::module::Module;
    let net = at(None).train();
    let loss = loss_of(&net, &device);
    let gradients = burn::optim::GradientsParams::from_grads(loss.backward(), &net);
    let paths = blocks::walk::paths(&net);
    let mut checked = 0;
    for (id, path) in &paths {
        let rank = match (path.ends_with("weight"), path.contains("convs")) {
            (true, true) => 4,
            (true, false) => 2,
            (false, _) => 1,
        };
        let known = match rank {
            4 => gradients.get::<4>(*id).map(|g| g.into_data()),
            2 => gradients.get::<2>(*id).map(|g| g.into_data()),
            _ => gradients.get::<1>(*id).map(|g| g.into_data()),
        };
        let Some(known) = known else { continue };
        let known: Vec<f32> = known.try_into_vec().expect("f32");
        let index = known
            .iter()
            .enumerate()
            .max_by(|a, b| a.1.abs().total_cmp(&b.1.abs()))
            .map_or(0, |(index, _)| index);
        let h = 1e-2;
        let side = |by: f32| -> f64 {
            let value: f32 = loss_of(&at(Some((path, index, by))), &plain).into_scalar();
            f64::from(value)
        };
        let slope = (side(h) - side(-h)) / f64::from(2.0 * h);
        let error = (slope - f64::from(known[index])).abs();
        // A loss of some 500 in single precision leaves 3e-5 of noise each side.
        let allowed = 0.02 * f64::from(known[index].abs()) + 0.02;
        assert!(error < allowed, "{path}: {slope} and {}", known[index]);
        checked += 1;
    }
    // No gradient flows to where the prior of a class lies.
    let untrained = paths.values().filter(|path| path.starts_with("prior."));
    assert_eq!(checked + untrained.count(), paths.len());
}

/// The couplings learn from the encoder's points, and nothing else learns from
/// the couplings.
#[test]
fn an_encoder_does_not_follow_the_couplings_of_its_prior() {
    use burn::module::Module;
    let plain = Device::flex();
    let (pictures, labels) = examples(1);
    let gradients = |couplings| {
        let config = VaeConfig {
            couplings,
            ..vae_config(NetKind::Conv, 10)
        };
        let net = Vae::new(&config, &plain);
        // The couplings come last, so that the others' values are the same.
        let mut noise = Noise::new(3, 0);
        let net = blocks::walk::set(net, &plain, |path, _, shape| {
            if path == "prior.covariance" {
                let unit = |at: usize| f32::from(u8::from((at % 9).is_multiple_of(4)));
                return (0..90).map(unit).collect();
            }
            let values = noise.normal(shape.iter().product());
            values.iter().map(|value| value * 0.1).collect()
        });
        let net = net.train();
        let device = plain.clone().autodiff();
        let x = blocks::matrix(pictures.clone(), 12, PICTURE_PIXELS, &device);
        let classes = blocks::one_hot(&labels, 10, &device);
        let loss = vae::loss(&net, x, Some(classes), 0.7, true, &mut Noise::new(2, 2)).loss;
        let gradients = burn::optim::GradientsParams::from_grads(loss.backward(), &net);
        let read = |data: TensorData| data.try_into_vec::<f32>().expect("f32");
        let mut found = std::collections::BTreeMap::new();
        for (id, path) in blocks::walk::paths(&net) {
            // Convolutions have four axes, and what has no gradient none at all.
            let gradient = match path.rsplit('.').next() {
                _ if path.contains("convs") || path.starts_with("prior.") => continue,
                Some("weight") => gradients.get::<2>(id).map(|g| read(g.into_data())),
                _ => gradients.get::<1>(id).map(|g| read(g.into_data())),
            };
            found.insert(path, gradient.expect("a gradient"));
        }
        found
    };
    let (without, with) = (gradients(0), gradients(2));
    let (own, shared): (Vec<_>, Vec<_>) = with
        .into_iter()
        .partition(|(path, _)| path.starts_with("couplings."));
    assert_eq!(shared, without.into_iter().collect::<Vec<_>>());
    assert_eq!(own.len(), 2 * 7);
    for (path, gradient) in own {
        assert!(
            gradient.iter().any(|g| g.abs() > 1e-6),
            "{path} learns nothing"
        );
    }
}
