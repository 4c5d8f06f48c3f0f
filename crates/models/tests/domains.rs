//! Nets between two domains, and readers of characters.

use burn::tensor::{Device, Tensor, TensorData};
use futures::executor::block_on;
use lampwork_models::domains::{
    Critic, Critics, Nets, Redrawing, critic_loss, fooled, losses, told_apart, view,
};
use lampwork_models::reader::{EMBEDDING, Panel, ReaderRun, Teacher, contrastive};
use lampwork_models::run::{check_model, check_recipe};
use lampwork_models::{DomainBatch, DomainRun, Noise, Sampler, Update};
use lampwork_protocol::*;

const VALUES: usize = Shape::BRUSH.values();

const CYCLE: Lesson = Lesson::Cycle {
    cycle: 3.0,
    identity: 2.0,
    noise: 0.0,
    legible: 0.0,
};

const PAIRS: Lesson = Lesson::Pairs { distance: 10.0 };

fn config(lesson: Lesson) -> DomainsConfig {
    DomainsConfig {
        from: 0,
        to: vec![1, 4],
        lesson,
        width: 8,
        blocks: 1,
        gather: 4,
        halvings: 1,
        kernel: 3,
        leak: 0.0,
        residual: false,
        critic: 4,
        critic_halvings: 2,
        critic_shift: 0,
        critic_rate: 1.0,
        colour: false,
    }
}

fn recipe(lesson: Lesson) -> RunRecipe {
    RunRecipe {
        data: DataSet::Brush,
        model: ModelConfig::Domains(config(lesson)),
        optimizer: OptimizerConfig {
            kind: OptimizerKind::Adam {
                beta1: 0.5,
                beta2: 0.99,
            },
            learning_rate: 4e-3,
            schedule: Schedule::Constant,
            warmup: 0,
            clip_norm: None,
        },
        batch: 4,
        micro_batch: 2,
        epochs: 9,
        seed: 3,
        augment: Augment::default(),
        early_stopping: None,
        ema: 0.9,
    }
}

/// Bars that stand, and the same that lie; hands differ in how thick they are.
struct Bars {
    first: Vec<f32>,
    second: Vec<f32>,
}

impl Bars {
    fn new() -> Bars {
        let side = Shape::BRUSH.side;
        let bar = |at: usize, thick: usize, lies: bool| {
            (0..VALUES).map(move |pixel| {
                let place = if lies { pixel / side } else { pixel % side };
                f32::from(u8::from((at..at + thick).contains(&place)))
            })
        };
        Bars {
            first: (0..4).flat_map(|n| bar(6 + 8 * n, 4, false)).collect(),
            second: (0..4)
                .flat_map(|n| bar(6 + 8 * n, 4 + 4 * (n % 2), true))
                .collect(),
        }
    }

    fn batch(&self) -> DomainBatch<'_> {
        DomainBatch {
            first: &self.first,
            second: &self.second,
            hands: &[0, 1, 0, 1],
            known: &[0, 1, 2, 3],
        }
    }
}

fn run(lesson: Lesson) -> DomainRun {
    DomainRun::begin(&recipe(lesson), 10, &Device::flex(), Update::Host).unwrap()
}

fn numbers(report: lampwork_models::StepReport) -> Vec<f32> {
    let read = block_on(report.read()).unwrap();
    read.into_iter().map(|(_, value)| value).collect()
}

fn values<const D: usize>(tensor: Tensor<D>) -> Vec<f32> {
    tensor.into_data().try_into_vec().unwrap()
}

fn pictures(values: &[f32]) -> Tensor<4> {
    let side = Shape::BRUSH.side;
    let shape = [values.len() / VALUES, 1, side, side];
    Tensor::from_data(TensorData::new(values.to_vec(), shape), &Device::flex())
}

fn hands() -> Tensor<2> {
    let rows = vec![1.0_f32, 0.0, 0.0, 1.0, 1.0, 0.0, 0.0, 1.0];
    Tensor::from_data(TensorData::new(rows, [4, 2]), &Device::flex())
}

