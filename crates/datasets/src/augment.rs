//! Changes to a picture that leave it a picture of its class.

use lampwork_protocol::{Augment, DataSet, Shape};
use rand_chacha::ChaCha8Rng;

use crate::random::below;

/// Mirrors, shifts and blanks a part of `picture`, as `augment` has it.
///
/// In this order: with even odds a mirror image, if the class allows it
/// ([`DataSet::may_flip`]); a shift by up to `shift` pixels each way, the ground
/// coming in at the edges; a square of the ground of side `cutout` whose centre is
/// anywhere in the picture, so that part of it may lie outside (DeVries 2017).
/// The ground is black where pictures are grey, and white where they are in
/// colour.
///
/// # Panics
/// `picture` is not of `shape`.
pub fn augment(
    picture: &mut [f32],
    shape: Shape,
    label: u8,
    data: DataSet,
    augment: &Augment,
    rng: &mut ChaCha8Rng,
) {
    assert_eq!(picture.len(), shape.values(), "a picture of its shape");
    if augment.flip && data.may_flip(label) && below(rng, 2) == 1 {
        for row in picture.chunks_exact_mut(shape.side * shape.channels) {
            for x in 0..shape.side / 2 {
                for channel in 0..shape.channels {
                    let at = |x: usize| x * shape.channels + channel;
                    row.swap(at(x), at(shape.side - 1 - x));
                }
            }
        }
    }
    if augment.shift > 0 {
        let mut offset = || offset(augment.shift, shape.side, rng);
        let (right, down) = (offset(), offset());
        shift(picture, shape, right, down);
    }
    if augment.cutout > 0 {
        let side = shape.side as u32;
        let centre = (below(rng, side) as usize, below(rng, side) as usize);
        cut_out(picture, shape, augment.cutout, centre);
    }
}

/// A whole number in `-largest..=largest`; a shift beyond the picture's side
/// would only be ground.
fn offset(largest: usize, side: usize, rng: &mut ChaCha8Rng) -> isize {
    let largest = largest.min(side) as isize;
    below(rng, 2 * largest as u32 + 1) as isize - largest
}

/// What comes in where a picture is moved or cut away.
fn ground(shape: Shape) -> f32 {
    if shape.channels == 1 { 0.0 } else { 1.0 }
}

fn shift(picture: &mut [f32], shape: Shape, right: isize, down: isize) {
    let before: Vec<f32> = picture.to_vec();
    let (side, channels) = (shape.side as isize, shape.channels);
    for y in 0..side {
        for x in 0..side {
            let (from_x, from_y) = (x - right, y - down);
            let inside = (0..side).contains(&from_x) && (0..side).contains(&from_y);
            let to = (y * side + x) as usize * channels;
            let pixel = &mut picture[to..to + channels];
            if inside {
                let from = (from_y * side + from_x) as usize * channels;
                pixel.copy_from_slice(&before[from..from + channels]);
            } else {
                pixel.fill(ground(shape));
            }
        }
    }
}

fn cut_out(picture: &mut [f32], shape: Shape, side: usize, centre: (usize, usize)) {
    let whole = shape.side;
    let span = |centre: usize| {
        let first = centre.saturating_sub(side / 2);
        let past = (centre + side.min(2 * whole) - side.min(2 * whole) / 2).min(whole);
        first..past
    };
    for y in span(centre.1) {
        for x in span(centre.0) {
            let at = (y * whole + x) * shape.channels;
            picture[at..at + shape.channels].fill(ground(shape));
        }
    }
}

#[cfg(test)]
mod tests {
    use lampwork_protocol::{PICTURE_PIXELS, PICTURE_SIDE};
    use proptest::prelude::*;

    use super::*;
    use crate::random::generator;

    fn rng(seed: u64) -> ChaCha8Rng {
        generator(b"lampwork test   ", seed, 0)
    }

    /// A picture in which every pixel differs and none is black.
    fn ramp() -> Vec<f32> {
        (1..=PICTURE_PIXELS).map(|pixel| pixel as f32).collect()
    }

    fn mirrored() -> Vec<f32> {
        let mut picture = ramp();
        picture
            .chunks_exact_mut(PICTURE_SIDE)
            .for_each(<[f32]>::reverse);
        picture
    }

    fn augmented(label: u8, data: DataSet, augmentation: Augment, seed: u64) -> Vec<f32> {
        let mut picture = ramp();
        let shape = data.shape();
        augment(
            &mut picture,
            shape,
            label,
            data,
            &augmentation,
            &mut rng(seed),
        );
        picture
    }

    #[test]
    fn nothing_asked_nothing_done() {
        assert_eq!(
            augmented(0, DataSet::Fashion, Augment::default(), 1),
            ramp()
        );
    }

