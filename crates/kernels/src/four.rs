//! Four numbers side by side.
//!
//! The workers are linked for size, and then no loop becomes one over vectors: where
//! it counts, they are told.

use std::f32::consts::LOG2_E;

#[cfg(target_arch = "wasm32")]
use core::arch::wasm32::{
    f32x4_add, f32x4_div, f32x4_extract_lane, f32x4_mul, f32x4_pmax, f32x4_pmin, f32x4_splat,
    f32x4_sub, i32x4_add, i32x4_shl, i32x4_splat, v128, v128_load, v128_store,
};

#[cfg(target_feature = "relaxed-simd")]
use core::arch::wasm32::f32x4_relaxed_madd;

use crate::activation::{FIRST, LOG_2, REST, ROUND};

/// How many they are.
pub(crate) const LANES: usize = 4;

/// Four numbers.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Four(
    #[cfg(target_arch = "wasm32")] v128,
    #[cfg(not(target_arch = "wasm32"))] [f32; LANES],
);

/// What they are that is made of the rest.
impl Four {
    /// The exponentials, as [`crate::activation::exp`].
    #[inline(always)]
    pub(crate) fn exp(self) -> Self {
        let x = self.larger(Self::all(-87.0)).smaller(Self::all(88.0));
        let shifted = Self::all(ROUND).plus(x, Self::all(LOG2_E));
        let whole = shifted.less(Self::all(ROUND));
        let r = x.plus(whole, Self::all(-LOG_2[0]));
        let r = r.plus(whole, Self::all(-LOG_2[1]));
        let mut rest = Self::all(FIRST);
        for coefficient in REST {
            rest = Self::all(coefficient).plus(rest, r);
        }
        let near = r.plus(rest.times(r), r);
        let power = shifted.powers();
        power.plus(near, power)
    }

    /// Their sigmoid linear units.
    #[inline(always)]
    pub(crate) fn silu(self) -> Self {
        let one = Self::all(1.0);
        self.over(one.plus(one, Self::all(0.0).less(self).exp()))
    }
}

#[cfg(target_arch = "wasm32")]
impl Four {
    #[inline(always)]
    pub(crate) fn of(numbers: &[f32; LANES]) -> Self {
        #[allow(unsafe_code, reason = "it reads by pointer")]
        // SAFETY: sixteen bytes, at any address.
        Self(unsafe { v128_load(numbers.as_ptr().cast()) })
    }

    #[inline(always)]
    pub(crate) fn all(number: f32) -> Self {
        Self(f32x4_splat(number))
    }

    /// `self + left * right`
    #[inline(always)]
    pub(crate) fn plus(self, left: Self, right: Self) -> Self {
        #[cfg(target_feature = "relaxed-simd")]
        return Self(f32x4_relaxed_madd(left.0, right.0, self.0));
        #[cfg(not(target_feature = "relaxed-simd"))]
        Self(f32x4_add(self.0, f32x4_mul(left.0, right.0)))
    }

    #[inline(always)]
    pub(crate) fn add(self, other: Self) -> Self {
        Self(f32x4_add(self.0, other.0))
    }

    #[inline(always)]
    pub(crate) fn less(self, other: Self) -> Self {
        Self(f32x4_sub(self.0, other.0))
    }

    #[inline(always)]
    pub(crate) fn times(self, other: Self) -> Self {
        Self(f32x4_mul(self.0, other.0))
    }

    #[inline(always)]
    pub(crate) fn over(self, other: Self) -> Self {
        Self(f32x4_div(self.0, other.0))
    }

    /// The larger of both; of two of which one is no number, its own.
    #[inline(always)]
    pub(crate) fn larger(self, other: Self) -> Self {
        Self(f32x4_pmax(self.0, other.0))
    }

    /// The smaller of both; of two of which one is no number, its own.
    #[inline(always)]
    pub(crate) fn smaller(self, other: Self) -> Self {
        Self(f32x4_pmin(self.0, other.0))
    }

    /// Two to the power of what is in the last bits.
    #[inline(always)]
    fn powers(self) -> Self {
        Self(i32x4_add(i32x4_shl(self.0, 23), i32x4_splat(0x3f80_0000)))
    }

    #[inline(always)]
    pub(crate) fn numbers(self) -> [f32; LANES] {
        let mut numbers = [0.0; LANES];
        #[allow(unsafe_code, reason = "it writes by pointer")]
        // SAFETY: as where they are read.
        unsafe {
            v128_store(numbers.as_mut_ptr().cast(), self.0);
        }
        numbers
    }

    #[inline(always)]
    pub(crate) fn sum(self) -> f32 {
        (f32x4_extract_lane::<0>(self.0) + f32x4_extract_lane::<2>(self.0))
            + (f32x4_extract_lane::<1>(self.0) + f32x4_extract_lane::<3>(self.0))
    }
}

#[cfg(not(target_arch = "wasm32"))]
impl Four {
    #[inline(always)]
    pub(crate) fn of(numbers: &[f32; LANES]) -> Self {
        Self(*numbers)
    }

    #[inline(always)]
    pub(crate) fn all(number: f32) -> Self {
        Self([number; LANES])
    }

    #[inline(always)]
    fn each(self, other: Self, of: impl Fn(f32, f32) -> f32) -> Self {
        Self(std::array::from_fn(|lane| of(self.0[lane], other.0[lane])))
    }

    /// `self + left * right`
    #[inline(always)]
    pub(crate) fn plus(self, left: Self, right: Self) -> Self {
        self.add(left.times(right))
    }

    #[inline(always)]
    pub(crate) fn add(self, other: Self) -> Self {
        self.each(other, |a, b| a + b)
    }

    #[inline(always)]
    pub(crate) fn less(self, other: Self) -> Self {
        self.each(other, |a, b| a - b)
    }

    #[inline(always)]
    pub(crate) fn times(self, other: Self) -> Self {
        self.each(other, |a, b| a * b)
    }

    #[inline(always)]
    pub(crate) fn over(self, other: Self) -> Self {
        self.each(other, |a, b| a / b)
    }

    /// The larger of both; of two of which one is no number, its own.
    #[inline(always)]
    pub(crate) fn larger(self, other: Self) -> Self {
        self.each(other, |a, b| if a < b { b } else { a })
    }

    /// The smaller of both; of two of which one is no number, its own.
    #[inline(always)]
    pub(crate) fn smaller(self, other: Self) -> Self {
        self.each(other, |a, b| if b < a { b } else { a })
    }

    /// Two to the power of what is in the last bits.
    #[inline(always)]
    fn powers(self) -> Self {
        let power = |x: f32| f32::from_bits((x.to_bits() << 23).wrapping_add(0x3f80_0000));
        Self(self.0.map(power))
    }

    #[inline(always)]
    pub(crate) fn numbers(self) -> [f32; LANES] {
        self.0
    }

    #[inline(always)]
    pub(crate) fn sum(self) -> f32 {
        let [a, b, c, d] = self.0;
        (a + c) + (b + d)
    }
}

#[cfg(test)]
mod tests {
    use super::Four;

    #[test]
    fn exponentials_and_units_are_those_of_one_number() {
        for at in -400..400 {
            let x = at as f32 / 10.0;
            let made = Four::all(x).exp().numbers();
            assert!((made[3] / x.exp() - 1.0).abs() < 1e-6, "{x}");
            let unit = x / (1.0 + (-x).exp());
            let made = Four::all(x).silu().numbers()[0];
            assert!((made - unit).abs() <= 1e-6 * unit.abs().max(1e-6), "{x}");
        }
    }
}
