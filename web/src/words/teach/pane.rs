//! A text as it is shown in Teach.

use leptos::prelude::*;

use crate::failure::words as failure_words;
use crate::i18n::*;
use crate::words::room::use_room;
use crate::words::writing::{Made, Writing};
use crate::workbench::run_log::Sample;

/// One of the two texts.
#[component]
pub fn Pane(
    title: Signal<String>,
    writing: Writing,
    poems: Memo<bool>,
    testid: &'static str,
    /// What it writes while it learns, in place of a text that is not there yet.
    sample: Signal<Option<Sample>>,
    /// What stands there while there is nothing.
    empty: Signal<&'static str>,
) -> impl IntoView {
    let i18n = use_i18n();
    let filter = use_room().shelf.filter;
    let text = Memo::new(move |_| {
        let row = writing.rows.with(|rows| rows.first().copied());
        let text = row.map(|row| row.with(Made::whole));
        text.map(|text| laid_out(poems.get(), &text))
    });
    let shown = move || {
        text.get().or_else(|| {
            let sample = sample.with(|sample| sample.as_ref().map(|s| s.text.clone()))?;
            Some(laid_out(poems.get(), &filter.shown(&sample)))
        })
    };
    let learning = move || text.with(Option::is_none) && sample.with(Option::is_some);
    view! {
        <article class="teach-pane" class:verse=move || poems.get() class:learning=learning>
            <h3>{title}</h3>
            <p class="hint" hidden=move || !learning()>
                {move || {
                    let step = sample.with(|sample| sample.as_ref().map_or(0, |sample| sample.step));
                    t_string!(i18n, words.teach.at_step, step = step)
                }}
            </p>
            <p
                class="teach-text"
                dir="auto"
                lang=move || if poems.get() { "zh-Hant" } else { "en" }
                data-testid=testid
                data-busy=move || writing.is_busy().to_string()
            >
                {shown}
            </p>
            <p class="hint" hidden=move || shown().is_some() || writing.is_busy()>
                {empty}
            </p>
            {move || {
                writing
                    .failure
                    .get()
                    .map(|failure| {
                        let (what, hint) = failure_words(i18n, &failure);
                        view! {
                            <p class="trouble" role="alert">
                                {what} " " <span class="hint">{hint}</span>
                            </p>
                        }
                    })
            }}
        </article>
    }
}

/// A poem a sentence a line; a passage as it is.
fn laid_out(poems: bool, text: &str) -> String {
    if !poems {
        return text.to_owned();
    }
    let mut lines = String::new();
    for one in text.chars() {
        lines.push(one);
        if "。？！".contains(one) {
            lines.push('\n');
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::laid_out;

    #[test]
    fn a_poem_has_a_sentence_a_line() {
        assert_eq!(laid_out(true, "春眠，曉。花落！"), "春眠，曉。\n花落！\n");
        assert_eq!(laid_out(false, "One. Two."), "One. Two.");
    }
}
