//! Every clip survives its link, and nothing else passes for one.

use proptest::prelude::*;

use super::tests::{forged, latent, sampling};
use super::*;
use crate::{Course, Easing, Ends, Motion};

fn course() -> impl Strategy<Value = Course> {
    let easing = prop::sample::select(Easing::ALL.to_vec());
    let keys = prop::collection::vec(latent(), 1..=Motion::MAX_KEYS);
    prop_oneof![
        (keys, 2..=Motion::MAX_FRAMES, easing).prop_map(|(keys, frames, easing)| Course::Walk {
            keys,
            frames,
            easing
        }),
        latent().prop_map(|of| Course::Path { of }),
    ]
}

fn motion() -> impl Strategy<Value = Motion> {
    (
        "[a-z0-9-]{1,64}",
        any::<[u8; 8]>(),
        sampling(),
        course(),
        prop_oneof![Just(Ends::Loop), Just(Ends::Back)],
        1..=Motion::MAX_FPS,
    )
        .prop_map(|(model, weights, sampling, course, ends, fps)| Motion {
            model,
            weights,
            sampling,
            course,
            ends,
            fps,
        })
        // What is too long for a link is refused by its length.
        .prop_filter("too long", |motion| {
            encode_motion(motion).len() <= MAX_LENGTH
        })
}

proptest! {
    #[test]
    fn a_motion_survives_its_link(motion in motion()) {
        let text = encode_motion(&motion);
        prop_assert!(text.bytes().all(|letter| letter.is_ascii_alphanumeric() || b"-_".contains(&letter)));
        prop_assert!(decode(&text).is_err() && decode_sheet(&text).is_err() && decode_grid(&text).is_err());
        prop_assert_eq!(decode_any(&text), Ok(Content::Motion(motion.clone())));
        prop_assert_eq!(decode_motion(&text), Ok(motion));
    }

    #[test]
    fn a_changed_good_motion_is_refused_or_harmless(motion in motion(), at: prop::sample::Index, flip in 1_u8..) {
        let mut payload = URL_SAFE_NO_PAD.decode(encode_motion(&motion)).unwrap();
        payload.truncate(payload.len() - 4);
        let at = at.index(payload.len());
        payload[at] ^= flip;
        let text = forged(&payload);
        if let Ok(read) = decode_motion(&text) {
            prop_assert_eq!(check_motion(&read), Ok(()));
            prop_assert_eq!(encode_motion(&read), text);
        }
    }

    #[test]
    fn a_cut_motion_is_refused(motion in motion(), cut: prop::sample::Index) {
        let text = encode_motion(&motion);
        prop_assert!(decode_any(&text[..cut.index(text.len())]).is_err());
    }
}

fn key(seed: u64) -> Latent {
    Latent::Draw {
        seed,
        index: 0,
        temperature: 1.0,
        class: Some(9),
    }
}

fn walk(keys: Vec<Latent>, frames: u16, fps: u8) -> Motion {
    Motion {
        model: "gan-fashion".to_owned(),
        weights: [0, 1, 2, 3, 4, 5, 6, 7],
        sampling: None,
        course: Course::Walk {
            keys,
            frames,
            easing: Easing::Hold,
        },
        ends: Ends::Back,
        fps,
    }
}

#[test]
fn limits_of_a_motion_are_kept() {
    let keys = || vec![key(1), key(2)];
    let deep = (0..11).fold(key(1), |of, _| Latent::Near {
        of: Box::new(of),
        seed: 1,
        index: 0,
        amount: 0.5,
    });
    let mut named = walk(keys(), 9, 9);
    named.model = "A".to_owned();
    for (motion, expected) in [
        (walk(vec![], 9, 9), "not 0"),
        (walk(vec![key(1); 13], 9, 9), "not 13"),
        (walk(keys(), 1, 9), "2 to 360 frames, not 1"),
        (walk(keys(), 361, 9), "2 to 360 frames, not 361"),
        (walk(keys(), 9, 0), "1 to 50 frames a second, not 0"),
        (walk(keys(), 9, 51), "1 to 50 frames a second, not 51"),
        // A blend of two of them would nest too deep.
        (walk(vec![deep], 9, 9), "deep"),
        (named, "name"),
    ] {
        let Err(Failure::BadRecipe { reason }) = decode_motion(&encode_motion(&motion)) else {
            panic!("{motion:?} was read");
        };
        assert!(reason.contains(expected), "{reason:?} lacks {expected:?}");
    }
}

/// Every still of a clip that may be read is a recipe that may be made.
#[test]
fn the_stills_of_the_deepest_walk_keep_the_limits() {
    let deep = |seed| {
        (0..10).fold(key(seed), |of, _| Latent::Near {
            of: Box::new(of),
            seed: 1,
            index: 0,
            amount: 0.5,
        })
    };
    let motion = walk(vec![deep(1), deep(2)], 9, 9);
    assert_eq!(check_motion(&motion), Ok(()));
    for still in motion.reel().stills {
        let crate::Still::Point(latent) = still else {
            panic!("a walk has points");
        };
        assert_eq!(check(&motion.recipe(latent)), Ok(()));
    }
}

/// Links in the wild must be read for ever: these texts must never change.
#[test]
fn known_motions_are_read() {
    let path = Motion {
        sampling: Some(Sampling::default()),
        course: Course::Path { of: key(3) },
        ends: Ends::Loop,
        ..walk(vec![], 0, 4)
    };
    for (motion, text) in [
        (
            walk(vec![key(1), key(2)], 300, 24),
            "ASALZ2FuLWZhc2hpb24AAQIDBAUGBxgBAKwCAgKgAQAAAIA_oAIAAACAP_JUtB0",
        ),
        (
            path,
            "ASILZ2FuLWZhc2hpb24AAQIDBAUGBwoAAMA_AQQAAaADAAAAgD_6fqf1",
        ),
    ] {
        assert_eq!(encode_motion(&motion), text);
        assert_eq!(decode_motion(text), Ok(motion));
    }
}
