//! A measured curve: kept, thinned and smoothed. No browser in here.

/// One measured value.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Point {
    /// Training step it belongs to.
    pub step: u64,
    /// What was measured.
    pub value: f32,
}

/// Values of one figure, in order of their steps.
///
/// It holds at most [`Series::LIMIT`] points. A longer run is thinned by keeping
/// the lowest and the highest of every four, so that each point that is left is
/// one that was measured, and no spike is lost.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Series {
    points: Vec<Point>,
}

impl Series {
    /// Most points kept.
    pub const LIMIT: usize = 20_000;

    /// Adds a value. Steps at or before the last one are left out: a worker that
    /// goes on from a snapshot repeats the last few.
    pub fn push(&mut self, step: u64, value: f32) {
        if self.points.last().is_some_and(|last| last.step >= step) {
            return;
        }
        self.points.push(Point { step, value });
        if self.points.len() > Self::LIMIT {
            self.points = decimate(&self.points, Self::LIMIT / 4);
        }
    }

    /// Drops everything after `step`: a run was put back to an earlier one.
    pub fn rewind(&mut self, step: u64) {
        let keep = self.points.partition_point(|point| point.step <= step);
        self.points.truncate(keep);
    }

    /// All points, in order.
    pub fn points(&self) -> &[Point] {
        &self.points
    }

    /// The newest value.
    pub fn last(&self) -> Option<Point> {
        self.points.last().copied()
    }
}

/// The point of `points` whose step is nearest to `step`.
pub fn nearest(points: &[Point], step: u64) -> Option<Point> {
    let after = points.partition_point(|point| point.step < step);
    let right = points.get(after);
    let left = after.checked_sub(1).and_then(|index| points.get(index));
    match (left, right) {
        (Some(left), Some(right)) if step - left.step <= right.step - step => Some(*left),
        (_, Some(right)) => Some(*right),
        (left, None) => left.copied(),
    }
}

/// At most `2 * buckets` of the points: the lowest and highest of each of
/// `buckets` equal stretches, in order, with the first and the last kept.
///
/// Drawn at `buckets` pixels wide it cannot be told from the whole curve.
/// Values that are no numbers are kept as a gap of one.
pub fn decimate(points: &[Point], buckets: usize) -> Vec<Point> {
    if buckets == 0 || points.len() <= 2 * buckets {
        return points.to_vec();
    }
    let mut kept = Vec::with_capacity(2 * buckets);
    for bucket in 0..buckets {
        let stretch =
            &points[bucket * points.len() / buckets..(bucket + 1) * points.len() / buckets];
        let (mut low, mut high) = (0, 0);
        for (index, point) in stretch.iter().enumerate() {
            // A value that is no number must not win every comparison after it.
            if point.value < stretch[low].value || stretch[low].value.is_nan() {
                low = index;
            }
            if point.value > stretch[high].value || stretch[high].value.is_nan() {
                high = index;
            }
        }
        let (mut first, mut second) = (low.min(high), low.max(high));
        if bucket == 0 {
            first = 0;
        }
        if bucket + 1 == buckets {
            second = stretch.len() - 1;
        }
        kept.push(stretch[first]);
        if second != first {
            kept.push(stretch[second]);
        }
    }
    kept
}

/// The exponential moving average of the points, without the pull towards zero
/// that a plain one has at its start.
///
/// `weight` is the share of the past, from 0 (no smoothing) to below 1. Values
/// that are no numbers are passed through and leave the average as it was.
pub fn smooth(points: &[Point], weight: f32) -> Vec<Point> {
    let weight = f64::from(weight.clamp(0.0, 0.999));
    let (mut average, mut mass) = (0.0_f64, 0.0_f64);
    points
        .iter()
        .map(|point| {
            if !point.value.is_finite() {
                return *point;
            }
            average = weight * average + (1.0 - weight) * f64::from(point.value);
            mass = weight * mass + (1.0 - weight);
            Point {
                step: point.step,
                value: (average / mass) as f32,
            }
        })
        .collect()
}

