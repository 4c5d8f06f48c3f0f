//! Pictures that a flow begins with: redrawn, or filled in.

use expect_test::expect;
use lampwork_protocol::{Command, NetKind, PICTURE_PIXELS, Recipe, Sampling, Sheet, Solver, Start};

use crate::pictures::sheet;
use crate::talk::{Talk, pictures};
use lampwork_tests::recipes;

/// Neither plain nor symmetric.
fn drawing() -> Vec<u8> {
    (0..PICTURE_PIXELS).map(|at| (at * 7 % 256) as u8).collect()
}

/// The pixels from the third of the width on.
fn right() -> Vec<bool> {
    (0..PICTURE_PIXELS).map(|at| at % 28 >= 9).collect()
}

/// The sheet's recipes, begun with the drawing.
fn begun(sheet: &Sheet, strength: f32, mask: Option<&[bool]>) -> Vec<Recipe> {
    let start = Start {
        picture: drawing(),
        strength,
        mask: mask.map(Start::mask_of),
    };
    let recipes = sheet.recipes().into_iter();
    let begun = recipes.map(|recipe| Recipe {
        sampling: Some(Sampling {
            steps: 5,
            ..Sampling::default()
        }),
        start: Some(start.clone()),
        ..recipe
    });
    begun.collect()
}

fn make(talk: &mut Talk, recipes: Vec<Recipe>) -> Vec<u8> {
    pictures(&talk.command(Command::Make { recipes }))
}

fn flow(count: u32) -> (Talk, Sheet) {
    let mut talk = Talk::new();
    let sheet = sheet(&mut talk, "tiny", &recipes::flow(), count);
    (talk, sheet)
}

#[test]
fn what_is_not_marked_stays_to_the_bit_and_what_is_follows_the_seed() {
    let (mut talk, sheet) = flow(4);
    let mask = right();
    for strength in [1.0, 0.4] {
        let made = make(&mut talk, begun(&sheet, strength, Some(&mask)));
        let each: Vec<&[u8]> = made.chunks_exact(PICTURE_PIXELS).collect();
        assert_eq!(each.len(), 4);
        for picture in &each {
            for (at, (&now, before)) in picture.iter().zip(drawing()).enumerate() {
                assert!(
                    mask[at] || now == before,
                    "pixel {at}: {before} became {now}"
                );
            }
            assert_ne!(*picture, drawing(), "the hole was left as it was");
        }
        assert_ne!(each[0], each[1], "two seeds made the same");
    }
}

#[test]
fn no_strength_gives_the_picture_back_and_more_leads_further_from_it() {
    let (mut talk, sheet) = flow(1);
    for mask in [None, Some(right())] {
        let made = make(&mut talk, begun(&sheet, 0.0, mask.as_deref()));
        assert_eq!(made, drawing());
    }
    let mut far = |strength| {
        let made = make(&mut talk, begun(&sheet, strength, None));
        let apart = made
            .iter()
            .zip(drawing())
            .map(|(&a, b)| u32::from(a.abs_diff(b)));
        apart.sum::<u32>()
    };
    let (little, half, all) = (far(0.1), far(0.5), far(1.0));
    assert!(
        0 < little && little < half && half < all,
        "{little} {half} {all}"
    );
    // At the end nothing of it is left: it is what comes out of noise alone.
    let made = make(&mut talk, begun(&sheet, 1.0, None));
    let noise = begun(&sheet, 1.0, None).into_iter();
    let noise = noise.map(|recipe| Recipe {
        start: None,
        ..recipe
    });
    assert_eq!(made, make(&mut talk, noise.collect()));
}

#[test]
fn the_same_recipe_gives_the_same_picture_alone_and_beside_others() {
    let (mut talk, sheet) = flow(3);
    for mask in [None, Some(right())] {
        let recipes = begun(&sheet, 0.7, mask.as_deref());
        let together = make(&mut talk, recipes.clone());
        for (recipe, beside) in recipes
            .into_iter()
            .zip(together.chunks_exact(PICTURE_PIXELS))
        {
            let alone = make(&mut talk, vec![recipe]);
            let apart = alone.iter().zip(beside).map(|(&a, &b)| a.abs_diff(b)).max();
            // Sums of a batch may round otherwise.
            assert!(apart <= Some(1), "{apart:?}");
        }
    }
    // And through its link.
    let recipe = begun(&sheet, 0.7, Some(&right())).remove(0);
    let text = lampwork_protocol::link::encode(&recipe);
    let read = lampwork_protocol::link::decode(&text).expect("its own link");
    assert_eq!(make(&mut talk, vec![read]), make(&mut talk, vec![recipe]));
}

