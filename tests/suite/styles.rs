//! A style-based model: what is mixed and pushed, and what is found for a picture.

use expect_test::expect;
use lampwork_protocol::{
    Command, DataSet, Event, Failure, Latent, Level, ModelInfo, NetKind, Nudge, ProjectOrder,
    Recipe, Shape, Sheet,
};
use lampwork_tests::{data, recipes};

use crate::talk::{Talk, pictures};

/// A studio with a style-based model of the squares, hardly trained.
fn styled(steps: u32) -> (Talk, ModelInfo) {
    let mut talk = Talk::new();
    talk.ask(
        Command::LoadData {
            data: DataSet::Emoji,
        },
        vec![data::squares().to_bytes()],
    );
    talk.command(Command::StartRun {
        recipe: recipes::styler(),
    });
    talk.command(Command::Step { steps });
    let answers = talk.command(Command::UseRun);
    talk.check_nothing_failed();
    match answers
        .into_iter()
        .next_back()
        .map(|(reply, _)| reply.event)
    {
        Some(Event::ModelLoaded(info)) => (talk, info),
        other => panic!("{other:?}"),
    }
}

fn recipe(info: &ModelInfo, latent: Latent) -> Recipe {
    Recipe {
        model: info.card.name.clone(),
        weights: info.weights,
        latent,
        sampling: None,
        start: None,
    }
}

fn draw(index: u32) -> Latent {
    Latent::Draw {
        seed: 9,
        index,
        temperature: 1.0,
        class: None,
    }
}

fn order(info: &ModelInfo, steps: u16) -> Command {
    Command::Project {
        order: ProjectOrder {
            model: info.card.name.clone(),
            weights: info.weights,
            steps,
            grain: 0,
        },
    }
}

fn make(talk: &mut Talk, recipe: Recipe) -> Vec<u8> {
    let recipes = vec![recipe];
    pictures(&talk.command(Command::Make { recipes }))
}

#[test]
fn it_trains_by_sides_and_shows_its_pictures() {
    let mut talk = Talk::new();
    talk.ask(
        Command::LoadData {
            data: DataSet::Emoji,
        },
        vec![data::squares().to_bytes()],
    );
    talk.command(Command::StartRun {
        recipe: recipes::styler(),
    });
    talk.command(Command::Step { steps: 2 });
    let steps = talk.steps();
    assert_eq!(steps.last().map(|step| step.step), Some(2));
    let names: Vec<_> = steps[0]
        .values
        .iter()
        .map(|(name, _)| name.as_str())
        .collect();
    assert_eq!(names, ["d_loss", "d_real", "d_fake", "g_loss"]);
    assert!(talk.text().contains("filmstrip"), "{}", talk.text());
    talk.command(Command::StepSide {
        side: lampwork_protocol::Side::Discriminator,
        steps: 1,
    });
    talk.check_nothing_failed();
}

#[test]
fn pictures_are_mixed_and_pushed_by_recipe() {
    let (mut talk, info) = styled(2);
    let sheet = Sheet {
        model: info.card.name.clone(),
        weights: info.weights,
        seed: 9,
        class: None,
        temperature: 1.0,
        words: None,
        count: 2,
        sampling: None,
    };
    let drawn = pictures(&talk.command(Command::Make {
        recipes: sheet.recipes(),
    }));
    let (first, second) = drawn.split_at(Shape::COLOUR.values());
    assert_ne!(first, second);
    let crossed = |from| Latent::Crossed {
        coarse: Box::new(draw(0)),
        fine: Box::new(draw(1)),
        from,
    };
    assert_eq!(make(&mut talk, recipe(&info, crossed(7))), first);
    assert_ne!(make(&mut talk, recipe(&info, crossed(3))), first);
    // The directions of a model that was just trained lead nowhere.
    let pushed = |direction| Latent::Pushed {
        of: Box::new(draw(0)),
        nudges: vec![Nudge {
            direction,
            level: Level::All,
            amount: 2.0,
        }],
    };
    assert_eq!(make(&mut talk, recipe(&info, pushed(2))), first);
    talk.check_nothing_failed();
    let failure = talk.fails(
        Command::Make {
            recipes: vec![recipe(&info, pushed(3))],
        },
        vec![],
    );
    assert!(matches!(failure, Failure::BadRecipe { .. }), "{failure:?}");
}

