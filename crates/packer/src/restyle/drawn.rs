//! Styles that are drawn here: a mosaic, pencil hatching, stained glass, dots of print.
//!
//! Each says of every pixel what colour it has, from noise that is a hash of whole
//! numbers; what is drawn is ours, and in the public domain (CC0-1.0).

use lampwork_datasets::photos::{StyleAbout, StylePicture};

/// Side of the drawings, in pixels.
const SIDE: usize = 384;

/// Places a pixel is looked at, a side: edges come out smooth.
const FINE: usize = 3;

type Colour = [f32; 3];

/// All drawn styles.
pub fn all() -> Vec<StylePicture> {
    [
        ("mosaic", "A mosaic", mosaic as fn(f32, f32) -> Colour),
        ("pencil", "Pencil hatching", pencil),
        ("glass", "Stained glass", glass),
        ("print", "Dots of a coloured print", print),
    ]
    .into_iter()
    .map(|(name, title, colour)| StylePicture {
        about: StyleAbout {
            name: name.to_owned(),
            title: format!("{title}, drawn by crates/packer/src/restyle/drawn.rs"),
            source: "Lampwork".to_owned(),
            licence: "CC0-1.0".to_owned(),
            size: [SIDE, SIDE],
        },
        values: draw(colour),
    })
    .collect()
}

fn draw(colour: fn(f32, f32) -> Colour) -> Vec<u8> {
    let mut values = Vec::with_capacity(SIDE * SIDE * 3);
    for y in 0..SIDE {
        for x in 0..SIDE {
            let mut sum = [0.0; 3];
            for fine in 0..FINE * FINE {
                let place = |at: usize, fine: usize| at as f32 + (fine as f32 + 0.5) / FINE as f32;
                let seen = colour(place(x, fine % FINE), place(y, fine / FINE));
                for (sum, seen) in sum.iter_mut().zip(seen) {
                    *sum += seen.clamp(0.0, 1.0);
                }
            }
            let area = (FINE * FINE) as f32;
            values.extend(sum.map(|sum| (sum / area * 255.0).round() as u8));
        }
    }
    values
}

/// Tesserae in wavy rows, in ochre, terracotta, cream and two blues, with dark grout.
fn mosaic(x: f32, y: f32) -> Colour {
    const PALETTE: [Colour; 6] = [
        [0.86, 0.66, 0.27],
        [0.72, 0.33, 0.20],
        [0.94, 0.89, 0.76],
        [0.16, 0.42, 0.50],
        [0.11, 0.20, 0.36],
        [0.55, 0.62, 0.45],
    ];
    // Rows follow what is shown.
    let bent_x = x + 14.0 * (noise(x, y, 70.0, 1) - 0.5);
    let bent_y = y + 26.0 * (noise(x, y, 90.0, 2) - 0.5);
    let cell = nearest(bent_x, bent_y, 13.0, 0.28, 3);
    if cell.edge < 1.3 {
        let grain = 0.05 * noise(x, y, 2.0, 4);
        return [0.20 + grain, 0.18 + grain, 0.16 + grain];
    }
    let [middle_x, middle_y] = cell.middle;
    let tone = noise(middle_x, middle_y, 60.0, 5) * 5.2 + 1.6 * unit(cell.hash) - 0.6;
    let base = PALETTE[(tone.max(0.0) as usize).min(5)];
    // Stones differ, and are lit from above.
    let light = 0.82 + 0.30 * unit(cell.hash.wrapping_mul(31)) - 0.008 * (bent_y - middle_y);
    base.map(|value| value * light)
}

