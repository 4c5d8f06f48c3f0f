//! A photograph in the styles of other pictures.

mod canvas;
mod knobs;
mod photo;
mod steps;
mod work;

use lampwork_pictures::Whole;
use lampwork_protocol::Manner;
use lampwork_protocol::manner::{styles_from_text, styles_to_text};
use leptos::prelude::*;
use leptos::task::spawn_local;

use self::canvas::Canvas;
pub use self::knobs::style_name;
use self::knobs::{Knobs, Progressing, Styles};
use self::photo::Photo;
use self::steps::{Noted, Step, Steps};
use self::work::{Restyled, Wanted, Work};
use super::edit::own::{self, Refused};
use super::edit::refusal;
use super::room::{Room, number, styles, use_room};
use super::undo::UndoRedo;
use crate::browser;
use crate::explain::RestyleExplained;
use crate::failure::words;
use crate::files::FileButton;
use crate::i18n::*;
use crate::library::fetch;
use crate::route::History;

/// The photograph that is there at first; its licence lies beside it.
const EXAMPLE: &str = "styles/example.jpg";

/// Longer sides to choose from, in pixels.
pub const SIZES: [u32; 3] = [512, 768, 1024];

/// Names in the address, of what a step back brings back.
const STYLES: &str = "styles";
const STRENGTH: &str = "strength";
const COLOURS: &str = "colours";
const SIZE: &str = "size";

/// How the photograph is shown, as the address has it.
#[derive(Debug, Clone, PartialEq)]
struct Shown {
    styles: Vec<(String, u8)>,
    strength: u8,
    own_colours: bool,
    size: u32,
}

/// What there is to say of the visitor's own photograph.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Word {
    Refused(Refused),
    FirstFrame,
    /// The file was one of ours: its styles are set, its photograph is not in it.
    MannerAlone,
}

