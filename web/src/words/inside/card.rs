//! The chosen token closely: how expected it was, what else might have come, and what
//! it looks at.

use std::sync::Arc;

use lampwork_protocol::words::Seen;
use leptos::prelude::*;

use super::figures::{bits_of, bits_text, choices, percent};
use super::frame::now_and_then;
use super::record::{Kind, Record, bits};
use super::session::Stage;
use super::shape::Choice;
use super::{Inside, listed, shown, use_inside};
use crate::i18n::*;

/// Most tokens that are listed as looked at.
const LISTED: usize = 5;

/// The card.
#[component]
pub fn Card() -> impl IntoView {
    let i18n = use_i18n();
    let inside = use_inside();
    // While tokens come nobody reads a card that changes with each of them.
    let turn = now_and_then(
        move || inside.chosen.track(),
        move || inside.session.stage.get() != Stage::Rest && inside.looked.with(Option::is_none),
    );
    let at = Memo::new(move |_| {
        turn.track();
        inside.chosen.get_untracked()
    });
    view! {
        <aside
            class="inside-card"
            aria-label=move || t_string!(i18n, words.inside.card)
            data-testid="inside-card"
        >
            {move || {
                at.get()
                    .map(|at| card(i18n, inside, at))
                    .unwrap_or_else(|| {
                        view! { <p class="hint">{t!(i18n, words.inside.card_empty)}</p> }
                            .into_any()
                    })
            }}
        </aside>
    }
}

type Words = leptos_i18n::I18nContext<Locale>;

fn card(i18n: Words, inside: Inside, at: usize) -> AnyView {
    let poems = inside
        .room
        .info
        .with(|info| info.as_ref().is_some_and(|info| info.poems));
    let name = move |record: &Record, at: usize| {
        let told = record.told();
        let token = record.tokens.get(at);
        token.map(|token| {
            let text = shown(i18n, at, told, poems, token);
            if token.kind == Kind::Text {
                listed(&text)
            } else {
                text
            }
        })
    };
    let record = inside.session.record;
    // What changes of other tokens is nothing to this card.
    let token = Memo::new(move |_| record.with(|record| record.tokens.get(at).cloned()));
    let title = Memo::new(move |_| record.with(|record| name(record, at)));
    let looks = Memo::new(move |_| {
        record.with(|record| {
            let looks = record.looks_at(at, inside.choice.get())?;
            let mut all: Vec<(usize, f32)> = looks.into_iter().enumerate().collect();
            all.sort_by(|a, b| b.1.total_cmp(&a.1));
            all.truncate(LISTED);
            let named = all.into_iter().filter(|one| one.1 >= 0.005);
            Some(
                named
                    .filter_map(|(to, share)| Some((to, name(record, to)?, share)))
                    .collect::<Vec<_>>(),
            )
        })
    });
    let of = move || record.with(|record| record.tokens.len());
    view! {
        <header class="card-head">
            <span class="card-token" lang=if poems { "zh-Hant" } else { "en" }>
                {move || title.get()}
            </span>
            <span class="hint">
                {move || t_string!(i18n, words.inside.card_place, at = at + 1, of = of())}
            </span>
        </header>
        {move || token.get().map(|token| expected(i18n, token.kind, token.seen, &token.text))}
        {move || looks.get().filter(|looks| !looks.is_empty()).map(|looks| looked(i18n, inside, looks))}
    }
    .into_any()
}

/// How expected the token was, and what else might have come.
fn expected(i18n: Words, kind: Kind, seen: Option<Arc<Seen>>, text: &str) -> AnyView {
    let Some(seen) = seen else {
        return view! { <p class="card-line">{t!(i18n, words.inside.card_told)}</p> }.into_any();
    };
    let entropy = bits_of(seen.entropy);
    let line = t_string!(
        i18n,
        words.inside.card_odds,
        odds = percent(seen.odds),
        bits = bits_text(f64::from(bits(seen.odds)))
    );
    let unsure = t_string!(
        i18n,
        words.inside.card_entropy,
        bits = bits_text(entropy),
        choices = choices(entropy)
    );
    let note = match kind {
        Kind::Unknown => Some(t_string!(i18n, words.inside.card_unknown)),
        Kind::Text if text.contains(char::REPLACEMENT_CHARACTER) => {
            Some(t_string!(i18n, words.inside.card_broken))
        }
        _ => None,
    };
    let end = t_string!(i18n, words.inside.told_end);
    let came = |other: &str| match kind {
        Kind::End => other.is_empty(),
        Kind::Text => other == text,
        Kind::Told | Kind::Unknown => false,
    };
    let most = seen
        .best
        .first()
        .map_or(1.0, |best| best.odds)
        .max(seen.odds);
    let mut rows: Vec<(String, f32, bool)> = seen
        .best
        .iter()
        .map(|one| {
            let name = if one.text.is_empty() {
                end.to_owned()
            } else {
                listed(&one.text)
            };
            (name, one.odds, came(&one.text))
        })
        .collect();
    if !rows.iter().any(|row| row.2) {
        let name = if kind == Kind::End {
            end.to_owned()
        } else {
            listed(text)
        };
        rows.push((name, seen.odds, true));
    }
    let rows = rows
        .into_iter()
        .map(|(name, odds, came)| {
            let share = format!("{:.3}", odds / most.max(f32::MIN_POSITIVE));
            view! {
                <li class:came=came style=("--share", share)>
                    <span class="odds-token">{name}</span>
                    <span class="odds-bar" aria-hidden="true"></span>
                    <span class="odds-share">{percent(odds)}</span>
                    {came.then(|| view! { <span class="unseen">{t_string!(i18n, words.inside.came)}</span> })}
                </li>
            }
        })
        .collect_view();
    view! {
        <p class="card-line">{line}</p>
        {note.map(|note| view! { <p class="hint">{note}</p> })}
        <ol class="odds" aria-label=t_string!(i18n, words.inside.card_best)>{rows}</ol>
        <p class="hint">{unsure}</p>
    }
    .into_any()
}

/// What it looks at.
fn looked(i18n: Words, inside: Inside, looks: Vec<(usize, String, f32)>) -> impl IntoView {
    let rows = looks
        .into_iter()
        .map(|(to, name, share)| {
            let part = format!("{share:.3}");
            view! {
                <li style=("--share", part)>
                    <span class="odds-token">{name}</span>
                    <span class="odds-bar" aria-hidden="true"></span>
                    <span class="odds-share">{percent(share)}</span>
                    <span class="unseen">
                        {t_string!(i18n, words.inside.at_place, at = to + 1)}
                    </span>
                </li>
            }
        })
        .collect_view();
    view! {
        <p class="card-looks" id="inside-looks">
            {move || match inside.choice.get() {
                Choice::Mean => t_string!(i18n, words.inside.looks_mean).to_owned(),
                Choice::Head(layer, head) => {
                    t_string!(i18n, words.inside.looks_head, layer = layer + 1, head = head + 1)
                }
            }}
        </p>
        <ol class="odds looks" aria-labelledby="inside-looks">{rows}</ol>
    }
}
