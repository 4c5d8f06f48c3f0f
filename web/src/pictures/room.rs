//! The state of the room. All of it is in the address, so that a reload, the
//! back button and a link come to the same place.

use lampwork_protocol::{
    DataSet, Failure, FlowConfig, Latent, ModelCard, ModelConfig, ModelInfo, Recipe, Sampling,
    Sheet, Solver, link as codec,
};
use leptos::prelude::*;

use super::maker::{Made, Maker};
use super::said::{self, Understood};
use crate::app::FIRST_MODEL;
use crate::library::{Library, Standing};
use crate::link::Link;
use crate::route::{Address, History};

/// What the visitor does with the model.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tool {
    /// A sheet of samples.
    Sheet,
    /// The map of a latent space of two dimensions.
    Map,
    /// From one picture to another.
    Blend,
    /// A scribble, encoded and decoded.
    Draw,
    /// A - B + C.
    Arithmetic,
    /// Neighbours of one picture.
    Variations,
    /// Pictures that differ in one or two knobs, side by side.
    Compare,
    /// Pictures that follow each other.
    Motion,
    /// A picture filled in, redrawn, retouched.
    Edit,
    /// A picture whose traits are changed.
    Traits,
    /// A line of characters, written by several hands.
    Brush,
    /// A photograph in the styles of other pictures.
    Restyle,
}

impl Tool {
    /// All of them, as they stand in the row.
    pub const ALL: [Tool; 12] = [
        Tool::Sheet,
        Tool::Map,
        Tool::Blend,
        Tool::Draw,
        Tool::Arithmetic,
        Tool::Variations,
        Tool::Compare,
        Tool::Motion,
        Tool::Edit,
        Tool::Traits,
        Tool::Brush,
        Tool::Restyle,
    ];

    /// Its name in the address.
    pub fn name(self) -> &'static str {
        match self {
            Tool::Sheet => "sheet",
            Tool::Map => "map",
            Tool::Blend => "blend",
            Tool::Draw => "draw",
            Tool::Arithmetic => "arithmetic",
            Tool::Variations => "variations",
            Tool::Compare => "compare",
            Tool::Motion => "motion",
            Tool::Edit => "edit",
            Tool::Traits => "traits",
            Tool::Brush => "brush",
            Tool::Restyle => "restyle",
        }
    }

    /// The model it opens with.
    pub fn first_model(self) -> &'static str {
        match self {
            Tool::Map => "map-fashion",
            Tool::Draw => "vae-digits",
            Tool::Edit => "flow-emoji",
            Tool::Traits => "style-faces",
            Tool::Brush => "cycle-brush",
            Tool::Restyle => "restyle",
            _ => FIRST_MODEL,
        }
    }

    /// Whether a shipped model of this name will do.
    pub fn takes(self, name: &str) -> bool {
        match self {
            Tool::Map => name.starts_with("map-"),
            Tool::Draw => !["gan-", "flow-", "style-"]
                .iter()
                .any(|family| name.starts_with(family)),
            Tool::Traits => name.starts_with("style-"),
            // Leaps begin with noise alone.
            Tool::Edit => name.starts_with("flow-") && !name.ends_with("-leaps"),
            Tool::Brush => name == "cycle-brush",
            Tool::Restyle => name == "restyle",
            _ => !name.starts_with("map-"),
        }
    }

    /// Whether it has one model and ways of its own to show what that makes.
    pub fn alone(self) -> bool {
        matches!(self, Tool::Brush | Tool::Restyle)
    }

    /// Whether the model that was trained or loaded in the tab will do.
    pub fn takes_yours(self, info: &ModelInfo) -> bool {
        // One that changes pictures makes none for any other tool.
        if info.card.recipe.model.translates() || self == Tool::Restyle {
            return self == Tool::Restyle && !styles(info).is_empty();
        }
        match self {
            Tool::Map => {
                info.card.recipe.model.latent() == 2 && info.card.recipe.model.classes() == 0
            }
            Tool::Draw => info.encodes,
            Tool::Edit => is_flow(info) && !has_leaps(info),
            Tool::Traits => has_styles(info),
            Tool::Brush => false,
            _ => true,
        }
    }
}

