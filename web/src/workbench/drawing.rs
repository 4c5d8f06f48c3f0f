//! From curves to what is drawn of them. No browser in here.

use super::scale::{Scale, path};
use super::series::{Point, decimate, nearest, smooth, span};

/// One line of a chart.
#[derive(Debug, Clone, PartialEq)]
pub struct Curve {
    /// What it is called, in the visitor's language.
    pub label: String,
    /// Which of the chart's colours, from 0.
    pub colour: usize,
    /// Whether it was measured on the validation split: few points, dashed.
    pub validation: bool,
    /// Every point that is kept.
    pub points: Vec<Point>,
}

/// How the curves are drawn.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Style {
    /// Share of the past in the moving average; 0 for none.
    pub smoothing: f32,
    /// Whether the range leaves out the outermost values.
    pub ignore_outliers: bool,
}

/// Height of a chart in pixels.
pub const HEIGHT: f64 = 190.0;
/// Room above.
pub const TOP: f64 = 12.0;
/// Room to the right.
pub const RIGHT: f64 = 14.0;
/// Room below, for the steps.
pub const BOTTOM: f64 = 26.0;
/// Room to the left, for the values.
pub const LEFT: f64 = 52.0;

/// Share of values at each end that a range without outliers leaves out.
const OUTLIERS: f32 = 0.02;

/// Rows of the table that stands in for the picture.
pub const ROWS: usize = 20;

/// What is drawn of a curve, in pixels and in values.
#[derive(Debug, Clone, PartialEq)]
pub struct Drawn {
    /// The curve.
    pub curve: Curve,
    /// Path of all values; empty where `line` is that.
    pub raw: String,
    /// Path of the moving average.
    pub line: String,
    /// Middles of the dots of a validation curve.
    pub dots: Vec<(f64, f64)>,
}

/// All that is drawn, remade when the curves, the size or the style change.
#[derive(Debug, Clone, PartialEq)]
pub struct Drawing {
    /// From steps to pixels.
    pub x: Scale,
    /// From values to pixels.
    pub y: Scale,
    /// First step.
    pub first: u64,
    /// Last step.
    pub last: u64,
    /// Each curve.
    pub curves: Vec<Drawn>,
}

/// Draws curves `width` pixels wide; `None` where there is nothing to draw.
pub fn draw(curves: Vec<Curve>, style: Style, width: f64) -> Option<Drawing> {
    let steps = || {
        curves
            .iter()
            .flat_map(|curve| curve.points.iter().map(|point| point.step))
    };
    let (first, last) = (steps().min()?, steps().max()?);
    let buckets = ((width - LEFT - RIGHT) as usize).clamp(50, 800);
    // A curve is smoothed whole and thinned after it, so that what is drawn does
    // not depend on the width of the window.
    let lines: Vec<(Vec<Point>, Vec<Point>)> = curves
        .iter()
        .map(|curve| {
            let raw = decimate(&curve.points, buckets);
            if curve.validation || style.smoothing == 0.0 {
                (Vec::new(), raw)
            } else {
                let line = decimate(&smooth(&curve.points, style.smoothing), buckets);
                (raw, line)
            }
        })
        .collect();
    let share = if style.ignore_outliers { OUTLIERS } else { 0.0 };
    let values = lines
        .iter()
        .flat_map(|(raw, line)| raw.iter().chain(line).map(|point| point.value));
    let (low, high) = span(values, share)?;
    let room = f64::from(high - low) * 0.06;
    let x = Scale::new(first as f64, last as f64, LEFT, width - RIGHT);
    let y = Scale::new(
        f64::from(low) - room,
        f64::from(high) + room,
        HEIGHT - BOTTOM,
        TOP,
    );
    let curves = curves
        .into_iter()
        .zip(lines)
        .map(|(curve, (raw, line))| Drawn {
            raw: path(&raw, &x, &y),
            line: path(&line, &x, &y),
            dots: if curve.validation && line.len() <= 60 {
                line.iter()
                    .filter(|point| point.value.is_finite())
                    .map(|point| (x.pixel(point.step as f64), y.pixel(f64::from(point.value))))
                    .collect()
            } else {
                Vec::new()
            },
            curve,
        })
        .collect();
    Some(Drawing {
        x,
        y,
        first,
        last,
        curves,
    })
}

