//! A picture that is worked on, and what a brush does to it.

use lampwork_protocol::{Recipe, Shape, Start};

/// A picture with the part of it that is to be filled in.
#[derive(Debug, Clone, PartialEq)]
pub struct Work {
    /// How large it is.
    pub shape: Shape,
    /// Its pixels, the channels of each together.
    pub pixels: Vec<u8>,
    /// Which pixels are to be filled in, row by row.
    pub mask: Vec<bool>,
    /// How a model made it, as long as nothing else was done to it.
    pub recipe: Option<Recipe>,
    /// Whether a model had a hand in it.
    pub by_model: bool,
}

/// What a brush leaves.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Ink {
    /// This colour; of grey its first.
    Colour([u8; 3]),
    /// A place to be filled in, or none.
    Mask(bool),
}

impl Work {
    /// A picture with nothing marked on it.
    pub fn new(shape: Shape, pixels: Vec<u8>, recipe: Option<Recipe>) -> Work {
        Work {
            shape,
            mask: vec![false; shape.side * shape.side],
            pixels,
            by_model: recipe.is_some(),
            recipe,
        }
    }

    /// An empty paper: black for grey, as the models know it, white for colour.
    pub fn blank(shape: Shape) -> Work {
        let ground = if shape.channels == 1 { 0 } else { 255 };
        Work::new(shape, vec![ground; shape.values()], None)
    }

    /// Whether anything is marked to be filled in.
    pub fn is_masked(&self) -> bool {
        self.mask.contains(&true)
    }

    /// What a model begins with: with a mask the marked part is made anew, without
    /// one all of it.
    pub fn start(&self, strength: f32, masked: bool) -> Start {
        Start {
            picture: self.pixels.clone(),
            strength,
            mask: masked.then(|| Start::mask_of(&self.mask)),
        }
    }

    /// The colour of a pixel; of grey three times the same.
    pub fn colour(&self, at: usize) -> [u8; 3] {
        let pixel = &self.pixels[at * self.shape.channels..];
        match self.shape.channels {
            1 => [pixel[0]; 3],
            _ => [pixel[0], pixel[1], pixel[2]],
        }
    }

    /// The colour that most corners have, of two as frequent that of the earlier: what
    /// an eraser leaves.
    pub fn ground(&self) -> [u8; 3] {
        let side = self.shape.side;
        let corners = [0, side - 1, side * (side - 1), side * side - 1];
        let corners = corners.map(|at| self.colour(at));
        let same = |colour: &[u8; 3]| corners.iter().filter(|other| *other == colour).count();
        let corners = corners.into_iter().rev();
        corners.max_by_key(same).unwrap_or([255; 3])
    }

    /// Leaves a round dab of this radius around a point; all in pixels.
    pub fn dab(&mut self, (x, y): (f32, f32), radius: f32, ink: Ink) {
        let Shape { side, channels } = self.shape;
        for at in 0..side * side {
            let far = ((at % side) as f32 + 0.5 - x).hypot((at / side) as f32 + 0.5 - y);
            let cover = (radius + 0.5 - far).clamp(0.0, 1.0);
            match ink {
                Ink::Mask(on) if cover >= 0.5 => self.mask[at] = on,
                Ink::Mask(_) => {}
                Ink::Colour(colour) => {
                    let pixel = self.pixels[at * channels..].iter_mut().zip(colour);
                    for (value, to) in pixel.take(channels) {
                        let (from, to) = (f32::from(*value), f32::from(to));
                        *value = (from + (to - from) * cover).round() as u8;
                    }
                }
            }
        }
    }

    /// A line of dabs, whose radius goes from one to the other.
    pub fn line(&mut self, from: (f32, f32), to: (f32, f32), radii: (f32, f32), ink: Ink) {
        let length = (to.0 - from.0).hypot(to.1 - from.1);
        let dabs = (length * 2.0).ceil().max(1.0) as usize;
        for dab in 1..=dabs {
            let t = dab as f32 / dabs as f32;
            let between = |a: f32, b: f32| a + (b - a) * t;
            let place = (between(from.0, to.0), between(from.1, to.1));
            self.dab(place, between(radii.0, radii.1), ink);
        }
    }

    /// Fills all that has nearly the colour of the pixel `at` and hangs together
    /// with it.
    pub fn pour(&mut self, at: usize, ink: Ink) {
        let side = self.shape.side;
        let aim = self.colour(at);
        let alike = |work: &Work, at: usize| {
            let colour = work.colour(at);
            aim.iter().zip(colour).all(|(&a, b)| a.abs_diff(b) <= ALIKE)
        };
        let mut seen = vec![false; side * side];
        let mut edge = vec![at];
        while let Some(at) = edge.pop() {
            if std::mem::replace(&mut seen[at], true) || !alike(self, at) {
                continue;
            }
            let (x, y) = (at % side, at / side);
            edge.extend((x > 0).then(|| at - 1));
            edge.extend((x + 1 < side).then_some(at + 1));
            edge.extend((y > 0).then(|| at - side));
            edge.extend((y + 1 < side).then_some(at + side));
            self.put(at, ink);
        }
    }

