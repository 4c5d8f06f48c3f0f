//! Texts that are being written, a token at a time.

use std::collections::VecDeque;

use lampwork_protocol::words::{Command, Event, Seen, TextEnd, TextPrompt, TextRecipe};
use lampwork_protocol::{Failure, RequestId};
use leptos::prelude::*;

use super::filter::Veil;
use super::shelf::Shelf;
use crate::browser;

/// One token of a text, as it came.
#[derive(Debug, Clone, PartialEq)]
pub struct Token {
    /// What it says; empty where it is a part of a character.
    pub text: String,
    /// How sure the model was, where that was asked for.
    pub seen: Option<Seen>,
}

/// One text.
#[derive(Debug, Clone, PartialEq)]
pub struct Made {
    /// How it is written.
    pub recipe: TextRecipe,
    /// What was written so far.
    pub tokens: Vec<Token>,
    /// How it ended, if it has.
    pub end: Option<TextEnd>,
}

impl Made {
    /// What was written.
    pub fn written(&self) -> String {
        self.tokens.iter().map(|token| &*token.text).collect()
    }

    /// What was written, with what was given around it.
    pub fn whole(&self) -> String {
        let (before, after) = match &self.recipe.prompt {
            TextPrompt::Poem(poem) => (&*poem.before, poem.after.as_deref()),
            TextPrompt::Passage(passage) => (&*passage.before, passage.after.as_deref()),
            TextPrompt::Dialogue { so_far, .. } => (&**so_far, None),
        };
        format!("{before}{}{}", self.written(), after.unwrap_or_default())
    }
}

/// Texts that are being written side by side, and how fast.
#[derive(Clone, Copy)]
pub struct Writing {
    shelf: Shelf,
    /// Whose the texts are: not whose code asks for them, which may be an effect that
    /// runs again.
    owner: StoredValue<Option<Owner>>,
    /// The texts, in the order of their recipes. Each is a signal of its own, so that
    /// a token that comes touches one text alone.
    pub rows: RwSignal<Vec<RwSignal<Made>>>,
    /// The request under way.
    under_way: RwSignal<Option<RequestId>>,
    /// Counts the requests, so that a late answer to one that was given up is nothing.
    turn: StoredValue<u32>,
    /// What went wrong.
    pub failure: RwSignal<Option<Failure>>,
    /// Milliseconds to the first token of the newest request.
    pub first: RwSignal<Option<f64>>,
    /// Tokens a second of the newest request, all texts together.
    pub rate: RwSignal<Option<f64>>,
    /// Numbers that the model keeps of what it has read.
    pub kept: RwSignal<u64>,
    /// Whether what comes goes through the word filter as it comes.
    veiled: bool,
}

impl Writing {
    /// Nothing yet.
    pub fn new(shelf: Shelf) -> Writing {
        let writing = Writing {
            shelf,
            owner: StoredValue::new(Owner::current()),
            rows: RwSignal::new(vec![]),
            under_way: RwSignal::new(None),
            turn: StoredValue::new(0),
            failure: RwSignal::new(None),
            first: RwSignal::new(None),
            rate: RwSignal::new(None),
            kept: RwSignal::new(0),
            veiled: false,
        };
        // Nobody reads what is written for a view that is gone.
        on_cleanup(move || writing.stop());
        writing
    }

    /// The same, for who shows what comes as it is: it goes through the word filter first.
    pub fn veiled(shelf: Shelf) -> Writing {
        Writing {
            veiled: true,
            ..Writing::new(shelf)
        }
    }

    /// Whether something is being written; tracked.
    pub fn is_busy(&self) -> bool {
        self.under_way.with(Option::is_some)
    }

    /// Writes these, in place of what was there. `shown` likeliest tokens are told with
    /// each.
    pub fn write(&self, recipes: Vec<TextRecipe>, shown: Option<u8>) {
        self.stop();
        let rows: Vec<RwSignal<Made>> = recipes
            .iter()
            .map(|recipe| {
                self.row(Made {
                    recipe: recipe.clone(),
                    tokens: vec![],
                    end: None,
                })
            })
            .collect();
        self.rows.set(rows.clone());
        self.run(recipes, rows, shown);
    }

    /// Shows a text that is there already, as one that was opened.
    pub fn show(&self, made: Vec<Made>) {
        self.stop();
        self.failure.set(None);
        let rows = made.into_iter().map(|made| self.row(made));
        self.rows.set(rows.collect());
    }

    fn row(&self, made: Made) -> RwSignal<Made> {
        match self.owner.get_value() {
            Some(owner) => owner.with(|| RwSignal::new(made)),
            None => RwSignal::new(made),
        }
    }

    fn run(&self, recipes: Vec<TextRecipe>, rows: Vec<RwSignal<Made>>, shown: Option<u8>) {
        let writing = *self;
        self.turn.update_value(|turn| *turn += 1);
        let turn = self.turn.get_value();
        self.failure.set(None);
        self.first.set(None);
        self.rate.set(None);
        let begun = browser::now();
        let mut tokens = 0_u32;
        let filter = self.shelf.filter;
        let mut veils: Vec<(Veil, VecDeque<Option<Seen>>)> = rows
            .iter()
            .map(|_| (Veil::new(filter), VecDeque::new()))
            .collect();
        let command = Command::Write { recipes, shown };
        let request = self.shelf.link.stream(command, vec![], move |event, _| {
            // The view may be gone, or the visitor on to the next text.
            if writing.turn.try_get_value() != Some(turn) {
                return;
            }
            match event {
                Event::Wrote { pieces, kept, done } => {
                    let now = browser::now();
                    if tokens == 0 && !pieces.is_empty() {
                        writing.first.set(Some(now - begun));
                    }
                    tokens += pieces.len() as u32;
                    writing.kept.set(kept);
                    for piece in pieces {
                        let at = piece.row as usize;
                        let (Some(row), Some((veil, waiting))) = (rows.get(at), veils.get_mut(at))
                        else {
                            continue;
                        };
                        waiting.push_back(piece.seen);
                        let told = if writing.veiled {
                            veil.take(piece.text, piece.end.is_some())
                        } else {
                            vec![piece.text]
                        };
                        row.update(|made| {
                            for text in told {
                                let seen = waiting.pop_front().flatten();
                                made.tokens.push(Token { text, seen });
                            }
                            made.end = piece.end.or(made.end);
                        });
                    }
                    if done {
                        let seconds = (now - begun) / 1000.0;
                        if tokens > 0 && seconds > 0.0 {
                            writing.rate.set(Some(f64::from(tokens) / seconds));
                        }
                        writing.under_way.set(None);
                    }
                }
                Event::Failed(failure) => {
                    writing.failure.set(Some(failure));
                    writing.under_way.set(None);
                }
                _ => writing.under_way.set(None),
            }
        });
        // A worker that could not be started has answered by now.
        if self.failure.with_untracked(Option::is_none) {
            self.under_way.set(Some(request));
        }
    }

    /// Gives up what is being written; what is there stays.
    pub fn stop(&self) {
        self.turn.try_update_value(|turn| *turn += 1);
        if let Some(Some(request)) = self.under_way.try_get_untracked() {
            self.shelf.link.cancel(request);
            self.under_way.set(None);
        }
    }
}
