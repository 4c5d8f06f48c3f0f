//! The sigmoid linear unit and the leaky rectifier.
//!
//! Burn's takes the exponential of one number at a time, in several passes over
//! memory, and more for the gradient.

#[cfg(feature = "flex")]
use crate::four::{Four, LANES};

/// `x / (1 + exp(-x))` of each number (Hendrycks 2016, Elfwing 2017).
#[cfg(feature = "flex")]
pub(crate) fn silus(numbers: &[f32]) -> Vec<f32> {
    // Natively the loop becomes one over vectors as wide as the machine's.
    if cfg!(not(target_arch = "wasm32")) {
        return numbers.iter().map(|&x| silu(x)).collect();
    }
    let mut made = vec![0.0; numbers.len()];
    let (from, rest) = numbers.as_chunks::<LANES>();
    let (to, last) = made.as_chunks_mut::<LANES>();
    for (to, from) in to.iter_mut().zip(from) {
        *to = Four::of(from).silu().numbers();
    }
    for (to, &x) in last.iter_mut().zip(rest) {
        *to = silu(x);
    }
    made
}

/// `x / (1 + exp(-x))` (Hendrycks 2016, Elfwing 2017).
#[inline(always)]
pub(crate) fn silu(x: f32) -> f32 {
    x * sigmoid(x)
}

/// Its slope.
#[inline(always)]
#[cfg(feature = "flex")]
pub(crate) fn slope(x: f32) -> f32 {
    let sigmoid = sigmoid(x);
    sigmoid + x * sigmoid * (1.0 - sigmoid)
}

/// What the leaky rectifier leaves of a number below zero.
pub(crate) const LEAK: f32 = 0.2;

/// The leaky rectifier of slope 0.2 (Maas 2013).
#[inline(always)]
#[cfg(feature = "flex")]
pub(crate) fn leaky(x: f32) -> f32 {
    // What is no number stays none.
    if x > 0.0 { x } else { LEAK * x }
}

/// Its slope.
#[inline(always)]
#[cfg(feature = "flex")]
pub(crate) fn leaky_slope(x: f32) -> f32 {
    if x > 0.0 { 1.0 } else { LEAK }
}

/// The logistic function.
#[inline(always)]
pub(crate) fn sigmoid(x: f32) -> f32 {
    1.0 / (1.0 + exp(-x))
}

/// The hyperbolic tangent, to two units of 2^-23.
#[inline(always)]
#[cfg(feature = "flex")]
pub(crate) fn tanh(x: f32) -> f32 {
    2.0 * sigmoid(2.0 * x) - 1.0
}

/// Adding it rounds to a whole number, which is then the last bits.
pub(crate) const ROUND: f32 = 12_582_912.0;
/// The logarithm of two in two parts, the first of few bits.
pub(crate) const LOG_2: [f32; 2] = [0.693_359_4, -2.121_944_4e-4];
/// The polynomial's coefficients: the first, and those after it.
pub(crate) const FIRST: f32 = 1.987_569_1e-4;
pub(crate) const REST: [f32; 5] = [
    1.398_199_9e-3,
    8.333_452e-3,
    4.166_579_6e-2,
    1.666_666_5e-1,
    0.5,
];

/// The exponential to two units in the last place, without a branch, so that
/// loops over it become vectors.
///
/// `exp(x) = 2^n * exp(r)` with `n` whole and `r` at most half the logarithm of
/// two; `exp(r)` by the polynomial of Cephes' `expf` (Moshier 1989). Bounded where
/// the result would no longer be a normal number.
#[inline(always)]
pub(crate) fn exp(x: f32) -> f32 {
    let x = x.clamp(-87.0, 88.0);
    let shifted = x * std::f32::consts::LOG2_E + ROUND;
    let whole = shifted - ROUND;
    let r = x - whole * LOG_2[0] - whole * LOG_2[1];
    let mut rest = FIRST;
    for coefficient in REST {
        rest = rest * r + coefficient;
    }
    let power = f32::from_bits((shifted.to_bits() << 23).wrapping_add(0x3f80_0000));
    (rest * r * r + r + 1.0) * power
}

#[cfg(all(test, feature = "flex"))]
mod tests {
    use super::{exp, silu, slope};

    /// Every thousandth number of single precision in the range that matters.
    fn numbers() -> impl Iterator<Item = f32> {
        (0..0x42b4_0000_u32)
            .step_by(1009)
            .map(f32::from_bits)
            .flat_map(|x| [x, -x])
    }

    #[test]
    fn the_exponential_is_right_to_two_units_in_the_last_place() {
        for x in numbers().filter(|x| (-87.0..=88.0).contains(x)) {
            let known = f64::from(x).exp();
            let error = (f64::from(exp(x)) - known).abs() / known;
            assert!(error < 2.5e-7, "{x}: {} and not {known}", exp(x));
        }
        assert!(exp(f32::INFINITY).is_finite() && exp(f32::NEG_INFINITY) >= 0.0);
        assert!(exp(f32::NAN).is_nan());
    }

    #[test]
    fn the_unit_and_its_slope_are_right() {
        for x in numbers() {
            let wide = f64::from(x);
            let sigmoid = 1.0 / (1.0 + (-wide).exp());
            let unit = wide * sigmoid;
            assert!(
                (f64::from(silu(x)) - unit).abs() <= 1e-6 * unit.abs() + 1e-30,
                "{x}"
            );
            let rise = sigmoid * (1.0 + wide * (1.0 - sigmoid));
            assert!((f64::from(slope(x)) - rise).abs() <= 1e-6, "{x}");
        }
        assert!(silu(f32::NAN).is_nan());
    }
}
