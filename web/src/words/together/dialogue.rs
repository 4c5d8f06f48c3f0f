//! A conversation, as it is shown.

use lampwork_protocol::words::TextPrompt;
use leptos::ev::KeyboardEvent;
use leptos::html;
use leptos::prelude::*;

use super::knobs::KnobRow;
use super::script::Speech;
use super::talk::{CHARACTERS, Talk, character_hint};
use crate::failure::words as failure_words;
use crate::i18n::*;
use crate::words::keep::Keep;
use crate::words::writing::Made;

/// The conversation and the line to say next.
#[component]
pub fn DialogueMode(
    /// The conversation.
    talk: Talk,
) -> impl IntoView {
    let i18n = use_i18n();
    let room = talk.room;
    Effect::new(move |_| {
        if room.base().is_some() {
            untrack(|| {
                if talk.fresh.get_value() && room.opened.with(Option::is_none) {
                    talk.answer();
                }
            });
        }
    });
    Effect::new(move |_| {
        let dialogue = room.opened.with(|opened| {
            let of = opened.as_ref().map(|opened| &opened.recipe.prompt);
            matches!(of, Some(TextPrompt::Dialogue { .. }))
        });
        if dialogue && let Some(opened) = room.opened.try_update(Option::take).flatten() {
            talk.open(opened);
        }
    });
    let failure = move || talk.writing.failure.get();
    view! {
        <div class="together-talk">
            <div class="together-who">
                <Name talk who="speaker" label=Signal::derive(move || t_string!(i18n, words.together.speaker)) />
                <Name talk who="you" label=Signal::derive(move || t_string!(i18n, words.together.you)) />
                <p class="hint" data-testid="speaker-about">
                    {move || {
                        character_hint(i18n, &talk.speaker.get())
                            .unwrap_or_else(|| t_string!(i18n, words.together.speaker_about))
                    }}
                </p>
            </div>
            <Speeches talk />
            <div role="alert" class="trouble" data-testid="talk-trouble">
                {move || {
                    failure()
                        .map(|failure| {
                            let (what, hint) = failure_words(i18n, &failure);
                            view! { <p>{what} " " <span class="hint">{hint}</span></p> }
                        })
                }}
            </div>
            <Line talk />
            <KnobRow knobs=talk.knobs />
            <Keep made=talk.made />
        </div>
    }
}

/// A name: of a character that is offered, or any other.
#[component]
fn Name(talk: Talk, who: &'static str, #[prop(into)] label: Signal<&'static str>) -> impl IntoView {
    let name = if who == "you" { talk.you } else { talk.speaker };
    let id = format!("together-{who}");
    let list = format!("{id}-list");
    view! {
        <div class="together-name">
            <label for=id.clone()>{label}</label>
            <input
                id=id.clone()
                type="text"
                list=list.clone()
                maxlength="40"
                autocomplete="off"
                autocapitalize="characters"
                spellcheck="false"
                lang="en"
                data-testid=format!("talk-{who}")
                prop:value=move || name.get()
                on:focus=move |event| {
                    let input: web_sys::HtmlInputElement = event_target(&event);
                    input.select();
                }
                on:change=move |event| {
                    let input: web_sys::HtmlInputElement = event_target(&event);
                    talk.name(who, &input.value());
                    // What is no name is not left standing.
                    input.set_value(&name.get_untracked());
                }
            />
            <datalist id=list>
                {CHARACTERS.map(|(name, _)| view! { <option value=name></option> }).collect_view()}
            </datalist>
        </div>
    }
}

#[component]
fn Speeches(talk: Talk) -> impl IntoView {
    let i18n = use_i18n();
    let end = NodeRef::<html::Li>::new();
    let row = Memo::new(move |_| talk.writing.rows.with(|rows| rows.first().copied()));
    let follow = move || {
        if let Some(end) = end.get_untracked() {
            let box_of = end.parent_element();
            if let Some(all) = box_of {
                all.set_scroll_top(all.scroll_height());
            }
        }
    };
    // What was said stays in sight.
    Effect::new(move |_| {
        talk.said.track();
        if let Some(row) = row.get() {
            row.track();
        }
        request_animation_frame(follow);
    });
    let live = move || {
        let last = talk.said.with(|said| said.last().cloned());
        let answer = last.filter(|_| talk.answered() && !talk.writing.is_busy());
        answer.map(|one| format!("{}: {}", one.speaker, one.said))
    };
    view! {
        <ol class="together-speeches" tabindex="0" aria-label=move || t_string!(i18n, words.together.conversation) data-testid="talk">
            <For
                each=move || talk.said.get().into_iter().enumerate()
                key=|(at, one)| (*at, one.speaker.clone(), one.said.clone())
                let:one
            >
                <Said talk one=one.1 />
            </For>
            {move || {
                row.get()
                    .map(|row| {
                        view! {
                            <li class="together-speech answer" data-testid="talk-answer">
                                <span class="together-speaker">
                                    {move || talk.speaker.get()}
                                </span>
                                <span class="together-words" lang="en">
                                    {move || row.with(Made::written)}
                                    <span class="together-caret" aria-hidden="true"></span>
                                </span>
                            </li>
                        }
                    })
            }}
            <li node_ref=end hidden></li>
        </ol>
        <p class="unseen" role="status" lang="en" data-testid="talk-said">{live}</p>
        <Show when=move || talk.silent.get()>
            <p class="hint" role="status" data-testid="talk-silent">{t!(i18n, words.together.silent)}</p>
        </Show>
    }
}