/// Graphite on paper: lines that cross where it is dark.
fn pencil(x: f32, y: f32) -> Colour {
    let grain = noise(x, y, 1.7, 1);
    let tone = 0.65 * noise(x, y, 64.0, 2) + 0.35 * noise(x, y, 24.0, 3);
    let mut ink: f32 = 0.0;
    for (layer, (angle, period, from)) in [
        (0.9_f32, 5.5, 0.30),
        (-0.55, 5.0, 0.45),
        (0.25, 6.5, 0.56),
        (1.5, 4.5, 0.66),
    ]
    .into_iter()
    .enumerate()
    {
        let seed = 10 + 4 * layer as u32;
        let (sine, cosine) = angle.sin_cos();
        let (along, across) = (x * cosine + y * sine, y * cosine - x * sine);
        let across = across + 3.0 * noise(x, y, 40.0, seed);
        let line = (across / period).floor();
        let off = (across / period - line - 0.5).abs() * period;
        // A stroke begins and ends, pressed more here and less there.
        let pressed = noise(along, line * 97.0, 22.0, seed + 1);
        let depth = (tone - from) / 0.22;
        let width = 0.5 + 1.1 * pressed * depth.clamp(0.0, 1.0);
        let stroke = (width - off + 0.5).clamp(0.0, 1.0);
        let there = f32::from(u8::from(depth > 0.0 && pressed > 0.22));
        ink = ink.max(stroke * there * (0.45 + 0.5 * pressed) * (0.55 + 0.6 * grain));
    }
    // Outlines where tones meet.
    let level = (tone * 5.0).fract();
    let outline = (1.0 - (level - 0.5).abs() * 14.0).clamp(0.0, 1.0);
    ink = ink.max(0.8 * outline * (0.4 + 0.7 * grain));
    let paper = 0.97 - 0.05 * grain;
    let shade = paper * (1.0 - ink) + 0.16 * ink;
    [shade, shade, shade * 0.985]
}

/// Panes in the colours of jewels, in lead.
fn glass(x: f32, y: f32) -> Colour {
    const PALETTE: [Colour; 7] = [
        [0.80, 0.07, 0.13],
        [0.08, 0.20, 0.72],
        [0.98, 0.72, 0.08],
        [0.05, 0.52, 0.28],
        [0.50, 0.10, 0.55],
        [0.10, 0.58, 0.80],
        [0.95, 0.42, 0.10],
    ];
    let bent_x = x + 10.0 * (noise(x, y, 60.0, 1) - 0.5);
    let bent_y = y + 10.0 * (noise(x, y, 60.0, 2) - 0.5);
    let cell = nearest(bent_x, bent_y, 44.0, 0.85, 3);
    if cell.edge < 3.4 {
        // Round leads, lit along their middle.
        let shine = 0.16 * (1.0 - cell.edge / 3.4);
        return [0.05 + shine, 0.05 + shine, 0.06 + shine];
    }
    let base = PALETTE[(cell.hash >> 8) as usize % PALETTE.len()];
    // Light comes through the middle, streaks and bubbles are in the glass.
    let streak = noise(x + 2.0 * y, y * 0.4, 12.0, cell.hash);
    let light = 0.62 + 0.45 * (cell.edge / 18.0).min(1.0) + 0.28 * (streak - 0.5);
    let white = 0.22 * (cell.edge / 22.0).min(1.0) * streak;
    base.map(|value| value * light + white)
}

/// Areas of flat colour, dots of red and blue on cream, black outlines.
fn print(x: f32, y: f32) -> Colour {
    const CREAM: Colour = [0.97, 0.93, 0.82];
    const RED: Colour = [0.90, 0.16, 0.20];
    const BLUE: Colour = [0.10, 0.45, 0.78];
    const YELLOW: Colour = [0.99, 0.83, 0.12];
    const BLACK: Colour = [0.07, 0.06, 0.09];
    let field = 0.75 * noise(x, y, 80.0, 1) + 0.25 * noise(x, y, 30.0, 2);
    let edges = [0.30, 0.44, 0.58, 0.70];
    let slope = {
        let right = 0.75 * noise(x + 1.0, y, 80.0, 1) + 0.25 * noise(x + 1.0, y, 30.0, 2);
        let down = 0.75 * noise(x, y + 1.0, 80.0, 1) + 0.25 * noise(x, y + 1.0, 30.0, 2);
        ((right - field).powi(2) + (down - field).powi(2))
            .sqrt()
            .max(1e-3)
    };
    let outline = 1.2 + 2.2 * noise(x, y, 50.0, 3);
    if edges
        .iter()
        .any(|edge| (field - edge).abs() / slope < outline)
    {
        return BLACK;
    }
    let dots = |period: f32, angle: f32, share: f32| {
        let (sine, cosine) = angle.sin_cos();
        let (u, v) = (
            (x * cosine + y * sine) / period,
            (y * cosine - x * sine) / period,
        );
        let off = ((u - u.floor() - 0.5).powi(2) + (v - v.floor() - 0.5).powi(2)).sqrt();
        off < share
    };
    let tone = 0.24 + 0.22 * noise(x, y, 70.0, 4);
    match edges.iter().filter(|&&edge| field > edge).count() {
        0 if dots(7.0, 0.785, tone) => BLUE,
        0 => CREAM,
        1 if dots(7.0, 0.26, 0.9 * tone) => RED,
        1 => YELLOW,
        2 if dots(7.0, 0.785, tone) => RED,
        2 => CREAM,
        3 if dots(8.0, 0.26, 0.28) => YELLOW,
        3 => RED,
        _ => BLUE,
    }
}

