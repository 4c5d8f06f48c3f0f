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

/// The figures of a net.
#[component]
fn Figures(card: ModelCard) -> impl IntoView {
    let i18n = use_i18n();
    let mut hows: Vec<String> = Vec::new();
    for figure in &card.figures {
        if !hows.contains(&figure.how) {
            hows.push(figure.how.clone());
        }
    }
    let figures = card.figures.into_iter().map(|figure| {
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
    view! {
        <section>
            <h3>{card.name}</h3>
            <dl class="changed-figures">{figures.collect_view()}</dl>
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
