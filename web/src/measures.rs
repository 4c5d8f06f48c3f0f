//! How good the shipped models are, figure by figure, and what each figure means.

mod changed;
mod here;
mod result;
mod rows;
mod sweep;
mod told;
mod words;
mod work;

use lampwork_protocol::{Failure, Figure, Modality, ModelCard};
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_i18n::I18nContext;

use self::changed::Changed;
use self::here::Here;
use self::rows::{Column, Row, figures, rows, shown};
use self::sweep::Sweep;
use self::words::{Better, KNOWN, Said, said};
use crate::failure::words as failure_words;
use crate::i18n::*;
use crate::library::use_library;
use crate::pictures;
use crate::route::{History, use_address};
use crate::words::full_name;

/// The room.
#[component]
pub fn Measures() -> impl IntoView {
    let i18n = use_i18n();
    let cards = RwSignal::new(None::<Result<Vec<ModelCard>, Failure>>);
    let library = use_library();
    let fetch = move || {
        cards.set(None);
        spawn_local(async move {
            let answer = library.cards().await;
            // The room may be closed by now.
            cards.try_set(Some(answer));
        });
    };
    fetch();
    view! {
        <div class="measures">
            <header>
                <h1>{t!(i18n, measures.heading)}</h1>
                <p class="lead">{t!(i18n, measures.lead)}</p>
            </header>
            {move || match cards.get() {
                None => view! {
                    <p class="hint" role="status">{t!(i18n, measures.waiting)}</p>
                }
                .into_any(),
                Some(Err(failure)) => {
                    let (what, hint) = failure_words(i18n, &failure);
                    view! {
                        <div role="alert" class="trouble" data-testid="measures-trouble">
                            <p>{what} " " <span class="hint">{hint}</span></p>
                            <button
                                type="button"
                                class="button"
                                data-testid="measures-retry"
                                on:click=move |_| fetch()
                            >
                                {t!(i18n, shell.retry)}
                            </button>
                        </div>
                    }
                    .into_any()
                }
                Some(Ok(cards)) => view! { <Of cards /> }.into_any(),
            }}
        </div>
    }
}

/// Name of a model as the visitor reads it, with what it learned from.
fn model_name(i18n: I18nContext<Locale>, card: &ModelCard) -> String {
    match card.recipe.data.modality() {
        Modality::Pictures => pictures::model_name(i18n, &card.name),
        Modality::Text => full_name(i18n, &card.name, card.recipe.data),
    }
}

/// The models of pictures, or those of text.
#[component]
fn Of(cards: Vec<ModelCard>) -> impl IntoView {
    let i18n = use_i18n();
    let address = use_address();
    let (texts, drawn): (Vec<_>, Vec<_>) = cards
        .into_iter()
        .partition(|card| card.recipe.data.modality() == Modality::Text);
    let both = !texts.is_empty();
    let of = Memo::new(move |_| match address.get("of").as_deref() {
        Some("words") if both => Modality::Text,
        _ => Modality::Pictures,
    });
    let choice = move |value: Modality| {
        let (name, testid) = match value {
            Modality::Pictures => ("pictures", "measures-of-pictures"),
            Modality::Text => ("words", "measures-of-words"),
        };
        view! {
            <button
                type="button"
                class="tab"
                aria-pressed=move || (of.get() == value).to_string()
                data-testid=testid
                on:click=move |_| {
                    // A figure of the one is none of the other.
                    let changes = [("of", Some(name.to_owned())), ("figure", None)];
                    address.set(&changes, History::Push);
                }
            >
                {move || match value {
                    Modality::Pictures => t_string!(i18n, shell.pictures),
                    Modality::Text => t_string!(i18n, shell.words),
                }}
            </button>
        }
    };
    let choices = both.then(|| {
        view! {
            <div class="tools" role="group" aria-label=move || t_string!(i18n, measures.of)>
                {choice(Modality::Pictures)}
                {choice(Modality::Text)}
            </div>
        }
    });
    view! {
        {choices}
        {move || match of.get() {
            Modality::Pictures => view! {
                <Figures cards=drawn.clone() />
                <Here cards=drawn.clone() />
                <Changed />
            }
            .into_any(),
            Modality::Text => view! {
                <Figures cards=texts.clone() />
                <Sweep cards=texts.clone() />
            }
            .into_any(),
        }}
    }
}

