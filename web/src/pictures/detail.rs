//! One picture, looked at closely: how it was made, what is near it in the
//! training data, and ways to keep it.

use lampwork_protocol::{Shape, link as codec};
use leptos::html;
use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen_futures::JsFuture;

use super::maker::Made;
use super::nearest::NearestPictures;
use super::picture::Picture;
use super::room::{Tool, use_room};
use super::words::{model_name, name_of, story};
use crate::browser;
use crate::i18n::*;
use crate::route::History;

/// Pixels of a saved file along a side of each of the model's.
const SCALE: usize = 16;

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
            {move || room.picked.get().map(|made| view! { <Closely made /> })}
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

#[component]
fn Closely(made: Made) -> impl IntoView {
    let i18n = use_i18n();
    let room = use_room();
    // The data of the picture's model, which may not be the one in use.
    let data = untrack(|| {
        room.library
            .model(&made.recipe.model)
            .map_or_else(|| room.data(), |info| info.card.recipe.data)
    });
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
            browser::save_file(&file_name(&made), "image/png", &file);
            word.set(Some(t_string!(i18n, pictures.saved)));
        }
    };
    let link = share_link(&made);
    let copy = {
        let link = link.clone();
        move |_| {
            let link = link.clone();
            let (copied, refused) = (
                t_string!(i18n, pictures.copied),
                t_string!(i18n, pictures.not_copied),
            );
            spawn_local(async move {
                let clipboard = window().navigator().clipboard();
                let done = JsFuture::from(clipboard.write_text(&link)).await.is_ok();
                word.try_set(Some(if done { copied } else { refused }));
            });
        }
    };
    let vary = move |_| {
        let code = codec::encode(&made.recipe);
        room.address.set(
            &[
                ("tool", Some(Tool::Variations.name().into())),
                ("model", Some(made.recipe.model.clone())),
                ("of", Some(code)),
            ],
            History::Push,
        );
    };
    view! {
        <div class="keep">
            <button type="button" class="button primary" data-testid="save-png" on:click=save>
                {t!(i18n, pictures.save)}
            </button>
            <button type="button" class="button" data-testid="copy-link" on:click=copy>
                {t!(i18n, pictures.copy)}
            </button>
            <button type="button" class="button" data-testid="vary" on:click=vary>
                {t!(i18n, pictures.vary)}
            </button>
        </div>
        <p role="status" class="hint" data-testid="keep-word">{move || word.get()}</p>
        <label class="share">
            <span class="unseen">{t!(i18n, pictures.share)}</span>
            <input
                type="text"
                readonly
                data-testid="share-link"
                prop:value=link
                on:focus=move |event| {
                    let input: web_sys::HtmlInputElement = event_target(&event);
                    input.select();
                }
            />
        </label>
    }
}

/// The address that shows this picture and nothing else of the page's state.
fn share_link(made: &Made) -> String {
    let location = window().location();
    let page = location.href().unwrap_or_default();
    let page = page.split('#').next().unwrap_or_default();
    format!("{page}#/?pick={}", codec::encode(&made.recipe))
}

fn file_name(made: &Made) -> String {
    let code = codec::encode(&made.recipe);
    // Two pictures of a model have other names, mostly: enough for a folder.
    let sum = code.bytes().fold(0_u32, |sum, byte| {
        sum.wrapping_mul(31).wrapping_add(byte.into())
    });
    format!("lampwork-{}-{sum:08x}.png", made.recipe.model)
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
