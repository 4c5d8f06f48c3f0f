//! Nets that make pictures of pictures: what was measured of each.

use lampwork_protocol::{Figure, ModelCard};
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::rows::shown;
use crate::i18n::*;
use crate::library::use_library;
use crate::pictures::{hand_name, style_name};

/// Hands as figures are named by them, in the order of [`hand_name`].
const HANDS: [&str; 6] = [
    "kouzan_regular",
    "kouzan_semicursive",
    "kouzan_cursive",
    "ma_shan_zheng",
    "zhi_mang_xing",
    "liu_jian_mao_cao",
];

/// What was measured, once the cards are there; nothing where no such net is shipped, or
/// its card cannot be had.
#[component]
pub fn Changed() -> impl IntoView {
    let i18n = use_i18n();
    let library = use_library();
    let cards = RwSignal::new(Vec::<ModelCard>::new());
    spawn_local(async move {
        if let Ok(mut found) = library.cards_of_changers().await {
            found.retain(|card| !card.figures.is_empty());
            cards.try_set(found);
        }
    });
    view! {
        <Show when=move || cards.with(|cards| !cards.is_empty())>
            <section class="measure" aria-labelledby="changed-heading">
                <div>
                    <h2 id="changed-heading">{t!(i18n, measures.changed)}</h2>
                    <p>{t!(i18n, measures.changed_about)}</p>
                </div>
                <div class="changed" data-testid="measures-changed">
                    <For each=move || cards.get() key=|card| card.name.clone() let:card>
                        <Figures card />
                    </For>
                </div>
            </section>
        </Show>
    }
}

/// The figures of a net: those of which there is one alone, and a table of the others.
#[component]
fn Figures(card: ModelCard) -> impl IntoView {
    let i18n = use_i18n();
    let mut hows: Vec<String> = Vec::new();
    for figure in &card.figures {
        if !hows.contains(&figure.how) {
            hows.push(figure.how.clone());
        }
    }
    let Sheet {
        alone,
        columns,
        rows,
    } = Sheet::of(&card.figures);
    let alone = (!alone.is_empty()).then(|| {
        let alone = alone.into_iter().map(|figure| {
            let Figure {
                name, value, unit, ..
            } = figure;
            view! {
                <div>
                    <dt>{move || named(i18n, &name)}</dt>
                    <dd>{shown(value)} " " {unit}</dd>
                </div>
            }
        });
        view! { <dl class="changed-figures">{alone.collect_view()}</dl> }
    });
    let table = (!rows.is_empty()).then(|| {
        let heads = columns.into_iter().map(|column| {
            view! { <th scope="col">{move || named(i18n, &column)}</th> }
        });
        let rows = rows.into_iter().map(|(of, cells)| {
            let cells = cells.into_iter().map(|cell| match cell {
                Some(Figure { value, unit, .. }) => {
                    view! { <td>{shown(value)} " " <span class="unit">{unit}</span></td> }
                        .into_any()
                }
                None => view! { <td /> }.into_any(),
            });
            view! {
                <tr>
                    <th scope="row" class="model">{move || row_name(i18n, &of)}</th>
                    {cells.collect_view()}
                </tr>
            }
        });
        view! {
            <table class="measure-table changed-table">
                <thead>
                    <tr><td />{heads.collect_view()}</tr>
                </thead>
                <tbody>{rows.collect_view()}</tbody>
            </table>
        }
    });
    let name = card.name;
    view! {
        <section>
            <h3>{move || title(i18n, &name)}</h3>
            {alone}
            {table}
            <details>
                <summary>{t!(i18n, measures.changed_how)}</summary>
                {hows
                    .into_iter()
                    .map(|how| view! { <p class="hint" lang="en">{how}</p> })
                    .collect_view()}
            </details>
        </section>
    }
}

/// Figures laid out: a column for what is measured, a row for what it is measured of.
#[derive(Debug, Default)]
struct Sheet {
    /// Those that are measured of one thing alone.
    alone: Vec<Figure>,
    columns: Vec<String>,
    rows: Vec<(String, Vec<Option<Figure>>)>,
}

impl Sheet {
    fn of(figures: &[Figure]) -> Self {
        let placed = || figures.iter().map(|figure| (figure, placed(&figure.name)));
        let mut sheet = Sheet::default();
        for (figure, (column, _)) in placed() {
            let fellows = placed().filter(|(_, (other, _))| *other == column);
            if fellows.count() == 1 {
                sheet.alone.push(figure.clone());
            } else if !sheet.columns.contains(&column) {
                sheet.columns.push(column);
            }
        }
        let width = sheet.columns.len();
        for (figure, (column, of)) in placed() {
            let Some(column) = sheet.columns.iter().position(|other| *other == column) else {
                continue;
            };
            let row = sheet.rows.iter().position(|(other, _)| *other == of);
            let row = row.unwrap_or_else(|| {
                sheet.rows.push((of, vec![None; width]));
                sheet.rows.len() - 1
            });
            sheet.rows[row].1[column] = Some(figure.clone());
        }
        sheet
    }
}

