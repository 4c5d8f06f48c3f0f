//! A style-based GAN: its run, its latent space, and that it learns.

use burn::tensor::Device;
use futures::executor::block_on;
use lampwork_models::latent::Point;
use lampwork_models::sample::Net;
use lampwork_models::{Batch, ModelError, Noise, Run, Sampler, Update};
use lampwork_protocol::*;
use lampwork_weights::Named;

const VALUES: usize = Shape::COLOUR.values();

fn config() -> StyleConfig {
    StyleConfig {
        latent: 6,
        styles: 5,
        mapping: 2,
        width: 6,
        fine: 4,
        judge: 4,
        mixing: 0.5,
        penalty: 0.5,
        diff_augment: DiffAugment {
            shift: 2,
            cutout: 6,
            brightness: 0.2,
        },
        d_rate: 1.0,
        directions: 3,
    }
}

fn recipe() -> RunRecipe {
    RunRecipe {
        data: DataSet::Faces,
        model: ModelConfig::Style(config()),
        optimizer: OptimizerConfig {
            kind: OptimizerKind::Adam {
                beta1: 0.0,
                beta2: 0.99,
            },
            learning_rate: 2e-3,
            schedule: Schedule::Cosine { floor: 0.1 },
            warmup: 0,
            clip_norm: None,
        },
        batch: 8,
        micro_batch: 8,
        epochs: 10,
        seed: 4,
        augment: Augment::default(),
        early_stopping: None,
        ema: 0.9,
    }
}

fn run(recipe: &RunRecipe) -> Run {
    Run::new(recipe, 100, &Device::flex(), Update::Host).expect("a sound recipe")
}

/// Losses of steps `from..until`.
fn train(run: &mut Run, from: u64, until: u64) -> Vec<Vec<(String, f32)>> {
    (from..until)
        .map(|step| {
            let pictures = Noise::new(9, step).uniform(8 * VALUES);
            let report = run.step_on(&Batch {
                pictures: &pictures,
                labels: &[0; 8],
                words: &[],
            });
            block_on(report.read()).expect("numbers")
        })
        .collect()
}

fn saved(run: &Run) -> Vec<Named> {
    block_on(run.save()).expect("arrays")
}

#[test]
fn a_restored_run_goes_on_as_if_nothing_had_happened() {
    let recipe = RunRecipe {
        micro_batch: 4,
        ..recipe()
    };
    let mut whole = run(&recipe);
    train(&mut whole, 0, 3);
    let kept = saved(&whole);
    let rest = train(&mut whole, 3, 6);
    let mut restored = run(&recipe);
    restored.restore(&kept).expect("the same net");
    assert_eq!(train(&mut restored, 3, 6), rest);
    assert!(saved(&restored) == saved(&whole), "other weights");
    let other = RunRecipe { seed: 5, ..recipe };
    assert_ne!(train(&mut run(&other), 3, 6), rest);
}

#[test]
fn every_weight_of_both_nets_moves_but_the_directions() {
    // No warm-up and a penalty in the first step, so that all is reached.
    let mut run = run(&recipe());
    let before = saved(&run);
    train(&mut run, 0, 6);
    let after = saved(&run);
    let mut moved = 0;
    for old in before.iter().filter(|old| {
        let net = |name| old.name.starts_with(name);
        net("generator.") || net("discriminator.")
    }) {
        let new = after.iter().find(|new| new.name == old.name);
        let new = new.expect("the same nets");
        if old.name.ends_with("directions") {
            assert_eq!(old.values, new.values, "{}", old.name);
            continue;
        }
        let still = old.values.iter().zip(&new.values).filter(|(a, b)| a == b);
        let (still, all) = (still.count(), old.values.len());
        assert!(2 * still <= all, "{}: {still} of {all}", old.name);
        moved += 1;
    }
    assert!(moved > 40, "{moved} arrays");
}

#[test]
fn what_does_not_fit_is_refused() {
    let refused = |recipe: RunRecipe, named: &str| {
        let error = Run::new(&recipe, 100, &Device::flex(), Update::Host).unwrap_err();
        assert!(error.to_string().contains(named), "{error}");
    };
    refused(
        RunRecipe {
            micro_batch: 2,
            ..recipe()
        },
        "micro_batch",
    );
    refused(
        RunRecipe {
            data: DataSet::Digits,
            ..recipe()
        },
        "data",
    );
    for (change, knob) in [
        (
            StyleConfig {
                styles: 0,
                ..config()
            },
            "styles",
        ),
        (
            StyleConfig {
                mixing: 1.5,
                ..config()
            },
            "mixing",
        ),
        (
            StyleConfig {
                penalty: -1.0,
                ..config()
            },
            "penalty",
        ),
        (
            StyleConfig {
                directions: 65,
                ..config()
            },
            "directions",
        ),
        (
            StyleConfig {
                width: 0,
                ..config()
            },
            "width",
        ),
    ] {
        let model = ModelConfig::Style(change);
        refused(RunRecipe { model, ..recipe() }, knob);
    }
    let mut run = run(&recipe());
    let wider = ModelConfig::Style(StyleConfig {
        width: 7,
        ..config()
    });
    let wider = RunRecipe {
        model: wider,
        ..recipe()
    };
    assert!(matches!(
        run.change(&wider, 100),
        Err(ModelError::NeedsReset { .. })
    ));
    let milder = ModelConfig::Style(StyleConfig {
        penalty: 0.1,
        mixing: 0.0,
        ..config()
    });
    let milder = RunRecipe {
        model: milder,
        ..recipe()
    };
    run.change(&milder, 100).expect("knobs of training");
}

