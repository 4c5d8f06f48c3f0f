use super::Grid;
use crate::Window;
use crate::testing::numbers;

/// A convolution by its definition, in double precision; transposed, every input
/// pixel spreads over the output.
fn plain(
    window: Window,
    input: [usize; 3],
    outs: usize,
    picture: &[f32],
    weight: &[f32],
) -> Vec<f64> {
    let Window {
        kernel,
        stride,
        padding,
        transposed,
    } = window;
    let [ins, height, width] = input;
    let side = |size: usize| {
        if transposed {
            (size - 1) * stride + kernel - 2 * padding
        } else {
            (size + 2 * padding - kernel) / stride + 1
        }
    };
    let (high, wide) = (side(height), side(width));
    let mut made = vec![0.0; outs * high * wide];
    for (o, i) in (0..outs).flat_map(|o| (0..ins).map(move |i| (o, i))) {
        for (ky, kx) in (0..kernel).flat_map(|y| (0..kernel).map(move |x| (y, x))) {
            let pair = if transposed {
                i * outs + o
            } else {
                o * ins + i
            };
            let w = f64::from(weight[(pair * kernel + ky) * kernel + kx]);
            // Of the small side: out of a convolution, into a transposed one.
            let (rows, columns) = if transposed {
                (height, width)
            } else {
                (high, wide)
            };
            for (y, x) in (0..rows).flat_map(|y| (0..columns).map(move |x| (y, x))) {
                let far = |at: usize, k: usize, size: usize| {
                    (at * stride + k)
                        .checked_sub(padding)
                        .filter(|&at| at < size)
                };
                let (down, right) = if transposed {
                    (high, wide)
                } else {
                    (height, width)
                };
                let (Some(fy), Some(fx)) = (far(y, ky, down), far(x, kx, right)) else {
                    continue;
                };
                let (to, from) = if transposed {
                    ((o * high + fy) * wide + fx, (i * height + y) * width + x)
                } else {
                    ((o * high + y) * wide + x, (i * height + fy) * width + fx)
                };
                made[to] += w * f64::from(picture[from]);
            }
        }
    }
    made
}

fn windows() -> impl Iterator<Item = Window> {
    let shapes = [
        (1, 1, 0, false),
        (3, 1, 1, false),
        (3, 2, 1, false),
        (4, 2, 1, false),
        (5, 1, 2, false),
        (3, 1, 0, false),
        (2, 3, 0, false),
        (4, 2, 1, true),
        (2, 2, 0, true),
        (3, 1, 1, true),
        (6, 3, 2, true),
    ];
    shapes
        .into_iter()
        .map(|(kernel, stride, padding, transposed)| Window {
            kernel,
            stride,
            padding,
            transposed,
        })
}

#[test]
fn every_window_is_the_convolution_by_its_definition() {
    for window in windows() {
        for input in [[1, 7, 7], [3, 8, 5], [2, 6, 9]] {
            let outs = 4;
            let grid = Grid::new(window, input, outs).expect("it fits");
            let picture = numbers(input.iter().product(), 1);
            let weight = numbers(input[0] * outs * window.kernel * window.kernel, 2);
            let bias = [0.5, -1.0, 2.0, 0.0];
            let [_, height, width] = grid.output();
            let mut made = vec![9.0; outs * height * width];
            let mut scratch = grid.scratch();
            let weights = grid.weights(&weight);
            // Twice, as the second finds what the first left.
            for _ in 0..2 {
                grid.forward(&picture, &weights, &bias, &mut made, &mut scratch);
            }
            let known = plain(window, input, outs, &picture, &weight);
            assert_eq!(made.len(), known.len(), "{window:?} {input:?}");
            for (at, (made, known)) in made.iter().zip(known).enumerate() {
                let known = known + f64::from(bias[at / (height * width)]);
                let error = (f64::from(*made) - known).abs();
                assert!(error < 1e-5, "{window:?} {input:?} {at}: {made}, {known}");
            }
        }
    }
}

/// A convolution is linear in pictures and in weights: its gradients are what
/// gives the same sum from the other side.
#[test]
fn the_gradients_are_the_adjoints() {
    for window in windows() {
        let (input, outs) = ([3, 8, 6], 2);
        let grid = Grid::new(window, input, outs).expect("it fits");
        let picture = numbers(input.iter().product(), 3);
        let weight = numbers(input[0] * outs * window.kernel * window.kernel, 4);
        let upstream = numbers(grid.output().iter().product(), 5);
        let dot = |a: &[f32], b: &[f32]| -> f64 {
            a.iter()
                .zip(b)
                .map(|(a, b)| f64::from(*a) * f64::from(*b))
                .sum()
        };
        let through = |picture: &[f32], weight: &[f32]| {
            let mut made = vec![0.0; upstream.len()];
            let weights = grid.weights(weight);
            grid.forward(picture, &weights, &[0.0; 2], &mut made, &mut grid.scratch());
            dot(&made, &upstream)
        };
        let mut to_picture = vec![9.0; picture.len()];
        let turned = grid.turned_weights(&weight);
        let mut scratch = grid.scratch();
        let mut weights = vec![0.0; grid.weights_size()];
        let mut other = grid.scratch();
        for _ in 0..2 {
            grid.to_picture(&upstream, &turned, &mut to_picture, &mut scratch);
            grid.to_weights(&picture, &upstream, &mut weights, &mut other);
        }
        let to_weight = grid.to_weight(&weights);
        for seed in 6..9 {
            let direction = numbers(picture.len(), seed);
            let (known, made) = (through(&direction, &weight), dot(&to_picture, &direction));
            assert!((known - made).abs() < 1e-4, "{window:?}: {known}, {made}");
            let direction = numbers(weight.len(), seed);
            // It was added twice.
            let (known, made) = (
                through(&picture, &direction),
                dot(&to_weight, &direction) / 2.0,
            );
            assert!((known - made).abs() < 1e-4, "{window:?}: {known}, {made}");
        }
    }
}

#[test]
fn a_window_larger_than_the_picture_is_none() {
    let window = Window {
        kernel: 5,
        stride: 1,
        padding: 0,
        transposed: false,
    };
    assert!(Grid::new(window, [1, 4, 8], 1).is_none());
    let uneven = Window {
        kernel: 3,
        stride: 2,
        padding: 0,
        transposed: true,
    };
    assert!(Grid::new(uneven, [1, 4, 4], 1).is_none());
}
