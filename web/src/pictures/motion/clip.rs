//! The clip that is shown, as the address has it, and what is done to it.

use lampwork_protocol::{
    Course, Easing, Ends, Failure, Latent, ModelInfo, Motion, Recipe, Solver, link as codec,
};
use leptos::prelude::*;
use leptos_i18n::I18nContext;

use super::super::room::{Room, Tool, is_flow};
use crate::i18n::*;
use crate::route::History;

/// Pictures of a walk at first.
const FIRST_KEYS: u32 = 4;

/// Frames and frames a second of a walk at first: five seconds, and three of a flow,
/// whose pictures take their time.
const FIRST_TIME: (u16, u8) = (120, 24);
/// See [`FIRST_TIME`].
const FIRST_TIME_OF_FLOW: (u16, u8) = (36, 12);

/// Frames a second of a path at first: there are few, and each is worth a look.
const PATH_FPS: u8 = 5;

/// The clip, and the picture of it that is chosen.
#[derive(Clone, Copy)]
pub struct Clip {
    room: Room,
    i18n: I18nContext<Locale>,
    /// What is shown; `None` while the model is on its way.
    pub motion: Memo<Option<Motion>>,
    /// What is wrong with the one in the address.
    pub failure: Memo<Option<Failure>>,
    /// Which picture of a walk is chosen.
    pub chosen: RwSignal<usize>,
    /// What was done last, for who does not see it.
    pub word: RwSignal<String>,
    /// The last walk, to come back to from a path.
    walk: StoredValue<Option<Motion>>,
}

type Asked = Option<Result<Motion, Failure>>;

impl Clip {
    /// The clip of the room's address; without one, a walk over the first samples.
    pub fn new(room: Room) -> Clip {
        let asked: Memo<Asked> = Memo::new(move |_| {
            let code = room.address.get("motion")?;
            Some(codec::decode_motion(&code))
        });
        let motion = Memo::new(move |_| {
            let info = room.info.get()?;
            let asked = asked.get().and_then(Result::ok);
            match asked.filter(|motion| fits(motion, &room.model.get(), &info)) {
                Some(motion) => Some(Motion {
                    sampling: is_flow(&info).then(|| room.path.get()),
                    ..motion
                }),
                None => usual(room, &info),
            }
        });
        let failure = Memo::new(move |_| match asked.get()? {
            Err(failure) => Some(failure),
            Ok(motion) => {
                let info = room.info.get()?;
                let model = room.model.get();
                (motion.model == model && motion.weights != info.weights)
                    .then_some(Failure::OtherWeights { model })
            }
        });
        // A link may say nothing of the model but in its clip.
        Effect::new(move |_| {
            if let Some(Ok(motion)) = asked.get()
                && motion.model != room.model.get_untracked()
            {
                room.address.set(&state_of(&motion), History::Replace);
            }
        });
        Clip {
            room,
            i18n: use_i18n(),
            motion,
            failure,
            chosen: RwSignal::new(0),
            word: RwSignal::new(String::new()),
            walk: StoredValue::new(None),
        }
    }

    /// The language of what is said about it.
    pub fn i18n(&self) -> I18nContext<Locale> {
        self.i18n
    }

    /// Whether it is a walk; tracked.
    pub fn walks(&self) -> bool {
        let path = |motion: &Option<Motion>| {
            matches!(
                motion,
                Some(Motion {
                    course: Course::Path { .. },
                    ..
                })
            )
        };
        !self.motion.with(path)
    }

    /// The pictures that it passes; tracked.
    pub fn keys(&self) -> Vec<Latent> {
        match self.motion.get().map(|motion| motion.course) {
            Some(Course::Walk { keys, .. }) => keys,
            _ => vec![],
        }
    }

    /// Changes it.
    pub fn change(&self, change: impl FnOnce(&mut Motion)) {
        if let Some(mut motion) = self.motion.get_untracked() {
            change(&mut motion);
            self.set(&motion);
        }
    }

    /// Changes the pictures of a walk; nothing where there would be none, too many,
    /// or more than fits into a link. Whether it did.
    pub fn change_keys(&self, change: impl FnOnce(&mut Vec<Latent>)) -> bool {
        let Some(mut motion) = self.motion.get_untracked() else {
            return false;
        };
        let Course::Walk { keys, .. } = &mut motion.course else {
            return false;
        };
        change(keys);
        let fits = codec::check_motion(&motion).is_ok()
            && codec::encode_motion(&motion).len() <= codec::MAX_LENGTH;
        if fits {
            self.set(&motion);
        }
        fits
    }

    fn set(&self, motion: &Motion) {
        let code = codec::encode_motion(motion);
        self.room
            .address
            .set(&[("motion", Some(code))], History::Push);
    }

