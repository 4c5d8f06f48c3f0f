//! What the columns, or the rows, of a comparison turn, and through which values.

use lampwork_protocol::{Axis, ModelCard};
use leptos::prelude::*;
use leptos_i18n::I18nContext;

use super::axes::{Turns, Wish};
use super::compare::Wishes;
use super::room::{Room, classes, is_flow, use_room};
use super::words::{class_name, data_of, model_name};
use crate::i18n::*;
use crate::route::History;

/// What an axis turns, in words; tracked.
pub fn turns_name(i18n: I18nContext<Locale>, room: Room, axis: &Axis) -> &'static str {
    name(i18n, Wish::for_axis(axis).turns, room.data().captioned())
}

/// A knob in words; of captioned data, classes are styles.
fn name(i18n: I18nContext<Locale>, turns: Turns, styles: bool) -> &'static str {
    match turns {
        Turns::Model => t_string!(i18n, pictures.model),
        Turns::Steps => t_string!(i18n, pictures.steps),
        Turns::Guidance => t_string!(i18n, pictures.guidance),
        Turns::Seed => t_string!(i18n, pictures.seed),
        Turns::Temperature => t_string!(i18n, pictures.temperature),
        Turns::Class if styles => t_string!(i18n, pictures.style),
        Turns::Class => t_string!(i18n, pictures.class),
    }
}

/// Names of the models that make pictures of the same shape; tracked.
fn rivals(room: Room) -> Vec<String> {
    let shape = room.data().shape();
    let mut names: Vec<String> = room.library.catalogue().with(|all| {
        all.iter()
            .map(|entry| entry.name.clone())
            .filter(|name| data_of(name).shape() == shape && !name.starts_with("map-"))
            .collect()
    });
    // Those of the same data first: they differ in what is looked at.
    let data = room.data();
    names.sort_by_key(|name| data_of(name) != data);
    let yours = room.library.yours();
    if yours.is_some_and(|info| info.card.recipe.model.shape() == shape) {
        names.push(ModelCard::YOURS.to_owned());
    }
    names
}

/// Whether the model, or the site, has this knob; tracked.
fn there(room: Room, turns: Turns) -> bool {
    match turns {
        Turns::Model => rivals(room).len() > 1,
        Turns::Steps | Turns::Guidance => room.info.with(|info| info.as_ref().is_some_and(is_flow)),
        Turns::Class => room
            .info
            .with(|info| info.as_ref().is_some_and(|i| classes(i) > 1)),
        Turns::Seed | Turns::Temperature => true,
    }
}

/// Values to begin with.
fn usual(room: Room, turns: Turns) -> Wish {
    let values = match turns {
        Turns::Model => {
            let now = room.model.get_untracked();
            let others = untrack(|| rivals(room));
            let others = others.iter().filter(|name| **name != now).take(2);
            let all: Vec<String> = std::iter::once(now.clone())
                .chain(others.cloned())
                .collect();
            all.join(",")
        }
        Turns::Steps => "2,5,10,20".to_owned(),
        Turns::Guidance => "0,1.5,3".to_owned(),
        Turns::Seed => {
            let seed = room.seed.get_untracked();
            let seeds: Vec<String> = (0..4).map(|n| seed.saturating_add(n).to_string()).collect();
            seeds.join(",")
        }
        Turns::Temperature => "0.4,0.7,1,1.3".to_owned(),
        Turns::Class => {
            let info = room.info.get_untracked();
            let count = info.as_ref().map_or(1, classes).min(4);
            let all: Vec<String> = (0..count).map(|class| class.to_string()).collect();
            all.join(",")
        }
    };
    Wish::of(turns, &values)
}

/// Both axes in the address, as one step of its history.
fn put(room: Room, across: &Wish, down: Option<&Wish>) {
    room.address.set(
        &[
            ("across", Some(across.text())),
            ("down", down.map(Wish::text)),
        ],
        History::Push,
    );
}

/// Comparisons to begin with.
#[component]
pub fn Presets() -> impl IntoView {
    let i18n = use_i18n();
    let room = use_room();
    let chip = move |id: &'static str,
                     words: Signal<&'static str>,
                     needs: Turns,
                     axes: fn(Room) -> (Wish, Option<Wish>)| {
        view! {
            <button
                type="button"
                class="chip"
                hidden=move || !there(room, needs)
                data-testid=format!("compare-preset-{id}")
                on:click=move |_| {
                    let (across, down) = axes(room);
                    put(room, &across, down.as_ref());
                }
            >
                {words}
            </button>
        }
    };
    view! {
        <div class="chips" role="group" aria-label=move || t_string!(i18n, pictures.compare_presets)>
            {chip(
                "models",
                Signal::derive(move || t_string!(i18n, pictures.compare_models)),
                Turns::Model,
                |room| (usual(room, Turns::Model), Some(usual(room, Turns::Seed))),
            )}
            {chip(
                "steps",
                Signal::derive(move || t_string!(i18n, pictures.compare_steps)),
                Turns::Steps,
                |room| (Wish::of(Turns::Steps, "3,20"), Some(usual(room, Turns::Seed))),
            )}
            {chip(
                "guidance",
                Signal::derive(move || t_string!(i18n, pictures.compare_guidance)),
                Turns::Guidance,
                |room| (usual(room, Turns::Steps), Some(usual(room, Turns::Guidance))),
            )}
            {chip(
                "class",
                Signal::derive(move || {
                    if room.data().captioned() {
                        t_string!(i18n, pictures.compare_style)
                    } else {
                        t_string!(i18n, pictures.compare_class)
                    }
                }),
                Turns::Class,
                |room| (usual(room, Turns::Class), Some(usual(room, Turns::Seed))),
            )}
            {chip(
                "temperature",
                Signal::derive(move || t_string!(i18n, pictures.compare_temperature)),
                Turns::Temperature,
                |room| (usual(room, Turns::Temperature), Some(usual(room, Turns::Seed))),
            )}
        </div>
    }
}

