//! Characters as ink on paper.

use lampwork_protocol::{Scroll, link};

use crate::write::of_a_model;
use crate::{Whole, bicubic};

/// Side of a character, in pixels, as a net makes it.
pub const GLYPH: usize = 48;

/// Largest scale that is painted.
pub const MOST_SCALE: usize = 6;

/// Colours, red, green and blue.
const PAPER: [f32; 3] = [246.0, 239.0, 222.0];
const MOUNT: [f32; 3] = [203.0, 187.0, 150.0];
const INK: [f32; 3] = [27.0, 24.0, 22.0];
const SEAL: [f32; 3] = [178.0, 38.0, 30.0];

/// What is painted.
#[derive(Debug, Clone, PartialEq)]
pub struct Lines {
    /// Characters of each line, `[GLYPH, GLYPH]` bytes, 255 for ink; none for a gap.
    pub lines: Vec<Vec<Option<Vec<u8>>>>,
    /// Whether lines go across, from the top; else down, from the right.
    pub across: bool,
    /// Plain characters of the seal, at most four, as those of the lines.
    pub seal: Vec<Vec<u8>>,
}

/// Characters on a mounted scroll, each `GLYPH * scale` pixels.
///
/// A net's characters have soft edges of a pixel; enlarged and made hard again they look
/// like ink. The grain of the paper is the same for every scroll of a size.
pub fn paint(lines: &Lines, scale: usize) -> Whole {
    let scale = scale.clamp(1, MOST_SCALE);
    let cell = GLYPH * scale;
    let longest = lines.lines.iter().map(Vec::len).max().unwrap_or(0).max(1);
    let count = lines.lines.len().max(1);
    let step = cell + cell / 6;
    let margin = cell / 2;
    let mount = cell / 3;
    let seal_side = cell / 2;
    // Room after the last line for the seal.
    let (along, over) = (longest * cell, count * step - cell / 6);
    let tail = if lines.seal.is_empty() {
        0
    } else {
        seal_side + cell / 4
    };
    let (inner_width, inner_height) = if lines.across {
        (along, over + tail)
    } else {
        (over + tail, along)
    };
    let width = inner_width + 2 * (margin + mount);
    let height = inner_height + 2 * (margin + mount);
    let mut paper = Paper::new(width, height, mount);
    let (left, top) = (margin + mount, margin + mount);
    for (line, characters) in lines.lines.iter().enumerate() {
        for (place, character) in characters.iter().enumerate() {
            let Some(character) = character else {
                continue;
            };
            let (x, y) = if lines.across {
                (left + place * cell, top + line * step)
            } else {
                (left + inner_width - cell - line * step, top + place * cell)
            };
            paper.write(character, scale, [x, y], INK);
        }
    }
    if !lines.seal.is_empty() {
        let (x, y) = if lines.across {
            (
                left + inner_width - seal_side,
                top + inner_height - seal_side,
            )
        } else {
            (left, top + inner_height - seal_side)
        };
        paper.stamp(&lines.seal, seal_side, [x, y]);
    }
    Whole {
        width,
        height,
        channels: 3,
        values: paper.values(),
    }
}

/// A scroll as a PNG file, with what it was made by inside.
pub fn scroll(lines: &Lines, scale: usize, scroll: &Scroll) -> Vec<u8> {
    let whole = paint(lines, scale);
    crate::write::canvas(&whole).to_png(&of_a_model(link::encode_scroll(scroll)))
}

/// A character as hard-edged ink, `[GLYPH * scale, GLYPH * scale]` in 0..255.
pub fn inked(character: &[u8], scale: usize) -> Vec<u8> {
    let smooth = bicubic(character, GLYPH, 1, scale);
    if scale == 1 {
        return smooth;
    }
    let hard = |value: u8| {
        // From nothing to all between two fifths and three fifths, smoothly.
        let t = ((f32::from(value) / 255.0 - 0.36) / 0.26).clamp(0.0, 1.0);
        (t * t * (3.0 - 2.0 * t) * 255.0).round() as u8
    };
    smooth.into_iter().map(hard).collect()
}

