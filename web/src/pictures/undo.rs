//! A step back and one forward, by press and by key.

use leptos::prelude::*;
use wasm_bindgen::JsCast;

use crate::i18n::*;

/// Two buttons, and the keys that do the same while they are there: Ctrl+Z, and
/// Ctrl+Shift+Z or Ctrl+Y (with Command in place of Ctrl too).
#[component]
pub fn UndoRedo(
    /// What their test ids begin with.
    name: &'static str,
    /// Whether there is a step back, and one forward.
    #[prop(into)]
    can: Signal<(bool, bool)>,
    /// Takes a step, forward if true.
    go: impl Fn(bool) + Copy + 'static,
    /// Whether they stand back behind other buttons.
    #[prop(optional)]
    quiet: bool,
) -> impl IntoView {
    let i18n = use_i18n();
    let keys = window_event_listener(leptos::ev::keydown, move |event| {
        if !(event.ctrl_key() || event.meta_key()) || in_a_field(&event) {
            return;
        }
        match (event.key().to_lowercase().as_str(), event.shift_key()) {
            ("z", false) => go(false),
            ("z", true) | ("y", false) => go(true),
            _ => return,
        }
        event.prevent_default();
    });
    on_cleanup(move || keys.remove());
    let button = move |forward: bool| {
        let (what, title) = match forward {
            false => ("undo", "Ctrl+Z"),
            true => ("redo", "Ctrl+Shift+Z"),
        };
        view! {
            <button
                type="button"
                class=if quiet { "button quiet" } else { "button" }
                title=title
                aria-disabled=move || {
                    let (back, on) = can.get();
                    (!if forward { on } else { back }).to_string()
                }
                data-testid=format!("{name}-{what}")
                on:click=move |_| go(forward)
            >
                {move || match forward {
                    false => t_string!(i18n, pictures.edit.undo),
                    true => t_string!(i18n, pictures.edit.redo),
                }}
            </button>
        }
    };
    view! {
        {button(false)}
        {button(true)}
    }
}

/// Whether a key belongs to a field that has steps of its own.
fn in_a_field(event: &web_sys::KeyboardEvent) -> bool {
    let target = event.target();
    let field = target.and_then(|target| target.dyn_into::<web_sys::HtmlInputElement>().ok());
    field.is_some_and(|field| matches!(field.type_().as_str(), "text" | "number"))
}
