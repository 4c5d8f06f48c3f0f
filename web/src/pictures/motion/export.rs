//! Ways to keep a clip: as a file that moves, as a filmstrip, as a link.

use lampwork_pictures::{Animation, Format};
use lampwork_protocol::{Motion, Reel, Shape, link as codec};
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::super::maker::Pixels;
use super::super::room::{number, use_room};
use super::super::share::{CopyLink, ShareField, address_of, file_name};
use super::clip::{Clip, state_of};
use super::record::{self, Film};
use super::roll::Roll;
use crate::browser;
use crate::failure::size;
use crate::i18n::*;
use crate::route::History;

/// How many times as large as the model makes them pictures can become.
const SCALES: [usize; 6] = [1, 2, 4, 8, 12, 16];

/// What it is at first.
const FIRST_SCALE: usize = 8;

/// Milliseconds that are spent on a file before the page may do other things.
const SLICE: f64 = 12.0;

/// Pictures in a row of a filmstrip.
const COLUMNS: usize = 11;

/// A file of a clip.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Gif,
    Apng,
    WebM,
    Strip,
}

impl Kind {
    /// What the file's name ends in.
    fn ending(self) -> &'static str {
        match self {
            Kind::Gif => "gif",
            Kind::Apng | Kind::Strip => "png",
            Kind::WebM => "webm",
        }
    }

    fn mime(self) -> &'static str {
        match self {
            Kind::Gif => "image/gif",
            Kind::Apng => "image/apng",
            Kind::Strip => "image/png",
            Kind::WebM => "video/webm",
        }
    }
}

/// All that a file is made of.
struct Order {
    kind: Kind,
    motion: Motion,
    pictures: Vec<(Pixels, u16)>,
    shape: Shape,
    scale: usize,
}

/// The files and the link.
#[component]
pub fn Keep(
    /// What is kept.
    clip: Clip,
    /// Who has its pictures.
    roll: Roll,
) -> impl IntoView {
    let i18n = use_i18n();
    let room = use_room();
    let scale = Memo::new(move |_| {
        number(room.address.get("scale"))
            .filter(|scale| SCALES.contains(scale))
            .unwrap_or(FIRST_SCALE)
    });
    let ready = Memo::new(move |_| roll.whole());
    // How much of a file is written, while one is.
    let saving = RwSignal::new(None::<f64>);
    let word = RwSignal::new(None::<String>);
    let save = move |kind: Kind| {
        if saving.get_untracked().is_some() {
            return;
        }
        let Some(order) = untrack(|| order(kind, clip, roll, scale.get())) else {
            return word.set(Some(t_string!(i18n, pictures.motion.not_ready).to_owned()));
        };
        saving.set(Some(0.0));
        word.set(None);
        spawn_local(async move {
            let goes_on = move |part: f64| {
                // Cancelled, or the tool was left.
                let goes_on = matches!(saving.try_get_untracked(), Some(Some(_)));
                if goes_on {
                    saving.set(Some(part));
                }
                goes_on
            };
            let said = match write(&order, goes_on).await {
                Ok(None) => return,
                Ok(Some(bytes)) => {
                    let name = name(&order);
                    browser::save_file(&name, order.kind.mime(), &bytes);
                    let size = size(bytes.len() as f64);
                    match order.kind {
                        Kind::WebM => t_string!(i18n, pictures.motion.saved_webm, size = size),
                        _ => t_string!(i18n, pictures.motion.saved, size = size),
                    }
                }
                Err(reason) => t_string!(i18n, pictures.motion.not_recorded, reason = reason),
            };
            saving.try_set(None);
            word.try_set(Some(said));
        });
    };
    let button = move |kind: Kind, id: &'static str, name: Signal<String>| {
        view! {
            <button
                type="button"
                class="button"
                aria-disabled=move || (!ready.get() || saving.get().is_some()).to_string()
                data-testid=id
                on:click=move |_| save(kind)
            >
                {name}
            </button>
        }
    };
    let fixed = |name: &'static str| Signal::stored(name.to_owned());
    let records = record::kind().is_some();
    let link = Signal::derive(move || {
        let state = clip.motion.with(|motion| motion.as_ref().map(state_of))?;
        let query: Vec<String> = state
            .into_iter()
            .filter_map(|(name, value)| Some(format!("{name}={}", value?)))
            .collect();
        Some(address_of(&query.join("&")))
    });
    let copied = RwSignal::new(None::<&'static str>);
    view! {
        <section class="motion-keep" aria-labelledby="motion-keep-heading">
            <h3 id="motion-keep-heading">{t!(i18n, pictures.motion.keep)}</h3>
            <div class="keep">
                {button(Kind::Gif, "motion-gif", fixed("GIF"))}
                {button(Kind::Apng, "motion-apng", fixed("APNG"))}
                {records.then(|| button(Kind::WebM, "motion-webm", fixed("WebM")))}
                <Show when=move || !clip.walks()>
                    {button(
                        Kind::Strip,
                        "motion-save-strip",
                        Signal::derive(move || t_string!(i18n, pictures.motion.save_strip).to_owned()),
                    )}
                </Show>
                <Scale scale clip roll />
            </div>
            <p class="hint">
                {t!(i18n, pictures.motion.keep_about)} " "
                {move || {
                    if records {
                        t_string!(i18n, pictures.motion.webm_about)
                    } else {
                        t_string!(i18n, pictures.motion.no_webm)
                    }
                }}
            </p>
            <Show when=move || saving.get().is_some()>
                <div class="motion-progress">
                    <progress
                        max="1"
                        value=move || saving.get().unwrap_or(0.0)
                        aria-label=move || t_string!(i18n, pictures.motion.writing)
                    ></progress>
                    <button
                        type="button"
                        class="button quiet"
                        data-testid="motion-save-stop"
                        on:click=move |_| saving.set(None)
                    >
                        {t!(i18n, pictures.prompt_stop)}
                    </button>
                </div>
            </Show>
            <p role="status" class="hint" data-testid="motion-saved">{move || word.get()}</p>
            <div class="motion-link">
                <CopyLink link word=copied testid="motion-copy" />
                <ShareField
                    link
                    label=Signal::derive(move || t_string!(i18n, pictures.motion.share).to_owned())
                    testid="motion-link"
                />
            </div>
            <p role="status" class="hint" data-testid="motion-copied">{move || copied.get()}</p>
        </section>
    }
}

