//! Loops that become vectors as wide as the machine's.

/// Numbers that are summed side by side.
const LANES: usize = 16;

/// Runs `work` compiled for the machine's widest vectors. What it calls must be
/// inlined into it to gain by that.
#[inline(always)]
pub(super) fn wide<R>(work: impl FnOnce() -> R) -> R {
    #[cfg(target_arch = "x86_64")]
    {
        #[allow(unsafe_code, reason = "the machine must have what is compiled for")]
        // SAFETY: it was asked whether it has.
        unsafe {
            if is_x86_feature_detected!("avx512f") && is_x86_feature_detected!("avx512vl") {
                return sixteen(work);
            }
            if is_x86_feature_detected!("avx2") {
                return eight(work);
            }
        }
    }
    work()
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx512f,avx512vl,avx2")]
fn sixteen<R>(work: impl FnOnce() -> R) -> R {
    work()
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2")]
fn eight<R>(work: impl FnOnce() -> R) -> R {
    work()
}

/// The sum of what `each` makes of the numbers, in an order that does not depend on
/// the machine.
#[inline(always)]
pub(super) fn sum(count: usize, each: impl Fn(usize) -> f32) -> f32 {
    let mut lanes = [0.0; LANES];
    let whole = count / LANES * LANES;
    for from in (0..whole).step_by(LANES) {
        for (lane, sum) in lanes.iter_mut().enumerate() {
            *sum += each(from + lane);
        }
    }
    let mut total: f32 = lanes.iter().sum();
    for at in whole..count {
        total += each(at);
    }
    total
}

/// The largest of the numbers.
#[cfg(feature = "flex")]
#[inline(always)]
pub(super) fn largest(numbers: &[f32]) -> f32 {
    let mut lanes = [f32::NEG_INFINITY; LANES];
    let chunks = numbers.chunks_exact(LANES);
    let rest = chunks.remainder();
    for chunk in chunks {
        for (most, &number) in lanes.iter_mut().zip(chunk) {
            *most = if number > *most { number } else { *most };
        }
    }
    lanes
        .iter()
        .chain(rest)
        .fold(f32::NEG_INFINITY, |a, &b| a.max(b))
}

/// Numbers to their exponentials less `most`; their sum.
#[cfg(feature = "flex")]
#[inline(always)]
pub(super) fn exponentials(numbers: &mut [f32], most: f32) -> f32 {
    let mut lanes = [0.0; LANES];
    let mut chunks = numbers.chunks_exact_mut(LANES);
    for chunk in &mut chunks {
        for (sum, number) in lanes.iter_mut().zip(chunk) {
            *number = crate::activation::exp(*number - most);
            *sum += *number;
        }
    }
    let mut total: f32 = lanes.iter().sum();
    for number in chunks.into_remainder() {
        *number = crate::activation::exp(*number - most);
        total += *number;
    }
    total
}
