//! The colours that grey values are shown in. For the eye only: files are grey.

use lampwork_protocol::Shape;
use leptos::prelude::*;

use crate::theme::Look;

/// Colours from black to white; by theme and by the visitor's wish.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Ramp(&'static [[u8; 3]]);

/// Black iron to white heat.
const EMBER: [[u8; 3]; 6] = [
    [13, 9, 7],
    [62, 24, 12],
    [146, 52, 16],
    [232, 112, 48],
    [255, 190, 116],
    [255, 247, 232],
];

/// Warm ink on paper.
const INK: [[u8; 3]; 4] = [
    [253, 247, 236],
    [214, 188, 158],
    [132, 88, 60],
    [38, 22, 14],
];

/// As it is.
const GREY: [[u8; 3]; 2] = [[0, 0, 0], [255, 255, 255]];

impl Ramp {
    /// Grey as it is, as files have it.
    pub const PLAIN: Ramp = Ramp(&GREY);

    /// The ramp in force; tracked.
    pub fn of(look: Look) -> Ramp {
        match (look.ember.get(), look.dark.get()) {
            (false, _) => Ramp(&GREY),
            (true, true) => Ramp(&EMBER),
            (true, false) => Ramp(&INK),
        }
    }

    /// RGBA of grey pixels.
    pub fn paint(&self, pixels: &[u8]) -> Vec<u8> {
        let table: Vec<[u8; 3]> = (0..=255).map(|grey| self.at(grey)).collect();
        pixels
            .iter()
            .flat_map(|&grey| {
                let [r, g, b] = table[usize::from(grey)];
                [r, g, b, 255]
            })
            .collect()
    }

    /// RGBA of a picture: colours as they are, grey by the ramp.
    pub fn paint_picture(&self, pixels: &[u8], shape: Shape) -> Vec<u8> {
        if shape.channels == 1 {
            return self.paint(pixels);
        }
        pixels
            .chunks_exact(3)
            .flat_map(|pixel| [pixel[0], pixel[1], pixel[2], 255])
            .collect()
    }

    fn at(&self, grey: u8) -> [u8; 3] {
        let last = self.0.len() - 1;
        let place = f32::from(grey) / 255.0 * last as f32;
        let low = (place as usize).min(last - 1);
        let t = place - low as f32;
        std::array::from_fn(|channel| {
            let (a, b) = (
                f32::from(self.0[low][channel]),
                f32::from(self.0[low + 1][channel]),
            );
            (a + (b - a) * t).round() as u8
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_grey_is_left_as_it_is() {
        let painted = Ramp(&GREY).paint(&[0, 1, 128, 255]);
        assert_eq!(
            painted,
            [
                0, 0, 0, 255, 1, 1, 1, 255, 128, 128, 128, 255, 255, 255, 255, 255
            ]
        );
    }

    #[test]
    fn a_ramp_begins_and_ends_with_its_own_colours() {
        assert_eq!(Ramp(&EMBER).at(0), EMBER[0]);
        assert_eq!(Ramp(&EMBER).at(255), EMBER[5]);
        assert_eq!(Ramp(&INK).at(255), INK[3]);
    }
}
