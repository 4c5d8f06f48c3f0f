//! Two ways to a text: the model writes one, or reads the visitor's.

mod read;
mod write;

use lampwork_protocol::DataSet;
use leptos::prelude::*;

use self::read::LetRead;
use self::write::LetWrite;
use super::session::{Ask, Stage};
use super::use_inside;
use super::verse::verse;
use crate::i18n::*;
use crate::route::History;
use crate::words::room::Room;

/// Forms that can be chosen, with their names in Chinese.
const FORMS: [(&str, &str); 4] = [
    ("seven-quatrain", "七絕"),
    ("five-quatrain", "五絕"),
    ("five-regulated", "五律"),
    ("seven-regulated", "七律"),
];

/// First words of a play, where none are typed.
const SPEAKER: &str = "ROMEO.\n";

/// What the address asks for.
pub fn asked(room: Room) -> Ask {
    let poems = room
        .info
        .with(|info| info.as_ref().is_none_or(|info| info.poems));
    if let Some(text) = room.address.get("read") {
        return Ask::Read(if poems { verse(&text) } else { text });
    }
    let form = room.address.get("form");
    let form = form.filter(|form| FORMS.iter().any(|(name, _)| name == form));
    let first = room
        .address
        .get("first")
        .filter(|first| !first.trim().is_empty());
    let plays = room.info.with(|info| {
        info.as_ref()
            .is_some_and(|info| info.card.recipe.data == DataSet::Plays)
    });
    let speaker = if plays { SPEAKER } else { "" };
    let seed = room.address.get("seed").and_then(|seed| seed.parse().ok());
    Ask::Write {
        form: form.unwrap_or_else(|| FORMS[0].0.to_owned()),
        first: first.unwrap_or_else(|| speaker.to_owned()),
        seed: seed.unwrap_or(7),
    }
}

/// The controls.
#[component]
pub fn Asking() -> impl IntoView {
    let i18n = use_i18n();
    let inside = use_inside();
    let room = inside.room;
    let reads = Memo::new(move |_| match room.address.get("way").as_deref() {
        Some("read") => true,
        Some("write") => false,
        _ => room.address.get("read").is_some(),
    });
    let way = move |read: bool, id: &'static str| {
        let word = move || {
            if read {
                t_string!(i18n, words.inside.way_read)
            } else {
                t_string!(i18n, words.inside.way_write)
            }
        };
        view! {
            <button
                type="button"
                class="chip"
                aria-pressed=move || (reads.get() == read).to_string()
                data-testid=id
                on:click=move |_| {
                    let way = if read { "read" } else { "write" };
                    room.address.set(&[("way", Some(way.to_owned()))], History::Replace);
                }
            >
                {word}
            </button>
        }
    };
    view! {
        <div class="inside-ask">
            <div class="chips" role="group" aria-label=move || t_string!(i18n, words.inside.way)>
                {way(false, "inside-way-write")} {way(true, "inside-way-read")}
            </div>
            <Show when=move || reads.get() fallback=move || view! { <LetWrite /> }>
                <LetRead />
            </Show>
        </div>
    }
}

/// Stops what is under way; nothing while nothing is.
#[component]
fn Stop() -> impl IntoView {
    let i18n = use_i18n();
    let session = use_inside().session;
    view! {
        <Show when=move || session.stage.get() != Stage::Rest>
            <button
                type="button"
                class="button"
                data-testid="inside-stop"
                on:click=move |_| session.stop()
            >
                {t!(i18n, words.stop)}
            </button>
        </Show>
    }
}
