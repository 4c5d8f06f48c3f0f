//! The picture that is worked on: in the address, with every step that led to it.

use lampwork_protocol::{Failure, Latent, Recipe, link as codec};
use leptos::prelude::*;

use super::face::Face;
use super::steps::{Move, Steps};
use crate::pictures::room::Room;
use crate::route::History;

/// Where it stands in the address.
pub const FACE: &str = "face";

/// How far the first picture is from the mean.
const FIRST_VARIETY: f32 = 0.7;

/// The work, `Copy`.
#[derive(Clone, Copy)]
pub struct Bench {
    room: Room,
    /// The picture as it is.
    pub now: RwSignal<Option<Face>>,
    /// Whether there is a step back, and one forward.
    pub can: RwSignal<(bool, bool)>,
    steps: StoredValue<Steps<Face>>,
    /// Of which weights.
    weights: StoredValue<Option<[u8; 8]>>,
}

impl Bench {
    /// A bench that follows the address.
    pub fn new(room: Room) -> Bench {
        let bench = Bench {
            room,
            now: RwSignal::new(None),
            can: RwSignal::new((false, false)),
            steps: StoredValue::new(Steps::default()),
            weights: StoredValue::new(None),
        };
        let asked = Memo::new(move |_| {
            let info = room.info.get()?;
            Some((room.model.get(), info.weights, room.address.get(FACE)))
        });
        Effect::new(move |_| {
            if let Some((model, weights, code)) = asked.get() {
                bench.take_up(&model, weights, code);
            }
        });
        bench
    }

    /// Takes up what the address holds, if it is not what is there already.
    fn take_up(&self, model: &str, weights: [u8; 8], code: Option<String>) {
        if self.weights.get_value() != Some(weights) {
            self.weights.set_value(Some(weights));
            self.steps.set_value(Steps::default());
        }
        let held = code.map(|code| codec::decode(&code));
        let now = self.steps.with_value(|steps| steps.now().cloned());
        match held {
            Some(Ok(recipe)) if recipe.model == model && recipe.weights == weights => {
                if now.as_ref().map(Face::latent).as_ref() != Some(&recipe.latent) {
                    self.step(Face::of(&recipe.latent), Move::Alone);
                }
                return;
            }
            // What an older link asks for can still be made of these weights, and who
            // wants that says so.
            Some(Ok(recipe)) if recipe.model == model => {
                let model = recipe.model;
                self.room.failure.set(Some(Failure::OtherWeights { model }));
            }
            Some(Err(failure)) => self.room.failure.set(Some(failure)),
            Some(Ok(_)) | None => {}
        }
        match now {
            Some(_) => self.show(),
            None => self.step(Face::plain(self.first()), Move::Alone),
        }
    }

    /// The first draw of the room's seed.
    fn first(&self) -> Latent {
        Latent::Draw {
            seed: self.room.seed.get_untracked(),
            index: 0,
            temperature: FIRST_VARIETY,
            class: None,
        }
    }

    /// A step.
    pub fn step(&self, face: Face, by: Move) {
        self.steps.update_value(|steps| steps.step(face, by));
        self.show();
    }

    /// A step by what `change` makes of the picture.
    pub fn change(&self, by: Move, change: impl FnOnce(&Face) -> Face) {
        if let Some(face) = self.now.get_untracked() {
            self.step(change(&face), by);
        }
    }

    /// The slider that was moved rests.
    pub fn rest(&self) {
        self.steps.update_value(Steps::rest);
    }

    /// A step back.
    pub fn undo(&self) {
        self.steps.update_value(Steps::undo);
        self.show();
    }

    /// A step forward.
    pub fn redo(&self) {
        self.steps.update_value(Steps::redo);
        self.show();
    }

    /// The same picture with nothing done to it.
    pub fn reset(&self) {
        self.change(Move::Alone, |face| Face::plain(face.base.clone()));
    }

    fn show(&self) {
        let (now, can) = self
            .steps
            .with_value(|steps| (steps.now().cloned(), steps.can()));
        let code = now.as_ref().and_then(|face| self.recipe_of(face));
        self.now.set(now);
        self.can.set(can);
        if let Some(recipe) = code {
            let code = codec::encode(&recipe);
            self.room
                .address
                .set(&[(FACE, Some(code))], History::Replace);
        }
    }

    fn recipe_of(&self, face: &Face) -> Option<Recipe> {
        untrack(|| self.room.recipe(face.latent()))
    }
}
