//! Which styles, how much of each, and how strongly; and how far the net is.

use lampwork_protocol::manner::styles_to_text;
use leptos::prelude::*;

use super::canvas::Canvas;
use super::work::Work;
use super::{COLOURS, SIZE, SIZES, STRENGTH, STYLES};
use crate::browser;
use crate::i18n::*;
use crate::pictures::knobs::Slider;
use crate::pictures::room::{short, styles, use_room};
use crate::route::History;

/// Every style with a small picture, to be chosen alone or blended by sliders.
#[component]
pub fn Styles(
    /// Who makes the small pictures.
    work: Work,
    /// Which are chosen, and how much of each.
    chosen: Signal<Vec<(String, u8)>>,
) -> impl IntoView {
    let i18n = use_i18n();
    let room = use_room();
    let names = Memo::new(move |_| {
        room.info.with(|info| {
            info.as_ref()
                .map_or_else(Vec::new, |info| styles(info).to_vec())
        })
    });
    let weight = move |name: &str| {
        chosen.with(|chosen| {
            let found = chosen.iter().find(|(known, _)| known == name);
            found.map_or(0, |(_, weight)| *weight)
        })
    };
    let put = move |styles: Vec<(String, u8)>, history| {
        room.address
            .set(&[(STYLES, Some(styles_to_text(&styles)))], history);
    };
    let alone = move |name: &str| put(vec![(name.to_owned(), 100)], History::Push);
    let slide = move |name: &str, value: u8| {
        let styles = names.get_untracked().into_iter().map(|each| {
            let weight = match each == name {
                true => value,
                false => untrack(|| weight(&each)),
            };
            (each, weight)
        });
        let styles: Vec<_> = styles.filter(|(_, weight)| *weight > 0).collect();
        // With no style at all there is nothing to show: the last one stays.
        if !styles.is_empty() {
            put(styles, History::Replace);
        }
    };
    view! {
        <fieldset class="restyle-styles">
            <legend>{t!(i18n, pictures.restyle.styles)}</legend>
            <p class="hint">{t!(i18n, pictures.restyle.styles_about)}</p>
            <ul>
                <For each=move || names.get().into_iter().enumerate() key=Clone::clone let:style>
                    {
                        let (at, name) = style;
                        let (this, by, into, of) =
                            (name.clone(), name.clone(), name.clone(), name.clone());
                        let label = Signal::derive({
                            let name = name.clone();
                            move || style_name(i18n, &name)
                        });
                        let value = Signal::derive(move || weight(&of));
                        view! {
                            <li>
                                <button
                                    type="button"
                                    class="restyle-style"
                                    aria-pressed=move || (weight(&this) > 0).to_string()
                                    data-testid=format!("style-{name}")
                                    on:click=move |_| alone(&by)
                                >
                                    <Canvas
                                        name=format!("style-picture-{name}")
                                        class="restyle-small"
                                        photo=Signal::derive(move || {
                                            work.small.with(|all| all.get(at).cloned().flatten())
                                        })
                                        label=String::new()
                                    />
                                    <span>{label}</span>
                                </button>
                                <input
                                    type="range"
                                    min="0"
                                    max="100"
                                    step="1"
                                    data-testid=format!("style-weight-{name}")
                                    aria-label=move || {
                                        let name = label.get();
                                        t_string!(i18n, pictures.restyle.weight_of, name = name)
                                    }
                                    prop:value=move || value.get().to_string()
                                    on:input=move |event| {
                                        if let Ok(value) = event_target_value(&event).parse() {
                                            slide(&into, value);
                                        }
                                    }
                                />
                            </li>
                        }
                    }
                </For>
            </ul>
        </fieldset>
    }
}

