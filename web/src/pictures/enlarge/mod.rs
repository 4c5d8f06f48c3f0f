//! A picture made larger, or mended, by nets that learned it, with the plain ways beside.

mod shown;
mod work;

use lampwork_protocol::DataSet;
use leptos::prelude::*;
use leptos::task::spawn_local;

use self::shown::Shown;
use self::work::{Version, Way, Work, made};
use super::maker::Made;
use super::room::use_room;
use super::words::data_of;
use crate::browser;
use crate::failure::{size, words};
use crate::i18n::*;
use crate::library::Standing;
use crate::route::History;

/// The address keeps by this name what is asked for.
const ADDRESS: &str = "improve";

/// What can be done to a picture, and what came of it.
#[component]
pub fn Improve(
    /// To which picture.
    made: Made,
) -> impl IntoView {
    let i18n = use_i18n();
    let room = use_room();
    let work = Memo::new(move |_| {
        room.address
            .get(ADDRESS)
            .and_then(|name| Work::named(&name))
    });
    let found = RwSignal::new(None);
    let picture = made.pixels.clone();
    let of_emoji = data_of(&made.recipe.model) == DataSet::Emoji;
    // Asked anew where another device takes over before it is done.
    Effect::new(move |_| {
        found.set(None);
        let Some(work) = work.get() else {
            return;
        };
        let picture = picture.clone();
        spawn_local(async move {
            let answer = self::made(room, work, picture).await;
            // The panel may show another picture by now, or be asked for something else.
            if work_now(&answer, work, room) {
                found.try_set(Some(answer));
            }
        });
    });
    let choice = move |value: Work| {
        let label = move || match value {
            Work::Enlarge => t_string!(i18n, pictures.improve.enlarge),
            Work::Repair => t_string!(i18n, pictures.improve.repair),
            Work::Hands => t_string!(i18n, pictures.improve.hands),
        };
        view! {
            <button
                type="button"
                class="button"
                data-testid=format!("improve-{}", value.name())
                aria-pressed=move || (work.get() == Some(value)).to_string()
                on:click=move |_| {
                    let again = work.get_untracked() == Some(value);
                    let asked = (!again).then(|| value.name().to_owned());
                    room.address.set(&[(ADDRESS, asked)], History::Push);
                }
            >
                {label}
            </button>
        }
    };
    let waiting = move |work: Work| match room.library.standing(work.model()) {
        Standing::Fetching(received, total) if total > 0.0 => {
            let (have, all) = (size(received), size(total));
            t_string!(i18n, pictures.improve.fetching, have = have, all = all)
        }
        _ => t_string!(i18n, pictures.improve.working).to_owned(),
    };
    let recipe = made.recipe.clone();
    view! {
        <section class="improve" aria-labelledby="improve-heading" data-testid="improve">
            <h3 id="improve-heading">{t!(i18n, pictures.improve.heading)}</h3>
            <div class="keep">
                {choice(Work::Enlarge)} {choice(Work::Repair)}
                // Taught by emoji, and of use for them alone; a site need not ship it.
                {move || {
                    let ships = of_emoji && room.library.ships_changer(Work::Hands.model());
                    ships.then(|| choice(Work::Hands))
                }}
            </div>
            <p role="status" class="hint" data-testid="improve-status">
                {move || match (work.get(), found.get()) {
                    (None, _) => None,
                    (Some(work), None) => Some(waiting(work)),
                    (Some(Work::Enlarge), Some(Ok(_))) => {
                        Some(t_string!(i18n, pictures.improve.about_enlarge).to_owned())
                    }
                    (Some(Work::Repair), Some(Ok(_))) => {
                        Some(t_string!(i18n, pictures.improve.about_repair).to_owned())
                    }
                    (Some(Work::Hands), Some(Ok(_))) => {
                        Some(t_string!(i18n, pictures.improve.about_hands).to_owned())
                    }
                    (Some(_), Some(Err(failure))) => {
                        let (what, hint) = words(i18n, &failure);
                        Some(format!("{what} {hint}"))
                    }
                }}
            </p>
            {move || {
                let versions = found.get().and_then(Result::ok)?;
                let recipe = recipe.clone();
                Some(view! {
                    <ul class="improve-row">
                        {versions
                            .into_iter()
                            .map(|version| {
                                let recipe = recipe.clone();
                                let save = {
                                    let version = version.clone();
                                    move |_| {
                                        let file = version.to_png(&recipe);
                                        browser::save_file(&version.file_name(), "image/png", &file);
                                    }
                                };
                                let testid = format!("improved-{}-{}", version.way.name(), version.side);
                                let name = name_of(i18n, &version);
                                let label = {
                                    move || {
                                        t_string!(i18n, pictures.improve.save_as, name = name())
                                    }
                                };
                                view! {
                                    <li data-testid=testid>
                                        <Shown version name=Signal::derive(name) />
                                        <span>{name}</span>
                                        <button
                                            type="button"
                                            class="button quiet"
                                            aria-label=label
                                            on:click=save
                                        >
                                            {t!(i18n, pictures.improve.save)}
                                        </button>
                                    </li>
                                }
                            })
                            .collect_view()}
                    </ul>
                })
            }}
        </section>
    }
}

/// Whether this is what is asked for now; a request that was given up says nothing.
fn work_now(
    answer: &Result<Vec<Version>, lampwork_protocol::Failure>,
    work: Work,
    room: super::room::Room,
) -> bool {
    let asked = room.address.get_untracked(ADDRESS);
    let given_up = matches!(answer, Ok(versions) if versions.is_empty());
    !given_up && asked.as_deref() == Some(work.name())
}

/// What a version is called, to the eye and the ear.
fn name_of(
    i18n: leptos_i18n::I18nContext<Locale>,
    version: &Version,
) -> impl Fn() -> String + Copy + Send + Sync + use<> {
    let (way, side) = (version.way, version.side);
    move || match way {
        Way::Nearest => t_string!(i18n, pictures.improve.nearest, side = side),
        Way::Bicubic => t_string!(i18n, pictures.improve.bicubic, side = side),
        Way::Enlarged => t_string!(i18n, pictures.improve.enlarged, side = side),
        Way::AsItWas => t_string!(i18n, pictures.improve.as_it_was).to_owned(),
        Way::Repaired => t_string!(i18n, pictures.improve.repaired).to_owned(),
        Way::Flat => t_string!(i18n, pictures.improve.flat).to_owned(),
        Way::Solid => t_string!(i18n, pictures.improve.solid).to_owned(),
        Way::Noto => t_string!(i18n, pictures.improve.noto).to_owned(),
    }
}
