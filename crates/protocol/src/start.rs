//! A picture that a flow begins with, in place of noise alone.

use serde::{Deserialize, Serialize};

use crate::Shape;

/// A picture that a flow begins with.
///
/// The path from noise to picture is entered at `t = 1 - strength`, at the mixture
/// of the recipe's noise and this picture that belongs there (SDEdit, Meng 2022).
/// With a mask, pixels outside of it stay what they are, to the bit, and those
/// within are made to go with them (RePaint, Lugmayr 2022).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Start {
    /// Its pixels, as those of a model's pictures.
    pub picture: Vec<u8>,
    /// How much of the path is gone: 0 gives the picture back, 1 keeps of it only
    /// what stands outside of the mask.
    pub strength: f32,
    /// Which pixels may change, a bit each, row by row, the highest bit first; all
    /// of them where there is none.
    pub mask: Option<Vec<u8>>,
}

impl Start {
    /// How large its picture is, if it is of any size that there is.
    pub fn shape(&self) -> Option<Shape> {
        Shape::of(self.picture.len())
    }

    /// Whether pixel number `at`, counted row by row, may change.
    pub fn changes(&self, at: usize) -> bool {
        self.mask.as_ref().is_none_or(|mask| {
            mask.get(at / 8)
                .is_some_and(|byte| byte & (0x80 >> (at % 8)) != 0)
        })
    }

    /// The mask that lets those pixels change.
    pub fn mask_of(pixels: &[bool]) -> Vec<u8> {
        let byte = |bits: &[bool]| {
            let bits = bits.iter().enumerate();
            bits.fold(0, |byte, (at, &bit)| byte | (u8::from(bit) << (7 - at)))
        };
        pixels.chunks(8).map(byte).collect()
    }

    /// Bytes of a mask of a picture of this shape.
    pub const fn mask_bytes(shape: Shape) -> usize {
        (shape.side * shape.side).div_ceil(8)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mask_says_of_each_pixel_what_it_was_made_of() {
        let pixels: Vec<bool> = (0..784).map(|at| at % 3 == 0 || at > 700).collect();
        let start = Start {
            picture: vec![0; 784],
            strength: 1.0,
            mask: Some(Start::mask_of(&pixels)),
        };
        assert_eq!(
            start.mask.as_ref().map(Vec::len),
            Some(Start::mask_bytes(Shape::GREY))
        );
        for (at, &bit) in pixels.iter().enumerate() {
            assert_eq!(start.changes(at), bit, "pixel {at}");
        }
        let all = Start {
            mask: None,
            ..start
        };
        assert!((0..784).all(|at| all.changes(at)));
    }
}
