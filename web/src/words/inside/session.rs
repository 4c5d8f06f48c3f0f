//! How a text comes to be looked at: the model reads what it is given, writes on if it
//! should, and reads all of it again for what each token looks at.
//!
//! What comes from the worker is gathered and shown some twenty times a second, however
//! fast it comes.

use std::time::Duration;

use lampwork_protocol::words::{
    Base, Command, Event, Passage, PassageKind, Piece, Poem, TextEnd, TextModelInfo, TextPrompt,
    TextRecipe,
};
use lampwork_protocol::{DataSet, Failure, Payload, RequestId, Writing};
use leptos::prelude::*;

use super::record::{ReadOne, Record};
use super::shape::{Shape, Sums};
use crate::browser;
use crate::words::shelf::Shelf;
use crate::words::spell::in_characters;

/// How many of the likeliest tokens are told with each.
pub const SHOWN: u8 = 6;

/// How long what has come waits until it is shown: a text that grows twenty times a
/// second flows, and the worker has the time that is left.
const REST: Duration = Duration::from_millis(50);

/// Most tokens that are written of a poem, and of anything else.
const MOST: [u16; 2] = [128, 96];

/// How the model writes here: a little closer to what it expects than it could.
const HOW: Writing = Writing {
    temperature: 0.9,
    top_k: 0,
    top_p: 1.0,
    min_p: 0.05,
    repetition: 1.0,
};

/// What is asked of the model.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ask {
    /// Let it write.
    Write {
        /// The form of a poem.
        form: String,
        /// First words.
        first: String,
        /// Seed of the noise.
        seed: u64,
    },
    /// Let it read.
    Read(String),
}

impl Ask {
    /// The same in the characters of a model of poems.
    pub async fn spelled(self, shelf: Shelf, base: &Base) -> Ask {
        match self {
            Ask::Write { form, first, seed } => Ask::Write {
                form,
                first: in_characters(shelf, base, &first).await,
                seed,
            },
            Ask::Read(text) => Ask::Read(in_characters(shelf, base, &text).await),
        }
    }

    /// Whether something of it was typed.
    pub fn is_typed(&self) -> bool {
        match self {
            Ask::Write { first, .. } => !first.is_empty(),
            Ask::Read(_) => true,
        }
    }

    /// What the model is given, with `more` behind it.
    fn prompt(&self, info: &TextModelInfo, more: &str) -> TextPrompt {
        let (form, before) = match self {
            Ask::Write { form, first, .. } => (Some(form.clone()), first),
            Ask::Read(text) => (None, text),
        };
        let before = format!("{before}{more}");
        if info.poems {
            return TextPrompt::Poem(Poem {
                form,
                before,
                ..Poem::default()
            });
        }
        let plays = info.card.recipe.data == DataSet::Plays;
        TextPrompt::Passage(Passage {
            of: plays.then_some(PassageKind::Play),
            before,
            after: None,
        })
    }
}

/// What the model is at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// Nothing.
    Rest,
    /// It reads what it was given.
    Reading,
    /// It writes.
    Writing,
    /// It reads what it wrote.
    ReadingBack,
}

/// What came from the worker and is not shown yet.
enum Change {
    Read(ReadOne),
    Wrote(Vec<Piece>, u64),
    Through(Sums),
}

/// A text that is looked at.
#[derive(Clone, Copy)]
pub struct Session {
    shelf: Shelf,
    /// The text; changes some twenty times a second at most.
    pub record: RwSignal<Record>,
    /// What the model is at.
    pub stage: RwSignal<Stage>,
    /// What went wrong.
    pub failure: RwSignal<Option<Failure>>,
    /// Tokens a second of what was written or read last.
    pub rate: RwSignal<Option<f64>>,
    changes: StoredValue<Vec<Change>>,
    /// Whether it will be shown by itself.
    waits: StoredValue<bool>,
    under_way: StoredValue<Option<RequestId>>,
    /// Counts what was begun, so that a late answer to what was given up is nothing.
    turn: StoredValue<u32>,
}

