//! Pictures of any size through a net from picture to picture.

use expect_test::expect;
use lampwork_models::Noise;
use lampwork_protocol::{
    Command, DataSet, Event, Failure, MeasureOrder, ModelConfig, ModelInfo, NetKind, Recipe, Sheet,
    Source, TranslateOrder,
};

use crate::talk::{Talk, trained};
use lampwork_tests::recipes;

/// A studio with a net that enlarges.
fn enlarger(talk: &mut Talk) -> ModelInfo {
    let (bytes, card) = trained(&recipes::enlarger(), "larger");
    talk.load(&bytes, Some(card))
}

fn order(info: &ModelInfo, [width, height]: [u32; 2], channels: u8, times: u8) -> Command {
    Command::Translate {
        order: TranslateOrder {
            model: info.card.name.clone(),
            weights: info.weights,
            width,
            height,
            channels,
            times,
            styles: vec![],
        },
    }
}

fn bytes([width, height]: [u32; 2], channels: u8) -> Vec<u8> {
    let count = width as usize * height as usize * usize::from(channels);
    let drawn = Noise::new(7, 0).uniform(count);
    drawn.iter().map(|value| (value * 255.0) as u8).collect()
}

/// The picture that was made.
fn made(talk: &mut Talk, command: Command, picture: Vec<u8>) -> ([u32; 2], Vec<u8>) {
    let mut answers = talk.ask(command, vec![picture]);
    let (reply, mut payload) = answers.pop().expect("an answer");
    match reply.event {
        Event::Translated { width, height, .. } => ([width, height], payload.remove(0)),
        other => panic!("no picture but {other:?}"),
    }
}

