//! Four numbers side by side.
//!
//! The workers are linked for size, and then no loop becomes one over vectors: where
//! it counts, they are told.

#[cfg(target_arch = "wasm32")]
use core::arch::wasm32::{
    f32x4_add, f32x4_div, f32x4_mul, f32x4_pmax, f32x4_pmin, f32x4_splat, f32x4_sub, i32x4_add,
    i32x4_shl, i32x4_splat, v128, v128_load, v128_store,
};

/// How many they are.
pub(crate) const LANES: usize = 4;

/// Four numbers.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Four(
    #[cfg(target_arch = "wasm32")] v128,
    #[cfg(not(target_arch = "wasm32"))] [f32; LANES],
);

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

    #[inline(always)]
    pub(crate) fn times(self, other: Self) -> Self {
        Self(f32x4_mul(self.0, other.0))
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
    pub(crate) fn over(self, other: Self) -> Self {
        Self(f32x4_div(self.0, other.0))
    }

    /// Bounded; what is no number stays none.
    #[inline(always)]
    pub(crate) fn within(self, least: f32, most: f32) -> Self {
        Self(f32x4_pmin(
            f32x4_pmax(self.0, f32x4_splat(least)),
            f32x4_splat(most),
        ))
    }

    /// Two to the power that the last bits of each say.
    #[inline(always)]
    pub(crate) fn power(self) -> Self {
        Self(i32x4_add(i32x4_shl(self.0, 23), i32x4_splat(0x3f80_0000)))
    }

    #[inline(always)]
    pub(crate) fn put(self, numbers: &mut [f32; LANES]) {
        #[allow(unsafe_code, reason = "it writes by pointer")]
        // SAFETY: as where they are read.
        unsafe {
            v128_store(numbers.as_mut_ptr().cast(), self.0);
        }
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
    pub(crate) fn times(self, other: Self) -> Self {
        Self(std::array::from_fn(|lane| self.0[lane] * other.0[lane]))
    }

    #[inline(always)]
    pub(crate) fn add(self, other: Self) -> Self {
        Self(std::array::from_fn(|lane| self.0[lane] + other.0[lane]))
    }

    #[inline(always)]
    pub(crate) fn less(self, other: Self) -> Self {
        Self(std::array::from_fn(|lane| self.0[lane] - other.0[lane]))
    }

    #[inline(always)]
    pub(crate) fn over(self, other: Self) -> Self {
        Self(std::array::from_fn(|lane| self.0[lane] / other.0[lane]))
    }

    /// Bounded; what is no number stays none.
    #[inline(always)]
    pub(crate) fn within(self, least: f32, most: f32) -> Self {
        Self(self.0.map(|number| number.clamp(least, most)))
    }

    /// Two to the power that the last bits of each say.
    #[inline(always)]
    pub(crate) fn power(self) -> Self {
        Self(
            self.0
                .map(|number| f32::from_bits((number.to_bits() << 23).wrapping_add(0x3f80_0000))),
        )
    }

    #[inline(always)]
    pub(crate) fn put(self, numbers: &mut [f32; LANES]) {
        *numbers = self.0;
    }
}

impl Four {
    /// `self + left * right`
    #[inline(always)]
    pub(crate) fn plus(self, left: Self, right: Self) -> Self {
        self.add(left.times(right))
    }
}