/// How strongly, in whose colours, how large.
#[component]
pub fn Knobs(
    /// In hundredths.
    strength: Signal<u8>,
    /// Whether the photograph's colours stay.
    own_colours: Signal<bool>,
    /// Longer side, in pixels.
    size: Signal<u32>,
) -> impl IntoView {
    let i18n = use_i18n();
    let room = use_room();
    view! {
        <div class="knobs-row">
            <Slider
                id="restyle-strength"
                label=Signal::derive(move || t_string!(i18n, pictures.edit.strength).to_owned())
                value=Signal::derive(move || f32::from(strength.get()) / 100.0)
                range=(0.0, 1.0)
                on_move=move |value| {
                    room.address.set(&[(STRENGTH, Some(short(value)))], History::Replace);
                }
            />
            <label class="restyle-check">
                <input
                    type="checkbox"
                    data-testid="restyle-colours"
                    prop:checked=move || own_colours.get()
                    on:change=move |event| {
                        let own = event_target_checked(&event).then(|| "own".to_owned());
                        room.address.set(&[(COLOURS, own)], History::Push);
                    }
                />
                {t!(i18n, pictures.restyle.own_colours)}
            </label>
        </div>
        <div class="chips" role="group" aria-label=move || t_string!(i18n, pictures.restyle.size)>
            <span class="model-data" aria-hidden="true">{t!(i18n, pictures.restyle.size)}</span>
            {SIZES
                .map(|each| {
                    view! {
                        <button
                            type="button"
                            class="chip"
                            aria-pressed=move || (size.get() == each).to_string()
                            data-testid=format!("restyle-size-{each}")
                            on:click=move |_| {
                                room.address
                                    .set(&[(SIZE, Some(each.to_string()))], History::Push);
                            }
                        >
                            {each}
                        </button>
                    }
                })
                .collect_view()}
        </div>
        <p class="hint">{t!(i18n, pictures.restyle.size_about)}</p>
    }
}

/// How far the net is, how long it will take, and the way to give it up.
#[component]
pub fn Progressing(
    /// Who is at work.
    work: Work,
) -> impl IntoView {
    let i18n = use_i18n();
    let share = Memo::new(move |_| {
        let (progress, _) = work.progress.get()?;
        Some(progress.done as f64 / (progress.total as f64).max(1.0))
    });
    // Whole seconds, by how long it took so far.
    let left = Memo::new(move |_| {
        let (progress, since) = work.progress.get()?;
        let done = progress.done as f64;
        let rest = progress.total as f64 - done;
        (done > 0.0).then(|| ((browser::now() - since) * rest / done / 1000.0).ceil() as u32)
    });
    view! {
        <div class="restyle-progress" class:idle=move || share.get().is_none()>
            <progress
                max="1"
                prop:value=move || share.get().unwrap_or(0.0)
                aria-label=move || t_string!(i18n, pictures.restyle.working)
                data-testid="restyle-progress"
            ></progress>
            <span class="hint" data-testid="restyle-left">
                {move || {
                    left.get()
                        .map(|seconds| {
                            t_string!(i18n, pictures.restyle.left, seconds = seconds)
                        })
                }}
            </span>
            <button
                type="button"
                class="button"
                data-testid="restyle-cancel"
                on:click=move |_| work.stop()
            >
                {t!(i18n, pictures.stop)}
            </button>
        </div>
        <p role="status" class="hint" data-testid="restyle-status">
            {move || {
                if share.get().is_some() {
                    Some(t_string!(i18n, pictures.restyle.working).to_owned())
                } else if work.stopped.get() {
                    Some(t_string!(i18n, pictures.restyle.stopped).to_owned())
                } else {
                    let made = work.made.read();
                    let made = made.as_ref()?;
                    let seconds = format!("{:.1}", made.took);
                    let (width, height) = (made.photo.width, made.photo.height);
                    Some(t_string!(i18n, pictures.restyle.done, width, height, seconds))
                }
            }}
        </p>
    }
}

/// A style, in words; its name where it is none of those that the site ships.
pub fn style_name(i18n: leptos_i18n::I18nContext<Locale>, name: &str) -> String {
    match name {
        "wave" => t_string!(i18n, pictures.restyle.wave),
        "village" => t_string!(i18n, pictures.restyle.village),
        "dance" => t_string!(i18n, pictures.restyle.dance),
        "circles" => t_string!(i18n, pictures.restyle.circles),
        "mosaic" => t_string!(i18n, pictures.restyle.mosaic),
        "pencil" => t_string!(i18n, pictures.restyle.pencil),
        "glass" => t_string!(i18n, pictures.restyle.glass),
        "print" => t_string!(i18n, pictures.restyle.print),
        other => return other.to_owned(),
    }
    .to_owned()
}
