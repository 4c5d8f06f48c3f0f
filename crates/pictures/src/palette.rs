//! At most 256 colours for the pixels of a picture, as a GIF has them.

use std::collections::HashMap;

type Colour = [u8; 3];

/// Colours of one picture, and which of them each pixel has.
pub(crate) struct Indexed {
    /// Red, green and blue of each colour.
    pub(crate) palette: Vec<u8>,
    /// A colour a pixel.
    pub(crate) indices: Vec<u8>,
}

/// Most colours of a palette.
const COLOURS: usize = 256;

/// The pixels of a picture in red, green and blue, in at most 256 colours: its own
/// where they are no more, else by median cut (Heckbert 1982), where the box that is
/// cut is the one in which the squared distances to its mean sum up to the most, and
/// a colour is the mean of the pixels in its box.
pub(crate) fn indexed(pixels: &[u8]) -> Indexed {
    let mut counts: HashMap<Colour, u32> = HashMap::new();
    for pixel in pixels.chunks_exact(3) {
        *counts.entry([pixel[0], pixel[1], pixel[2]]).or_default() += 1;
    }
    let mut colours: Vec<(Colour, u32)> = counts.into_iter().collect();
    // The same picture gives the same file.
    colours.sort_unstable();
    let boxes = cut(colours);
    let mut palette = Vec::with_capacity(3 * boxes.len());
    let mut places: HashMap<Colour, u8> = HashMap::new();
    for (place, inside) in boxes.iter().enumerate() {
        palette.extend(mean(inside).map(|value| value.round() as u8));
        places.extend(inside.iter().map(|(colour, _)| (*colour, place as u8)));
    }
    Indexed {
        palette,
        indices: pixels
            .chunks_exact(3)
            .map(|pixel| places[&[pixel[0], pixel[1], pixel[2]]])
            .collect(),
    }
}

fn cut(colours: Vec<(Colour, u32)>) -> Vec<Vec<(Colour, u32)>> {
    let mut boxes = vec![(spread(&colours), colours)];
    while boxes.len() < COLOURS {
        // The last of equals: which of them does not matter, but always the same.
        let widest = boxes
            .iter()
            .enumerate()
            .max_by(|a, b| a.1.0.total_cmp(&b.1.0))
            .filter(|(_, (spread, _))| *spread > 0.0);
        let Some((widest, _)) = widest else {
            break;
        };
        let (_, inside) = boxes.swap_remove(widest);
        boxes.extend(halves(inside).map(|half| (spread(&half), half)));
    }
    boxes.into_iter().map(|(_, inside)| inside).collect()
}

/// Cuts a box of at least two colours across its longest side, at its mean.
fn halves(mut inside: Vec<(Colour, u32)>) -> [Vec<(Colour, u32)>; 2] {
    let side = |channel: usize| {
        let values = || inside.iter().map(move |(colour, _)| colour[channel]);
        values().max().unwrap_or(0) - values().min().unwrap_or(0)
    };
    let longest = (0..3).max_by_key(|channel| side(*channel)).unwrap_or(0);
    let middle = mean(&inside)[longest];
    inside.sort_unstable_by_key(|(colour, _)| colour[longest]);
    let at = inside.partition_point(|(colour, _)| f64::from(colour[longest]) <= middle);
    let upper = inside.split_off(at);
    [inside, upper]
}

fn mean(inside: &[(Colour, u32)]) -> [f64; 3] {
    let count: f64 = inside.iter().map(|(_, count)| f64::from(*count)).sum();
    std::array::from_fn(|channel| {
        let sum: f64 = inside
            .iter()
            .map(|(colour, count)| f64::from(colour[channel]) * f64::from(*count))
            .sum();
        sum / count.max(1.0)
    })
}

/// Squared distances of all pixels to their mean, summed up.
fn spread(inside: &[(Colour, u32)]) -> f64 {
    if inside.len() < 2 {
        return 0.0;
    }
    let mean = mean(inside);
    inside
        .iter()
        .map(|(colour, count)| {
            let far = |channel: usize| (f64::from(colour[channel]) - mean[channel]).powi(2);
            (0..3).map(far).sum::<f64>() * f64::from(*count)
        })
        .sum()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn shown(indexed: &Indexed) -> Vec<u8> {
        let colour = |index: &u8| {
            let at = 3 * usize::from(*index);
            indexed.palette[at..at + 3].to_vec()
        };
        indexed.indices.iter().flat_map(colour).collect()
    }

    #[test]
    fn many_colours_lose_little() {
        // A plane of 32 x 32 colours through the cube.
        let pixels: Vec<u8> = (0..1024_u32)
            .flat_map(|at| {
                let (x, y) = (at % 32 * 8, at / 32 * 8);
                [x as u8, y as u8, ((x + y) / 2) as u8]
            })
            .collect();
        let indexed = indexed(&pixels);
        assert_eq!(indexed.palette.len(), 3 * 256);
        let worst = shown(&indexed)
            .iter()
            .zip(&pixels)
            .map(|(a, b)| a.abs_diff(*b))
            .max();
        // A box of 4 colours has two along each side, 8 apart.
        assert!(worst <= Some(12), "{worst:?}");
    }

    proptest! {
        #[test]
        fn few_colours_stay_as_they_are(
            colours in prop::collection::vec(any::<[u8; 3]>(), 1..=256),
            places in prop::collection::vec(any::<prop::sample::Index>(), 1..400),
        ) {
            let pixels: Vec<u8> = places.iter().flat_map(|at| *at.get(&colours)).collect();
            prop_assert_eq!(shown(&indexed(&pixels)), pixels);
        }

        #[test]
        fn any_pixels_get_a_palette(pixels in prop::collection::vec(any::<u8>(), 3..3000)) {
            let indexed = indexed(&pixels);
            prop_assert!((1..=256).contains(&(indexed.palette.len() / 3)));
            prop_assert_eq!(indexed.indices.len(), pixels.len() / 3);
        }
    }
}
