//! Matrix products in place.

/// A matrix within a slice: the steps to the row below and to the column beside.
#[derive(Debug, Clone, Copy)]
pub(super) struct Matrix<'a> {
    pub numbers: &'a [f32],
    pub down: usize,
    pub across: usize,
}

impl<'a> Matrix<'a> {
    /// Rows that lie `down` numbers apart.
    pub(super) fn rows(numbers: &'a [f32], down: usize) -> Self {
        Self {
            numbers,
            down,
            across: 1,
        }
    }

    /// The same, on its side.
    pub(super) fn turned(self) -> Self {
        Self {
            down: self.across,
            across: self.down,
            ..self
        }
    }

    fn covers(&self, rows: usize, columns: usize) -> bool {
        self.numbers.len() > (rows - 1) * self.down + (columns - 1) * self.across
    }
}

/// `to = left * right`, or `to += left * right`, of `[rows, inner]` and `[inner,
/// columns]`; the rows of `to` lie `down` numbers apart.
pub(super) fn product(
    to: &mut [f32],
    down: usize,
    [rows, inner, columns]: [usize; 3],
    left: Matrix<'_>,
    right: Matrix<'_>,
    add: bool,
) {
    if rows == 0 || columns == 0 || inner == 0 {
        return;
    }
    assert!(to.len() > (rows - 1) * down + columns - 1);
    assert!(left.covers(rows, inner) && right.covers(inner, columns));
    #[allow(unsafe_code, reason = "the product reads and writes by pointer")]
    // SAFETY: all that is read and written lies within the slices, as asserted, and
    // `to` overlaps nothing.
    unsafe {
        gemm::gemm(
            rows,
            columns,
            inner,
            to.as_mut_ptr(),
            1,
            down as isize,
            add,
            left.numbers.as_ptr(),
            left.across as isize,
            left.down as isize,
            right.numbers.as_ptr(),
            right.across as isize,
            right.down as isize,
            1.0,
            1.0,
            false,
            false,
            false,
            gemm::Parallelism::None,
        );
    }
}
