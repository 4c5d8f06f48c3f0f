//! A picture whose traits are changed: by directions of its space of styles, by
//! mixing, or found for a picture of the visitor's own.

mod bench;
mod face;
mod mix;
mod project;
mod sliders;
mod steps;

pub use self::bench::FACE;

use lampwork_protocol::{Latent, Recipe, Shape, link as codec};
use leptos::prelude::*;

use self::bench::Bench;
use self::face::Face;
use self::mix::Mix;
use self::project::Project;
use self::sliders::Sliders;
use self::steps::Move;
use super::blend::Big;
use super::maker::Made;
use super::motion::add_to_walk;
use super::room::{Tool, use_room};
use super::share::{CopyLink, ShareField, address_of, file_name};
use super::sheet::Faults;
use super::undo::UndoRedo;
use crate::browser;
use crate::i18n::*;

/// Pixels of a saved file along a side of each of the model's.
const SCALE: usize = 16;

/// The tool.
#[component]
pub fn Traits() -> impl IntoView {
    let i18n = use_i18n();
    let room = use_room();
    let bench = Bench::new(room);
    let maker = room.follow(move || Some(vec![room.recipe(bench.now.get()?.latent())?]));
    let made = maker.get(0);
    view! {
        <section class="tool tool-traits" aria-labelledby="traits-heading" data-testid="traits">
            <h2 id="traits-heading" class="unseen">{t!(i18n, pictures.tool_traits)}</h2>
            <div class="traits-row">
                <div class="traits-look">
                    <div class="traits-big">
                        <Big made testid="traits-big" />
                    </div>
                    <Back bench />
                    <Faults maker />
                </div>
                <div class="traits-side">
                    <Sliders bench />
                    <Mix bench />
                    <Project bench />
                    <Keep bench made />
                </div>
            </div>
        </section>
    }
}

/// Undo, redo, nothing done, another picture.
#[component]
fn Back(bench: Bench) -> impl IntoView {
    let i18n = use_i18n();
    let throw = move |_| {
        let seed = (js_sys::Math::random() * 1e6) as u64;
        bench.change(Move::Alone, |face| {
            let draw = Latent::Draw {
                seed,
                index: 0,
                temperature: face.variety().unwrap_or(0.7),
                class: None,
            };
            Face {
                base: draw,
                ..face.clone()
            }
        });
    };
    view! {
        <div class="traits-do">
            <UndoRedo
                name="traits"
                can=bench.can
                go=move |forward| if forward { bench.redo() } else { bench.undo() }
            />
            <button
                type="button"
                class="button"
                data-testid="traits-reset"
                on:click=move |_| bench.reset()
            >
                {t!(i18n, pictures.traits.reset)}
            </button>
            <button type="button" class="button" data-testid="traits-throw" on:click=throw>
                {t!(i18n, pictures.traits.throw)}
            </button>
        </div>
    }
}

/// Ways to keep the picture and to go on from it.
#[component]
fn Keep(bench: Bench, made: Memo<Option<Made>>) -> impl IntoView {
    let i18n = use_i18n();
    let room = use_room();
    let word = RwSignal::new(None::<&'static str>);
    // What was done last says nothing of another picture.
    Effect::new(move |_| {
        bench.now.track();
        word.set(None);
    });
    let recipe = Signal::derive(move || room.recipe(bench.now.get()?.latent()));
    let link = Signal::derive(move || recipe.get().map(|recipe| link_of(&recipe)));
    let save = move |_| {
        // What is seen: while a slider moves, the newest may still be on its way.
        let Some(made) = made.get_untracked() else {
            return;
        };
        let Some(shape) = Shape::of(made.pixels.len()) else {
            return;
        };
        let file = lampwork_pictures::single(&made.pixels, shape, SCALE, Some(&made.recipe));
        let name = file_name(&made.recipe.model, &codec::encode(&made.recipe));
        browser::save_file(&name, "image/png", &file);
        word.set(Some(t_string!(i18n, pictures.saved)));
    };
    let walk = move |_| {
        if let Some(recipe) = recipe.get_untracked() {
            add_to_walk(room, &recipe);
        }
    };
    let closely = move |_| {
        if let Some(made) = made.get_untracked() {
            room.pick(made);
        }
    };
    view! {
        <div class="traits-keep">
            <h3>{t!(i18n, pictures.traits.keep)}</h3>
            <div class="traits-do">
                <button type="button" class="button primary" data-testid="traits-save" on:click=save>
                    {t!(i18n, pictures.save)}
                </button>
                <CopyLink link word testid="traits-copy" />
                <button type="button" class="button" data-testid="traits-walk" on:click=walk>
                    {t!(i18n, pictures.motion.add)}
                </button>
                <button type="button" class="button" data-testid="traits-closely" on:click=closely>
                    {t!(i18n, pictures.look_closely)}
                </button>
            </div>
            <p role="status" class="hint" data-testid="traits-word">{move || word.get()}</p>
            <ShareField
                link
                label=Signal::derive(move || t_string!(i18n, pictures.share).to_owned())
                testid="traits-link"
            />
        </div>
    }
}

/// The address at which this tool opens with a picture.
fn link_of(recipe: &Recipe) -> String {
    let (tool, model) = (Tool::Traits.name(), &recipe.model);
    let code = codec::encode(recipe);
    address_of(&format!("tool={tool}&model={model}&{FACE}={code}"))
}