/// The room, `Copy` and in its context.
#[derive(Clone, Copy)]
pub struct Room {
    /// The way to the worker.
    pub link: Link,
    /// Models and data.
    pub library: Library,
    /// Where the state is kept.
    pub address: Address,
    /// What the visitor does.
    pub tool: Memo<Tool>,
    /// Name of the model in use.
    pub model: Memo<String>,
    /// The model, once it is ready.
    pub info: Memo<Option<ModelInfo>>,
    /// Seed of all draws.
    pub seed: Memo<u64>,
    /// Class asked for.
    pub class: Memo<Option<u8>>,
    /// Temperature of all draws.
    pub temperature: Memo<f32>,
    /// How a flow goes from noise to picture.
    pub path: Memo<Sampling>,
    /// What is said to the model, if it has words.
    pub words: Memo<Option<String>>,
    /// What the table makes of that; `None` until it is there.
    pub understood: Memo<Option<Understood>>,
    /// The picture that is looked at closely.
    pub picked: RwSignal<Option<Made>>,
    /// Counts the times that the visitor picked one on this page.
    pub picks: RwSignal<u32>,
    /// What went wrong with a link or a file.
    pub failure: RwSignal<Option<Failure>>,
    /// A file that the visitor handed over while the tool in use takes any picture.
    pub handed: RwSignal<Option<web_sys::File>, LocalStorage>,
}

impl Room {
    /// The room as its address has it.
    pub fn new(link: Link, library: Library, address: Address) -> Room {
        let tool = Memo::new(move |_| {
            let name = address.get("tool");
            Tool::ALL
                .into_iter()
                .find(|tool| Some(tool.name()) == name.as_deref())
                .unwrap_or(Tool::Sheet)
        });
        let model = Memo::new(move |_| {
            let tool = tool.get();
            address
                .get("model")
                .filter(|name| match name.as_str() {
                    ModelCard::YOURS => library.yours().is_none_or(|info| tool.takes_yours(&info)),
                    name => tool.takes(name),
                })
                .unwrap_or_else(|| first_model(tool, library))
        });
        let info = Memo::new(move |_| library.model(&model.get()));
        Effect::new(move |_| {
            let name = model.get();
            if name != ModelCard::YOURS {
                library.want(&name);
            }
        });
        // The table of words is fetched by whoever can say some.
        Effect::new(move |_| {
            if info.with(|info| info.as_ref().is_some_and(has_words)) {
                library.want_words();
            }
        });
        let words = Memo::new(move |_| {
            let asked = info.with(|info| info.as_ref().is_some_and(has_words));
            address
                .get("words")
                .filter(|_| asked)
                .and_then(|text| said::tidy(&text))
        });
        let understood = Memo::new(move |_| {
            let table = library.table()?;
            words.with(|words| Some(said::understand(&table, words.as_deref()?)))
        });
        Room {
            link,
            library,
            address,
            tool,
            model,
            info,
            words,
            understood,
            seed: Memo::new(move |_| number(address.get("seed")).unwrap_or(7)),
            class: Memo::new(move |_| {
                let classes = info.with(|info| info.as_ref().map_or(0, classes));
                number(address.get("class")).filter(|class| usize::from(*class) < classes)
            }),
            temperature: Memo::new(move |_| {
                number::<f32>(address.get("temperature"))
                    .filter(|t| t.is_finite())
                    .unwrap_or(1.0)
                    .clamp(0.0, 1.5)
            }),
            path: Memo::new(move |_| {
                let config = info.with(|info| info.as_ref().and_then(flow));
                path(address, config.as_ref())
            }),
            picked: RwSignal::new(None),
            picks: RwSignal::new(0),
            failure: RwSignal::new(None),
            handed: RwSignal::new_local(None),
        }
    }

