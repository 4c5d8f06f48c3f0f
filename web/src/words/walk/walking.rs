//! A walk under way, and what came of the last.

use lampwork_protocol::words::{Base, Command, Event, Poem, TextPrompt};
use lampwork_protocol::{Failure, RequestId};
use leptos::prelude::*;

use crate::link::words::WordsLink;
use crate::words::inside::verse::verse;
use crate::words::shelf::Shelf;

/// A walk that was asked for.
#[derive(Debug, Clone, PartialEq)]
pub struct Asked {
    /// Where it begins and ends.
    pub ends: [String; 2],
    /// Verses, both ends among them.
    pub steps: u8,
}

/// A walk under way, and what came of the last.
#[derive(Clone, Copy)]
pub struct Walking {
    /// The poems on the way.
    pub texts: RwSignal<Vec<String>>,
    /// Between what they lie.
    pub between: RwSignal<Option<[String; 2]>>,
    /// What went wrong.
    pub failure: RwSignal<Option<Failure>>,
    /// The request under way.
    pub under_way: RwSignal<Option<RequestId>>,
    link: StoredValue<Option<WordsLink>>,
    turn: StoredValue<u32>,
}

impl Walking {
    /// None yet.
    pub fn new() -> Walking {
        let walk = Walking {
            texts: RwSignal::new(vec![]),
            between: RwSignal::new(None),
            failure: RwSignal::new(None),
            under_way: RwSignal::new(None),
            link: StoredValue::new(None),
            turn: StoredValue::new(0),
        };
        // Nobody reads where a view that is gone arrives.
        on_cleanup(move || walk.stop());
        walk
    }

    /// Walks, in place of what was asked for before.
    pub fn begin(self, shelf: Shelf, base: Base, asked: &Asked) {
        self.stop();
        let (link, filter) = (shelf.link, shelf.filter);
        self.link.set_value(Some(link));
        self.failure.set(None);
        let turn = self.turn.get_value();
        let ends = asked.ends.clone().map(|end| verse(&end));
        let [a, b] = ends.clone().map(|before| {
            TextPrompt::Poem(Poem {
                before,
                ..Poem::default()
            })
        });
        let command = Command::Walk {
            base,
            a,
            b,
            steps: asked.steps,
        };
        let request = link.stream(command, vec![], move |event, _| {
            if self.turn.try_get_value() != Some(turn) {
                return;
            }
            match event {
                Event::Walked { texts } => {
                    self.between.set(Some(ends.clone()));
                    let shown = texts.iter().map(|text| untrack(|| filter.shown(text)));
                    self.texts.set(shown.collect());
                }
                Event::Failed(failure) => self.failure.set(Some(failure)),
                _ => {}
            }
            self.under_way.set(None);
        });
        // A worker that could not be started has answered by now.
        if self.failure.with_untracked(Option::is_none) {
            self.under_way.set(Some(request));
        }
    }

    /// Gives up what is under way; what is there stays.
    pub fn stop(self) {
        self.turn.try_update_value(|turn| *turn += 1);
        let request = self.under_way.try_get_untracked().flatten();
        if let (Some(request), Some(Some(link))) = (request, self.link.try_get_value()) {
            link.cancel(request);
            self.under_way.set(None);
        }
    }
}
