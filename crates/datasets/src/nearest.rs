//! The training pictures closest to one.

use crate::Examples;

/// The `count` pictures of `train` nearest to `picture`, nearest first.
///
/// Returns their numbers and their Euclidean distances over pixels in 0..1.
/// Among equals the one that stands first comes first.
///
/// # Panics
/// `picture` is not of the shape of those of `train`.
pub fn nearest(train: &Examples, picture: &[u8], count: usize) -> Vec<(u32, f32)> {
    assert_eq!(
        picture.len(),
        train.shape.values(),
        "a picture of the shape of the others"
    );
    let mut squares: Vec<(u32, u32)> = (0..train.len())
        .map(|index| {
            (
                squared_distance(train.picture(index), picture),
                index as u32,
            )
        })
        .collect();
    let count = count.min(squares.len());
    if count == 0 {
        return Vec::new();
    }
    squares.select_nth_unstable(count - 1);
    squares.truncate(count);
    squares.sort_unstable();
    squares
        .into_iter()
        .map(|(square, index)| (index, (square as f32).sqrt() / 255.0))
        .collect()
}

/// At most 3,072 * 255^2, which is far below 2^32.
fn squared_distance(a: &[u8], b: &[u8]) -> u32 {
    a.iter()
        .zip(b)
        .map(|(&a, &b)| u32::from(a.abs_diff(b)).pow(2))
        .sum()
}

#[cfg(test)]
mod tests {
    use lampwork_protocol::PICTURE_PIXELS;
    use proptest::prelude::*;

    use super::*;

    fn shades(shades: &[u8]) -> Examples {
        let pictures = shades.iter().flat_map(|&shade| [shade; PICTURE_PIXELS]);
        Examples::grey(pictures.collect(), vec![0; shades.len()])
    }

    #[test]
    fn finds_the_nearest_first() {
        let train = shades(&[0, 255, 100, 90, 110]);
        let found = nearest(&train, &[100; PICTURE_PIXELS], 3);
        let ten = 28.0 * 10.0 / 255.0;
        assert_eq!(
            found.iter().map(|&(index, _)| index).collect::<Vec<_>>(),
            [2, 3, 4]
        );
        assert_eq!(found[0].1, 0.0);
        assert!((found[1].1 - ten).abs() < 1e-6);
        assert!((found[2].1 - ten).abs() < 1e-6);
    }

    #[test]
    fn the_farthest_picture_is_28_away() {
        let found = nearest(&shades(&[255]), &[0; PICTURE_PIXELS], 1);
        assert_eq!(found, [(0, 28.0)]);
    }

    proptest! {
        #[test]
        fn finds_what_sorting_everything_finds(all in prop::collection::vec(any::<u8>(), 0..40), shade: u8, count in 0_usize..50) {
            let found = nearest(&shades(&all), &[shade; PICTURE_PIXELS], count);
            let mut sorted: Vec<u32> = (0..all.len() as u32).collect();
            sorted.sort_by_key(|&index| all[index as usize].abs_diff(shade));
            sorted.truncate(count);
            prop_assert_eq!(found.into_iter().map(|(index, _)| index).collect::<Vec<_>>(), sorted);
        }
    }
}