/// Nets whose weights say something.
fn nets(lesson: Lesson) -> Nets {
    let mut run = run(lesson);
    run.step_on(&Bars::new().batch());
    run.made()
}

fn mean_apart(a: Tensor<4>, b: Tensor<4>) -> f32 {
    let (a, b) = (values(a), values(b));
    a.iter().zip(&b).map(|(a, b)| (a - b).abs()).sum::<f32>() / a.len() as f32
}

#[test]
fn the_losses_of_a_cycle_are_what_the_paper_says() {
    let (nets, bars) = (nets(CYCLE), Bars::new());
    let critics = Critics::new(&config(CYCLE), &Device::flex());
    let (first, second) = (pictures(&bars.first), pictures(&bars.second));
    let measured = losses(
        &config(CYCLE),
        &nets,
        &critics,
        None,
        (first.clone(), second.clone()),
        &hands(),
        &[0; 4],
        &mut Noise::new(1, 0),
    );
    let to = |pictures: Tensor<4>| nets.to().forward(pictures, Some(&hands()));
    let back = |pictures: Tensor<4>| nets.back().unwrap().forward(pictures, None);
    let cycle = mean_apart(back(to(first.clone())), first.clone())
        + mean_apart(to(back(second.clone())), second.clone());
    let identity =
        mean_apart(to(second.clone()), second.clone()) + mean_apart(back(first.clone()), first);
    let parts: Vec<f32> = measured
        .parts
        .iter()
        .map(|part| values(part.clone())[0])
        .collect();
    assert!((parts[1] - cycle).abs() < 1e-5, "{} {cycle}", parts[1]);
    assert!((parts[2] - identity).abs() < 1e-5);
    assert_eq!(parts[3], 0.0, "there is no reader");
    let loss = values(measured.loss)[0];
    assert!((loss - parts[0] - 3.0 * cycle - 2.0 * identity).abs() < 1e-4);
    assert!(mean_apart(measured.second, to(pictures(&bars.first))) < 1e-6);
    assert!(mean_apart(measured.first.unwrap(), back(second)) < 1e-6);
}

#[test]
fn least_squares_are_none_where_the_critic_is_fooled() {
    let verdict = |value: f32| Tensor::<4>::full([2, 1, 3, 3], value, &Device::flex());
    assert_eq!(values(fooled(verdict(1.0))), [0.0]);
    assert_eq!(values(fooled(verdict(0.0))), [1.0]);
    assert!((values(fooled(verdict(0.25)))[0] - 0.5625).abs() < 1e-6);
}

#[test]
fn a_critic_says_one_of_what_is_real_where_it_tells_all() {
    // With all weights at zero every verdict is zero: half a one for what is real.
    let critics = Critics::new(&config(PAIRS), &Device::flex());
    let zero: Vec<_> = block_on(lampwork_weights::collect(&critics))
        .unwrap()
        .into_iter()
        .map(|mut named| {
            named.values.fill(0.0);
            named
        })
        .collect();
    let critics = lampwork_weights::fill(critics, &zero, &Device::flex()).unwrap();
    let bars = Bars::new();
    let both = (pictures(&bars.first), pictures(&bars.second));
    let made = (both.1.clone(), None);
    let loss = critic_loss(&critics, both, &hands(), made, (0, 0));
    assert_eq!(values(loss), [0.5]);
}

