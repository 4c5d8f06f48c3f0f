//! Points and what is reckoned with them.

use super::*;

const SPACE: Space = Space {
    dimensions: 8,
    classes: 10,
    words: 0,
    styles: 0,
    directions: 0,
    truncated: true,
};

fn draw(index: u32, class: Option<u8>) -> Latent {
    Latent::Draw {
        seed: 11,
        index,
        temperature: 1.0,
        class,
    }
}

#[test]
fn draws_are_truncated_and_naming_the_class_keeps_them() {
    let free = SPACE.point(&draw(3, None)).unwrap();
    let named = SPACE.point(&draw(3, Some(4))).unwrap();
    assert_eq!(free.z, named.z);
    assert_eq!(named.classes[4], 1.0);
    assert_eq!(free.classes.iter().sum::<f32>(), 1.0);
    for index in 0..500 {
        let point = SPACE.point(&draw(index, None)).unwrap();
        assert!(point.z.iter().all(|x| x.abs() <= 2.0));
    }
}

#[test]
fn a_blend_begins_and_ends_at_its_ends_and_keeps_its_length() {
    let blend = |t| {
        SPACE
            .point(&Latent::Blend {
                a: Box::new(draw(0, Some(1))),
                b: Box::new(draw(1, Some(2))),
                t,
            })
            .unwrap()
    };
    let (a, b) = (
        SPACE.point(&draw(0, Some(1))).unwrap(),
        SPACE.point(&draw(1, Some(2))).unwrap(),
    );
    let close = |x: &[f32], y: &[f32]| x.iter().zip(y).all(|(x, y)| (x - y).abs() < 1e-5);
    assert!(close(&blend(0.0).z, &a.z) && close(&blend(1.0).z, &b.z));
    let length = |v: &[f32]| v.iter().map(|x| x * x).sum::<f32>().sqrt();
    let middle = length(&blend(0.5).z);
    assert!((middle - (length(&a.z) + length(&b.z)) / 2.0).abs() < 1e-4);
    assert_eq!(blend(0.5).classes[1..3], [0.5, 0.5]);
}

#[test]
fn taking_away_and_giving_back_changes_nothing() {
    let point = SPACE
        .point(&Latent::Arithmetic {
            a: Box::new(draw(0, Some(1))),
            minus: Box::new(draw(5, Some(2))),
            plus: Box::new(draw(5, Some(2))),
        })
        .unwrap();
    let plain = SPACE.point(&draw(0, Some(1))).unwrap();
    assert!(
        point
            .z
            .iter()
            .zip(&plain.z)
            .all(|(x, y)| (x - y).abs() < 1e-6)
    );
    assert_eq!(point.classes, plain.classes);
}

/// Knows "left" and "up".
fn meaning(text: &str) -> Option<Vec<f32>> {
    match text {
        "left" => Some(vec![1.0, 0.0]),
        "up" => Some(vec![0.0, 1.0]),
        _ => None,
    }
}

fn worded(of: Latent, words: &str) -> Latent {
    Latent::Worded {
        of: Box::new(of),
        words: words.to_owned(),
    }
}

#[test]
fn words_stand_beside_the_noise_and_blend_and_add_as_it_does() {
    let space = Space { words: 2, ..SPACE };
    let point = |latent: &Latent| space.point_said(latent, &meaning).unwrap();
    let plain = point(&draw(0, Some(1)));
    assert_eq!(plain.words, [0.0, 0.0]);
    let left = point(&worded(draw(0, Some(1)), "left"));
    assert_eq!((&left.z, &left.classes), (&plain.z, &plain.classes));
    assert_eq!(left.words, [1.0, 0.0]);
    // What is said last counts.
    let twice = point(&worded(worded(draw(0, None), "left"), "up"));
    assert_eq!(twice.words, [0.0, 1.0]);
    let both = [("left", 0.0), ("up", 1.0)].map(|(words, _)| worded(draw(0, None), words));
    let [a, b] = both.map(Box::new);
    let half = point(&Latent::Blend {
        a: a.clone(),
        b: b.clone(),
        t: 0.5,
    });
    let diagonal = 0.5_f32.sqrt();
    assert!(half.words.iter().all(|x| (x - diagonal).abs() < 1e-6));
    let turned = point(&Latent::Arithmetic {
        a: a.clone(),
        minus: a,
        plus: b,
    });
    assert_eq!(turned.words, [0.0, 1.0]);
}

#[test]
fn words_that_mean_nothing_here_are_refused() {
    let space = Space { words: 2, ..SPACE };
    let refused = |space: Space, words: &str, meaning: Meaning<'_>| {
        let error = space.point_said(&worded(draw(0, None), words), meaning);
        error.unwrap_err().to_string()
    };
    assert!(refused(space, "qzx", &meaning).contains("qzx"));
    assert!(refused(SPACE, "left", &meaning).contains("knows no words"));
    assert!(refused(space, "left", &|_| Some(vec![1.0; 3])).contains("3 dimensions"));
    assert!(space.point(&worded(draw(0, None), "left")).is_err());
}

#[test]
fn near_with_nothing_is_the_same_and_with_all_is_noise() {
    let near = |amount| {
        SPACE
            .point(&Latent::Near {
                of: Box::new(draw(0, Some(1))),
                seed: 2,
                index: 0,
                amount,
            })
            .unwrap()
    };
    let plain = SPACE.point(&draw(0, Some(1))).unwrap();
    assert_eq!(near(0.0).z, plain.z);
    assert_ne!(near(1.0).z, plain.z);
    assert_eq!(near(1.0).classes, plain.classes);
}

#[test]
fn misfits_are_refused() {
    let at = |n, class| {
        SPACE.point(&Latent::At {
            z: vec![0.0; n],
            class,
        })
    };
    assert!(at(8, Some(9)).is_ok());
    for (n, class) in [(7, Some(1)), (8, None), (8, Some(10))] {
        assert!(matches!(at(n, class), Err(ModelError::Latent(_))));
    }
    let mut deep = draw(0, None);
    for _ in 0..Latent::MAX_DEPTH {
        deep = Latent::Near {
            of: Box::new(deep),
            seed: 0,
            index: 0,
            amount: 0.1,
        };
    }
    assert!(matches!(SPACE.point(&deep), Err(ModelError::Latent(_))));
}