impl Session {
    /// Nothing yet.
    pub fn new(shelf: Shelf) -> Session {
        let session = Session {
            shelf,
            record: RwSignal::new(Record::default()),
            stage: RwSignal::new(Stage::Rest),
            failure: RwSignal::new(None),
            rate: RwSignal::new(None),
            changes: StoredValue::new(vec![]),
            waits: StoredValue::new(false),
            under_way: StoredValue::new(None),
            turn: StoredValue::new(0),
        };
        // Nobody looks at what is read for a view that is gone.
        on_cleanup(move || session.give_up());
        session
    }

    /// Begins with something else.
    pub fn begin(self, info: TextModelInfo, base: Base, ask: Ask) {
        self.give_up();
        self.failure.set(None);
        self.rate.set(None);
        self.record
            .set(Record::new(Shape::of(&info.card.recipe.model)));
        let prompt = ask.prompt(&info, "");
        if info.poems {
            let (Ask::Write { first: text, .. } | Ask::Read(text)) = &ask;
            self.record
                .update_untracked(|record| record.set_characters(text));
        }
        let next = base.clone();
        let own = matches!(ask, Ask::Read(_));
        self.read(base, prompt, Stage::Reading, own, move || {
            if let Ask::Write { .. } = ask {
                self.write(info, next, ask);
            } else {
                self.stage.set(Stage::Rest);
            }
        });
    }

    /// Lets the model read; `own` is a text that it is read for, whose pace is told.
    fn read(
        self,
        base: Base,
        prompt: TextPrompt,
        stage: Stage,
        own: bool,
        then: impl FnOnce() + 'static,
    ) {
        self.stage.set(stage);
        let command = Command::Read {
            base,
            prompt,
            attention: self.record.with_untracked(|record| record.shape.heads > 0),
            shown: SHOWN,
        };
        let (mut then, mut pace) = (Some(then), Pace::default());
        let turn = self.turn.get_value();
        self.ask(command, turn, move |event, payload| match event {
            Event::ReadOn {
                at,
                text,
                seen,
                kept,
            } => {
                pace.count(1);
                self.take(Change::Read(ReadOne {
                    at: at as usize,
                    text,
                    seen,
                    kept,
                    attention: payload
                        .first()
                        .map(|bytes| numbers(bytes))
                        .unwrap_or_default(),
                }));
            }
            Event::ReadThrough {
                tokens,
                characters,
                nats,
                cut,
            } => {
                self.take(Change::Through(Sums {
                    tokens,
                    characters,
                    nats,
                    cut,
                }));
                self.show();
                if own {
                    self.rate.set(pace.rate());
                }
                if let Some(then) = then.take() {
                    then();
                }
            }
            _ => self.stage.set(Stage::Rest),
        });
    }

    fn write(self, info: TextModelInfo, base: Base, ask: Ask) {
        self.record.update_untracked(Record::goes_on);
        self.stage.set(Stage::Writing);
        let Ask::Write { seed, .. } = ask else {
            return;
        };
        let recipe = TextRecipe {
            model: base.model.clone(),
            weights: base.weights,
            adapter: base.adapter,
            prompt: ask.prompt(&info, ""),
            writing: HOW,
            keep: None,
            most: MOST[usize::from(!info.poems)],
            seed,
            index: 0,
        };
        let command = Command::Write {
            recipes: vec![recipe],
            shown: Some(SHOWN),
        };
        let mut given = Some((info, base, ask));
        let (mut written, mut pace) = (String::new(), Pace::default());
        let turn = self.turn.get_value();
        self.ask(command, turn, move |event, _| match event {
            Event::Wrote { pieces, kept, done } => {
                pace.count(pieces.len() as u32);
                for piece in &pieces {
                    written.push_str(&piece.text);
                }
                self.take(Change::Wrote(pieces, kept));
                if !done {
                    return;
                }
                self.show();
                self.rate.set(pace.rate());
                if let Some((info, base, ask)) = given.take() {
                    let prompt = ask.prompt(&info, &written);
                    self.read(base, prompt, Stage::ReadingBack, false, move || {
                        self.stage.set(Stage::Rest);
                    });
                }
            }
            _ => self.stage.set(Stage::Rest),
        });
    }