/// The cell that a place lies in.
struct Cell {
    middle: [f32; 2],
    hash: u32,
    /// How far the next cell begins, in pixels.
    edge: f32,
}

/// Cells around a grid's points, each moved by up to so much of the grid's period
/// (Worley 1996).
fn nearest(x: f32, y: f32, period: f32, moved: f32, seed: u32) -> Cell {
    let (column, row) = ((x / period).floor() as i32, (y / period).floor() as i32);
    let mut near = [(f32::INFINITY, [0.0; 2], 0); 2];
    for dy in -2..=2 {
        for dx in -2..=2 {
            let (column, row) = (column + dx, row + dy);
            let hash = hash(column, row, seed);
            let away = |hash: u32| 0.5 + moved * (unit(hash) - 0.5);
            let middle = [
                (column as f32 + away(hash)) * period,
                (row as f32 + away(hash.rotate_left(13).wrapping_mul(7919))) * period,
            ];
            let apart = ((x - middle[0]).powi(2) + (y - middle[1]).powi(2)).sqrt();
            if apart < near[0].0 {
                near = [(apart, middle, hash), near[0]];
            } else if apart < near[1].0 {
                near[1] = (apart, middle, hash);
            }
        }
    }
    let [(first, middle, hash), (second, other, _)] = near;
    let between = ((middle[0] - other[0]).powi(2) + (middle[1] - other[1]).powi(2)).sqrt();
    Cell {
        middle,
        hash,
        // How far from the line that is as near to both.
        edge: (second * second - first * first) / (2.0 * between.max(1e-3)),
    }
}

/// Smooth noise in 0..1 that changes over `period` pixels.
fn noise(x: f32, y: f32, period: f32, seed: u32) -> f32 {
    let (u, v) = (x / period, y / period);
    let (column, row) = (u.floor(), v.floor());
    let smooth = |t: f32| t * t * (3.0 - 2.0 * t);
    let (right, down) = (smooth(u - column), smooth(v - row));
    let corner = |dx: i32, dy: i32| unit(hash(column as i32 + dx, row as i32 + dy, seed));
    let top = corner(0, 0) * (1.0 - right) + corner(1, 0) * right;
    let bottom = corner(0, 1) * (1.0 - right) + corner(1, 1) * right;
    top * (1.0 - down) + bottom * down
}

/// In 0..1.
fn unit(hash: u32) -> f32 {
    (hash >> 8) as f32 / (1 << 24) as f32
}

fn hash(x: i32, y: i32, seed: u32) -> u32 {
    let mut hash = seed.wrapping_mul(0x9e37_79b9) ^ (x as u32).wrapping_mul(0x85eb_ca6b);
    hash = (hash ^ (hash >> 15)).wrapping_mul(0x2c1b_3c6d);
    hash ^= (y as u32).wrapping_mul(0xc2b2_ae35);
    hash = (hash ^ (hash >> 12)).wrapping_mul(0x297a_2d39);
    hash ^ (hash >> 15)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_is_drawn_the_same_every_time_and_differs_from_the_others() {
        let corner = |colour: fn(f32, f32) -> Colour| -> Vec<u32> {
            let pixels = (0..400).map(|at| colour((at % 20) as f32 * 7.0, (at / 20) as f32 * 9.0));
            pixels.flatten().map(f32::to_bits).collect()
        };
        let styles = [mosaic, pencil, glass, print].map(|colour: fn(f32, f32) -> Colour| {
            assert_eq!(corner(colour), corner(colour));
            corner(colour)
        });
        for (at, style) in styles.iter().enumerate() {
            assert!(styles[..at].iter().all(|other| other != style));
        }
    }

    #[test]
    fn a_cell_ends_where_the_next_is_as_near() {
        let mut least = f32::INFINITY;
        for step in 0..400 {
            least = least.min(nearest(step as f32 * 0.25, 31.0, 20.0, 0.5, 1).edge);
        }
        assert!((0.0..0.3).contains(&least));
    }
}
