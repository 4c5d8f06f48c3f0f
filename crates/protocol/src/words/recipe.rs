//! How one text was written, so that the same recipe gives the same text.

use serde::{Deserialize, Serialize};

use crate::Writing;

/// Forms of shi that a model may be asked for, by name; beside them the names of the
/// tunes of ci that it knows.
pub const FORMS: [&str; 6] = [
    "five-quatrain",
    "seven-quatrain",
    "five-regulated",
    "seven-regulated",
    "five-other",
    "seven-other",
];

/// Moods that a poem may be asked for.
pub const MOODS: [&str; 5] = ["joy", "sorrow", "longing", "calm", "heroic"];

/// Themes that a poem may be asked for.
pub const THEMES: [&str; 16] = [
    "moon",
    "mountain",
    "river",
    "spring",
    "autumn",
    "snow",
    "rain",
    "flowers",
    "wine",
    "parting",
    "war",
    "palace",
    "temple",
    "friendship",
    "farming",
    "travel",
];

/// How one text was written.
///
/// Everything that decides its words: which weights, what they were given, how each
/// token was chosen. Two workers with the same weights write the same text of it, as
/// long as their rounding differs by less than decides a token.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TextRecipe {
    /// Name of the model, as in `static/models/NAME`, or `yours`.
    pub model: String,
    /// First eight bytes of the SHA-256 of its weights file.
    pub weights: [u8; 8],
    /// What was learned on top of them, if anything.
    #[serde(default)]
    pub adapter: Option<Adapter>,
    /// What the model was given.
    pub prompt: TextPrompt,
    /// How each token is chosen.
    pub writing: Writing,
    /// What of a poem's form is kept by leaving out the tokens that would break it;
    /// `None` keeps nothing.
    #[serde(default)]
    pub keep: Option<Keep>,
    /// Most tokens that are written, 1 to [`TextRecipe::MAX_TOKENS`].
    pub most: u16,
    /// Seed of the noise.
    pub seed: u64,
    /// Which text of the seed.
    pub index: u32,
}

impl TextRecipe {
    /// Most tokens of one text.
    pub const MAX_TOKENS: u16 = 2048;

    /// Largest temperature.
    pub const MAX_TEMPERATURE: f32 = 5.0;

    /// Largest penalty of repetition.
    pub const MAX_REPETITION: f32 = 10.0;

    /// Most bytes of all that the model is given.
    pub const MAX_PROMPT: usize = 8 << 10;

    /// Most bytes of a name: of a form, a mood, a theme or a speaker.
    pub const MAX_NAME: usize = 64;
}

/// What was learned on top of a model's weights (Hu 2021), and how much of it counts.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Adapter {
    /// First eight bytes of the SHA-256 of its file.
    pub hash: [u8; 8],
    /// 0 for the model alone, 1 for what was learned, up to
    /// [`AdapterCard::MAX_STRENGTH`](crate::AdapterCard::MAX_STRENGTH).
    pub strength: f32,
}

/// What of a form is kept besides the number of lines and their lengths.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Keep {
    /// The tone pattern of regulated verse.
    pub tones: bool,
    /// The rhyme.
    pub rhymes: bool,
}

/// What a model is given to go on from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
pub enum TextPrompt {
    /// A poem, for a model that knows poems.
    Poem(Poem),
    /// A passage of English.
    Passage(Passage),
    /// The next speech of a play.
    Dialogue {
        /// Who speaks, as the plays name them.
        speaker: String,
        /// What was said before, each speech under its speaker's name in capitals with
        /// a full stop, with an empty line before it.
        so_far: String,
    },
}

/// A poem of which something is missing.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Poem {
    /// Its form: one of [`FORMS`], or a tune.
    pub form: Option<String>,
    /// Its mood: one of [`MOODS`].
    pub mood: Option<String>,
    /// What it is about: one of [`THEMES`].
    pub theme: Option<String>,
    /// First characters of its lines, in order: an acrostic. Empty for none.
    pub heads: String,
    /// What comes before the missing part, with its marks.
    pub before: String,
    /// Lines that come behind it, with their marks; `None` if it goes to the end.
    pub after: Option<String>,
}

/// A passage of which something is missing.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Passage {
    /// What kind of text it is, if that is said.
    #[serde(default)]
    pub of: Option<PassageKind>,
    /// What comes before the missing part. Of what is longer than the model sees, its
    /// end.
    pub before: String,
    /// What comes behind it; `None` if it goes on to the end.
    pub after: Option<String>,
}

/// What kind of text a passage is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum PassageKind {
    /// A play.
    Play,
    /// Prose.
    Prose,
}

impl TextPrompt {
    /// Bytes of all the texts in it.
    pub fn bytes(&self) -> usize {
        let length = |text: &Option<String>| text.as_ref().map_or(0, String::len);
        match self {
            TextPrompt::Poem(poem) => poem.heads.len() + poem.before.len() + length(&poem.after),
            TextPrompt::Passage(passage) => passage.before.len() + length(&passage.after),
            TextPrompt::Dialogue { so_far, .. } => so_far.len(),
        }
    }
}