#[test]
fn a_picture_of_another_hand_counts_as_made() {
    let critic = Critic::new(&config(CYCLE), 1, 2, &Device::flex());
    let bars = Bars::new();
    let (real, made) = (pictures(&bars.second), pictures(&bars.first));
    let squares = |pictures: &Tensor<4>, hand: fn(usize) -> usize, aim: f32| {
        let verdicts = values(critic.verdicts(pictures.clone()));
        let pieces = verdicts.len() / 8;
        let all = (0..4).flat_map(|at| {
            let from = (2 * at + hand(at % 2)) * pieces;
            verdicts[from..from + pieces].to_vec()
        });
        all.map(|v| (v - aim).powi(2)).sum::<f32>() / (4 * pieces) as f32
    };
    let others = squares(&real, |own| 1 - own, 0.0);
    let of_made = squares(&made, |own| own, 0.0);
    let taken = squares(&real, |own| own, 1.0);
    let expected = 0.5 * taken + 0.25 * (of_made + others);
    let found = values(told_apart(&critic, real.clone(), made, Some(&hands())))[0];
    assert!((found - expected).abs() < 1e-5, "{found} {expected}");
    assert!(others > 1e-4 && of_made > 1e-4, "nothing is compared");
    // By its own hand alone, that is what a net is told by.
    let own = values(fooled(critic.forward(real, Some(&hands()))))[0];
    assert!((own - taken).abs() < 1e-5);
}

#[test]
fn what_critics_are_shown_is_moved_round() {
    let moved = DomainsConfig {
        critic_shift: 3,
        ..config(PAIRS)
    };
    let mut noise = Noise::new(4, 0);
    let views: Vec<_> = (0..200).map(|_| view(&moved, &mut noise)).collect();
    let along = |of: fn(&(isize, isize)) -> isize| {
        let mut all: Vec<_> = views.iter().map(of).collect();
        all.sort_unstable();
        all.dedup();
        all
    };
    let all: Vec<isize> = (-3..=3).collect();
    assert_eq!((along(|by| by.0), along(|by| by.1)), (all.clone(), all));
    assert_eq!(view(&config(PAIRS), &mut noise), (0, 0));
    // All the way round is where it was; part of the way is another picture.
    let critics = Critics::new(&moved, &Device::flex());
    let bars = Bars::new();
    let loss = |by| {
        let both = (pictures(&bars.first), pictures(&bars.second));
        let made = (pictures(&bars.first), None);
        values(critic_loss(&critics, both, &hands(), made, by))[0]
    };
    let side = Shape::BRUSH.side as isize;
    assert!((loss((0, 0)) - loss((side, -side))).abs() < 1e-6);
    assert!((loss((0, 0)) - loss((5, 0))).abs() > 1e-6);
}

#[test]
fn what_is_added_to_a_picture_begins_as_nothing() {
    let config = DomainsConfig {
        residual: true,
        ..config(CYCLE)
    };
    let recipe = RunRecipe {
        model: ModelConfig::Domains(config),
        ..recipe(CYCLE)
    };
    let bars = Bars::new();
    let mut run = DomainRun::begin(&recipe, 10, &Device::flex(), Update::Host).unwrap();
    let made = |run: &DomainRun| {
        let nets = run.made();
        let shown = pictures(&bars.first);
        mean_apart(nets.to().forward(shown.clone(), Some(&hands())), shown)
    };
    assert_eq!(made(&run), 0.0);
    run.step_on(&bars.batch());
    assert!(made(&run) > 0.0);
}

#[test]
fn pairs_go_one_way_and_cycles_both() {
    assert!(nets(PAIRS).back().is_none());
    assert!(nets(CYCLE).back().is_some());
}

#[test]
fn hands_are_written_apart() {
    let (nets, bars) = (nets(CYCLE), Bars::new());
    let one = |hand: [f32; 2]| {
        let rows = TensorData::new(hand.repeat(4), [4, 2]);
        let hands = Tensor::<2>::from_data(rows, &Device::flex());
        nets.to().forward(pictures(&bars.first), Some(&hands))
    };
    assert!(mean_apart(one([1.0, 0.0]), one([0.0, 1.0])) > 1e-5);
}

#[test]
fn slices_side_by_side_are_the_step() {
    for lesson in [CYCLE, PAIRS] {
        let bars = Bars::new();
        let (mut one, mut two) = (run(lesson), run(lesson));
        for _ in 0..3 {
            let a = numbers(one.step_on(&bars.batch()));
            let b = numbers(two.step_side_by_side(&bars.batch()));
            for (a, b) in a.iter().zip(&b) {
                assert!((a - b).abs() < 1e-4 * (1.0 + a.abs()), "{a} {b}");
            }
        }
    }
}

