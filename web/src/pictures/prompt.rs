//! What is said to a model with words: a line to type in, words it might become,
//! examples, and what of it is not known.

use lampwork_protocol::DataSet;
use lampwork_words::MAX_TEXT;
use leptos::html;
use leptos::prelude::*;
use leptos_i18n::I18nContext;

use super::maker::Maker;
use super::room::{Room, has_words, use_room};
use super::typed::Typed;
use crate::failure::{size, words as failure_words};
use crate::i18n::*;
use crate::later::{Part, ShowLater};
use crate::library::Standing;
use crate::route::History;

/// The prompt; nothing for a model without words.
#[component]
pub fn Prompt(
    /// Who makes pictures of it.
    maker: Maker,
) -> impl IntoView {
    let room = use_room();
    let there = Memo::new(move |_| room.info.with(|info| info.as_ref().is_some_and(has_words)));
    view! {
        <Show when=move || there.get()>
            <ShowLater part=Part::Prompt(maker) />
        </Show>
    }
}

/// The line itself, and what belongs to it.
#[component]
pub fn Line(
    /// Who makes pictures of what is said.
    maker: Maker,
) -> impl IntoView {
    let i18n = use_i18n();
    let room = use_room();
    let examples = Memo::new(move |_| examples_of(i18n, room));
    let typed = Typed::new(room, examples);
    let input = NodeRef::<html::Input>::new();
    let make = move || {
        typed.close();
        let said = typed.say(History::Push);
        let means = room
            .understood
            .with_untracked(|u| u.as_ref().is_none_or(|u| u.means));
        // The same words again: what was given up is taken up.
        if !said && means {
            maker.go_on();
        }
    };
    let on_input = move |event: leptos::ev::Event| {
        let Some(input) = input.get_untracked() else {
            return;
        };
        // Letters on their way to a Chinese character are no words yet.
        let composing = js_sys::Reflect::get(&event, &"isComposing".into());
        if composing.is_ok_and(|composing| composing.is_truthy()) {
            return;
        }
        read(typed, &input);
    };
    let on_key = move |event: leptos::ev::KeyboardEvent| {
        if event.is_composing() {
            return;
        }
        match event.key().as_str() {
            "ArrowDown" => typed.walk(true),
            "ArrowUp" => typed.walk(false),
            "Enter" => match typed.active.get_untracked() {
                Some(index) => typed.take(index),
                None => make(),
            },
            "Escape" if typed.suggestions.with_untracked(|all| !all.is_empty()) => typed.close(),
            _ => return,
        }
        event.prevent_default();
    };
    let open = move || typed.suggestions.with(|all| !all.is_empty());
    view! {
        <div class="prompt">
            <label for="prompt">{t!(i18n, pictures.prompt)}</label>
            <div class="prompt-line">
                <input
                    node_ref=input
                    id="prompt"
                    type="text"
                    role="combobox"
                    autocomplete="off"
                    autocapitalize="none"
                    spellcheck="false"
                    enterkeyhint="go"
                    maxlength=MAX_TEXT.to_string()
                    aria-autocomplete="list"
                    aria-controls="prompt-list"
                    aria-expanded=move || open().to_string()
                    aria-activedescendant=move || typed.active.get().map(option_id)
                    aria-describedby="prompt-said"
                    placeholder=move || examples.get().split('|').next().unwrap_or_default().trim()
                    data-testid="prompt"
                    prop:value=move || typed.text.get()
                    on:input=on_input
                    on:compositionend=move |_| {
                        if let Some(input) = input.get_untracked() {
                            read(typed, &input);
                        }
                    }
                    on:keydown=on_key
                    on:blur=move |_| typed.close()
                />
                <Suggestions typed />
                <MakeOrStop maker make />
            </div>
            <Said room />
            <Examples typed />
        </div>
    }
}

fn read(typed: Typed, input: &web_sys::HtmlInputElement) {
    let text = input.value();
    let end = text.encode_utf16().count() as u32;
    let at_end = input.selection_end().ok().flatten() == Some(end);
    typed.put(text, at_end);
}

fn option_id(index: usize) -> String {
    format!("prompt-option-{index}")
}

#[component]
fn Suggestions(typed: Typed) -> impl IntoView {
    let i18n = use_i18n();
    let count = Memo::new(move |_| typed.suggestions.with(Vec::len));
    view! {
        <ul
            id="prompt-list"
            class="prompt-list"
            role="listbox"
            aria-label=move || t_string!(i18n, pictures.prompt_list)
            hidden=move || count.get() == 0
            data-testid="prompt-list"
        >
            {move || {
                typed
                    .suggestions
                    .get()
                    .into_iter()
                    .enumerate()
                    .map(|(index, suggestion)| {
                        view! {
                            <li
                                id=option_id(index)
                                role="option"
                                aria-selected=move || {
                                    (typed.active.get() == Some(index)).to_string()
                                }
                                data-testid=option_id(index)
                                // The line keeps the focus.
                                on:pointerdown=move |event| event.prevent_default()
                                on:mousedown=move |event| event.prevent_default()
                                on:click=move |_| typed.take(index)
                            >
                                {suggestion.word}
                            </li>
                        }
                    })
                    .collect_view()
            }}
        </ul>
        <span role="status" class="unseen">
            {move || {
                let count = count.get();
                (count > 0).then(|| t_string!(i18n, pictures.prompt_count, count = count))
            }}
        </span>
    }
}

