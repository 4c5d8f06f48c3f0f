//! Which model makes the pictures, and how far it has come.

use lampwork_protocol::{DataSet, ModelCard};
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::room::use_room;
use super::traits::FACE;
use super::words::{data_name, data_of, family_name, model_name};
use crate::failure::{size, words};
use crate::i18n::*;
use crate::library::Standing;
use crate::link::Phase;
use crate::route::History;

/// The models that the tool can use.
#[component]
pub fn Models() -> impl IntoView {
    let i18n = use_i18n();
    let room = use_room();
    let library = room.library;
    spawn_local(async move {
        // A list that cannot be had shows as the model's standing.
        let _ = library.list().await;
    });
    let groups = Memo::new(move |_| {
        let tool = room.tool.get();
        let mut names: Vec<String> = library.catalogue().with(|all| {
            all.iter()
                .map(|entry| entry.name.clone())
                .filter(|name| tool.takes(name))
                .collect()
        });
        // What is in use is shown even before the list is there.
        let now = room.model.get();
        if !names.contains(&now) && now != ModelCard::YOURS {
            names.insert(0, now);
        }
        let mut groups = grouped(names);
        if library.yours().is_some_and(|info| tool.takes_yours(&info)) {
            groups.push((None, vec![ModelCard::YOURS.into()]));
        }
        groups
    });
    let choose = move |name: String| {
        // A class or a picture of one model says nothing to another.
        room.address.set(
            &[
                ("model", Some(name)),
                ("class", None),
                ("a", None),
                ("b", None),
                ("c", None),
                ("of", None),
                ("motion", None),
                (FACE, None),
            ],
            History::Push,
        );
    };
    view! {
        <div class="models" role="group" aria-label=move || t_string!(i18n, pictures.model)>
            <For each=move || groups.get() key=Clone::clone let:group>
                <div
                    class="model-group chips"
                    role="group"
                    aria-label=move || group.0.map(|data| data_name(i18n, data))
                >
                    {group.0.map(|data| view! {
                        <span class="model-data" aria-hidden="true">
                            {move || data_name(i18n, data)}
                        </span>
                    })}
                    {group
                        .1
                        .into_iter()
                        .map(|name| {
                            let (this, shown, full, chosen) =
                                (name.clone(), name.clone(), name.clone(), name.clone());
                            view! {
                                <button
                                    type="button"
                                    class="chip"
                                    aria-pressed=move || (room.model.get() == this).to_string()
                                    aria-label=move || model_name(i18n, &full)
                                    data-testid=format!("model-{name}")
                                    on:click=move |_| choose(chosen.clone())
                                >
                                    {move || {
                                        family_name(i18n, &shown)
                                            .map_or_else(|| shown.clone(), str::to_owned)
                                    }}
                                </button>
                            }
                        })
                        .collect_view()}
                </div>
            </For>
        </div>
    }
}

/// Models that learned from the same data, together.
type Group = (Option<DataSet>, Vec<String>);

/// Models by their data, in the order of the data sets; fashion first, as the
/// page opens with it.
fn grouped(names: Vec<String>) -> Vec<Group> {
    DataSet::PICTURES
        .into_iter()
        .map(|data| {
            let of_it = names.iter().filter(|name| data_of(name) == data);
            (Some(data), of_it.cloned().collect::<Vec<_>>())
        })
        .filter(|(_, names)| !names.is_empty())
        .collect()
}

/// How far the worker and the model have come; nothing once both are ready.
#[component]
pub fn Progress() -> impl IntoView {
    let i18n = use_i18n();
    let room = use_room();
    let devices = crate::device::use_devices();
    let model = move || {
        let name = model_name(i18n, &room.model.get());
        match room.standing() {
            Standing::Ready(_) => None,
            Standing::Absent if room.model.with(|name| name == ModelCard::YOURS) => {
                Some((t_string!(i18n, pictures.no_yours).to_owned(), None))
            }
            Standing::Absent => Some((t_string!(i18n, pictures.waiting, name = name), None)),
            Standing::Fetching(received, total) if total > 0.0 => {
                let (have, all) = (size(received), size(total));
                let text = t_string!(i18n, pictures.fetching, name = name, have = have, all = all);
                Some((text, Some(received / total)))
            }
            Standing::Fetching(..) => Some((t_string!(i18n, pictures.waiting, name = name), None)),
            Standing::Preparing => match devices.phase.get() {
                Phase::Ready(_) => Some((t_string!(i18n, pictures.preparing, name = name), None)),
                Phase::Fetching(received, total) if total > 0.0 => {
                    let (have, all) = (size(received), size(total));
                    let text =
                        t_string!(i18n, shell.device_fetching_of, received = have, total = all);
                    Some((text, Some(received / total)))
                }
                Phase::Dead(failure) => Some((words(i18n, &failure).0, None)),
                _ => Some((t_string!(i18n, shell.device_preparing).to_owned(), None)),
            },
            Standing::Failed(failure) => {
                let (what, hint) = words(i18n, &failure);
                Some((format!("{what} {hint}"), None))
            }
        }
    };
    let failed = move || matches!(room.standing(), Standing::Failed(_));
    view! {
        <div class="progress" role="status" data-testid="progress">
            {move || {
                model()
                    .map(|(text, part)| {
                        view! {
                            <p>{text}</p>
                            {part.map(|part| view! { <progress max="1" value=part aria-hidden="true"></progress> })}
                            {failed()
                                .then(|| {
                                    view! {
                                        <button
                                            type="button"
                                            class="button"
                                            data-testid="model-retry"
                                            on:click=move |_| {
                                                room.library.want(&room.model.get_untracked());
                                            }
                                        >
                                            {t!(i18n, shell.retry)}
                                        </button>
                                    }
                                })}
                        }
                    })
            }}
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn models_stand_with_those_of_the_same_data() {
        let names = ["flow-emoji", "gan-digits", "gan-fashion", "vae-digits"];
        let groups = grouped(names.map(str::to_owned).into());
        let group = |data, names: &[&str]| {
            let names = names.iter().map(|name| (*name).to_owned()).collect();
            (Some(data), names)
        };
        assert_eq!(
            groups,
            [
                group(DataSet::Fashion, &["gan-fashion"]),
                group(DataSet::Digits, &["gan-digits", "vae-digits"]),
                group(DataSet::Emoji, &["flow-emoji"]),
            ]
        );
    }
}
