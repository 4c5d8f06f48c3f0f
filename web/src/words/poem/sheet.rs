//! A sheet: a poem on ruled paper, a character at a time.
//!
//! Every line and character has a place of its own from the beginning, so that what
//! comes changes one cell and moves nothing.

use std::collections::BTreeSet;

use lampwork_protocol::words::{CharacterPlace, CharacterTone, FormCheck, TextPrompt};
use leptos::prelude::*;
use wasm_bindgen::JsCast;

use super::check::{Row, is_kept};
use super::poet::Poet;
use super::verse::{self, Line};
use crate::i18n::*;

/// What the cells of a sheet look up.
#[derive(Clone, Copy)]
struct Shown {
    poet: Poet,
    lines: Memo<Vec<Line>>,
    check: RwSignal<Option<FormCheck>>,
    copied: Memo<BTreeSet<(usize, usize)>>,
    /// Whether lines can be chosen.
    alone: bool,
}

/// The sheet.
#[component]
pub fn Sheet(
    /// Whose it is.
    poet: Poet,
    /// The poem on it.
    row: Row,
    /// How it keeps its form.
    check: RwSignal<Option<FormCheck>>,
    /// Its number, from 0.
    number: usize,
    /// Whether it is the only one, whose lines can be chosen.
    alone: bool,
) -> impl IntoView {
    let i18n = use_i18n();
    let address = poet.room.address;
    let across = Memo::new(move |_| address.get("set").as_deref() == Some("across"));
    let marks = Memo::new(move |_| address.get("marks").as_deref() != Some("off"));
    let until = Memo::new(move |_| {
        let text = row.get().map(|row| row.with(|made| parts(made).0));
        poet.shown(&text.unwrap_or_default())
    });
    let after = Memo::new(move |_| {
        let text = row.get().map(|row| row.with(|made| parts(made).1));
        poet.shown(&text.unwrap_or_default())
    });
    let lines = Memo::new(move |_| {
        let count = poet.shape.with(Vec::len);
        until.with(|until| after.with(|after| verse::placed(until, after, count)))
    });
    let count = Memo::new(move |_| lines.with(Vec::len).max(poet.shape.with(Vec::len)));
    let copied = Memo::new(move |_| {
        let run = poet.copied.get().filter(|_| alone).unwrap_or_default();
        let run = poet.shown(&run);
        lines.with(|lines| verse::places_of(&run, lines))
    });
    let shown = Shown {
        poet,
        lines,
        check,
        copied,
        alone,
    };
    let busy = move || {
        row.get()
            .is_some_and(|row| row.with(|made| made.end.is_none()))
            && poet.writing.is_busy()
    };
    let kept = move || check.with(|check| check.as_ref().is_some_and(is_kept));
    let seal = move || {
        if check.with(|check| check.as_ref().is_some_and(|check| check.pattern.is_some())) {
            "合律"
        } else {
            "合格"
        }
    };
    let long = move || count.get() > 10;
    let walk = move |event: leptos::ev::KeyboardEvent| {
        let step = match (event.key().as_str(), across.get_untracked()) {
            ("ArrowLeft", false) | ("ArrowDown", true) => 1,
            ("ArrowRight", false) | ("ArrowUp", true) => -1,
            _ => return,
        };
        let last = count.get_untracked().saturating_sub(1);
        let at = poet.chosen.get_untracked().unwrap_or(0);
        let next = at.saturating_add_signed(step).min(last);
        let line = document().get_element_by_id(&line_id(next));
        if let Some(line) = line.and_then(|line| line.dyn_into::<web_sys::HtmlElement>().ok()) {
            event.prevent_default();
            poet.chosen.set(Some(next));
            // A button of the page can be focused.
            let _ = line.focus();
        }
    };
    view! {
        <div
            class="sheet-paper"
            class:alone=alone
            data-set=move || if across.get() { "across" } else { "down" }
            data-marks=move || marks.get().to_string()
            data-busy=move || busy().to_string()
            data-testid=format!("poem-{number}")
        >
            <ol
                class="verse"
                lang=move || if poet.reading.on.get() { "zh-Hans" } else { "zh-Hant" }
                aria-label=move || t_string!(i18n, words.poem.lines)
                class:long=long
                style=("--lines", move || columns(count.get()).0)
                style=("--narrow", move || columns(count.get()).1)
                on:keydown=walk
            >
                <For each=move || 0..count.get() key=|at| *at let:at>
                    <li>
                        <VerseLine shown at />
                    </li>
                </For>
            </ol>
            {alone
                .then(|| {
                    view! {
                        <span class="unseen" id=KEPT_WORD>
                            {t!(i18n, words.poem.line_is_kept)}
                        </span>
                    }
                })}
            <span class="seal" class:pressed=kept aria-hidden="true" lang="zh-Hant">
                {seal}
            </span>
        </div>
    }
}

