//! Every recipe survives its link, and nothing else passes for one.

use proptest::prelude::*;

use super::*;

pub(super) fn latent() -> impl Strategy<Value = Latent> {
    let class = || prop::option::of(0_u8..10);
    let leaf = prop_oneof![
        (any::<u64>(), any::<u32>(), 0.0_f32..=2.0, class()).prop_map(
            |(seed, index, temperature, class)| Latent::Draw {
                seed,
                index,
                temperature,
                class
            }
        ),
        (prop::collection::vec(-1e4_f32..=1e4, 1..40), class())
            .prop_map(|(z, class)| Latent::At { z, class }),
        (
            any::<u64>(),
            0.0_f32..=1.0,
            prop::collection::vec(any::<[i8; 7]>(), 1..9)
        )
            .prop_map(|(grain, unit, rows)| Latent::Styles {
                values: rows.concat(),
                unit,
                grain
            }),
    ];
    leaf.prop_recursive(5, 24, 3, |inner| {
        let inner = inner.prop_map(Box::new);
        prop_oneof![
            (inner.clone(), inner.clone(), 0.0_f32..=1.0).prop_map(|(a, b, t)| Latent::Blend {
                a,
                b,
                t
            }),
            (inner.clone(), inner.clone(), inner.clone())
                .prop_map(|(a, minus, plus)| Latent::Arithmetic { a, minus, plus }),
            (inner.clone(), words()).prop_map(|(of, words)| Latent::Worded { of, words }),
            (inner.clone(), prop::collection::vec(nudge(), 1..5))
                .prop_map(|(of, nudges)| Latent::Pushed { of, nudges }),
            (inner.clone(), inner.clone(), 0_u8..=7)
                .prop_map(|(coarse, fine, from)| { Latent::Crossed { coarse, fine, from } }),
            (inner, any::<u64>(), any::<u32>(), 0.0_f32..=1.0).prop_map(
                |(of, seed, index, amount)| Latent::Near {
                    of,
                    seed,
                    index,
                    amount
                }
            ),
        ]
    })
}

fn nudge() -> impl Strategy<Value = crate::Nudge> {
    let level = prop::sample::select(crate::Level::ALL.to_vec());
    (0_u8..64, level, -8.0_f32..=8.0).prop_map(|(direction, level, amount)| crate::Nudge {
        direction,
        level,
        amount,
    })
}

fn words() -> impl Strategy<Value = String> {
    "[a-z猫龍 ]{0,20}[a-z]".prop_map(|words| words.trim().to_owned())
}

pub(super) fn sampling() -> impl Strategy<Value = Option<Sampling>> {
    let solver = prop_oneof![Just(Solver::Euler), Just(Solver::Heun)];
    let steps =
        (1_u16..=200, 0.0_f32..=20.0, solver).prop_map(|(steps, guidance, solver)| Sampling {
            steps,
            guidance,
            solver,
        });
    let leaps = (0_u32..4).prop_map(|halvings| Sampling {
        steps: 1 << halvings,
        ..Sampling::SHORTCUT
    });
    prop::option::of(prop_oneof![3 => steps, 1 => leaps])
}

fn recipe() -> impl Strategy<Value = Recipe> {
    (
        "[a-z0-9-]{1,64}",
        any::<[u8; 8]>(),
        latent(),
        sampling(),
        start(),
    )
        .prop_map(|(model, weights, latent, sampling, start)| Recipe {
            model,
            weights,
            latent,
            start: start
                .filter(|_| sampling.is_none_or(|sampling| sampling.solver != Solver::Shortcut)),
            sampling,
        })
}

/// Mostly none; flat, noisy, grey and coloured ones.
fn start() -> impl Strategy<Value = Option<Start>> {
    let of = |shape: Shape| {
        let value = prop_oneof![Just(0_u8), Just(255), any::<u8>()];
        let mask = prop::collection::vec(any::<u8>(), Start::mask_bytes(shape));
        (
            prop::collection::vec(value, shape.values()),
            0.0_f32..=1.0,
            prop::option::of(mask),
        )
            .prop_map(|(picture, strength, mask)| Start {
                picture,
                strength,
                mask,
            })
    };
    prop::option::weighted(0.3, prop_oneof![of(Shape::GREY), of(Shape::COLOUR)])
}

pub(super) fn sheet() -> impl Strategy<Value = Sheet> {
    (
        "[a-z0-9-]{1,64}",
        any::<[u8; 8]>(),
        any::<u64>(),
        prop::option::of(0_u8..10),
        0.0_f32..=2.0,
        1_u32..=1024,
        prop::option::of(words()),
        sampling(),
    )
        .prop_map(
            |(model, weights, seed, class, temperature, count, words, sampling)| Sheet {
                model,
                weights,
                seed,
                class,
                temperature,
                count,
                words,
                sampling,
            },
        )
}

