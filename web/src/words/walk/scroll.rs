//! The verses on the way, set one below the other.

use leptos::prelude::*;
use leptos::task::spawn_local;

use super::lines::lines_of;
use super::walking::Walking;
use crate::browser;
use crate::i18n::*;

/// The poems on the way, one below the other.
#[component]
pub fn Scroll(
    /// The walk.
    walk: Walking,
) -> impl IntoView {
    let i18n = use_i18n();
    let word = RwSignal::new(None::<&'static str>);
    let copy = move |_| {
        let all = walk.texts.with_untracked(|texts| texts.join("\n\n"));
        let (copied, refused) = (
            t_string!(i18n, words.copied_text),
            t_string!(i18n, words.not_copied_text),
        );
        spawn_local(async move {
            let done = browser::copy(&all).await;
            word.try_set(Some(if done { copied } else { refused }));
        });
    };
    let said = move || {
        let count = walk.texts.with(Vec::len);
        (count > 0 && walk.under_way.with(Option::is_none))
            .then(|| t_string!(i18n, words.walk.said, count = count))
    };
    let typed = move |at: usize, last: usize| {
        let ends = walk.between.get()?;
        match at {
            0 => Some(ends[0].clone()),
            at if at == last => Some(ends[1].clone()),
            _ => None,
        }
    };
    let rows = move || {
        let texts = walk.texts.get();
        let last = texts.len().saturating_sub(1);
        texts
            .into_iter()
            .enumerate()
            .map(|(at, text)| {
                let share = at as f32 / last.max(1) as f32;
                let lines = lines_of(&text)
                    .into_iter()
                    .map(|line| view! { <span class="walk-line">{line}</span> })
                    .collect_view();
                let end = typed(at, last).filter(|typed| *typed != text);
                view! {
                    <li
                        class="walk-place"
                        class:walk-edge=at == 0 || at == last
                        style=("--share", format!("{share:.2}"))
                        style=("--turn", at.to_string())
                    >
                        <p lang="zh-Hant">{lines}</p>
                        {end
                            .map(|typed| {
                                view! {
                                    <p class="hint">
                                        {t!(i18n, words.walk.typed)} " "
                                        <span lang="zh-Hant">{typed}</span>
                                    </p>
                                }
                            })}
                    </li>
                }
            })
            .collect_view()
    };
    view! {
        <section
            class="walk-scroll"
            aria-label=move || t_string!(i18n, words.walk.scroll)
            aria-busy=move || walk.under_way.with(Option::is_some).to_string()
            hidden=move || walk.texts.with(Vec::is_empty)
        >
            <ol data-testid="walk-texts">{rows}</ol>
            <div class="walk-keep">
                <button type="button" class="button" data-testid="walk-copy" on:click=copy>
                    {t!(i18n, words.copy_text)}
                </button>
                <span class="hint" role="status" data-testid="walk-word">{move || word.get()}</span>
            </div>
        </section>
        <p class="unseen" role="status" data-testid="walk-said">{said}</p>
    }
}
