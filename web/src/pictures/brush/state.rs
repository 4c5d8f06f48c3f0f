//! What is written and how; all of it is in the address, and every step can be undone.

use std::time::Duration;

use lampwork_protocol::{Scroll, link as codec};
use leptos::prelude::*;

use crate::pictures::room::{Room, number};
use crate::route::History;

/// Names in the address.
pub const LINE: &str = "line";
const HAND: &str = "hand";
const ACROSS: &str = "across";
const SEAL: &str = "seal";
/// Under this a link holds a whole scroll.
pub const SCROLL: &str = "scroll";

/// What is there before anybody has typed.
pub const FIRST: &str = "床前明月光";

/// Hands that can be chosen.
pub const HANDS: u8 = 6;

/// Most steps that are kept.
const STEPS: usize = 60;

/// How long typing rests before it counts as a step.
const REST: Duration = Duration::from_millis(600);

/// What is written and how.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct State {
    /// What was typed.
    pub text: String,
    /// In which hand.
    pub hand: u8,
    /// Whether lines go across.
    pub across: bool,
    /// What the seal says.
    pub seal: String,
}

impl State {
    /// As the address has it; tracked.
    fn of(room: Room) -> State {
        State {
            text: room.address.get(LINE).unwrap_or_else(|| FIRST.to_owned()),
            hand: number(room.address.get(HAND))
                .filter(|hand| *hand < HANDS)
                .unwrap_or_default(),
            across: room.address.get(ACROSS).is_some(),
            seal: room.address.get(SEAL).unwrap_or_default(),
        }
    }

    /// As the address takes it.
    pub fn changes(&self) -> [(&'static str, Option<String>); 5] {
        [
            (LINE, Some(self.text.clone())),
            (HAND, Some(self.hand.to_string())),
            (ACROSS, self.across.then(|| "1".to_owned())),
            (SEAL, (!self.seal.is_empty()).then(|| self.seal.clone())),
            (SCROLL, None),
        ]
    }

    /// What a link or a file holds of it.
    pub fn scroll(&self, model: &str, weights: [u8; 8]) -> Scroll {
        Scroll {
            model: model.to_owned(),
            weights,
            text: self.text.clone(),
            hand: self.hand,
            across: self.across,
            seal: self.seal.clone(),
        }
    }
}

/// The address of the tool with a scroll.
pub fn state_of(scroll: &Scroll) -> Vec<(&'static str, Option<String>)> {
    vec![
        ("tool", Some("brush".to_owned())),
        ("model", None),
        ("pick", None),
        (SCROLL, Some(codec::encode_scroll(scroll))),
    ]
}

/// The state, and the steps that led to it.
#[derive(Clone, Copy)]
pub struct Steps {
    room: Room,
    /// As it is now.
    pub now: Memo<State>,
    /// Whether there is a step back, and one forward.
    pub can: RwSignal<(bool, bool)>,
    all: StoredValue<(Vec<State>, usize)>,
    timer: StoredValue<Option<TimeoutHandle>>,
}

impl Steps {
    /// Follows the address.
    pub fn new(room: Room) -> Steps {
        let steps = Steps {
            room,
            now: Memo::new(move |_| State::of(room)),
            can: RwSignal::new((false, false)),
            all: StoredValue::new((vec![], 0)),
            timer: StoredValue::new(None),
        };
        Effect::new(move |before: Option<()>| {
            steps.now.track();
            if before.is_none() {
                return steps.settle();
            }
            if let Some(timer) = steps.timer.try_update_value(Option::take).flatten() {
                timer.clear();
            }
            let timer = set_timeout_with_handle(move || steps.settle(), REST);
            steps.timer.set_value(timer.ok());
        });
        on_cleanup(move || {
            if let Some(Some(timer)) = steps.timer.try_update_value(Option::take) {
                timer.clear();
            }
        });
        steps
    }

    /// Changes what is written or how.
    pub fn change(&self, change: impl FnOnce(&mut State), history: History) {
        // What is pressed is a step of its own, however soon after what was typed.
        if history == History::Push {
            self.settle();
        }
        let mut state = self.now.get_untracked();
        change(&mut state);
        self.go(&state, history);
    }

    fn go(&self, state: &State, history: History) {
        self.room.address.set(&state.changes(), history);
    }

    /// Makes a step of what is there, if it is none yet.
    fn settle(&self) {
        let Some(now) = self.now.try_get_untracked() else {
            return;
        };
        self.all.update_value(|(all, at)| {
            if all.get(*at) != Some(&now) {
                all.truncate(*at + 1);
                all.push(now);
                let extra = all.len().saturating_sub(STEPS);
                all.drain(..extra);
                *at = all.len() - 1;
            }
        });
        self.tell();
    }

    /// A step back.
    pub fn undo(&self) {
        self.settle();
        self.step(|_, at| at.saturating_sub(1));
    }

    /// A step forward.
    pub fn redo(&self) {
        self.settle();
        self.step(|count, at| (at + 1).min(count.saturating_sub(1)));
    }

    fn step(&self, to: impl FnOnce(usize, usize) -> usize) {
        self.all.update_value(|(all, at)| *at = to(all.len(), *at));
        let state = self.all.with_value(|(all, at)| all.get(*at).cloned());
        if let Some(state) = state {
            self.go(&state, History::Replace);
        }
        self.tell();
    }

    fn tell(&self) {
        let can = self
            .all
            .with_value(|(all, at)| (*at > 0, *at + 1 < all.len()));
        self.can.try_set(can);
    }
}