/// Any payload under the checksum that belongs to it: what a forger would write.
pub(super) fn forged(payload: &[u8]) -> String {
    let mut writer = Writer::new();
    writer.bytes(payload);
    seal(writer)
}

proptest! {
    #[test]
    fn a_recipe_survives_its_link(recipe in recipe()) {
        let text = encode(&recipe);
        prop_assert!(text.bytes().all(|letter| letter.is_ascii_alphanumeric() || b"-_".contains(&letter)));
        prop_assert_eq!(decode(&text), Ok(recipe));
    }

    #[test]
    fn a_sheet_survives_its_link(sheet in sheet()) {
        prop_assert_eq!(decode_sheet(&encode_sheet(&sheet)), Ok(sheet));
    }

    #[test]
    fn arbitrary_text_is_refused(text in "\\PC{0,200}") {
        prop_assert!(decode(&text).is_err());
        prop_assert!(decode_any(&text).is_err());
        prop_assert!(decode_sheet(&text).is_err());
    }

    /// With the right checksum, arbitrary bytes are refused or keep all limits,
    /// and a recipe has only one text.
    #[test]
    fn forged_bytes_are_refused_or_harmless(mut payload in prop::collection::vec(any::<u8>(), 0..200)) {
        payload.splice(0..0, [VERSION, RECIPE, 1, b'm', 0, 0, 0, 0, 0, 0, 0, 0]);
        let text = forged(&payload);
        if let Ok(recipe) = decode(&text) {
            prop_assert_eq!(check(&recipe), Ok(()));
            prop_assert_eq!(encode(&recipe), text);
        }
    }

    #[test]
    fn a_changed_good_payload_is_refused_or_harmless(recipe in recipe(), at: prop::sample::Index, flip in 1_u8..) {
        let mut payload = URL_SAFE_NO_PAD.decode(encode(&recipe)).unwrap();
        payload.truncate(payload.len() - 4);
        let at = at.index(payload.len());
        payload[at] ^= flip;
        let text = forged(&payload);
        if let Ok(read) = decode(&text) {
            prop_assert_eq!(check(&read), Ok(()));
            prop_assert_eq!(encode(&read), text);
        }
    }

    #[test]
    fn a_cut_is_refused(recipe in recipe(), cut: prop::sample::Index) {
        let text = encode(&recipe);
        prop_assert!(decode(&text[..cut.index(text.len())]).is_err());
    }

    #[test]
    fn a_changed_letter_is_refused(recipe in recipe(), at: prop::sample::Index, letter in 0_u8..128) {
        let text = encode(&recipe);
        let at = at.index(text.len());
        prop_assume!(text.as_bytes()[at] != letter);
        let changed = format!("{}{}{}", &text[..at], char::from(letter), &text[at + 1..]);
        prop_assert!(decode(&changed).is_err());
    }
}

fn draw(temperature: f32, class: Option<u8>) -> Latent {
    Latent::Draw {
        seed: 7,
        index: 3,
        temperature,
        class,
    }
}

fn of(model: &str, latent: Latent) -> Recipe {
    Recipe {
        model: model.to_owned(),
        weights: [0, 1, 2, 3, 4, 5, 6, 7],
        latent,
        sampling: None,
        start: None,
    }
}

/// A picture of a flow, made so.
fn made(steps: u16, guidance: f32) -> Recipe {
    Recipe {
        sampling: Some(Sampling {
            steps,
            guidance,
            solver: Solver::Euler,
        }),
        ..of("m", draw(1.0, None))
    }
}

fn at(z: Vec<f32>) -> Latent {
    Latent::At { z, class: None }
}

fn nested(depth: usize) -> Latent {
    (1..depth).fold(draw(1.0, None), |of, _| Latent::Near {
        of: Box::new(of),
        seed: 0,
        index: 0,
        amount: 0.5,
    })
}

fn blend(t: f32) -> Latent {
    Latent::Blend {
        a: Box::new(draw(1.0, None)),
        b: Box::new(draw(0.0, Some(9))),
        t,
    }
}

/// Links in the wild must be read for ever: these texts must never change.
#[test]
fn known_links_are_read() {
    for (recipe, text) in [
        (
            of("gan-fashion", draw(1.0, Some(9))),
            "AQALZ2FuLWZhc2hpb24AAQIDBAUGB6AHAwAAgD_WXLhP",
        ),
        (
            of("map-digits", at(vec![0.5, -1.25])),
            "AQAKbWFwLWRpZ2l0cwABAgMEBQYHAQIAAAA_AACgv_jxjUA",
        ),
        (
            of("vae-fashion", blend(0.5)),
            "AQALdmFlLWZhc2hpb24AAQIDBAUGBwIABwMAAIA_oAcDAAAAAAAAAD97AKiA",
        ),
    ] {
        assert_eq!(encode(&recipe), text);
        assert_eq!(decode(text), Ok(recipe));
    }
}

