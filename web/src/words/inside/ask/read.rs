//! The model reads: the visitor's text, or one to try.

use lampwork_protocol::Failure;
use lampwork_protocol::words::{TextRecipe, charset};
use leptos::prelude::*;

use super::super::record::{Kind, Token};
use super::super::use_inside;
use super::super::verse::has_han;
use super::Stop;
use crate::failure::{size, words as failure_words};
use crate::i18n::*;
use crate::route::History;

/// Texts to read, of poems: one that everybody knows, the same with its characters in
/// disorder, and one of today.
const POEMS: [&str; 3] = [
    "春眠不覺曉，處處聞啼鳥。\n夜來風雨聲，花落知多少。",
    "曉不春處眠，鳥覺啼處聞。\n聲花夜雨落，少來知風多。",
    "今天天氣很好，我們一起去公園玩。",
];

/// The same, of plays.
const PLAYS: [&str; 3] = [
    "HAMLET.\nTo be, or not to be, that is the question:\nWhether 'tis nobler in the mind to suffer\nThe slings and arrows of outrageous fortune.",
    "HAMLET.\nBe not question the or, to that be is to:\nMind in whether suffer the nobler 'tis to\nFortune outrageous of arrows and slings the.",
    "Please restart the computer and check whether the update was installed.",
];

/// What is wrong with a text that is to be read.
#[derive(Debug, Clone, PartialEq)]
enum Wrong {
    Empty,
    TooLong(usize),
    NotVerse,
    NoText(Failure),
}

/// Whether a text can be read; what is wrong with it is said before the model is asked.
fn check(text: &str, poems: bool) -> Result<(), Wrong> {
    if text.trim().is_empty() {
        return Err(Wrong::Empty);
    }
    if text.len() > TextRecipe::MAX_PROMPT {
        return Err(Wrong::TooLong(text.len()));
    }
    charset::plain(text).map_err(Wrong::NoText)?;
    if poems && !has_han(text) {
        return Err(Wrong::NotVerse);
    }
    Ok(())
}

/// The model reads.
#[component]
pub fn LetRead() -> impl IntoView {
    let i18n = use_i18n();
    let inside = use_inside();
    let room = inside.room;
    let info = room.info;
    let poems = Memo::new(move |_| info.with(|info| info.as_ref().is_some_and(|info| info.poems)));
    let ready = Memo::new(move |_| info.with(Option::is_some));
    let wrong = RwSignal::new(None::<Wrong>);
    // What is there to begin with: the text of the address, or the one that was written,
    // so that a character of it can be changed.
    let text = RwSignal::new(room.address.get_untracked("read").unwrap_or_else(|| {
        let own = |token: &Token| token.kind == Kind::Text;
        inside.session.record.with_untracked(|record| {
            let tokens = record.tokens.iter().filter(|token| own(token));
            tokens.map(|token| &*token.text).collect()
        })
    }));
    Effect::new(move |_| {
        if let Some(read) = room.address.get("read") {
            text.set(read);
        }
    });
    let read = move |own: String| match check(&own, poems.get_untracked()) {
        Ok(()) => {
            wrong.set(None);
            room.address.set(
                &[("read", Some(own)), ("way", None), ("at", None)],
                History::Push,
            );
        }
        Err(what) => wrong.set(Some(what)),
    };
    let told = move || {
        Some(match wrong.get()? {
            Wrong::Empty => t_string!(i18n, words.inside.wrong_empty).to_owned(),
            Wrong::TooLong(bytes) => t_string!(
                i18n,
                words.inside.wrong_long,
                bytes = size(bytes as f64),
                limit = size(TextRecipe::MAX_PROMPT as f64)
            ),
            Wrong::NotVerse => t_string!(i18n, words.inside.wrong_verse).to_owned(),
            Wrong::NoText(failure) => {
                let (what, hint) = failure_words(i18n, &failure);
                format!("{what} {hint}")
            }
        })
    };
    let name = move |at: usize| match at {
        0 => t_string!(i18n, words.inside.example_known),
        1 => t_string!(i18n, words.inside.example_disorder),
        _ => t_string!(i18n, words.inside.example_today),
    };
    view! {
        <form
            class="inside-read"
            on:submit=move |event| {
                event.prevent_default();
                read(text.get_untracked());
            }
        >
            <label for="inside-own">{t!(i18n, words.inside.own)}</label>
            <textarea
                id="inside-own"
                rows="3"
                dir="auto"
                data-testid="inside-own"
                lang=move || if poems.get() { "zh-Hant" } else { "en" }
                prop:value=move || text.get()
                on:input=move |event| text.set(event_target_value(&event))
            ></textarea>
            <div class="inside-do">
                <button
                    type="submit"
                    class="button primary"
                    data-testid="inside-read"
                    disabled=move || !ready.get()
                >
                    {t!(i18n, words.inside.read)}
                </button>
                <Stop />
                <div
                    class="chips"
                    role="group"
                    aria-label=move || t_string!(i18n, words.inside.examples)
                >
                    {(0..3)
                        .map(|at| {
                            view! {
                                <button
                                    type="button"
                                    class="chip"
                                    data-testid=format!("inside-example-{at}")
                                    on:click=move |_| {
                                        let texts = if poems.get_untracked() { POEMS } else { PLAYS };
                                        text.set(texts[at].to_owned());
                                        read(texts[at].to_owned());
                                    }
                                >
                                    {move || name(at)}
                                </button>
                            }
                        })
                        .collect_view()}
                </div>
            </div>
        </form>
        <p class="inside-wrong" role="alert" data-testid="inside-own-wrong">{told}</p>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_read_is_told_before() {
        assert_eq!(check("月", true), Ok(()));
        assert_eq!(check("O Romeo 🌙 مرحبا", false), Ok(()));
        assert_eq!(check(" \n", false), Err(Wrong::Empty));
        assert_eq!(check("moon 🌙 مرحبا", true), Err(Wrong::NotVerse));
        assert!(matches!(
            check(&"a".repeat(9000), false),
            Err(Wrong::TooLong(9000))
        ));
        assert!(matches!(check("a\u{1}b", false), Err(Wrong::NoText(_))));
    }

    #[test]
    fn every_example_can_be_read() {
        for (texts, poems) in [(POEMS, true), (PLAYS, false)] {
            for text in texts {
                assert_eq!(check(text, poems), Ok(()), "{text}");
            }
        }
        // The second is the first in another order.
        for texts in [POEMS, PLAYS] {
            let sorted = |text: &str| {
                let text = text.to_lowercase();
                let mut words: Vec<_> = text.chars().filter(|one| one.is_alphabetic()).collect();
                words.sort_unstable();
                words
            };
            assert_eq!(sorted(texts[0]), sorted(texts[1]));
        }
    }
}