/// The figures to choose from, and the one that is chosen.
#[component]
fn Figures(cards: Vec<ModelCard>) -> impl IntoView {
    let i18n = use_i18n();
    let address = use_address();
    let names = figures(&cards, &KNOWN);
    let there = names.clone();
    let chosen = Memo::new(move |_| {
        let asked = address.get("figure");
        let found = there.iter().find(|name| Some(*name) == asked.as_ref());
        found.or(there.first()).cloned().unwrap_or_default()
    });
    let chips = names
        .into_iter()
        .map(|name| {
            let (this, shown, go) = (name.clone(), name.clone(), name.clone());
            view! {
                <button
                    type="button"
                    class="chip"
                    aria-pressed=move || chosen.with(|now| *now == this).to_string()
                    data-testid=format!("measure-{name}")
                    on:click=move |_| address.set(&[("figure", Some(go.clone()))], History::Push)
                >
                    {move || figure_name(said(i18n, &shown), &shown)}
                </button>
            }
        })
        .collect_view();
    let cards = StoredValue::new(cards);
    view! {
        <div class="chips" role="group" aria-label=move || t_string!(i18n, measures.choose)>
            {chips}
        </div>
        {move || chosen.with(|name| (!name.is_empty()).then(|| {
            view! { <One name=name.clone() cards /> }
        }))}
    }
}

fn figure_name(said: Option<Said>, name: &str) -> String {
    said.map_or_else(|| name.replace('_', " "), |said| said.name.to_owned())
}

/// Whether a figure is best where real pictures have it, so that more is not better.
fn is_near(said: Option<Said>) -> bool {
    said.is_none_or(|said| said.better == Better::Near)
}

/// One figure: the words on it, and its table.
#[component]
fn One(name: String, cards: StoredValue<Vec<ModelCard>>) -> impl IntoView {
    let i18n = use_i18n();
    let address = use_address();
    let by = Memo::new(move |_| {
        let column = address.get("sort").and_then(|name| Column::named(&name));
        column.unwrap_or_default()
    });
    let falling = Memo::new(move |_| address.get("order").as_deref() == Some("falling"));
    let sorted = {
        let name = name.clone();
        move || cards.with_value(|cards| rows(cards, &name, by.get(), falling.get()))
    };
    let sort = move |column: Column| {
        // The same column again goes the other way.
        let falls = by.get_untracked() == column && !falling.get_untracked();
        address.set(
            &[
                ("sort", Some(column.name().to_owned())),
                ("order", falls.then(|| "falling".to_owned())),
            ],
            History::Replace,
        );
    };
    let no_way = is_near(said(i18n, &name));
    let title = {
        let name = name.clone();
        move || figure_name(said(i18n, &name), &name)
    };
    let of_text = cards.with_value(|cards| {
        let mut data = cards.iter().map(|card| card.recipe.data);
        data.all(|data| data.modality() == Modality::Text)
    });
    let heads = Column::ALL
        .map(|column| {
            view! {
                <th
                    scope="col"
                    class=column.name()
                    aria-sort=move || match (by.get() == column, falling.get()) {
                        (false, _) => None,
                        (true, false) => Some("ascending"),
                        (true, true) => Some("descending"),
                    }
                >
                    <button
                        type="button"
                        data-testid=format!("measures-sort-{}", column.name())
                        on:click=move |_| sort(column)
                    >
                        {move || match column {
                            Column::Model => t_string!(i18n, measures.model),
                            Column::Value => t_string!(i18n, measures.value),
                            Column::Real if of_text => t_string!(i18n, measures.real_texts),
                            Column::Noise if of_text => t_string!(i18n, measures.other_texts),
                            Column::Real => t_string!(i18n, measures.real),
                            Column::Noise => t_string!(i18n, measures.noise),
                        }}
                        <span class="sorted" aria-hidden="true">
                            {move || match (by.get() == column, falling.get()) {
                                (false, _) => "",
                                (true, false) => "↑",
                                (true, true) => "↓",
                            }}
                        </span>
                    </button>
                </th>
            }
        })
        .into_iter()
        .collect_view();
    view! {
        <section class="measure" aria-labelledby="measure-heading">
            <div class="measure-words">
                <h2 id="measure-heading">{title}</h2>
                {move || said(i18n, &name).map(|said| view! { <Words said of_text /> })}
            </div>
            <table class="measure-table" class:no-way=no_way data-testid="measures-table">
                <caption class="hint">
                    {move || {
                        if of_text {
                            t_string!(i18n, measures.caption_texts)
                        } else {
                            t_string!(i18n, measures.caption)
                        }
                    }}
                </caption>
                <thead>
                    <tr>
                        {heads}
                        <th scope="col" class="way">{t!(i18n, measures.way)}</th>
                    </tr>
                </thead>
                <tbody>
                    {move || sorted().into_iter().map(|row| view! { <Line row /> }).collect_view()}
                </tbody>
            </table>
        </section>
    }
}