/// Makes what is said; while it is made, stops that.
#[component]
pub fn MakeOrStop(
    /// Who makes it.
    maker: Maker,
    /// What is done to begin.
    make: impl Fn() + Copy + 'static,
) -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <button
            type="button"
            class="button prompt-make"
            class:primary=move || !maker.busy().get()
            data-testid="prompt-make"
            on:click=move |_| if maker.busy().get_untracked() { maker.stop() } else { make() }
        >
            {move || {
                if maker.busy().get() {
                    t_string!(i18n, pictures.prompt_stop)
                } else {
                    t_string!(i18n, pictures.prompt_make)
                }
            }}
        </button>
    }
}

/// What became of the words.
#[component]
fn Said(room: Room) -> impl IntoView {
    let i18n = use_i18n();
    let said = move || match room.library.words() {
        Standing::Failed(failure) => {
            let (what, hint) = failure_words(i18n, &failure);
            view! {
                <span>{what} " " {hint}</span>
                <button
                    type="button"
                    class="button"
                    data-testid="words-retry"
                    on:click=move |_| room.library.want_words()
                >
                    {t!(i18n, shell.retry)}
                </button>
            }
            .into_any()
        }
        Standing::Fetching(received, total) if total > 0.0 => {
            let (have, all) = (size(received), size(total));
            view! {
                <span>{t_string!(i18n, pictures.prompt_fetching, have = have, all = all)}</span>
                <progress max="1" value=received / total aria-hidden="true"></progress>
            }
            .into_any()
        }
        Standing::Ready(()) => understood(i18n, room).into_any(),
        _ => t_string!(i18n, pictures.prompt_waiting).into_any(),
    };
    view! {
        <p id="prompt-said" class="prompt-said hint" role="status" data-testid="prompt-said">
            {said}
        </p>
    }
}

/// What of the words is known.
fn understood(i18n: leptos_i18n::I18nContext<Locale>, room: Room) -> impl IntoView {
    let understood = room.understood.get().unwrap_or_default();
    let (before, after) = match (understood.means, understood.unknown.is_empty()) {
        (_, true) if room.words.with(Option::is_none) => {
            (t_string!(i18n, pictures.prompt_hint), "")
        }
        (true, true) => (t_string!(i18n, pictures.prompt_known), ""),
        (false, true) => (t_string!(i18n, pictures.prompt_empty), ""),
        (true, false) => (t_string!(i18n, pictures.prompt_unknown), ""),
        (false, false) => (
            t_string!(i18n, pictures.prompt_unknown),
            t_string!(i18n, pictures.prompt_nothing),
        ),
    };
    let comma = t_string!(i18n, pictures.prompt_comma);
    let marks = understood
        .unknown
        .into_iter()
        .enumerate()
        .map(|(index, word)| {
            view! {
                {(index > 0).then_some(comma)}
                <mark class="unknown">{word}</mark>
            }
        })
        .collect_view();
    view! {
        <span>{before} {marks} {after}</span>
    }
}

/// What can be said for a start, with `|` between; tracked.
pub fn examples_of(i18n: I18nContext<Locale>, room: Room) -> &'static str {
    match room.data() {
        DataSet::Pixel => t_string!(i18n, pictures.examples_pixel),
        DataSet::Faces => t_string!(i18n, pictures.examples_faces),
        _ => t_string!(i18n, pictures.examples_emoji),
    }
}

/// Something to say, for a start.
#[component]
fn Examples(typed: Typed) -> impl IntoView {
    let i18n = use_i18n();
    let room = typed.room;
    let examples = typed.examples;
    let say = move |words: &str| {
        typed.text.set(words.to_owned());
        typed.close();
        typed.say(History::Push);
    };
    view! {
        <div class="chips" role="group" aria-label=move || t_string!(i18n, pictures.examples)>
            {move || {
                examples
                    .get()
                    .split('|')
                    .map(str::trim)
                    .enumerate()
                    .map(|(index, words)| {
                        view! {
                            <button
                                type="button"
                                class="chip"
                                aria-pressed=move || {
                                    room.words.with(|now| now.as_deref() == Some(words)).to_string()
                                }
                                data-testid=format!("prompt-example-{index}")
                                on:click=move |_| say(words)
                            >
                                {words}
                            </button>
                        }
                    })
                    .collect_view()
            }}
        </div>
    }
}
