//! Pictures made larger without a net: what a net that enlarges is compared with.

/// Each pixel as a square of `by` x `by`.
///
/// # Shapes
/// - picture: `[height, width, channels]`
/// - output: `[height * by, width * by, channels]`
///
/// # Panics
/// There are not as many values as `width` and `channels` say, or `by` is 0.
pub fn nearest(picture: &[u8], width: usize, channels: usize, by: usize) -> Vec<u8> {
    assert!(by > 0 && picture.len().is_multiple_of(width * channels));
    let mut made = Vec::with_capacity(picture.len() * by * by);
    for row in picture.chunks_exact(width * channels) {
        for _ in 0..by {
            for pixel in row.chunks_exact(channels) {
                (0..by).for_each(|_| made.extend_from_slice(pixel));
            }
        }
    }
    made
}

/// Bicubic interpolation (Keys 1981, with a = -1/2), as Pillow's `BICUBIC` has it: what
/// would lie beyond an edge is left out of the mean.
///
/// # Shapes
/// - picture: `[height, width, channels]`
/// - output: `[height * by, width * by, channels]`
///
/// # Panics
/// As [`nearest`].
pub fn bicubic(picture: &[u8], width: usize, channels: usize, by: usize) -> Vec<u8> {
    assert!(by > 0 && picture.len().is_multiple_of(width * channels));
    let height = picture.len() / (width * channels);
    let (across, down) = (taps(width, by), taps(height, by));
    let wide = width * by;
    // Rows first, then columns; the opacity weighs the colours.
    let mut rows = vec![0.0_f32; height * wide * channels];
    for y in 0..height {
        for (x, taps) in across.iter().enumerate() {
            let to = (y * wide + x) * channels;
            for &(from, weight) in taps {
                let pixel = &picture[(y * width + from) * channels..][..channels];
                let opacity = if channels == 4 {
                    f32::from(pixel[3]) / 255.0
                } else {
                    1.0
                };
                for (channel, &value) in pixel.iter().enumerate() {
                    let opacity = if channel == 3 { 1.0 } else { opacity };
                    rows[to + channel] += weight * opacity * f32::from(value);
                }
            }
        }
    }
    // As Pillow, which keeps bytes between the two: what overshoots is cut there, too.
    for value in &mut rows {
        *value = value.round().clamp(0.0, 255.0);
    }
    let mut made = Vec::with_capacity(wide * height * by * channels);
    let mut pixel = vec![0.0_f32; channels];
    for taps in &down {
        for x in 0..wide {
            pixel.fill(0.0);
            for &(from, weight) in taps {
                let values = &rows[(from * wide + x) * channels..][..channels];
                for (sum, value) in pixel.iter_mut().zip(values) {
                    *sum += weight * value;
                }
            }
            let opacity = if channels == 4 { pixel[3] / 255.0 } else { 1.0 };
            for (channel, &value) in pixel.iter().enumerate() {
                let value = if channel == 3 {
                    value
                } else {
                    value / opacity.max(1e-3)
                };
                made.push(value.round().clamp(0.0, 255.0) as u8);
            }
        }
    }
    made
}

/// For each pixel of the result, which pixels it is a mean of, and their weights.
fn taps(length: usize, by: usize) -> Vec<Vec<(usize, f32)>> {
    (0..length * by)
        .map(|at| {
            let middle = (at as f32 + 0.5) / by as f32 - 0.5;
            let first = middle.floor() as isize - 1;
            let taps: Vec<(usize, f32)> = (first..first + 4)
                .filter(|from| (0..length as isize).contains(from))
                .map(|from| (from as usize, keys(middle - from as f32)))
                .collect();
            let sum: f32 = taps.iter().map(|(_, weight)| weight).sum();
            taps.into_iter()
                .map(|(from, weight)| (from, weight / sum))
                .collect()
        })
        .collect()
}

/// Keys's cubic, of a distance in pixels.
fn keys(apart: f32) -> f32 {
    const A: f32 = -0.5;
    let x = apart.abs();
    if x < 1.0 {
        ((A + 2.0) * x - (A + 3.0)) * x * x + 1.0
    } else if x < 2.0 {
        (((x - 5.0) * x + 8.0) * x - 4.0) * A
    } else {
        0.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A grey picture of 4 x 3.
    const SMALL: [u8; 12] = [0, 50, 255, 255, 10, 200, 90, 30, 128, 0, 255, 7];

    #[test]
    fn nearest_repeats_pixels() {
        let made = nearest(&[1, 2, 3, 4], 2, 1, 2);
        assert_eq!(made, [1, 1, 2, 2, 1, 1, 2, 2, 3, 3, 4, 4, 3, 3, 4, 4]);
        let colour = nearest(&[1, 2, 3, 4, 5, 6], 2, 3, 2);
        assert_eq!(colour[..12], [1, 2, 3, 1, 2, 3, 4, 5, 6, 4, 5, 6]);
    }

    /// `Image.fromarray(small).resize((8, 6), Image.BICUBIC)` of Pillow.
    #[test]
    fn bicubic_is_pillows() {
        let pillow = [
            0, 1, 13, 86, 223, 255, 255, 255, 0, 12, 55, 117, 195, 216, 214, 212, 0, 35, 145, 180,
            135, 100, 85, 78, 31, 62, 141, 167, 136, 89, 29, 4, 113, 89, 43, 78, 198, 186, 51, 0,
            151, 102, 0, 36, 227, 231, 62, 0,
        ];
        let made = bicubic(&SMALL, 4, 1, 2);
        for (at, (made, pillow)) in made.iter().zip(pillow).enumerate() {
            // Its weights are whole numbers.
            assert!(made.abs_diff(pillow) <= 1, "{at}: {made} and {pillow}");
        }
    }

    #[test]
    fn what_is_transparent_lends_no_colour() {
        // Red beside nothing at all, which happens to be green.
        let made = bicubic(&[255, 0, 0, 255, 0, 255, 0, 0], 2, 4, 2);
        for pixel in made.chunks_exact(4).filter(|pixel| pixel[3] > 8) {
            assert_eq!(pixel[..3], [255, 0, 0]);
        }
    }
}
