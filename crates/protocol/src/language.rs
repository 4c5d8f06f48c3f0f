//! How the nets that write are built.

use serde::{Deserialize, Serialize};

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