#[test]
fn a_picture_of_its_own_is_found_again_and_the_way_is_shown() {
    let (mut talk, info) = styled(12);
    let target = make(&mut talk, recipe(&info, draw(3)));
    talk.check_nothing_failed();
    let answers = talk.ask(order(&info, 300), vec![target.clone()]);
    let Some(Event::Projected { latent, psnr }) =
        answers.last().map(|(reply, _)| reply.event.clone())
    else {
        panic!("nothing found: {}", talk.text());
    };
    let shown = answers.iter().filter(|(reply, payload)| {
        matches!(reply.event, Event::Preview { .. }) && payload[0].len() == Shape::COLOUR.values()
    });
    assert!(shown.count() >= 30);
    // What it says is what its recipe makes.
    let made = make(&mut talk, recipe(&info, latent.clone()));
    let squares = made
        .iter()
        .zip(&target)
        .map(|(&a, &b)| (f64::from(a) - f64::from(b)).powi(2));
    let error = squares.sum::<f64>() / made.len() as f64 / 255.0_f64.powi(2);
    let known = -10.0 * error.log10();
    assert!((known - f64::from(psnr)).abs() < 0.2, "{known} and {psnr}");
    // Nearer than the mean, as far as a net can be that has hardly learned.
    let mean = Latent::Styles {
        values: vec![0; 7 * 6],
        unit: 0.1,
        grain: 0,
    };
    let mean = make(&mut talk, recipe(&info, mean));
    let apart = |made: &[u8]| -> f64 {
        let pairs = made.iter().zip(&target);
        pairs
            .map(|(&a, &b)| (f64::from(a) - f64::from(b)).powi(2))
            .sum()
    };
    assert!(
        apart(&made) < 0.7 * apart(&mean),
        "{} of {}",
        apart(&made),
        apart(&mean)
    );
    // The same order finds the same.
    let again = talk.ask(order(&info, 300), vec![target]);
    assert_eq!(
        again.last().map(|(reply, _)| reply.event.clone()),
        Some(Event::Projected { latent, psnr })
    );
}

#[test]
fn a_search_is_given_up_and_pictures_that_are_asked_for_come_first() {
    let (mut talk, info) = styled(1);
    let request = talk.send(order(&info, 500), vec![vec![200; Shape::COLOUR.values()]]);
    talk.work(2);
    talk.send(
        Command::Make {
            recipes: vec![recipe(&info, draw(0))],
        },
        vec![],
    );
    talk.work(2);
    talk.send(Command::Cancel { request }, vec![]);
    talk.rest();
    talk.check(expect![[r#"
        #5 working: 1 of 508
        #5 working: 2 of 508
        #6 pictures 0..1, done [1x32x32x3]
        #5 working: 3 of 508
        #7 done
        #5 cancelled
    "#]]);
}

#[test]
fn what_cannot_be_looked_for_is_refused_in_plain_words() {
    let (mut talk, info) = styled(1);
    let picture = || vec![vec![0; Shape::COLOUR.values()]];
    assert!(matches!(
        talk.fails(order(&info, 0), picture()),
        Failure::BadKnob { .. }
    ));
    assert!(matches!(
        talk.fails(order(&info, 1001), picture()),
        Failure::BadKnob { .. }
    ));
    let mut other = info.clone();
    other.weights = [0; 8];
    assert!(matches!(
        talk.fails(order(&other, 10), picture()),
        Failure::OtherWeights { .. }
    ));
    other.card.name = "nobody".to_owned();
    assert!(matches!(
        talk.fails(order(&other, 10), picture()),
        Failure::NoModel { .. }
    ));
    talk.fails(order(&info, 10), vec![vec![0; 784]]);
    let (bytes, card) = crate::talk::trained(&recipes::gan(NetKind::Mlp), "tiny");
    let gan = talk.load(&bytes, Some(card));
    assert!(matches!(
        talk.fails(order(&gan, 10), picture()),
        Failure::CannotDo { .. }
    ));
}

/// What the shipped model drew itself it finds again, and what it never drew it comes
/// nearer to than its mean does.
#[test]
fn the_shipped_model_finds_a_face() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../static/");
    let file = |path: &str| std::fs::read(format!("{folder}{path}")).expect("a shipped file");
    let mut talk = Talk::new();
    let card = serde_json::from_slice(&file("models/style-faces/card.json")).expect("a card");
    let info = talk.load(&file("models/style-faces/weights.safetensors"), Some(card));
    assert!(info.card.directions.len() >= 12);
    let drawn = make(&mut talk, recipe(&info, draw(3)));
    let mut near = |target: Vec<u8>| {
        let steps = ProjectOrder::USUAL;
        let answers = talk.ask(order(&info, steps), vec![target]);
        match answers.last().map(|(reply, _)| reply.event.clone()) {
            Some(Event::Projected { psnr, .. }) => psnr,
            other => panic!("{other:?}"),
        }
    };
    let again = near(drawn);
    let packed =
        lampwork_datasets::Packed::read(DataSet::Faces, &file("datasets/faces.safetensors"));
    let real = packed.expect("a data set").test;
    let real: Vec<f32> = (0..4)
        .map(|at| near(real.picture(at * 7).to_vec()))
        .collect();
    assert!(again > 28.0, "{again}");
    assert!(real.iter().all(|psnr| *psnr > 16.0), "{real:?}");
}