    #[test]
    fn half_of_what_may_be_mirrored_is() {
        let flip = Augment {
            flip: true,
            ..Augment::default()
        };
        let count = |label, data| {
            (0..400)
                .filter(|&seed| {
                    let picture = augmented(label, data, flip, seed);
                    assert!(picture == ramp() || picture == mirrored());
                    picture == mirrored()
                })
                .count()
        };
        // Five standard deviations of a fair coin thrown 400 times are 50.
        assert!(count(0, DataSet::Fashion).abs_diff(200) < 50);
        assert_eq!(count(5, DataSet::Fashion), 0, "sandals point to the left");
        assert_eq!(
            count(0, DataSet::Digits),
            0,
            "mirrored digits are not digits"
        );
    }

    #[test]
    fn a_shift_moves_every_pixel_and_brings_in_black() {
        let mut picture = ramp();
        shift(&mut picture, Shape::GREY, 2, -1);
        assert_eq!(picture[0], 0.0);
        assert_eq!(picture[2], ramp()[PICTURE_SIDE]);
        assert_eq!(picture[27 * PICTURE_SIDE + 5], 0.0);
        assert_eq!(
            picture.iter().filter(|&&pixel| pixel != 0.0).count(),
            26 * 27
        );
    }

    #[test]
    fn every_shift_within_reach_occurs() {
        let augmentation = Augment {
            shift: 1,
            ..Augment::default()
        };
        let mut found: Vec<(isize, isize)> = (0..200)
            .map(|seed| {
                let picture = augmented(0, DataSet::Digits, augmentation, seed);
                let at = picture
                    .iter()
                    .position(|&pixel| pixel == ramp()[29])
                    .unwrap() as isize;
                (at % 28 - 1, at / 28 - 1)
            })
            .collect();
        found.sort_unstable();
        found.dedup();
        assert_eq!(found.len(), 9);
    }

    #[test]
    fn a_square_is_blanked() {
        let blanked = |side, centre| {
            let mut picture = ramp();
            cut_out(&mut picture, Shape::GREY, side, centre);
            picture.iter().filter(|&&pixel| pixel == 0.0).count()
        };
        assert_eq!(blanked(8, (14, 14)), 64);
        assert_eq!(blanked(7, (14, 14)), 49);
        assert_eq!(blanked(8, (0, 0)), 16, "three quarters of it are outside");
        assert_eq!(blanked(1, (27, 27)), 1);
        assert_eq!(blanked(usize::MAX, (3, 3)), PICTURE_PIXELS);
    }

    #[test]
    fn colour_moves_and_turns_pixel_by_pixel_on_white() {
        let shape = Shape::COLOUR;
        let plain: Vec<f32> = (0..shape.values()).map(|at| -(at as f32) - 1.0).collect();
        let pixel = |picture: &[f32], x: usize, y: usize| {
            let at = (y * shape.side + x) * 3;
            [picture[at], picture[at + 1], picture[at + 2]]
        };
        let mut moved = plain.clone();
        shift(&mut moved, shape, 1, 2);
        assert_eq!(pixel(&moved, 5, 7), pixel(&plain, 4, 5));
        assert_eq!(pixel(&moved, 0, 9), [1.0; 3]);
        cut_out(&mut moved, shape, 2, (6, 8));
        assert_eq!(pixel(&moved, 6, 8), [1.0; 3]);
        assert_eq!(pixel(&moved, 7, 8), pixel(&plain, 6, 6));
        let flip = Augment {
            flip: true,
            ..Augment::default()
        };
        let turned = (0..20)
            .filter(|&seed| {
                let mut picture = plain.clone();
                augment(
                    &mut picture,
                    shape,
                    0,
                    DataSet::Faces,
                    &flip,
                    &mut rng(seed),
                );
                assert!(picture == plain || pixel(&picture, 1, 3) == pixel(&plain, 30, 3));
                picture != plain
            })
            .count();
        assert!((1..20).contains(&turned));
    }

    proptest! {
        #[test]
        fn any_knobs_give_a_picture_of_old_pixels_and_black(
            shift in any::<usize>(), flip: bool, cutout in any::<usize>(), label in 0_u8..10, seed: u64,
        ) {
            let picture = augmented(label, DataSet::Fashion, Augment { shift, flip, cutout }, seed);
            let mut kept: Vec<u32> = picture.iter().filter(|&&pixel| pixel > 0.0).map(|&pixel| pixel as u32).collect();
            let count = kept.len();
            kept.sort_unstable();
            kept.dedup();
            prop_assert_eq!(kept.len(), count);
        }
    }
}