/// How many columns stand side by side at most, on wide paper and on narrow.
fn columns(lines: usize) -> (String, String) {
    let narrow = if lines > 6 { lines.div_ceil(2) } else { lines };
    (
        lines.clamp(4, 10).to_string(),
        narrow.clamp(4, 6).to_string(),
    )
}

/// What stands until the end of what was written, and what stands behind it.
fn parts(made: &crate::words::writing::Made) -> (String, String) {
    let TextPrompt::Poem(poem) = &made.recipe.prompt else {
        return Default::default();
    };
    if made.end.is_some() {
        return (made.whole(), String::new());
    }
    let until = format!("{}{}", poem.before, made.written());
    (until, poem.after.clone().unwrap_or_default())
}

/// What says that a line is kept, for who does not see it.
const KEPT_WORD: &str = "poem-kept-word";

fn line_id(at: usize) -> String {
    format!("poem-line-{at}")
}

/// A line, which can be chosen where the sheet is the only one.
#[component]
fn VerseLine(shown: Shown, at: usize) -> impl IntoView {
    let poet = shown.poet;
    if !shown.alone {
        return view! { <Cells shown at /> }.into_any();
    }
    let kept = move || poet.kept.with(|kept| kept.contains(&at));
    let chosen = move || poet.chosen.get() == Some(at);
    // One line takes part in the order of the Tab key, the arrows reach the others.
    let first = move || poet.chosen.get().unwrap_or(0) == at;
    view! {
        <button
            type="button"
            class="verse-line"
            class:kept=kept
            id=line_id(at)
            tabindex=move || if first() { "0" } else { "-1" }
            aria-pressed=move || chosen().to_string()
            aria-describedby=move || kept().then_some(KEPT_WORD)
            data-testid=line_id(at)
            on:click=move |_| {
                poet.chosen.update(|chosen| {
                    *chosen = (*chosen != Some(at)).then_some(at);
                });
            }
        >
            <Cells shown at />
        </button>
    }
    .into_any()
}

/// The characters of a line, and its mark.
#[component]
fn Cells(shown: Shown, at: usize) -> impl IntoView {
    let shape = shown.poet.shape;
    let line = Memo::new(move |_| shown.lines.with(|lines| lines.get(at).cloned()));
    let width = Memo::new(move |_| {
        let wanted = shape.with(|shape| shape.get(at).copied().unwrap_or(0));
        let length = line.with(|line| line.as_ref().map_or(0, |line| line.text.chars().count()));
        wanted.max(length)
    });
    let mark = move || line.with(|line| line.as_ref().and_then(|line| line.mark).map(String::from));
    view! {
        <span class="verse-text">
            <For each=move || 0..width.get() key=|place| *place let:place>
                <Cell shown line at place />
            </For>
            <span class="verse-mark">{mark}</span>
        </span>
    }
}

/// One character.
#[component]
fn Cell(shown: Shown, line: Memo<Option<Line>>, at: usize, place: usize) -> impl IntoView {
    let one = Memo::new(move |_| {
        line.with(|line| line.as_ref().and_then(|line| line.text.chars().nth(place)))
    });
    let sound = Memo::new(move |_| {
        shown.check.with(|check| {
            let line = check.as_ref()?.lines.get(at)?;
            let last = place + 1 == line.length as usize;
            Some((
                line.tones.get(place).copied(),
                line.places.get(place).copied(),
                line.rhymes.filter(|_| last),
            ))
        })
    });
    let copied = Memo::new(move |_| shown.copied.with(|copied| copied.contains(&(at, place))));
    let tone = move || {
        let (tone, ..) = sound.get()?;
        tone.map(|tone| match tone {
            CharacterTone::Level => "level",
            CharacterTone::Oblique => "oblique",
            CharacterTone::Either => "either",
            CharacterTone::Unknown => "unknown",
        })
    };
    let fits = move || {
        let (_, fits, _) = sound.get()?;
        fits.map(|fits| match fits {
            CharacterPlace::Kept => "kept",
            CharacterPlace::Free => "free",
            CharacterPlace::Broken => "broken",
            CharacterPlace::Unknown => "unknown",
        })
    };
    view! {
        <span
            class="character"
            class:full=move || one.get().is_some()
            class:copied=move || copied.get()
            data-tone=tone
            data-fits=fits
            data-rhymes=move || sound.get().and_then(|sound| sound.2).map(|rhymes| rhymes.to_string())
        >
            {move || one.get().map(String::from)}
        </span>
    }
}
