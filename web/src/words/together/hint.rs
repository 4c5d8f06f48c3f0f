//! What the model would go on with, and the odds of what comes next.

use std::time::Duration;

use lampwork_protocol::words::{Base, Candidate, Command, Event, TextPrompt};
use lampwork_protocol::{Failure, RequestId};
use leptos::prelude::*;

use crate::browser;
use crate::link::words::WordsLink;
use crate::words::filter::Filtering;
use crate::words::shelf::Shelf;

/// Candidates that are shown.
pub const SHOWN: usize = 10;

/// Tokens of the ghost text.
const GHOST: u8 = 14;

/// How long typing rests before the model is asked. A hint that comes while one still
/// types would be outdated as it comes.
const REST: Duration = Duration::from_millis(70);

/// The hint at a place of a text.
#[derive(Clone, Copy)]
pub struct Hint {
    link: WordsLink,
    filter: Filtering,
    /// The continuation that is shown behind the text.
    pub ghost: RwSignal<String>,
    /// What may come next, the likeliest first.
    pub best: RwSignal<Vec<Candidate>>,
    /// How unsure the model is of it, in nats.
    pub entropy: RwSignal<Option<f32>>,
    /// Whether the odds are those of a place that was left.
    pub outdated: RwSignal<bool>,
    /// Whether the visitor has put the ghost away, until the text changes.
    away: StoredValue<bool>,
    timer: StoredValue<Option<TimeoutHandle>>,
    under_way: StoredValue<Option<RequestId>>,
    /// Counts the questions: an answer to one before the last is nothing.
    turn: StoredValue<u32>,
    /// What went wrong.
    pub failure: RwSignal<Option<Failure>>,
    /// Milliseconds from the last question to its answer.
    pub took: RwSignal<Option<f64>>,
}

impl Hint {
    /// None yet.
    pub fn new(shelf: Shelf) -> Hint {
        let hint = Hint {
            link: shelf.link,
            filter: shelf.filter,
            ghost: RwSignal::new(String::new()),
            best: RwSignal::new(vec![]),
            entropy: RwSignal::new(None),
            outdated: RwSignal::new(false),
            away: StoredValue::new(false),
            timer: StoredValue::new(None),
            under_way: StoredValue::new(None),
            turn: StoredValue::new(0),
            failure: RwSignal::new(None),
            took: RwSignal::new(None),
        };
        on_cleanup(move || hint.forget());
        hint
    }

    /// Gives up what was asked.
    pub fn forget(&self) {
        self.turn.try_update_value(|turn| *turn += 1);
        if let Some(Some(timer)) = self.timer.try_update_value(Option::take) {
            timer.clear();
        }
        if let Some(Some(request)) = self.under_way.try_update_value(Option::take) {
            self.link.cancel(request);
        }
    }

    /// Puts the ghost away until something is typed.
    pub fn put_away(&self) {
        self.away.set_value(true);
        self.set_ghost("");
    }

    /// Shows this much of the ghost, while another is on its way.
    pub fn set_ghost(&self, ghost: &str) {
        if self.ghost.with_untracked(|now| now != ghost) {
            self.ghost.set(ghost.to_owned());
        }
    }

    /// Nothing is known of what comes next.
    pub fn clear(&self) {
        self.forget();
        self.set_ghost("");
        if self.best.with_untracked(|best| !best.is_empty()) {
            self.best.set(vec![]);
            self.entropy.set(None);
        }
    }

    /// The text has changed: a ghost that was put away may come again.
    pub fn changed(&self) {
        self.away.set_value(false);
    }

    /// Asks once typing rests. `prompt` is called then; nothing is asked where it is
    /// `None`.
    pub fn want(&self, prompt: impl Fn() -> Option<(Base, TextPrompt, bool)> + 'static) {
        self.forget();
        if self.best.with_untracked(|best| !best.is_empty()) && !self.outdated.get_untracked() {
            self.outdated.set(true);
        }
        let hint = *self;
        let ask = move || {
            if let Some((base, prompt, ghostly)) = prompt() {
                hint.ask(base, prompt, ghostly);
            }
        };
        self.timer
            .set_value(set_timeout_with_handle(ask, REST).ok());
    }

    fn ask(&self, base: Base, prompt: TextPrompt, ghostly: bool) {
        let hint = *self;
        let turn = self.turn.get_value();
        let begun = browser::now();
        let command = Command::Next {
            base,
            prompt,
            shown: SHOWN as u8,
            ghost: if ghostly { GHOST } else { 0 },
        };
        let request = self.link.stream(command, vec![], move |event, _| {
            if hint.turn.try_get_value() != Some(turn) {
                return;
            }
            hint.under_way.set_value(None);
            match event {
                Event::Foretold {
                    best,
                    entropy,
                    ghost,
                } => {
                    hint.failure.set(None);
                    hint.took.set(Some(browser::now() - begun));
                    let shown = |one: Candidate| Candidate {
                        text: untrack(|| hint.filter.shown(&one.text)),
                        ..one
                    };
                    hint.best.set(best.into_iter().map(shown).collect());
                    hint.entropy.set(Some(entropy));
                    hint.outdated.set(false);
                    let shown = ghostly && !hint.away.get_value();
                    let ghost = untrack(|| hint.filter.shown(ghost.trim_end()));
                    hint.set_ghost(if shown { &ghost } else { "" });
                }
                Event::Failed(failure) => {
                    hint.clear();
                    hint.failure.set(Some(failure));
                }
                _ => {}
            }
        });
        self.under_way.set_value(Some(request));
    }
}
