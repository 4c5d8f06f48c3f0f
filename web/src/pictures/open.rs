//! Pictures that come from outside: a link that was opened, a PNG or a GIF that was
//! dropped.

use lampwork_protocol::link::Content;
use lampwork_protocol::{Command, Event, Failure, Grid, Recipe, Scroll, link as codec};
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::compare::state_of;
use super::maker::Made;
use super::room::{Room, Tool, use_room};
use super::traits::FACE;
use crate::browser;
use crate::files::{FileButton, FileDrop};
use crate::i18n::*;
use crate::library::unexpected;
use crate::route::History;

/// Largest file that is read.
const LIMIT: u64 = lampwork_pictures::MAX_CLIP as u64;

/// What a file holds.
pub enum Opened {
    /// One picture.
    Picture(Recipe),
    /// Several, side by side.
    Grid(Grid),
    /// A line of characters.
    Scroll(Scroll),
    /// A clip, as the address has it.
    Motion(Vec<(&'static str, Option<String>)>),
}

/// What the bytes of a file hold.
///
/// # Errors
/// As [`lampwork_pictures::read_content`].
pub fn opened(file: &[u8]) -> Result<Opened, Failure> {
    Ok(match lampwork_pictures::read_content(file)? {
        Content::Picture(recipe) => Opened::Picture(recipe),
        Content::Grid(grid) => Opened::Grid(grid),
        Content::Scroll(scroll) => Opened::Scroll(scroll),
        Content::Motion(motion) => Opened::Motion(super::motion::state_of(&motion)),
    })
}

/// Shows the picture that the address picks, and the grid that it holds.
#[component]
pub fn OpenLink() -> impl IntoView {
    let room = use_room();
    let code = Memo::new(move |_| room.address.get("pick"));
    Effect::new(move |_| {
        let Some(code) = code.get() else {
            room.picked.set(None);
            return;
        };
        let shown = room
            .picked
            .with_untracked(|made| made.as_ref().map(|made| codec::encode(&made.recipe)));
        if shown.as_ref() != Some(&code) {
            spawn_local(open_code(room, code));
        }
    });
}

/// Goes over to a comparison that a link holds.
#[component]
pub fn OpenGrid() -> impl IntoView {
    let room = use_room();
    let code = Memo::new(move |_| room.address.get("grid"));
    Effect::new(move |_| {
        if let Some(code) = code.get() {
            spawn_local(open_grid(room, code));
        }
    });
}

async fn open_grid(room: Room, code: String) {
    let answer = match codec::decode_grid(&code) {
        Ok(grid) => check_weights(room, &grid).await.map(|()| grid),
        Err(failure) => Err(failure),
    };
    // The address may have moved on, or the room be left.
    if room.address.get_untracked("grid") != Some(code) {
        return;
    }
    match answer {
        Ok(grid) => {
            room.failure.try_set(None);
            room.address.set(&state_of(&grid), History::Replace);
        }
        Err(failure) => {
            room.failure.try_set(Some(failure));
        }
    }
}

/// Whether every model of a grid is here with the weights that it was made with.
async fn check_weights(room: Room, grid: &Grid) -> Result<(), Failure> {
    for (model, weights) in grid.models() {
        if room.library.ready(&model).await?.weights != weights {
            return Err(Failure::OtherWeights { model });
        }
    }
    Ok(())
}

async fn open_code(room: Room, code: String) {
    let answer = match codec::decode(&code) {
        Ok(recipe) => made_again(room, recipe).await,
        Err(failure) => Err(failure),
    };
    // The address may have moved on, or the room be left.
    if room.address.get_untracked("pick") != Some(code) {
        return;
    }
    match answer {
        Ok(Some(made)) => {
            room.picked.try_set(Some(made));
            room.failure.try_set(None);
        }
        Ok(None) => {}
        Err(failure) => {
            room.failure.try_set(Some(failure));
        }
    }
}

/// Makes the picture of a link again; `None` if it was given up.
pub async fn made_of(room: Room, code: &str) -> Result<Option<Made>, Failure> {
    made_again(room, codec::decode(code)?).await
}

/// Makes one picture again; `None` if it was given up.
pub async fn made_again(room: Room, recipe: Recipe) -> Result<Option<Made>, Failure> {
    let info = room.library.ready(&recipe.model).await?;
    if info.weights != recipe.weights {
        return Err(Failure::OtherWeights {
            model: recipe.model,
        });
    }
    if recipe.latent.says_words() {
        room.library.load_words().await?;
    }
    let command = Command::Make {
        recipes: vec![recipe.clone()],
    };
    match room.link.ask(command, vec![]).await? {
        (Event::Pictures { .. }, mut payload) if !payload.is_empty() => Ok(Some(Made {
            recipe,
            pixels: payload.remove(0).into(),
            whole: true,
        })),
        (Event::Cancelled, _) => Ok(None),
        (event, _) => Err(unexpected(&event)),
    }
}

/// Whether what failed can be made with the weights that are here.
pub fn can_make_anew(room: Room, failure: &Failure) -> bool {
    let held = |name| room.address.get_untracked(name).is_some();
    matches!(failure, Failure::OtherWeights { .. }) && (held("pick") || held("grid"))
}

/// Makes the picked recipe with the weights that are here.
pub fn make_anew(room: Room) {
    let grid = room
        .address
        .get_untracked("grid")
        .and_then(|code| codec::decode_grid(&code).ok());
    if let Some(grid) = grid {
        room.failure.set(None);
        room.address.set(&state_of(&grid), History::Push);
        return;
    }
    let recipe = room
        .address
        .get_untracked("pick")
        .and_then(|code| codec::decode(&code).ok());
    let Some(mut recipe) = recipe else {
        return;
    };
    room.failure.set(None);
    spawn_local(async move {
        let info = room.library.ready(&recipe.model).await;
        if let Ok(info) = info {
            recipe.weights = info.weights;
            let code = codec::encode(&recipe);
            room.address.set(&[("pick", Some(code))], History::Push);
        }
    });
}

/// Takes pictures that are dropped anywhere on the room, or chosen by a button.
#[component]
pub fn OpenFile(children: Children) -> impl IntoView {
    let i18n = use_i18n();
    let room = use_room();
    let take = move |file| spawn_local(open_file(room, file));
    view! {
        <FileDrop
            name="pictures-drop"
            word=Signal::derive(move || t_string!(i18n, pictures.drop_here).to_owned())
            take
        >
            {children()}
            <p class="open-file">
                <FileButton
                    name="open-png"
                    input_name="open-png-file"
                    label=Signal::derive(move || t_string!(i18n, pictures.open).to_owned())
                    accept="image/png,image/gif,image/apng,.png,.gif,.apng"
                    take
                />
                <span class="hint">{t!(i18n, pictures.open_about)}</span>
            </p>
        </FileDrop>
    }
}

async fn open_file(room: Room, file: web_sys::File) {
    if matches!(room.tool.get_untracked(), Tool::Edit | Tool::Restyle) {
        room.handed.set(Some(file));
        return;
    }
    let content = content_of(&file).await;
    if room.tool.get_untracked() == Tool::Traits {
        match &content {
            // What was saved there comes back there, sliders and all.
            Ok(Opened::Picture(recipe)) if Tool::Traits.takes(&recipe.model) => {
                let code = codec::encode(recipe);
                let state = [("model", Some(recipe.model.clone())), (FACE, Some(code))];
                room.failure.try_set(None);
                room.address.set(&state, History::Push);
                return;
            }
            // Any other picture is one to look for.
            Err(_) => {
                room.handed.set(Some(file));
                return;
            }
            Ok(_) => {}
        }
    }
    match content {
        Ok(Opened::Scroll(scroll)) => {
            room.failure.try_set(None);
            let state = super::brush::state_of(&scroll);
            room.address.set(&state, History::Push);
        }
        Ok(Opened::Motion(state)) => {
            room.failure.try_set(None);
            room.address.set(&state, History::Push);
        }
        Ok(Opened::Grid(grid)) => {
            let code = codec::encode_grid(&grid);
            if room.address.get_untracked("grid").as_ref() == Some(&code) {
                open_grid(room, code).await;
            } else {
                room.address.set(&[("grid", Some(code))], History::Push);
            }
        }
        Ok(Opened::Picture(recipe)) => {
            room.failure.try_set(None);
            let code = codec::encode(&recipe);
            if room.address.get_untracked("pick").as_ref() == Some(&code) {
                // Already there, or it failed before: try again all the same.
                open_code(room, code).await;
            } else {
                room.address.set(&[("pick", Some(code))], History::Push);
            }
        }
        Err(failure) => {
            room.failure.try_set(Some(failure));
        }
    }
}

async fn content_of(file: &web_sys::File) -> Result<Opened, Failure> {
    let bytes = file.size() as u64;
    if bytes > LIMIT {
        return Err(Failure::TooLarge {
            bytes,
            limit: LIMIT,
        });
    }
    let bytes = browser::read_file(file).await?;
    crate::later::opened(bytes).await
}
