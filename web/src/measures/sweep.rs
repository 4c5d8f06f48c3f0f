//! Quality against variety over temperatures (Caccia 2018), as a drawing and a table.

use lampwork_protocol::ModelCard;
use leptos::prelude::*;

use super::model_name;
use super::rows::shown;
use crate::i18n::*;

/// Width and height of the drawing, in its own units, and its margins.
const SIZE: (f64, f64) = (560.0, 340.0);
const MARGIN: (f64, f64) = (44.0, 34.0);

/// The figure and the temperature of a point of a sweep, by its name.
pub fn point(name: &str) -> Option<(&str, f64)> {
    let (figure, temperature) = name.rsplit_once("_at_")?;
    Some((figure, temperature.parse().ok()?))
}

/// One temperature of a model.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Point {
    temperature: f64,
    /// BLEU, self-BLEU, distinct words and pairs.
    values: [f64; 4],
}

const FIGURES: [&str; 4] = ["bleu", "self_bleu", "distinct_1", "distinct_2"];

/// The points of a card by rising temperature, and what real texts have; nothing
/// without any.
fn points(card: &ModelCard) -> Option<(Vec<Point>, [f64; 4])> {
    let mut found: Vec<Point> = vec![];
    let mut real = [f64::NAN; 4];
    for figure in &card.figures {
        let Some((name, temperature)) = point(&figure.name) else {
            continue;
        };
        let Some(place) = FIGURES.iter().position(|known| *known == name) else {
            continue;
        };
        real[place] = figure.floor.unwrap_or(real[place]);
        let at = found
            .iter()
            .position(|point| point.temperature == temperature)
            .unwrap_or_else(|| {
                found.push(Point {
                    temperature,
                    values: [f64::NAN; 4],
                });
                found.len() - 1
            });
        found[at].values[place] = figure.value;
    }
    found.sort_by(|a, b| a.temperature.total_cmp(&b.temperature));
    let whole = |values: &[f64; 4]| values.iter().all(|value| value.is_finite());
    (!found.is_empty() && whole(&real) && found.iter().all(|point| whole(&point.values)))
        .then_some((found, real))
}

/// A model as it is drawn.
#[derive(Debug, Clone)]
struct Line {
    card: ModelCard,
    points: Vec<Point>,
    real: [f64; 4],
}

/// Where values are drawn: sameness from left to right, likeness upwards.
#[derive(Debug, Clone, Copy)]
struct Scale {
    most: [f64; 2],
}

impl Scale {
    fn new(lines: &[Line]) -> Self {
        let mut most = [1.0, 1.0];
        for line in lines {
            for values in line.points.iter().map(|p| p.values).chain([line.real]) {
                for (most, value) in most.iter_mut().zip(values) {
                    *most = f64::max(*most, value * 1.08);
                }
            }
        }
        Self { most }
    }

    /// Place of a likeness and a sameness.
    fn place(&self, values: &[f64; 4]) -> (f64, f64) {
        let inner = (SIZE.0 - MARGIN.0 - 12.0, SIZE.1 - MARGIN.1 - 12.0);
        (
            MARGIN.0 + inner.0 * values[1] / self.most[1],
            12.0 + inner.1 * (1.0 - values[0] / self.most[0]),
        )
    }
}

/// The section; nothing where no model was measured so.
#[component]
pub fn Sweep(
    /// The models.
    cards: Vec<ModelCard>,
) -> impl IntoView {
    let i18n = use_i18n();
    let lines: Vec<Line> = cards
        .into_iter()
        .filter_map(|card| {
            let (points, real) = points(&card)?;
            Some(Line { card, points, real })
        })
        .collect();
    (!lines.is_empty()).then(|| {
        let scale = Scale::new(&lines);
        let drawn = lines
            .iter()
            .enumerate()
            .map(|(number, line)| drawn(scale, number, line))
            .collect_view();
        let key = lines
            .iter()
            .enumerate()
            .map(|(number, line)| {
                let card = line.card.clone();
                view! {
                    <li class=format!("sweep-{}", number % COLOURS)>
                        <span class="sweep-mark" aria-hidden="true"></span>
                        {move || model_name(i18n, &card)}
                    </li>
                }
            })
            .collect_view();
        let numbers = lines.iter().flat_map(rows_of).collect_view();
        view! {
            <section class="sweep" aria-labelledby="sweep-heading" data-testid="measures-sweep">
                <div class="measure-words">
                    <h2 id="sweep-heading">{t!(i18n, measures.sweep.heading)}</h2>
                    <p>{t!(i18n, measures.sweep.about)}</p>
                    <p class="hint">
                        {t!(i18n, measures.sweep.paper)} ", "
                        <a href="https://arxiv.org/abs/1811.02549" rel="noreferrer">
                            "arXiv:1811.02549"
                        </a>
                    </p>
                    <ul class="sweep-key">{key}</ul>
                </div>
                <div class="sweep-drawing">
                    <svg
                        viewBox=format!("0 0 {} {}", SIZE.0, SIZE.1)
                        role="img"
                        aria-label=move || t_string!(i18n, measures.sweep.heading)
                    >
                        <path
                            class="sweep-axis"
                            d=format!(
                                "M{x} 12V{y}H{right}",
                                x = MARGIN.0,
                                y = SIZE.1 - MARGIN.1,
                                right = SIZE.0 - 12.0,
                            )
                        />
                        <text class="sweep-word" x=MARGIN.0 + 6.0 y="20">
                            {move || format!("↑ {}", t_string!(i18n, measures.sweep.likeness))}
                        </text>
                        <text class="sweep-word" x=SIZE.0 - 12.0 y=SIZE.1 - 8.0 text-anchor="end">
                            {move || format!("{} →", t_string!(i18n, measures.sweep.variety))}
                        </text>
                        {drawn}
                    </svg>
                    <details>
                        <summary>{t!(i18n, measures.sweep.numbers)}</summary>
                        <div class="sweep-numbers">
                            <table class="measure-table">
                                <thead>
                                    <tr>
                                        <th scope="col" class="model">{t!(i18n, measures.model)}</th>
                                        <th scope="col">{t!(i18n, measures.sweep.temperature)}</th>
                                        <th scope="col">"BLEU"</th>
                                        <th scope="col">"self-BLEU"</th>
                                        <th scope="col">{t!(i18n, measures.sweep.distinct_1)}</th>
                                        <th scope="col">{t!(i18n, measures.sweep.distinct_2)}</th>
                                    </tr>
                                </thead>
                                <tbody>{numbers}</tbody>
                            </table>
                        </div>
                    </details>
                </div>
            </section>
        }
    })
}

