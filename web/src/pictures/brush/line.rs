//! Where the line is typed, what there is to say of it, and how it is written.

use lampwork_protocol::Scroll;
use leptos::prelude::*;

use super::state::Steps;
use super::table::Understood;
use super::written::Written;
use crate::failure::words as failure_words;
use crate::i18n::*;
use crate::pictures::undo::UndoRedo;
use crate::route::History;

/// Lines to begin with.
const EXAMPLES: [&str; 4] = [
    "床前明月光\n疑是地上霜\n举头望明月\n低头思故乡",
    "山高月小\n水落石出",
    "上善若水",
    "永和九年",
];

/// Where the line is typed.
#[component]
pub fn Line(steps: Steps) -> impl IntoView {
    let i18n = use_i18n();
    let text = Memo::new(move |_| steps.now.with(|state| state.text.clone()));
    let typed = move |value: String| {
        // Longer than a link may hold it is cut, between two characters.
        let mut value = value;
        while value.len() > Scroll::MOST_BYTES {
            value.pop();
        }
        steps.change(|state| state.text = value, History::Replace);
    };
    view! {
        <label class="brush-line">
            <span>{t!(i18n, pictures.brush.line)}</span>
            <textarea
                rows="4"
                data-testid="brush-line"
                lang="zh"
                spellcheck="false"
                prop:value=move || text.get()
                on:input=move |event| {
                    // What an input method has under way are letters, not yet characters.
                    let composing = js_sys::Reflect::get(&event, &"isComposing".into());
                    if !composing.is_ok_and(|composing| composing.is_truthy()) {
                        typed(event_target_value(&event));
                    }
                }
                on:compositionend=move |event| typed(event_target_value(&event))
            ></textarea>
        </label>
        <div class="chips" role="group" aria-label=move || t_string!(i18n, pictures.brush.examples)>
            {EXAMPLES
                .map(|example| {
                    let first = example.lines().next().unwrap_or_default();
                    view! {
                        <button
                            type="button"
                            class="chip"
                            lang="zh"
                            data-testid=format!("brush-example-{first}")
                            on:click=move |_| {
                                steps
                                    .change(|state| state.text = example.to_owned(), History::Push);
                            }
                        >
                            {first}
                        </button>
                    }
                })
                .collect_view()}
        </div>
    }
}

/// What there is to say of the line: what cannot be written, and how far it is.
#[component]
pub fn Said(written: Written, understood: Memo<Understood>) -> impl IntoView {
    let i18n = use_i18n();
    let word = move || {
        if let Some(failure) = written.failure.get() {
            let (what, hint) = failure_words(i18n, &failure);
            return Some(format!("{what} {hint}"));
        }
        if written.table.with(Option::is_none) {
            return Some(t_string!(i18n, pictures.brush.fetching).to_owned());
        }
        let understood = understood.get();
        if !understood.unknown.is_empty() {
            let list: String = understood.unknown.iter().take(8).collect();
            return Some(t_string!(i18n, pictures.brush.unknown, list = list));
        }
        if understood.left_out > 0 {
            let (most, more) = (Scroll::MOST, understood.left_out);
            return Some(t_string!(
                i18n,
                pictures.brush.too_long,
                most = most,
                more = more
            ));
        }
        if understood.lines.is_empty() {
            return Some(t_string!(i18n, pictures.brush.empty).to_owned());
        }
        written
            .busy
            .get()
            .then(|| t_string!(i18n, pictures.brush.writing).to_owned())
    };
    let retry =
        move || written.failure.with(Option::is_some) && written.table.with(Option::is_none);
    view! {
        <p role="status" class="hint brush-said" data-testid="brush-said">
            {word}
        </p>
        <Show when=retry>
            <button
                type="button"
                class="button"
                data-testid="brush-retry"
                on:click=move |_| written.fetch()
            >
                {t!(i18n, shell.retry)}
            </button>
        </Show>
    }
}

/// The way of the lines, the seal, the steps back and forward.
#[component]
pub fn How(steps: Steps) -> impl IntoView {
    let i18n = use_i18n();
    let across = Memo::new(move |_| steps.now.with(|state| state.across));
    let seal = Memo::new(move |_| steps.now.with(|state| state.seal.clone()));
    let way = move |value: bool, name: &'static str, label: Signal<&'static str>| {
        view! {
            <button
                type="button"
                class="chip"
                aria-pressed=move || (across.get() == value).to_string()
                data-testid=name
                on:click=move |_| steps.change(|state| state.across = value, History::Push)
            >
                {label}
            </button>
        }
    };
    let sealed = move |value: String| {
        let value: String = value.trim().chars().take(Scroll::MOST_SEAL).collect();
        steps.change(|state| state.seal = value, History::Replace);
    };
    let down_label = Signal::derive(move || t_string!(i18n, pictures.brush.down));
    let across_label = Signal::derive(move || t_string!(i18n, pictures.brush.across));
    view! {
        <div class="brush-how">
            <div class="chips" role="group" aria-label=move || t_string!(i18n, pictures.brush.way)>
                {way(false, "brush-down", down_label)}
                {way(true, "brush-across", across_label)}
            </div>
            <label>
                {t!(i18n, pictures.brush.seal)}
                <input
                    type="text"
                    size="6"
                    lang="zh"
                    data-testid="brush-seal"
                    prop:value=move || seal.get()
                    on:change=move |event| sealed(event_target_value(&event))
                />
            </label>
            <UndoRedo
                name="brush"
                can=steps.can
                go=move |forward| if forward { steps.redo() } else { steps.undo() }
                quiet=true
            />
        </div>
    }
}