/// Paper that is written on.
struct Paper {
    width: usize,
    height: usize,
    /// `[height, width, 3]`.
    pixels: Vec<f32>,
}

impl Paper {
    fn new(width: usize, height: usize, mount: usize) -> Paper {
        let mut pixels = Vec::with_capacity(width * height * 3);
        let line = (mount / 8).max(1);
        for y in 0..height {
            for x in 0..width {
                let edge = x.min(y).min(width - 1 - x).min(height - 1 - y);
                let grain = 5.0 * (cloud(x, y, 37) - 0.5) + 3.0 * (hash(x, y) - 0.5);
                let base = if edge < mount { MOUNT } else { PAPER };
                // A thin shade where the paper lies on its mount.
                let shade = if (mount..mount + line).contains(&edge) {
                    -14.0
                } else {
                    0.0
                };
                pixels.extend(base.map(|value| value + grain + shade));
            }
        }
        Paper {
            width,
            height,
            pixels,
        }
    }

    /// Lays ink of a colour over a pixel.
    fn lay(&mut self, [x, y]: [usize; 2], share: f32, colour: [f32; 3]) {
        if x >= self.width || y >= self.height {
            return;
        }
        let at = 3 * (y * self.width + x);
        for (value, ink) in self.pixels[at..at + 3].iter_mut().zip(colour) {
            *value += share * (ink - *value);
        }
    }

    fn write(&mut self, character: &[u8], scale: usize, [left, top]: [usize; 2], ink: [f32; 3]) {
        let side = GLYPH * scale;
        for (at, value) in inked(character, scale).into_iter().enumerate() {
            if value == 0 {
                continue;
            }
            let (x, y) = (left + at % side, top + at / side);
            // Ink is a little lighter where the brush was dry.
            let body = 0.94 + 0.06 * cloud(x, y, 5);
            self.lay([x, y], f32::from(value) / 255.0 * body, ink);
        }
    }

    /// A red seal with its characters left out: one, two below each other, or four, from
    /// the right.
    fn stamp(&mut self, characters: &[Vec<u8>], side: usize, [left, top]: [usize; 2]) {
        let (columns, rows) = match characters.len() {
            1 => (1, 1),
            2 => (1, 2),
            _ => (2, 2),
        };
        let pad = (side / 12).max(1);
        let (wide, tall) = ((side - 2 * pad) / columns, (side - 2 * pad) / rows);
        for y in 0..side {
            for x in 0..side {
                let mut share = if hash(left + x, top + y) < 0.04 {
                    0.5
                } else {
                    0.92
                };
                let inside = |at: usize| (pad..side - pad).contains(&at);
                if inside(x) && inside(y) {
                    let column = ((x - pad) / wide.max(1)).min(columns - 1);
                    let row = ((y - pad) / tall.max(1)).min(rows - 1);
                    let place = (columns - 1 - column) * rows + row;
                    let within = |at: usize, cell: usize, size: usize| {
                        ((at - pad - cell * size) * GLYPH / size.max(1)).min(GLYPH - 1)
                    };
                    let (u, v) = (within(x, column, wide), within(y, row, tall));
                    if let Some(character) = characters.get(place) {
                        share *= 1.0 - f32::from(character[v * GLYPH + u]) / 255.0;
                    }
                }
                self.lay([left + x, top + y], share, SEAL);
            }
        }
    }

    fn values(&self) -> Vec<u8> {
        let byte = |value: &f32| value.clamp(0.0, 255.0).round() as u8;
        self.pixels.iter().map(byte).collect()
    }
}

/// A number in 0..1 for a place, the same always.
fn hash(x: usize, y: usize) -> f32 {
    let mut bits = (x as u32).wrapping_mul(0x9e37_79b9) ^ (y as u32).wrapping_mul(0x85eb_ca6b);
    bits ^= bits >> 15;
    bits = bits.wrapping_mul(0x2c1b_3c6d);
    bits ^= bits >> 12;
    (bits >> 8) as f32 / (1_u32 << 24) as f32
}

