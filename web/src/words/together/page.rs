//! The page to write on.

use lampwork_protocol::words::TextPrompt;
use leptos::ev::KeyboardEvent;
use leptos::html::{Div, Span, Textarea};
use leptos::prelude::*;

use super::knobs::KnobRow;
use super::mirror::Mirror;
use super::odds::Odds;
use super::sheet::{Place, Sheet};
use super::versions::{VersionCards, Versions};
use crate::browser;
use crate::failure::words as failure_words;
use crate::i18n::*;
use crate::words::keep::Keep;

/// Tokens that the model writes by itself on a first visit.
const FIRST: u16 = 40;

/// The page, the odds beside it, and what can be done.
#[component]
pub fn PageMode(
    /// The page.
    sheet: Sheet,
) -> impl IntoView {
    let room = sheet.room;
    let versions = Versions::new(sheet);
    let mounted = RwSignal::new(false);
    on_cleanup(move || sheet.leave());
    // Where the model becomes ready, or another does.
    Effect::new(move |_| {
        let base = room.base();
        if !mounted.get() || base.is_none() {
            return;
        }
        untrack(|| {
            if sheet.fresh.get_value() && room.opened.with(Option::is_none) {
                sheet.fresh.set_value(!sheet.go_on(FIRST));
            } else {
                sheet.want();
            }
        });
    });
    Effect::new(move |_| {
        let passage = room.opened.with(|opened| {
            let of = opened.as_ref().map(|opened| &opened.recipe.prompt);
            matches!(of, Some(TextPrompt::Passage(_)))
        });
        if mounted.get()
            && passage
            && let Some(opened) = room.opened.try_update(Option::take).flatten()
        {
            sheet.open(opened);
        }
    });
    Effect::new(move |_| {
        if mounted.get()
            && room.plain.with(Option::is_some)
            && let Some(text) = room.plain.try_update(Option::take).flatten()
        {
            sheet.replace_all(&text);
        }
    });
    view! {
        <div class="together-page" class:long=move || sheet.long.get()>
            <div class="together-main">
                <Paper sheet mounted />
                <Ghost sheet />
                <Actions sheet versions />
                <Said sheet versions />
                <VersionCards versions />
            </div>
            <Odds sheet />
        </div>
        <KnobRow knobs=sheet.knobs />
        <Keep made=sheet.made />
    }
}

/// The sheet of paper.
#[component]
fn Paper(sheet: Sheet, mounted: RwSignal<bool>) -> impl IntoView {
    let i18n = use_i18n();
    let area = NodeRef::<Textarea>::new();
    let (lines, last) = (NodeRef::<Div>::new(), NodeRef::<Span>::new());
    Effect::new(move |_| {
        if let (Some(area), Some(lines), Some(last)) = (area.get(), lines.get(), last.get())
            && !mounted.get_untracked()
        {
            sheet.begin(area, Mirror::new(lines.into(), last.into()));
            mounted.set(true);
        }
    });
    let on_input = move |event: leptos::ev::Event| {
        let composing = js_sys::Reflect::get(&event, &"isComposing".into());
        if composing.is_ok_and(|composing| composing.is_truthy()) {
            sheet.composing();
        } else {
            sheet.typed();
        }
    };
    let on_key = move |event: KeyboardEvent| {
        if event.is_composing() {
            return;
        }
        if pressed(sheet, &event) {
            event.prevent_default();
        }
    };
    // The browser's own undo knows nothing of what the model wrote.
    let before_input = move |event: web_sys::InputEvent| {
        let kind = event.input_type();
        if matches!(&*kind, "historyUndo" | "historyRedo") {
            event.prevent_default();
            sheet.step(kind == "historyUndo");
        }
    };
    view! {
        <div class="together-paper">
            <div class="together-mirror" dir="auto" aria-hidden="true">
                <div node_ref=lines></div>
                <span node_ref=last></span>
                <span class="together-ghost" data-testid="ghost">
                    {move || sheet.hint.ghost.get()}
                </span>
                // A last line that is empty has its height as well.
                "\u{200b}"
            </div>
            <textarea
                node_ref=area
                lang="en"
                dir="auto"
                autocomplete="off"
                aria-label=move || t_string!(i18n, words.together.page)
                aria-describedby="together-keys"
                placeholder=move || t_string!(i18n, words.together.page_ask)
                data-testid="page"
                on:input=on_input
                on:beforeinput=before_input
                on:compositionend=move |_| sheet.typed()
                on:keydown=on_key
                on:keyup=move |event: KeyboardEvent| {
                    if !event.is_composing() {
                        sheet.look();
                    }
                }
                on:pointerup=move |_| sheet.look()
                on:select=move |_| sheet.look()
                on:focus=move |_| sheet.look()
            ></textarea>
        </div>
    }
}