    /// Takes a sample: into the walk behind the chosen picture, or as what the path
    /// leads to.
    pub fn take(&self, latent: Latent) {
        let i18n = self.i18n;
        if !untrack(|| self.walks()) {
            self.change(|motion| motion.course = Course::Path { of: latent });
            return;
        }
        let at = self.chosen.get_untracked() + 1;
        let mut place = at;
        let added = self.change_keys(|keys| {
            place = at.min(keys.len());
            keys.insert(place, latent);
        });
        if added {
            self.chosen.set(place);
        }
        self.word.set(if added {
            let number = place + 1;
            t_string!(i18n, pictures.motion.added, number = number)
        } else {
            let most = Motion::MAX_KEYS;
            t_string!(i18n, pictures.motion.full, most = most)
        });
    }

    /// Goes over to the path of the chosen picture, or back to the walk.
    pub fn show_path(&self, path: bool) {
        let Some(motion) = self.motion.get_untracked() else {
            return;
        };
        match &motion.course {
            Course::Walk { keys, .. } if path => {
                let chosen = self.chosen.get_untracked().min(keys.len() - 1);
                let of = keys[chosen].clone();
                self.walk.set_value(Some(motion.clone()));
                self.set(&Motion {
                    course: Course::Path { of },
                    ends: Ends::Loop,
                    fps: PATH_FPS,
                    ..motion
                });
            }
            Course::Path { .. } if !path => {
                let before = self
                    .walk
                    .get_value()
                    .filter(|walk| walk.model == motion.model && walk.weights == motion.weights);
                match before {
                    Some(walk) => self.set(&walk),
                    None => self.forget(),
                }
            }
            _ => {}
        }
    }

    /// Whether what is in the address can be made with the weights that are here.
    pub fn can_make_anew(&self) -> bool {
        matches!(self.failure.get(), Some(Failure::OtherWeights { .. }))
    }

    /// Makes what is in the address with the weights that are here.
    pub fn make_anew(&self) {
        let code = self.room.address.get_untracked("motion");
        let asked = code.and_then(|code| codec::decode_motion(&code).ok());
        let info = self.room.info.get_untracked();
        if let (Some(motion), Some(info)) = (asked, info) {
            self.set(&Motion {
                weights: info.weights,
                ..motion
            });
        }
    }

    /// Forgets what is in the address.
    pub fn forget(&self) {
        self.room.address.set(&[("motion", None)], History::Push);
    }
}

fn fits(motion: &Motion, model: &str, info: &ModelInfo) -> bool {
    let path = matches!(motion.course, Course::Path { .. });
    motion.model == model && motion.weights == info.weights && (!path || is_flow(info))
}

fn usual(room: Room, info: &ModelInfo) -> Option<Motion> {
    let sheet = room.sheet(FIRST_KEYS)?;
    let (frames, fps) = if is_flow(info) {
        FIRST_TIME_OF_FLOW
    } else {
        FIRST_TIME
    };
    Some(Motion {
        course: Course::Walk {
            keys: sheet.recipes().into_iter().map(|one| one.latent).collect(),
            frames,
            easing: Easing::default(),
        },
        model: sheet.model,
        weights: sheet.weights,
        sampling: sheet.sampling,
        ends: Ends::Loop,
        fps,
    })
}

/// What the address says of a clip that is opened.
pub fn state_of(motion: &Motion) -> Vec<(&'static str, Option<String>)> {
    let sampling = motion.sampling;
    vec![
        ("tool", Some(Tool::Motion.name().to_owned())),
        ("model", Some(motion.model.clone())),
        ("steps", sampling.map(|sampling| sampling.steps.to_string())),
        (
            "guidance",
            sampling.map(|sampling| sampling.guidance.to_string()),
        ),
        (
            "solver",
            sampling.map(|sampling| match sampling.solver {
                Solver::Euler => "euler".to_owned(),
                Solver::Heun => "heun".to_owned(),
                Solver::Shortcut => "shortcut".to_owned(),
            }),
        ),
        ("motion", Some(codec::encode_motion(motion))),
        ("pick", None),
        ("grid", None),
    ]
}

/// Puts a picture at the end of the walk in the address, or begins one with it, and
/// goes over to it.
pub fn add_to_walk(room: Room, recipe: &Recipe) {
    let there = room
        .address
        .get_untracked("motion")
        .and_then(|code| codec::decode_motion(&code).ok())
        .filter(|motion| motion.model == recipe.model && motion.weights == recipe.weights);
    let (frames, fps) = match recipe.sampling {
        Some(_) => FIRST_TIME_OF_FLOW,
        None => FIRST_TIME,
    };
    let fresh = Motion {
        model: recipe.model.clone(),
        weights: recipe.weights,
        sampling: recipe.sampling,
        course: Course::Walk {
            keys: vec![recipe.latent.clone()],
            frames,
            easing: Easing::default(),
        },
        ends: Ends::Loop,
        fps,
    };
    let longer = there.and_then(|mut motion| {
        if let Course::Walk { keys, .. } = &mut motion.course {
            keys.push(recipe.latent.clone());
        }
        let walks = matches!(motion.course, Course::Walk { .. });
        let fits = walks
            && codec::check_motion(&motion).is_ok()
            && codec::encode_motion(&motion).len() <= codec::MAX_LENGTH;
        fits.then_some(motion)
    });
    room.address
        .set(&state_of(&longer.unwrap_or(fresh)), History::Push);
}
