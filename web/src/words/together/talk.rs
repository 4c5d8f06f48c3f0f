//! A conversation with a character of the plays.

use lampwork_protocol::words::{TextPrompt, TextRecipe};
use leptos::prelude::*;

use super::knobs::Knobs;
use super::script::{Speech, last_printed, line_of, name_of, printed, speeches};
use super::store;
use crate::i18n::*;
use crate::route::History;
use crate::words::room::{Opened, Room};
use crate::words::writing::{Made, Writing};

/// Bytes of the conversation that the model is given.
const GIVEN: usize = 6 << 10;

/// Characters that a conversation is offered with, and whether the model has read
/// speeches of theirs: Othello is among the plays that it is measured on.
pub const CHARACTERS: [(&str, bool); 12] = [
    ("HAMLET", true),
    ("ROSALIND", true),
    ("FALSTAFF", true),
    ("JULIET", true),
    ("MACBETH", true),
    ("CLEOPATRA", true),
    ("PORTIA", true),
    ("KING LEAR", true),
    ("PROSPERO", true),
    ("BRUTUS", true),
    ("ROMEO", true),
    ("IAGO", false),
];

/// Who the visitor is at first.
const YOU: &str = "HORATIO";

/// What the visitor has said on a first visit.
const OPENING: &str = "Good morrow, my lord. What keeps you waking while the city sleeps?";

/// The conversation.
#[derive(Clone, Copy)]
pub struct Talk {
    /// The room.
    pub room: Room,
    /// How tokens are chosen.
    pub knobs: Knobs,
    /// Who answers.
    pub speaker: Memo<String>,
    /// Who the visitor is.
    pub you: Memo<String>,
    /// What was said.
    pub said: RwSignal<Vec<Speech>>,
    /// What was said before each change, and what was taken back.
    past: RwSignal<Vec<Vec<Speech>>>,
    future: RwSignal<Vec<Vec<Speech>>>,
    /// The answer under way.
    pub writing: Writing,
    /// The answer that was given last, to keep.
    pub made: RwSignal<Option<Opened>>,
    /// Which of the seed's answers is the next.
    index: StoredValue<u32>,
    /// Whether the model has not spoken yet on a first visit.
    pub fresh: StoredValue<bool>,
    /// Whether it had nothing to say.
    pub silent: RwSignal<bool>,
}

impl Talk {
    /// The conversation as it was left.
    pub fn new(room: Room, knobs: Knobs) -> Talk {
        let kept = store::talk();
        let fresh = kept.is_none();
        let named = move |name: &'static str, first: &'static str| {
            Memo::new(move |_| {
                let said = room.address.get(name);
                let said = said.as_deref().and_then(name_of);
                said.unwrap_or_else(|| first.to_owned())
            })
        };
        let you = named("you", YOU);
        let said = match kept {
            Some(printed) => speeches(&printed),
            None => vec![Speech {
                speaker: you.get_untracked(),
                said: OPENING.to_owned(),
            }],
        };
        let talk = Talk {
            room,
            knobs,
            speaker: named("speaker", CHARACTERS[0].0),
            you,
            said: RwSignal::new(said),
            past: RwSignal::new(vec![]),
            future: RwSignal::new(vec![]),
            writing: Writing::veiled(room.shelf),
            made: RwSignal::new(None),
            index: StoredValue::new(0),
            fresh: StoredValue::new(fresh),
            silent: RwSignal::new(false),
        };
        Effect::new(move |before: Option<()>| {
            let printed = talk.said.with(|said| printed(said));
            if before.is_some() {
                store::keep_talk(&printed);
            }
        });
        Effect::new(move |before: Option<bool>| {
            let busy = talk.writing.is_busy();
            if before == Some(true) && !busy {
                untrack(|| talk.ended());
            }
            busy
        });
        talk
    }

    /// Names who speaks, in the address; whether that is a name.
    pub fn name(&self, who: &'static str, typed: &str) -> bool {
        let name = name_of(typed);
        let is = name.is_some();
        if is {
            self.room.address.set(&[(who, name)], History::Push);
        }
        is
    }

    fn remember(&self) {
        let now = self.said.get_untracked();
        self.past.update(|past| past.push(now));
        self.future.update(Vec::clear);
    }

    /// Says a line, and has the character answer; whether there was anything to say.
    pub fn say(&self, typed: &str) -> bool {
        let said = line_of(typed);
        if said.is_empty() || self.room.info.with_untracked(Option::is_none) {
            return false;
        }
        self.settle();
        self.remember();
        let speaker = self.you.get_untracked();
        self.said.update(|all| all.push(Speech { speaker, said }));
        self.index.set_value(0);
        self.answer();
        true
    }

