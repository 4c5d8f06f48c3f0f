//! How one picture was made, so that the same recipe gives the same picture.

use serde::{Deserialize, Serialize};

use crate::{FlowConfig, ModelConfig, Nudge, Start};

/// How one picture was made.
///
/// Everything that decides its pixels: which weights, which class, and the point
/// of the latent space they were asked to decode. Two workers with the same
/// weights make the same picture of it, to the rounding of their arithmetic.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Recipe {
    /// Name of the model, as in `static/models/NAME`, or `yours` for one that
    /// was trained or loaded in the tab.
    pub model: String,
    /// First eight bytes of the SHA-256 of the weights file, so that a recipe
    /// never quietly runs on other weights than it was made with.
    pub weights: [u8; 8],
    /// Where in the latent space the picture is.
    pub latent: Latent,
    /// How a flow goes from there to the picture; `None` for models that decode
    /// in one go, and for a flow's usual way ([`Sampling::default`]).
    #[serde(default)]
    pub sampling: Option<Sampling>,
    /// The picture that a flow begins with; `None` for noise alone.
    #[serde(default)]
    pub start: Option<Start>,
}

impl Recipe {
    /// Whether a worker can make both side by side: of one model, in one way, and
    /// as far along it.
    pub fn goes_with(&self, other: &Recipe) -> bool {
        // By its bits, so that one that is no number is told for what it is.
        let strength = |recipe: &Recipe| {
            let start = recipe.start.as_ref();
            start.map(|start| start.strength.to_bits())
        };
        self.model == other.model
            && self.sampling == other.sampling
            && strength(self) == strength(other)
    }

    /// Whether it is said to go in learned leaps.
    pub fn leaps(&self) -> bool {
        self.sampling
            .is_some_and(|sampling| sampling.solver == Solver::Shortcut)
    }
}

/// How a flow goes from noise to picture.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Sampling {
    /// Steps from noise to picture, 1 to [`Sampling::MAX_STEPS`].
    pub steps: u16,
    /// Guidance scale (Ho 2022): 1 follows the class as learned, more
    /// exaggerates it; 0 goes without a class.
    pub guidance: f32,
    /// How a step is taken.
    pub solver: Solver,
}

/// How one step along an ordinary differential equation is taken.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Solver {
    /// Straight along the velocity at its start: one evaluation of the net.
    Euler,
    /// Along the mean of the velocities at both ends (Heun): two evaluations,
    /// and an error that falls with the square of the step.
    #[default]
    Heun,
    /// One learned leap (Frans 2024), of a flow that learned leaps: one
    /// evaluation, and the guidance is the one that it learned them with.
    Shortcut,
}

impl Sampling {
    /// Most steps of one picture.
    pub const MAX_STEPS: u16 = 200;
    /// Four learned leaps.
    pub const SHORTCUT: Sampling = Sampling {
        steps: 4,
        guidance: 1.0,
        solver: Solver::Shortcut,
    };

    /// Guidance that words are followed with, where nobody asks for another: with
    /// less, fewer pictures are known for what was said (`train eval`).
    pub const WORDED_GUIDANCE: f32 = 2.5;

    /// Most leaps from noise to picture; the steps of [`Solver::Shortcut`] are a
    /// power of two up to this.
    pub const MAX_LEAPS: u16 = 8;

    /// Largest guidance scale.
    pub const MAX_GUIDANCE: f32 = 20.0;
}

impl Sampling {
    /// The usual way of a model, where it is a flow.
    pub fn usual(model: &ModelConfig) -> Option<Sampling> {
        match model {
            ModelConfig::Flow(config) if config.shortcut.is_some() => Some(Sampling::SHORTCUT),
            ModelConfig::Flow(config) => Some(Sampling::by_steps(config)),
            _ => None,
        }
    }

    /// The usual way of a flow in steps, whether or not it has learned leaps.
    pub fn by_steps(config: &FlowConfig) -> Sampling {
        let usual = Sampling::default();
        Sampling {
            guidance: match config.words {
                0 => usual.guidance,
                _ => Sampling::WORDED_GUIDANCE,
            },
            ..usual
        }
    }
}

impl Default for Sampling {
    /// Ten steps of Heun with a guidance scale of 1.5. [`Sampling::usual`] knows
    /// what is usual for a model.
    fn default() -> Self {
        Self {
            steps: 10,
            guidance: 1.5,
            solver: Solver::Heun,
        }
    }
}