#[test]
fn a_run_that_is_restored_goes_on_the_same() {
    let noisy = Lesson::Cycle {
        cycle: 3.0,
        identity: 1.0,
        noise: 0.3,
        legible: 0.0,
    };
    for lesson in [noisy, PAIRS] {
        let bars = Bars::new();
        let mut whole = run(lesson);
        whole.step_on(&bars.batch());
        whole.step_on(&bars.batch());
        let saved = block_on(whole.save()).unwrap();
        let mut other = run(lesson);
        other.restore(&saved).unwrap();
        assert_eq!(other.step(), 2);
        for _ in 0..2 {
            let a = numbers(whole.step_on(&bars.batch()));
            assert_eq!(a, numbers(other.step_on(&bars.batch())));
        }
        let weights = |run: &DomainRun| block_on(run.weights()).unwrap();
        for (a, b) in weights(&whole).iter().zip(&weights(&other)) {
            assert_eq!((&a.name, &a.values), (&b.name, &b.values));
        }
        // What ships is enough to begin anew, and to be used.
        let mut anew = run(lesson);
        anew.restore(&weights(&whole)).unwrap();
        assert_eq!(anew.step(), 0);
        let model = ModelConfig::Domains(config(lesson));
        let used = Sampler::new(&model, &weights(&whole), &Device::flex()).unwrap();
        assert!(used.domains().is_some() && used.translator().is_none());
    }
}

#[test]
fn bars_learn_to_lie_by_pairs() {
    let bars = Bars::new();
    let mut run = run(PAIRS);
    let first = numbers(run.step_on(&bars.batch()))[2];
    let mut last = first;
    for _ in 0..60 {
        last = numbers(run.step_on(&bars.batch()))[2];
    }
    assert!(last < 0.5 * first, "{first} then {last}");
    let measured = block_on(run.validate(&bars.batch())).unwrap();
    assert_eq!(measured[0].0, "apart");
}

#[test]
fn bars_learn_to_come_back() {
    let bars = Bars::new();
    let mut run = run(CYCLE);
    let first = numbers(run.step_on(&bars.batch()))[2];
    let mut last = first;
    for _ in 0..60 {
        last = numbers(run.step_on(&bars.batch()))[2];
    }
    assert!(last < 0.6 * first, "{first} then {last}");
}

#[test]
fn pictures_one_by_one_are_those_of_a_batch() {
    let (nets, bars) = (nets(CYCLE), Bars::new());
    let bytes: Vec<u8> = bars.first.iter().map(|v| (v * 255.0) as u8).collect();
    let all = |way, at_once| {
        let mut redrawing =
            Redrawing::new(&nets, 2, way, Shape::BRUSH, bytes.clone(), at_once).unwrap();
        let mut turns = 0;
        loop {
            turns += 1;
            if let Some(made) = block_on(redrawing.advance(&Device::flex())).unwrap() {
                return (made, turns);
            }
        }
    };
    for way in [Way::To(0), Way::To(1), Way::Back] {
        let (together, one) = all(way, 9);
        let (apart, four) = all(way, 1);
        assert_eq!((one, four), (1, 4));
        assert_eq!(together.len(), bytes.len());
        assert!(
            together
                .iter()
                .zip(&apart)
                .all(|(a, b)| a.abs_diff(*b) <= 1)
        );
    }
    let nets = self::nets(PAIRS);
    for way in [Way::Back, Way::To(2)] {
        assert!(Redrawing::new(&nets, 2, way, Shape::BRUSH, vec![0; VALUES], 1).is_none());
    }
}