    /// Asks the worker; what answers is heard as long as nothing else was begun.
    fn ask(self, command: Command, turn: u32, mut hear: impl FnMut(Event, Payload) + 'static) {
        let request = self
            .shelf
            .link
            .stream(command, vec![], move |event, payload| {
                if self.turn.try_get_value() != Some(turn) {
                    return;
                }
                if let Event::Failed(failure) = event {
                    self.failure.set(Some(failure));
                    self.stage.set(Stage::Rest);
                } else {
                    hear(event, payload);
                }
            });
        self.under_way.set_value(Some(request));
    }

    /// Keeps a change for a frame to come.
    fn take(self, change: Change) {
        self.changes.update_value(|all| all.push(change));
        if self.waits.get_value() {
            return;
        }
        self.waits.set_value(true);
        let show = move || {
            // The view may be gone by now.
            let waited = self.waits.try_update_value(|waits| *waits = false);
            if waited.is_some() {
                self.show();
            }
        };
        set_timeout(move || request_animation_frame(show), REST);
    }

    /// Shows what has come.
    fn show(self) {
        let changes = self.changes.try_update_value(std::mem::take);
        let changes = changes.unwrap_or_default();
        if changes.is_empty() {
            return;
        }
        self.record.update(|record| {
            for change in changes {
                match change {
                    Change::Read(one) => record.read(one),
                    Change::Wrote(pieces, kept) => {
                        for piece in pieces {
                            let over = piece.end == Some(TextEnd::Over);
                            record.wrote(piece.text, piece.seen, kept, over);
                        }
                    }
                    Change::Through(sums) => record.read_through(sums),
                }
            }
            record.veil(self.shelf.filter);
        });
    }

    /// Gives up what is under way; what is there stays.
    pub fn stop(self) {
        self.show();
        self.give_up();
        self.stage.set(Stage::Rest);
    }

    fn give_up(self) {
        self.turn.try_update_value(|turn| *turn += 1);
        self.changes.try_update_value(Vec::clear);
        if let Some(Some(request)) = self.under_way.try_update_value(Option::take) {
            self.shelf.link.cancel(request);
        }
    }
}

/// Single-precision numbers, little-endian.
fn numbers(bytes: &[u8]) -> Vec<f32> {
    let (fours, _) = bytes.as_chunks::<4>();
    fours.iter().map(|four| f32::from_le_bytes(*four)).collect()
}

/// How fast tokens come, from the first to the last.
#[derive(Default)]
struct Pace {
    first: Option<f64>,
    last: f64,
    tokens: u32,
}

impl Pace {
    fn count(&mut self, tokens: u32) {
        self.last = browser::now();
        match self.first {
            None => self.first = Some(self.last),
            Some(_) => self.tokens += tokens,
        }
    }

    /// Tokens a second; `None` of fewer than two.
    fn rate(&self) -> Option<f64> {
        let seconds = (self.last - self.first?) / 1000.0;
        (self.tokens > 0 && seconds > 0.0).then(|| f64::from(self.tokens) / seconds)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_in_order() {
        let bytes: Vec<u8> = [0.25_f32, -1.0]
            .iter()
            .flat_map(|n| n.to_le_bytes())
            .collect();
        assert_eq!(numbers(&bytes), [0.25, -1.0]);
    }

    #[test]
    fn the_first_token_has_no_pace() {
        assert_eq!(Pace::default().rate(), None);
        let pace = Pace {
            first: Some(500.0),
            last: 1500.0,
            tokens: 40,
        };
        assert_eq!(pace.rate(), Some(40.0));
    }
}
