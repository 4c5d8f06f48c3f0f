//! A text that is summed up, and what came of it.

use std::time::Duration;

use lampwork_protocol::words::{Command, Event, Gist, MAX_FILE, Sentence};
use lampwork_protocol::{Failure, RequestId};
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::store;
use crate::words::room::Room;

/// Sentences of a summary at most.
pub const MOST: u32 = 12;

/// How long typing rests before the text is summed up anew.
const REST: Duration = Duration::from_millis(350);

/// What is under way, and what came of it.
#[derive(Clone, Copy)]
pub struct Summary {
    /// The room.
    pub room: Room,
    /// The text.
    pub text: RwSignal<String>,
    /// How many sentences are wanted, by the address.
    pub sentences: Memo<u32>,
    /// By `TextRank`.
    pub ranked: RwSignal<Vec<Sentence>>,
    /// By the model.
    pub weighed: RwSignal<Vec<Sentence>>,
    /// The model's own lines.
    pub lines: RwSignal<Vec<Gist>>,
    /// How far the model has come, of how much.
    pub far: RwSignal<Option<(u32, u32)>>,
    under_way: StoredValue<Option<RequestId>>,
    turn: StoredValue<u32>,
    timer: StoredValue<Option<TimeoutHandle>>,
    /// What went wrong with the text.
    pub failure: RwSignal<Option<Failure>>,
    /// What went wrong with what the model was asked.
    pub model_failure: RwSignal<Option<Failure>>,
    /// Whether the model was asked about this text.
    pub asked: RwSignal<bool>,
}

impl Summary {
    /// The text as it was left, or else a sample.
    pub fn new(room: Room, sample: &str) -> Summary {
        let sentences = Memo::new(move |_| {
            let said = room.address.get("sentences");
            let said = said.and_then(|said| said.parse().ok()).unwrap_or(3);
            said.clamp(1, MOST)
        });
        let summary = Summary {
            room,
            text: RwSignal::new(store::summary().unwrap_or_else(|| sample.to_owned())),
            sentences,
            ranked: RwSignal::new(vec![]),
            weighed: RwSignal::new(vec![]),
            lines: RwSignal::new(vec![]),
            far: RwSignal::new(None),
            under_way: StoredValue::new(None),
            turn: StoredValue::new(0),
            timer: StoredValue::new(None),
            failure: RwSignal::new(None),
            model_failure: RwSignal::new(None),
            asked: RwSignal::new(false),
        };
        Effect::new(move |_| {
            summary.sentences.track();
            summary.text.track();
            untrack(|| summary.rest());
        });
        on_cleanup(move || {
            summary.stop();
            summary.forget();
        });
        summary
    }

    fn forget(&self) {
        if let Some(Some(timer)) = self.timer.try_update_value(Option::take) {
            timer.clear();
        }
    }

    /// Takes another text.
    pub fn take(&self, text: String) {
        if text.len() > MAX_FILE {
            self.failure.set(Some(Failure::TooLarge {
                bytes: text.len() as u64,
                limit: MAX_FILE as u64,
            }));
            return;
        }
        self.ranked.set(vec![]);
        self.text.set(text);
        self.failure.set(None);
    }

    /// Sums the text up once nothing more is typed.
    fn rest(&self) {
        self.stop();
        self.weighed.set(vec![]);
        self.lines.set(vec![]);
        self.asked.set(false);
        self.model_failure.set(None);
        self.forget();
        let summary = *self;
        let run = move || {
            summary
                .text
                .with_untracked(|text| store::keep_summary(text));
            spawn_local(async move { summary.extract().await });
        };
        self.timer
            .set_value(set_timeout_with_handle(run, REST).ok());
    }

    async fn extract(self) {
        let text = self.text.get_untracked();
        if text.trim().is_empty() {
            self.ranked.set(vec![]);
            return;
        }
        let command = Command::Extract {
            text: text.clone(),
            sentences: self.sentences.get_untracked(),
        };
        let answer = self.room.shelf.link.ask(command, vec![]).await;
        // The text may be another by now, or the view gone.
        if self.text.try_with_untracked(|now| *now == text) != Some(true) {
            return;
        }
        match answer {
            Ok((Event::Summarised { sentences }, _)) => {
                self.failure.set(None);
                self.ranked.set(sentences);
            }
            Ok(_) => {}
            Err(failure) => {
                self.ranked.set(vec![]);
                self.failure.set(Some(failure));
            }
        }
    }

    /// Has the model weigh the sentences.
    pub fn weigh(&self) {
        self.stop();
        let Some(base) = untrack(|| self.room.base()) else {
            return;
        };
        self.model_failure.set(None);
        self.asked.set(true);
        self.far.set(Some((0, 0)));
        let turn = self.turn.get_value();
        let summary = *self;
        let command = Command::Summarise {
            base,
            text: self.text.get_untracked(),
            sentences: self.sentences.get_untracked(),
        };
        let request = self
            .room
            .shelf
            .link
            .stream(command, vec![], move |event, _| {
                if summary.turn.try_get_value() != Some(turn) {
                    return;
                }
                match event {
                    Event::Weighed { done, of } => summary.far.set(Some((done, of))),
                    Event::Weighted { sentences, lines } => {
                        summary.weighed.set(sentences);
                        let filter = summary.room.shelf.filter;
                        let shown = |line: Gist| Gist {
                            text: untrack(|| filter.shown(&line.text)),
                            ..line
                        };
                        summary.lines.set(lines.into_iter().map(shown).collect());
                        summary.far.set(None);
                    }
                    Event::Failed(failure) => {
                        summary.model_failure.set(Some(failure));
                        summary.far.set(None);
                    }
                    _ => summary.far.set(None),
                }
            });
        self.under_way.set_value(Some(request));
    }

    /// Gives up what the model is asked.
    pub fn stop(&self) {
        self.turn.try_update_value(|turn| *turn += 1);
        if let Some(Some(request)) = self.under_way.try_update_value(Option::take)
            && self.far.try_get_untracked().flatten().is_some()
        {
            self.room.shelf.link.cancel(request);
            self.far.set(None);
        }
    }
}
