//! The training pictures nearest to one: is it new, or copied?

use std::sync::Arc;

use lampwork_protocol::event::Neighbour;
use lampwork_protocol::{Command, DataSet, Event, Failure};
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::maker::Pixels;
use super::picture::Picture;
use super::room::{short, use_room};
use super::words::class_name;
use crate::failure::size;
use crate::i18n::*;
use crate::library::{Standing, unexpected};

/// How many are shown.
const COUNT: usize = 5;

#[derive(Clone)]
struct Found {
    neighbours: Vec<(Neighbour, Pixels)>,
    among: u32,
}

/// Finds them when asked, as the data must be fetched first.
#[component]
pub fn NearestPictures(
    /// Among which data.
    data: DataSet,
    /// Near to what.
    pixels: Pixels,
) -> impl IntoView {
    let i18n = use_i18n();
    let room = use_room();
    let found = RwSignal::new(None::<Result<Found, Failure>>);
    let asked = RwSignal::new(false);
    let ask = move || {
        asked.set(true);
        let pixels = pixels.to_vec();
        spawn_local(async move {
            let answer = async {
                room.library.load_data(data).await?;
                let command = Command::FindNearest { data, count: COUNT };
                let (event, payload) = room.link.ask(command, vec![pixels]).await?;
                read(event, payload.first(), data)
            }
            .await;
            // The panel may show another picture by now.
            found.try_set(Some(answer));
            asked.try_set(false);
        });
    };
    // Once the data is there, nothing is fetched any more: no need to be asked.
    if matches!(untrack(move || room.library.data(data)), Standing::Ready(_)) {
        ask();
    }
    let wait = move || match room.library.data(data) {
        Standing::Fetching(received, total) if total > 0.0 => {
            let (have, all) = (size(received), size(total));
            t_string!(i18n, pictures.nearest_fetching, have = have, all = all)
        }
        _ => t_string!(i18n, pictures.nearest_finding).to_owned(),
    };
    view! {
        <section class="nearest" aria-labelledby="nearest-heading">
            <h3 id="nearest-heading">{t!(i18n, pictures.nearest)}</h3>
            <div role="status" data-testid="nearest">
                {move || match found.get() {
                    Some(Ok(found)) => view! { <Row found data /> }.into_any(),
                    Some(Err(failure)) => {
                        let (what, hint) = crate::failure::words(i18n, &failure);
                        view! { <p>{what} " " <span class="hint">{hint}</span></p> }.into_any()
                    }
                    None if asked.get() => view! { <p class="hint">{wait}</p> }.into_any(),
                    None => ().into_any(),
                }}
            </div>
            <Show when=move || !asked.get() && !matches!(found.get(), Some(Ok(_)))>
                <button
                    type="button"
                    class="button"
                    data-testid="find-nearest"
                    on:click={
                        let ask = ask.clone();
                        move |_| ask()
                    }
                >
                    {t!(i18n, pictures.nearest_ask)}
                </button>
            </Show>
        </section>
    }
}

#[component]
fn Row(found: Found, data: DataSet) -> impl IntoView {
    let i18n = use_i18n();
    let among = found.among;
    view! {
        <ol class="nearest-row">
            {found
                .neighbours
                .into_iter()
                .map(|(neighbour, pixels)| {
                    let distance = short(neighbour.distance);
                    view! {
                        <li>
                            <Picture pixels=Signal::derive(move || Some(pixels.clone())) />
                            <span>{move || class_name(i18n, data, neighbour.class)}</span>
                            <span class="hint">{distance}</span>
                        </li>
                    }
                })
                .collect_view()}
        </ol>
        <p class="hint">{t!(i18n, pictures.nearest_about, among = among)}</p>
    }
}

fn read(event: Event, pictures: Option<&Vec<u8>>, data: DataSet) -> Result<Found, Failure> {
    match (event, pictures) {
        (Event::Nearest { found, among }, Some(pictures)) => Ok(Found {
            neighbours: found
                .into_iter()
                .zip(pictures.chunks_exact(data.shape().values()).map(Arc::from))
                .collect(),
            among,
        }),
        (event, _) => Err(unexpected(&event)),
    }
}
