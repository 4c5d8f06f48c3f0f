//! Measuring a model in the studio: the figures of `train eval`, a piece at a time.

use expect_test::expect;
use futures::executor::block_on;
use lampwork_judge::{Judge, Sets, asked};
use lampwork_models::Sampler;
use lampwork_protocol::{
    Command, DataSet, Event, Failure, Figure, MeasureOrder, Measurement, ModelCard, ModelConfig,
    ModelInfo, NetKind, RunRecipe, Sampling, Solver,
};
use lampwork_studio::Answer;
use lampwork_tests::{data, recipes};

use crate::talk::{Talk, trained};

const DIGITS: &[u8] = include_bytes!("../../static/judges/digits.safetensors");
const FASHION: &[u8] = include_bytes!("../../static/judges/fashion.safetensors");
const EMOJI: &[u8] = include_bytes!("../../static/judges/emoji.safetensors");

/// A studio with data and a judge, and a model that was trained for a moment.
fn talk_of(recipe: &RunRecipe) -> (Talk, ModelInfo) {
    let (bytes, card) = trained(recipe, "tiny");
    let mut talk = Talk::with_data();
    let info = talk.load(&bytes, Some(card));
    judge(&mut talk, DataSet::Digits, DIGITS);
    talk.check_nothing_failed();
    (talk, info)
}

fn judge(talk: &mut Talk, data: DataSet, bytes: &[u8]) -> Vec<Answer> {
    talk.ask(Command::LoadJudge { data }, vec![bytes.to_vec()])
}

fn order(info: &ModelInfo) -> MeasureOrder {
    MeasureOrder {
        model: info.card.name.clone(),
        weights: info.weights,
        count: 20,
        seed: 5,
        sampling: None,
    }
}

fn measure(order: &MeasureOrder) -> Command {
    Command::Measure {
        order: order.clone(),
    }
}

#[track_caller]
fn measured(answers: &[Answer]) -> Measurement {
    match answers.last().map(|(reply, _)| &reply.event) {
        Some(Event::Measured(measured)) => measured.clone(),
        other => panic!("nothing measured but {other:?}"),
    }
}

#[test]
fn a_model_is_measured_as_by_the_shared_function() {
    let recipe = recipes::gan(NetKind::Mlp);
    let (mut talk, info) = talk_of(&recipe);
    let order = order(&info);
    let answers = talk.command(measure(&order));
    let found = measured(&answers);
    assert_eq!(found.order, order);
    assert_eq!(found.data, DataSet::Digits);

    // The same by hand, as `train eval` does.
    let (device, _) = lampwork_studio::open::cpu();
    let (bytes, _) = trained(&recipe, "tiny");
    let (weights, _) = lampwork_weights::read(&bytes).unwrap();
    let sampler = Sampler::new(&recipe.model, &weights, &device).unwrap();
    let packed = data::packed(DataSet::Digits);
    let mut sets = Sets::without_made(&packed, 20, 5);
    let latents = asked(sampler.space(), &packed, &sets.test, 5, &|_| None);
    let points: Vec<_> = latents
        .iter()
        .map(|latent| sampler.space().point(latent).unwrap())
        .collect();
    let made = sampler.decode(&points, &device).into_data();
    sets.made.pictures = made.try_into_vec().unwrap();
    let judge = Judge::read(DIGITS, &device).unwrap();
    assert_eq!(found.judge, judge.hash);
    let expected = block_on(lampwork_judge::measure(&sets, &judge, true)).unwrap();
    same(&found.figures, &expected);
    // Twenty pictures have no Frechet distance in 64 dimensions.
    let names: Vec<_> = expected.iter().map(|figure| figure.name.as_str()).collect();
    assert_eq!(
        names,
        [
            "kernel_distance",
            "precision",
            "recall",
            "density",
            "coverage",
            "agreement",
            "class_entropy",
            "spread"
        ]
    );
    assert_eq!(measured(&talk.command(measure(&order))), found);
}

#[track_caller]
fn same(found: &[Figure], expected: &[Figure]) {
    assert_eq!(found.len(), expected.len());
    for (a, b) in found.iter().zip(expected) {
        assert_eq!(
            (&a.name, &a.unit, a.floor.is_some(), a.ceiling.is_some()),
            (&b.name, &b.unit, b.floor.is_some(), b.ceiling.is_some())
        );
        let pairs = [
            (Some(a.value), Some(b.value)),
            (a.floor, b.floor),
            (a.ceiling, b.ceiling),
        ];
        for (a, b) in pairs.into_iter().filter_map(|(a, b)| Some((a?, b?))) {
            // Pictures are seen in other batches, so the last bits differ.
            assert!((a - b).abs() <= 1e-3 * b.abs().max(1.0), "{a} {b}");
        }
    }
}

