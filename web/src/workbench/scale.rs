//! From numbers to pixels, and the ticks between. No browser in here.

use std::fmt::Write;

use super::series::Point;

/// A linear map from values to pixels.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Scale {
    from: f64,
    to: f64,
    start: f64,
    end: f64,
}

impl Scale {
    /// Maps `from..to` to `start..end`. An empty range is widened around its
    /// value, so that a constant is drawn in the middle.
    pub fn new(from: f64, to: f64, start: f64, end: f64) -> Self {
        let (from, to) = if to > from {
            (from, to)
        } else {
            let room = (from.abs() * 0.05).max(0.5);
            (from - room, from + room)
        };
        Scale {
            from,
            to,
            start,
            end,
        }
    }

    /// The pixel of a value.
    pub fn pixel(&self, value: f64) -> f64 {
        self.start + (value - self.from) / (self.to - self.from) * (self.end - self.start)
    }

    /// The value at a pixel.
    pub fn value(&self, pixel: f64) -> f64 {
        self.from + (pixel - self.start) / (self.end - self.start) * (self.to - self.from)
    }

    /// Round values inside the range, about `count` of them.
    pub fn ticks(&self, count: usize) -> Vec<f64> {
        let raw = (self.to - self.from) / count.max(1) as f64;
        let magnitude = 10_f64.powf(raw.log10().floor());
        let stride = [1.0, 2.0, 5.0, 10.0]
            .into_iter()
            .map(|multiple| multiple * magnitude)
            .find(|stride| *stride >= raw)
            .unwrap_or(10.0 * magnitude);
        let first = (self.from / stride).ceil() as i64;
        let last = (self.to / stride).floor() as i64;
        (first..=last).map(|index| index as f64 * stride).collect()
    }
}

/// The `d` of an SVG path through the points, broken at values that are no
/// numbers.
pub fn path(points: &[Point], x: &Scale, y: &Scale) -> String {
    let mut path = String::with_capacity(points.len() * 14);
    let mut pen_down = false;
    for point in points {
        if !point.value.is_finite() {
            pen_down = false;
            continue;
        }
        let letter = if pen_down { 'L' } else { 'M' };
        pen_down = true;
        // Writing to a string cannot fail.
        let _ = write!(
            path,
            "{letter}{:.1} {:.1}",
            x.pixel(point.step as f64),
            // Far outside the clip, some browsers draw garbage.
            y.pixel(f64::from(point.value)).clamp(-1e4, 1e4)
        );
    }
    path
}

/// A number as a reader wants it: four significant digits, no trailing zeros.
pub fn number(value: f64) -> String {
    if !value.is_finite() {
        return "NaN".to_owned();
    }
    if value == 0.0 {
        return "0".to_owned();
    }
    let magnitude = value.abs().log10().floor() as i32;
    if !(-4..7).contains(&magnitude) {
        return format!("{value:.2e}");
    }
    let digits = (3 - magnitude).max(0) as usize;
    let text = format!("{value:.digits$}");
    let text = if text.contains('.') {
        text.trim_end_matches('0').trim_end_matches('.')
    } else {
        &text
    };
    // U+2212 lines up with the digits and is read as "minus".
    text.replace('-', "\u{2212}")
}

/// A whole number with thin spaces between thousands.
pub fn whole(value: u64) -> String {
    let digits = value.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3 * 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push('\u{2009}');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pixels_and_values_are_inverse() {
        let scale = Scale::new(20.0, 220.0, 300.0, 0.0);
        assert_eq!(scale.pixel(20.0), 300.0);
        assert_eq!(scale.pixel(220.0), 0.0);
        for value in [20.0, 77.5, 219.0] {
            assert!((scale.value(scale.pixel(value)) - value).abs() < 1e-9);
        }
    }

    #[test]
    fn a_constant_lies_in_the_middle() {
        assert_eq!(Scale::new(7.0, 7.0, 0.0, 100.0).pixel(7.0), 50.0);
        assert_eq!(Scale::new(0.0, 0.0, 0.0, 100.0).pixel(0.0), 50.0);
    }

    #[test]
    fn ticks_are_round_and_inside() {
        assert_eq!(
            Scale::new(3.0, 97.0, 0.0, 1.0).ticks(5),
            [20.0, 40.0, 60.0, 80.0]
        );
        assert_eq!(
            Scale::new(-0.1, 0.52, 0.0, 1.0).ticks(3).len(),
            2,
            "0 and 0.5"
        );
        assert_eq!(Scale::new(0.0, 10_000.0, 0.0, 1.0).ticks(5).len(), 6);
    }

    #[test]
    fn a_path_breaks_at_what_is_no_number() {
        let scale = Scale::new(0.0, 10.0, 0.0, 10.0);
        let points = [(1, 1.0), (2, f32::NAN), (3, 3.0), (4, 4.0)]
            .map(|(step, value)| Point { step, value });
        assert_eq!(path(&points, &scale, &scale), "M1.0 1.0M3.0 3.0L4.0 4.0");
    }

    #[test]
    fn numbers_read_well() {
        for (value, text) in [
            (0.0, "0"),
            (241.37, "241.4"),
            (0.5, "0.5"),
            (-1.25, "\u{2212}1.25"),
            (0.000_3, "0.0003"),
            (12_345.6, "12346"),
            (1.0e-7, "1.00e-7"),
            (f64::NAN, "NaN"),
        ] {
            assert_eq!(number(value), text);
        }
    }

    #[test]
    fn thousands_are_set_apart() {
        assert_eq!(whole(7), "7");
        assert_eq!(whole(1_234), "1\u{2009}234");
        assert_eq!(whole(10_000_000), "10\u{2009}000\u{2009}000");
    }
}
