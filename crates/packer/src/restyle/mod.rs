//! What a net that restyles learns from: photographs, pictures of styles, and the net
//! whose features both are compared by.
//!
//! - [`rcc`] reads the resource files in which GCompris keeps its pictures.
//! - [`paintings`] puts its paintings together, which are cut into pieces of puzzles.
//! - [`drawn`] draws the other styles.
//! - [`photos`] cuts photographs into squares.
//! - [`vgg`] takes the convolutions of VGG16 out of a file of PyTorch's.
//!
//! Of all this nothing ships but what a net makes of it.

pub mod drawn;
pub mod paintings;
pub mod photos;
pub mod rcc;
pub mod vgg;

/// A picture of red, green and blue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rgb {
    /// Pixels across.
    pub width: usize,
    /// Pixels down.
    pub height: usize,
    /// `[height, width, 3]`.
    pub values: Vec<u8>,
}

impl Rgb {
    /// A part of it.
    ///
    /// # Panics
    /// The part reaches over its edges.
    pub fn part(&self, left: usize, top: usize, width: usize, height: usize) -> Self {
        assert!(left + width <= self.width && top + height <= self.height);
        let mut values = Vec::with_capacity(width * height * 3);
        for y in top..top + height {
            let from = (y * self.width + left) * 3;
            values.extend_from_slice(&self.values[from..from + width * 3]);
        }
        Self {
            width,
            height,
            values,
        }
    }

    /// The same, smaller: each pixel is the mean of what lies under it.
    ///
    /// # Panics
    /// It would be larger, or have no pixel.
    pub fn shrunk(&self, width: usize, height: usize) -> Self {
        assert!((1..=self.width).contains(&width) && (1..=self.height).contains(&height));
        let across = shares(self.width, width);
        let down = shares(self.height, height);
        // Along rows first.
        let mut rows = vec![0.0_f64; self.height * width * 3];
        for y in 0..self.height {
            for (x, (first, weights)) in across.iter().enumerate() {
                for (at, weight) in weights.iter().enumerate() {
                    let from = (y * self.width + first + at) * 3;
                    for channel in 0..3 {
                        rows[(y * width + x) * 3 + channel] +=
                            weight * f64::from(self.values[from + channel]);
                    }
                }
            }
        }
        let mut values = Vec::with_capacity(width * height * 3);
        for (first, weights) in &down {
            for at in 0..width * 3 {
                let sum: f64 = weights
                    .iter()
                    .enumerate()
                    .map(|(row, weight)| weight * rows[(first + row) * width * 3 + at])
                    .sum();
                values.push(sum.round() as u8);
            }
        }
        Self {
            width,
            height,
            values,
        }
    }
}

/// For each of `to` pixels: the first of `from` that lies under it, and the shares of
/// that and of those after it.
fn shares(from: usize, to: usize) -> Vec<(usize, Vec<f64>)> {
    let ratio = from as f64 / to as f64;
    (0..to)
        .map(|at| {
            let (begin, end) = (at as f64 * ratio, (at + 1) as f64 * ratio);
            let first = begin.floor() as usize;
            let last = (end.ceil() as usize).min(from);
            let weights = (first..last).map(|pixel| {
                let (low, high) = (pixel as f64, pixel as f64 + 1.0);
                (high.min(end) - low.max(begin)).max(0.0) / ratio
            });
            (first, weights.collect())
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shrinking_takes_means() {
        let picture = Rgb {
            width: 4,
            height: 2,
            values: (0..8).flat_map(|value| [value * 10; 3]).collect(),
        };
        let small = picture.shrunk(2, 1);
        assert_eq!(small.values, [25, 25, 25, 45, 45, 45]);
        // Two thirds of a pixel count for two thirds.
        let row = Rgb {
            width: 3,
            height: 1,
            values: [0, 90, 180]
                .into_iter()
                .flat_map(|value| [value; 3])
                .collect(),
        };
        assert_eq!(row.shrunk(2, 1).values, [30, 30, 30, 150, 150, 150]);
        assert_eq!(
            picture.part(1, 0, 2, 2).values[..6],
            [10, 10, 10, 20, 20, 20]
        );
    }
}