/// The tool.
#[component]
pub fn Restyle() -> impl IntoView {
    let i18n = use_i18n();
    let room = use_room();
    let work = Work::new(room);
    let photo = RwSignal::new(None::<Photo>);
    let word = RwSignal::new(None::<Word>);
    let before = RwSignal::new(0.0_f32);
    let noted: Noted = RwSignal::new(Steps::default());
    let shown = Memo::new(move |_| shown_in(room));
    // The photograph as large as the net is shown it.
    let fitted = Memo::new(move |_| {
        let size = shown.with(|shown| shown.size);
        photo.with(|photo| Some(photo.as_ref()?.shrunk(size)))
    });
    let wanted = Memo::new(move |_| {
        Some(Wanted {
            photo: fitted.get()?,
            styles: shown.with(|shown| shown.styles.clone()),
        })
    });
    let generation = room.link.generation();
    Effect::new(move |_| {
        generation.get();
        if let (Some(info), Some(wanted)) = (room.info.get(), wanted.get()) {
            work.ask(info, wanted);
        }
    });
    Effect::new(move |_| {
        let step = Step {
            photo: photo.get(),
            manner: manner_in(room),
        };
        if step.photo.is_some() {
            noted.update(|noted| noted.note(step, browser::now()));
        }
    });
    let go = move |forward: bool| {
        let step = noted.try_update(|noted| noted.go(forward)).flatten();
        if let Some(step) = step {
            room.address.set(&step.manner, History::Replace);
            photo.set(step.photo);
        }
    };
    let take = move |file: web_sys::File| {
        spawn_local(async move {
            let manner = match browser::read_file(&file).await {
                Ok(bytes) => lampwork_pictures::read_manner(&bytes),
                Err(_) => None,
            };
            if let Some(manner) = manner {
                set(room, &manner);
                word.try_set(Some(Word::MannerAlone));
                return;
            }
            match opened(&file).await {
                Ok((opened, moved)) => {
                    photo.try_set(Some(opened));
                    word.try_set(moved.then_some(Word::FirstFrame));
                }
                Err(refused) => {
                    word.try_set(Some(Word::Refused(refused)));
                }
            }
        });
    };
    begin(photo);
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

    let seen = Memo::new(move |_| {
        let photo = fitted.get()?;
        Some(seen(
            &photo,
            work.made.get().as_ref(),
            &shown.get(),
            before.get(),
        ))
    });
    let there = Memo::new(move |_| {
        let fitted = fitted.get();
        work.made.with(|made| {
            made.as_ref()
                .is_some_and(|made| Some(&made.photo) == fitted.as_ref())
        })
    });
    let save = move |_| {
        if let Some(made) = work.made.get_untracked() {
            keep(&made, &shown.get_untracked());
        }
    };
    view! {
        <section class="tool tool-restyle" aria-labelledby="restyle-heading">
            <h2 id="restyle-heading" class="unseen">{t!(i18n, pictures.tool_restyle)}</h2>
            <div class="restyle-row">
                <div class="restyle-left">
                    <Canvas
                        name="restyle-picture"
                        class="restyle-picture"
                        photo=Signal::derive(move || seen.get())
                        label=Signal::derive(move || {
                            t_string!(i18n, pictures.restyle.picture).to_owned()
                        })
                    />
                    <Before before />
                    <Progressing work />
                    <p role="alert" class="restyle-said" data-testid="restyle-failure">
                        {move || {
                            work.failure
                                .get()
                                .map(|failure| {
                                    let (what, hint) = words(i18n, &failure);
                                    format!("{what} {hint}")
                                })
                        }}
                    </p>
                    <div class="restyle-do">
                        <FileButton
                            name="restyle-open"
                            input_name="restyle-file"
                            label=Signal::derive(move || {
                                t_string!(i18n, pictures.restyle.open).to_owned()
                            })
                            accept="image/*"
                            take
                        />
                        <UndoRedo
                            name="restyle"
                            can=Signal::derive(move || noted.with(|noted| noted.can()))
                            go
                        />
                        <button
                            type="button"
                            class="button primary"
                            aria-disabled=move || (!there.get()).to_string()
                            data-testid="restyle-save"
                            on:click=save
                        >
                            {t!(i18n, pictures.save)}
                        </button>
                    </div>
                    <p role="status" class="restyle-said" data-testid="restyle-said">
                        {move || {
                            word.get()
                                .map(|word| match word {
                                    Word::FirstFrame => {
                                        t_string!(i18n, pictures.edit.first_frame).to_owned()
                                    }
                                    Word::MannerAlone => {
                                        t_string!(i18n, pictures.restyle.manner_alone).to_owned()
                                    }
                                    Word::Refused(refused) => refusal(i18n, refused),
                                })
                        }}
                    </p>
                    <p class="hint">{t!(i18n, pictures.restyle.own_about)}</p>
                </div>
                <div class="restyle-right">
                    <Styles work chosen=Signal::derive(move || shown.get().styles) />
                    <Knobs
                        strength=Signal::derive(move || shown.get().strength)
                        own_colours=Signal::derive(move || shown.get().own_colours)
                        size=Signal::derive(move || shown.get().size)
                    />
                    <p class="hint restyle-foot">
                        {t!(i18n, pictures.restyle.licences)} " "
                        <a href="styles/example.LICENCE.txt" target="_blank" rel="noopener">
                            {t!(i18n, pictures.restyle.licence_of_example)}
                        </a>
                    </p>
                </div>
            </div>
            <RestyleExplained />
        </section>
    }
}

/// The photograph that is there at first, unless the visitor is quicker.
fn begin(photo: RwSignal<Option<Photo>>) {
    spawn_local(async move {
        // Where it cannot be had, the visitor's own can be opened all the same.
        let Ok(bytes) = fetch::bytes(EXAMPLE, |_, _| {}).await else {
            return;
        };
        let parts = js_sys::Array::of1(&js_sys::Uint8Array::from(&bytes[..]));
        let Ok(blob) = web_sys::Blob::new_with_u8_array_sequence(&parts) else {
            return;
        };
        if let Ok((example, _)) = opened(&blob).await {
            photo.try_update(|photo| {
                photo.get_or_insert(example);
            });
        }
    });
}

/// A file as a photograph, turned as its camera held it; and whether the rest of it
/// moves. Of the file nothing but pixels goes any further.
async fn opened(file: &web_sys::Blob) -> Result<(Photo, bool), Refused> {
    let (bitmap, moved) = own::open(file).await?;
    let photo = Photo::of(&bitmap).ok_or(Refused::Damaged);
    bitmap.close();
    Ok((photo?, moved))
}

