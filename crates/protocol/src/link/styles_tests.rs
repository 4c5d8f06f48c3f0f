//! Links of points of a style-based generator.

use super::{decode, encode};
use crate::{Failure, Latent, Level, Nudge, Recipe, StyleConfig};

fn recipe(latent: Latent) -> Recipe {
    Recipe {
        model: "style-faces".to_owned(),
        weights: [8, 7, 6, 5, 4, 3, 2, 1],
        latent,
        sampling: None,
        start: None,
    }
}

fn draw(seed: u64) -> Latent {
    Latent::Draw {
        seed,
        index: 0,
        temperature: 0.7,
        class: None,
    }
}

fn nudge(direction: u8, amount: f32) -> Nudge {
    Nudge {
        direction,
        level: Level::Middle,
        amount,
    }
}

fn pushed(of: Latent, nudges: Vec<Nudge>) -> Latent {
    Latent::Pushed {
        of: Box::new(of),
        nudges,
    }
}

fn crossed(from: u8) -> Latent {
    Latent::Crossed {
        coarse: Box::new(draw(1)),
        fine: Box::new(draw(u64::MAX)),
        from,
    }
}

fn styles(count: usize, unit: f32) -> Latent {
    Latent::Styles {
        values: (0..count).map(|at| (at * 37 % 256) as u8 as i8).collect(),
        unit,
        grain: 99,
    }
}

#[test]
fn what_is_pushed_crossed_and_found_comes_back() {
    let all: Vec<Nudge> = Level::ALL
        .into_iter()
        .enumerate()
        .map(|(at, level)| Nudge {
            direction: at as u8,
            level,
            amount: at as f32 - 1.5,
        })
        .collect();
    for latent in [
        pushed(draw(3), all),
        crossed(0),
        crossed(StyleConfig::LAYERS as u8),
        styles(StyleConfig::LAYERS * 64, 0.03),
        pushed(
            Latent::Crossed {
                coarse: Box::new(pushed(draw(5), vec![nudge(63, 8.0)])),
                fine: Box::new(styles(StyleConfig::LAYERS, 1.0)),
                from: 3,
            },
            vec![nudge(0, -8.0)],
        ),
    ] {
        let recipe = recipe(latent);
        assert_eq!(decode(&encode(&recipe)), Ok(recipe));
    }
}

#[test]
fn what_breaks_a_limit_is_refused() {
    let many = vec![nudge(1, 1.0); Nudge::MAX + 1];
    for (latent, what) in [
        (pushed(draw(1), vec![]), "pushed along 1 to"),
        (pushed(draw(1), many), "pushed along 1 to"),
        (pushed(draw(1), vec![nudge(64, 1.0)]), "directions go"),
        (pushed(draw(1), vec![nudge(0, 8.5)]), "its push"),
        (pushed(draw(1), vec![nudge(0, f32::NAN)]), "its push"),
        (crossed(8), "mixed at layer"),
        (styles(0, 0.1), "styles have up to"),
        (styles(StyleConfig::LAYERS * 64 + 1, 0.1), "as many in each"),
        (styles(StyleConfig::LAYERS * 257, 0.1), "styles have up to"),
        (styles(7, 1.5), "unit of styles"),
        (styles(7, f32::INFINITY), "unit of styles"),
    ] {
        match decode(&encode(&recipe(latent))) {
            Err(Failure::BadRecipe { reason }) => assert!(reason.contains(what), "{reason}"),
            other => panic!("{other:?} and not {what}"),
        }
    }
}

#[test]
fn an_unknown_level_is_refused() {
    use super::bytes::{Reader, Writer};
    let mut writer = Writer::new();
    writer.number(1);
    writer.bytes(&[0, 4, 0, 0, 0, 0]);
    let read = super::styles::read_nudges(&mut Reader::new(writer.written()));
    assert!(matches!(read, Err(Failure::BadRecipe { reason }) if reason.contains("layers")));
}
