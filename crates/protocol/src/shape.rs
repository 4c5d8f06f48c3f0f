//! How large a picture is.

use serde::{Deserialize, Serialize};

/// How large a picture is: square, its channels together pixel by pixel.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Shape {
    /// Pixels on a side.
    pub side: usize,
    /// 1 for grey, 3 for red, green and blue.
    pub channels: usize,
}

impl Shape {
    /// 28 x 28 in grey: fashion and digits.
    pub const GREY: Shape = Shape {
        side: 28,
        channels: 1,
    };

    /// 32 x 32 in colour: emoji, tiles and faces.
    pub const COLOUR: Shape = Shape {
        side: 32,
        channels: 3,
    };

    /// 48 x 48 in grey: characters, the least at which one of thirty strokes is legible.
    pub const BRUSH: Shape = Shape {
        side: 48,
        channels: 1,
    };

    /// That of what is no picture.
    pub const NONE: Shape = Shape {
        side: 0,
        channels: 0,
    };

    /// Numbers of one picture: `side * side * channels`.
    pub const fn values(self) -> usize {
        self.side * self.side * self.channels
    }

    /// The shape of a picture of so many numbers, if there is one.
    pub fn of(values: usize) -> Option<Shape> {
        [Shape::GREY, Shape::COLOUR]
            .into_iter()
            .find(|shape| shape.values() == values)
    }
}
