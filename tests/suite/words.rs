//! Pictures that are told words: what a visitor says, and what is refused.

use expect_test::expect;
use lampwork_protocol::{
    Command, DataSet, Event, Failure, Latent, ModelInfo, Recipe, Sampling, Shape, Sheet, Solver,
};
use lampwork_tests::{data, recipes};

use crate::talk::{Talk, pictures};

/// A studio that knows the squares and the words of their colours.
fn talk_of_squares() -> Talk {
    let mut talk = Talk::new();
    talk.ask(
        Command::LoadData {
            data: DataSet::Emoji,
        },
        vec![data::squares().to_bytes()],
    );
    talk.ask(Command::LoadWords, vec![data::words().to_bytes()]);
    talk
}

/// The model of a run of so many steps.
fn trained(talk: &mut Talk, steps: u32) -> ModelInfo {
    talk.command(Command::StartRun {
        recipe: recipes::painter(),
    });
    talk.command(Command::Step { steps });
    let answers = talk.command(Command::UseRun);
    match answers.into_iter().next_back() {
        Some((reply, _)) => match reply.event {
            Event::ModelLoaded(info) => info,
            other => panic!("{other:?}"),
        },
        None => panic!("no answer"),
    }
}

fn sheet(info: &ModelInfo, words: Option<&str>) -> Sheet {
    Sheet {
        model: info.card.name.clone(),
        weights: info.weights,
        seed: 3,
        class: Some(1),
        temperature: 1.0,
        words: words.map(str::to_owned),
        count: 2,
        sampling: None,
    }
}

