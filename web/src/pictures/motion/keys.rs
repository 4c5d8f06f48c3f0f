//! The pictures that a walk passes, in their order.

use leptos::prelude::*;
use wasm_bindgen::JsCast;

use super::super::picture::Picture;
use super::super::room::use_room;
use super::super::words::name_of;
use super::clip::Clip;
use super::roll::Roll;
use crate::i18n::*;

/// The row of pictures. One tab stop: arrow keys choose, with Shift they move,
/// Delete takes out.
#[component]
pub fn Keys(
    /// Whose pictures.
    clip: Clip,
    /// Who makes them.
    roll: Roll,
) -> impl IntoView {
    let i18n = use_i18n();
    let list = NodeRef::<leptos::html::Ol>::new();
    let count = Memo::new(move |_| clip.keys().len());
    let chosen = Memo::new(move |_| clip.chosen.get().min(count.get().saturating_sub(1)));
    let focus = move |index: usize| {
        // Once the row has followed.
        request_animation_frame(move || {
            let item = list
                .get_untracked()
                .and_then(|list| list.children().item(index as u32))
                .and_then(|item| item.first_element_child());
            if let Some(item) = item.and_then(|item| item.dyn_into::<web_sys::HtmlElement>().ok()) {
                // A button of the page can always be focused.
                let _ = item.focus();
            }
        });
    };
    let on_key = move |event: leptos::ev::KeyboardEvent| {
        let (at, last) = (
            chosen.get_untracked(),
            count.get_untracked().saturating_sub(1),
        );
        let to = match event.key().as_str() {
            "ArrowRight" | "ArrowDown" => (at + 1).min(last),
            "ArrowLeft" | "ArrowUp" => at.saturating_sub(1),
            "Home" => 0,
            "End" => last,
            "Delete" | "Backspace" => {
                remove(clip, at);
                focus(at.min(last.saturating_sub(1)));
                event.prevent_default();
                return;
            }
            _ => return,
        };
        event.prevent_default();
        if event.shift_key() {
            shift(clip, at, to);
        } else {
            clip.chosen.set(to);
        }
        focus(to);
    };
    let dragged = StoredValue::new(None::<usize>);
    view! {
        <section class="motion-walk" aria-labelledby="motion-keys-heading">
            <div class="motion-keys-head">
                <h3 id="motion-keys-heading">{t!(i18n, pictures.motion.keys)}</h3>
                <Change clip chosen count />
            </div>
            <p class="hint" id="motion-keys-help">{t!(i18n, pictures.motion.keys_about)}</p>
            <ol
                class="motion-keys"
                node_ref=list
                aria-describedby="motion-keys-help"
                data-testid="motion-keys"
                on:keydown=on_key
            >
                <For each=move || 0..count.get() key=|index| *index let:index>
                    <li>
                        <Key clip roll index chosen dragged />
                    </li>
                </For>
            </ol>
            <p role="status" class="hint" data-testid="motion-word">{move || clip.word.get()}</p>
        </section>
    }
}

/// One of them. It can be dragged to another's place.
#[component]
fn Key(
    clip: Clip,
    roll: Roll,
    index: usize,
    chosen: Memo<usize>,
    dragged: StoredValue<Option<usize>>,
) -> impl IntoView {
    let i18n = use_i18n();
    let room = use_room();
    let over = RwSignal::new(false);
    let label = move || {
        let keys = clip.keys();
        let (number, count) = (index + 1, keys.len());
        let what = keys
            .get(index)
            .map(|latent| name_of(i18n, room.data(), latent))
            .unwrap_or_default();
        t_string!(
            i18n,
            pictures.motion.key,
            number = number,
            count = count,
            what = what
        )
    };
    view! {
        <button
            type="button"
            class="cell motion-key"
            class:over=move || over.get()
            draggable="true"
            aria-pressed=move || (chosen.get() == index).to_string()
            aria-label=label
            tabindex=move || if chosen.get() == index { "0" } else { "-1" }
            data-testid=format!("motion-key-{index}")
            on:click=move |_| clip.chosen.set(index)
            on:dragstart=move |_| dragged.set_value(Some(index))
            on:dragend=move |_| dragged.set_value(None)
            on:dragover=move |event| {
                if dragged.get_value().is_some() {
                    event.prevent_default();
                    over.set(true);
                }
            }
            on:dragleave=move |_| over.set(false)
            on:drop=move |event| {
                over.set(false);
                let from = dragged.try_update_value(Option::take).flatten();
                if let Some(from) = from {
                    event.prevent_default();
                    event.stop_propagation();
                    shift(clip, from, index);
                }
            }
        >
            <Picture pixels=Signal::derive(move || {
                roll.keys.with(|keys| keys.get(index).cloned().flatten())
            }) />
            <span class="motion-number" aria-hidden="true">{index + 1}</span>
        </button>
    }
}

/// What is done to the chosen one by pointer or finger.
#[component]
fn Change(clip: Clip, chosen: Memo<usize>, count: Memo<usize>) -> impl IntoView {
    let i18n = use_i18n();
    let first = move || chosen.get() == 0;
    let last = move || chosen.get() + 1 >= count.get();
    view! {
        <div class="motion-change" role="group" aria-label=move || t_string!(i18n, pictures.motion.change)>
            <button
                type="button"
                class="button"
                aria-disabled=move || first().to_string()
                data-testid="motion-earlier"
                on:click=move |_| {
                    let at = chosen.get_untracked();
                    shift(clip, at, at.saturating_sub(1));
                }
            >
                {t!(i18n, pictures.motion.earlier)}
            </button>
            <button
                type="button"
                class="button"
                aria-disabled=move || last().to_string()
                data-testid="motion-later"
                on:click=move |_| {
                    let at = chosen.get_untracked();
                    let to = (at + 1).min(count.get_untracked().saturating_sub(1));
                    shift(clip, at, to);
                }
            >
                {t!(i18n, pictures.motion.later)}
            </button>
            <button
                type="button"
                class="button"
                aria-disabled=move || (count.get() < 2).to_string()
                data-testid="motion-remove"
                on:click=move |_| remove(clip, chosen.get_untracked())
            >
                {t!(i18n, pictures.motion.remove)}
            </button>
        </div>
    }
}

/// Moves a picture to another place; the chosen one stays chosen.
fn shift(clip: Clip, from: usize, to: usize) {
    if from == to {
        return;
    }
    let i18n = clip.i18n();
    let moved = clip.change_keys(|keys| {
        if from < keys.len() && to < keys.len() {
            let key = keys.remove(from);
            keys.insert(to, key);
        }
    });
    if moved {
        clip.chosen.set(to);
        let (from, to) = (from + 1, to + 1);
        clip.word
            .set(t_string!(i18n, pictures.motion.moved, from = from, to = to));
    }
}

/// Takes a picture out; one has to stay.
fn remove(clip: Clip, at: usize) {
    let i18n = clip.i18n();
    let removed = clip.change_keys(|keys| {
        if at < keys.len() {
            keys.remove(at);
        }
    });
    if removed {
        clip.chosen.set(at.saturating_sub(1));
    }
    clip.word.set(if removed {
        let number = at + 1;
        t_string!(i18n, pictures.motion.removed, number = number)
    } else {
        t_string!(i18n, pictures.motion.last_one).to_owned()
    });
}