/// What a figure means, and what it does not tell.
#[component]
fn Words(
    said: Said,
    /// Whether it is of text.
    of_text: bool,
) -> impl IntoView {
    let i18n = use_i18n();
    let better = match said.better {
        Better::Low => t_string!(i18n, measures.better_low),
        Better::High => t_string!(i18n, measures.better_high),
        Better::Near if of_text => t_string!(i18n, measures.better_near_texts),
        Better::Near => t_string!(i18n, measures.better_near),
    };
    let link = (!said.arxiv.is_empty()).then(|| {
        view! {
            ", "
            <a href=format!("https://arxiv.org/abs/{}", said.arxiv) rel="noreferrer">
                {format!("arXiv:{}", said.arxiv)}
            </a>
        }
    });
    view! {
        <p>{said.means}</p>
        <p>{said.silent}</p>
        <p class="hint">
            <strong>{better}</strong>
            {(!said.paper.is_empty()).then(|| view! { " " {said.paper} {link} "." })}
        </p>
    }
}

/// A number to read, or a dash where there is none.
fn optional(value: Option<f64>) -> String {
    value.map_or_else(|| "–".to_owned(), shown)
}

#[component]
fn Line(row: Row) -> impl IntoView {
    let i18n = use_i18n();
    let Row { card, figure } = row.clone();
    let (named, testid) = (card.clone(), format!("measures-row-{}", card.name));
    // Past real pictures is no better where near is best: no way to go.
    let near = is_near(said(i18n, &figure.name));
    let way = row.way().filter(|_| !near).map(|way| {
        let percent = format!("{:.1}%", way * 100.0);
        // By property and not by attribute, as the policy allows no inline style.
        view! {
            <span class="way-line" aria-hidden="true">
                <span class="way-done" style:width=percent></span>
            </span>
            <span class="unseen">{format!("{:.0} %", way * 100.0)}</span>
        }
    });
    let trained = {
        let steps = card.steps;
        let minutes = format!("{:.0}", card.seconds / 60.0);
        let device = card.device.clone();
        move || {
            let (minutes, device) = (minutes.clone(), device.clone());
            t_string!(
                i18n,
                measures.trained,
                steps = steps,
                minutes = minutes,
                device = device
            )
        }
    };
    view! {
        <tr data-testid=testid>
            <th scope="row" class="model">
                <details>
                    <summary>{move || model_name(i18n, &named)}</summary>
                    <p>{figure.how.clone()}</p>
                    <p>{trained}</p>
                </details>
            </th>
            <Values figure />
            <td class="way">{way}</td>
        </tr>
    }
}

/// A figure's value, that of real pictures and that of noise.
#[component]
fn Values(figure: Figure) -> impl IntoView {
    let unit = figure.unit;
    view! {
        <td class="value">
            {shown(figure.value)}
            {(!unit.is_empty()).then(|| view! { " " <span class="unit">{unit}</span> })}
        </td>
        <td class="real">{optional(figure.floor)}</td>
        <td class="noise">{optional(figure.ceiling)}</td>
    }
}
