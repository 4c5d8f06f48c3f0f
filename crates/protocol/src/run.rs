//! How one model is trained.

use serde::{Deserialize, Serialize};

use crate::{
    DataSet, DomainsConfig, LstmConfig, Modality, Shape, TextVaeConfig, TransformerConfig,
    TranslateConfig,
};

/// How one model is trained: everything that decides its weights.
///
/// The same recipe on the same device gives the same numbers.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RunRecipe {
    /// What it learns from.
    pub data: DataSet,
    /// What is trained.
    pub model: ModelConfig,
    /// How the weights are moved.
    pub optimizer: OptimizerConfig,
    /// Examples in a step: pictures, or texts.
    pub batch: usize,
    /// Examples computed at once; a step is `batch / micro_batch` slices between
    /// which a worker answers its page. Gradients are summed, so it changes no
    /// result but by rounding. Divides `batch`.
    pub micro_batch: usize,
    /// Passes over the training split.
    pub epochs: usize,
    /// Seed of the initial weights, the order of examples and all noise.
    pub seed: u64,
    /// What is done to a picture before it is shown; means nothing to text.
    #[serde(default)]
    pub augment: Augment,
    /// When to stop before `epochs`.
    pub early_stopping: Option<EarlyStopping>,
    /// Decay of the exponential moving average of the weights that samples are
    /// made with; 0 uses the weights as they are.
    pub ema: f32,
}

/// Which family, and how it is built.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "family", rename_all = "lowercase")]
pub enum ModelConfig {
    /// Variational autoencoder (Kingma 2013).
    Vae(VaeConfig),
    /// Generative adversarial network (Goodfellow 2014).
    Gan(GanConfig),
    /// Rectified flow (Liu 2022; Lipman 2022).
    Flow(FlowConfig),
    /// From picture to picture (Isola 2017; Lim 2017).
    Translate(TranslateConfig),
    /// Between two domains (Zhu 2017; Isola 2017).
    Domains(DomainsConfig),
    /// Language model by attention (Vaswani 2017; Radford 2018).
    Transformer(TransformerConfig),
    /// Language model by long short-term memory (Hochreiter 1997; Mikolov 2010).
    Lstm(LstmConfig),
    /// Variational autoencoder of sentences (Bowman 2016).
    TextVae(TextVaeConfig),
}

impl ModelConfig {
    /// What it makes.
    pub fn modality(&self) -> Modality {
        match self {
            ModelConfig::Vae(_)
            | ModelConfig::Gan(_)
            | ModelConfig::Flow(_)
            | ModelConfig::Translate(_)
            | ModelConfig::Domains(_) => Modality::Pictures,
            ModelConfig::Transformer(_) | ModelConfig::Lstm(_) | ModelConfig::TextVae(_) => {
                Modality::Text
            }
        }
    }

    /// Tokens that it knows; 0 for a model of pictures.
    pub fn vocabulary(&self) -> usize {
        match self {
            ModelConfig::Vae(_)
            | ModelConfig::Gan(_)
            | ModelConfig::Flow(_)
            | ModelConfig::Translate(_)
            | ModelConfig::Domains(_) => 0,
            ModelConfig::Transformer(c) => c.vocabulary,
            ModelConfig::Lstm(c) => c.vocabulary,
            ModelConfig::TextVae(c) => c.vocabulary,
        }
    }

    /// Most tokens that it sees at once; 0 for a model of pictures.
    pub fn context(&self) -> usize {
        match self {
            ModelConfig::Vae(_)
            | ModelConfig::Gan(_)
            | ModelConfig::Flow(_)
            | ModelConfig::Translate(_)
            | ModelConfig::Domains(_) => 0,
            ModelConfig::Transformer(c) => c.context,
            ModelConfig::Lstm(c) => c.context,
            ModelConfig::TextVae(c) => c.context,
        }
    }

    /// Whether it makes pictures of pictures, and none of its own.
    pub fn translates(&self) -> bool {
        matches!(self, ModelConfig::Translate(_) | ModelConfig::Domains(_))
    }