#[test]
fn a_fill_is_cancelled_half_way() {
    let (mut talk, sheet) = flow(2);
    let recipes = begun(&sheet, 1.0, Some(&right()));
    let request = talk.send(Command::Make { recipes }, vec![]);
    talk.work(2);
    talk.send(Command::Cancel { request }, vec![]);
    talk.rest();
    talk.check(expect![[r#"
        #1 model tiny: does not encode
        #2 preview 0..2 at 1 of 5 [2x28x28]
        #2 preview 0..2 at 2 of 5 [2x28x28]
        #3 done
        #2 cancelled
    "#]]);
}

#[test]
fn bad_starts_are_refused() {
    let (mut talk, flow) = flow(1);
    let gan = sheet(&mut talk, "gan", &recipes::gan(NetKind::Mlp), 1);
    let good = begun(&flow, 0.5, Some(&right())).remove(0);
    let with = |change: fn(&mut Start)| {
        let mut start = good.start.clone().expect("a start");
        change(&mut start);
        Recipe {
            start: Some(start),
            ..good.clone()
        }
    };
    let mut ask = |recipes: Vec<Recipe>| talk.command(Command::Make { recipes });
    ask(vec![with(|start| start.strength = f32::NAN)]);
    ask(vec![with(|start| start.strength = 1.5)]);
    ask(vec![with(|start| {
        start.picture.pop();
    })]);
    // A sound picture, and another size than the model's.
    ask(vec![with(|start| {
        start.picture = vec![0; 3072];
        start.mask = None;
    })]);
    ask(vec![with(|start| start.mask = Some(vec![0; 3]))]);
    ask(vec![Recipe {
        sampling: Some(Sampling {
            solver: Solver::Shortcut,
            ..Sampling::SHORTCUT
        }),
        ..good.clone()
    }]);
    ask(begun(&gan, 0.5, None));
    // Side by side they must be as far along.
    ask(vec![good.clone(), with(|start| start.strength = 0.6)]);
    ask(vec![
        good.clone(),
        Recipe {
            start: None,
            ..good.clone()
        },
    ]);
    // And the studio still works.
    ask(vec![good.clone()]);
    talk.check(expect![[r#"
        #1 model tiny: does not encode
        #2 model gan: does not encode
        #3 FAILED: this recipe cannot be read: its strength is NaN, and goes from 0 to 1. Ask for the link again, whole, or use a PNG that was saved here.
        #4 FAILED: this recipe cannot be read: its strength is 1.5, and goes from 0 to 1. Ask for the link again, whole, or use a PNG that was saved here.
        #5 FAILED: this recipe cannot be read: the picture that it begins with has 783 values, which is no size of a picture. Ask for the link again, whole, or use a PNG that was saved here.
        #6 FAILED: this recipe cannot be read: it begins with a picture of 3072 values, and those of this model have 784. Ask for the link again, whole, or use a PNG that was saved here.
        #7 FAILED: this recipe cannot be read: its mask has 3 bytes, and its picture takes 98. Ask for the link again, whole, or use a PNG that was saved here.
        #8 FAILED: tiny cannot do this: it has learned no leaps. Choose another model.
        #9 FAILED: gan cannot do this: only a flow begins with a picture. Choose another model.
        #10 FAILED: this recipe cannot be read: the pictures of a sheet are made in one way. Ask for the link again, whole, or use a PNG that was saved here.
        #11 FAILED: this recipe cannot be read: the pictures of a sheet are made in one way. Ask for the link again, whole, or use a PNG that was saved here.
        #12 preview 0..1 at 1 of 3 [1x28x28]
        #12 preview 0..1 at 2 of 3 [1x28x28]
        #12 pictures 0..1, done [1x28x28]
    "#]]);
}
