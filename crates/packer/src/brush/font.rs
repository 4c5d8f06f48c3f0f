//! One hand: a font whose characters are drawn.

use ab_glyph::{Font, FontVec, GlyphId, PxScale, point};

use super::SIDE;
use crate::woff;

/// Pixels that nineteen of twenty characters of a hand fit, the longer side of each.
const FIT: f32 = 44.0;

/// Pixels that no character goes beyond.
const MOST: f32 = 46.0;

/// Size at which characters are measured: finer than any difference that shows.
const MEASURED: f32 = 1_000.0;

/// Least ink of a character, in pixels: less is a blank.
const LEAST: u32 = 255 * 12;

/// A font whose characters are drawn.
#[derive(Debug)]
pub struct Hand {
    font: FontVec,
    /// What the font draws of a character that it does not have, as large as measured.
    missing: Option<[f32; 4]>,
}

impl Hand {
    /// A font of a TrueType, OpenType or WOFF file; `None` where it is none.
    pub fn read(bytes: Vec<u8>) -> Option<Self> {
        let bytes = woff::unpack(&bytes).unwrap_or(bytes);
        let font = FontVec::try_from_vec(bytes).ok()?;
        let missing = bounds(&font, GlyphId(0), MEASURED);
        Some(Self { font, missing })
    }

    /// Whether it has a character of its own, no blank and not the sign for what is
    /// missing.
    pub fn has(&self, character: char) -> bool {
        let id = self.font.glyph_id(character);
        let found = (id.0 != 0).then(|| bounds(&self.font, id, MEASURED));
        found
            .flatten()
            .is_some_and(|found| Some(found) != self.missing)
    }

    /// The size at which nineteen of twenty of those characters that it has fit.
    pub fn size(&self, characters: &[char]) -> f32 {
        let has = characters.iter().filter(|&&character| self.has(character));
        let mut sides: Vec<f32> = has
            .filter_map(|&character| self.longer(character))
            .collect();
        sides.sort_by(f32::total_cmp);
        match sides.get(sides.len() * 19 / 20) {
            Some(side) => MEASURED * FIT / side,
            None => FIT,
        }
    }

    /// The longer side of a character, as measured.
    fn longer(&self, character: char) -> Option<f32> {
        let [left, top, right, bottom] =
            bounds(&self.font, self.font.glyph_id(character), MEASURED)?;
        Some((right - left).max(bottom - top))
    }

    /// A character in the middle of a picture, `[SIDE, SIDE]` bytes, 255 for ink; none
    /// where the hand does not have it.
    pub fn draw(&self, character: char, size: f32) -> Option<Vec<u8>> {
        if !self.has(character) {
            return None;
        }
        let size = size.min(MEASURED * MOST / self.longer(character)?);
        let id = self.font.glyph_id(character);
        let [left, top, right, bottom] = bounds(&self.font, id, MEASURED)?;
        let middle = |from: f32, to: f32| SIDE as f32 / 2.0 - (from + to) / 2.0 * size / MEASURED;
        let place = point(middle(left, right), middle(top, bottom));
        let glyph = id.with_scale_and_position(PxScale::from(size), place);
        let outline = self.font.outline_glyph(glyph)?;
        let corner = outline.px_bounds().min;
        let mut picture = vec![0_u8; SIDE * SIDE];
        outline.draw(|x, y, ink| {
            let (x, y) = (corner.x + x as f32, corner.y + y as f32);
            let within = |at: f32| (0.0..SIDE as f32).contains(&at);
            if within(x) && within(y) {
                let at = y as usize * SIDE + x as usize;
                picture[at] = (ink.clamp(0.0, 1.0) * 255.0).round() as u8;
            }
        });
        let ink: u32 = picture.iter().map(|&value| u32::from(value)).sum();
        (ink >= LEAST).then_some(picture)
    }
}

/// Left, top, right and bottom of a glyph's ink at a size, downwards from its base line.
fn bounds(font: &FontVec, id: GlyphId, size: f32) -> Option<[f32; 4]> {
    let glyph = id.with_scale(PxScale::from(size));
    let bounds = font.outline_glyph(glyph)?.px_bounds();
    Some([bounds.min.x, bounds.min.y, bounds.max.x, bounds.max.y])
}
