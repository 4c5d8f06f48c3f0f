//! How a character looks otherwise: thicker or thinner, drier, moved and slanted.

use lampwork_protocol::Shape;

use crate::Noise;

const SIDE: usize = Shape::BRUSH.side;

/// How much pictures are changed before a reader is shown them.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Looks {
    /// Largest change of thickness: 1 is a stroke whose edge moved by a whole pixel.
    pub thickness: f32,
    /// Share of the pictures whose ink runs dry in places.
    pub dry: f32,
    /// Largest move, in pixels.
    pub shift: f32,
    /// Largest change of each side's length, and of slant, of 1.
    pub slant: f32,
    /// Standard deviation, in pixels, of how far the knots of a grid that it is drawn on
    /// are moved (elastic distortion: Simard 2003, "Best Practices for Convolutional
    /// Neural Networks").
    pub bend: f32,
    /// Standard deviation of the noise over it.
    pub noise: f32,
}

/// Cells a side of the grid that bends.
const BENT: usize = 4;

/// Cells a side of the grid by which ink runs dry.
const DRY: usize = 12;

impl Default for Looks {
    fn default() -> Self {
        Self {
            thickness: 1.0,
            dry: 0.25,
            shift: 2.5,
            slant: 0.12,
            bend: 1.0,
            noise: 0.06,
        }
    }
}

/// A picture as it might look otherwise, `[48, 48]` in 0..1.
pub fn spoilt(picture: &[f32], looks: &Looks, noise: &mut Noise) -> Vec<f32> {
    let mut changed = moved(picture, looks, noise);
    thicken(
        &mut changed,
        (2.0 * noise.one_uniform() - 1.0) * looks.thickness,
    );
    if noise.one_uniform() < looks.dry {
        dry(&mut changed, noise);
    }
    let deviation = looks.noise * noise.one_uniform();
    for value in &mut changed {
        *value = (*value + deviation * noise.one_normal()).clamp(0.0, 1.0);
    }
    changed
}

/// Moved, stretched, slanted and bent, by bilinear weights.
fn moved(picture: &[f32], looks: &Looks, noise: &mut Noise) -> Vec<f32> {
    let mut within = |most: f32| (2.0 * noise.one_uniform() - 1.0) * most;
    // From a place of the changed picture to one of the picture as it was.
    let matrix = [
        1.0 + within(looks.slant),
        within(looks.slant),
        within(looks.slant),
        1.0 + within(looks.slant),
    ];
    let (right, down) = (within(looks.shift), within(looks.shift));
    let knots = (BENT + 1) * (BENT + 1);
    let mut bends = noise.normal(2 * knots);
    for bend in &mut bends {
        *bend *= looks.bend;
    }
    let (bends_right, bends_down) = bends.split_at(knots);
    let middle = (SIDE - 1) as f32 / 2.0;
    let at = |x: isize, y: isize| {
        let inside = |at: isize| (0..SIDE as isize).contains(&at);
        if inside(x) && inside(y) {
            picture[y as usize * SIDE + x as usize]
        } else {
            0.0
        }
    };
    let mut changed = Vec::with_capacity(SIDE * SIDE);
    for y in 0..SIDE {
        for x in 0..SIDE {
            let (dx, dy) = (x as f32 - middle - right, y as f32 - middle - down);
            let bent = |grid| between(grid, BENT, x, y);
            let from_x = middle + matrix[0] * dx + matrix[1] * dy + bent(bends_right);
            let from_y = middle + matrix[2] * dx + matrix[3] * dy + bent(bends_down);
            let (left, top) = (from_x.floor(), from_y.floor());
            let (u, v) = (from_x - left, from_y - top);
            let (left, top) = (left as isize, top as isize);
            changed.push(
                (1.0 - v) * ((1.0 - u) * at(left, top) + u * at(left + 1, top))
                    + v * ((1.0 - u) * at(left, top + 1) + u * at(left + 1, top + 1)),
            );
        }
    }
    changed
}

