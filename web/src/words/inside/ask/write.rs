//! The model writes: form, first words, another text.

use lampwork_protocol::words::TextRecipe;
use leptos::prelude::*;

use super::super::session::Ask;
use super::super::use_inside;
use super::{FORMS, Stop};
use crate::i18n::*;
use crate::route::History;

/// The model writes.
#[component]
pub fn LetWrite() -> impl IntoView {
    let i18n = use_i18n();
    let inside = use_inside();
    let room = inside.room;
    let poems = Memo::new(move |_| {
        room.info
            .with(|info| info.as_ref().is_some_and(|info| info.poems))
    });
    let ready = Memo::new(move |_| room.info.with(Option::is_some));
    let form = move || match inside.asked.get() {
        Ask::Write { form, .. } => form,
        Ask::Read(_) => FORMS[0].0.to_owned(),
    };
    let field = NodeRef::<leptos::html::Input>::new();
    let too_long = RwSignal::new(false);
    let write = move |form: Option<String>| {
        let first = field
            .get_untracked()
            .map(|field| field.value())
            .unwrap_or_default();
        // What is typed in one line is no prompt of more than a few lines.
        too_long.set(first.len() > TextRecipe::MAX_PROMPT / 16);
        if too_long.get_untracked() {
            return;
        }
        let seed = (js_sys::Math::random() * 1e6) as u64;
        let mut changes = vec![
            ("seed", Some(seed.to_string())),
            ("first", (!first.trim().is_empty()).then_some(first)),
            ("read", None),
            ("way", None),
            ("at", None),
        ];
        if form.is_some() {
            changes.push(("form", form));
        }
        room.address.set(&changes, History::Push);
    };
    let names = move |name: &str| match name {
        "five-quatrain" => t_string!(i18n, words.inside.five_quatrain),
        "five-regulated" => t_string!(i18n, words.inside.five_regulated),
        "seven-regulated" => t_string!(i18n, words.inside.seven_regulated),
        _ => t_string!(i18n, words.inside.seven_quatrain),
    };
    view! {
        <form
            class="inside-write"
            on:submit=move |event| {
                event.prevent_default();
                write(None);
            }
        >
            <Show when=move || poems.get()>
                <div class="inside-knob">
                    <label for="inside-form">{t!(i18n, words.inside.form)}</label>
                    <select
                        id="inside-form"
                        data-testid="inside-form"
                        prop:value=form
                        on:change=move |event| write(Some(event_target_value(&event)))
                    >
                        {FORMS
                            .map(|(name, chinese)| {
                                view! {
                                    <option value=name selected=move || form() == name>
                                        {move || format!("{chinese} {}", names(name))}
                                    </option>
                                }
                            })
                            .collect_view()}
                    </select>
                </div>
            </Show>
            <div class="inside-knob">
                <label for="inside-first">{t!(i18n, words.inside.first)}</label>
                <input
                    id="inside-first"
                    type="text"
                    autocomplete="off"
                    node_ref=field
                    data-testid="inside-first"
                    placeholder=move || {
                        if poems.get() { "明月" } else { "ROMEO." }
                    }
                    prop:value=move || room.address.get("first").unwrap_or_default()
                />
            </div>
            <button
                type="submit"
                class="button primary"
                data-testid="inside-write"
                disabled=move || !ready.get()
            >
                {t!(i18n, words.inside.write_another)}
            </button>
            <Stop />
        </form>
        <p class="inside-wrong" role="alert" data-testid="inside-first-wrong">
            {move || too_long.get().then(|| t_string!(i18n, words.inside.first_too_long))}
        </p>
    }
}