    /// How far the model has come; tracked.
    pub fn standing(&self) -> Standing<ModelInfo> {
        self.library.standing(&self.model.get())
    }

    /// Data set of the model in use, by its card or, before that is there, by its
    /// name; tracked.
    pub fn data(&self) -> DataSet {
        match self.info.get() {
            Some(info) => info.card.recipe.data,
            None => self.model.with(|name| super::words::data_of(name)),
        }
    }

    /// Whether a tool is of use for the kind of model in use; tracked. Noise as
    /// large as a picture has no map, and no scribble's place is found in it.
    pub fn fits(&self, tool: Tool) -> bool {
        let flow = self.info.with(|info| info.as_ref().map(is_flow));
        let flow = flow.unwrap_or_else(|| self.model.with(|name| name.starts_with("flow-")));
        match tool {
            Tool::Map | Tool::Draw => !flow,
            // A site need not ship a model with styles.
            Tool::Traits => {
                let shipped = self.library.catalogue();
                shipped.with(|all| all.iter().any(|entry| tool.takes(&entry.name)))
                    || self.library.yours().is_some_and(|info| has_styles(&info))
            }
            // Nor those that change pictures.
            Tool::Brush | Tool::Restyle => self.library.ships_changer(tool.first_model()),
            _ => true,
        }
    }

    /// The sheet of the room's seed, class, temperature and words; `None` while the
    /// model is on its way, or where no word that is said means anything. Tracked.
    pub fn sheet(&self, count: u32) -> Option<Sheet> {
        let info = self.info.get()?;
        let words = self.words.get();
        if words.is_some() && !self.understood.get()?.means {
            return None;
        }
        Some(Sheet {
            model: self.model.get(),
            weights: info.weights,
            seed: self.seed.get(),
            class: self.class.get(),
            temperature: self.temperature.get(),
            words,
            count,
            sampling: sampling(&info, self.path.get()),
        })
    }

    /// A recipe of the model in use; `None` while it is on its way. Tracked.
    pub fn recipe(&self, latent: Latent) -> Option<Recipe> {
        let info = self.info.get()?;
        Some(Recipe {
            model: self.model.get(),
            weights: info.weights,
            latent,
            sampling: sampling(&info, self.path.get()),
            start: None,
        })
    }

    /// The latent point under `name` in the address, if it is of the model in
    /// use; tracked.
    pub fn slot(&self, name: &str) -> Option<Latent> {
        let info = self.info.get()?;
        let recipe = codec::decode(&self.address.get(name)?).ok()?;
        let fits = recipe.weights == info.weights && recipe.model == self.model.get();
        fits.then_some(recipe.latent)
    }

    /// Puts a recipe under `name` in the address.
    pub fn fill(&self, name: &str, recipe: &Recipe) {
        self.address
            .set(&[(name, Some(codec::encode(recipe)))], History::Push);
    }

    /// Looks at a picture closely.
    pub fn pick(&self, made: Made) {
        let code = codec::encode(&made.recipe);
        self.picked.set(Some(made));
        self.picks.update(|count| *count += 1);
        self.address.set(&[("pick", Some(code))], History::Push);
    }

    /// A maker whose pictures follow `recipes`, and the worker in use.
    pub fn follow(
        &self,
        recipes: impl Fn() -> Option<Vec<Recipe>> + Send + Sync + 'static,
    ) -> Maker {
        let maker = Maker::new(self.link);
        let generation = self.link.generation();
        let library = self.library;
        let wanted = Memo::new(move |_| {
            // Words are said once their table is there.
            let ready = |recipes: &Vec<Recipe>| {
                library.has_words() || !recipes.iter().any(|recipe| recipe.latent.says_words())
            };
            (generation.get(), recipes().filter(ready))
        });
        Effect::new(move |_| {
            if let (_, Some(recipes)) = wanted.get() {
                maker.make(recipes);
            }
        });
        maker
    }
}

