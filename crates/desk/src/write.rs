//! Texts that are being written.

use std::collections::VecDeque;
use std::rc::Rc;

use lampwork_host::Clock;
use lampwork_models::language::{Allowed, Draft, Ending};
use lampwork_protocol::Failure;
use lampwork_protocol::words::{Event, Piece, TextEnd, TextRecipe};
use lampwork_text::Decoder;
use lampwork_text::prosody::Readings;

use crate::models::{Loaded, Models};
use crate::prompt::{Given, Rule, given};

/// Texts of one request, a token of each a turn.
pub(crate) struct Write {
    groups: VecDeque<Group>,
    under: Option<Under>,
    shown: Option<u8>,
    clock: Clock,
    /// Whether anything was said.
    spoken: bool,
}

/// Recipes that follow each other by their index and differ in nothing else.
struct Group {
    loaded: Rc<Loaded>,
    recipe: TextRecipe,
    given: Given,
    /// The last token of what was typed, with whose text the first one begins.
    begun: Option<u32>,
    /// Number of the first of them in the request.
    row: u32,
    count: usize,
}

/// A group that is being written.
struct Under {
    group: Group,
    draft: Draft,
    rows: Vec<Row>,
}

/// What was said of a text.
#[derive(Default)]
struct Row {
    decoder: Decoder,
    /// Ends of lines that are said once something comes behind them.
    held: String,
}

/// Milliseconds in which tokens are gathered before they are told: a message costs a
/// small net a tenth of a token, and no screen shows them sooner.
const GATHER_MS: f64 = 4.0;

/// Most turns that are gathered.
const TURNS: usize = 8;

/// An empty line, which ends a speech.
const GAP: &str = "\n\n";

impl Write {
    /// What is wrong with a recipe is said before anything is written.
    pub(crate) fn new(
        recipes: Vec<TextRecipe>,
        shown: Option<u8>,
        models: &mut Models,
        readings: Option<&Readings>,
        clock: Clock,
    ) -> Result<Self, Failure> {
        let mut groups: VecDeque<Group> = VecDeque::new();
        for (row, recipe) in (0..).zip(recipes) {
            if let Some(group) = groups.back_mut()
                && follows(&group.recipe, group.count, &recipe)
            {
                group.count += 1;
                continue;
            }
            let loaded = models.of(&recipe)?;
            let most = usize::from(recipe.most);
            let given = given(&recipe.prompt, recipe.keep, most, &loaded, readings)?;
            let mut given = given.leaves_room(&loaded)?;
            groups.push_back(Group {
                begun: given.heal(&loaded.language),
                loaded,
                recipe,
                given,
                row,
                count: 1,
            });
        }
        Ok(Self {
            groups,
            under: None,
            shown,
            clock,
            spoken: false,
        })
    }

    /// A token of each text of a group, or what was given before the first. The tokens
    /// of a fast net are told some at once, but for the first, which somebody waits for.
    pub(crate) async fn piece(&mut self) -> Result<Option<Event>, Failure> {
        let Some(under) = &mut self.under else {
            let Some(group) = self.groups.pop_front() else {
                return Ok(Some(Event::Wrote {
                    pieces: Vec::new(),
                    kept: 0,
                    done: true,
                }));
            };
            self.under = Some(begin(group, self.shown)?);
            return Ok(None);
        };
        let told = self.shown.is_some();
        let start = (self.clock)();
        let mut pieces = under.turn(told).await?;
        if self.spoken {
            for _ in 1..TURNS {
                if under.draft.is_done() || (self.clock)() - start >= GATHER_MS {
                    break;
                }
                pieces.extend(under.turn(told).await?);
            }
        }
        self.spoken = true;
        let kept = under.draft.memory().numbers() as u64;
        if under.draft.is_done() {
            self.under = None;
        }
        Ok(Some(Event::Wrote {
            pieces,
            kept,
            done: self.under.is_none() && self.groups.is_empty(),
        }))
    }
}

/// Whether `next` is the text of the same recipe after `count` others.
fn follows(first: &TextRecipe, count: usize, next: &TextRecipe) -> bool {
    let Ok(count) = u32::try_from(count) else {
        return false;
    };
    let index = first.index.checked_add(count);
    index == Some(next.index)
        && TextRecipe {
            index: first.index,
            ..next.clone()
        } == *first
}

fn begin(group: Group, shown: Option<u8>) -> Result<Under, Failure> {
    let recipe = &group.recipe;
    let mut draft = Draft::begin(
        &group.loaded.writer,
        &group.given.tokens,
        group.count,
        recipe.writing,
        recipe.seed,
        &[group.loaded.language.end],
        usize::from(recipe.most),
    )?;
    draft.shown = shown.map_or(0, usize::from);
    draft.first = recipe.index;
    let rows = (0..group.count).map(|_| Row::default()).collect();
    Ok(Under { group, draft, rows })
}

impl Under {
    async fn turn(&mut self, told: bool) -> Result<Vec<Piece>, Failure> {
        let language = &self.group.loaded.language;
        let lists: Vec<Option<Vec<u32>>> =
            (0..self.group.count).map(|row| self.only(row)).collect();
        let allowed =
            |row: usize, _: &[u32]| Allowed::Only(lists[row].as_deref().unwrap_or(&language.plain));
        let turn = self.draft.turn(&self.group.loaded.writer, allowed).await?;
        let mut pieces = Vec::with_capacity(turn.choices.len());
        for (number, choice) in turn.choices.iter().enumerate() {
            let Some(choice) = choice else {
                // It had ended; or the model sees no more, and ends with this turn.
                continue;
            };
            let row = &mut self.rows[number];
            let end = self.draft.ending(number).map(|ending| match ending {
                Ending::Stop => TextEnd::Over,
                Ending::Full => TextEnd::Full,
            });
            let mut text = std::mem::take(&mut row.held);
            let said = row.decoder.push(&language.tokenizer, choice.token as u16);
            let first = self.draft.written(number).len() == 1;
            let typed = self.group.begun.filter(|_| first);
            let typed = typed.map_or(String::new(), |token| language.text(token));
            text.push_str(said.strip_prefix(&*typed).unwrap_or(&said));
            if end.is_some() {
                text.push_str(&row.decoder.finish());
            }
            let said = text.trim_end_matches('\n').len();
            row.held = text.split_off(said);
            pieces.push(Piece {
                row: self.group.row + number as u32,
                text,
                seen: told.then(|| language.seen(choice)),
                end,
            });
        }
        Ok(pieces)
    }

    /// The tokens that a text may go on with, where its rule leaves out some.
    fn only(&self, row: usize) -> Option<Vec<u32>> {
        if self.draft.ending(row).is_some() {
            return None;
        }
        match &self.group.given.rule {
            Rule::Text => {
                let first = self.draft.written(row).is_empty();
                let begun = self.group.begun.filter(|_| first)?;
                Some(self.group.loaded.language.beginning_with(begun))
            }
            Rule::Form(constraint, before) => {
                let written = self.draft.written(row).iter().map(|&token| token as u16);
                let poem: Vec<u16> = before.iter().copied().chain(written).collect();
                let allowed = constraint.allowed(&poem);
                Some(
                    (0..)
                        .zip(allowed)
                        .filter(|one| one.1)
                        .map(|one| one.0)
                        .collect(),
                )
            }
            Rule::Speech => {
                let over = self.rows[row].held.contains(GAP);
                over.then(|| vec![self.group.loaded.language.end])
            }
        }
    }
}
