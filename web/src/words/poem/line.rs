//! What can be done to a line: written anew, kept, typed over.

use leptos::html;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::poet::{Poet, Wrong};
use super::verse;
use super::wishes::problem_words;
use crate::failure::words as failure_words;
use crate::i18n::*;

/// The tools of the line that is chosen.
#[component]
pub fn LineTools(
    /// Whose lines.
    poet: Poet,
) -> impl IntoView {
    let i18n = use_i18n();
    // What is typed, while somebody types.
    let typed = RwSignal::new(None::<String>);
    let wrong = RwSignal::new(None::<Wrong>);
    // While lines are written anew, all stay where they are, and so does who is at one.
    let count = Memo::new(move |_| {
        let there = poet
            .alone()
            .map_or(0, |row| row.with(|made| verse::lines(&made.whole()).len()));
        there.max(poet.shape.with(Vec::len))
    });
    let at = Memo::new(move |_| poet.chosen.get().filter(|at| *at < count.get()));
    Effect::new(move |_| {
        at.get();
        typed.set(None);
        wrong.set(None);
    });
    let text_of = move |at: usize| {
        let row = untrack(|| poet.alone())?;
        let poem = row.with_untracked(crate::words::writing::Made::whole);
        Some(verse::lines(&poem).get(at)?.text.clone())
    };
    let edit = move |at: usize| typed.set(text_of(at));
    let keep = move |at: usize| {
        poet.kept.update(|kept| {
            if !kept.remove(&at) {
                kept.insert(at);
            }
        });
    };
    let is_kept = move |at: usize| poet.kept.with(|kept| kept.contains(&at));
    let any_kept = Memo::new(move |_| {
        let count = count.get();
        poet.kept.with(|kept| {
            let inside = kept.range(..count).count();
            inside > 0 && inside < count
        })
    });
    let rest = move |_| {
        let gaps = poet
            .kept
            .with_untracked(|kept| verse::gaps(count.get_untracked(), kept));
        poet.rewrite(gaps);
    };
    view! {
        <div class="line-tools" data-testid="line-tools">
            {move || match at.get() {
                None => {
                    view! { <p class="hint">{t!(i18n, words.poem.line_choose)}</p> }.into_any()
                }
                Some(at) => {
                    let number = at + 1;
                    view! {
                        <div
                            class="line-do"
                            role="group"
                            aria-label=move || t_string!(i18n, words.poem.line, number = number)
                        >
                            <span class="line-number" aria-hidden="true">
                                {move || t_string!(i18n, words.poem.line, number = number)}
                            </span>
                            <button
                                type="button"
                                class="button"
                                data-testid="line-again"
                                on:click=move |_| poet.rewrite_line(at)
                            >
                                {t!(i18n, words.poem.line_again)}
                            </button>
                            <button
                                type="button"
                                class="button"
                                aria-pressed=move || is_kept(at).to_string()
                                data-testid="line-keep"
                                on:click=move |_| keep(at)
                            >
                                {t!(i18n, words.poem.line_keep)}
                            </button>
                            <button
                                type="button"
                                class="button"
                                aria-expanded=move || typed.with(Option::is_some).to_string()
                                data-testid="line-edit"
                                on:click=move |_| edit(at)
                            >
                                {t!(i18n, words.poem.line_edit)}
                            </button>
                        </div>
                    }
                        .into_any()
                }
            }}
            <Show when=move || typed.with(Option::is_some)>
                <Edit poet at typed wrong />
            </Show>
            <Show when=move || any_kept.get()>
                <button type="button" class="button" data-testid="poem-rest" on:click=rest>
                    {t!(i18n, words.poem.rest)}
                </button>
            </Show>
        </div>
    }
}

/// The field in which a line is typed.
#[component]
fn Edit(
    poet: Poet,
    at: Memo<Option<usize>>,
    typed: RwSignal<Option<String>>,
    wrong: RwSignal<Option<Wrong>>,
) -> impl IntoView {
    let i18n = use_i18n();
    let input = NodeRef::<html::Input>::new();
    Effect::new(move |_| {
        if let Some(input) = input.get() {
            // A field of the page can be focused.
            let _ = input.focus();
            input.select();
        }
    });
    let close = move || {
        typed.set(None);
        wrong.set(None);
        let line = at.get_untracked().map(|at| format!("poem-line-{at}"));
        let line = line.and_then(|id| document().get_element_by_id(&id));
        if let Some(line) = line {
            use wasm_bindgen::JsCast;
            // As above.
            let _ = line.unchecked_into::<web_sys::HtmlElement>().focus();
        }
    };
    let take = move || {
        let (Some(at), Some(text)) = (at.get_untracked(), typed.get_untracked()) else {
            return;
        };
        spawn_local(async move {
            match poet.put_line(at, text).await {
                Ok(()) => close(),
                Err(found) => {
                    wrong.try_set(Some(found));
                }
            }
        });
    };
    let said = move || {
        wrong.get().map(|wrong| match wrong {
            Wrong::Problem(problem) => problem_words(i18n, &problem),
            Wrong::Failure(failure) => failure_words(i18n, &failure).0,
        })
    };
    view! {
        <form
            class="line-edit"
            on:submit=move |event| {
                event.prevent_default();
                take();
            }
        >
            <label for="line-text">{t!(i18n, words.poem.line_text)}</label>
            <span class="line-pair">
                <input
                    node_ref=input
                    id="line-text"
                    type="text"
                    lang="zh-Hant"
                    autocomplete="off"
                    spellcheck="false"
                    aria-describedby="line-wrong"
                    data-testid="line-text"
                    prop:value=move || typed.get().unwrap_or_default()
                    on:input=move |event| typed.set(Some(event_target_value(&event)))
                    on:keydown=move |event| {
                        if event.key() == "Escape" && !event.is_composing() {
                            event.prevent_default();
                            close();
                        }
                    }
                />
                <button type="submit" class="button primary" data-testid="line-done">
                    {t!(i18n, words.poem.line_done)}
                </button>
                <button
                    type="button"
                    class="button quiet"
                    data-testid="line-leave"
                    on:click=move |_| close()
                >
                    {t!(i18n, words.poem.line_leave)}
                </button>
            </span>
            <p id="line-wrong" class="wrong" role="alert" data-testid="line-wrong">
                {said}
            </p>
        </form>
    }
}
