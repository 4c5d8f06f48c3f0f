//! How close one picture is to another: of a reconstruction to its original.

use crate::MetricsError;

/// Side of the window of [`ssim`].
const WINDOW: usize = 11;

/// Standard deviation of the window, in pixels.
const SIGMA: f64 = 1.5;

/// The peak signal-to-noise ratio in decibels: `10 log10(peak^2 / MSE)`.
///
/// `peak` is the span of the pixels: 1 for pixels in 0..1. Infinite for equal
/// pictures; about 20 for a fair reconstruction, 30 for a good one.
///
/// # Errors
///
/// Where the pictures differ in length, are empty or not finite, or `peak` is
/// not positive.
pub fn psnr(a: &[f32], b: &[f32], peak: f64) -> Result<f64, MetricsError> {
    check(a, b, peak)?;
    let squares: f64 = a
        .iter()
        .zip(b)
        .map(|(&x, &y)| (f64::from(x) - f64::from(y)).powi(2))
        .sum();
    let mean = squares / a.len() as f64;
    Ok(if mean == 0.0 {
        f64::INFINITY
    } else {
        10.0 * (peak * peak / mean).log10()
    })
}

/// The structural similarity of two grey pictures (Wang 2004), -1 to 1; 1 for
/// equal ones.
///
/// With the paper's window (11 x 11, Gaussian, 1.5 pixels) and constants
/// (K1 = 0.01, K2 = 0.03), averaged over the places where the window fits. `peak`
/// is the span of the pixels: 1 for pixels in 0..1.
///
/// # Errors
///
/// Where the pictures are not `width` x `height` or not finite, a side is below
/// 11, or `peak` is not positive.
pub fn ssim(
    a: &[f32],
    b: &[f32],
    width: usize,
    height: usize,
    peak: f64,
) -> Result<f64, MetricsError> {
    check(a, b, peak)?;
    for (name, side) in [("the width", width), ("the height", height)] {
        if side < WINDOW {
            return Err(MetricsError::BadParameter {
                name,
                value: side as f64,
                wanted: "at least 11, the side of the window",
            });
        }
    }
    if width.checked_mul(height) != Some(a.len()) {
        return Err(MetricsError::NotRows {
            name: "the picture",
            values: a.len(),
            dims: width,
        });
    }

    let blurred = |value: &dyn Fn(f64, f64) -> f64| {
        let pixels: Vec<f64> = a
            .iter()
            .zip(b)
            .map(|(&x, &y)| value(f64::from(x), f64::from(y)))
            .collect();
        blur(&pixels, width)
    };
    let mean_a = blurred(&|x, _| x);
    let mean_b = blurred(&|_, y| y);
    let square_a = blurred(&|x, _| x * x);
    let square_b = blurred(&|_, y| y * y);
    let product = blurred(&|x, y| x * y);

    let c1 = (0.01 * peak).powi(2);
    let c2 = (0.03 * peak).powi(2);
    let sum: f64 = (0..mean_a.len())
        .map(|i| {
            let (ma, mb) = (mean_a[i], mean_b[i]);
            let variances = square_a[i] - ma * ma + square_b[i] - mb * mb;
            let covariance = product[i] - ma * mb;
            ((2.0 * ma * mb + c1) * (2.0 * covariance + c2))
                / ((ma * ma + mb * mb + c1) * (variances + c2))
        })
        .sum();
    Ok(sum / mean_a.len() as f64)
}

/// The Gaussian mean about each pixel whose window fits into the picture.
fn blur(pixels: &[f64], width: usize) -> Vec<f64> {
    let window = window();
    let narrow = width - WINDOW + 1;
    let rows: Vec<f64> = pixels
        .chunks_exact(width)
        .flat_map(|row| row.windows(WINDOW))
        .map(|part| part.iter().zip(&window).map(|(p, w)| p * w).sum())
        .collect();
    let height = rows.len() / narrow - WINDOW + 1;
    (0..height * narrow)
        .map(|place| {
            (0..WINDOW)
                .map(|y| rows[place + y * narrow] * window[y])
                .sum()
        })
        .collect()
}

/// The window's weights along one side; they sum to 1.
fn window() -> [f64; WINDOW] {
    let mut weights = std::array::from_fn(|i| {
        let x = i as f64 - (WINDOW / 2) as f64;
        (-x * x / (2.0 * SIGMA * SIGMA)).exp()
    });
    let sum: f64 = weights.iter().sum();
    for weight in &mut weights {
        *weight /= sum;
    }
    weights
}

fn check(a: &[f32], b: &[f32], peak: f64) -> Result<(), MetricsError> {
    if a.len() != b.len() {
        return Err(MetricsError::Unequal {
            left: "one picture",
            left_count: a.len(),
            right: "the other picture",
            right_count: b.len(),
        });
    }
    if a.is_empty() {
        return Err(MetricsError::TooFew {
            name: "the picture",
            rows: 0,
            least: 1,
        });
    }
    for (name, picture) in [("one picture", a), ("the other picture", b)] {
        if !picture.iter().all(|v| v.is_finite()) {
            return Err(MetricsError::NotFinite { name, row: 0 });
        }
    }
    if !(peak.is_finite() && peak > 0.0) {
        return Err(MetricsError::BadParameter {
            name: "peak",
            value: peak,
            wanted: "a positive number",
        });
    }
    Ok(())
}
