//! The tool as it is seen: forms and wishes, one sheet or several, what is said of them.

use leptos::prelude::*;

use super::check::{Row, Verdict, check_of, is_kept};
use super::knobs::More;
use super::line::LineTools;
use super::poet::Poet;
use super::sheet::Sheet;
use super::source::SourcePoem;
use super::wish::SHEETS;
use super::wishes::{Forms, Wishes};
use crate::browser;
use crate::failure::words as failure_words;
use crate::i18n::*;
use crate::library::Standing;
use crate::route::History;
use crate::words::keep::Keep;
use crate::words::room::{Opened, use_room};
use crate::words::writing::Made;

/// Where wishes stand beside the sheet and need not be folded away.
const WIDE: &str = "(min-width: 70rem)";

/// The tool.
#[component]
pub fn PoemTool() -> impl IntoView {
    let i18n = use_i18n();
    let poet = Poet::new(use_room());
    let several = Memo::new(move |_| poet.writing.rows.with(|rows| rows.len() > 1));
    view! {
        <div class="tool poem-tool">
            <Forms poet />
            <div class="poem-desk">
                <div class="poem-main">
                    <Bar poet />
                    <Trouble poet />
                    {move || {
                        if several.get() {
                            view! { <Several poet /> }.into_any()
                        } else {
                            view! { <Alone poet /> }.into_any()
                        }
                    }}
                </div>
                <details class="poem-side" open=browser::matches(WIDE)>
                    <summary>
                        {t!(i18n, words.poem.wishes)}
                        <span class="hint">{t!(i18n, words.poem.wishes_about)}</span>
                    </summary>
                    <Wishes poet />
                    <More poet />
                </details>
            </div>
        </div>
    }
}

/// Writing, stopping, and how sheets lie.
#[component]
fn Bar(poet: Poet) -> impl IntoView {
    let i18n = use_i18n();
    let address = poet.room.address;
    let busy = move || poet.writing.is_busy();
    let ready = move || poet.room.info.with(Option::is_some);
    let stopped = Memo::new(move |_| {
        let row = poet.alone().filter(|_| !busy());
        row.is_some_and(|row| row.with(|made| made.end.is_none() && !made.tokens.is_empty()))
    });
    let press = move |_| {
        if untrack(busy) {
            poet.writing.stop();
        } else {
            poet.another();
        }
    };
    let sheets = Memo::new(move |_| match address.get("text") {
        Some(_) => SHEETS[0],
        None => poet.wish.with(|wish| wish.sheets),
    });
    view! {
        <div class="poem-bar">
            <span class="poem-write">
                <button
                    type="button"
                    class="button primary"
                    disabled=move || !ready()
                    data-testid="poem-write"
                    on:click=press
                >
                    {move || {
                        if busy() {
                            t_string!(i18n, words.stop)
                        } else {
                            t_string!(i18n, words.poem.another)
                        }
                    }}
                </button>
                <Show when=move || stopped.get()>
                    <button
                        type="button"
                        class="button"
                        data-testid="poem-go-on"
                        on:click=move |_| poet.go_on()
                    >
                        {t!(i18n, words.poem.go_on)}
                    </button>
                </Show>
            </span>
            <div
                class="chips"
                role="group"
                aria-label=move || t_string!(i18n, words.poem.sheets)
            >
                {SHEETS
                    .map(|count| {
                        view! {
                            <button
                                type="button"
                                class="chip"
                                aria-pressed=move || (sheets.get() == count).to_string()
                                data-testid=format!("sheets-{count}")
                                on:click=move |_| {
                                    poet.ask(History::Push, |wish| wish.sheets = count);
                                }
                            >
                                {move || {
                                    if count == 1 {
                                        t_string!(i18n, words.poem.sheets_one)
                                    } else {
                                        t_string!(i18n, words.poem.sheets_four)
                                    }
                                }}
                            </button>
                        }
                    })
                    .collect_view()}
            </div>
            <div
                class="chips poem-looks"
                role="group"
                aria-label=move || t_string!(i18n, words.poem.looks)
            >
                <Look poet name="set" value="across" word=move || {
                    t_string!(i18n, words.poem.across)
                } />
                <Look poet name="reading" value="simplified" word=move || {
                    t_string!(i18n, words.poem.simplified)
                } />
                <Look poet name="marks" value="off" word=move || {
                    t_string!(i18n, words.poem.plain)
                } />
            </div>
        </div>
    }
}

/// A way of showing sheets, on or off; nothing is written anew for it.
#[component]
fn Look(
    poet: Poet,
    name: &'static str,
    value: &'static str,
    word: impl Fn() -> &'static str + Send + 'static,
) -> impl IntoView {
    let address = poet.room.address;
    let on = Memo::new(move |_| address.get(name).as_deref() == Some(value));
    view! {
        <button
            type="button"
            class="chip"
            aria-pressed=move || on.get().to_string()
            data-testid=format!("{name}-{value}")
            on:click=move |_| {
                let next = (!on.get_untracked()).then(|| value.to_owned());
                address.set(&[(name, next)], History::Replace);
            }
        >
            {word}
        </button>
    }
}

