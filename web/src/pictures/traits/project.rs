//! The visitor's own picture, and the styles that come nearest to it.

use lampwork_protocol::{Command, Event, Failure, ProjectOrder, RequestId, Shape};
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::bench::Bench;
use super::face::Face;
use super::steps::Move;
use crate::failure::words as failure_words;
use crate::files::FileButton;
use crate::i18n::*;
use crate::pictures::edit::{Ink, Own, Said, Word, Work, read_own};
use crate::pictures::maker::Pixels;
use crate::pictures::picture::Picture;
use crate::pictures::room::{Room, use_room};

/// What is looked for, and how far that is.
#[derive(Clone, Copy)]
struct Search {
    room: Room,
    bench: Bench,
    /// The picture that is looked for.
    target: RwSignal<Option<Pixels>>,
    /// The nearest so far.
    near: RwSignal<Option<Pixels>>,
    /// Turns taken, of so many; none where nothing is under way.
    progress: RwSignal<Option<(u64, u64)>>,
    /// How near the last one came, in decibels.
    found: RwSignal<Option<f32>>,
    failure: RwSignal<Option<Failure>>,
    request: StoredValue<Option<RequestId>>,
    /// Counts searches, so that a late event of an older one is told apart.
    round: StoredValue<u32>,
}

impl Search {
    fn new(room: Room, bench: Bench) -> Search {
        let search = Search {
            room,
            bench,
            target: RwSignal::new(None),
            near: RwSignal::new(None),
            progress: RwSignal::new(None),
            found: RwSignal::new(None),
            failure: RwSignal::new(None),
            request: StoredValue::new(None),
            round: StoredValue::new(0),
        };
        on_cleanup(move || {
            if let Some(Some(request)) = search.request.try_get_value() {
                room.link.cancel(request);
            }
        });
        // Another worker knows nothing of what the one before was asked.
        let generation = room.link.generation();
        Effect::new(move |before: Option<u32>| {
            let now = generation.get();
            if before.is_some_and(|before| before != now)
                && search.progress.get_untracked().is_some()
                && let Some(target) = search.target.get_untracked()
            {
                search.request.set_value(None);
                search.begin(target);
            }
            now
        });
        search
    }

    fn begin(&self, target: Pixels) {
        self.stop();
        let Some(info) = self.room.info.get_untracked() else {
            return;
        };
        self.target.set(Some(target.clone()));
        self.near.set(None);
        self.found.set(None);
        self.failure.set(None);
        self.progress.set(Some((0, 1)));
        self.round.update_value(|round| *round += 1);
        let round = self.round.get_value();
        let order = ProjectOrder {
            model: self.room.model.get_untracked(),
            weights: info.weights,
            steps: ProjectOrder::USUAL,
            grain: 0,
        };
        let search = *self;
        let command = Command::Project { order };
        let request =
            self.room
                .link
                .stream(command, vec![target.to_vec()], move |event, mut payload| {
                    // The tool may be gone by now, or another picture be looked for.
                    if search.round.try_get_value() != Some(round) {
                        return;
                    }
                    let picture = (!payload.is_empty()).then(|| payload.remove(0));
                    search.hear(event, picture);
                });
        if self.progress.get_untracked().is_some() {
            self.request.set_value(Some(request));
        }
    }

    fn hear(&self, event: Event, picture: Option<Vec<u8>>) {
        match event {
            Event::Working(progress) => {
                self.progress.set(Some((progress.done, progress.total)));
            }
            Event::Preview { step, steps, .. } => {
                self.progress.set(Some((u64::from(step), u64::from(steps))));
                if let Some(picture) = picture {
                    self.near.set(Some(picture.into()));
                }
            }
            Event::Projected { latent, psnr } => {
                self.end();
                self.found.set(Some(psnr));
                self.bench.step(Face::plain(latent), Move::Alone);
            }
            Event::Failed(failure) => {
                self.end();
                self.failure.set(Some(failure));
            }
            _ => self.end(),
        }
    }

    fn end(&self) {
        self.progress.set(None);
        self.request.set_value(None);
    }

    /// Gives up what is under way.
    fn stop(&self) {
        if let Some(request) = self.request.get_value() {
            self.room.link.cancel(request);
        }
        self.round.update_value(|round| *round += 1);
        self.end();
    }
}

