//! Where a head looks on the whole.

use super::record::Record;
use super::shape::Choice;

/// Where a head looks, over all tokens that were read.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Habit {
    /// Share that goes to the first token of all.
    pub first: f32,
    /// Share that goes to the token itself.
    pub itself: f32,
    /// Share that goes to the token before.
    pub before: f32,
    /// Mean distance that it looks back, in tokens.
    pub distance: f32,
}

/// Where a head looks, or all of them on average. Of the first tokens, which can hardly
/// look anywhere else, nothing is counted; `None` where there are no others.
pub fn habit(record: &Record, choice: Choice) -> Option<Habit> {
    /// Tokens from the beginning that count for nothing.
    const SKIPPED: usize = 4;
    let mut sum = Habit {
        first: 0.0,
        itself: 0.0,
        before: 0.0,
        distance: 0.0,
    };
    let mut rows = 0.0;
    for at in SKIPPED..record.attended() {
        let odds = record.looks_at(at, choice)?;
        rows += 1.0;
        sum.first += odds[0];
        sum.itself += odds[at];
        sum.before += odds[at - 1];
        let far = odds
            .iter()
            .enumerate()
            .map(|(to, odds)| (at - to) as f32 * odds);
        sum.distance += far.sum::<f32>();
    }
    (rows > 0.0).then(|| Habit {
        first: sum.first / rows,
        itself: sum.itself / rows,
        before: sum.before / rows,
        distance: sum.distance / rows,
    })
}

#[cfg(test)]
mod tests {
    use super::super::record::tests::{SHAPE, read};
    use super::*;

    #[test]
    fn heads_have_habits() {
        let mut record = Record::new(SHAPE);
        for at in 0..8 {
            record.read(read(at, "x", Some(0.5)));
        }
        let first = habit(&record, Choice::Head(0, 0)).unwrap();
        assert_eq!((first.first, first.itself, first.before), (1.0, 0.0, 0.0));
        assert_eq!(first.distance, 5.5, "four to seven tokens back");
        assert_eq!(habit(&record, Choice::Head(1, 0)).unwrap().distance, 1.0);
        assert_eq!(habit(&Record::new(SHAPE), Choice::Mean), None);
    }
}