#[test]
fn words_are_said_and_pictures_come_in_colour() {
    let mut talk = talk_of_squares();
    let info = trained(&mut talk, 3);
    let sheet = sheet(&info, Some("the red square"));
    talk.command(Command::Make {
        recipes: sheet.recipes(),
    });
    talk.ask(
        Command::FindNearest {
            data: DataSet::Emoji,
            count: 2,
        },
        vec![vec![200; Shape::COLOUR.values()]],
    );
    talk.check(expect![[r#"
        #1 data emoji: [16, 4, 4]
        #2 words: 5 in English, 4 in Chinese
        - filmstrip of 16 at step 0 [16x32x32x3]
        #3 run paused at step 0, epoch 0 of 2 steps
        #4 run playing at step 0, epoch 0 of 2 steps
        - filmstrip of 16 at step 1 [16x32x32x3]
        - steps 1..=2: loss leaps
        - run playing at step 2, epoch 1 of 2 steps
        - validated at step 2: loss
        - run playing at step 2, epoch 1 of 2 steps
        - filmstrip of 16 at step 2 [16x32x32x3]
        - steps 3: loss leaps
        - filmstrip of 16 at step 3 [16x32x32x3]
        - run paused at step 3, epoch 1 of 2 steps
        #5 model yours: does not encode
        #6 preview 0..2 at 1 of 4 [2x32x32x3]
        #6 preview 0..2 at 2 of 4 [2x32x32x3]
        #6 preview 0..2 at 3 of 4 [2x32x32x3]
        #6 pictures 0..2, done [2x32x32x3]
        #7 nearest: 2 among 16 [2x32x32x3]
    "#]]);
}

#[test]
fn other_words_make_another_picture_and_the_same_the_same() {
    let mut talk = talk_of_squares();
    let info = trained(&mut talk, 40);
    let mut make = |words: Option<&str>| {
        pictures(&talk.command(Command::Make {
            recipes: sheet(&info, words).recipes(),
        }))
    };
    let red = make(Some("red"));
    assert_eq!(red.len(), 2 * Shape::COLOUR.values());
    assert!(make(Some("red")) == red);
    assert!(make(Some("The 红 red!")) == red, "of one meaning");
    assert!(make(Some("green")) != red);
    assert!(make(None) != red);
}

#[test]
fn words_that_cannot_be_said_are_refused() {
    let mut talk = Talk::new();
    // Squares, but nobody has said yet what words mean.
    talk.ask(
        Command::LoadData {
            data: DataSet::Emoji,
        },
        vec![data::squares().to_bytes()],
    );
    talk.command(Command::StartRun {
        recipe: recipes::painter(),
    });
    let mut broken = data::words().to_bytes();
    let last = broken.len() - 1;
    broken[last] ^= 0x55;
    talk.ask(Command::LoadWords, vec![broken]);
    talk.ask(Command::LoadWords, vec![b"not a table".to_vec()]);
    talk.ask(Command::LoadWords, vec![data::words().to_bytes()]);
    let info = trained(&mut talk, 1);
    for words in ["xyzzy", "the", "  "] {
        talk.command(Command::Make {
            recipes: sheet(&info, Some(words)).recipes(),
        });
    }
    talk.check(expect![[r##"
        #1 data emoji: [16, 4, 4]
        #2 FAILED: the table of words is not loaded. Wait until the table of words is there, or reload the page.
        #3 FAILED: the table of words cannot be read: the list of words cannot be used: words is not UTF-8: invalid utf-8 sequence of 2 bytes from index 38; fetch the table anew, or make it with crates/words/make/table.py. Reload the page; if that does not help, the site's copy is damaged.
        #4 FAILED: the table of words cannot be read: not a safetensors file: header too large; fetch the table anew. Reload the page; if that does not help, the site's copy is damaged.
        #5 words: 5 in English, 4 in Chinese
        - filmstrip of 16 at step 0 [16x32x32x3]
        #6 run paused at step 0, epoch 0 of 2 steps
        #7 run playing at step 0, epoch 0 of 2 steps
        - steps 1: loss leaps
        - filmstrip of 16 at step 1 [16x32x32x3]
        - run paused at step 1, epoch 0 of 2 steps
        #8 model yours: does not encode
        #9 FAILED: no word of "xyzzy" is known. Say it in other words, in English or Chinese; the names of things do best.
        #10 FAILED: no word of "the" is known. Say it in other words, in English or Chinese; the names of things do best.
        #11 FAILED: this recipe cannot be read: its words have 1 to 400 bytes, not 2. Ask for the link again, whole, or use a PNG that was saved here.
    "##]]);
}

#[test]
fn a_model_without_words_or_leaps_says_so() {
    let mut talk = talk_of_squares();
    let info = trained(&mut talk, 1);
    let (bytes, card) = crate::talk::trained(&recipes::flow(), "plain");
    let plain = talk.load(&bytes, Some(card));
    let make = |info: &ModelInfo, sampling, words: Option<&str>| {
        let draw = Latent::Draw {
            seed: 1,
            index: 0,
            temperature: 1.0,
            class: Some(0),
        };
        let latent = match words {
            Some(words) => Latent::Worded {
                of: Box::new(draw),
                words: words.to_owned(),
            },
            None => draw,
        };
        Command::Make {
            recipes: vec![Recipe {
                model: info.card.name.clone(),
                weights: info.weights,
                latent,
                sampling,
                start: None,
            }],
        }
    };
    assert!(matches!(
        talk.fails(make(&plain, None, Some("red")), vec![]),
        Failure::BadRecipe { .. } | Failure::Internal { .. } | Failure::CannotDo { .. }
    ));
    let leaps = Some(Sampling::SHORTCUT);
    assert!(matches!(
        talk.fails(make(&plain, leaps, None), vec![]),
        Failure::CannotDo { .. }
    ));
    let three = Some(Sampling {
        steps: 3,
        ..Sampling::SHORTCUT
    });
    assert!(matches!(
        talk.fails(make(&info, three, None), vec![]),
        Failure::BadRecipe { .. }
    ));
    // And both ways of a net that has learned leaps, one of them with guidance.
    let ways = [
        Sampling {
            steps: 2,
            ..Sampling::SHORTCUT
        },
        Sampling {
            steps: 2,
            guidance: 2.0,
            solver: Solver::Euler,
        },
    ];
    for way in ways {
        let answers = talk.command(make(&info, Some(way), Some("green")));
        assert_eq!(pictures(&answers).len(), Shape::COLOUR.values());
    }
}