/// The same, smooth over so many pixels.
fn cloud(x: usize, y: usize, size: usize) -> f32 {
    let (column, row) = (x / size, y / size);
    let (u, v) = (
        (x % size) as f32 / size as f32,
        (y % size) as f32 / size as f32,
    );
    let at = |column, row| hash(column + 7_919, row + 104_729);
    (1.0 - v) * ((1.0 - u) * at(column, row) + u * at(column + 1, row))
        + v * ((1.0 - u) * at(column, row + 1) + u * at(column + 1, row + 1))
}

#[cfg(test)]
mod tests {
    use lampwork_protocol::link::Content;

    use super::*;
    use crate::{read_content, read_whole};

    fn block() -> Vec<u8> {
        let ink = |at: usize| {
            let inside = |at: usize| (12..36).contains(&at);
            inside(at % GLYPH) && inside(at / GLYPH)
        };
        (0..GLYPH * GLYPH)
            .map(|at| if ink(at) { 255 } else { 0 })
            .collect()
    }

    fn lines(across: bool, seal: usize) -> Lines {
        Lines {
            lines: vec![vec![Some(block()); 3], vec![None, Some(block())]],
            across,
            seal: vec![block(); seal],
        }
    }

    /// Share of dark pixels in the part of a picture.
    fn dark(whole: &Whole, x: std::ops::Range<usize>, y: std::ops::Range<usize>) -> f32 {
        let mut dark = 0;
        for row in y.clone() {
            for column in x.clone() {
                dark += u32::from(whole.values[3 * (row * whole.width + column)] < 80);
            }
        }
        dark as f32 / (x.len() * y.len()) as f32
    }

    #[test]
    fn lines_go_down_from_the_right_or_across_from_the_top() {
        let down = paint(&lines(false, 0), 2);
        assert!(down.height > down.width);
        let (cell, half) = (96, down.width / 2);
        // Three characters in the right line, and one in the second place of the left.
        let right = dark(&down, half..down.width, 0..down.height);
        let left = dark(&down, 0..half, 0..down.height);
        assert!(right > 2.5 * left && left > 0.0, "{right} {left}");
        assert_eq!(dark(&down, 0..half, 0..cell + cell / 2), 0.0);
        let across = paint(&lines(true, 0), 2);
        assert_eq!((across.width, across.height), (down.height, down.width));
        let half = across.height / 2;
        assert!(
            dark(&across, 0..across.width, 0..half)
                > dark(&across, 0..across.width, half..2 * half)
        );
    }

    #[test]
    fn a_seal_is_red_and_makes_room_for_itself() {
        for count in 1..=4 {
            let plain = paint(&lines(false, 0), 2);
            let sealed = paint(&lines(false, count), 2);
            assert!(sealed.width > plain.width);
            let red = |whole: &Whole| {
                let pixels = whole.values.chunks_exact(3);
                pixels.filter(|p| p[0] > 120 && p[1] < 90).count()
            };
            assert_eq!(red(&plain), 0);
            assert!(red(&sealed) > 500, "{count}");
        }
    }

    #[test]
    fn ink_has_hard_edges_and_keeps_its_place() {
        let inked = inked(&block(), 4);
        let side = 4 * GLYPH;
        let soft = inked.iter().filter(|v| (1..255).contains(*v)).count();
        assert!(soft < 4 * side, "{soft}");
        assert_eq!(inked[(side / 2) * side + side / 2], 255);
        assert_eq!(inked[0], 0);
    }

    #[test]
    fn a_file_says_what_it_was_made_by() {
        let recipe = Scroll {
            model: "cycle-brush".to_owned(),
            weights: [3; 8],
            text: "永".to_owned(),
            hand: 1,
            across: true,
            seal: String::new(),
        };
        let file = scroll(&lines(true, 1), 2, &recipe);
        assert_eq!(read_content(&file), Ok(Content::Scroll(recipe)));
        let text = String::from_utf8_lossy(&file);
        assert!(text.contains("trainedAlgorithmicMedia"));
        let whole = read_whole(&file, 4096).unwrap();
        assert_eq!(whole, paint(&lines(true, 1), 2));
    }

    #[test]
    fn nothing_at_all_is_still_a_sheet_of_paper() {
        let empty = Lines {
            lines: vec![],
            across: false,
            seal: vec![],
        };
        assert!(paint(&empty, 0).width > 0);
    }
}