/// Colours that the style has for lines.
const COLOURS: usize = 4;

fn drawn(scale: Scale, number: usize, line: &Line) -> impl IntoView + use<> {
    let mut path = String::new();
    let mut marks = vec![];
    for (at, point) in line.points.iter().enumerate() {
        let (x, y) = scale.place(&point.values);
        path.push_str(&format!("{}{x:.1} {y:.1}", if at == 0 { "M" } else { "L" }));
        let ends = at == 0 || at + 1 == line.points.len();
        marks.push(view! {
            <circle cx=format!("{x:.1}") cy=format!("{y:.1}") r="3.5" />
            {ends
                .then(|| {
                    view! {
                        <text class="sweep-word" x=format!("{:.1}", x + 6.0) y=format!("{:.1}", y - 6.0)>
                            {format!("{:.1}", point.temperature)}
                        </text>
                    }
                })}
        });
    }
    let (x, y) = scale.place(&line.real);
    let cross = format!("M{:.1} {y:.1}h14M{x:.1} {:.1}v14", x - 7.0, y - 7.0);
    view! {
        <g class=format!("sweep-line sweep-{}", number % COLOURS)>
            <path d=path />
            <path class="sweep-real" d=cross />
            {marks}
        </g>
    }
}

fn rows_of(line: &Line) -> Vec<impl IntoView + use<>> {
    let i18n = use_i18n();
    let real = (None, line.real);
    let points = line
        .points
        .iter()
        .map(|point| (Some(point.temperature), point.values));
    points
        .chain([real])
        .map(|(temperature, values)| {
            let card = line.card.clone();
            view! {
                <tr>
                    <th scope="row" class="model">{move || model_name(i18n, &card)}</th>
                    <td>
                        {move || match temperature {
                            Some(temperature) => format!("{temperature:.1}"),
                            None => t_string!(i18n, measures.sweep.real).to_owned(),
                        }}
                    </td>
                    {values.map(|value| view! { <td>{shown(value)}</td> }).collect_view()}
                </tr>
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use lampwork_protocol::{DataSet, Figure, NetKind};

    use super::*;
    use crate::workbench::presets::{Family, preset};

    fn card(figures: &[(&str, f64)]) -> ModelCard {
        let figure = |(name, value): &(&str, f64)| Figure {
            name: (*name).to_owned(),
            value: *value,
            unit: String::new(),
            floor: Some(10.0 * value),
            ceiling: None,
            how: String::new(),
        };
        ModelCard {
            version: ModelCard::VERSION,
            name: "poems".to_owned(),
            recipe: preset(Family::Flow, NetKind::Conv, DataSet::Fashion),
            licence: String::new(),
            data_source: String::new(),
            commit: String::new(),
            device: String::new(),
            steps: 0,
            seconds: 0.0,
            directions: Vec::new(),
            figures: figures.iter().map(figure).collect(),
        }
    }

    #[test]
    fn a_sweep_is_put_together_by_temperature() {
        let names = ["bleu", "self_bleu", "distinct_1", "distinct_2"];
        let all: Vec<(String, f64)> = ["1.0", "0.6"]
            .iter()
            .flat_map(|t| names.iter().map(move |name| format!("{name}_at_{t}")))
            .zip((1..).map(f64::from))
            .collect();
        let mut figures: Vec<(&str, f64)> =
            all.iter().map(|(name, value)| (&**name, *value)).collect();
        figures.push(("perplexity", 3.0));
        let (found, real) = points(&card(&figures)).unwrap();
        assert_eq!(found[0].temperature, 0.6);
        assert_eq!(found[0].values, [5.0, 6.0, 7.0, 8.0]);
        assert_eq!(found[1].values, [1.0, 2.0, 3.0, 4.0]);
        assert_eq!(real, [50.0, 60.0, 70.0, 80.0]);
        // One that is not whole would be drawn wrong.
        figures.truncate(7);
        assert!(points(&card(&figures)).is_none());
        assert!(points(&card(&[("bleu", 1.0)])).is_none());
    }

    #[test]
    fn points_are_told_by_their_names() {
        assert_eq!(point("self_bleu_at_0.6"), Some(("self_bleu", 0.6)));
        assert_eq!(point("bleu"), None);
        assert_eq!(point("looked_at_closely"), None);
    }
}
