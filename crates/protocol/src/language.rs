//! How the nets that write are built.

use serde::{Deserialize, Serialize};

use crate::Failure;

/// A Transformer that foretells the next token: decoder only (Radford 2018), with
/// root mean square normalisation (Zhang 2019), rotary positions (Su 2021), gated
/// units (Shazeer 2020), and one table for the tokens that come in and go out (Press
/// 2017).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TransformerConfig {
    /// Tokens that it knows.
    pub vocabulary: usize,
    /// Most tokens that it sees at once.
    pub context: usize,
    /// Layers, each of attention and a feed-forward net.
    pub layers: usize,
    /// Numbers that a token is inside.
    pub width: usize,
    /// Heads of attention; divides `width` into even parts.
    pub heads: usize,
    /// Hidden units of the feed-forward net.
    pub hidden: usize,
    /// Probability that a number is dropped in training, of the table's rows and of
    /// what each part adds.
    #[serde(default)]
    pub dropout: f32,
}

impl TransformerConfig {
    /// Most tokens of a vocabulary.
    pub const MAX_VOCABULARY: usize = 32_768;
    /// Longest context.
    pub const MAX_CONTEXT: usize = 2048;
    /// Most layers.
    pub const MAX_LAYERS: usize = 24;
    /// Largest width.
    pub const MAX_WIDTH: usize = 1024;
    /// Most hidden units.
    pub const MAX_HIDDEN: usize = 4096;

    /// Numbers that it learns.
    pub fn parameters(&self) -> usize {
        let layer = 4 * self.width * self.width + 3 * self.width * self.hidden + 2 * self.width;
        self.vocabulary * self.width + self.layers * layer + self.width
    }
}

/// A language model of long short-term memory (Hochreiter 1997), one layer on the
/// other, with one table for the tokens that come in and go out.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LstmConfig {
    /// Tokens that it knows.
    pub vocabulary: usize,
    /// Most tokens of a text that it learns from at once; it writes on without end.
    pub context: usize,
    /// Layers.
    pub layers: usize,
    /// Numbers that a token is, and hidden units of a layer.
    pub width: usize,
    /// Probability that a number is dropped in training, between layers (Zaremba
    /// 2014).
    #[serde(default)]
    pub dropout: f32,
}

impl LstmConfig {
    /// Numbers that it learns.
    pub fn parameters(&self) -> usize {
        self.vocabulary * self.width + self.layers * (8 * self.width + 4) * self.width
    }
}

/// A variational autoencoder of sentences (Bowman 2016): an LSTM reads one into a
/// latent point, another writes it from there.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TextVaeConfig {
    /// Tokens that it knows.
    pub vocabulary: usize,
    /// Most tokens of a sentence.
    pub context: usize,
    /// Numbers that a token is, and hidden units of reader and writer.
    pub width: usize,
    /// Dimensions of the latent space.
    pub latent: usize,
    /// Weight of the KL term once it has risen.
    pub beta: f32,
    /// Steps over which that weight rises from 0.
    pub kl_warmup: usize,
    /// Probability that the writer is not shown a token that it wrote before.
    pub word_dropout: f32,
    /// Nats of each latent dimension that cost nothing (Kingma 2016).
    #[serde(default)]
    pub free_nats: f32,
}

/// How the next token is chosen from the odds that a net gives.
///
/// In this order: what was written is made less likely, odds are sharpened or
/// flattened, and the unlikely ones are cut off by each of the three rules.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Writing {
    /// What logits are divided by; 0 always takes the likeliest.
    pub temperature: f32,
    /// The likeliest tokens that are kept (Fan 2018); 0 for all.
    pub top_k: u16,
    /// The likeliest tokens that together have this share are kept (Holtzman 2020); 1
    /// for all.
    pub top_p: f32,
    /// Tokens below this share of the likeliest one's odds are cut off (Nguyen 2024);
    /// 0 for none.
    pub min_p: f32,
    /// What the logits of tokens that were written are made smaller by (Keskar 2019);
    /// 1 for nothing.
    pub repetition: f32,
}

impl Default for Writing {
    fn default() -> Self {
        Self {
            temperature: 1.0,
            top_k: 0,
            top_p: 1.0,
            min_p: 0.05,
            repetition: 1.0,
        }
    }
}

impl Writing {
    /// Always the likeliest token.
    pub const GREEDY: Writing = Writing {
        temperature: 0.0,
        top_k: 1,
        top_p: 1.0,
        min_p: 0.0,
        repetition: 1.0,
    };

    /// Highest temperature.
    pub const MAX_TEMPERATURE: f32 = 4.0;

    /// Largest penalty of repetition.
    pub const MAX_REPETITION: f32 = 4.0;

    /// Whether all is within its limits.
    ///
    /// # Errors
    /// [`Failure::BadKnob`], naming the first that is not.
    pub fn check(&self) -> Result<(), Failure> {
        for (knob, value, least, most) in [
            ("temperature", self.temperature, 0.0, Self::MAX_TEMPERATURE),
            ("top_p", self.top_p, 0.0, 1.0),
            ("min_p", self.min_p, 0.0, 1.0),
            ("repetition", self.repetition, 1.0, Self::MAX_REPETITION),
        ] {
            // What is no number is in no range.
            if !(least..=most).contains(&value) {
                return Err(Failure::BadKnob {
                    knob: knob.to_owned(),
                    reason: format!("it is {value} and must be from {least} to {most}"),
                });
            }
        }
        Ok(())
    }
}

/// What of a trained net a fine-tuning moves.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(tag = "moves", rename_all = "lowercase")]
pub enum Tuning {
    /// Everything.
    Full,
    /// The last layers and what comes after them.
    Last {
        /// How many.
        layers: usize,
    },
    /// An adapter of low rank beside the weights (Hu 2021).
    Lora {
        /// Columns of its first factors.
        rank: usize,
        /// What it is multiplied by, over the rank.
        alpha: f32,
    },
}

impl Tuning {
    /// Largest rank of an adapter.
    pub const MAX_RANK: usize = 64;
}

/// What an adapter is; stands in the metadata of its file.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AdapterCard {
    /// Version of this form; [`AdapterCard::VERSION`].
    pub version: u32,
    /// Its name, as whoever made it has it.
    pub name: String,
    /// Name of the model that it was made for.
    pub model: String,
    /// First eight bytes of the SHA-256 of that model's weights file, in hexadecimal.
    pub weights: String,
    /// Columns of its first factors.
    pub rank: usize,
    /// What it is multiplied by, over the rank.
    pub alpha: f32,
    /// Steps that it was trained for.
    pub steps: u64,
    /// Loss on the held-out part before and after, in nats a token.
    pub held_out: Option<[f32; 2]>,
}

impl AdapterCard {
    /// Version of the form written now.
    pub const VERSION: u32 = 1;

    /// Key of the card in a safetensors file's metadata.
    pub const METADATA_KEY: &'static str = "lampwork.adapter";

    /// Most that an adapter is made stronger by.
    pub const MAX_STRENGTH: f32 = 3.0;
}
