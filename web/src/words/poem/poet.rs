//! Who has poems written: what the address asks for becomes recipes, recipes become
//! sheets, and whatever is done to a poem becomes an address again.
//!
//! A poem that was worked on is a recipe too: the lines that stay are what its prompt
//! gives, and what is missing is written. So one path shows links, files, lines that
//! are written anew and lines that were typed, and the back button undoes each.

use std::collections::BTreeSet;

use lampwork_protocol::words::{Base, Command, Event, TextEnd, TextRecipe};
use lampwork_protocol::{Failure, link as codec};
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::memory::{Memory, between};
use super::reading::Reading;
use super::wish::{MOST_TYPED, Wish, shape_of};
use crate::library::Standing;
use crate::route::History;
use crate::words::room::{Opened, Room, Tool};
use crate::words::shelf::unexpected;
use crate::words::writing::{Made, Token, Writing};

/// Most lines of a form: more than the longest tune has.
const MOST_LINES: usize = 64;

/// Why a wish cannot be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Problem {
    /// The model lacks these characters.
    Unknown(String),
    /// There are so many characters, and at most so many are taken.
    Long(usize, usize),
    /// There are more first characters than lines.
    Heads(usize, usize),
}

/// What the parts of the tool share.
#[derive(Clone, Copy)]
pub struct Poet {
    /// The room.
    pub room: Room,
    /// The sheets.
    pub writing: Writing,
    /// What the address asks for.
    pub wish: Memo<Wish>,
    /// Why the first words or first characters cannot be taken.
    pub problem: RwSignal<Option<Problem>>,
    /// Characters in each line of the form, as far as that is known.
    pub shape: RwSignal<Vec<usize>>,
    /// Lines that stay when others are written anew.
    pub kept: RwSignal<BTreeSet<usize>>,
    /// The line that the visitor has chosen.
    pub chosen: RwSignal<Option<usize>>,
    /// What of the only sheet stands in a training poem as well, if somebody has looked.
    pub copied: RwSignal<Option<String>>,
    /// Whether poems are shown in simplified characters.
    pub reading: Reading,
    pub(super) memory: StoredValue<Memory>,
    /// Counts what is begun, so that a slow answer does not undo what came after it.
    pub(super) turn: StoredValue<u32>,
}

impl Poet {
    /// Writes as the address says, from here on.
    pub fn new(room: Room) -> Poet {
        let poet = Poet {
            room,
            writing: Writing::new(room.shelf),
            wish: Memo::new(move |_| Wish::read(|name| room.address.get(name))),
            problem: RwSignal::new(None),
            shape: RwSignal::new(vec![]),
            kept: RwSignal::new(BTreeSet::new()),
            chosen: RwSignal::new(None),
            copied: RwSignal::new(None),
            reading: Reading::new(room),
            memory: StoredValue::new(Memory::default()),
            turn: StoredValue::new(0),
        };
        poet.fetch_readings();
        let form = Memo::new(move |_| poet.wish.with(|wish| wish.form.clone()));
        let readings = Memo::new(move |_| matches!(room.shelf.readings(), Standing::Ready(_)));
        Effect::new(move |_| poet.find_shape(form.get(), readings.get()));
        // Forms are checked and kept by the readings, so they come first; without them
        // there are poems all the same.
        let settled = Memo::new(move |_| match room.shelf.readings() {
            Standing::Ready(_) | Standing::Failed(_) => true,
            Standing::Absent | Standing::Fetching(..) | Standing::Preparing => false,
        });
        let code = Memo::new(move |_| room.address.get("text"));
        Effect::new(move |_| {
            // Before the room shows another tool, the address is already that tool's.
            if room.tool.get() != Tool::Poem {
                return;
            }
            let (Some(base), true) = (room.base(), settled.get()) else {
                return;
            };
            match code.get() {
                None => poet.begin(base, poet.wish.get()),
                Some(code) => {
                    let opened = room.opened.get();
                    let this = opened.filter(|one| codec::encode_text(&one.recipe) == code);
                    if let Some(opened) = this {
                        poet.open(code, opened);
                    }
                }
            }
        });
        Effect::new(move |_| {
            for row in poet.writing.rows.get() {
                row.with(|made| poet.remember(made));
            }
        });
        poet
    }

    /// Has the table of readings fetched, again if it could not be had.
    pub fn fetch_readings(&self) {
        let shelf = self.room.shelf;
        spawn_local(async move {
            // The standing says what went wrong.
            let _ = shelf.load_readings().await;
        });
    }

    /// Asks for something else than now: the address changes, and a poem is written.
    pub fn ask(&self, history: History, change: impl FnOnce(&mut Wish)) {
        let mut wish = self.wish.get_untracked();
        change(&mut wish);
        let mut query = wish.query();
        query.push(("text", None));
        self.room.address.set(&query, history);
    }

    /// Another poem of the same wish.
    pub fn another(&self) {
        let seed = random_seed();
        self.ask(History::Push, |wish| wish.seed = seed);
    }

    /// A text of a poem as it is shown; tracked.
    pub fn shown(&self, text: &str) -> String {
        self.reading.shown(self.room.shelf.filter.shown(text))
    }

    /// The only sheet; nothing while several lie there.
    pub fn alone(&self) -> Option<RwSignal<Made>> {
        self.writing.rows.with(|rows| match rows.as_slice() {
            [row] => Some(*row),
            _ => None,
        })
    }

