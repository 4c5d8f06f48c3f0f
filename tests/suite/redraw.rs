//! Pictures between two domains.

use std::collections::BTreeMap;

use expect_test::expect;
use futures::executor::block_on;
use lampwork_models::{DomainRun, Noise, Update};
use lampwork_protocol::{
    Command, Event, Failure, Lesson, ModelCard, ModelConfig, ModelInfo, RedrawOrder, Shape, Way,
};
use lampwork_tests::recipes;
use lampwork_weights::Precision;

use crate::talk::{Talk, trained};

const VALUES: usize = Shape::BRUSH.values();

const BOTH_WAYS: Lesson = Lesson::Cycle {
    cycle: 10.0,
    identity: 1.0,
    noise: 0.0,
    legible: 0.0,
};

/// A studio with nets between plain characters and two hands.
fn brush(talk: &mut Talk, lesson: Lesson) -> ModelInfo {
    let recipe = recipes::domains(lesson);
    let device = burn::tensor::Device::flex();
    let run = DomainRun::begin(&recipe, 1, &device, Update::Host).unwrap();
    let weights = block_on(run.weights()).unwrap();
    let card = ModelCard {
        version: ModelCard::VERSION,
        name: "brush".to_owned(),
        recipe,
        licence: "CC0-1.0".to_owned(),
        data_source: String::new(),
        commit: String::new(),
        device: String::new(),
        steps: 0,
        seconds: 0.0,
        figures: vec![],
        directions: vec![],
    };
    let json = serde_json::to_string(&card).unwrap();
    let metadata = BTreeMap::from([(ModelCard::METADATA_KEY.to_owned(), json)]);
    let bytes = lampwork_weights::write(&weights, &metadata, Precision::Half).unwrap();
    talk.load(&bytes, Some(card))
}

fn order(info: &ModelInfo, count: u32, way: Way) -> Command {
    Command::Redraw {
        order: RedrawOrder {
            model: info.card.name.clone(),
            weights: info.weights,
            count,
            way,
        },
    }
}

fn plain(count: usize) -> Vec<u8> {
    let drawn = Noise::new(9, 0).uniform(count * VALUES);
    drawn.iter().map(|value| (value * 255.0) as u8).collect()
}

fn made(talk: &mut Talk, command: Command, pictures: Vec<u8>) -> Vec<u8> {
    let mut answers = talk.ask(command, vec![pictures]);
    let (reply, mut payload) = answers.pop().expect("an answer");
    match reply.event {
        Event::Redrawn { .. } => payload.remove(0),
        other => panic!("nothing redrawn but {other:?}"),
    }
}

#[test]
fn a_line_of_characters_goes_through_a_few_at_a_time() {
    let mut talk = Talk::new();
    let info = brush(&mut talk, BOTH_WAYS);
    talk.ask(order(&info, 5, Way::To(1)), vec![plain(5)]);
    talk.ask(order(&info, 1, Way::Back), vec![plain(1)]);
    talk.check(expect![[r#"
        #1 model brush: does not encode
        #2 working: 2 of 5
        #2 working: 4 of 5
        #2 redrawn: 5 [11520 bytes]
        #3 redrawn: 1 [2304 bytes]
    "#]]);
}

#[test]
fn a_character_is_the_same_whichever_stand_beside_it_and_each_hand_another() {
    let mut talk = Talk::new();
    let info = brush(&mut talk, BOTH_WAYS);
    let line = made(&mut talk, order(&info, 3, Way::To(0)), plain(3));
    let last = plain(3)[2 * VALUES..].to_vec();
    let alone = made(&mut talk, order(&info, 1, Way::To(0)), last.clone());
    let apart = |a: &[u8], b: &[u8]| a.iter().zip(b).map(|(a, b)| a.abs_diff(*b)).max();
    assert!(apart(&line[2 * VALUES..], &alone) <= Some(1));
    // All hands begin alike; what comes back goes through another net.
    let back = made(&mut talk, order(&info, 1, Way::Back), last);
    assert!(apart(&alone, &back) > Some(1));
}

#[test]
fn a_line_under_way_is_given_up() {
    let mut talk = Talk::new();
    let info = brush(&mut talk, BOTH_WAYS);
    let request = talk.send(order(&info, 9, Way::To(0)), vec![plain(9)]);
    talk.work(1);
    talk.send(Command::Cancel { request }, vec![]);
    talk.rest();
    talk.check(expect![[r#"
        #1 model brush: does not encode
        #2 working: 2 of 9
        #3 done
        #2 cancelled
    "#]]);
}

#[test]
fn what_cannot_be_redrawn_is_refused_in_plain_words() {
    let mut talk = Talk::new();
    let info = brush(&mut talk, Lesson::Pairs { distance: 10.0 });
    let mut refused = |count, way, pictures: Vec<u8>| {
        let failure = talk.fails(order(&info, count, way), vec![pictures]);
        assert!(!failure.hint().is_empty());
        failure.to_string()
    };
    let texts = [
        refused(0, Way::To(0), vec![]),
        refused(RedrawOrder::MOST + 1, Way::To(0), vec![]),
        refused(u32::MAX, Way::To(0), vec![]),
        refused(2, Way::To(0), plain(1)),
        refused(1, Way::To(2), plain(1)),
        refused(1, Way::Back, plain(1)),
    ];
    expect![[r#"
        count is out of range: 1 to 256 pictures are taken
        count is out of range: 1 to 256 pictures are taken
        count is out of range: 1 to 256 pictures are taken
        something broke inside Lampwork: pictures of 2304 bytes came in place of 4608
        way is out of range: it knows 2 hands
        brush cannot do this: it has learned the way there alone, not the way back"#]]
    .assert_eq(&texts.join("\n"));
    // Nothing is lost by it.
    let made = made(&mut talk, order(&info, 1, Way::To(1)), plain(1));
    assert_eq!(made.len(), VALUES);
}

#[test]
fn other_models_redraw_nothing_and_other_weights_are_named() {
    let mut talk = Talk::new();
    let (bytes, card) = trained(&recipes::enlarger(), "larger");
    let larger = talk.load(&bytes, Some(card));
    let failure = talk.fails(order(&larger, 1, Way::To(0)), vec![plain(1)]);
    assert!(matches!(failure, Failure::CannotDo { .. }), "{failure:?}");
    let info = brush(&mut talk, BOTH_WAYS);
    let other = ModelInfo {
        weights: [7; 8],
        ..info
    };
    let failure = talk.fails(order(&other, 1, Way::To(0)), vec![plain(1)]);
    assert!(matches!(failure, Failure::OtherWeights { .. }));
}

#[test]
fn a_tab_trains_no_such_nets_and_says_so() {
    let recipe = recipes::domains(BOTH_WAYS);
    assert!(matches!(recipe.model, ModelConfig::Domains(_)));
    let mut talk = Talk::with_data();
    let failure = talk.fails(Command::StartRun { recipe }, vec![]);
    assert!(!failure.hint().is_empty(), "{failure:?}");
}