/// What keeps poems from being written, or from being checked.
#[component]
fn Trouble(poet: Poet) -> impl IntoView {
    let i18n = use_i18n();
    let said = move || {
        let failure = poet.writing.failure.get()?;
        let (what, hint) = failure_words(i18n, &failure);
        Some(view! { <p class="trouble">{what} " " <span class="hint">{hint}</span></p> })
    };
    let missing = move || match poet.room.shelf.readings() {
        Standing::Failed(failure) => Some(failure_words(i18n, &failure).0),
        _ => None,
    };
    view! {
        <div role="alert" data-testid="poem-trouble">
            {said}
            {move || {
                missing()
                    .map(|what| {
                        view! {
                            <div class="trouble">
                                <p>
                                    {t!(i18n, words.poem.no_readings)} " "
                                    <span class="hint">{what}</span>
                                </p>
                                <button
                                    type="button"
                                    class="button"
                                    data-testid="readings-retry"
                                    on:click=move |_| poet.fetch_readings()
                                >
                                    {t!(i18n, shell.retry)}
                                </button>
                            </div>
                        }
                    })
            }}
        </div>
    }
}

/// One sheet, with everything that can be done to it.
#[component]
fn Alone(poet: Poet) -> impl IntoView {
    let i18n = use_i18n();
    let row: Row = Signal::derive(move || poet.writing.rows.with(|rows| rows.first().copied()));
    let check = check_of(poet, row);
    let made = Memo::new(move |_| {
        let made = row.get()?.get();
        made.end.map(|_| Opened {
            text: Some(made.whole()),
            recipe: made.recipe,
        })
    });
    // Once, when all is known: nobody wants to hear a poem a character at a time.
    let said = Memo::new(move |_| {
        let check = check.get()?;
        let poem = made.get()?.text?;
        Some((poet.shown(&poem), is_kept(&check)))
    });
    view! {
        <div class="poem-alone">
            <Sheet poet row check number=0 alone=true />
            <Speed poet />
            <LineTools poet />
            <div class="poem-about">
                <Verdict poet check row />
                <SourcePoem poet row />
            </div>
            <Keep made />
            <p role="status" class="unseen" data-testid="poem-said">
                {move || {
                    said.get()
                        .map(|(poem, kept)| {
                            view! {
                                <span lang="zh-Hant">{poem}</span>
                                " "
                                {if kept {
                                    t_string!(i18n, words.poem.said_kept)
                                } else {
                                    t_string!(i18n, words.poem.said_broken)
                                }}
                            }
                        })
                }}
            </p>
        </div>
    }
}

/// Several sheets, of which one may be taken.
#[component]
fn Several(poet: Poet) -> impl IntoView {
    let i18n = use_i18n();
    let count = Memo::new(move |_| poet.writing.rows.with(Vec::len));
    let all_done = Memo::new(move |_| {
        let rows = poet.writing.rows.get();
        rows.iter().all(|row| row.with(|made| made.end.is_some()))
    });
    view! {
        <ul class="sheets" data-testid="sheets">
            <For each=move || 0..count.get() key=|at| *at let:at>
                <li>
                    <OneOf poet at />
                </li>
            </For>
        </ul>
        <Speed poet />
        <p role="status" class="unseen" data-testid="poem-said">
            {move || {
                let count = count.get();
                all_done.get().then(|| t_string!(i18n, words.poem.said_several, count = count))
            }}
        </p>
    }
}

#[component]
fn OneOf(poet: Poet, at: usize) -> impl IntoView {
    let i18n = use_i18n();
    let row: Row = Signal::derive(move || poet.writing.rows.with(|rows| rows.get(at).copied()));
    let check = check_of(poet, row);
    let done = move || {
        row.get()
            .is_some_and(|row| row.with(|made: &Made| made.end.is_some()))
    };
    let verdict = move || {
        check.get().map(|check| {
            if is_kept(&check) {
                t_string!(i18n, words.poem.form_kept)
            } else {
                t_string!(i18n, words.poem.form_broken)
            }
        })
    };
    let take = move |_| {
        if let Some(row) = untrack(move || row.get()) {
            poet.take(&row.get_untracked());
        }
    };
    let number = at + 1;
    view! {
        <Sheet poet row check number=at alone=false />
        <p class="sheet-foot">
            <span class="hint" data-testid=format!("sheet-verdict-{at}")>{verdict}</span>
            <button
                type="button"
                class="button"
                disabled=move || !done()
                aria-label=move || t_string!(i18n, words.poem.take_number, number = number)
                data-testid=format!("take-{at}")
                on:click=take
            >
                {t!(i18n, words.poem.take)}
            </button>
        </p>
    }
}

/// How fast it went; quiet.
#[component]
fn Speed(poet: Poet) -> impl IntoView {
    let i18n = use_i18n();
    let writing = poet.writing;
    let said = move || {
        let (first, rate) = (writing.first.get()?, writing.rate.get()?);
        let (first, rate) = (format!("{first:.0}"), format!("{rate:.0}"));
        Some(t_string!(
            i18n,
            words.poem.speed,
            first = first,
            rate = rate
        ))
    };
    view! { <p class="speed hint" data-testid="speed">{said}</p> }
}
