//! A picture that is worked on: filled in, made of a scribble, varied, retouched.

mod adjust;
mod ask;
mod desk;
mod hand;
pub mod own;
mod paper;
mod work;

pub use self::own::{Own, read as read_own};
pub use self::work::{Ink, Work};

use lampwork_protocol::Shape;
use leptos::prelude::*;
use leptos::task::spawn_local;

use self::adjust::Adjust;
use self::ask::{Ask, Asked, Proposals};
use self::desk::Desk;
use self::hand::{Hands, Keep, Steps};
use self::own::{MOST_BYTES, Refused};
use self::paper::{Hand, Paper, Tip};
use super::open;
use super::prompt::{Prompt, examples_of};
use super::room::{Room, has_words, use_room};
use crate::browser;
use crate::failure::size;
use crate::files::FileButton;
use crate::i18n::*;
use crate::route::History;

/// What is done with the picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// A marked part is filled in.
    Fill,
    /// All of it is made anew, near to what it is or far.
    Redraw,
    /// Its colours are changed.
    Adjust,
}

impl Way {
    const ALL: [Way; 3] = [Way::Fill, Way::Redraw, Way::Adjust];

    fn name(self) -> &'static str {
        match self {
            Way::Fill => "fill",
            Way::Redraw => "redraw",
            Way::Adjust => "adjust",
        }
    }
}

/// What there is to say of the visitor's own picture.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Word {
    /// Why it is not taken.
    Refused(Refused),
    /// Only its first frame is.
    FirstFrame,
}

/// The tool.
#[component]
pub fn Edit() -> impl IntoView {
    let i18n = use_i18n();
    let room = use_room();
    let desk = Desk::new();
    let way = Memo::new(move |_| {
        let name = room.address.get("way");
        Way::ALL
            .into_iter()
            .find(|way| Some(way.name()) == name.as_deref())
            .unwrap_or(Way::Fill)
    });
    let hand = Hand {
        tip: RwSignal::new(Tip::Brush),
        size: RwSignal::new(2),
        colour: RwSignal::new([226, 60, 44]),
        marks: Memo::new(move |_| way.get() == Way::Fill),
    };
    let word = RwSignal::new(None::<Word>);
    // Nothing to take up where places are marked.
    Effect::new(move |_| {
        if way.get() == Way::Fill && hand.tip.get_untracked() == Tip::Picker {
            hand.tip.set(Tip::Brush);
        }
    });
    let shape = Memo::new(move |_| {
        room.info
            .with(|info| Some(info.as_ref()?.card.recipe.model.shape()))
    });
    take_up(room, desk, shape);
    let take = move |file: web_sys::File| {
        let Some(shape) = shape.get_untracked() else {
            return;
        };
        spawn_local(async move {
            match read_own(&file, shape).await {
                Ok(Own { pixels, moved }) if desk.is_of(shape) => {
                    desk.step(Work::new(shape, pixels, None));
                    word.try_set(moved.then_some(Word::FirstFrame));
                }
                Ok(_) => {}
                Err(refused) => {
                    word.try_set(Some(Word::Refused(refused)));
                }
            }
        });
    };
    // What is dropped anywhere on the room while this tool is open.
    Effect::new(move |_| {
        if let Some(file) = room.handed.get() {
            room.handed.set(None);
            take(file);
        }
    });
    let paste = window_event_listener(leptos::ev::paste, move |event| {
        let files = event.clipboard_data().and_then(|data| data.files());
        if let Some(file) = files.and_then(|files| files.get(0)) {
            event.prevent_default();
            take(file);
        }
    });
    on_cleanup(move || paste.remove());

    let asked = Asked::new(room, desk, way);
    view! {
        <section class="tool tool-edit" aria-labelledby="edit-heading">
            <h2 id="edit-heading" class="unseen">{t!(i18n, pictures.tool_edit)}</h2>
            <div class="edit-row">
                <div class="edit-left">
                    <Ways way />
                    <Paper desk hand />
                    <p id="edit-paper-help" class="hint edit-help">
                        {move || match way.get() {
                            Way::Fill => t_string!(i18n, pictures.edit.about_fill),
                            Way::Redraw => t_string!(i18n, pictures.edit.about_redraw),
                            Way::Adjust => t_string!(i18n, pictures.edit.about_adjust),
                        }}
                    </p>
                    <Hands hand way />
                    <Steps desk />
                    <div class="edit-own">
                        <FileButton
                            name="edit-open"
                            input_name="edit-file"
                            label=Signal::derive(move || {
                                t_string!(i18n, pictures.edit.open).to_owned()
                            })
                            accept="image/*"
                            take
                        />
                        <Keep desk />
                    </div>
                    <p class="hint">{t!(i18n, pictures.edit.own_about)}</p>
                    <Said word />
                </div>
                <div class="edit-right">
                    <Show
                        when=move || way.get() != Way::Adjust
                        fallback=move || view! { <Adjust desk /> }
                    >
                        <Prompt maker=asked.maker />
                        <Ask asked desk way />
                        <Proposals asked desk />
                    </Show>
                </div>
            </div>
        </section>
    }
}