#[test]
fn every_cut_and_every_changed_letter_is_refused() {
    let text = encode(&of("vae-digits", blend(0.25)));
    for at in 0..text.len() {
        assert!(decode(&text[..at]).is_err());
        for letter in (0..128).map(char::from) {
            let changed = format!("{}{letter}{}", &text[..at], &text[at + 1..]);
            assert!(changed == text || decode(&changed).is_err(), "{changed:?}");
        }
    }
    assert!(decode(&format!("{text}A")).is_err());
}

#[test]
fn limits_are_kept() {
    for (recipe, expected) in [
        (of("", draw(1.0, None)), "name"),
        (of(&"m".repeat(65), draw(1.0, None)), "name"),
        (of(&"m".repeat(300), draw(1.0, None)), "name"),
        (of("../models", draw(1.0, None)), "name"),
        (of("Gan", draw(1.0, None)), "name"),
        (of("m", draw(1.0, Some(10))), "classes go from 0 to 9"),
        (of("m", draw(1.0, Some(255))), "classes go from 0 to 9"),
        (of("m", draw(2.5, None)), "temperature is 2.5"),
        (of("m", draw(-0.5, None)), "temperature is -0.5"),
        (of("m", draw(f32::NAN, None)), "temperature is NaN"),
        (of("m", draw(f32::INFINITY, None)), "temperature is inf"),
        (of("m", blend(1.5)), "blend is 1.5"),
        (of("m", at(vec![])), "not 0"),
        (of("m", at(vec![0.0; 257])), "not 257"),
        (
            of("m", at(vec![1.0, f32::NEG_INFINITY])),
            "coordinate is -inf",
        ),
        (of("m", at(vec![2e4])), "coordinate is 20000"),
        (made(0, 1.0), "1 to 200 steps, not 0"),
        (made(201, 1.0), "1 to 200 steps, not 201"),
        (made(10, -0.5), "guidance is -0.5"),
        (made(10, 21.0), "guidance is 21"),
        (made(10, f32::NAN), "guidance is NaN"),
        (of("m", nested(13)), "nests more than 12 deep"),
        (of("m", nested(400)), "nests more than 12 deep"),
        (
            of(
                "m",
                (0..30).fold(at(vec![0.0; 256]), |a, _| Latent::Blend {
                    a: Box::new(at(vec![0.0; 256])),
                    b: Box::new(a),
                    t: 0.0,
                }),
            ),
            "too long",
        ),
    ] {
        let Err(Failure::BadRecipe { reason }) = decode(&encode(&recipe)) else {
            panic!("{recipe:?} was read");
        };
        assert!(reason.contains(expected), "{reason:?} lacks {expected:?}");
    }
    for latent in [
        nested(12),
        at(vec![0.0; 256]),
        draw(2.0, Some(9)),
        draw(-0.0, None),
    ] {
        let recipe = of("m", latent);
        assert_eq!(decode(&encode(&recipe)), Ok(recipe));
    }
}

#[test]
fn limits_of_a_sheet_are_kept() {
    let good = Sheet {
        model: "m".to_owned(),
        weights: [0; 8],
        seed: u64::MAX,
        class: Some(9),
        temperature: 0.0,
        count: 1024,
        words: None,
        sampling: None,
    };
    assert_eq!(decode_sheet(&encode_sheet(&good)), Ok(good.clone()));
    for (sheet, expected) in [
        (
            Sheet {
                count: 0,
                ..good.clone()
            },
            "not 0",
        ),
        (
            Sheet {
                count: 1025,
                ..good.clone()
            },
            "not 1025",
        ),
        (
            Sheet {
                class: Some(10),
                ..good.clone()
            },
            "classes",
        ),
        (
            Sheet {
                temperature: f32::NAN,
                ..good.clone()
            },
            "NaN",
        ),
        (
            Sheet {
                model: "a b".to_owned(),
                ..good
            },
            "name",
        ),
    ] {
        let Err(Failure::BadRecipe { reason }) = decode_sheet(&encode_sheet(&sheet)) else {
            panic!("{sheet:?} was read");
        };
        assert!(reason.contains(expected), "{reason:?} lacks {expected:?}");
    }
}

