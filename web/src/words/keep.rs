//! Links and files by which a text is kept and passed on, and opened again.

use lampwork_protocol::words::{MAX_FILE, TextPrompt, TextRecipe, front_matter};
use lampwork_protocol::{Failure, link as codec};
use leptos::prelude::*;
use leptos::task::spawn_local;
use web_sys::File;

use super::filter::FLAG;
use super::room::{Opened, Room, Tool, use_room};
use crate::browser;
use crate::files::{FileButton, FileDrop};
use crate::i18n::*;
use crate::link::words::read_text;
use crate::pictures::share::{CopyLink, ShareField};
use crate::route::{History, Room as Rooms};

/// Largest weights file that is read.
const LARGEST_WEIGHTS: u64 = 64 << 20;

/// Shows the text that the address names.
#[component]
pub fn OpenLink() -> impl IntoView {
    let room = use_room();
    let code = Memo::new(move |_| room.address.get("text"));
    Effect::new(move |_| {
        let Some(code) = code.get() else {
            return;
        };
        let shown = room
            .opened
            .with_untracked(|opened| opened.as_ref().map(|one| codec::encode_text(&one.recipe)));
        if shown.as_ref() != Some(&code) {
            let answer = codec::decode_text(&code);
            spawn_local(async move {
                match answer {
                    Ok(recipe) => open(room, recipe, None).await,
                    Err(failure) => {
                        room.failure.try_set(Some(failure));
                    }
                }
            });
        }
    });
}

/// Takes a recipe, and the text that was written by it where there is one.
async fn open(room: Room, recipe: TextRecipe, text: Option<String>) {
    match room.shelf.ready(&recipe.model).await {
        Ok(info) if info.weights == recipe.weights => {
            room.failure.try_set(None);
            // A file has put its address there: what came with it is not written anew.
            let is_there = room.opened.try_with_untracked(|opened| {
                opened
                    .as_ref()
                    .is_some_and(|one| one.recipe == recipe && one.text.is_some())
            });
            if text.is_none() && is_there == Some(true) {
                return;
            }
            room.opened.try_set(Some(Opened { recipe, text }));
        }
        Ok(_) => {
            let model = recipe.model;
            room.failure.try_set(Some(Failure::OtherWeights { model }));
        }
        Err(failure) => {
            room.failure.try_set(Some(failure));
        }
    }
}

/// The tool that a recipe is for.
fn tool_of(recipe: &TextRecipe) -> Tool {
    match recipe.prompt {
        TextPrompt::Poem(_) => Tool::Poem,
        TextPrompt::Passage(_) | TextPrompt::Dialogue { .. } => Tool::Together,
    }
}

/// The query of a text's recipe.
fn query_of(recipe: &TextRecipe) -> String {
    format!(
        "tool={}&model={}&text={}",
        tool_of(recipe).name(),
        recipe.model,
        codec::encode_text(recipe)
    )
}

/// The address of a text.
pub fn address_of(recipe: &TextRecipe) -> String {
    let page = window().location().href().unwrap_or_default();
    let page = page.split('#').next().unwrap_or_default();
    format!("{page}{}?{}", Rooms::Words.href(), query_of(recipe))
}

/// Takes files that are dropped anywhere on the room, or chosen by a button: a text
/// that was written here, weights, or what was learned on top of some.
#[component]
pub fn OpenFile(children: Children) -> impl IntoView {
    let i18n = use_i18n();
    let room = use_room();
    let take = move |file| {
        spawn_local(async move {
            if let Err(failure) = open_file(room, file).await {
                room.failure.try_set(Some(failure));
            }
        });
    };
    view! {
        <FileDrop
            name="words-drop"
            word=Signal::derive(move || t_string!(i18n, words.drop_here).to_owned())
            take
        >
            {children()}
            <p class="open-file">
                <FileButton
                    name="open-text"
                    input_name="open-text-file"
                    label=Signal::derive(move || t_string!(i18n, words.open).to_owned())
                    accept=".md,.txt,.safetensors,text/plain,text/markdown"
                    take
                />
                <span class="hint">{t!(i18n, words.open_about)}</span>
            </p>
        </FileDrop>
    }
}