    /// Dimensions of its latent space; 0 for a model that has none.
    pub fn latent(&self) -> usize {
        match self {
            ModelConfig::Vae(c) => c.latent,
            ModelConfig::Gan(c) => c.latent,
            // Noise of the size of a picture.
            ModelConfig::Flow(c) => c.shape().values(),
            // What it starts from is a picture.
            ModelConfig::Translate(_) | ModelConfig::Domains(_) => 0,
            ModelConfig::Transformer(_) | ModelConfig::Lstm(_) => 0,
            ModelConfig::TextVae(c) => c.latent,
        }
    }

    /// Shape of the pictures that it makes; [`Shape::NONE`] for a model of text.
    pub fn shape(&self) -> Shape {
        match self {
            ModelConfig::Vae(_) | ModelConfig::Gan(_) => Shape::GREY,
            ModelConfig::Flow(c) => c.shape(),
            ModelConfig::Translate(c) => c.shape(),
            ModelConfig::Domains(c) => c.shape(),
            ModelConfig::Transformer(_) | ModelConfig::Lstm(_) | ModelConfig::TextVae(_) => {
                Shape::NONE
            }
        }
    }

    /// Dimensions of the word vectors that it is conditioned on; 0 for none.
    pub fn words(&self) -> usize {
        match self {
            ModelConfig::Flow(c) => c.words,
            _ => 0,
        }
    }

    /// Number of classes it can be asked for; 0 for an unconditional model.
    pub fn classes(&self) -> usize {
        match self {
            ModelConfig::Vae(c) => c.classes,
            ModelConfig::Gan(c) => c.classes,
            ModelConfig::Flow(c) => c.classes,
            ModelConfig::Translate(_) | ModelConfig::Domains(_) => 0,
            ModelConfig::Transformer(_) | ModelConfig::Lstm(_) | ModelConfig::TextVae(_) => 0,
        }
    }
}

/// The kind of net.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum NetKind {
    /// Fully connected layers.
    Mlp,
    /// Convolutions (for a GAN, a DCGAN: Radford 2015).
    Conv,
}

/// A variational autoencoder.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct VaeConfig {
    /// Kind of encoder and decoder.
    pub net: NetKind,
    /// Dimensions of the latent space.
    pub latent: usize,
    /// Classes it is conditioned on; 0 for none.
    pub classes: usize,
    /// Hidden units of the MLP, or channels of the first convolution.
    pub width: usize,
    /// Weight of the KL term (Higgins 2017); 1 is the plain bound.
    pub beta: f32,
    /// Steps over which beta rises from 0 (Bowman 2016).
    pub kl_warmup: usize,
    /// Probability that a hidden unit is dropped in training.
    pub dropout: f32,
    /// Whether latent points are drawn from a normal fitted to the encoded
    /// pictures of each class (Ghosh 2020) in place of the standard one; means
    /// nothing without classes.
    #[serde(default)]
    pub class_prior: bool,
    /// Affine couplings that bend each class's normal to where its points lie
    /// (Dinh 2017); 0 for none. They mean nothing without a prior for each class.
    #[serde(default)]
    pub couplings: usize,
}

/// What the two nets of a GAN play for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum GanLoss {
    /// The non-saturating loss of Goodfellow 2014.
    NonSaturating,
    /// The hinge loss (Lim 2017; Miyato 2018).
    Hinge,
}

/// A generative adversarial network.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct GanConfig {
    /// Kind of generator and discriminator.
    pub net: NetKind,
    /// Dimensions of the latent space.
    pub latent: usize,
    /// Classes it is conditioned on; 0 for none.
    pub classes: usize,
    /// Hidden units of the MLP, or channels at full resolution of a DCGAN.
    pub width: usize,
    /// What is played for.
    pub loss: GanLoss,
    /// Divide each weight of the discriminator by its largest singular value
    /// (Miyato 2018).
    pub spectral_norm: bool,
    /// What a real example's target of 1 is lowered by (Salimans 2016); only the
    /// non-saturating loss has targets.
    pub label_smoothing: f32,
    /// Differentiable augmentation of all that the discriminator sees (Zhao 2020).
    pub diff_augment: DiffAugment,
    /// Probability that a hidden unit of the discriminator is dropped.
    pub dropout: f32,
    /// Learning rate of the discriminator over that of the generator (Heusel 2017).
    pub d_rate: f32,
}