/// What a key does; whether it was one of ours.
fn pressed(sheet: Sheet, event: &KeyboardEvent) -> bool {
    let command = event.ctrl_key() || event.meta_key();
    let (shift, alt) = (event.shift_key(), event.alt_key());
    let at_end = move || {
        sheet.look();
        let ghost = sheet.hint.ghost.with_untracked(|ghost| !ghost.is_empty());
        ghost && sheet.place.with_untracked(|place| *place == Place::End)
    };
    match &*event.key() {
        "Tab" if !command && !shift && !alt && at_end() => sheet.take(true),
        "ArrowRight" if (event.ctrl_key() || alt) && !shift && !event.meta_key() && at_end() => {
            sheet.take(false);
        }
        "Escape" if untrack(|| sheet.writing.is_busy()) => sheet.stop(),
        "Escape" if at_end() => sheet.hint.put_away(),
        "Enter" if command => {
            sheet.go_on(sheet.knobs.most.get_untracked());
        }
        "z" | "Z" if command && !alt => sheet.step(!shift),
        "y" if command && !alt && !shift => sheet.step(false),
        _ => return false,
    }
    true
}

/// How the ghost is taken: by keys, and by buttons for who has none.
#[component]
fn Ghost(sheet: Sheet) -> impl IntoView {
    let i18n = use_i18n();
    let none = Memo::new(move |_| sheet.hint.ghost.with(String::is_empty));
    let take = move |whole| {
        sheet.take(whole);
        // Who writes goes on writing.
        sheet.focus();
    };
    view! {
        <div class="together-take" class:there=move || !none.get()>
            <button
                type="button"
                class="chip"
                disabled=move || none.get()
                data-testid="ghost-all"
                on:click=move |_| take(true)
            >
                <kbd>"Tab"</kbd>
                {t!(i18n, words.together.take_all)}
            </button>
            <button
                type="button"
                class="chip"
                disabled=move || none.get()
                data-testid="ghost-word"
                on:click=move |_| take(false)
            >
                <kbd>"Ctrl →"</kbd>
                {t!(i18n, words.together.take_word)}
            </button>
            <button
                type="button"
                class="chip"
                disabled=move || none.get()
                data-testid="ghost-away"
                on:click=move |_| {
                    sheet.hint.put_away();
                    sheet.focus();
                }
            >
                <kbd>"Esc"</kbd>
                {t!(i18n, words.together.take_none)}
            </button>
            <p class="hint" id="together-keys">
                {t!(i18n, words.together.keys)}
            </p>
        </div>
    }
}

