//! A line chart in plain SVG: live, read by pointer, by keyboard and by ear.

use leptos::html;
use leptos::prelude::*;

use super::drawing::{
    BOTTOM, Curve, Drawing, HEIGHT, LEFT, RIGHT, ROWS, Style, TOP, draw, read, rows, step_ticks,
};
use super::measure::width_of;
use super::scale::{number, whole};
use super::series::Point;
use crate::i18n::*;

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