/// The range that the values between two quantiles span; the extremes where
/// `share` is 0. `None` if no value is a number.
///
/// With `share` at 0.02 the steep first steps of a run do not flatten the rest.
pub fn span(values: impl Iterator<Item = f32>, share: f32) -> Option<(f32, f32)> {
    let mut sorted: Vec<f32> = values.filter(|value| value.is_finite()).collect();
    if sorted.is_empty() {
        return None;
    }
    sorted.sort_unstable_by(f32::total_cmp);
    let cut = ((sorted.len() as f32 * share) as usize).min((sorted.len() - 1) / 2);
    Some((sorted[cut], sorted[sorted.len() - 1 - cut]))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ramp(count: u64) -> Vec<Point> {
        (1..=count)
            .map(|step| Point {
                step,
                value: step as f32,
            })
            .collect()
    }

    #[test]
    fn decimation_keeps_a_single_spike_and_both_ends() {
        let mut points = ramp(10_000);
        points[6_543].value = -5e6;
        let kept = decimate(&points, 300);
        assert!(kept.len() <= 600);
        assert!(kept.contains(&points[6_543]));
        assert_eq!(kept.first(), points.first());
        assert_eq!(kept.last(), points.last());
        assert!(kept.windows(2).all(|pair| pair[0].step < pair[1].step));
    }

    #[test]
    fn decimation_leaves_a_short_curve_alone() {
        assert_eq!(decimate(&ramp(20), 10), ramp(20));
        assert_eq!(decimate(&ramp(20), 0), ramp(20));
    }

    #[test]
    fn decimation_is_not_blinded_by_a_value_that_is_no_number() {
        let mut points = ramp(1_000);
        points[500].value = f32::NAN;
        points[501].value = -9.0;
        let kept = decimate(&points, 10);
        assert!(kept.contains(&points[501]));
    }

    #[test]
    fn a_series_is_bounded_and_keeps_the_newest() {
        let mut series = Series::default();
        for step in 1..=100_000 {
            series.push(step, (step % 7) as f32);
        }
        assert!(series.points().len() <= Series::LIMIT);
        assert_eq!(series.last().map(|point| point.step), Some(100_000));
        assert_eq!(series.points()[0].step, 1);
    }

    #[test]
    fn repeated_steps_are_left_out_and_rewinding_forgets() {
        let mut series = Series::default();
        for step in [1, 2, 3, 2, 3, 4] {
            series.push(step, step as f32);
        }
        assert_eq!(series.points().len(), 4);
        series.rewind(2);
        assert_eq!(series.last().map(|point| point.step), Some(2));
        series.push(3, 30.0);
        assert_eq!(series.last().map(|point| point.value), Some(30.0));
    }

    #[test]
    fn smoothing_of_a_constant_is_the_constant_from_the_first_point_on() {
        let flat: Vec<Point> = (0..50).map(|step| Point { step, value: 3.0 }).collect();
        for point in smooth(&flat, 0.9) {
            assert!((point.value - 3.0).abs() < 1e-6);
        }
    }

    #[test]
    fn smoothing_by_zero_changes_nothing() {
        assert_eq!(smooth(&ramp(9), 0.0), ramp(9));
    }

    #[test]
    fn smoothing_passes_over_a_value_that_is_no_number() {
        let mut points = ramp(3);
        points[1].value = f32::NAN;
        let smoothed = smooth(&points, 0.5);
        assert!(smoothed[1].value.is_nan());
        // (0.25 * 1 + 0.5 * 3) / 0.75, by hand.
        assert!((smoothed[2].value - 7.0 / 3.0).abs() < 1e-6);
    }

    #[test]
    fn nearest_takes_the_closer_side() {
        let points = [1, 10, 20].map(|step| Point { step, value: 0.0 });
        for (asked, found) in [(0, 1), (4, 1), (6, 10), (15, 10), (16, 20), (99, 20)] {
            assert_eq!(nearest(&points, asked).map(|point| point.step), Some(found));
        }
        assert_eq!(nearest(&[], 3), None);
    }

    #[test]
    fn span_drops_the_tails_but_never_everything() {
        let values = || (0..100).map(|value| value as f32);
        assert_eq!(span(values(), 0.0), Some((0.0, 99.0)));
        assert_eq!(span(values(), 0.02), Some((2.0, 97.0)));
        assert_eq!(span([4.0].into_iter(), 0.4), Some((4.0, 4.0)));
        assert_eq!(span([f32::NAN].into_iter(), 0.0), None);
    }
}