/// How large the files are.
#[component]
fn Scale(scale: Memo<usize>, clip: Clip, roll: Roll) -> impl IntoView {
    let i18n = use_i18n();
    let room = use_room();
    let side = Memo::new(move |_| {
        let one = roll
            .stills
            .with(|stills| stills.iter().flatten().next().cloned());
        let shape = one.and_then(|one| Shape::of(one.len()));
        clip.motion.track();
        shape.unwrap_or(Shape::GREY).side
    });
    view! {
        <label class="motion-scale">
            <span class="unseen">{t!(i18n, pictures.motion.scale)}</span>
            <select
                data-testid="motion-scale"
                prop:value=move || scale.get().to_string()
                on:change=move |event| {
                    room.address
                        .set(&[("scale", Some(event_target_value(&event)))], History::Replace);
                }
            >
                {SCALES
                    .map(|scale| {
                        view! {
                            <option value=scale.to_string()>
                                {move || {
                                    let side = side.get() * scale;
                                    format!("{side} × {side}")
                                }}
                            </option>
                        }
                    })
                    .collect_view()}
            </select>
        </label>
    }
}

/// What a file is made of; `None` while pictures are missing.
fn order(kind: Kind, clip: Clip, roll: Roll, scale: usize) -> Option<Order> {
    let motion = clip.motion.get()?;
    let stills: Vec<Pixels> = roll.stills.get().into_iter().collect::<Option<_>>()?;
    let reel = motion.reel();
    if stills.len() != reel.stills.len() {
        return None;
    }
    let shape = Shape::of(stills.first()?.len())?;
    let pictures = match kind {
        Kind::Strip => stills.into_iter().map(|still| (still, 1)).collect(),
        _ => runs(&reel, &stills),
    };
    Some(Order {
        kind,
        motion,
        pictures,
        shape,
        scale,
    })
}

/// Pictures in their order, and for how many frames each is seen.
fn runs(reel: &Reel, stills: &[Pixels]) -> Vec<(Pixels, u16)> {
    let mut runs: Vec<(Pixels, u16)> = vec![];
    for still in &reel.frames {
        let pixels = &stills[*still];
        match runs.last_mut() {
            Some((last, frames)) if last == pixels => *frames += 1,
            _ => runs.push((pixels.clone(), 1)),
        }
    }
    runs
}

fn name(order: &Order) -> String {
    let code = codec::encode_motion(&order.motion);
    let what = match order.kind {
        Kind::Strip => format!("strip-{}", order.motion.model),
        _ => format!("motion-{}", order.motion.model),
    };
    let name = file_name(&what, &code);
    format!("{}{}", name.trim_end_matches("png"), order.kind.ending())
}

/// The bytes of a file; `None` if it was given up.
async fn write(order: &Order, goes_on: impl Fn(f64) -> bool) -> Result<Option<Vec<u8>>, String> {
    let format = match order.kind {
        Kind::Gif => Format::Gif,
        Kind::Apng => Format::Apng,
        Kind::Strip => return Ok(Some(strip(order))),
        Kind::WebM => {
            let film = Film {
                pictures: order.pictures.clone(),
                shape: order.shape,
                scale: order.scale,
                fps: order.motion.fps,
            };
            let recorded = record::record(&film, goes_on).await;
            return recorded.map_err(|error| format!("{error:?}"));
        }
    };
    let count = order.pictures.len();
    let mut file = Animation::new(format, &order.motion, order.shape, order.scale, count);
    let mut began = browser::now();
    for (at, (pixels, frames)) in order.pictures.iter().enumerate() {
        file.push(pixels, *frames);
        if browser::now() - began > SLICE {
            browser::sleep(0).await;
            if !goes_on((at + 1) as f64 / count as f64) {
                return Ok(None);
            }
            began = browser::now();
        }
    }
    Ok(Some(file.finish()))
}

fn strip(order: &Order) -> Vec<u8> {
    let pictures: Vec<u8> = order
        .pictures
        .iter()
        .flat_map(|(pixels, _)| pixels.to_vec())
        .collect();
    let count = order.pictures.len();
    lampwork_pictures::filmstrip(
        &pictures,
        order.shape,
        count,
        COLUMNS.min(count),
        order.scale,
        &order.motion,
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_pictures_in_a_row_are_one_that_is_seen_for_longer() {
        let reel = Reel {
            stills: vec![],
            frames: vec![0, 1, 1, 2, 0, 0],
        };
        let stills: Vec<Pixels> = [[1, 1], [2, 2], [2, 2]].map(|p| p[..].into()).into();
        let seen: Vec<_> = runs(&reel, &stills)
            .into_iter()
            .map(|(pixels, frames)| (pixels[0], frames))
            .collect();
        assert_eq!(seen, [(1, 1), (2, 3), (1, 2)]);
    }
}