#[test]
fn what_cannot_be_built_is_refused() {
    let refused = |change: fn(&mut DomainsConfig)| {
        let mut config = config(CYCLE);
        change(&mut config);
        check_model(&ModelConfig::Domains(config))
            .unwrap_err()
            .to_string()
    };
    assert!(refused(|c| c.to.clear()).starts_with("to is"));
    assert!(refused(|c| c.to.push(0)).contains("both domains"));
    assert!(refused(|c| c.critic_halvings = 9).starts_with("critic_halvings"));
    assert!(refused(|c| c.gather = 5).starts_with("halvings"));
    assert!(refused(|c| c.width = 7).starts_with("width"));
    assert!(
        refused(|c| {
            c.colour = true;
            c.lesson = Lesson::Cycle {
                cycle: 1.0,
                identity: 0.0,
                noise: 0.0,
                legible: 1.0,
            };
        })
        .contains("characters")
    );
    check_recipe(&recipe(PAIRS)).unwrap();
    let of_digits = RunRecipe {
        data: DataSet::Digits,
        ..recipe(PAIRS)
    };
    assert!(check_recipe(&of_digits).is_err());
    // A tab trains none.
    let error = lampwork_models::Run::new(&recipe(PAIRS), 1, &Device::flex(), Update::Host);
    assert!(error.unwrap_err().to_string().contains("`train`"));
}

#[test]
fn the_contrastive_loss_is_its_definition() {
    let mut noise = Noise::new(5, 0);
    let (count, width) = (6, 4);
    let characters = [1, 1, 2, 2, 2, 9];
    let mut rows = noise.normal(count * width);
    for row in rows.chunks_mut(width) {
        let length = row.iter().map(|v| v * v).sum::<f32>().sqrt();
        row.iter_mut().for_each(|v| *v /= length);
    }
    let alike = |a: usize, b: usize| {
        let (a, b) = (&rows[a * width..], &rows[b * width..]);
        (0..width).map(|at| a[at] * b[at]).sum::<f32>() / 0.1
    };
    let (mut sum, mut anchors) = (0.0, 0.0);
    for a in 0..count {
        let others = (0..count).filter(|&b| b != a);
        let all: f32 = others.clone().map(|b| alike(a, b).exp()).sum();
        let kin: Vec<usize> = others.filter(|&b| characters[b] == characters[a]).collect();
        if !kin.is_empty() {
            anchors += 1.0;
            let odds = kin.iter().map(|&b| (alike(a, b).exp() / all).ln());
            sum -= odds.sum::<f32>() / kin.len() as f32;
        }
    }
    let places = TensorData::new(rows.clone(), [count, width]);
    let places = Tensor::<2>::from_data(places, &Device::flex());
    let found = values(contrastive(places, &characters))[0];
    assert!(
        (found - sum / anchors).abs() < 1e-3,
        "{found} {}",
        sum / anchors
    );
}

#[test]
fn a_reader_learns_and_a_teacher_says_what_is_misread() {
    let device = Device::flex();
    let bars = Bars::new();
    let shown = [bars.first.clone(), bars.second.clone()].concat();
    // Bars that stand are one character, bars that lie another.
    let characters = [0, 0, 0, 0, 1, 1, 1, 1];
    let mut run = ReaderRun::new(1, &device, Update::Host);
    let mut losses = Vec::new();
    for _ in 0..12 {
        let loss = run.step_on(shown.clone(), &characters, 2e-3, &device);
        losses.push(values(loss)[0]);
    }
    assert!(losses[11] < losses[0] - 0.3, "{losses:?}");
    // The same reader twice agrees with itself.
    let panel: Panel = [run.net(), run.net()].into_iter().collect();
    assert_eq!(panel.dimensions(), 2 * EMBEDDING);
    let places = panel.look(pictures(&shown));
    for row in values(places.clone()).chunks(2 * EMBEDDING) {
        let length = row.iter().map(|v| v * v).sum::<f32>();
        assert!((length - 1.0).abs() < 1e-3);
    }
    let mean = |from: usize| places.clone().narrow(0, from, 4).mean_dim(0);
    let teacher = Teacher::new(panel, Tensor::cat(vec![mean(0), mean(4)], 0));
    assert_eq!(teacher.known(), 2);
    let written = || pictures(&bars.first).autodiff();
    let misread = |meant: [u32; 4]| {
        let loss = teacher.misread(written(), &meant, &mut Noise::new(1, 0));
        values(loss.inner())[0]
    };
    assert!(misread([0; 4]) < misread([1; 4]));
}
