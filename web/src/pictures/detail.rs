//! One picture, looked at closely: how it was made, what is near it in the
//! training data, and ways to keep it.

use lampwork_protocol::{ModelCard, Shape, link as codec};
use leptos::html;
use leptos::prelude::*;

use super::enlarge::Improve;
use super::maker::Made;
use super::motion::add_to_walk;
use super::nearest::NearestPictures;
use super::picture::Picture;
use super::room::{Tool, has_styles, use_room};
use super::share::{CopyLink, ShareField, address_of, file_name};
use super::traits::FACE;
use super::words::{data_of, model_name, name_of, story};
use crate::browser;
use crate::i18n::*;
use crate::later::{Part, ShowLater};
use crate::route::History;

/// Pixels of a saved file along a side of each of the model's.
const SCALE: usize = 16;

/// Letters of a link that some programs cut.
const LONG_LINK: usize = 2000;

/// The panel; empty until a picture is picked.
#[component]
pub fn Detail() -> impl IntoView {
    let i18n = use_i18n();
    let room = use_room();
    let panel = NodeRef::<html::Aside>::new();
    Effect::new(move |before: Option<u32>| {
        let count = room.picks.get();
        // On a narrow page the panel is below what was pressed.
        if before.is_some_and(|before| before != count)
            && browser::matches("(max-width: 70rem)")
            && let Some(panel) = panel.get_untracked()
        {
            panel.scroll_into_view();
        }
        count
    });
    view! {
        <aside
            class="detail"
            aria-label=move || t_string!(i18n, pictures.detail)
            data-testid="detail"
            node_ref=panel
        >
            {move || room.picked.get().map(|made| view! { <ShowLater part=Part::Closely(made) /> })}
            <p role="status" class="unseen">
                {move || {
                    room.picked
                        .get()
                        .map(|made| story(i18n, room.data(), &made.recipe))
                }}
            </p>
        </aside>
    }
}

/// The picture, and what can be done with it.
#[component]
pub fn Closely(
    /// Which.
    made: Made,
) -> impl IntoView {
    let i18n = use_i18n();
    let room = use_room();
    // The data of the picture's model, which may not be the one in use.
    let data = untrack(|| {
        room.library
            .model(&made.recipe.model)
            .map_or_else(|| room.data(), |info| info.card.recipe.data)
    });
    // The nets that enlarge and repair learned colour pictures.
    let improvable = Shape::of(made.pixels.len()) == Some(Shape::COLOUR) && made.whole;
    let pixels = made.pixels.clone();
    let title = {
        let latent = made.recipe.latent.clone();
        move || name_of(i18n, data, &latent)
    };
    let how = {
        let recipe = made.recipe.clone();
        move || story(i18n, data, &recipe)
    };
    let model = {
        let name = made.recipe.model.clone();
        move || model_name(i18n, &name)
    };
    let weights = hexadecimal(&made.recipe.weights);
    view! {
        <div class="detail-big" data-testid="detail-picture">
            <Picture pixels=Signal::derive(move || Some(pixels.clone())) />
        </div>
        <h2>{title}</h2>
        <dl class="recipe" data-testid="recipe">
            <dt>{t!(i18n, pictures.recipe)}</dt>
            <dd>{how}</dd>
            <dt>{t!(i18n, pictures.model)}</dt>
            <dd>{model} " " <code class="hash">{weights}</code></dd>
        </dl>
        <p class="hint">
            <a href="#/measures" data-testid="detail-measures">{t!(i18n, pictures.measured)}</a>
        </p>
        <Keep made=made.clone() />
        {improvable.then(|| view! { <Improve made=made.clone() /> })}
        <NearestPictures data pixels=made.pixels.clone() />
        <button
            type="button"
            class="button quiet"
            data-testid="detail-close"
            on:click=move |_| {
                room.picked.set(None);
                room.address.set(&[("pick", None)], History::Push);
            }
        >
            {t!(i18n, pictures.detail_close)}
        </button>
    }
}