/// A sampler whose noise has a strength and whose directions lead somewhere.
fn sampler() -> Sampler {
    let mut weights = block_on(run(&recipe()).weights()).expect("weights");
    for named in &mut weights {
        if named.name.ends_with("strength") {
            named.values.fill(0.3);
        }
        if named.name == "directions" {
            named.values = Noise::new(3, 3).normal(named.values.len());
        }
    }
    Sampler::new(&ModelConfig::Style(config()), &weights, &Device::flex()).expect("its own")
}

fn draw(index: u32, temperature: f32) -> Latent {
    Latent::Draw {
        seed: 5,
        index,
        temperature,
        class: None,
    }
}

fn made(sampler: &Sampler, latents: &[Latent]) -> Vec<Vec<f32>> {
    let points: Vec<Point> = latents
        .iter()
        .map(|latent| sampler.space().point(latent).expect("a point"))
        .collect();
    let pictures = sampler.decode(&points, &Device::flex());
    let values: Vec<f32> = pictures.into_data().try_into_vec().expect("f32");
    values.chunks(VALUES).map(<[f32]>::to_vec).collect()
}

fn alike(a: &[f32], b: &[f32]) -> bool {
    a.iter().zip(b).all(|(a, b)| (a - b).abs() < 1e-4)
}

fn crossed(from: u8) -> Latent {
    Latent::Crossed {
        coarse: Box::new(draw(0, 1.0)),
        fine: Box::new(draw(1, 1.0)),
        from,
    }
}

#[test]
fn a_recipe_gives_the_same_picture_alone_and_among_others() {
    let sampler = sampler();
    let all = made(&sampler, &[draw(0, 1.0), draw(1, 1.0), draw(2, 0.5)]);
    assert!(
        all.iter()
            .flatten()
            .all(|value| (0.0..=1.0).contains(value))
    );
    assert!(!alike(&all[0], &all[1]));
    assert!(alike(&all[1], &made(&sampler, &[draw(1, 1.0)])[0]));
    // Beside two more it is computed in another order, but not otherwise.
    assert_eq!(
        made(&sampler, &[draw(2, 0.5)]),
        made(&sampler, &[draw(2, 0.5)])
    );
}

#[test]
fn truncation_ends_at_the_mean_and_only_the_grain_differs_there() {
    let Net::Style(_) = sampler().net() else {
        panic!("a style-based net");
    };
    let sampler = sampler();
    let far = made(&sampler, &[draw(0, 1.0), draw(1, 1.0)]);
    let near = made(&sampler, &[draw(0, 0.0), draw(1, 0.0)]);
    let apart = |pair: &[Vec<f32>]| -> f32 {
        pair[0]
            .iter()
            .zip(&pair[1])
            .map(|(a, b)| (a - b).abs())
            .sum()
    };
    assert!(apart(&near) > 0.0 && apart(&near) < apart(&far));
}

#[test]
fn crossing_takes_the_coarse_layers_of_one_and_the_fine_of_the_other() {
    let sampler = sampler();
    let of = |latent| made(&sampler, &[latent]).remove(0);
    let (a, b) = (of(draw(0, 1.0)), of(draw(1, 1.0)));
    assert!(alike(&of(crossed(StyleConfig::LAYERS as u8)), &a));
    // All layers are the other's; the grain is still the first one's.
    let all = of(crossed(0));
    assert!(!alike(&all, &a) && !alike(&all, &b));
    // The styles of every layer, by what the net is given.
    let space = sampler.space();
    let from = |from| space.point(&crossed(from)).expect("a point").style;
    for layer in 0..=StyleConfig::LAYERS as u8 {
        for other in 0..layer {
            assert_ne!(from(layer), from(other));
        }
    }
    // A picture whose last layers alone are another's is nearer to it than one whose
    // first layers are.
    let apart =
        |x: &[f32], y: &[f32]| -> f32 { x.iter().zip(y).map(|(x, y)| (x - y).powi(2)).sum() };
    assert!(apart(&of(crossed(6)), &a) < apart(&of(crossed(1)), &a));
}

