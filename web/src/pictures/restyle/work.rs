//! What is asked of the net, and what comes of it.

use std::sync::Arc;

use lampwork_protocol::manner::blend;
use lampwork_protocol::{Command, Event, Failure, ModelInfo, Progress, RequestId, TranslateOrder};
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::photo::Photo;
use crate::browser;
use crate::pictures::room::{Room, styles};

/// How long sliders rest before the net is asked, in milliseconds.
const REST: i32 = 300;

/// Side of the small pictures that show what a style does, in pixels.
const SMALL: u32 = 72;

/// What the net made of a photograph.
#[derive(Debug, Clone, PartialEq)]
pub struct Restyled {
    /// Of which, as large as it was shown to the net.
    pub photo: Photo,
    /// Hash of the net's weights.
    pub weights: [u8; 8],
    /// In which styles.
    pub styles: Vec<(String, u8)>,
    /// `[height, width, 3]`.
    pub rgb: Arc<[u8]>,
    /// Seconds from the question to the answer.
    pub took: f64,
}

/// What is wanted of the net.
#[derive(Debug, Clone, PartialEq)]
pub struct Wanted {
    /// Of which photograph.
    pub photo: Photo,
    /// In which styles.
    pub styles: Vec<(String, u8)>,
}

/// The net at work, `Copy`.
#[derive(Clone, Copy)]
pub struct Work {
    room: Room,
    /// What was made last.
    pub made: RwSignal<Option<Restyled>>,
    /// A small picture of each style, as they come.
    pub small: RwSignal<Vec<Option<Photo>>>,
    /// How far it is, and since when, while it is at work.
    pub progress: RwSignal<Option<(Progress, f64)>>,
    /// Whether the visitor gave up the last one.
    pub stopped: RwSignal<bool>,
    /// What went wrong.
    pub failure: RwSignal<Option<Failure>>,
    state: StoredValue<State>,
}

#[derive(Default)]
struct State {
    /// Counts what was wanted, so that what is outdated is told apart.
    round: u32,
    under_way: Option<RequestId>,
    /// The photograph that the small pictures are of.
    small_of: Option<Photo>,
}

impl Work {
    pub fn new(room: Room) -> Work {
        let work = Work {
            room,
            made: RwSignal::new(None),
            small: RwSignal::new(vec![]),
            progress: RwSignal::new(None),
            stopped: RwSignal::new(false),
            failure: RwSignal::new(None),
            state: StoredValue::new(State::default()),
        };
        on_cleanup(move || {
            let state = work.state.try_with_value(|state| state.under_way);
            if let Some(Some(request)) = state {
                room.link.cancel(request);
            }
        });
        work
    }

    /// Whether it is of another time by now.
    fn is_outdated(self, round: u32) -> bool {
        self.state.try_with_value(|state| state.round) != Some(round)
    }

    /// Gives up what is under way.
    pub fn stop(self) {
        self.outdate();
        self.progress.set(None);
        self.stopped.set(true);
    }

    /// What is under way is no longer wanted; the number of what comes now.
    fn outdate(self) -> u32 {
        let (round, under_way) = self
            .state
            .try_update_value(|state| {
                state.round += 1;
                (state.round, state.under_way.take())
            })
            .unwrap_or_default();
        if let Some(request) = under_way {
            self.room.link.cancel(request);
        }
        round
    }

    /// Asks the net, once the sliders rest; what was asked before is given up.
    pub fn ask(self, info: ModelInfo, wanted: Wanted) {
        let round = self.outdate();
        self.stopped.set(false);
        self.failure.set(None);
        let same = self.made.with_untracked(|made| {
            made.as_ref().is_some_and(|made| {
                made.photo == wanted.photo
                    && made.styles == wanted.styles
                    && made.weights == info.weights
            })
        });
        if same {
            self.progress.set(None);
            return;
        }
        let begun = Progress { done: 0, total: 1 };
        self.progress.set(Some((begun, browser::now())));
        spawn_local(async move {
            browser::sleep(REST).await;
            if !self.is_outdated(round) {
                self.send(round, info, wanted);
            }
        });
    }

    fn send(self, round: u32, info: ModelInfo, wanted: Wanted) {
        let since = browser::now();
        let weights = blend(styles(&info), &wanted.styles);
        let order = order(&info, &wanted.photo, weights);
        let payload = vec![wanted.photo.rgb.to_vec()];
        let command = Command::Translate { order };
        let request = self
            .room
            .link
            .stream(command, payload, move |event, mut payload| {
                if self.is_outdated(round) {
                    return;
                }
                match event {
                    Event::Working(progress) => self.progress.set(Some((progress, since))),
                    Event::Translated { .. } if !payload.is_empty() => {
                        self.progress.set(None);
                        self.made.set(Some(Restyled {
                            photo: wanted.photo.clone(),
                            weights: info.weights,
                            styles: wanted.styles.clone(),
                            rgb: payload.remove(0).into(),
                            took: (browser::now() - since) / 1000.0,
                        }));
                        self.show_small(round, info.clone(), &wanted.photo);
                    }
                    Event::Failed(failure) => {
                        self.progress.set(None);
                        self.failure.set(Some(failure));
                    }
                    // Another worker takes over: the room asks that one.
                    _ => self.progress.set(None),
                }
            });
        self.state.update_value(|state| {
            if state.round == round {
                state.under_way = Some(request);
            }
        });
    }

    /// A small picture of the photograph in each style, unless they are there.
    fn show_small(self, round: u32, info: ModelInfo, photo: &Photo) {
        let small = photo.shrunk(SMALL);
        let there = self.state.try_update_value(|state| {
            state.under_way = None;
            let there = state.small_of.as_ref() == Some(&small);
            state.small_of = Some(small.clone());
            there
        });
        if there != Some(false) {
            return;
        }
        let count = styles(&info).len();
        self.small.set(vec![None; count]);
        spawn_local(async move {
            for style in 0..count {
                let mut weights = vec![0.0; count];
                weights[style] = 1.0;
                let order = order(&info, &small, weights);
                let payload = vec![small.rgb.to_vec()];
                let answer = self.room.link.ask(Command::Translate { order }, payload);
                let answer = answer.await;
                if self.is_outdated(round) {
                    // What is missing is made with the next.
                    let _ = self.state.try_update_value(|state| state.small_of = None);
                    return;
                }
                if let Ok((Event::Translated { .. }, mut payload)) = answer
                    && !payload.is_empty()
                {
                    let made = Photo {
                        rgb: payload.remove(0).into(),
                        ..small.clone()
                    };
                    self.small.update(|all| all[style] = Some(made));
                }
            }
        });
    }
}

fn order(info: &ModelInfo, photo: &Photo, styles: Vec<f32>) -> TranslateOrder {
    TranslateOrder {
        model: info.card.name.clone(),
        weights: info.weights,
        width: photo.width,
        height: photo.height,
        channels: 3,
        times: 1,
        styles,
    }
}