/// One axis: the knob, and its values.
#[component]
pub fn AxisKnob(
    /// Whether it is the rows.
    down: bool,
    /// Both axes.
    wishes: Memo<Wishes>,
) -> impl IntoView {
    let i18n = use_i18n();
    let room = use_room();
    let id = if down { "down" } else { "across" };
    let wish = Memo::new(move |_| {
        wishes.with(|wishes| {
            if down {
                wishes.down.clone()
            } else {
                Some(wishes.across.clone())
            }
        })
    });
    let other = move || {
        wishes.with(|wishes| {
            if down {
                Some(wishes.across.turns)
            } else {
                wishes.down.as_ref().map(|down| down.turns)
            }
        })
    };
    let set = move |now: Option<Wish>| {
        let Wishes { across, down: rows } = wishes.get_untracked();
        if down {
            put(room, &across, now.as_ref());
        } else if let Some(now) = now {
            put(room, &now, rows.as_ref());
        }
    };
    let turns = Memo::new(move |_| wish.with(|wish| wish.as_ref().map(|wish| wish.turns)));
    let options = move || {
        let styles = room.data().captioned();
        Turns::ALL
            .into_iter()
            .filter(|turns| {
                there(room, *turns) || wish.with(|w| w.as_ref().is_some_and(|w| w.turns == *turns))
            })
            .map(|turns| {
                view! {
                    <option
                        value=turns.name()
                        disabled=move || other() == Some(turns)
                        selected=move || wish.with(|w| w.as_ref().is_some_and(|w| w.turns == turns))
                    >
                        {name(i18n, turns, styles)}
                    </option>
                }
            })
            .collect_view()
    };
    let legend = move || {
        if down {
            t_string!(i18n, pictures.compare_down)
        } else {
            t_string!(i18n, pictures.compare_across)
        }
    };
    let values = move || match turns.get() {
        Some(turns) if turns.is_number() => view! { <Numbers id wish set /> }.into_any(),
        Some(turns) => view! { <Names id turns wish set /> }.into_any(),
        None => ().into_any(),
    };
    view! {
        <fieldset class="axis">
            <legend>{legend}</legend>
            <select
                aria-label=legend
                data-testid=format!("compare-{id}")
                on:change=move |event| {
                    let chosen = Turns::named(&event_target_value(&event));
                    set(chosen.map(|turns| usual(room, turns)));
                }
            >
                {down
                    .then(|| view! {
                        <option value="" selected=move || turns.get().is_none()>
                            {t!(i18n, pictures.compare_none)}
                        </option>
                    })}
                {options}
            </select>
            {values}
        </fieldset>
    }
}

/// Values that are typed.
#[component]
fn Numbers(
    id: &'static str,
    wish: Memo<Option<Wish>>,
    set: impl Fn(Option<Wish>) + Copy + 'static,
) -> impl IntoView {
    let i18n = use_i18n();
    let text = move || wish.with(|w| w.as_ref().map(|w| w.values.join(", ")).unwrap_or_default());
    view! {
        <input
            type="text"
            inputmode="text"
            autocomplete="off"
            aria-label=move || t_string!(i18n, pictures.compare_values)
            title=move || t_string!(i18n, pictures.compare_values)
            data-testid=format!("compare-{id}-values")
            prop:value=text
            on:change=move |event| {
                if let Some(now) = wish.get_untracked() {
                    set(Some(Wish::of(now.turns, &event_target_value(&event))));
                }
            }
        />
    }
}

/// Values that are chosen by name.
#[component]
fn Names(
    id: &'static str,
    turns: Turns,
    wish: Memo<Option<Wish>>,
    set: impl Fn(Option<Wish>) + Copy + Send + Sync + 'static,
) -> impl IntoView {
    let i18n = use_i18n();
    let room = use_room();
    let all = Memo::new(move |_| match turns {
        Turns::Model => rivals(room),
        _ => {
            let count = room.info.with(|info| info.as_ref().map_or(0, classes));
            (0..count).map(|class| class.to_string()).collect()
        }
    });
    let toggle = move |value: &str| {
        let Some(mut now) = wish.get_untracked() else {
            return;
        };
        match now.values.iter().position(|other| other == value) {
            // The last one stays: a grid of nothing shows nothing.
            Some(_) if now.values.len() == 1 => return,
            Some(at) => {
                now.values.remove(at);
            }
            None if now.values.len() == Axis::MAX => return,
            None => now.values.push(value.to_owned()),
        }
        set(Some(now));
    };
    view! {
        <div class="chips" role="group" aria-label=move || t_string!(i18n, pictures.compare_values)>
            {move || {
                all.get()
                    .into_iter()
                    .map(|value| {
                        let (this, shown) = (value.clone(), value.clone());
                        view! {
                            <button
                                type="button"
                                class="chip"
                                aria-pressed=move || {
                                    wish.with(|wish| {
                                        wish.as_ref().is_some_and(|wish| wish.values.contains(&this))
                                    })
                                        .to_string()
                                }
                                data-testid=format!("compare-{id}-{value}")
                                on:click=move |_| toggle(&value)
                            >
                                {match (turns, shown.parse()) {
                                    (Turns::Class, Ok(class)) => class_name(i18n, room.data(), class),
                                    _ => model_name(i18n, &shown),
                                }}
                            </button>
                        }
                    })
                    .collect_view()
            }}
        </div>
    }
}