/// Moves the edges of strokes out, or in where `by` is negative: towards the largest or
/// the least of a pixel and its four neighbours.
fn thicken(picture: &mut [f32], by: f32) {
    let before = picture.to_vec();
    let further = |a: f32, b: f32| if by > 0.0 { a.max(b) } else { a.min(b) };
    for y in 0..SIDE {
        for x in 0..SIDE {
            let at = y * SIDE + x;
            let mut edge = before[at];
            for (near, there) in [
                (at.wrapping_sub(1), x > 0),
                (at + 1, x + 1 < SIDE),
                (at.wrapping_sub(SIDE), y > 0),
                (at + SIDE, y + 1 < SIDE),
            ] {
                if there {
                    edge = further(edge, before[near]);
                }
            }
            picture[at] = before[at] + by.abs() * (edge - before[at]);
        }
    }
}

/// Takes ink away where a coarse noise is low.
fn dry(picture: &mut [f32], noise: &mut Noise) {
    let grid = noise.uniform((DRY + 1) * (DRY + 1));
    let level = 0.15 + 0.2 * noise.one_uniform();
    for y in 0..SIDE {
        for x in 0..SIDE {
            if between(&grid, DRY, x, y) < level {
                picture[y * SIDE + x] *= 0.25;
            }
        }
    }
}

/// What lies at a pixel between the knots of a grid of so many cells a side, by bilinear
/// weights.
fn between(grid: &[f32], cells: usize, x: usize, y: usize) -> f32 {
    let cell = SIDE as f32 / cells as f32;
    let (u, v) = (x as f32 / cell, y as f32 / cell);
    let (column, row) = (u as usize, v as usize);
    let (u, v) = (u - column as f32, v - row as f32);
    let at = |column: usize, row: usize| grid[row * (cells + 1) + column];
    (1.0 - v) * ((1.0 - u) * at(column, row) + u * at(column + 1, row))
        + v * ((1.0 - u) * at(column, row + 1) + u * at(column + 1, row + 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bar() -> Vec<f32> {
        let ink = |at: usize| f32::from(u8::from((20..24).contains(&(at % SIDE))));
        (0..SIDE * SIDE).map(ink).collect()
    }

    #[test]
    fn strokes_grow_and_shrink_by_their_edges() {
        let ink = |picture: &[f32]| picture.iter().sum::<f32>() / SIDE as f32;
        for (by, columns) in [(1.0, 6.0), (0.5, 5.0), (0.0, 4.0), (-0.5, 3.0), (-1.0, 2.0)] {
            let mut picture = bar();
            thicken(&mut picture, by);
            assert!((ink(&picture) - columns).abs() < 1e-4, "{by}");
        }
    }

    const NONE: Looks = Looks {
        thickness: 0.0,
        dry: 0.0,
        shift: 0.0,
        slant: 0.0,
        bend: 0.0,
        noise: 0.0,
    };

    #[test]
    fn a_bent_bar_stays_one_and_is_no_longer_straight() {
        let bend = Looks { bend: 1.0, ..NONE };
        let bent = spoilt(&bar(), &bend, &mut Noise::new(1, 0));
        // Where the ink of each row has its middle.
        let middles: Vec<f32> = bent
            .chunks_exact(SIDE)
            .map(|row| {
                let ink: f32 = row.iter().sum();
                assert!((ink - 4.0).abs() < 1.5, "{ink}");
                row.iter()
                    .zip(0..)
                    .map(|(v, at)| v * at as f32)
                    .sum::<f32>()
                    / ink
            })
            .collect();
        let (least, most) = middles
            .iter()
            .fold((f32::MAX, f32::MIN), |(l, m), &at| (l.min(at), m.max(at)));
        assert!(most - least > 0.5 && most - least < 6.0, "{middles:?}");
        // From row to row it moves little.
        assert!(middles.windows(2).all(|two| (two[1] - two[0]).abs() < 0.5));
    }

    #[test]
    fn nothing_is_changed_where_nothing_is_asked_for() {
        let same = spoilt(&bar(), &NONE, &mut Noise::new(1, 0));
        for (a, b) in same.iter().zip(bar()) {
            assert!((a - b).abs() < 1e-4);
        }
    }

    #[test]
    fn what_is_changed_stays_a_picture_and_differs_by_the_noise() {
        let change = |stream| spoilt(&bar(), &Looks::default(), &mut Noise::new(1, stream));
        assert_eq!(change(1), change(1));
        assert_ne!(change(1), change(2));
        assert!(change(3).iter().all(|value| (0.0..=1.0).contains(value)));
    }
}
