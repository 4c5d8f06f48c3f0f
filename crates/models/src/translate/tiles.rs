//! A picture in pieces that are small enough for one turn of a worker.

/// A part of a picture, in pixels: from the first number up to, not with, the second.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Span {
    pub(super) from: usize,
    pub(super) to: usize,
}

impl Span {
    pub(super) fn len(self) -> usize {
        self.to - self.from
    }
}

/// What a net is shown of a picture, and what is kept of what it makes of that.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Tile {
    /// Shown, down and across.
    pub(super) shown: [Span; 2],
    /// Kept, down and across; the shown ones reach further where the picture does.
    pub(super) kept: [Span; 2],
}

/// The tiles of a picture whose sides are multiples of `cell`.
///
/// Each keeps a square of at most `side` pixels (a multiple of `cell`) and is shown
/// `reach` more to each side, as far as there are any: so a net makes of it just what it
/// makes of the whole picture. With no reach a picture is one tile.
pub(super) fn tiles(size: [usize; 2], side: usize, cell: usize, reach: Option<usize>) -> Vec<Tile> {
    let [rows, columns] = size.map(|length| spans(length, side, cell, reach));
    rows.iter()
        .flat_map(|row| {
            columns.iter().map(|column| Tile {
                shown: [row.0, column.0],
                kept: [row.1, column.1],
            })
        })
        .collect()
}

/// Shown and kept, along one side.
fn spans(length: usize, side: usize, cell: usize, reach: Option<usize>) -> Vec<(Span, Span)> {
    let whole = Span {
        from: 0,
        to: length,
    };
    let Some(reach) = reach else {
        return vec![(whole, whole)];
    };
    let side = side.next_multiple_of(cell);
    let reach = reach.next_multiple_of(cell);
    // A rest that is smaller than what a net looks at is not worth a tile of its own.
    if length <= side + reach {
        return vec![(whole, whole)];
    }
    // All about as large: the work of a turn is that of the largest.
    let count = length.div_ceil(side);
    let edge = |at: usize| ((at * length / count) / cell * cell).min(length);
    (0..count)
        .map(|at| {
            let kept = Span {
                from: edge(at),
                to: if at + 1 == count {
                    length
                } else {
                    edge(at + 1)
                },
            };
            let shown = Span {
                from: kept.from.saturating_sub(reach),
                to: (kept.to + reach).min(length),
            };
            (shown, kept)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_kept_covers_the_picture_once_and_what_is_shown_reaches_around_it() {
        for (length, side, cell, reach) in [(200, 48, 1, 14), (64, 48, 2, 20), (1024, 48, 8, 40)] {
            let spans = spans(length, side, cell, Some(reach));
            assert_eq!(spans[0].1.from, 0);
            assert_eq!(spans.last().unwrap().1.to, length);
            for pair in spans.windows(2) {
                assert_eq!(pair[0].1.to, pair[1].1.from);
            }
            for (shown, kept) in spans {
                assert!(kept.from < kept.to && kept.from.is_multiple_of(cell));
                assert!(shown.from.is_multiple_of(cell));
                assert!(shown.from + reach <= kept.from || shown.from == 0);
                assert!(shown.to >= kept.to + reach || shown.to == length);
            }
        }
    }

    #[test]
    fn a_small_picture_and_one_that_is_seen_whole_are_one_tile() {
        assert_eq!(tiles([48, 60], 48, 1, Some(14)).len(), 1);
        assert_eq!(tiles([512, 512], 48, 1, None).len(), 1);
        assert_eq!(tiles([512, 512], 64, 1, Some(14)).len(), 64);
    }
}
