//! Matrix products in place.

pub(super) use crate::product::Matrix;

/// `to = left * right`, or `to += left * right`, of `[rows, inner]` and `[inner,
/// columns]`; the rows of `to` lie `down` numbers apart.
pub(super) fn product(
    to: &mut [f32],
    down: usize,
    shape: [usize; 3],
    left: Matrix<'_>,
    right: Matrix<'_>,
    add: bool,
) {
    crate::product::product((to, [down, 1]), shape, left, right, add);
}