    /// Has the character speak, whoever spoke last.
    pub fn answer(&self) {
        let Some(base) = untrack(|| self.room.base()) else {
            return;
        };
        self.fresh.set_value(false);
        self.silent.set(false);
        self.made.set(None);
        if self.room.address.get_untracked("text").is_some() {
            self.room.address.set(&[("text", None)], History::Push);
        }
        let recipe = TextRecipe {
            model: base.model,
            weights: base.weights,
            adapter: base.adapter,
            prompt: TextPrompt::Dialogue {
                speaker: self.speaker.get_untracked(),
                so_far: self.said.with_untracked(|said| last_printed(said, GIVEN)),
            },
            writing: self.knobs.writing.get_untracked(),
            keep: None,
            most: self.knobs.most.get_untracked(),
            seed: self.knobs.seed.get_untracked(),
            index: self.index.get_value(),
        };
        self.writing.write(vec![recipe], None);
    }

    /// Has the character speak on, or first.
    pub fn go_on(&self) {
        self.settle();
        self.remember();
        self.index.set_value(0);
        self.answer();
    }

    /// Has the last answer given otherwise.
    pub fn again(&self) {
        self.settle();
        let answered = self.last_is_answer();
        self.remember();
        if answered {
            self.said.update(|said| {
                said.pop();
            });
        }
        self.index.update_value(|index| *index += 1);
        self.answer();
    }

    /// Whether the character spoke last; tracked.
    pub fn answered(&self) -> bool {
        let you = self.you.get();
        self.said
            .with(|said| said.last().is_some_and(|last| last.speaker != you))
    }

    fn last_is_answer(&self) -> bool {
        untrack(|| self.answered())
    }

    /// Stops the answer under way; what was said stays said.
    pub fn stop(&self) {
        self.settle();
    }

    /// Lets nothing be under way.
    fn settle(&self) {
        if untrack(|| self.writing.is_busy()) {
            self.writing.stop();
            self.ended();
        }
    }

    /// Puts the answer among what was said.
    fn ended(&self) {
        let row = self
            .writing
            .rows
            .with_untracked(|rows| rows.first().copied());
        let Some(made) = row.map(|row| row.get_untracked()) else {
            return;
        };
        self.writing.rows.set(vec![]);
        let TextPrompt::Dialogue { speaker, .. } = &made.recipe.prompt else {
            return;
        };
        let said = line_of(&made.written());
        if said.is_empty() {
            self.silent
                .set(self.writing.failure.with_untracked(Option::is_none));
            return;
        }
        let speaker = speaker.clone();
        self.said.update(|all| all.push(Speech { speaker, said }));
        if made.end.is_some() {
            self.made.set(Some(Opened {
                text: Some(whole(&made)),
                recipe: made.recipe,
            }));
        }
    }

    /// Takes a change back, or again.
    pub fn step(&self, back: bool) {
        if untrack(|| self.writing.is_busy()) {
            self.writing.stop();
            self.writing.rows.set(vec![]);
        }
        let (from, to) = if back {
            (self.past, self.future)
        } else {
            (self.future, self.past)
        };
        let Some(other) = from.try_update(Vec::pop).flatten() else {
            return;
        };
        let now = self.said.get_untracked();
        to.update(|steps| steps.push(now));
        self.said.set(other);
        self.made.set(None);
        self.silent.set(false);
    }

    /// Whether there is a step to take back, or again; tracked.
    pub fn has_step(&self, back: bool) -> bool {
        let steps = if back { self.past } else { self.future };
        steps.with(|steps| !steps.is_empty())
    }

    /// Begins anew.
    pub fn clear(&self) {
        self.settle();
        self.remember();
        self.said.set(vec![]);
        self.made.set(None);
        self.silent.set(false);
    }

    /// Shows a conversation that was opened, or has its last answer given anew.
    pub fn open(&self, opened: Opened) {
        let TextPrompt::Dialogue { speaker, so_far } = &opened.recipe.prompt else {
            return;
        };
        self.settle();
        self.remember();
        self.fresh.set_value(false);
        let before = speeches(so_far);
        let other = before.iter().rev().find(|one| one.speaker != *speaker);
        let you = other.map(|other| other.speaker.clone());
        self.room.address.set(
            &[("speaker", Some(speaker.clone())), ("you", you)],
            History::Replace,
        );
        if let Some(text) = &opened.text {
            self.said.set(speeches(text));
            self.made.set(Some(opened));
        } else {
            self.said.set(before);
            self.writing.write(vec![opened.recipe], None);
        }
    }
}

/// A conversation with its last answer, as the plays print one.
fn whole(made: &Made) -> String {
    let TextPrompt::Dialogue { speaker, so_far } = &made.recipe.prompt else {
        return made.whole();
    };
    let mut all = speeches(so_far);
    all.push(Speech {
        speaker: speaker.clone(),
        said: made.written(),
    });
    printed(&all)
}

/// What a character is called beside the name that the plays print.
pub fn character_hint(i18n: leptos_i18n::I18nContext<Locale>, name: &str) -> Option<&'static str> {
    let read = CHARACTERS.iter().find(|one| one.0 == name).map(|one| one.1);
    match read {
        Some(true) => None,
        Some(false) => Some(t_string!(i18n, words.together.speaker_unread)),
        None => Some(t_string!(i18n, words.together.speaker_other)),
    }
}
