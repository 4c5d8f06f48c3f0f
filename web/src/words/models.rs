//! Which model writes, and how far it has come.

use lampwork_protocol::{DataSet, ModelCard};
use leptos::prelude::*;

use super::names::{data_name, model_name};
use super::room::use_room;
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
    let groups = Memo::new(move |_| {
        let tool = room.tool.get();
        let shipped = room.shelf.shipped();
        let mut groups: Vec<(Option<DataSet>, Vec<String>)> = DataSet::TEXT
            .into_iter()
            .map(|data| {
                let of_it = shipped
                    .iter()
                    .filter(|(name, other)| *other == data && tool.takes(name, data));
                let mut names: Vec<String> = of_it.map(|(name, _)| name.clone()).collect();
                // The list is in the order of the alphabet; what writes best stands first.
                names.sort_by_key(|name| name.starts_with("lstm-"));
                (Some(data), names)
            })
            .filter(|(_, names): &(_, Vec<String>)| !names.is_empty())
            .collect();
        if room.shelf.model(ModelCard::YOURS).is_some() {
            groups.push((None, vec![ModelCard::YOURS.to_owned()]));
        }
        groups
    });
    view! {
        <div class="models" role="group" aria-label=move || t_string!(i18n, words.model)>
            <For each=move || groups.get() key=Clone::clone let:group>
                <div
                    class="model-group chips"
                    role="group"
                    aria-label=move || group.0.map(|data| data_name(i18n, data))
                >
                    {group
                        .0
                        .map(|data| {
                            view! {
                                <span class="model-data" aria-hidden="true">
                                    {move || data_name(i18n, data)}
                                </span>
                            }
                        })}
                    {group
                        .1
                        .into_iter()
                        .map(|name| {
                            let (this, shown, chosen) = (name.clone(), name.clone(), name.clone());
                            view! {
                                <button
                                    type="button"
                                    class="chip"
                                    aria-pressed=move || (room.model.get() == this).to_string()
                                    data-testid=format!("model-{name}")
                                    on:click=move |_| {
                                        room.address
                                            .set(&[("model", Some(chosen.clone()))], History::Push);
                                    }
                                >
                                    {move || model_name(i18n, &shown)}
                                </button>
                            }
                        })
                        .collect_view()}
                </div>
            </For>
        </div>
    }
}

/// How far the worker and the model have come; nothing once both are ready.
#[component]
pub fn Progress() -> impl IntoView {
    let i18n = use_i18n();
    let room = use_room();
    let model = move || {
        let name = model_name(i18n, &room.model.get());
        match room.standing() {
            Standing::Ready(_) => None,
            Standing::Absent if room.model.with(String::is_empty) && room.shelf.is_listed() => {
                Some((t_string!(i18n, words.no_such_model).to_owned(), None))
            }
            Standing::Absent if room.model.with(|name| name == ModelCard::YOURS) => {
                Some((t_string!(i18n, words.no_yours).to_owned(), None))
            }
            Standing::Fetching(received, total) if total > 0.0 && received < total => {
                let (have, all) = (size(received), size(total));
                let text = t_string!(i18n, words.fetching, name = name, have = have, all = all);
                Some((text, Some(received / total)))
            }
            Standing::Preparing => match room.shelf.link.phase() {
                Some(Phase::Fetching(received, total)) if total > 0.0 => {
                    let (have, all) = (size(received), size(total));
                    let text =
                        t_string!(i18n, shell.device_fetching_of, received = have, total = all);
                    Some((text, Some(received / total)))
                }
                Some(Phase::Dead(failure)) => Some((words(i18n, &failure).0, None)),
                _ => Some((t_string!(i18n, words.preparing, name = name), None)),
            },
            Standing::Absent | Standing::Fetching(..) => {
                Some((t_string!(i18n, words.waiting, name = name), None))
            }
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
                            {part
                                .map(|part| {
                                    view! {
                                        <progress max="1" value=part aria-hidden="true"></progress>
                                    }
                                })}
                            {failed()
                                .then(|| {
                                    view! {
                                        <button
                                            type="button"
                                            class="button"
                                            data-testid="model-retry"
                                            on:click=move |_| {
                                                room.shelf.list();
                                                room.shelf.want(&room.model.get_untracked());
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