/// A point of a model's latent space, with a weight for each class.
///
/// A small expression: leaves draw or name a point, the others combine points.
/// Evaluating one gives a latent vector `z`, for a conditional model a vector of
/// class weights that sums to one, and for a model with words a word vector.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Latent {
    /// Number `index` of the standard normal draws of `seed`, times `temperature`.
    ///
    /// For a GAN the draw is truncated: values are folded back into
    /// `[-2, 2]` before the scaling (the truncation trick, Brock 2018).
    Draw {
        /// Seed of the ChaCha generator.
        seed: u64,
        /// Which picture of the sheet.
        index: u32,
        /// Standard deviation of the draw; 1 is what the model was trained on.
        temperature: f32,
        /// Class asked for; `None` lets the draw choose (uniformly).
        class: Option<u8>,
    },
    /// A point given by its coordinates: the map, or an encoded scribble.
    At {
        /// Coordinates, as many as the model's latent has.
        z: Vec<f32>,
        /// Class asked for; must be `Some` for a conditional model.
        class: Option<u8>,
    },
    /// From `a` (t = 0) to `b` (t = 1) along the great circle; class weights go
    /// linearly (Shoemake 1985; White 2016).
    Blend {
        /// Start.
        a: Box<Latent>,
        /// End.
        b: Box<Latent>,
        /// How far, 0 to 1.
        t: f32,
    },
    /// `a - minus + plus` (Radford 2015). Class weights are combined the same
    /// way, clamped at zero and made to sum to one.
    Arithmetic {
        /// What is changed.
        a: Box<Latent>,
        /// What is taken away.
        minus: Box<Latent>,
        /// What is added.
        plus: Box<Latent>,
    },
    /// The point `of`, with words said: what they mean by the table of word
    /// vectors takes the place of the words it had.
    Worded {
        /// What the words are said of.
        of: Box<Latent>,
        /// The words, in English or Chinese; at most [`Latent::MAX_WORDS`] bytes.
        words: String,
    },
    /// A neighbour of `of`: `sqrt(1 - amount^2) z + amount n`, which keeps the
    /// length of a normal draw.
    Near {
        /// What is varied.
        of: Box<Latent>,
        /// Seed of the neighbour's noise.
        seed: u64,
        /// Which neighbour.
        index: u32,
        /// 0 for the same picture, 1 for an unrelated one.
        amount: f32,
    },
    /// The point `of` of a style-based generator, pushed along directions of its space
    /// of styles (Härkönen 2020).
    Pushed {
        /// What is pushed.
        of: Box<Latent>,
        /// How far along which; at most [`Nudge::MAX`].
        nudges: Vec<Nudge>,
    },
    /// The layers before `from` by the styles of `coarse`, the others by those of
    /// `fine` (style mixing, Karras 2019).
    Crossed {
        /// Pose and shape.
        coarse: Box<Latent>,
        /// Colours and lines.
        fine: Box<Latent>,
        /// First layer of `fine`, 0 to [`crate::StyleConfig::LAYERS`].
        from: u8,
    },
    /// A style for each layer of a style-based generator, as they were found for a
    /// picture (Abdal 2019): deviations from the mean style, layer by layer.
    Styles {
        /// In units; as many as layers times the model's styles.
        values: Vec<i8>,
        /// The unit.
        unit: f32,
        /// Seed of the noise that the layers add.
        grain: u64,
    },
}

impl Latent {
    /// Deepest nesting that a recipe may have, so that a hostile link cannot
    /// exhaust the stack.
    pub const MAX_DEPTH: usize = 12;

    /// Largest latent that a recipe may carry by its coordinates.
    pub const MAX_DIMENSIONS: usize = 256;

    /// Most bytes of the words that a recipe may say.
    pub const MAX_WORDS: usize = 400;

    /// Whether words are said anywhere in it.
    pub fn says_words(&self) -> bool {
        match self {
            Latent::Worded { .. } => true,
            Latent::Draw { .. } | Latent::At { .. } | Latent::Styles { .. } => false,
            Latent::Blend { a, b, .. } => a.says_words() || b.says_words(),
            Latent::Arithmetic { a, minus, plus } => {
                a.says_words() || minus.says_words() || plus.says_words()
            }
            Latent::Near { of, .. } | Latent::Pushed { of, .. } => of.says_words(),
            Latent::Crossed { coarse, fine, .. } => coarse.says_words() || fine.says_words(),
        }
    }

    /// How deeply the expression nests; 1 for a leaf.
    pub fn depth(&self) -> usize {
        1 + match self {
            Latent::Draw { .. } | Latent::At { .. } | Latent::Styles { .. } => 0,
            Latent::Blend { a, b, .. } => a.depth().max(b.depth()),
            Latent::Arithmetic { a, minus, plus } => a.depth().max(minus.depth()).max(plus.depth()),
            Latent::Crossed { coarse, fine, .. } => coarse.depth().max(fine.depth()),
            Latent::Near { of, .. } | Latent::Worded { of, .. } | Latent::Pushed { of, .. } => {
                of.depth()
            }
        }
    }
}

/// A sheet of pictures: the same model and seed, counted through.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Sheet {
    /// Name of the model.
    pub model: String,
    /// Hash of its weights, as in [`Recipe::weights`].
    pub weights: [u8; 8],
    /// Seed of all the draws.
    pub seed: u64,
    /// Class asked for; `None` mixes them.
    pub class: Option<u8>,
    /// Standard deviation of the draws.
    pub temperature: f32,
    /// What was said, for a model with words; `None` says nothing.
    #[serde(default)]
    pub words: Option<String>,
    /// How many pictures.
    pub count: u32,
    /// How a flow makes them, as in [`Recipe::sampling`].
    #[serde(default)]
    pub sampling: Option<Sampling>,
}

impl Sheet {
    /// The recipe of picture `index`.
    pub fn recipe(&self, index: u32) -> Recipe {
        Recipe {
            model: self.model.clone(),
            weights: self.weights,
            latent: self.latent(index),
            sampling: self.sampling,
            start: None,
        }
    }

    fn latent(&self, index: u32) -> Latent {
        let draw = Latent::Draw {
            seed: self.seed,
            index,
            temperature: self.temperature,
            class: self.class,
        };
        match &self.words {
            Some(words) => Latent::Worded {
                of: Box::new(draw),
                words: words.clone(),
            },
            None => draw,
        }
    }

    /// The recipes of all its pictures, in order.
    pub fn recipes(&self) -> Vec<Recipe> {
        (0..self.count).map(|index| self.recipe(index)).collect()
    }
}
