//! Runs that learn something to look at within ten seconds on a CPU.

use lampwork_protocol::{
    Augment, DataSet, DiffAugment, EarlyStopping, FlowConfig, GanConfig, GanLoss, Modality,
    ModelConfig, NetKind, OptimizerConfig, OptimizerKind, RunRecipe, Schedule, Times, VaeConfig,
};

use super::knobs::net;
use super::text_presets::text_preset;

/// Which of the families.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Family {
    /// Variational autoencoder.
    Vae,
    /// Generative adversarial network.
    Gan,
    /// Rectified flow.
    Flow,
    /// Language model by attention.
    Transformer,
    /// Language model by long short-term memory.
    Lstm,
    /// Variational autoencoder of sentences.
    TextVae,
}

impl Family {
    /// Every family.
    pub const ALL: [Family; 6] = [
        Family::Vae,
        Family::Gan,
        Family::Flow,
        Family::Transformer,
        Family::Lstm,
        Family::TextVae,
    ];

    /// The families that make pictures, in the order of the form.
    pub const PICTURES: [Family; 3] = [Family::Vae, Family::Gan, Family::Flow];

    /// The families that write, in the order of the form.
    pub const WORDS: [Family; 3] = [Family::Transformer, Family::Lstm, Family::TextVae];

    /// The family of a name in the address.
    pub fn named(name: &str) -> Option<Family> {
        Family::ALL.into_iter().find(|family| family.name() == name)
    }

    /// Whether it writes.
    pub fn writes(self) -> bool {
        Family::WORDS.contains(&self)
    }

    /// Family of a model.
    pub fn of(model: &ModelConfig) -> Self {
        match model {
            ModelConfig::Vae(_) => Family::Vae,
            // Trained natively; it is played by two sides all the same.
            ModelConfig::Gan(_) | ModelConfig::Style(_) => Family::Gan,
            // No form sets up a net from picture to picture; a flow is its nearest kin.
            ModelConfig::Flow(_) | ModelConfig::Translate(_) | ModelConfig::Domains(_) => {
                Family::Flow
            }
            ModelConfig::Transformer(_) => Family::Transformer,
            ModelConfig::Lstm(_) => Family::Lstm,
            ModelConfig::TextVae(_) => Family::TextVae,
        }
    }

    /// Name in the address.
    pub fn name(self) -> &'static str {
        match self {
            Family::Vae => "vae",
            Family::Gan => "gan",
            Family::Flow => "flow",
            Family::Transformer => "transformer",
            Family::Lstm => "lstm",
            Family::TextVae => "textvae",
        }
    }

    /// Whether it learns from this data: text is for those that write; colour pictures,
    /// and their words, are for flows.
    pub fn takes(self, data: DataSet) -> bool {
        match data.modality() {
            Modality::Text => self.writes(),
            Modality::Pictures => !self.writes() && (!data.captioned() || self == Family::Flow),
        }
    }

    /// The kinds of net that it comes with.
    pub fn nets(self) -> &'static [NetKind] {
        match self {
            Family::Vae | Family::Gan => &NETS,
            // Those that write have no such choice.
            Family::Flow | Family::Transformer | Family::Lstm | Family::TextVae => &[NetKind::Conv],
        }
    }
}

/// Name of a kind of net in the address.
pub fn net_name(net: NetKind) -> &'static str {
    match net {
        NetKind::Mlp => "mlp",
        NetKind::Conv => "conv",
    }
}

/// Every kind of net, in the order of the form.
pub const NETS: [NetKind; 2] = [NetKind::Mlp, NetKind::Conv];

/// What stands before any knob of a recipe: everything else in the address is
/// said by its difference from the preset of these three.
pub fn corner(recipe: &RunRecipe) -> (Family, NetKind, DataSet) {
    (Family::of(&recipe.model), net(recipe), recipe.data)
}

/// Dimensions of the word vectors that the site ships.
const WORDS: usize = 80;