/// A rectified flow: a U-Net that says which way a noisy picture moves.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FlowConfig {
    /// Classes it is conditioned on; 0 for none.
    pub classes: usize,
    /// Channels at the finer of its two resolutions; the coarser has twice as
    /// many.
    pub width: usize,
    /// Residual blocks at the coarser one.
    #[serde(default = "FlowConfig::usual_blocks")]
    pub blocks: usize,
    /// Share of the examples whose class, or words, are left out, so that the net
    /// also learns to do without: what guidance needs (Ho 2022).
    pub class_dropout: f32,
    /// How times are drawn for training.
    pub times: Times,
    /// Dimensions of the word vectors that it is conditioned on; 0 for none.
    #[serde(default)]
    pub words: usize,
    /// Whether its pictures are in colour ([`Shape::COLOUR`]) or grey.
    #[serde(default)]
    pub colour: bool,
    /// Guidance scale that it learns leaps with (Frans 2024; Meng 2023), so that a few
    /// steps make a picture; `None` learns none.
    #[serde(default)]
    pub shortcut: Option<f32>,
}

impl FlowConfig {
    /// Residual blocks of a flow whose card says nothing of them.
    pub const fn usual_blocks() -> usize {
        2
    }

    /// Shape of the pictures that it makes.
    pub fn shape(&self) -> Shape {
        if self.colour {
            Shape::COLOUR
        } else {
            Shape::GREY
        }
    }
}

/// How a flow draws times between noise (0) and picture (1) for training.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Times {
    /// All as often.
    #[default]
    Uniform,
    /// The sigmoid of a standard normal: most in the middle (Esser 2024).
    LogitNormal,
}

/// Differentiable augmentation (Zhao 2020): the same kind of change to real and
/// made pictures, through which gradients flow.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub struct DiffAugment {
    /// Largest shift, in pixels; 0 for none.
    pub shift: usize,
    /// Side of the square that is blanked; 0 for none.
    pub cutout: usize,
    /// Largest change of brightness, of 1; 0 for none.
    pub brightness: f32,
}

/// What is done to an example before it is shown to any net.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub struct Augment {
    /// Largest shift, in pixels; 0 for none.
    pub shift: usize,
    /// Mirror half the examples of the classes that allow it.
    pub flip: bool,
    /// Side of the square that is blanked (DeVries 2017); 0 for none.
    pub cutout: usize,
}

/// Stop when the validation loss has stopped falling.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct EarlyStopping {
    /// Epochs without progress before stopping.
    pub patience: usize,
    /// What counts as progress, in nats.
    pub min_delta: f32,
}

/// How the weights are moved.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct OptimizerConfig {
    /// The rule.
    pub kind: OptimizerKind,
    /// Learning rate at its highest.
    pub learning_rate: f32,
    /// How the learning rate changes.
    pub schedule: Schedule,
    /// Steps over which the learning rate rises from 0.
    pub warmup: usize,
    /// Largest norm of all gradients together; `None` leaves them.
    pub clip_norm: Option<f32>,
}

/// The rule by which an optimizer moves the weights.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(tag = "rule", rename_all = "lowercase")]
pub enum OptimizerKind {
    /// Adam (Kingma 2014).
    Adam {
        /// Decay of the mean of the gradients.
        beta1: f32,
        /// Decay of the mean of their squares.
        beta2: f32,
    },
    /// Adam with decoupled weight decay (Loshchilov 2017).
    AdamW {
        /// Decay of the mean of the gradients.
        beta1: f32,
        /// Decay of the mean of their squares.
        beta2: f32,
        /// Weight decay per step and unit of learning rate.
        weight_decay: f32,
    },
    /// Stochastic gradient descent.
    Sgd {
        /// Momentum; 0 for none.
        momentum: f32,
    },
}

/// How the learning rate changes over a run.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(tag = "shape", rename_all = "lowercase")]
pub enum Schedule {
    /// It stays.
    Constant,
    /// Falls along half a cosine to `floor` times its height (Loshchilov 2016).
    Cosine {
        /// Last learning rate over the highest.
        floor: f32,
    },
    /// Multiplied by `factor` every `every` epochs.
    Step {
        /// Epochs between two drops.
        every: usize,
        /// What it is multiplied by.
        factor: f32,
    },
}