#[test]
fn a_large_picture_goes_through_in_pieces_and_says_how_far_it_is() {
    let mut talk = Talk::new();
    let info = enlarger(&mut talk);
    let picture = bytes([90, 70], 3);
    talk.ask(order(&info, [90, 70], 3, 1), vec![picture]);
    talk.check(expect![[r#"
        #1 model larger: does not encode
        #2 working: 1 of 4
        #2 working: 2 of 4
        #2 working: 3 of 4
        #2 translated: 180 x 140, 3 channels [75600 bytes]
    "#]]);
}

#[test]
fn the_same_order_of_the_same_bytes_gives_the_same_picture() {
    let mut talk = Talk::new();
    let info = enlarger(&mut talk);
    let size = [33, 20];
    let command = order(&info, size, 4, 2);
    let (large, first) = made(&mut talk, command.clone(), bytes(size, 4));
    assert_eq!(large, [132, 80]);
    let mut other = Talk::new();
    enlarger(&mut other);
    let (_, second) = made(&mut other, command, bytes(size, 4));
    assert_eq!(first, second);
    assert!(first.iter().any(|value| *value != first[0]));
}

#[test]
fn a_picture_under_way_is_given_up_and_pictures_that_are_asked_for_come_first() {
    let mut talk = Talk::new();
    let (bytes_of, card) = trained(&recipes::gan(NetKind::Mlp), "tiny");
    let tiny = talk.load(&bytes_of, Some(card));
    let info = enlarger(&mut talk);
    talk.check_nothing_failed();
    let size = [200, 200];
    let request = talk.send(order(&info, size, 3, 1), vec![bytes(size, 3)]);
    talk.work(2);
    let sheet = Sheet {
        model: "tiny".to_owned(),
        weights: tiny.weights,
        seed: 5,
        class: None,
        temperature: 1.0,
        count: 3,
        words: None,
        sampling: None,
    };
    talk.send(
        Command::Make {
            recipes: sheet.recipes(),
        },
        vec![],
    );
    talk.work(2);
    talk.send(Command::Cancel { request }, vec![]);
    talk.rest();
    talk.check(expect![[r#"
        #3 working: 1 of 25
        #3 working: 2 of 25
        #4 pictures 0..3, done [3x28x28]
        #3 working: 3 of 25
        #5 done
        #3 cancelled
    "#]]);
}

#[test]
fn what_cannot_be_sent_through_is_refused_in_plain_words() {
    let mut talk = Talk::new();
    let info = enlarger(&mut talk);
    let mut refused = |size: [u32; 2], channels: u8, times: u8, payload: Vec<u8>| {
        let failure = talk.fails(order(&info, size, channels, times), vec![payload]);
        assert!(!failure.hint().is_empty());
        failure.to_string()
    };
    let texts = [
        refused([0, 4], 3, 1, vec![]),
        refused([1025, 4], 3, 1, vec![]),
        refused([u32::MAX, u32::MAX], 4, 1, vec![]),
        refused([513, 4], 3, 2, vec![]),
        refused([4, 4], 2, 1, bytes([4, 4], 2)),
        refused([4, 4], 3, 0, bytes([4, 4], 3)),
        refused([4, 4], 3, 255, bytes([4, 4], 3)),
        refused([4, 4], 3, 1, bytes([4, 3], 3)),
        refused([4, 4], 3, 1, vec![]),
    ];
    expect![[r#"
        width is out of range: a side of 1 to 1024 pixels is taken
        width is out of range: a side of 1 to 1024 pixels is taken
        width is out of range: a side of 1 to 1024 pixels is taken
        width is out of range: a side of 1 to 512 pixels is taken
        channels is out of range: 1, 3 or 4 are taken
        times is out of range: it goes from 1 to 4
        times is out of range: it goes from 1 to 4
        something broke inside Lampwork: a picture of 36 bytes came in place of 48
        something broke inside Lampwork: a picture of 0 bytes came in place of 48"#]]
    .assert_eq(&texts.join("\n"));
    // Nothing is lost by it.
    let (large, _) = made(&mut talk, order(&info, [4, 4], 3, 1), bytes([4, 4], 3));
    assert_eq!(large, [8, 8]);
}

/// A studio with a net that restyles; what it has learned it has of its first style.
fn restyler(talk: &mut Talk) -> ModelInfo {
    let (bytes, card) = trained(&recipes::restyler(), "restyle");
    talk.load(&bytes, Some(card))
}

fn styled(info: &ModelInfo, size: [u32; 2], styles: &[f32]) -> Command {
    let Command::Translate { order } = order(info, size, 3, 1) else {
        unreachable!("it is an order");
    };
    Command::Translate {
        order: TranslateOrder {
            styles: styles.to_vec(),
            ..order
        },
    }
}

#[test]
fn a_picture_is_restyled_layer_by_layer_and_can_be_given_up_between_two() {
    let mut talk = Talk::new();
    let info = restyler(&mut talk);
    talk.check_nothing_failed();
    let size = [40, 24];
    let request = talk.send(styled(&info, size, &[0.0, 1.0, 0.0]), vec![bytes(size, 3)]);
    talk.work(3);
    talk.send(Command::Cancel { request }, vec![]);
    talk.rest();
    talk.send(styled(&info, size, &[0.0, 1.0, 0.0]), vec![bytes(size, 3)]);
    talk.rest();
    talk.check(expect![[r#"
        #2 working: 1104 of 5856
        #2 working: 1656 of 5856
        #2 working: 1968 of 5856
        #3 done
        #2 cancelled
        #4 working: 1104 of 5856
        #4 working: 1656 of 5856
        #4 working: 1968 of 5856
        #4 working: 2736 of 5856
        #4 working: 3504 of 5856
        #4 working: 4752 of 5856
        #4 translated: 40 x 24, 3 channels [2880 bytes]
    "#]]);
}

#[test]
fn a_blend_lies_between_its_styles_and_the_same_order_gives_the_same_picture() {
    let mut talk = Talk::new();
    let info = restyler(&mut talk);
    let size = [24, 40];
    let mut of = |styles: &[f32]| {
        let (large, values) = made(&mut talk, styled(&info, size, styles), bytes(size, 3));
        assert_eq!(large, size);
        values
    };
    let [first, second] = [of(&[1.0, 0.0, 0.0]), of(&[0.0, 1.0, 0.0])];
    let blend = of(&[0.5, 0.5, 0.0]);
    assert_eq!(blend, of(&[0.5, 0.5, 0.0]));
    assert_ne!(first, second);
    assert!(blend != first && blend != second);
    // The third was never shown, and neither was the second.
    assert_eq!(second, of(&[0.0, 0.0, 1.0]));
}

#[test]
fn weights_of_styles_that_do_not_fit_are_refused_and_nothing_is_lost() {
    let mut talk = Talk::new();
    let info = restyler(&mut talk);
    let size = [16, 16];
    let mut refused = |styles: &[f32]| {
        let failure = talk.fails(styled(&info, size, styles), vec![bytes(size, 3)]);
        assert!(!failure.hint().is_empty());
        failure.to_string()
    };
    let texts = [
        refused(&[]),
        refused(&[1.0, 0.0]),
        refused(&[0.5, 0.4, 0.0]),
        refused(&[2.0, -1.0, 0.0]),
        refused(&[f32::NAN, 1.0, 0.0]),
        refused(&[f32::INFINITY, 0.0, 0.0]),
    ];
    expect![[r#"
        styles is out of range: a weight for each of the 3 styles is taken
        styles is out of range: a weight for each of the 3 styles is taken
        styles is out of range: the weights must sum to 1
        styles is out of range: each weight goes from 0 to 1
        styles is out of range: each weight goes from 0 to 1
        styles is out of range: each weight goes from 0 to 1"#]]
    .assert_eq(&texts.join("\n"));
    let plain = enlarger(&mut talk);
    let failure = talk.fails(styled(&plain, [4, 4], &[1.0]), vec![bytes([4, 4], 3)]);
    assert!(failure.to_string().contains("has no styles"), "{failure}");
    made(
        &mut talk,
        styled(&info, size, &[0.2, 0.3, 0.5]),
        bytes(size, 3),
    );
}

#[test]
fn other_weights_and_other_nets_are_refused() {
    let mut talk = Talk::with_data();
    let info = enlarger(&mut talk);
    let mut other = info.clone();
    other.weights[0] ^= 1;
    let failure = talk.fails(order(&other, [4, 4], 3, 1), vec![bytes([4, 4], 3)]);
    assert!(matches!(failure, Failure::OtherWeights { .. }), "{failure}");
    let (file, card) = trained(&recipes::gan(NetKind::Mlp), "tiny");
    let tiny = talk.load(&file, Some(card));
    let failure = talk.fails(order(&tiny, [4, 4], 3, 1), vec![bytes([4, 4], 3)]);
    assert!(matches!(failure, Failure::CannotDo { .. }), "{failure}");
    let mut missing = info.clone();
    missing.card.name = "nobody".to_owned();
    let failure = talk.fails(order(&missing, [4, 4], 3, 1), vec![bytes([4, 4], 3)]);
    assert!(matches!(failure, Failure::NoModel { .. }), "{failure}");
    // And a net from picture to picture makes none of its own.
    let recipe = Recipe {
        model: "larger".to_owned(),
        weights: info.weights,
        latent: lampwork_protocol::Latent::Draw {
            seed: 1,
            index: 0,
            temperature: 1.0,
            class: None,
        },
        sampling: None,
        start: None,
    };
    let make = Command::Make {
        recipes: vec![recipe],
    };
    let failure = talk.fails(make, vec![]);
    assert!(matches!(failure, Failure::CannotDo { .. }), "{failure}");
    let measure = Command::Measure {
        order: MeasureOrder {
            model: "larger".to_owned(),
            weights: info.weights,
            count: 16,
            seed: 1,
            sampling: None,
        },
    };
    let failure = talk.fails(measure, vec![]);
    assert!(
        matches!(failure, Failure::CannotMeasure { .. }),
        "{failure}"
    );
}

#[test]
fn it_trains_in_the_studio_and_films_what_it_makes_of_held_out_pictures() {
    let mut talk = Talk::with_run(&recipes::enlarger());
    let steps = talk.command(Command::Step { steps: 5 });
    let film = steps.iter().find_map(|(reply, payload)| {
        matches!(reply.event, Event::Filmstrip { .. }).then(|| payload[0].len())
    });
    assert_eq!(film, Some(16 * 28 * 28));
    let measured = steps.iter().find_map(|(reply, _)| match &reply.event {
        Event::Validated { values, .. } => Some(values.clone()),
        _ => None,
    });
    let names: Vec<_> = measured
        .expect("an epoch of five steps ended")
        .into_iter()
        .map(|(name, _)| name)
        .collect();
    assert_eq!(names, ["loss", "psnr"]);
}

#[test]
fn several_data_sets_at_once_are_for_the_native_trainer() {
    let mut recipe = recipes::enlarger();
    let ModelConfig::Translate(config) = &mut recipe.model else {
        panic!("a net from picture to picture");
    };
    config.colour = true;
    config.piece = 32;
    config.sources = vec![Source {
        data: DataSet::Emoji,
        side: 64,
    }];
    recipe.data = DataSet::Emoji;
    let mut talk = Talk::new();
    let data = lampwork_tests::data::squares().to_bytes();
    talk.ask(
        Command::LoadData {
            data: DataSet::Emoji,
        },
        vec![data],
    );
    let failure = talk.fails(Command::StartRun { recipe }, vec![]);
    assert!(failure.to_string().contains("train"), "{failure}");
}