/// How the photograph is shown, by the address; tracked. The first style alone where it
/// names none.
fn shown_in(room: Room) -> Shown {
    let hundredths = |name: &str, usual: u8| {
        number::<f32>(room.address.get(name))
            .filter(|value| value.is_finite())
            .map_or(usual, |value| (value.clamp(0.0, 1.0) * 100.0).round() as u8)
    };
    let named = room
        .address
        .get(STYLES)
        .as_deref()
        .and_then(styles_from_text);
    let chosen = named.unwrap_or_else(|| {
        room.info.with(|info| {
            let first = info.as_ref().and_then(|info| styles(info).first().cloned());
            first.map(|name| (name, 100)).into_iter().collect()
        })
    });
    Shown {
        styles: chosen,
        strength: hundredths(STRENGTH, 100),
        own_colours: room.address.get(COLOURS).as_deref() == Some("own"),
        size: number(room.address.get(SIZE))
            .filter(|size| SIZES.contains(size))
            .unwrap_or(SIZES[0]),
    }
}

/// What of the address a step back brings back; tracked.
fn manner_in(room: Room) -> Vec<(&'static str, Option<String>)> {
    let names = [STYLES, STRENGTH, COLOURS, SIZE];
    names.map(|name| (name, room.address.get(name))).to_vec()
}

/// Shows photographs in this manner from now on.
fn set(room: Room, manner: &Manner) {
    let strength = f32::from(manner.strength) / 100.0;
    room.address.set(
        &[
            (STYLES, Some(styles_to_text(&manner.styles))),
            (STRENGTH, Some(super::room::short(strength))),
            (COLOURS, manner.own_colours.then(|| "own".to_owned())),
        ],
        History::Push,
    );
}

/// What is seen: the photograph, what was made of it over it, and on the left as much of
/// the photograph as the slider says.
fn seen(photo: &Photo, made: Option<&Restyled>, shown: &Shown, before: f32) -> Photo {
    let Some(made) = made.filter(|made| made.photo == *photo) else {
        return photo.clone();
    };
    let mut rgb = photo.under(&made.rgb, shown.strength, shown.own_colours);
    let across = photo.width as usize * 3;
    let left = (before * photo.width as f32).round() as usize * 3;
    if left > 0 {
        let rows = rgb.chunks_exact_mut(across);
        for (row, was) in rows.zip(photo.rgb.chunks_exact(across)) {
            row[..left].copy_from_slice(&was[..left]);
            // A line between the two.
            if left + 3 <= across {
                row[left..left + 3].fill(255);
            }
        }
    }
    Photo {
        rgb: rgb.into(),
        ..photo.clone()
    }
}

/// Saves it as a file of pixels and of how they came about.
fn keep(made: &Restyled, shown: &Shown) {
    let photo = &made.photo;
    let file = lampwork_pictures::restyled(
        &Whole {
            width: photo.width as usize,
            height: photo.height as usize,
            channels: 3,
            values: photo.under(&made.rgb, shown.strength, shown.own_colours),
        },
        &Manner {
            model: "restyle".to_owned(),
            weights: made.weights,
            styles: made.styles.clone(),
            strength: shown.strength,
            own_colours: shown.own_colours,
        },
    );
    browser::save_file("lampwork-restyle.png", "image/png", &file);
}

/// How much of the photograph as it was is seen beside.
#[component]
fn Before(before: RwSignal<f32>) -> impl IntoView {
    let i18n = use_i18n();
    // Held down: all of it.
    let held = RwSignal::new(None::<f32>);
    let hold = move || {
        if held.get_untracked().is_none() {
            held.set(Some(before.get_untracked()));
            before.set(1.0);
        }
    };
    let release = move || {
        if let Some(was) = held.get_untracked() {
            held.set(None);
            before.set(was);
        }
    };
    let shown = move || super::room::short(before.get());
    view! {
        <div class="restyle-before">
            <label for="restyle-before">{t!(i18n, pictures.restyle.before)}</label>
            <input
                id="restyle-before"
                type="range"
                min="0"
                max="1"
                step="0.01"
                data-testid="restyle-before"
                prop:value=shown
                aria-valuetext=shown
                on:input=move |event| {
                    if let Ok(value) = event_target_value(&event).parse() {
                        before.set(value);
                    }
                }
            />
            <button
                type="button"
                class="button quiet"
                data-testid="restyle-hold"
                on:pointerdown=move |_| hold()
                on:pointerup=move |_| release()
                on:pointerleave=move |_| release()
                on:pointercancel=move |_| release()
                on:keydown=move |event| {
                    if matches!(event.key().as_str(), " " | "Enter") {
                        hold();
                    }
                }
                on:keyup=move |_| release()
                on:blur=move |_| release()
            >
                {t!(i18n, pictures.restyle.hold)}
            </button>
        </div>
    }
}
