//! What is done to pictures so that a net learns to undo it.

use lampwork_protocol::{Shape, Spoil};

use crate::Noise;

/// One picture in so many gets no noise, so that a net learns to leave alone what needs
/// no repair.
const CLEAN: f32 = 0.125;

/// Fewest and most scratches of a scratched picture.
pub const SCRATCHES: [u32; 2] = [1, 3];

/// Pictures as a net is shown them.
///
/// # Shapes
/// - pictures: `[count, side, side, channels]` in 0..1
/// - output: the same, of a side `spoil.shrink` times smaller
pub fn spoiled(pictures: &[f32], shape: Shape, spoil: &Spoil, noise: &mut Noise) -> Vec<f32> {
    let side = shape.side / spoil.shrink;
    let small = Shape { side, ..shape };
    let mut made = Vec::with_capacity(pictures.len() / spoil.shrink.pow(2));
    for picture in pictures.chunks_exact(shape.values()) {
        let mut picture = shrunk(picture, shape, spoil.shrink);
        if spoil.noise > 0.0 {
            let deviation = spoil.noise * noise.one_uniform();
            if noise.one_uniform() >= CLEAN {
                noisy(&mut picture, deviation, noise);
            }
        }
        if one_of(spoil.scratches, noise) {
            let [fewest, most] = SCRATCHES;
            let count = fewest + noise.below(most - fewest + 1);
            scratched(&mut picture, small, count, noise);
        }
        made.extend(picture);
    }
    made
}

/// Whether this picture is one of such a share.
fn one_of(share: f32, noise: &mut Noise) -> bool {
    share > 0.0 && noise.one_uniform() < share
}

/// The mean of every square of `by` x `by` pixels, as 8 bits hold it: what `packer`
/// makes of a drawing.
pub fn shrunk(picture: &[f32], shape: Shape, by: usize) -> Vec<f32> {
    let Shape { side, channels } = shape;
    if by == 1 {
        return picture.to_vec();
    }
    let small = side / by;
    let mut sums = vec![0.0; small * small * channels];
    for y in 0..small * by {
        for x in 0..small * by {
            for channel in 0..channels {
                let from = (y * side + x) * channels + channel;
                sums[((y / by) * small + x / by) * channels + channel] += picture[from];
            }
        }
    }
    let area = (by * by) as f32;
    sums.iter().map(|sum| in_bytes(sum / area)).collect()
}

/// Adds Gaussian noise of this standard deviation, of a span of 1.
pub fn noisy(picture: &mut [f32], deviation: f32, noise: &mut Noise) {
    for value in picture {
        *value = in_bytes(*value + deviation * noise.one_normal());
    }
}

/// Draws `count` scratches: bent lines of a pixel or two, mostly white, some dark, some
/// of any colour. Of a picture of 64 pixels they are twice as wide as of one of 32.
pub fn scratched(picture: &mut [f32], shape: Shape, count: u32, noise: &mut Noise) {
    for _ in 0..count {
        let line = Scratch::drawn(shape, noise);
        line.draw(picture, shape);
    }
}

/// A bent line, of points of a quadratic curve.
struct Scratch {
    points: Vec<[f32; 2]>,
    /// Half its width, in pixels.
    half: f32,
    colour: [f32; 3],
}

impl Scratch {
    /// Points that a curve is drawn by.
    const POINTS: usize = 12;

    fn drawn(shape: Shape, noise: &mut Noise) -> Self {
        let side = shape.side as f32;
        let at = |noise: &mut Noise| [noise.one_uniform() * side, noise.one_uniform() * side];
        let (middle, angle) = (at(noise), noise.one_uniform() * std::f32::consts::PI);
        let half_length = side * (0.2 + 0.6 * noise.one_uniform());
        let bend = side * 0.12 * noise.one_normal();
        let (sine, cosine) = angle.sin_cos();
        let points = (0..=Self::POINTS)
            .map(|i| {
                // From -1 to 1 along the line, furthest from it in the middle.
                let t = 2.0 * i as f32 / Self::POINTS as f32 - 1.0;
                let (along, across) = (t * half_length, bend * (1.0 - t * t));
                [
                    middle[0] + along * cosine - across * sine,
                    middle[1] + along * sine + across * cosine,
                ]
            })
            .collect();
        let half = side / 32.0 * (0.4 + 0.6 * noise.one_uniform());
        let colour = match noise.one_uniform() {
            kind if kind < 0.5 => [1.0; 3],
            kind if kind < 0.7 => [0.1 * noise.one_uniform(); 3],
            _ => [(); 3].map(|()| noise.one_uniform()),
        };
        Self {
            points,
            half,
            colour,
        }
    }

    fn draw(&self, picture: &mut [f32], shape: Shape) {
        let Shape { side, channels } = shape;
        for y in 0..side {
            for x in 0..side {
                let apart = self.apart([x as f32 + 0.5, y as f32 + 0.5]);
                // How much of the pixel is covered, by how far its middle lies inside.
                let covered = (self.half - apart + 0.5).clamp(0.0, 1.0);
                if covered == 0.0 {
                    continue;
                }
                for channel in 0..channels {
                    let value = &mut picture[(y * side + x) * channels + channel];
                    let colour = self.colour[channel.min(2)];
                    *value = in_bytes(*value + covered * (colour - *value));
                }
            }
        }
    }

    /// How far a point is from the line.
    fn apart(&self, point: [f32; 2]) -> f32 {
        let squares = self.points.windows(2).map(|ends| {
            let [from, to] = [ends[0], ends[1]];
            let along = [to[0] - from[0], to[1] - from[1]];
            let off = [point[0] - from[0], point[1] - from[1]];
            let length = along[0] * along[0] + along[1] * along[1];
            let share =
                ((off[0] * along[0] + off[1] * along[1]) / length.max(1e-9)).clamp(0.0, 1.0);
            let (dx, dy) = (off[0] - share * along[0], off[1] - share * along[1]);
            dx * dx + dy * dy
        });
        squares.fold(f32::INFINITY, f32::min).sqrt()
    }
}

/// As 8 bits hold it, of a span of 1.
fn in_bytes(value: f32) -> f32 {
    (value.clamp(0.0, 1.0) * 255.0).round() / 255.0
}