/// A good run of this family, net and data; a net that the family has not counts
/// as the one it has, and data that it does not take as fashion, or as poems.
pub fn preset(family: Family, net: NetKind, data: DataSet) -> RunRecipe {
    if family.writes() {
        let data = if family.takes(data) {
            data
        } else {
            DataSet::Poems
        };
        return text_preset(family, data);
    }
    let net = *family
        .nets()
        .iter()
        .find(|has| **has == net)
        .unwrap_or(&NetKind::Conv);
    let data = if family.takes(data) {
        data
    } else {
        DataSet::Fashion
    };
    let model = match family {
        Family::Vae => ModelConfig::Vae(vae(net, data)),
        Family::Gan => ModelConfig::Gan(gan(net, data)),
        _ => ModelConfig::Flow(flow(data)),
    };
    let (learning_rate, beta1) = match (family, net) {
        (Family::Vae, _) => (1e-3, 0.9),
        // A GAN is two moving targets: less momentum (Radford 2015).
        // Bolder than for weights that ship, as a run here is short.
        (Family::Gan, _) => (1e-3, 0.5),
        _ => (2e-3, 0.9),
    };
    RunRecipe {
        data,
        model,
        optimizer: OptimizerConfig {
            kind: OptimizerKind::Adam {
                beta1,
                beta2: 0.999,
            },
            learning_rate,
            schedule: Schedule::Constant,
            warmup: 0,
            clip_norm: None,
        },
        batch: match net {
            NetKind::Mlp => 64,
            NetKind::Conv => 32,
        },
        // So that a command is answered between two slices.
        micro_batch: match (family, net) {
            (Family::Flow, _) => 8,
            (_, NetKind::Mlp) => 64,
            (_, NetKind::Conv) => 16,
        },
        epochs: 100,
        seed: 1,
        augment: Augment::default(),
        early_stopping: match family {
            Family::Vae => Some(EarlyStopping {
                patience: 10,
                min_delta: 0.1,
            }),
            _ => None,
        },
        ema: match family {
            Family::Vae => 0.0,
            // The picture of the last fifty steps, not of the last thousand:
            // a visitor wants to see it learn.
            _ => 0.98,
        },
    }
}

fn vae(net: NetKind, data: DataSet) -> VaeConfig {
    let (latent, classes, width) = match net {
        NetKind::Mlp => (2, 0, 256),
        NetKind::Conv => (16, data.classes(), 16),
    };
    VaeConfig {
        net,
        latent,
        classes,
        width,
        beta: match net {
            NetKind::Mlp => 1.0,
            // Light, for sharp pictures: a prior for each class sees to it that
            // points are drawn where pictures of the class lie.
            NetKind::Conv => 0.5,
        },
        kl_warmup: 100,
        dropout: 0.0,
        class_prior: net == NetKind::Conv,
        couplings: 0,
    }
}

fn gan(net: NetKind, data: DataSet) -> GanConfig {
    let (loss, spectral_norm, label_smoothing, classes, width) = match net {
        NetKind::Mlp => (GanLoss::NonSaturating, false, 0.1, 0, 256),
        NetKind::Conv => (GanLoss::Hinge, true, 0.0, data.classes(), 8),
    };
    GanConfig {
        net,
        latent: 32,
        classes,
        width,
        loss,
        spectral_norm,
        label_smoothing,
        diff_augment: match net {
            NetKind::Mlp => DiffAugment::default(),
            NetKind::Conv => DiffAugment {
                shift: 2,
                cutout: 0,
                brightness: 0.0,
            },
        },
        dropout: match net {
            NetKind::Mlp => 0.3,
            NetKind::Conv => 0.0,
        },
        d_rate: 1.0,
    }
}

fn flow(data: DataSet) -> FlowConfig {
    FlowConfig {
        classes: data.classes(),
        width: 16,
        blocks: FlowConfig::usual_blocks(),
        class_dropout: 0.1,
        // Most of what colour and words decide is decided half way.
        times: if data.captioned() {
            Times::LogitNormal
        } else {
            Times::Uniform
        },
        words: if data.captioned() { WORDS } else { 0 },
        colour: data.captioned(),
        shortcut: None,
    }
}