/// Whole steps to label, at most about `count`.
pub fn step_ticks(drawing: &Drawing, count: usize) -> Vec<u64> {
    drawing
        .x
        .ticks(count)
        .into_iter()
        .filter(|tick| tick.fract() == 0.0 && *tick >= 0.0)
        .map(|tick| tick as u64)
        .collect()
}

/// What is read at a step: each curve's name and its nearest value.
pub fn read(drawing: &Drawing, step: u64) -> Vec<(Curve, Point)> {
    drawing
        .curves
        .iter()
        .filter_map(|drawn| {
            let point = nearest(&drawn.curve.points, step)?;
            let curve = Curve {
                points: Vec::new(),
                ..drawn.curve.clone()
            };
            Some((curve, point))
        })
        .collect()
}

/// Steps of about `count` evenly spread rows, the newest first.
pub fn rows(drawing: &Drawing, count: usize) -> Vec<u64> {
    let Some(longest) = drawing
        .curves
        .iter()
        .max_by_key(|drawn| drawn.curve.points.len())
    else {
        return Vec::new();
    };
    let points = &longest.curve.points;
    let rows = points.len().min(count);
    (0..rows)
        .map(|row| points[points.len() - 1 - row * points.len() / rows].step)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn curve(points: Vec<Point>, validation: bool) -> Curve {
        Curve {
            label: "loss".to_owned(),
            colour: 0,
            validation,
            points,
        }
    }

    fn falling(count: u64) -> Vec<Point> {
        (1..=count)
            .map(|step| Point {
                step,
                value: 500.0 / step as f32 + 200.0,
            })
            .collect()
    }

    const STYLE: Style = Style {
        smoothing: 0.9,
        ignore_outliers: true,
    };

    #[test]
    fn ten_thousand_points_become_a_path_no_longer_than_its_width_needs() {
        let drawing =
            draw(vec![curve(falling(10_000), false)], STYLE, 600.0).expect("there are points");
        let segments = drawing.curves[0].line.matches('L').count();
        assert!((200..=2 * 600).contains(&segments), "{segments}");
    }

    #[test]
    fn the_steep_start_does_not_flatten_the_rest() {
        let steep = draw(vec![curve(falling(1_000), false)], STYLE, 600.0).expect("points");
        let all = Style {
            ignore_outliers: false,
            ..STYLE
        };
        let whole = draw(vec![curve(falling(1_000), false)], all, 600.0).expect("points");
        let height = |drawing: &Drawing| drawing.y.pixel(200.5) - drawing.y.pixel(201.0);
        assert!(height(&steep) > 2.0 * height(&whole));
    }

    #[test]
    fn nothing_is_drawn_of_nothing_or_of_no_numbers() {
        assert_eq!(draw(Vec::new(), STYLE, 600.0), None);
        let lost = vec![Point {
            step: 1,
            value: f32::NAN,
        }];
        assert_eq!(draw(vec![curve(lost, false)], STYLE, 600.0), None);
    }

    #[test]
    fn the_table_spans_the_run_newest_first() {
        let drawing = draw(vec![curve(falling(1_000), false)], STYLE, 600.0).expect("points");
        let rows = rows(&drawing, 20);
        assert_eq!(rows.len(), 20);
        assert_eq!(rows[0], 1_000);
        assert!(rows[19] <= 60);
        assert!(rows.windows(2).all(|pair| pair[0] > pair[1]));
    }

    #[test]
    fn reading_finds_the_nearest_of_each_curve() {
        let validation = vec![
            Point {
                step: 100,
                value: 1.0,
            },
            Point {
                step: 200,
                value: 2.0,
            },
        ];
        let drawing = draw(
            vec![curve(falling(300), false), curve(validation, true)],
            STYLE,
            600.0,
        )
        .expect("points");
        let read = read(&drawing, 190);
        assert_eq!(read[0].1.step, 190);
        assert_eq!(read[1].1.value, 2.0);
    }
}