#[test]
fn what_a_forger_may_try() {
    let head = [VERSION, RECIPE, 1, b'm', 0, 0, 0, 0, 0, 0, 0, 0];
    let with = |tail: &[u8]| [&head[..], tail].concat();
    for (payload, expected) in [
        (vec![], "missing or changed"),
        (vec![VERSION], "missing or changed"),
        (vec![0, RECIPE], "no version 0"),
        (vec![VERSION, 9], "no known kind"),
        (vec![VERSION, SHEET], "of a sheet"),
        (vec![VERSION, RECIPE], "ends too early"),
        (vec![VERSION, RECIPE, 1, 255], "not text"),
        (with(&[]), "ends too early"),
        (with(&[STYLES + 1]), "unknown kind"),
        (with(&[STYLES | 0x10]), "unknown kind"),
        // Styles, and pushes, of which none is there.
        (with(&[STYLES, 0, 0, 0, 0, 0, 255, 255, 3]), "not 65535"),
        (
            with(&[PUSHED, DRAW, 0, 0, 0, 0, 0, 0, 255, 255, 3]),
            "not 65535",
        ),
        (with(&[CROSSED; 10_000]), "nests more than 12 deep"),
        (with(&[WORDED, 2, b'h', b'i']), "ends too early"),
        (with(&[WORDED, 1, 255, DRAW]), "not text"),
        (with(&[WORDED | 0x10]), "unknown kind"),
        (with(&[WORDED, 1]), "ends too early"),
        (vec![VERSION, GRID], "of a grid"),
        (with(&[BLEND | 0x10]), "unknown kind"),
        (with(&[DRAW, 128, 0]), "shortest form"),
        (with(&[DRAW, 0, 0, 0, 0, 0, 0, 0]), "follows after its end"),
        // A point of four milliard coordinates, of which none is there.
        (with(&[AT, 255, 255, 255, 255, 15]), "not 4294967295"),
        (with(&[NEAR; 10_000]), "nests more than 12 deep"),
        (with(&[ARITHMETIC; 10_000]), "nests more than 12 deep"),
    ] {
        let Err(Failure::BadRecipe { reason }) = decode(&forged(&payload)) else {
            panic!("{payload:?} was read");
        };
        assert!(reason.contains(expected), "{reason:?} lacks {expected:?}");
    }
}

#[test]
fn a_link_of_a_later_version_is_told_from_damage() {
    let later = forged(&[VERSION + 1, 77, 1, 2, 3]);
    assert_eq!(
        decode(&later),
        Err(Failure::NewerRecipe {
            found: u32::from(VERSION) + 1,
            known: u32::from(VERSION)
        })
    );
    let damaged = format!("{}A", &later[..later.len() - 1]);
    assert_ne!(damaged, later);
    assert!(matches!(decode(&damaged), Err(Failure::BadRecipe { .. })));
}

#[test]
fn a_sheet_is_not_taken_for_a_picture() {
    let recipe = of("m", draw(1.0, None));
    let Err(Failure::BadRecipe { reason }) = decode_sheet(&encode(&recipe)) else {
        panic!("a recipe was read as a sheet");
    };
    assert!(reason.contains("one picture, not of a sheet"));
}

/// What [`known_links_are_read`] says of recipes holds for those that begin with a
/// picture.
#[test]
fn a_known_link_that_begins_with_a_picture_is_read() {
    let started = |start| Recipe {
        start: Some(start),
        ..made(10, 1.5)
    };
    let pixels = (0..784).map(|at| if at % 28 < 14 { 0 } else { 200 });
    let mask: Vec<bool> = (0..784).map(|at| at / 28 > 20).collect();
    let recipe = started(Start {
        picture: pixels.collect(),
        strength: 0.5,
        mask: Some(Start::mask_of(&mask)),
    });
    let text = encode(&recipe);
    assert_eq!(decode(&text), Ok(recipe.clone()));
    assert_eq!(
        text,
        "AUIBbQABAgMEBQYHCgAAwD8AAAcDAACAPwAAAD8CCgCcSk_oTZaIbAA5M7Jh"
    );
    for (broken, expected) in [
        (
            Start {
                picture: vec![0; 783],
                strength: 0.5,
                mask: None,
            },
            "damaged",
        ),
        (
            Start {
                picture: vec![0; 784],
                strength: 1.5,
                mask: None,
            },
            "strength is 1.5",
        ),
        (
            Start {
                picture: vec![0; 784],
                strength: f32::NAN,
                mask: None,
            },
            "strength is NaN",
        ),
        (
            Start {
                picture: vec![0; 784],
                strength: 0.5,
                mask: Some(vec![0; 97]),
            },
            "damaged",
        ),
    ] {
        let broken = started(broken);
        assert!(check(&broken).is_err());
        let Err(Failure::BadRecipe { reason }) = decode(&encode(&broken)) else {
            panic!("{broken:?} was read");
        };
        assert!(reason.contains(expected), "{reason:?} lacks {expected:?}");
    }
    let leaps = Recipe {
        sampling: Some(Sampling::SHORTCUT),
        ..recipe
    };
    assert!(check(&leaps).is_err());
}