/// What a figure of this name measures, and of what: nothing where it is of the net as a
/// whole.
fn placed(name: &str) -> (String, String) {
    let (what, of) = name.split_once('_').unwrap_or((name, ""));
    match of.strip_prefix("shown") {
        Some(of) => (
            format!("{what}_shown"),
            of.trim_start_matches('_').to_owned(),
        ),
        None => (what.to_owned(), of.to_owned()),
    }
}

fn row_name(i18n: leptos_i18n::I18nContext<Locale>, of: &str) -> String {
    match of {
        "" => t_string!(i18n, measures.changed_net).to_owned(),
        _ => named(i18n, of),
    }
}

/// What a net is called.
fn title(i18n: leptos_i18n::I18nContext<Locale>, name: &str) -> String {
    match name {
        "repair" => t_string!(i18n, measures.changed_nets.repair),
        "upscale" => t_string!(i18n, measures.changed_nets.upscale),
        "restyle" => t_string!(i18n, measures.changed_nets.restyle),
        "cycle-brush" => t_string!(i18n, measures.changed_nets.cycle_brush),
        "brush-pairs" => t_string!(i18n, measures.changed_nets.brush_pairs),
        "cycle-emoji" => t_string!(i18n, measures.changed_nets.cycle_emoji),
        other => return other.to_owned(),
    }
    .to_owned()
}

/// A figure's name in words: each part of it that is known, the rest as it is.
fn named(i18n: leptos_i18n::I18nContext<Locale>, name: &str) -> String {
    let mut words = Vec::new();
    let mut rest = name;
    while !rest.is_empty() {
        let hand = HANDS.iter().position(|hand| rest.starts_with(hand));
        let (word, length) = match hand {
            Some(at) => (hand_name(i18n, at as u8).to_owned(), HANDS[at].len()),
            None => {
                let part = rest.split('_').next().unwrap_or(rest);
                (word(i18n, part), part.len())
            }
        };
        words.push(word);
        rest = rest[length..].trim_start_matches('_');
    }
    words.join(" · ")
}

/// A part of a figure's name, in words.
fn word(i18n: leptos_i18n::I18nContext<Locale>, part: &str) -> String {
    match part {
        "psnr" | "ssim" => return part.to_uppercase(),
        "apart" => t_string!(i18n, measures.changed_words.apart),
        "cycle" => t_string!(i18n, measures.changed_words.cycle),
        "read" => t_string!(i18n, measures.changed_words.read),
        "hand" => t_string!(i18n, measures.changed_words.hand),
        "unseen" => t_string!(i18n, measures.changed_words.unseen),
        "seen" => t_string!(i18n, measures.changed_words.seen),
        "plain" => t_string!(i18n, measures.changed_words.plain),
        "real" => t_string!(i18n, measures.changed_words.real),
        "style" => t_string!(i18n, measures.changed_words.style),
        "content" => t_string!(i18n, measures.changed_words.content),
        "noise" => t_string!(i18n, measures.changed_words.noise),
        "scratches" => t_string!(i18n, measures.changed_words.scratches),
        "bicubic" => t_string!(i18n, measures.changed_words.bicubic),
        "nearest" => t_string!(i18n, measures.changed_words.nearest),
        "shown" => t_string!(i18n, measures.changed_words.shown),
        style => return style_name(i18n, style),
    }
    .to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn figure(name: &str, value: f64) -> Figure {
        Figure {
            name: name.to_owned(),
            value,
            unit: String::new(),
            floor: None,
            ceiling: None,
            how: String::new(),
        }
    }

    #[test]
    fn figures_lie_in_a_table_by_what_and_of_what() {
        let all = [
            figure("apart", 1.0),
            figure("psnr_noise_15", 2.0),
            figure("psnr_shown_noise_15", 3.0),
            figure("psnr_scratches", 4.0),
            figure("psnr_shown_scratches", 5.0),
            figure("psnr", 6.0),
        ];
        let sheet = Sheet::of(&all);
        assert_eq!(sheet.alone, [all[0].clone()]);
        assert_eq!(sheet.columns, ["psnr", "psnr_shown"]);
        let rows: Vec<(&str, Vec<Option<f64>>)> = sheet
            .rows
            .iter()
            .map(|(of, cells)| {
                let values = cells.iter().map(|cell| cell.as_ref().map(|f| f.value));
                (of.as_str(), values.collect())
            })
            .collect();
        let expected = [
            ("noise_15", vec![Some(2.0), Some(3.0)]),
            ("scratches", vec![Some(4.0), Some(5.0)]),
            ("", vec![Some(6.0), None]),
        ];
        assert_eq!(rows, expected);
    }
}
