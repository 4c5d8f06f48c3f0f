//! Products of matrices, in single precision.
//!
//! Natively they are gemm's, which has tiles for the vectors of each machine. Its
//! tiles for wasm are of three vectors by four, and so many sums with what they are
//! multiplied by do not stay in the sixteen registers that a browser has on most
//! machines: here they are four rows by two vectors, over panels of the right matrix
//! that lie as they are read.

use crate::four::{Four, LANES};

/// Columns of a panel.
const PANEL: usize = 2 * LANES;

/// Rows that are computed together.
const ROWS: usize = 4;

/// Columns below which a product goes down its columns and not along its rows, whose
/// few numbers would not fill a vector.
pub(crate) const NARROW: usize = 12;

/// Rows from which on laying a matrix into panels is worth it.
const WORTH: usize = 8;

/// A matrix within a slice: the steps to the row below, which may overlap, and to the
/// column beside.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Matrix<'a> {
    pub(crate) numbers: &'a [f32],
    pub(crate) down: usize,
    pub(crate) across: usize,
}

impl<'a> Matrix<'a> {
    /// Rows that lie `down` numbers apart.
    pub(crate) fn rows(numbers: &'a [f32], down: usize) -> Self {
        Self {
            numbers,
            down,
            across: 1,
        }
    }

