//! The odds of what comes next, in a list beside the page.

use lampwork_protocol::words::Candidate;
use leptos::prelude::*;

use super::hint::SHOWN;
use super::sheet::{Place, Sheet};
use crate::i18n::*;

/// What may come next, each to be taken by a click.
#[component]
pub fn Odds(
    /// The page.
    sheet: Sheet,
) -> impl IntoView {
    let i18n = use_i18n();
    let hint = sheet.hint;
    let none = Memo::new(move |_| hint.best.with(Vec::is_empty));
    let says = move || {
        if sheet.long.get() {
            return t_string!(i18n, words.together.odds_long).to_owned();
        }
        if matches!(sheet.place.get(), Place::Selected(_)) {
            return t_string!(i18n, words.together.odds_selected).to_owned();
        }
        match hint.entropy.get().filter(|_| !none.get()) {
            Some(entropy) => {
                let among = format!("{:.0}", entropy.exp().max(1.0));
                let nats = format!("{entropy:.1}");
                t_string!(i18n, words.together.odds_about, nats = nats, among = among)
            }
            None => t_string!(i18n, words.together.odds_none).to_owned(),
        }
    };
    view! {
        <section class="together-odds" aria-labelledby="together-odds-head">
            <h2 id="together-odds-head">{t!(i18n, words.together.odds)}</h2>
            // Rows stay in place: the focus of who walks through them does, too.
            <ol
                class:outdated=move || hint.outdated.get()
                hidden=move || none.get()
                data-testid="odds"
            >
                {(0..SHOWN).map(|at| view! { <Row sheet at /> }).collect_view()}
            </ol>
            <p class="hint" data-testid="odds-about">
                {says}
            </p>
        </section>
    }
}

#[component]
fn Row(sheet: Sheet, at: usize) -> impl IntoView {
    let i18n = use_i18n();
    let one = Memo::new(move |_| sheet.hint.best.with(|best| best.get(at).cloned()));
    let text = move || one.with(|one| one.as_ref().map_or(String::new(), |one| one.text.clone()));
    let share = move || one.with(|one| one.as_ref().map_or(String::new(), share));
    let bar = move || one.with(|one| one.as_ref().map_or(0.0, |one| one.odds * 100.0));
    let shown = move || {
        one.with(|one| match one {
            Some(one) if one.text.is_empty() => t_string!(i18n, words.together.odds_end).to_owned(),
            Some(one) => visible(&one.text),
            None => String::new(),
        })
    };
    view! {
        <li hidden=move || one.with(Option::is_none)>
            <button
                type="button"
                class="together-odd"
                aria-label=move || {
                    let (word, odds) = (shown(), share());
                    t_string!(i18n, words.together.odds_take, word = word, odds = odds)
                }
                disabled=move || text().is_empty()
                data-testid=format!("odds-{at}")
                on:click=move |_| sheet.take_other(&text())
            >
                <span class="together-odd-bar" style:width=move || format!("{:.1}%", bar())></span>
                <span class="together-odd-text" lang="en">{shown}</span>
                <span class="together-odd-share">{share}</span>
            </button>
        </li>
    }
}

/// A share to read, in percent.
fn share(one: &Candidate) -> String {
    let percent = one.odds * 100.0;
    if percent < 1.0 {
        "< 1 %".to_owned()
    } else {
        format!("{percent:.0} %")
    }
}

/// A token as it can be seen: a blank at its beginning is a new word and needs no sign;
/// without one it goes on with the word before.
fn visible(text: &str) -> String {
    let lines = text.replace('\n', "↵");
    match lines.strip_prefix(' ') {
        Some("") => "␣".to_owned(),
        Some(word) if !word.trim().is_empty() => word.to_owned(),
        Some(_) => lines.replace(' ', "␣"),
        None if lines.starts_with(char::is_alphabetic) => format!("‑{lines}"),
        None => lines,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_are_shown_so_that_they_can_be_told_apart() {
        for (text, seen) in [
            (" night", "night"),
            ("ing", "‑ing"),
            (",", ","),
            ("\n\n", "↵↵"),
            (" ", "␣"),
            ("  ", "␣␣"),
        ] {
            assert_eq!(visible(text), seen);
        }
    }

    #[test]
    fn shares_are_percents() {
        let odds = |odds| {
            share(&Candidate {
                text: String::new(),
                odds,
            })
        };
        assert_eq!(odds(0.314), "31 %");
        assert_eq!(odds(0.004), "< 1 %");
    }
}