async fn open_file(room: Room, file: File) -> Result<(), Failure> {
    let bytes = file.size() as u64;
    let weights = file.name().ends_with(".safetensors");
    let limit = if weights {
        LARGEST_WEIGHTS
    } else {
        MAX_FILE as u64
    };
    if bytes > limit {
        return Err(Failure::TooLarge { bytes, limit });
    }
    let bytes = browser::read_file(&file).await?;
    if weights {
        return open_weights(room, bytes).await;
    }
    let text = read_text(&bytes)?;
    match front_matter::read(&text)? {
        Some((recipe, text)) => {
            let text = text.to_owned();
            room.address
                .go(Rooms::Words, &query_of(&recipe), History::Push);
            // The address asks for the same; what is here already is not written anew.
            open(room, recipe, Some(text)).await;
            Ok(())
        }
        None if room.tool.get_untracked() == Tool::Teach => {
            room.lesson.open(&file.name(), &bytes).await
        }
        None if room.tool.get_untracked() == Tool::Together => {
            room.failure.try_set(None);
            room.plain.try_set(Some(text));
            Ok(())
        }
        None => Err(Failure::BadText {
            reason: "it does not say at its beginning how it was written here".to_owned(),
        }),
    }
}

/// A file that is an adapter by its metadata, or else a model.
async fn open_weights(room: Room, bytes: Vec<u8>) -> Result<(), Failure> {
    let no_adapter = match room.shelf.load_adapter(bytes.clone()).await {
        Ok(learned) => {
            room.choose(&learned);
            return Ok(());
        }
        Err(failure) => failure,
    };
    match room.shelf.load_yours(bytes).await {
        Ok(_) => {
            let yours = Some(lampwork_protocol::ModelCard::YOURS.to_owned());
            room.address.set(&[("model", yours)], History::Push);
            Ok(())
        }
        Err(Failure::BadWeights { .. }) => Err(no_adapter),
        Err(failure) => Err(failure),
    }
}

/// Keeps a text: a file with its recipe, the bare text, a link.
#[component]
pub fn Keep(
    /// What is kept; nothing while there is nothing.
    #[prop(into)]
    made: Signal<Option<Opened>>,
) -> impl IntoView {
    let i18n = use_i18n();
    // What leaves the page is as it was shown.
    let filter = use_room().shelf.filter;
    let word = RwSignal::new(None::<&'static str>);
    let link = Signal::derive(move || {
        let link = made.with(|made| made.as_ref().map(|m| address_of(&m.recipe)));
        let flag = if filter.is_on() {
            format!("&{FLAG}=1")
        } else {
            String::new()
        };
        link.map(|link| link + &flag)
    });
    let save = move |_| {
        if let Some(Opened { recipe, text }) = made.get_untracked() {
            let text = untrack(|| filter.shown(&text.unwrap_or_default()));
            let file = front_matter::write(&recipe, &text);
            let name = file_name(&recipe);
            browser::save_file(&name, "text/markdown", file.as_bytes());
            word.set(Some(t_string!(i18n, words.saved)));
        }
    };
    let copy = move |_| {
        let text = made.with_untracked(|made| made.as_ref().and_then(|made| made.text.clone()));
        let Some(text) = text.map(|text| untrack(|| filter.shown(&text))) else {
            return;
        };
        let (copied, refused) = (
            t_string!(i18n, words.copied_text),
            t_string!(i18n, words.not_copied_text),
        );
        spawn_local(async move {
            let done = browser::copy(&text).await;
            word.try_set(Some(if done { copied } else { refused }));
        });
    };
    view! {
        <div class="keep" hidden=move || made.with(Option::is_none)>
            <div class="keep-do">
                <button type="button" class="button" data-testid="save-text" on:click=save>
                    {t!(i18n, words.save)}
                </button>
                <button type="button" class="button" data-testid="copy-text" on:click=copy>
                    {t!(i18n, words.copy_text)}
                </button>
                <CopyLink link word testid="copy-link" />
            </div>
            <ShareField
                link
                label=Signal::derive(move || t_string!(i18n, words.share_link).to_owned())
                testid="share-link"
            />
            <p class="hint" role="status" data-testid="keep-word">
                {move || word.get()}
            </p>
        </div>
    }
}

/// Name of a file with this recipe; two texts of a model have other names, mostly.
fn file_name(recipe: &TextRecipe) -> String {
    let code = codec::encode_text(recipe);
    let sum = code.bytes().fold(0_u32, |sum, byte| {
        sum.wrapping_mul(31).wrapping_add(byte.into())
    });
    format!("lampwork-{}-{sum:08x}.md", recipe.model)
}