/// The panel.
#[component]
pub fn Project(bench: Bench) -> impl IntoView {
    let i18n = use_i18n();
    let room = use_room();
    let search = Search::new(room, bench);
    let word = RwSignal::new(None::<Word>);
    let take = move |file: web_sys::File| {
        spawn_local(async move {
            match read_own(&file, Shape::COLOUR).await {
                Ok(Own { pixels, moved }) => {
                    // The tool may have been left meanwhile.
                    if search.target.try_get_untracked().is_some() {
                        word.set(moved.then_some(Word::FirstFrame));
                        search.begin(pixels.into());
                    }
                }
                Err(refused) => {
                    word.try_set(Some(Word::Refused(refused)));
                }
            }
        });
    };
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
    let busy = move || search.progress.get().is_some();
    view! {
        <div class="traits-project" data-testid="traits-project">
            <h3>{t!(i18n, pictures.traits.project)}</h3>
            <p class="hint">{t!(i18n, pictures.traits.project_about)}</p>
            <div class="traits-do">
                <FileButton
                    name="traits-open"
                    input_name="traits-file"
                    label=Signal::derive(move || t_string!(i18n, pictures.edit.open).to_owned())
                    accept="image/*"
                    take
                />
                <button
                    type="button"
                    class="button"
                    data-testid="traits-example"
                    on:click=move |_| {
                        word.set(None);
                        search.begin(example().into());
                    }
                >
                    {t!(i18n, pictures.traits.example)}
                </button>
                <Show when=busy>
                    <button
                        type="button"
                        class="button"
                        data-testid="traits-stop"
                        on:click=move |_| search.stop()
                    >
                        {t!(i18n, pictures.stop)}
                    </button>
                </Show>
            </div>
            <Said word />
            <Show when=move || search.target.with(Option::is_some)>
                <div class="traits-search">
                    <figure>
                        <Picture pixels=search.target />
                        <figcaption>{t!(i18n, pictures.traits.target)}</figcaption>
                    </figure>
                    <Show when=busy>
                        <figure>
                            <Picture pixels=search.near />
                            <figcaption>{t!(i18n, pictures.traits.near)}</figcaption>
                        </figure>
                    </Show>
                </div>
            </Show>
            <Told search />
        </div>
    }
}

/// How far it is, and what came of it.
#[component]
fn Told(search: Search) -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <Show when=move || search.progress.get().is_some()>
            <progress
                max="1"
                aria-label=move || t_string!(i18n, pictures.traits.project)
                prop:value=move || {
                    let (done, total) = search.progress.get().unwrap_or((0, 1));
                    done as f64 / total.max(1) as f64
                }
            ></progress>
        </Show>
        <p role="status" class="hint" data-testid="traits-found">
            {move || {
                if search.progress.get().is_some() {
                    return Some(t_string!(i18n, pictures.traits.searching).to_owned());
                }
                let psnr = search.found.get()?;
                let near = format!("{psnr:.1}");
                Some(t_string!(i18n, pictures.traits.found, near = near))
            }}
        </p>
        <div role="alert" class="faults" data-testid="traits-failure">
            {move || {
                let failure = search.failure.get()?;
                let (what, hint) = failure_words(i18n, &failure);
                let again = move |_| {
                    if let Some(target) = search.target.get_untracked() {
                        search.begin(target);
                    }
                };
                Some(
                    view! {
                        <p>{what} " " <span class="hint">{hint}</span></p>
                        <button type="button" class="button" on:click=again>
                            {t!(i18n, shell.retry)}
                        </button>
                    },
                )
            }}
        </div>
    }
}

/// A face drawn with a few strokes, for who has no picture at hand.
fn example() -> Vec<u8> {
    const SKIN: [u8; 3] = [236, 188, 140];
    const HAIR: [u8; 3] = [92, 52, 30];
    const SHIRT: [u8; 3] = [88, 150, 210];
    const DARK: [u8; 3] = [30, 26, 26];
    const MOUTH: [u8; 3] = [190, 70, 70];
    let mut work = Work::blank(Shape::COLOUR);
    let mut line = |from, to, radius: f32, colour| {
        work.line(from, to, (radius, radius), Ink::Colour(colour));
    };
    line((8.0, 31.0), (24.0, 31.0), 4.0, SHIRT);
    line((16.0, 22.0), (16.0, 27.0), 2.5, SKIN);
    line((16.0, 11.0), (16.0, 13.0), 9.5, HAIR);
    line((16.0, 15.0), (16.0, 17.0), 7.0, SKIN);
    line((13.5, 15.5), (13.6, 15.5), 0.8, DARK);
    line((18.5, 15.5), (18.6, 15.5), 0.8, DARK);
    line((13.5, 20.0), (18.5, 20.0), 0.6, MOUTH);
    work.pixels
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_example_is_a_face_on_white() {
        let pixels = example();
        assert_eq!(pixels.len(), Shape::COLOUR.values());
        let at = |x: usize, y: usize| &pixels[(y * 32 + x) * 3..][..3];
        assert_eq!(at(0, 0), [255; 3]);
        assert_eq!(at(16, 17), [236, 188, 140]);
        assert_eq!(at(13, 15), [30, 26, 26]);
    }
}