#[test]
fn a_measuring_tells_how_far_it_is() {
    let (mut talk, info) = talk_of(&recipes::flow());
    talk.check_nothing_failed();
    let mut order = order(&info);
    order.sampling = Some(Sampling {
        steps: 2,
        guidance: 1.0,
        solver: Solver::Euler,
    });
    let answers = talk.command(measure(&order));
    let text = crate::talk::render(&answers);
    let lines: Vec<&str> = text
        .lines()
        .filter(|line| !line.contains("Comparing"))
        .collect();
    expect![[r#"
        #4 Making: 8 of 20
        #4 Making: 16 of 20
        #4 Making: 20 of 20
        #4 Looking: 20 of 80
        #4 Looking: 40 of 80
        #4 Looking: 60 of 80
        #4 Looking: 80 of 80
        #4 measured tiny: kernel_distance precision recall density coverage agreement class_entropy spread"#]]
    .assert_eq(&lines.join("\n"));
    assert!(text.lines().count() > lines.len() + 100, "{text}");
}

#[test]
fn a_measuring_can_be_given_up_and_pictures_come_first() {
    let (mut talk, info) = talk_of(&recipes::gan(NetKind::Mlp));
    let order = order(&info);
    let id = talk.send(measure(&order), vec![]);
    talk.work(5);
    let sheet = lampwork_protocol::Sheet {
        model: info.card.name.clone(),
        weights: info.weights,
        seed: 1,
        class: None,
        temperature: 1.0,
        words: None,
        count: 2,
        sampling: None,
    };
    talk.check_nothing_failed();
    talk.send(
        Command::Make {
            recipes: sheet.recipes(),
        },
        vec![],
    );
    talk.work(1);
    talk.send(Command::Cancel { request: id }, vec![]);
    talk.rest();
    talk.check(expect![[r#"
        #5 pictures 0..2, done [2x28x28]
        #6 done
        #4 cancelled
    "#]]);
    // And another begins from its start.
    measured(&talk.command(measure(&order)));
}

#[test]
fn what_cannot_be_measured_is_refused() {
    let (bytes, card) = trained(&recipes::gan(NetKind::Mlp), "tiny");
    let mut talk = Talk::new();
    let info = talk.load(&bytes, Some(card.clone()));
    let order = order(&info);
    let fails = |talk: &mut Talk, order: &MeasureOrder| talk.fails(measure(order), vec![]);

    let data = || "digits".to_owned();
    assert_eq!(fails(&mut talk, &order), Failure::NoJudge { data: data() });
    judge(&mut talk, DataSet::Digits, DIGITS);
    assert_eq!(fails(&mut talk, &order), Failure::NoData { data: data() });
    talk.ask(
        Command::LoadData {
            data: DataSet::Digits,
        },
        vec![data::packed(DataSet::Digits).to_bytes()],
    );
    for count in [0, 15, 21, 2000] {
        let order = MeasureOrder {
            count,
            ..order.clone()
        };
        let failure = fails(&mut talk, &order);
        assert!(
            matches!(&failure, Failure::BadKnob { knob, .. } if knob == "count"),
            "{failure}"
        );
    }
    let other = MeasureOrder {
        model: "none".to_owned(),
        ..order.clone()
    };
    assert!(matches!(fails(&mut talk, &other), Failure::NoModel { .. }));
    let other = MeasureOrder {
        weights: [0; 8],
        ..order.clone()
    };
    assert!(matches!(
        fails(&mut talk, &other),
        Failure::OtherWeights { .. }
    ));
    let other = MeasureOrder {
        sampling: Some(Sampling::SHORTCUT),
        ..order.clone()
    };
    assert!(matches!(fails(&mut talk, &other), Failure::CannotDo { .. }));
    // A card that says that grey pictures are emoji.
    let mut odd = card;
    odd.name = "odd".to_owned();
    odd.recipe.data = DataSet::Emoji;
    let other = MeasureOrder {
        model: "odd".to_owned(),
        weights: talk.load(&bytes, Some(odd)).weights,
        ..order.clone()
    };
    let failure = fails(&mut talk, &other);
    assert!(
        matches!(failure, Failure::CannotMeasure { .. }),
        "{failure}"
    );
    measured(&talk.command(measure(&order)));
}

#[test]
fn files_that_are_no_judges_are_refused_and_the_judge_before_stays() {
    let (mut talk, info) = talk_of(&recipes::gan(NetKind::Mlp));
    let (model, _) = trained(&recipes::gan(NetKind::Mlp), "tiny");
    for (what, bytes) in [
        ("nothing", vec![]),
        ("cut", DIGITS[..DIGITS.len() - 1].to_vec()),
        ("a model", model),
        ("of other data", FASHION.to_vec()),
    ] {
        let command = Command::LoadJudge {
            data: DataSet::Digits,
        };
        let failure = talk.fails(command, vec![bytes]);
        assert!(
            matches!(failure, Failure::BadJudge { .. }),
            "{what}: {failure}"
        );
    }
    measured(&talk.command(measure(&order(&info))));
}

#[test]
fn a_model_with_words_is_told_captions_and_they_are_looked_for() {
    let mut recipe = recipes::painter();
    if let ModelConfig::Flow(config) = &mut recipe.model {
        config.words = 80;
    }
    let mut talk = Talk::new();
    let file = |name: &str| {
        let root = concat!(env!("CARGO_MANIFEST_DIR"), "/../static/");
        std::fs::read(format!("{root}{name}")).expect("a file that the site ships")
    };
    talk.ask(
        Command::LoadData {
            data: DataSet::Emoji,
        },
        vec![file("datasets/emoji.safetensors")],
    );
    talk.ask(Command::LoadWords, vec![file("words/words.safetensors")]);
    talk.command(Command::StartRun { recipe });
    let (bytes, card) = talk.export();
    let info = talk.load(&bytes, None);
    assert_eq!(info.card.name, ModelCard::YOURS);
    assert_eq!(card.recipe.data, DataSet::Emoji);
    judge(&mut talk, DataSet::Emoji, EMOJI);
    let order = MeasureOrder {
        sampling: Some(Sampling {
            steps: 1,
            guidance: 1.0,
            solver: Solver::Euler,
        }),
        count: 16,
        ..order(&info)
    };
    let found = measured(&talk.command(measure(&order)));
    let rank = found
        .figures
        .iter()
        .find(|figure| figure.name == "caption_rank_unseen")
        .expect("a rank");
    // Real drawings' captions are found before those of noise.
    assert!(rank.floor < rank.ceiling, "{rank:?}");
}