/// The room, from the context.
pub fn use_room() -> Room {
    expect_context()
}

/// The model that a tool opens with; another that will do, where a site does not
/// ship that one.
fn first_model(tool: Tool, library: Library) -> String {
    let first = tool.first_model();
    library.catalogue().with(|all| {
        if all.iter().any(|entry| entry.name == first) {
            return first.to_owned();
        }
        all.iter()
            .find(|entry| tool.takes(&entry.name))
            .map_or_else(|| first.to_owned(), |entry| entry.name.clone())
    })
}

/// Most steps and the strongest guidance that the knobs go to; a recipe may ask
/// for more.
pub const MOST_STEPS: u16 = 50;
/// See [`MOST_STEPS`].
pub const MOST_GUIDANCE: f32 = 5.0;

/// Whether a model's pictures come out of noise step by step.
pub fn is_flow(info: &ModelInfo) -> bool {
    flow(info).is_some()
}

fn flow(info: &ModelInfo) -> Option<FlowConfig> {
    match &info.card.recipe.model {
        ModelConfig::Flow(config) => Some(config.clone()),
        _ => None,
    }
}

/// Whether each layer of a model is given a style.
pub fn has_styles(info: &ModelInfo) -> bool {
    matches!(info.card.recipe.model, ModelConfig::Style(_))
}

/// Names of the styles of a model that restyles.
pub fn styles(info: &ModelInfo) -> &[String] {
    match &info.card.recipe.model {
        ModelConfig::Translate(config) => config.style_names(),
        _ => &[],
    }
}

/// Whether a model can be told words.
pub fn has_words(info: &ModelInfo) -> bool {
    info.card.recipe.model.words() > 0
}

/// Whether a flow has learned leaps.
pub fn has_leaps(info: &ModelInfo) -> bool {
    flow(info).is_some_and(|config| config.shortcut.is_some())
}

/// How a flow goes from noise to picture, as the address has it.
fn path(address: Address, config: Option<&FlowConfig>) -> Sampling {
    // Of a model that is none, or not there yet, nobody looks at it.
    let by_steps = config.map_or_else(Sampling::default, Sampling::by_steps);
    let leaps = config.is_some_and(|config| config.shortcut.is_some());
    let solver = match address.get("solver").as_deref() {
        Some("euler") => Solver::Euler,
        Some("heun") => Solver::Heun,
        _ if leaps => Solver::Shortcut,
        _ => by_steps.solver,
    };
    let leaping = solver == Solver::Shortcut;
    let usual = if leaping {
        Sampling::SHORTCUT
    } else {
        by_steps
    };
    let steps = number(address.get("steps")).unwrap_or(usual.steps);
    Sampling {
        steps: if leaping {
            // Each length of a leap is half of another.
            steps.clamp(1, Sampling::MAX_LEAPS).next_power_of_two()
        } else {
            steps.clamp(1, MOST_STEPS)
        },
        guidance: number::<f32>(address.get("guidance"))
            // The guidance of leaps is learned with them.
            .filter(|scale| scale.is_finite() && !leaping)
            .unwrap_or(usual.guidance)
            .clamp(0.0, MOST_GUIDANCE),
        solver,
    }
}

/// `path`, if the model takes one.
fn sampling(info: &ModelInfo, path: Sampling) -> Option<Sampling> {
    is_flow(info).then_some(path)
}

/// Classes a model can be asked for.
pub fn classes(info: &ModelInfo) -> usize {
    info.card.recipe.model.classes()
}

/// A number of the address; what is no number counts as absent.
pub fn number<T: std::str::FromStr>(text: Option<String>) -> Option<T> {
    text?.parse().ok()
}

/// A number for the address, short.
pub fn short(value: f32) -> String {
    // No minus before a zero.
    let value = if value.abs() < 0.005 { 0.0 } else { value };
    format!("{value:.2}")
}