/// Ways to keep the picture and to go on from it.
#[component]
fn Keep(made: Made) -> impl IntoView {
    let i18n = use_i18n();
    let room = use_room();
    let word = RwSignal::new(None::<&'static str>);
    let save = {
        let made = made.clone();
        move |_| {
            let Some(shape) = Shape::of(made.pixels.len()) else {
                return;
            };
            let file = lampwork_pictures::single(&made.pixels, shape, SCALE, Some(&made.recipe));
            let name = file_name(&made.recipe.model, &codec::encode(&made.recipe));
            browser::save_file(&name, "image/png", &file);
            word.set(Some(t_string!(i18n, pictures.saved)));
        }
    };
    let link = address_of(&format!("pick={}", codec::encode(&made.recipe)));
    let letters = link.len();
    let link = Signal::stored(Some(link));
    let walk = {
        let recipe = made.recipe.clone();
        move |_| add_to_walk(room, &recipe)
    };
    let started = made.recipe.start.is_some();
    // A clip's pictures come out of noise alone.
    let walks = !started && Tool::Motion.takes(&made.recipe.model);
    let carries = move || {
        if letters > LONG_LINK {
            t_string!(i18n, pictures.edit.long_link, letters = letters)
        } else {
            t_string!(i18n, pictures.edit.link_carries).to_owned()
        }
    };
    let edited = made.clone();
    let recipe = made.recipe.clone();
    let made_with_styles = untrack(|| {
        let info = room.library.model(&recipe.model);
        info.is_some_and(|info| has_styles(&info))
    });
    let vary = move |_| {
        let code = codec::encode(&made.recipe);
        // Its neighbours by noise alone would know nothing of what it began with.
        if started {
            let model = made.recipe.model.clone();
            room.address.set(
                &[
                    ("tool", Some(Tool::Edit.name().into())),
                    ("model", Some(model)),
                    ("of", Some(code)),
                    ("way", Some("redraw".into())),
                    ("strength", Some("0.25".into())),
                ],
                History::Push,
            );
            return;
        }
        room.address.set(
            &[
                ("tool", Some(Tool::Variations.name().into())),
                ("model", Some(made.recipe.model.clone())),
                ("of", Some(code)),
            ],
            History::Push,
        );
    };
    let edit = move |_| {
        let model = edit_with(&edited);
        let code = codec::encode(&edited.recipe);
        room.address.set(
            &[
                ("tool", Some(Tool::Edit.name().into())),
                ("model", Some(model)),
                ("of", Some(code)),
                ("pick", None),
            ],
            History::Push,
        );
        room.picked.set(None);
    };
    let faced = made_with_styles.then(|| {
        let (model, code) = (recipe.model.clone(), codec::encode(&recipe));
        move |_| {
            room.address.set(
                &[
                    ("tool", Some(Tool::Traits.name().into())),
                    ("model", Some(model.clone())),
                    (FACE, Some(code.clone())),
                    ("pick", None),
                ],
                History::Push,
            );
            room.picked.set(None);
        }
    });
    let said = started.then(|| view! { <p class="hint">{carries}</p> });
    view! {
        <div class="keep">
            <button type="button" class="button primary" data-testid="save-png" on:click=save>
                {t!(i18n, pictures.save)}
            </button>
            <CopyLink link word testid="copy-link" />
            <button type="button" class="button" data-testid="vary" on:click=vary>
                {t!(i18n, pictures.vary)}
            </button>
            <button
                type="button"
                class="button"
                data-testid="add-to-walk"
                hidden=!walks
                on:click=walk
            >
                {t!(i18n, pictures.motion.add)}
            </button>
            <button type="button" class="button" data-testid="edit-this" on:click=edit>
                {t!(i18n, pictures.edit.edit_this)}
            </button>
            {faced
                .map(|change| {
                    view! {
                        <button
                            type="button"
                            class="button"
                            data-testid="change-traits"
                            on:click=change
                        >
                            {t!(i18n, pictures.traits.change)}
                        </button>
                    }
                })}
        </div>
        <p role="status" class="hint" data-testid="keep-word">{move || word.get()}</p>
        <ShareField
            link
            label=Signal::derive(move || t_string!(i18n, pictures.share).to_owned())
            testid="share-link"
        />
        {said}
    }
}

/// The model that a picture is edited with: the flow that it came from, or the one of
/// the same data.
fn edit_with(made: &Made) -> String {
    let name = &made.recipe.model;
    if Tool::Edit.takes(name) || name == ModelCard::YOURS {
        return name.clone();
    }
    format!("flow-{}", data_of(name).name())
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