/// Writing on, filling in, and the way back.
#[component]
fn Actions(sheet: Sheet, versions: Versions) -> impl IntoView {
    let i18n = use_i18n();
    let busy = Memo::new(move |_| sheet.writing.is_busy());
    let ready = Memo::new(move |_| {
        sheet
            .room
            .info
            .with(|info| info.as_ref().is_some_and(|info| !info.poems))
    });
    let fill = Memo::new(move |_| sheet.place.with(|place| *place != Place::End));
    let selected = Memo::new(move |_| {
        sheet
            .place
            .with(|place| matches!(place, Place::Selected(_)))
    });
    let on = move |_| {
        if busy.get_untracked() {
            sheet.stop();
        } else {
            versions.close();
            sheet.go_on(sheet.knobs.most.get_untracked());
        }
    };
    let save = move |_| browser::save_file("page.txt", "text/plain", sheet.text().as_bytes());
    view! {
        <div class="together-do" role="group" aria-label=move || t_string!(i18n, words.together.actions)>
            <button
                type="button"
                class="button"
                class:primary=move || !busy.get()
                disabled=move || !ready.get()
                data-testid="go-on"
                on:click=on
            >
                {move || {
                    if busy.get() {
                        t_string!(i18n, words.stop)
                    } else {
                        t_string!(i18n, words.together.go_on)
                    }
                }}
            </button>
            <button
                type="button"
                class="button"
                disabled=move || !ready.get() || !fill.get()
                aria-describedby="together-fill"
                data-testid="fill"
                // The field keeps what is selected in it.
                on:pointerdown=move |event| event.prevent_default()
                on:click=move |_| versions.ask()
            >
                {move || {
                    if selected.get() {
                        t_string!(i18n, words.together.rewrite)
                    } else {
                        t_string!(i18n, words.together.fill)
                    }
                }}
            </button>
            <button
                type="button"
                class="button quiet"
                disabled=move || !sheet.past.get()
                data-testid="undo"
                on:click=move |_| sheet.step(true)
            >
                {t!(i18n, words.together.undo)}
            </button>
            <button
                type="button"
                class="button quiet"
                disabled=move || !sheet.future.get()
                data-testid="redo"
                on:click=move |_| sheet.step(false)
            >
                {t!(i18n, words.together.redo)}
            </button>
            <span class="together-apart">
                <button
                    type="button"
                    class="button quiet"
                    disabled=move || sheet.empty.get()
                    data-testid="page-save"
                    on:click=save
                >
                    {t!(i18n, words.together.page_save)}
                </button>
                <button
                    type="button"
                    class="button quiet"
                    disabled=move || sheet.empty.get()
                    data-testid="page-clear"
                    on:click=move |_| {
                        sheet.replace_all("");
                        sheet.word.set(t_string!(i18n, words.together.cleared));
                    }
                >
                    {t!(i18n, words.together.page_clear)}
                </button>
            </span>
            <p class="hint together-said" role="status" data-testid="page-word">
                {move || sheet.word.get()}
            </p>
            <p
                class="hint"
                id="together-fill"
                hidden=move || fill.get() || !sheet.word.get().is_empty()
            >
                {t!(i18n, words.together.fill_about)}
            </p>
        </div>
    }
}

/// What is said: at most a line when something is done, and what went wrong.
#[component]
fn Said(sheet: Sheet, versions: Versions) -> impl IntoView {
    let i18n = use_i18n();
    Effect::new(move |before: Option<bool>| {
        let busy = sheet.writing.is_busy();
        if before == Some(true) && !busy {
            let rate = sheet.writing.rate.get_untracked();
            if rate.is_some() {
                sheet.word.set(t_string!(i18n, words.together.written));
            }
        } else if busy {
            sheet.word.set("");
        }
        busy
    });
    let failure = move || {
        let all = [
            sheet.trouble,
            sheet.writing.failure,
            versions.writing.failure,
            sheet.hint.failure,
        ];
        all.into_iter().find_map(|failure| failure.get())
    };
    view! {
        <div role="alert" class="trouble" data-testid="page-trouble">
            {move || {
                failure()
                    .map(|failure| {
                        let (what, hint) = failure_words(i18n, &failure);
                        view! { <p>{what} " " <span class="hint">{hint}</span></p> }
                    })
            }}
        </div>
    }
}
