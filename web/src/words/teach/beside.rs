//! The same prompt and seed, written by the model alone and with what it has learned.

use std::time::Duration;

use lampwork_protocol::ModelCard;
use lampwork_protocol::words::Base;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::given::{Given, GivenRow};
use super::lesson::{Stage, Taught};
use super::pane::Pane;
use crate::browser;
use crate::failure::size;
use crate::i18n::*;
use crate::route::History;
use crate::words::adapters::Adapters;
use crate::words::keep::Keep;
use crate::words::names::model_name;
use crate::words::room::{Opened, use_room};
use crate::words::shelf::Shelf;
use crate::words::writing::Writing;

/// How long a slider rests before the text follows: an adapter is added to the weights
/// anew for each strength.
const REST: Duration = Duration::from_millis(90);

/// The two texts, and what they are given.
#[component]
pub fn Beside() -> impl IntoView {
    let i18n = use_i18n();
    let room = use_room();
    let lesson = room.lesson;
    let poems = Memo::new(move |_| room.poems());
    let given = Memo::new(move |_| Given::read(room.address, poems.get()));
    let alone = Memo::new(move |_| {
        room.base().map(|base| Base {
            adapter: None,
            ..base
        })
    });
    let with = Memo::new(move |_| {
        let base = room.base()?;
        if base.adapter.is_some() {
            return Some(base);
        }
        // A whole model that was taught writes in its own name.
        lesson.taught.with(|taught| match taught {
            Some(Taught::Model(info)) => Some(Base {
                model: ModelCard::YOURS.to_owned(),
                weights: info.weights,
                adapter: None,
            }),
            _ => None,
        })
    });
    let (left, right) = (Writing::veiled(room.shelf), Writing::veiled(room.shelf));
    follow(room.shelf, given, alone, left);
    follow(room.shelf, given, with, right);
    // What was just learned is put on, if its visitor is here to see it.
    Effect::new(move |_| {
        let model = room.model.get();
        if let Some(learned) = lesson.newly_learned(&model) {
            let changes = [
                ("adapter", Some(learned.name())),
                ("strength", Some("1".to_owned())),
            ];
            room.address.set(&changes, History::Replace);
        }
    });
    let sample = Memo::new(move |_| {
        let at_it = matches!(lesson.stage(), Stage::Training | Stage::Paused);
        let newest = || lesson.board.log(|log| log.samples().last().cloned());
        (at_it && with.with(Option::is_none)).then(newest).flatten()
    });
    let made = Signal::derive(move || {
        let writing = if with.with(Option::is_some) {
            right
        } else {
            left
        };
        let row = writing.rows.with(|rows| rows.first().copied())?;
        let made = row.get();
        let recipe = made.recipe.clone();
        // Kept once it is whole.
        (made.end.is_some()).then(|| Opened {
            text: Some(made.whole()),
            recipe,
        })
    });
    view! {
        <section class="teach-beside" aria-labelledby="teach-beside-heading">
            <h2 id="teach-beside-heading">{t!(i18n, words.teach.beside)}</h2>
            <GivenRow given />
            <Adapters />
            <div class="teach-panes">
                <Pane
                    title=Signal::derive(move || {
                        let name = model_name(i18n, &room.model.get());
                        t_string!(i18n, words.teach.alone, name = name)
                    })
                    writing=left
                    poems
                    testid="teach-alone"
                    sample=Signal::stored(None)
                    empty=Signal::derive(|| "")
                />
                <Pane
                    title=Signal::derive(move || t_string!(i18n, words.teach.with).to_owned())
                    writing=right
                    poems
                    testid="teach-with"
                    sample=sample.into()
                    empty=Signal::derive(move || t_string!(i18n, words.teach.with_empty))
                />
            </div>
            <Learned />
            <Keep made />
        </section>
    }
}

/// Writes anew whenever what decides the text has changed, and rested.
fn follow(shelf: Shelf, given: Memo<Given>, base: Memo<Option<Base>>, writing: Writing) {
    let turn = StoredValue::new(0_u32);
    let waiting = StoredValue::new(None::<TimeoutHandle>);
    let forget = move || {
        if let Some(Some(waiting)) = waiting.try_update_value(Option::take) {
            waiting.clear();
        }
    };
    on_cleanup(forget);
    Effect::new(move |_| {
        forget();
        let now = turn.get_value().wrapping_add(1);
        turn.set_value(now);
        let Some(base) = base.get() else {
            writing.show(vec![]);
            return;
        };
        let given = given.get();
        let write = move || {
            let (given, base) = (given.clone(), base.clone());
            spawn_local(async move {
                let given = given.spelled(shelf, &base).await;
                // Something else may be given by now, or nobody be there to see it.
                if turn.try_get_value() == Some(now) {
                    writing.write(vec![given.recipe(&base)], None);
                }
            });
        };
        waiting.set_value(set_timeout_with_handle(write, REST).ok());
    });
}

/// What can be done with what is put on.
#[component]
fn Learned() -> impl IntoView {
    let i18n = use_i18n();
    let room = use_room();
    let chosen = move || {
        let hash = room.adapter.get()?.hash;
        let all = room.shelf.adapters();
        all.into_iter().find(|learned| learned.hash == hash)
    };
    let whole = move || {
        room.lesson
            .taught
            .with(|taught| matches!(taught, Some(Taught::Model(_))))
    };
    view! {
        <div class="teach-do">
            {move || {
                chosen()
                    .map(|learned| {
                        let (bytes, hash) = (learned.bytes.clone(), learned.hash);
                        let name = format!("{}-{}.safetensors", learned.card.name, learned.card.model);
                        let big = size(learned.bytes.len() as f64);
                        view! {
                            <button
                                type="button"
                                class="button"
                                data-testid="adapter-export"
                                on:click=move |_| {
                                    browser::save_file(&name, "application/octet-stream", &bytes);
                                }
                            >
                                {t_string!(i18n, words.teach.export, size = big)}
                            </button>
                            <button
                                type="button"
                                class="button quiet"
                                data-testid="adapter-forget"
                                on:click=move |_| {
                                    room.address
                                        .set(&[("adapter", None), ("strength", None)], History::Replace);
                                    room.shelf.drop_adapter(hash);
                                }
                            >
                                {t!(i18n, words.teach.forget)}
                            </button>
                            <span class="hint">{t!(i18n, words.teach.kept_about)}</span>
                        }
                    })
            }}
            <Show when=whole>
                <button
                    type="button"
                    class="button"
                    data-testid="teach-use"
                    on:click=move |_| {
                        let yours = Some(ModelCard::YOURS.to_owned());
                        room.address
                            .set(&[("model", yours), ("adapter", None), ("strength", None)], History::Push);
                    }
                >
                    {t!(i18n, words.teach.use_yours)}
                </button>
            </Show>
        </div>
    }
}