    /// The same, on its side.
    pub(crate) fn turned(self) -> Self {
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

/// The right matrix of several products, `[inner, columns]`.
#[derive(Debug, Clone)]
pub(crate) struct Right {
    inner: usize,
    columns: usize,
    /// In panels, or row by row.
    numbers: Vec<f32>,
    panels: bool,
}

impl Right {
    /// From the matrix row by row.
    pub(crate) fn new(numbers: &[f32], [inner, columns]: [usize; 2]) -> Self {
        assert_eq!(numbers.len(), inner * columns);
        let panels = cfg!(target_arch = "wasm32") && columns >= NARROW;
        Self {
            inner,
            columns,
            numbers: if panels {
                paneled(Matrix::rows(numbers, columns), [inner, columns])
            } else {
                numbers.to_vec()
            },
            panels,
        }
    }

    /// How many numbers it has.
    pub(crate) fn size(&self) -> usize {
        self.numbers.len()
    }
}

/// `to = left * right`, or that added to what is there, with `rows` rows; `under` and
/// `beside` are the steps in `to` from row to row and from column to column.
pub(crate) fn product_by(
    (to, [under, beside]): (&mut [f32], [usize; 2]),
    rows: usize,
    left: Matrix<'_>,
    right: &Right,
    add: bool,
) {
    let shape = [rows, right.inner, right.columns];
    if right.panels {
        assert_eq!(beside, 1, "panels go along rows");
        by_panels((to, under), shape, left, &right.numbers, add);
    } else {
        let right = Matrix::rows(&right.numbers, right.columns);
        by_gemm((to, [under, beside]), shape, left, right, add);
    }
}

/// [`product_by`] of a matrix that is used once; the shape is `[rows, inner, columns]`.
pub(crate) fn product(
    (to, [under, beside]): (&mut [f32], [usize; 2]),
    shape: [usize; 3],
    left: Matrix<'_>,
    right: Matrix<'_>,
    add: bool,
) {
    let [rows, inner, columns] = shape;
    if cfg!(target_arch = "wasm32") && rows >= WORTH && columns >= NARROW && beside == 1 {
        let panels = paneled(right, [inner, columns]);
        by_panels((to, under), shape, left, &panels, add);
    } else {
        by_gemm((to, [under, beside]), shape, left, right, add);
    }
}

fn by_gemm(
    (to, [under, beside]): (&mut [f32], [usize; 2]),
    [rows, inner, columns]: [usize; 3],
    left: Matrix<'_>,
    right: Matrix<'_>,
    add: bool,
) {
    if rows == 0 || inner == 0 || columns == 0 {
        return;
    }
    assert!(to.len() > (rows - 1) * under + (columns - 1) * beside);
    assert!(left.covers(rows, inner) && right.covers(inner, columns));
    #[allow(unsafe_code, reason = "the product reads and writes by pointer")]
    // SAFETY: all that is read and written lies within the slices, as asserted,
    // and `to` overlaps nothing.
    unsafe {
        gemm::gemm(
            rows,
            columns,
            inner,
            to.as_mut_ptr(),
            beside as isize,
            under as isize,
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

/// Vectors that so many columns take.
fn vectors(columns: usize) -> usize {
    columns.min(PANEL).div_ceil(LANES)
}

/// A matrix as panels of its columns, one after the other, each row by row; zeros fill
/// up the last.
fn paneled(matrix: Matrix<'_>, [inner, columns]: [usize; 2]) -> Vec<f32> {
    let Matrix {
        numbers,
        down,
        across,
    } = matrix;
    let mut panels = vec![0.0; inner * columns.next_multiple_of(LANES)];
    let mut rest = panels.as_mut_slice();
    for first in (0..columns).step_by(PANEL) {
        let width = vectors(columns - first) * LANES;
        let filled = width.min(columns - first);
        let (panel, others) = rest.split_at_mut(inner * width);
        rest = others;
        for (at, to) in panel.chunks_exact_mut(width).enumerate() {
            let from = &numbers[at * down + first * across..];
            if across == 1 {
                to[..filled].copy_from_slice(&from[..filled]);
            } else {
                for (column, to) in to[..filled].iter_mut().enumerate() {
                    *to = from[column * across];
                }
            }
        }
    }
    panels
}

/// A product with panels; the numbers of a row of `to` lie side by side.
fn by_panels(
    (to, under): (&mut [f32], usize),
    [rows, inner, columns]: [usize; 3],
    left: Matrix<'_>,
    panels: &[f32],
    add: bool,
) {
    if rows == 0 || inner == 0 || columns == 0 {
        return;
    }
    assert!(left.covers(rows, inner));
    for first in (0..columns).step_by(PANEL) {
        let width = vectors(columns - first);
        let panel = &panels[first * inner..][..inner * width * LANES];
        let filled = (columns - first).min(width * LANES);
        let mut row = 0;
        while row < rows {
            let whole = row + ROWS <= rows;
            let to = (&mut to[row * under + first..], under, filled);
            let left = Matrix {
                numbers: &left.numbers[row * left.down..],
                ..left
            };
            match (whole, width, left.across) {
                (true, 2, 1) => tile::<ROWS, 2, true>(to, left, panel, add),
                (true, 2, _) => tile::<ROWS, 2, false>(to, left, panel, add),
                (true, ..) => tile::<ROWS, 1, false>(to, left, panel, add),
                (false, 2, _) => tile::<1, 2, false>(to, left, panel, add),
                (false, ..) => tile::<1, 1, false>(to, left, panel, add),
            }
            row += if whole { ROWS } else { 1 };
        }
    }
}

/// `R` rows of a product by `V` vectors of columns, of which `filled` numbers are
/// wanted. `ALONG` where the numbers of a row of the left lie side by side, which is
/// quicker when it is known.
#[inline(never)]
fn tile<const R: usize, const V: usize, const ALONG: bool>(
    (to, under, filled): (&mut [f32], usize, usize),
    left: Matrix<'_>,
    panel: &[f32],
    add: bool,
) {
    let inner = panel.len() / (V * LANES);
    assert!(left.covers(R, inner) && (!ALONG || left.across == 1));
    let mut sums = [[Four::all(0.0); V]; R];
    let panel = panel.as_chunks::<LANES>().0;
    for at in 0..inner {
        #[allow(
            unsafe_code,
            reason = "to check each number takes as long as its product"
        )]
        // SAFETY: `at` is below `inner`, and so many rows of `V` vectors has the panel;
        // the left covers `R` rows of `inner` numbers, as asserted.
        unsafe {
            let mut right = [Four::all(0.0); V];
            for (vector, right) in right.iter_mut().enumerate() {
                *right = Four::of(panel.get_unchecked(at * V + vector));
            }
            for (row, sums) in sums.iter_mut().enumerate() {
                let across = if ALONG { at } else { at * left.across };
                let place = row * left.down + across;
                let left = Four::all(*left.numbers.get_unchecked(place));
                for (sum, right) in sums.iter_mut().zip(right) {
                    *sum = sum.plus(left, right);
                }
            }
        }
    }
    for (row, sums) in sums.into_iter().enumerate() {
        let to = &mut to[row * under..][..filled];
        if filled == V * LANES {
            // Sums that are told apart at run time would not stay in registers.
            for (to, sum) in to.as_chunks_mut::<LANES>().0.iter_mut().zip(sums) {
                let before = if add { Four::of(to) } else { Four::all(0.0) };
                *to = before.add(sum).numbers();
            }
        } else {
            let mut numbers = [0.0; PANEL];
            for (to, sum) in numbers.as_chunks_mut::<LANES>().0.iter_mut().zip(sums) {
                *to = sum.numbers();
            }
            for (to, number) in to.iter_mut().zip(numbers) {
                *to = if add { *to + number } else { number };
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Matrix, Right, by_panels, paneled, product, product_by};
    use crate::testing::numbers;

    /// Rows that overlap, matrices on their side, and sizes that are no multiple of a
    /// tile.
    #[test]
    fn panels_and_gemm_give_the_product_by_its_definition() {
        let shapes = [
            [9, 7, 20],
            [4, 8, 8],
            [1, 1, 12],
            [6, 5, 27],
            [5, 3, 1],
            [8, 2, 14],
        ];
        for ([rows, inner, columns], turned) in shapes
            .into_iter()
            .flat_map(|shape| [(shape, false), (shape, true)])
        {
            let (left, right) = (numbers(rows * (inner + 1), 5), numbers(inner * columns, 7));
            let (left, right) = if turned {
                let (left, right) = (Matrix::rows(&left, rows), Matrix::rows(&right, inner));
                (left.turned(), right.turned())
            } else {
                // A row begins before the one above ends.
                (
                    Matrix::rows(&left, inner.div_ceil(2)),
                    Matrix::rows(&right, columns),
                )
            };
            let number = |of: Matrix<'_>, row: usize, column: usize| {
                of.numbers[row * of.down + column * of.across]
            };
            let row_by_row: Vec<f32> = (0..inner * columns)
                .map(|at| number(right, at / columns, at % columns))
                .collect();
            for add in [false, true] {
                let mut made = [(); 3].map(|()| vec![1.0; rows * columns]);
                let shape = [rows, inner, columns];
                product((&mut made[0], [columns, 1]), shape, left, right, add);
                let panels = paneled(right, [inner, columns]);
                by_panels((&mut made[1], columns), shape, left, &panels, add);
                let whole = Right::new(&row_by_row, [inner, columns]);
                assert!(whole.size() >= row_by_row.len());
                product_by((&mut made[2], [columns, 1]), rows, left, &whole, add);
                for at in 0..rows * columns {
                    let sum: f32 = (0..inner)
                        .map(|k| number(left, at / columns, k) * number(right, k, at % columns))
                        .sum();
                    let known = sum + f32::from(add);
                    for made in &made {
                        assert!((made[at] - known).abs() < 1e-5, "{shape:?} {at}: {known}");
                    }
                }
            }
        }
    }
}