    fn put(&mut self, at: usize, ink: Ink) {
        let channels = self.shape.channels;
        match ink {
            Ink::Mask(on) => self.mask[at] = on,
            Ink::Colour(colour) => {
                self.pixels[at * channels..][..channels].copy_from_slice(&colour[..channels]);
            }
        }
    }

    /// Left and right changed over.
    pub fn flipped(&self) -> Work {
        let Shape { side, channels } = self.shape;
        let mut work = self.clone();
        for at in 0..side * side {
            let from = at / side * side + (side - 1 - at % side);
            work.mask[at] = self.mask[from];
            let pixel = &self.pixels[from * channels..][..channels];
            work.pixels[at * channels..][..channels].copy_from_slice(pixel);
        }
        work
    }

    /// Light for dark.
    pub fn inverted(&self) -> Work {
        Work {
            pixels: self.pixels.iter().map(|value| 255 - value).collect(),
            ..self.clone()
        }
    }

    /// With this light.
    pub fn lit(&self, light: Light) -> Work {
        let pixels = self.pixels.chunks_exact(self.shape.channels);
        Work {
            pixels: pixels.flat_map(|pixel| light.on(pixel)).collect(),
            ..self.clone()
        }
    }
}

/// How far colours may lie apart, channel by channel, and be one to the bucket.
const ALIKE: u8 = 24;

/// Brightness, contrast and colour; all zero changes nothing.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Light {
    /// Added to all values, -1..1 of the whole range.
    pub brightness: f32,
    /// How much further from the middle grey values go, -1..1; 1 is three times.
    pub contrast: f32,
    /// How much further from their grey colours go, -1..1; -1 leaves grey.
    pub colour: f32,
}

impl Light {
    fn on(self, pixel: &[u8]) -> impl Iterator<Item = u8> {
        let factor = |amount: f32| {
            if amount < 0.0 {
                1.0 + amount
            } else {
                1.0 + 2.0 * amount
            }
        };
        // Rec. 709, as files are read.
        let luma = match *pixel {
            [r, g, b] => 0.2126 * f32::from(r) + 0.7152 * f32::from(g) + 0.0722 * f32::from(b),
            _ => f32::from(pixel[0]),
        };
        let (contrast, colour) = (factor(self.contrast), factor(self.colour));
        pixel.iter().map(move |&value| {
            let value = luma + (f32::from(value) - luma) * colour;
            let value = 127.5 + (value - 127.5) * contrast + 255.0 * self.brightness;
            value.round().clamp(0.0, 255.0) as u8
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RED: Ink = Ink::Colour([200, 10, 20]);

    #[test]
    fn a_stroke_leaves_no_gap_and_nothing_far_from_it() {
        let mut work = Work::blank(Shape::COLOUR);
        work.line((4.5, 16.5), (27.5, 16.5), (1.0, 2.0), RED);
        for x in 4..28 {
            assert_eq!(work.colour(16 * 32 + x), [200, 10, 20], "column {x}");
        }
        assert_eq!(work.colour(10 * 32 + 16), [255; 3]);
        assert!(!work.is_masked());
    }

    #[test]
    fn a_mask_changes_no_pixel_and_is_wiped_again() {
        let mut work = Work::blank(Shape::GREY);
        work.dab((14.0, 14.0), 3.0, Ink::Mask(true));
        assert!(work.mask[14 * 28 + 14] && !work.mask[0]);
        assert_eq!(work.pixels, [0; 784]);
        assert!(work.start(1.0, true).changes(14 * 28 + 14));
        work.dab((14.0, 14.0), 5.0, Ink::Mask(false));
        assert!(!work.is_masked());
    }

    #[test]
    fn a_pour_stops_at_a_line() {
        let mut work = Work::blank(Shape::COLOUR);
        work.line((16.5, -1.0), (16.5, 33.0), (1.0, 1.0), RED);
        work.pour(0, Ink::Colour([0, 0, 255]));
        assert_eq!(work.colour(31 * 32), [0, 0, 255]);
        assert_eq!(work.colour(31), [255; 3]);
        assert_eq!(work.ground(), [0, 0, 255]);
    }

    #[test]
    fn flipping_and_inverting_twice_change_nothing() {
        let mut work = Work::blank(Shape::COLOUR);
        work.dab((3.0, 9.0), 2.0, RED);
        work.dab((20.0, 9.0), 2.0, Ink::Mask(true));
        assert_ne!(work.flipped(), work);
        assert_eq!(work.flipped().flipped(), work);
        assert_eq!(work.inverted().inverted(), work);
    }

    #[test]
    fn no_light_changes_nothing_and_less_colour_is_grey() {
        let mut work = Work::blank(Shape::COLOUR);
        work.dab((8.0, 8.0), 4.0, RED);
        assert_eq!(work.lit(Light::default()), work);
        let grey = work.lit(Light {
            colour: -1.0,
            ..Light::default()
        });
        let [r, g, b] = grey.colour(8 * 32 + 8);
        assert!(r == g && g == b, "{r} {g} {b}");
        let bright = work.lit(Light {
            brightness: 1.0,
            ..Light::default()
        });
        assert!(bright.pixels.iter().all(|&value| value == 255));
    }
}
