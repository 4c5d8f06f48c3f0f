//! A line chart in plain SVG: live, read by pointer, by keyboard and by ear.

use leptos::html;
use leptos::prelude::*;

use super::measure::width_of;
use super::scale::{Scale, number, path, whole};
use super::series::{Point, decimate, nearest, smooth, span};
use crate::i18n::*;

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

const HEIGHT: f64 = 190.0;
const TOP: f64 = 12.0;
const RIGHT: f64 = 14.0;
const BOTTOM: f64 = 26.0;
const LEFT: f64 = 52.0;

/// Share of values at each end that a range without outliers leaves out.
const OUTLIERS: f32 = 0.02;

/// Rows of the table that stands in for the picture.
const ROWS: usize = 20;

/// What is drawn of a curve, in pixels and in values.
#[derive(Debug, Clone, PartialEq)]
struct Drawn {
    curve: Curve,
    raw: String,
    line: String,
    dots: Vec<(f64, f64)>,
}

/// All that is drawn, remade when the curves, the size or the style change.
#[derive(Debug, Clone, PartialEq)]
struct Drawing {
    x: Scale,
    y: Scale,
    first: u64,
    last: u64,
    curves: Vec<Drawn>,
}

fn draw(curves: Vec<Curve>, style: Style, width: f64) -> Option<Drawing> {
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
fn step_ticks(drawing: &Drawing, count: usize) -> Vec<u64> {
    drawing
        .x
        .ticks(count)
        .into_iter()
        .filter(|tick| tick.fract() == 0.0 && *tick >= 0.0)
        .map(|tick| tick as u64)
        .collect()
}

/// What is read at a step: each curve's name and its nearest value.
fn read(drawing: &Drawing, step: u64) -> Vec<(Curve, Point)> {
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
fn rows(drawing: &Drawing, count: usize) -> Vec<u64> {
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

/// A line chart of some curves over the steps of a run.
///
/// `reading` is the step under the cursor; charts that share it read together.
#[component]
pub fn Chart(
    /// What it shows, in the visitor's language.
    #[prop(into)]
    title: Signal<String>,
    /// One sentence on how to read it.
    #[prop(into)]
    hint: Signal<String>,
    /// The curves; remade at most some times a second.
    #[prop(into)]
    curves: Signal<Vec<Curve>>,
    /// How they are drawn.
    #[prop(into)]
    style: Signal<Style>,
    /// Step that is read; `None` for none.
    reading: RwSignal<Option<u64>>,
    /// Name of the chart for tests.
    testid: &'static str,
) -> impl IntoView {
    let i18n = use_i18n();
    let plot = NodeRef::<html::Div>::new();
    let width = width_of(plot);
    let drawing = Memo::new(move |_| draw(curves.get(), style.get(), width.get().max(220.0)));
    let clip = format!("clip-{testid}");
    let clip_url = format!("url(#{clip})");

    let read_at = move |client_x: i32| {
        let Some(element) = plot.get_untracked() else {
            return;
        };
        let left = element.get_bounding_client_rect().left();
        drawing.with_untracked(|drawing| {
            if let Some(drawing) = drawing {
                let step = drawing.x.value(f64::from(client_x) - left).round();
                let step = step.clamp(drawing.first as f64, drawing.last as f64) as u64;
                reading.set(Some(step));
            }
        });
    };
    let on_key = move |event: leptos::ev::KeyboardEvent| {
        let moved = drawing.with_untracked(|drawing| {
            let drawing = drawing.as_ref()?;
            let stride = ((drawing.last - drawing.first) / 50).max(1);
            let now = reading.get_untracked().unwrap_or(drawing.last);
            let step = match event.key().as_str() {
                "ArrowLeft" | "ArrowDown" => now.saturating_sub(stride),
                "ArrowRight" | "ArrowUp" => now + stride,
                "PageDown" => now.saturating_sub(10 * stride),
                "PageUp" => now + 10 * stride,
                "Home" => drawing.first,
                "End" => drawing.last,
                "Escape" => return Some(None),
                _ => return None,
            };
            Some(Some(step.clamp(drawing.first, drawing.last)))
        });
        if let Some(step) = moved {
            event.prevent_default();
            reading.set(step);
        }
    };
    // The step that is read, if any. Read after `drawing` and straight from its
    // signal: through a memo of both, a view would miss the first drawing.
    let read_step = move |drawing: &Drawing| {
        let step = reading.get()?;
        Some(step.clamp(drawing.first, drawing.last))
    };
    let spoken = move || {
        drawing.with(|drawing| {
            let Some(drawing) = drawing else {
                return t_string!(i18n, workbench.chart.nothing_yet).to_owned();
            };
            let step = reading.get().unwrap_or(drawing.last);
            let mut text = t_string!(i18n, workbench.chart.at_step, step = step);
            for (curve, point) in read(drawing, step) {
                text.push_str(&format!(
                    "; {} {}",
                    curve.label,
                    number(f64::from(point.value))
                ));
            }
            text
        })
    };

    view! {
        <figure class="chart" data-testid=testid>
            <figcaption>
                <h3>{title}</h3>
                <p>{hint}</p>
            </figcaption>
            <ul class="chart-legend">
                {move || {
                    drawing
                        .with(|drawing| {
                            let drawing = drawing.as_ref()?;
                            let step = read_step(drawing).unwrap_or(drawing.last);
                            Some(legend(read(drawing, step)))
                        })
                }}
            </ul>
            <div
                class="chart-plot"
                node_ref=plot
                role="slider"
                tabindex="0"
                data-testid=format!("{testid}-plot")
                aria-label=move || format!("{}. {}", title.get(), t_string!(i18n, workbench.chart.read_with_arrows))
                aria-valuemin=move || drawing.with(|drawing| drawing.as_ref().map_or(0, |drawing| drawing.first))
                aria-valuemax=move || drawing.with(|drawing| drawing.as_ref().map_or(0, |drawing| drawing.last))
                aria-valuenow=move || {
                    drawing
                        .with(|drawing| {
                            drawing.as_ref().map_or(0, |drawing| reading.get().unwrap_or(drawing.last))
                        })
                }
                aria-valuetext=spoken
                on:pointermove=move |event| read_at(event.client_x())
                on:pointerdown=move |event| read_at(event.client_x())
                on:pointerleave=move |_| reading.set(None)
                on:keydown=on_key
                on:blur=move |_| reading.set(None)
            >
                <svg
                    width="100%"
                    height=HEIGHT
                    viewBox=move || format!("0 0 {:.0} {HEIGHT}", width.get().max(220.0))
                    aria-hidden="true"
                    focusable="false"
                >
                    <clipPath id=clip>
                        <rect
                            x=LEFT
                            y=TOP - 2.0
                            width=move || (width.get().max(220.0) - LEFT - RIGHT + 2.0).to_string()
                            height=HEIGHT - TOP - BOTTOM + 4.0
                        />
                    </clipPath>
                    {move || drawing.with(|drawing| drawing.as_ref().map(|drawing| axes(drawing, width.get())))}
                    <g clip-path=clip_url>
                        {move || drawing.with(|drawing| drawing.as_ref().map(lines))}
                    </g>
                    {move || {
                        drawing
                            .with(|drawing| {
                                let drawing = drawing.as_ref()?;
                                let step = read_step(drawing)?;
                                Some(cursor(drawing, step, &read(drawing, step)))
                            })
                    }}
                </svg>
                {move || {
                    drawing
                        .with(Option::is_none)
                        .then(|| view! { <p class="chart-empty">{t!(i18n, workbench.chart.nothing_yet)}</p> })
                }}
            </div>
            <Table drawing title testid />
        </figure>
    }
}

/// The same numbers as a table, made only while it is open.
#[component]
fn Table(
    drawing: Memo<Option<Drawing>>,
    title: Signal<String>,
    testid: &'static str,
) -> impl IntoView {
    let i18n = use_i18n();
    let open = RwSignal::new(false);
    view! {
        <details
            class="chart-table"
            data-testid=format!("{testid}-table")
            on:toggle=move |_| open.update(|open| *open = !*open)
        >
            <summary>{t!(i18n, workbench.chart.as_table)}</summary>
            <div class="chart-scroll" tabindex="0" role="region" aria-label=title>
                {move || {
                    if !open.get() {
                        return None;
                    }
                    drawing.with(|drawing| drawing.as_ref().map(|drawing| table(drawing, t_string!(i18n, workbench.chart.step))))
                }}
            </div>
        </details>
    }
}

fn table(drawing: &Drawing, step_word: &'static str) -> impl IntoView + use<> {
    let labels = drawing
        .curves
        .iter()
        .map(|drawn| view! { <th scope="col">{drawn.curve.label.clone()}</th> })
        .collect_view();
    let body = rows(drawing, ROWS)
        .into_iter()
        .map(|step| {
            let cells = read(drawing, step)
                .into_iter()
                .map(|(_, point)| view! { <td>{number(f64::from(point.value))}</td> })
                .collect_view();
            view! {
                <tr>
                    <th scope="row">{whole(step)}</th>
                    {cells}
                </tr>
            }
        })
        .collect_view();
    view! {
        <table>
            <thead>
                <tr>
                    <th scope="col">{step_word}</th>
                    {labels}
                </tr>
            </thead>
            <tbody>{body}</tbody>
        </table>
    }
}

fn legend(values: Vec<(Curve, Point)>) -> impl IntoView + use<> {
    values
        .into_iter()
        .map(|(curve, point)| {
            let class = colour_class(&curve);
            view! {
                <li class=class>
                    <svg viewBox="0 0 24 8" aria-hidden="true">
                        <path class="line" d="M1 4H23" />
                    </svg>
                    <span>{curve.label}</span>
                    <output>{number(f64::from(point.value))}</output>
                </li>
            }
        })
        .collect_view()
}

fn colour_class(curve: &Curve) -> String {
    let dashed = if curve.validation { " validation" } else { "" };
    format!("curve-{}{dashed}", curve.colour)
}

fn axes(drawing: &Drawing, width: f64) -> impl IntoView + use<> {
    let across = drawing
        .y
        .ticks(4)
        .into_iter()
        .map(|tick| {
            let y = format!("{:.1}", drawing.y.pixel(tick));
            view! {
                <g class="tick">
                    <line x1=LEFT x2=width.max(220.0) - RIGHT y1=y.clone() y2=y.clone() />
                    <text x=LEFT - 8.0 y=y dy="0.32em" text-anchor="end">
                        {number(tick)}
                    </text>
                </g>
            }
        })
        .collect_view();
    let along = step_ticks(drawing, (width / 110.0) as usize)
        .into_iter()
        .map(|tick| {
            let x = format!("{:.1}", drawing.x.pixel(tick as f64));
            view! {
                <text class="tick-x" x=x y=HEIGHT - 7.0 text-anchor="middle">
                    {whole(tick)}
                </text>
            }
        })
        .collect_view();
    view! { <g class="chart-axes">{across} {along}</g> }
}

fn lines(drawing: &Drawing) -> impl IntoView + use<> {
    drawing
        .curves
        .iter()
        .map(|drawn| {
            let dots = drawn
                .dots
                .iter()
                .map(|(x, y)| view! { <circle class="dot" cx=format!("{x:.1}") cy=format!("{y:.1}") r="2.5" /> })
                .collect_view();
            view! {
                <g class=colour_class(&drawn.curve)>
                    <path class="raw" d=drawn.raw.clone() />
                    <path class="line" d=drawn.line.clone() />
                    {dots}
                </g>
            }
        })
        .collect_view()
}

fn cursor(drawing: &Drawing, step: u64, values: &[(Curve, Point)]) -> impl IntoView + use<> {
    let x = format!("{:.1}", drawing.x.pixel(step as f64));
    let dots = values
        .iter()
        .filter(|(_, point)| point.value.is_finite())
        .map(|(curve, point)| {
            let y = drawing.y.pixel(f64::from(point.value));
            let y = y.clamp(TOP, HEIGHT - BOTTOM);
            view! {
                <g class=colour_class(curve)>
                    <circle
                        class="reading"
                        cx=format!("{:.1}", drawing.x.pixel(point.step as f64))
                        cy=format!("{y:.1}")
                        r="4"
                    />
                </g>
            }
        })
        .collect_view();
    view! {
        <g class="chart-cursor">
            <line x1=x.clone() x2=x.clone() y1=TOP y2=HEIGHT - BOTTOM />
            {dots}
            <text x=x y=HEIGHT - 7.0 text-anchor="middle">{whole(step)}</text>
        </g>
    }
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