#[test]
fn pushes_add_up_and_keep_to_their_layers() {
    let sampler = sampler();
    let of = |latent| made(&sampler, &[latent]).remove(0);
    let pushed = |of: Latent, nudges: &[(u8, Level, f32)]| Latent::Pushed {
        of: Box::new(of),
        nudges: nudges
            .iter()
            .map(|&(direction, level, amount)| Nudge {
                direction,
                level,
                amount,
            })
            .collect(),
    };
    let plain = of(draw(0, 1.0));
    let once = of(pushed(draw(0, 1.0), &[(1, Level::All, 2.0)]));
    assert!(!alike(&plain, &once));
    let parts = Level::ALL[1..].iter().map(|&level| (1, level, 2.0));
    let parts: Vec<_> = parts.collect();
    assert!(alike(&once, &of(pushed(draw(0, 1.0), &parts))));
    let back = pushed(
        pushed(draw(0, 1.0), &[(1, Level::All, 2.0), (2, Level::Fine, 1.0)]),
        &[(1, Level::All, -2.0), (2, Level::Fine, -1.0)],
    );
    assert!(alike(&plain, &of(back)));
    // Coarse layers alone are what crossing takes from the coarse one.
    let mixed = Latent::Crossed {
        coarse: Box::new(pushed(draw(0, 1.0), &[(0, Level::All, 3.0)])),
        fine: Box::new(draw(0, 1.0)),
        from: 3,
    };
    let coarse = pushed(draw(0, 1.0), &[(0, Level::Coarse, 3.0)]);
    assert!(alike(&of(mixed), &of(coarse)));
    let none = sampler
        .space()
        .point(&pushed(draw(0, 1.0), &[(3, Level::All, 1.0)]));
    assert!(none.unwrap_err().to_string().contains("direction 4"));
}

#[test]
fn blends_neighbours_and_sums_end_where_they_should() {
    let sampler = sampler();
    let of = |latent| made(&sampler, &[latent]).remove(0);
    let blend = |t| Latent::Blend {
        a: Box::new(draw(0, 1.0)),
        b: Box::new(crossed(3)),
        t,
    };
    assert!(alike(&of(blend(0.0)), &of(draw(0, 1.0))));
    assert!(alike(&of(blend(1.0)), &of(crossed(3))));
    let near = |amount| Latent::Near {
        of: Box::new(crossed(3)),
        seed: 1,
        index: 2,
        amount,
    };
    assert!(alike(&of(near(0.0)), &of(crossed(3))));
    assert!(!alike(&of(near(0.6)), &of(crossed(3))));
    let back = Latent::Arithmetic {
        a: Box::new(draw(0, 1.0)),
        minus: Box::new(draw(1, 0.7)),
        plus: Box::new(draw(1, 0.7)),
    };
    assert!(alike(&of(back), &of(draw(0, 1.0))));
}

#[test]
fn styles_that_were_found_are_deviations_from_the_mean() {
    let sampler = sampler();
    let of = |latent| made(&sampler, &[latent]).remove(0);
    let found = |values: Vec<i8>, unit| Latent::Styles {
        values,
        unit,
        grain: 1,
    };
    let count = StyleConfig::LAYERS * config().styles;
    let mean = of(found(vec![0; count], 0.1));
    assert!(alike(&mean, &of(found(vec![9; count], 0.0))));
    assert!(!alike(&mean, &of(found(vec![40; count], 0.1))));
    let short = sampler.space().point(&found(vec![0; count - 1], 0.1));
    assert!(short.unwrap_err().to_string().contains("numbers of styles"));
}

/// Two plain pictures: red above, or blue. What is made must come near to either.
#[test]
fn it_learns_two_plain_pictures() {
    let mut pictures = vec![0.0; 8 * VALUES];
    for (index, picture) in pictures.chunks_mut(VALUES).enumerate() {
        for pixel in picture.chunks_mut(3) {
            pixel[if index % 2 == 0 { 0 } else { 2 }] = 1.0;
        }
    }
    let model = ModelConfig::Style(StyleConfig {
        diff_augment: DiffAugment::default(),
        width: 12,
        fine: 8,
        judge: 8,
        ..config()
    });
    let mut run = run(&RunRecipe { model, ..recipe() });
    let nearest = |run: &Run| -> f32 {
        let latents: Vec<Latent> = (0..8).map(|index| draw(index, 1.0)).collect();
        let made = made(&run.sampler(), &latents);
        let distance = |a: &[f32], b: &[f32]| -> f32 {
            a.iter().zip(b).map(|(a, b)| (a - b).powi(2)).sum::<f32>() / VALUES as f32
        };
        let nearest = made.iter().map(|made| {
            let of = |at: usize| distance(made, &pictures[at * VALUES..(at + 1) * VALUES]);
            of(0).min(of(1))
        });
        nearest.sum::<f32>() / 8.0
    };
    let before = nearest(&run);
    for _ in 0..150 {
        run.step_on(&Batch {
            pictures: &pictures,
            labels: &[0; 8],
            words: &[],
        });
    }
    let after = nearest(&run);
    assert!(after < 0.3 * before, "from {before} to {after}");
}