/// Has the desk hold a picture of the model's size: what the address sends here, else
/// what was kept, else the first of the model's sheet.
fn take_up(room: Room, desk: Desk, shape: Memo<Option<Shape>>) {
    let sent = Memo::new(move |_| room.address.get("of"));
    let wanted = RwSignal::new(None);
    lay_first(room, desk, wanted);
    let begin = move |shape| {
        desk.step(Work::blank(shape));
        wanted.set(Some(shape));
    };
    Effect::new(move |_| {
        let Some(shape) = shape.get() else {
            return;
        };
        let kept = desk.is_of(shape) || desk.open(shape);
        let Some(code) = sent.get() else {
            if !kept {
                begin(shape);
            }
            return;
        };
        spawn_local(async move {
            let made = open::made_of(room, &code).await;
            // The visitor may have gone on meanwhile.
            let here = desk.is_there() && room.address.get_untracked("of") == Some(code);
            match made {
                Ok(Some(made)) if here && made.pixels.len() == shape.values() => {
                    desk.step(Work::new(shape, made.pixels.to_vec(), Some(made.recipe)));
                }
                Ok(_) if here && !kept => begin(shape),
                Err(failure) if here => {
                    room.failure.try_set(Some(failure));
                    if !kept {
                        begin(shape);
                    }
                }
                _ => return,
            }
            // It is on the desk now: a reload must not lay it there again.
            room.address.set(&[("of", None)], History::Replace);
        });
    });
}

/// Lays the first picture of the model's sheet on an empty paper, as soon as it can be
/// made: words that are said wait for their table. Where none are said, it is of the
/// first example's: what such a model makes of no words is a poor thing to begin with.
fn lay_first(room: Room, desk: Desk, wanted: RwSignal<Option<Shape>>) {
    let i18n = use_i18n();
    Effect::new(move |_| {
        let (Some(shape), Some(mut sheet)) = (wanted.get(), room.sheet(1)) else {
            return;
        };
        let worded = room.info.with(|info| info.as_ref().is_some_and(has_words));
        if worded && sheet.words.is_none() {
            let first = examples_of(i18n, room).split('|').next();
            sheet.words = first.map(|words| words.trim().to_owned());
        }
        wanted.set(None);
        spawn_local(async move {
            let Ok(Some(made)) = open::made_again(room, sheet.recipe(0)).await else {
                return;
            };
            // Whoever has drawn meanwhile keeps that.
            let untouched = desk.work.try_with_untracked(|work| {
                work.as_ref()
                    .is_some_and(|work| *work == Work::blank(shape))
            });
            if untouched == Some(true) && made.pixels.len() == shape.values() {
                desk.step(Work::new(shape, made.pixels.to_vec(), Some(made.recipe)));
            }
        });
    });
}

/// What is done with the picture, to choose from.
#[component]
fn Ways(way: Memo<Way>) -> impl IntoView {
    let i18n = use_i18n();
    let room = use_room();
    let name = move |way| match way {
        Way::Fill => t_string!(i18n, pictures.edit.fill),
        Way::Redraw => t_string!(i18n, pictures.edit.redraw),
        Way::Adjust => t_string!(i18n, pictures.edit.adjust),
    };
    view! {
        <div class="chips" role="group" aria-label=move || t_string!(i18n, pictures.edit.ways)>
            {Way::ALL
                .map(|each| {
                    view! {
                        <button
                            type="button"
                            class="chip"
                            aria-pressed=move || (way.get() == each).to_string()
                            data-testid=format!("edit-{}", each.name())
                            on:click=move |_| {
                                let name = each.name().to_owned();
                                room.address.set(&[("way", Some(name))], History::Push);
                            }
                        >
                            {move || name(each)}
                        </button>
                    }
                })
                .collect_view()}
        </div>
    }
}

/// Why a file is not taken, and what to do.
pub fn refusal(i18n: leptos_i18n::I18nContext<Locale>, refused: Refused) -> String {
    match refused {
        Refused::Bytes(bytes) => {
            let (bytes, limit) = (size(bytes), size(MOST_BYTES));
            t_string!(
                i18n,
                pictures.edit.refused_bytes,
                bytes = bytes,
                limit = limit
            )
        }
        Refused::Pixels(width, height) => {
            let many = (f64::from(width) * f64::from(height) / 1e6).round();
            t_string!(
                i18n,
                pictures.edit.refused_pixels,
                width = width,
                height = height,
                many = many
            )
        }
        Refused::Heic => t_string!(i18n, pictures.edit.refused_heic).to_owned(),
        Refused::Zip => t_string!(i18n, pictures.edit.refused_zip).to_owned(),
        Refused::Unknown => t_string!(i18n, pictures.edit.refused_unknown).to_owned(),
        Refused::Damaged => t_string!(i18n, pictures.edit.refused_damaged).to_owned(),
    }
}

/// What there is to say of the visitor's own picture.
#[component]
pub fn Said(
    /// What.
    word: RwSignal<Option<Word>>,
) -> impl IntoView {
    let i18n = use_i18n();
    let text = move |word| match word {
        Word::FirstFrame => t_string!(i18n, pictures.edit.first_frame).to_owned(),
        Word::Refused(refused) => refusal(i18n, refused),
    };
    view! {
        <p role="status" class="edit-said" data-testid="edit-said">
            {move || word.get().map(text)}
        </p>
    }
}

/// A colour as a page writes it.
fn hex([r, g, b]: [u8; 3]) -> String {
    format!("#{r:02x}{g:02x}{b:02x}")
}

/// The colour of such a text.
fn colour_of(text: &str) -> Option<[u8; 3]> {
    let number = u32::from_str_radix(text.strip_prefix('#')?, 16).ok()?;
    let [_, r, g, b] = number.to_be_bytes();
    Some([r, g, b])
}

/// Saves a work as a file. A picture that a model had a hand in says so, and how.
fn save(work: &Work, recipe: Option<&lampwork_protocol::Recipe>) {
    let file = lampwork_pictures::single(&work.pixels, work.shape, 16, recipe);
    let code = recipe
        .map(lampwork_protocol::link::encode)
        .unwrap_or_default();
    let name = super::share::file_name("edit", &code);
    browser::save_file(&name, "image/png", &file);
}
