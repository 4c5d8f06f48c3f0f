//! Every grid survives its link, and nothing else passes for one.

use proptest::prelude::*;

use super::tests::{forged, sheet};
use super::*;
use crate::Axis;

fn axis() -> impl Strategy<Value = Axis> {
    fn some<T: std::fmt::Debug>(values: impl Strategy<Value = T>) -> impl Strategy<Value = Vec<T>> {
        prop::collection::vec(values, 1..=Axis::MAX)
    }
    prop_oneof![
        some(1_u16..=200).prop_map(Axis::Steps),
        some(0.0_f32..=20.0).prop_map(Axis::Guidance),
        some(any::<u64>()).prop_map(Axis::Seed),
        some(0.0_f32..=2.0).prop_map(Axis::Temperature),
        some(0_u8..10).prop_map(Axis::Class),
        some(("[a-z0-9-]{1,64}", any::<[u8; 8]>())).prop_map(Axis::Model),
    ]
}

fn grid() -> impl Strategy<Value = Grid> {
    (sheet(), axis(), prop::option::of(axis())).prop_map(|(sheet, across, down)| Grid {
        base: Sheet { count: 1, ..sheet },
        down: down.filter(|down| !down.same_knob(&across)),
        across,
    })
}

proptest! {
    #[test]
    fn a_grid_survives_its_link(grid in grid()) {
        let text = encode_grid(&grid);
        prop_assert!(text.bytes().all(|letter| letter.is_ascii_alphanumeric() || b"-_".contains(&letter)));
        prop_assert!(decode(&text).is_err() && decode_sheet(&text).is_err());
        prop_assert_eq!(decode_any(&text), Ok(Content::Grid(grid.clone())));
        prop_assert_eq!(decode_grid(&text), Ok(grid));
    }

    #[test]
    fn a_changed_good_grid_is_refused_or_harmless(grid in grid(), at: prop::sample::Index, flip in 1_u8..) {
        let mut payload = URL_SAFE_NO_PAD.decode(encode_grid(&grid)).unwrap();
        payload.truncate(payload.len() - 4);
        let at = at.index(payload.len());
        payload[at] ^= flip;
        let text = forged(&payload);
        if let Ok(read) = decode_grid(&text) {
            prop_assert_eq!(check_grid(&read), Ok(()));
            prop_assert_eq!(encode_grid(&read), text);
        }
    }

    #[test]
    fn forged_grids_are_refused_or_harmless(flags in 0_u8..4, mut payload in prop::collection::vec(any::<u8>(), 0..120)) {
        payload.splice(0..0, [VERSION, GRID + 2 * flags, 1, b'm', 0, 0, 0, 0, 0, 0, 0, 0]);
        let text = forged(&payload);
        if let Ok(grid) = decode_grid(&text) {
            prop_assert_eq!(check_grid(&grid), Ok(()));
            prop_assert_eq!(encode_grid(&grid), text);
        }
    }

    #[test]
    fn a_cut_grid_is_refused(grid in grid(), cut: prop::sample::Index) {
        let text = encode_grid(&grid);
        prop_assert!(decode_any(&text[..cut.index(text.len())]).is_err());
    }
}

#[test]
fn limits_of_a_grid_are_kept() {
    let base = Sheet {
        model: "m".to_owned(),
        weights: [0; 8],
        seed: 7,
        class: None,
        temperature: 1.0,
        words: None,
        count: 1,
        sampling: None,
    };
    let grid = |across, down| Grid {
        base: base.clone(),
        across,
        down,
    };
    for (grid, expected) in [
        (grid(Axis::Steps(vec![]), None), "not 0"),
        (grid(Axis::Seed(vec![1; 7]), None), "not 7"),
        (grid(Axis::Steps(vec![1, 201]), None), "not 201"),
        (
            grid(Axis::Guidance(vec![f32::NAN]), None),
            "guidance is NaN",
        ),
        (
            grid(Axis::Temperature(vec![2.5]), None),
            "temperature is 2.5",
        ),
        (grid(Axis::Class(vec![10]), None), "classes go from 0 to 9"),
        (
            grid(Axis::Model(vec![("A".to_owned(), [0; 8])]), None),
            "name",
        ),
        (
            grid(Axis::Seed(vec![1]), Some(Axis::Seed(vec![2]))),
            "the same knob",
        ),
    ] {
        let Err(Failure::BadRecipe { reason }) = decode_grid(&encode_grid(&grid)) else {
            panic!("{grid:?} was read");
        };
        assert!(reason.contains(expected), "{reason:?} lacks {expected:?}");
    }
}

/// Links in the wild must be read for ever: this text must never change.
#[test]
fn a_known_grid_is_read() {
    let grid = Grid {
        base: Sheet {
            model: "flow-emoji".to_owned(),
            weights: [0, 1, 2, 3, 4, 5, 6, 7],
            seed: 7,
            class: Some(2),
            temperature: 1.0,
            words: Some("red apple".to_owned()),
            count: 1,
            sampling: Some(Sampling::default()),
        },
        across: Axis::Steps(vec![2, 10]),
        down: Some(Axis::Guidance(vec![0.0, 1.5])),
    };
    let text = "AQ4KZmxvdy1lbW9qaQABAgMEBQYHCgAAwD8BBwMAAIA_AQICCgICAAAAAAAAwD8JcmVkIGFwcGxlOucvzQ";
    assert_eq!(encode_grid(&grid), text);
    assert_eq!(decode_grid(text), Ok(grid));
}
