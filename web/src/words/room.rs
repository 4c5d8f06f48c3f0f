//! The state of the room. What decides a text is in the address, so that a reload, the
//! back button and a link come to the same place.

use lampwork_protocol::words::{Adapter, Base, TextModelInfo, TextRecipe};
use lampwork_protocol::{DataSet, Failure, ModelCard};
use leptos::prelude::*;

use super::adapters::{fits, strength_of};
use super::shelf::{Learned, Shelf, hash_of};
use super::teach::Lesson;
use crate::library::Standing;
use crate::route::{Address, History};

/// What the visitor does with the model.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tool {
    /// Chinese verse by form, first words, theme and mood.
    Poem,
    /// A page that the visitor and the model write in turns.
    Together,
    /// What the model looks at and expects.
    Inside,
    /// From one sentence to another through a latent space.
    Walk,
    /// Fine-tuning on the visitor's own text.
    Teach,
}

impl Tool {
    /// All of them, as they stand in the row.
    pub const ALL: [Tool; 5] = [
        Tool::Poem,
        Tool::Together,
        Tool::Inside,
        Tool::Walk,
        Tool::Teach,
    ];

    /// Its name in the address.
    pub fn name(self) -> &'static str {
        match self {
            Tool::Poem => "poem",
            Tool::Together => "together",
            Tool::Inside => "inside",
            Tool::Walk => "walk",
            Tool::Teach => "teach",
        }
    }

    /// The models that it opens with, the first that the site ships.
    fn first_models(self) -> &'static [&'static str] {
        match self {
            Tool::Poem | Tool::Inside | Tool::Teach => &["poems-small", "poems"],
            Tool::Together => &["shakespeare", "lstm-shakespeare"],
            Tool::Walk => &["textvae-poems"],
        }
    }

    /// Whether a shipped model of this name, that learned from this, will do.
    pub fn takes(self, name: &str, data: DataSet) -> bool {
        let walks = name.starts_with("textvae-");
        match self {
            Tool::Poem => data == DataSet::Poems && !walks,
            Tool::Together => data == DataSet::Plays && !walks,
            Tool::Inside => !walks,
            Tool::Walk => walks,
            Tool::Teach => !walks && !name.starts_with("lstm-"),
        }
    }
}

/// A text that came from outside, or is to be kept.
#[derive(Debug, Clone, PartialEq)]
pub struct Opened {
    /// How it is written.
    pub recipe: TextRecipe,
    /// All of it, where it is there; who opens a link writes it anew.
    pub text: Option<String>,
}

/// The room, `Copy` and in its context.
#[derive(Clone, Copy)]
pub struct Room {
    /// Models and data of words, and the way to the worker.
    pub shelf: Shelf,
    /// Where the state is kept.
    pub address: Address,
    /// What the visitor does.
    pub tool: Memo<Tool>,
    /// Name of the model in use.
    pub model: Memo<String>,
    /// The model, once it is ready.
    pub info: Memo<Option<TextModelInfo>>,
    /// What was learned on top of the model, and how much of it counts; nothing where
    /// the address names none, or one that is not here.
    pub adapter: Memo<Option<Adapter>>,
    /// What is taught.
    pub lesson: Lesson,
    /// The text that was opened last; the tool that its recipe is for shows it.
    pub opened: RwSignal<Option<Opened>>,
    /// A text file without a recipe that was opened; the tool that takes one shows it.
    pub plain: RwSignal<Option<String>>,
    /// What went wrong with a link, a file or a text.
    pub failure: RwSignal<Option<Failure>>,
}

impl Room {
    /// The room as its address has it.
    pub fn new(shelf: Shelf, lesson: Lesson, address: Address) -> Room {
        shelf.list();
        shelf.filter.follow(address);
        let tool = Memo::new(move |_| {
            let name = address.get("tool");
            Tool::ALL
                .into_iter()
                .find(|tool| Some(tool.name()) == name.as_deref())
                .unwrap_or(Tool::Poem)
        });
        let model = Memo::new(move |_| {
            let tool = tool.get();
            let shipped = shelf.shipped();
            address
                .get("model")
                .filter(|name| {
                    name == ModelCard::YOURS
                        || shipped
                            .iter()
                            .any(|(other, data)| other == name && tool.takes(name, *data))
                })
                .unwrap_or_else(|| first_model(tool, &shipped))
        });
        let info = Memo::new(move |_| shelf.model(&model.get()));
        Effect::new(move |_| {
            let name = model.get();
            if name != ModelCard::YOURS && !name.is_empty() {
                shelf.want(&name);
            }
        });
        let adapter = Memo::new(move |_| {
            let hash = hash_of(&address.get("adapter")?)?;
            let weights = info.with(|info| info.as_ref().map(|info| info.weights))?;
            let here = |learned| fits(learned, weights) && learned.hash == hash;
            let strength = strength_of(address.get("strength").as_deref());
            let adapters = shelf.adapters();
            adapters
                .iter()
                .any(here)
                .then_some(Adapter { hash, strength })
        });
        Effect::new(move |_| {
            if info.with(Option::is_some) {
                shelf.remember();
            }
        });
        Room {
            shelf,
            address,
            tool,
            model,
            info,
            adapter,
            lesson,
            opened: RwSignal::new(None),
            plain: RwSignal::new(None),
            failure: RwSignal::new(None),
        }
    }

    /// How far the model has come; tracked.
    pub fn standing(&self) -> Standing<TextModelInfo> {
        self.shelf.standing(&self.model.get())
    }

    /// Whether its model writes poems, as the first that is offered does; tracked.
    pub fn poems(&self) -> bool {
        self.info.with(|info| info.as_ref().is_none_or(|i| i.poems))
    }

    /// The weights in use, once they are ready; tracked.
    pub fn base(&self) -> Option<Base> {
        let info = self.info.get()?;
        // What an earlier visit has learned may be on its way.
        if self.address.get("adapter").is_some() && !self.shelf.has_remembered() {
            return None;
        }
        Some(Base {
            model: self.model.get(),
            weights: info.weights,
            adapter: self.adapter.get(),
        })
    }

    /// Puts what was learned on the model that it was learned for.
    pub fn choose(&self, learned: &Learned) {
        let changes = [
            ("model", Some(learned.card.model.clone())),
            ("adapter", Some(learned.name())),
            ("strength", Some("1".to_owned())),
        ];
        self.address.set(&changes, History::Push);
    }

    /// Opens another tool: what one has typed is nothing to it, but who writes stays.
    pub fn open_tool(&self, tool: Tool) {
        let mut query = format!("tool={}", tool.name());
        for name in ["model", "adapter", "strength"] {
            if let Some(value) = self.address.get_untracked(name) {
                // Names of models and numbers, as the room itself wrote them or found
                // them to be none.
                let value = js_sys::encode_uri_component(&value);
                query.push_str(&format!("&{name}={value}"));
            }
        }
        self.address
            .go(crate::route::Room::Words, &query, History::Push);
    }
}

/// The model that a tool opens with; nothing before the list is there.
fn first_model(tool: Tool, shipped: &[(String, DataSet)]) -> String {
    let ships = |name: &&&str| shipped.iter().any(|(other, _)| other == **name);
    let first = tool.first_models().iter().find(ships);
    let any = || shipped.iter().find(|(name, data)| tool.takes(name, *data));
    match first {
        Some(name) => (*name).to_owned(),
        None => any().map(|(name, _)| name.clone()).unwrap_or_default(),
    }
}

/// The room, from the context.
pub fn use_room() -> Room {
    expect_context()
}