#[component]
fn Said(talk: Talk, one: Speech) -> impl IntoView {
    let speaker = one.speaker.clone();
    let answer = move || talk.you.with(|you| *you != speaker);
    view! {
        <li class="together-speech" class:answer=answer>
            <span class="together-speaker" lang="en">{one.speaker}</span>
            <span class="together-words" lang="en" dir="auto">{one.said}</span>
        </li>
    }
}

/// The line that is said next.
#[component]
fn Line(talk: Talk) -> impl IntoView {
    let i18n = use_i18n();
    let area = NodeRef::<html::Textarea>::new();
    let busy = Memo::new(move |_| talk.writing.is_busy());
    let ready = Memo::new(move |_| {
        talk.room
            .info
            .with(|info| info.as_ref().is_some_and(|info| !info.poems))
    });
    let say = move || {
        if let Some(area) = area.get_untracked()
            && talk.say(&area.value())
        {
            area.set_value("");
        }
    };
    let on_key = move |event: KeyboardEvent| {
        if event.is_composing() {
            return;
        }
        match &*event.key() {
            "Enter" if !event.shift_key() => {
                event.prevent_default();
                say();
            }
            "Escape" if busy.get_untracked() => talk.stop(),
            _ => {}
        }
    };
    view! {
        <div class="together-line">
            <label for="together-line">
                {move || {
                    let name = talk.you.get();
                    t_string!(i18n, words.together.line, name = name)
                }}
            </label>
            <textarea
                node_ref=area
                id="together-line"
                rows="2"
                lang="en"
                dir="auto"
                maxlength="1000"
                enterkeyhint="send"
                placeholder=move || t_string!(i18n, words.together.line_ask)
                data-testid="talk-line"
                on:keydown=on_key
            ></textarea>
            <div class="together-do">
                <button
                    type="button"
                    class="button"
                    class:primary=move || !busy.get()
                    disabled=move || !ready.get()
                    data-testid="talk-say"
                    on:click=move |_| if busy.get_untracked() { talk.stop() } else { say() }
                >
                    {move || {
                        if busy.get() {
                            t_string!(i18n, words.stop)
                        } else {
                            t_string!(i18n, words.together.say)
                        }
                    }}
                </button>
                <button
                    type="button"
                    class="button"
                    disabled=move || !ready.get() || busy.get() || !talk.answered()
                    data-testid="talk-again"
                    on:click=move |_| talk.again()
                >
                    {t!(i18n, words.together.again)}
                </button>
                <button
                    type="button"
                    class="button"
                    disabled=move || !ready.get() || busy.get()
                    data-testid="talk-on"
                    on:click=move |_| talk.go_on()
                >
                    {t!(i18n, words.together.speak_on)}
                </button>
                <button
                    type="button"
                    class="button quiet"
                    disabled=move || !talk.has_step(true)
                    data-testid="talk-undo"
                    on:click=move |_| talk.step(true)
                >
                    {t!(i18n, words.together.undo)}
                </button>
                <button
                    type="button"
                    class="button quiet"
                    disabled=move || !talk.has_step(false)
                    data-testid="talk-redo"
                    on:click=move |_| talk.step(false)
                >
                    {t!(i18n, words.together.redo)}
                </button>
                <span class="together-apart">
                    <button
                        type="button"
                        class="button quiet"
                        disabled=move || talk.said.with(Vec::is_empty)
                        data-testid="talk-clear"
                        on:click=move |_| talk.clear()
                    >
                        {t!(i18n, words.together.talk_clear)}
                    </button>
                </span>
            </div>
        </div>
    }
}
