//! What is done to a poem that is there: lines written anew, gone on with, typed over.

use std::ops::Range;

use lampwork_protocol::link as codec;
use lampwork_protocol::words::{Keep, TextPrompt, TextRecipe};
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::poet::{Poet, Problem, Wrong, random_seed};
use super::verse::{self, Line};
use super::wish::Wish;
use crate::browser;
use crate::route::History;
use crate::words::writing::Made;

impl Poet {
    /// Takes one of several sheets, to work on it.
    pub fn take(&self, made: &Made) {
        self.remember(made);
        self.go_to(&made.recipe, History::Push);
    }

    /// Writes one line anew.
    pub fn rewrite_line(&self, at: usize) {
        self.rewrite(std::iter::once(at..at + 1).collect());
    }

    /// Writes lines anew, and leaves the others.
    pub fn rewrite(&self, gaps: Vec<Range<usize>>) {
        // What is still being written is not written anew.
        let Some(made) = self.made().filter(|made| made.end.is_some()) else {
            return;
        };
        let poet = *self;
        let turn = self.next_turn();
        spawn_local(async move {
            let mut poem = made.whole();
            let mut gaps = gaps.into_iter().peekable();
            while let Some(gap) = gaps.next() {
                let lines = verse::lines(&poem);
                if gap.end > lines.len() {
                    return;
                }
                let recipe = poet.with_gap(&made.recipe, &lines, gap);
                if gaps.peek().is_none() {
                    poet.go_to(&recipe, History::Push);
                    return;
                }
                match poet.write_through(recipe, turn).await {
                    Some(whole) => poem = whole,
                    None => return,
                }
            }
        });
    }

    /// Goes on with a poem that was stopped.
    pub fn go_on(&self) {
        let Some(made) = self.made() else {
            return;
        };
        let written = made.written();
        let mut recipe = made.recipe;
        if let TextPrompt::Poem(poem) = &mut recipe.prompt {
            poem.before.push_str(&written);
        }
        self.go_to(&recipe, History::Push);
    }

    /// Puts what was typed in the place of a line.
    ///
    /// # Errors
    /// Why it cannot be taken; the poem is as it was.
    pub async fn put_line(&self, at: usize, typed: String) -> Result<(), Wrong> {
        let done = self.made().filter(|made| made.end.is_some());
        let (Some(made), Some(base)) = (done, untrack(|| self.room.base())) else {
            return Ok(());
        };
        let count = typed.chars().filter(|one| !one.is_whitespace()).count();
        if count == 0 {
            self.rewrite_line(at);
            return Ok(());
        }
        if count > verse::MOST_LINE {
            return Err(Problem::Long(count, verse::MOST_LINE).into());
        }
        let text = self.spell(&base, &typed).await?;
        let text: String = text.chars().filter(|one| !verse::is_mark(*one)).collect();
        if text.is_empty() {
            return Ok(());
        }
        let Some(whole) = verse::with_line(&made.whole(), at, &text) else {
            return Ok(());
        };
        self.go_to_typed(made.recipe, whole, History::Push);
        Ok(())
    }

    /// Shows a poem that nobody wrote by its recipe, or not all of it: it stands in the
    /// recipe itself.
    pub(super) fn go_to_typed(&self, mut recipe: TextRecipe, whole: String, history: History) {
        if let TextPrompt::Poem(poem) = &mut recipe.prompt {
            poem.before.clone_from(&whole);
            poem.after = None;
        }
        // Where all lines are there and their number is kept, nothing more is written.
        recipe.keep = recipe.keep.or(Some(Keep::default()));
        let code = codec::encode_text(&recipe);
        self.memory.update_value(|memory| memory.keep(code, whole));
        self.go_to(&recipe, history);
    }

    /// The only sheet's poem.
    fn made(&self) -> Option<Made> {
        untrack(|| self.alone()).map(|row| row.get_untracked())
    }

    /// Has the address ask for a recipe, with the wish that is in force.
    fn go_to(&self, recipe: &TextRecipe, history: History) {
        let mut query = self.wish.with_untracked(Wish::query);
        query.push(("text", Some(codec::encode_text(recipe))));
        query.push(("model", Some(recipe.model.clone())));
        self.room.address.set(&query, history);
    }

    /// A recipe by which lines of a poem are written anew.
    fn with_gap(&self, recipe: &TextRecipe, lines: &[Line], gap: Range<usize>) -> TextRecipe {
        let first = self.wish.with_untracked(|wish| wish.first.clone());
        let mut recipe = TextRecipe {
            seed: random_seed(),
            index: 0,
            keep: self.wish.with_untracked(|wish| wish.keep),
            writing: self.wish.with_untracked(|wish| wish.writing),
            ..recipe.clone()
        };
        if let TextPrompt::Poem(poem) = &mut recipe.prompt {
            (poem.before, poem.after) = verse::around(lines, gap, &first);
        }
        recipe
    }

    /// Writes one recipe, and waits for it; nothing if it was given up.
    async fn write_through(&self, recipe: TextRecipe, turn: u32) -> Option<String> {
        self.writing.write(vec![recipe], None);
        loop {
            browser::sleep(15).await;
            if self.turn.try_get_value() != Some(turn) {
                return None;
            }
            if !untrack(|| self.writing.is_busy()) {
                let made = self.made()?;
                return made.end.map(|_| made.whole());
            }
        }
    }
}