    /// Shows what was opened: as it is where it is there, or written anew.
    fn open(&self, code: String, opened: Opened) {
        let Some(wish) = Wish::of(&opened.recipe) else {
            return;
        };
        // A link says its recipe alone; from now on the address says the wish as well.
        if self.room.address.get_untracked("form").is_none() {
            self.room.address.set(&wish.query(), History::Replace);
        }
        self.next_turn();
        self.problem.set(None);
        let text: String = opened.text.unwrap_or_default().split_whitespace().collect();
        if !text.is_empty() {
            if between(&opened.recipe, &text).is_none() {
                // Somebody has typed over it since.
                self.go_to_typed(opened.recipe, text, History::Replace);
                return;
            }
            self.memory.update_value(|memory| memory.keep(code, text));
        }
        self.present(vec![opened.recipe]);
    }

    /// Writes a wish, once what was typed is in the characters of the model.
    fn begin(&self, base: Base, wish: Wish) {
        let poet = *self;
        let turn = self.next_turn();
        spawn_local(async move {
            let typed = async {
                let lines = poet.shape.with_untracked(Vec::len);
                let heads = poet.typed(&base, &wish.heads).await?;
                let count = heads.chars().count();
                if lines > 0 && count > lines {
                    return Err(Problem::Heads(count, lines).into());
                }
                Ok::<_, Wrong>((poet.typed(&base, &wish.first).await?, heads))
            };
            let typed = typed.await;
            if poet.turn.try_get_value() != Some(turn) {
                return;
            }
            match typed {
                Ok((first, heads)) => {
                    poet.problem.set(None);
                    poet.kept.set(BTreeSet::new());
                    poet.chosen.set(None);
                    let mut recipes = wish.recipes(&base, &first, &heads);
                    if untrack(|| matches!(poet.room.shelf.readings(), Standing::Failed(_))) {
                        // Nothing can be kept without them; the page says so.
                        recipes.iter_mut().for_each(|recipe| recipe.keep = None);
                    }
                    poet.present(recipes);
                }
                Err(Wrong::Problem(problem)) => poet.problem.set(Some(problem)),
                Err(Wrong::Failure(failure)) => poet.writing.failure.set(Some(failure)),
            }
        });
    }

    /// What was typed into a field, in the characters of the model.
    async fn typed(&self, base: &Base, text: &str) -> Result<String, Wrong> {
        let count = text.chars().filter(|one| !one.is_whitespace()).count();
        if count > MOST_TYPED {
            return Err(Problem::Long(count, MOST_TYPED).into());
        }
        if count == 0 {
            return Ok(String::new());
        }
        self.spell(base, text).await
    }

    pub(super) async fn spell(&self, base: &Base, text: &str) -> Result<String, Wrong> {
        let command = Command::Spell {
            base: base.clone(),
            text: text.to_owned(),
        };
        match self.room.shelf.link.ask(command, vec![]).await {
            Ok((Event::Spelled { text, unknown }, _)) if unknown.is_empty() => Ok(text),
            Ok((Event::Spelled { unknown, .. }, _)) => Err(Problem::Unknown(unknown).into()),
            Ok((event, _)) => Err(Wrong::Failure(unexpected(&event))),
            Err(failure) => Err(Wrong::Failure(failure)),
        }
    }

    /// Shows the poems of recipes: from memory if all are there, else written.
    fn present(&self, recipes: Vec<TextRecipe>) {
        let known: Option<Vec<Made>> = recipes.iter().map(|recipe| self.recall(recipe)).collect();
        match known {
            Some(made) => self.writing.show(made),
            None => self.writing.write(recipes, None),
        }
    }

    /// A poem that was written before.
    fn recall(&self, recipe: &TextRecipe) -> Option<Made> {
        let code = codec::encode_text(recipe);
        let whole = self
            .memory
            .with_value(|memory| memory.find(&code).cloned())?;
        let text = between(recipe, &whole)?.to_owned();
        Some(Made {
            recipe: recipe.clone(),
            tokens: vec![Token { text, seen: None }],
            end: Some(TextEnd::Over),
        })
    }

    /// Keeps a poem that is done.
    pub(super) fn remember(&self, made: &Made) {
        if made.end.is_some() {
            let code = codec::encode_text(&made.recipe);
            let whole = made.whole();
            self.memory.update_value(|memory| memory.keep(code, whole));
        }
    }

    /// Finds how long the lines of a form are.
    fn find_shape(&self, form: String, readings: bool) {
        if let Some(shape) = shape_of(&form) {
            self.shape.set(shape);
            return;
        }
        self.shape.set(vec![]);
        if !readings {
            return;
        }
        let poet = *self;
        spawn_local(async move {
            // Of lines that are empty, a check says how long they should be.
            let command = Command::CheckForm {
                form: form.clone(),
                lines: vec![String::new(); MOST_LINES],
            };
            let answer = poet.room.shelf.link.ask(command, vec![]).await;
            // Of a tune that nobody knows, whoever writes says so.
            let Ok((Event::FormChecked(check), _)) = answer else {
                return;
            };
            let lines = check.lines.iter().map_while(|line| line.wanted);
            let same = poet.wish.try_with_untracked(|wish| wish.form == form);
            if same == Some(true) {
                poet.shape.set(lines.map(|count| count as usize).collect());
            }
        });
    }

    pub(super) fn next_turn(&self) -> u32 {
        self.turn.update_value(|turn| *turn += 1);
        self.turn.get_value()
    }
}

/// Why something typed cannot be taken.
#[derive(Debug, Clone, PartialEq)]
pub enum Wrong {
    /// The visitor can mend it.
    Problem(Problem),
    /// Something broke.
    Failure(Failure),
}

impl From<Problem> for Wrong {
    fn from(problem: Problem) -> Wrong {
        Wrong::Problem(problem)
    }
}

/// A seed that nobody chose.
pub fn random_seed() -> u64 {
    (js_sys::Math::random() * 1e6) as u64
}
